"use strict";
// What the page shows is there without this: it only hides.
{
  const form = document.getElementById("filter");
  const items = Array.from(document.querySelectorAll("[data-severity]"), (element) => ({
    element,
    severity: element.dataset.severity,
    text: Array.from(element.children)
      .filter((child) => child.localName !== "figure")
      .map((child) => child.textContent)
      .join(" ")
      .toLowerCase(),
  }));
  const groups = Array.from(document.querySelectorAll("main section, main details.section"));

  const apply = () => {
    const chosen = new FormData(form);
    const severities = new Set(chosen.getAll("severity"));
    const words = chosen.get("text").toLowerCase().split(/\s+/);
    let shown = 0;
    for (const item of items) {
      const fits = severities.has(item.severity) ? words.every((word) => item.text.includes(word)) : false;
      item.element.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    for (const group of groups) {
      const inside = Array.from(group.querySelectorAll("[data-severity]"));
      if (inside.length === 0) continue;
      group.hidden = inside.every((each) => each.hidden);
      if (group.localName === "details") {
        if (words.join("")) group.open = true;
      }
    }
    document.getElementById("shown").textContent = `${shown} of ${items.length} shown`;
  };

  if (form) {
    form.hidden = false;
    form.addEventListener("input", apply);
    form.addEventListener("submit", (event) => event.preventDefault());
    apply();
  }

  // A link into what is folded away opens it.
  const reveal = () => {
    const target = location.hash ? document.getElementById(location.hash.slice(1)) : null;
    const folded = target ? target.closest("details") : null;
    if (folded) {
      folded.open = true;
      target.scrollIntoView();
    }
  };
  addEventListener("hashchange", reveal);
  reveal();

  // On paper nothing can be opened.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = Array.from(document.querySelectorAll("details:not([open])"));
    for (const each of closed) each.open = true;
  });
  addEventListener("afterprint", () => {
    for (const each of closed) each.open = false;
  });
}
