// Opens a page in Chromium in several ways and prints what is there, as JSON.
// node look.mjs CHROMIUM FILE
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const { chromium } = createRequire(import.meta.url)("playwright-core");
const [, , executablePath, file] = process.argv;
const url = pathToFileURL(file).href;
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });

/** A page, and what it complained of, asked for or opened. */
async function open(options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("dialog", (dialog) => complaints.push(`dialog: ${dialog.message()}`));
  page.on("request", (request) => {
    if (request.url() !== url) complaints.push(`request: ${request.url()}`);
  });
  await page.goto(url);
  return { page, complaints };
}

/** How many findings can be seen, by severity. */
const visible = (page) =>
  page.evaluate(() => {
    const counts = {};
    for (const each of document.querySelectorAll("[data-severity]")) {
      if (!each.checkVisibility()) continue;
      counts[each.dataset.severity] = (counts[each.dataset.severity] ?? 0) + 1;
    }
    return counts;
  });

/** The text with the least contrast to what is behind it (WCAG 2): [ratio, text]. */
const contrast = (page) =>
  page.evaluate(() => {
    const channels = (colour) => colour.match(/[\d.]+/g).map(Number);
    const light = (colour) => {
      const [r, g, b] = channels(colour).map((each) => {
        const part = each / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (element) => {
      for (let each = element; each; each = each.parentElement) {
        const colour = getComputedStyle(each).backgroundColor;
        if ((channels(colour)[3] ?? 1) === 1) return colour;
      }
      return "rgb(255, 255, 255)";
    };
    let worst = [99, ""];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const element = texts.currentNode.parentElement;
      if (!texts.currentNode.data.trim() || !element.checkVisibility()) continue;
      const [a, b] = [light(getComputedStyle(element).color), light(behind(element))];
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      if (ratio < worst[0]) worst = [ratio, texts.currentNode.data.trim()];
    }
    return worst;
  });

const views = [];
for (const width of [375, 1280]) {
  for (const colorScheme of ["light", "dark"]) {
    const { page, complaints } = await open({ viewport: { width, height: 900 }, colorScheme });
    for (const each of await page.locator("details").all()) {
      await each.evaluate((element) => (element.open = true));
    }
    const scrolls = await page.evaluate(() => document.documentElement.scrollWidth);
    const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    views.push({ width, colorScheme, scrolls, background, contrast: await contrast(page), complaints });
  }
}

const { page, complaints } = await open({ viewport: { width: 1280, height: 900 } });
await page.keyboard.press("Tab");
const first = await page.evaluate(() => document.activeElement.textContent);
const all = await visible(page);
const filtered = {};
if (await page.locator("#filter").isVisible()) {
  await page.getByLabel("error", { exact: true }).uncheck();
  filtered.noErrors = await visible(page);
  await page.getByLabel("error", { exact: true }).check();
  await page.getByLabel("Text").fill("no such words");
  filtered.nothing = await visible(page);
  filtered.said = await page.locator("#shown").textContent();
  const one = page.locator("[data-severity] h3, li[data-severity] > span").first();
  await page.getByLabel("Text").fill(await one.textContent());
  filtered.some = await visible(page);
  await page.getByLabel("Text").fill("");
  filtered.again = await visible(page);
}

const { page: sheet } = await open({ colorScheme: "dark" });
await sheet.emulateMedia({ media: "print" });
const print = {
  visible: await visible(sheet),
  background: await sheet.evaluate(() => getComputedStyle(document.body).backgroundColor),
  filter: await sheet.locator("#filter").isVisible(),
  contrast: await contrast(sheet),
  bytes: (await sheet.pdf({ format: "A4" })).length,
};

const plain = await open({ javaScriptEnabled: false, viewport: { width: 375, height: 900 } });
const withoutScript = {
  findings: await plain.page.locator("[data-severity]").count(),
  hidden: await plain.page.locator("[data-severity][hidden]").count(),
  filter: await plain.page.locator("#filter").isVisible(),
  complaints: plain.complaints,
};

await browser.close();
console.log(JSON.stringify({ views, first, all, filtered, print, withoutScript, complaints }));
