"""The pages in a real browser: nothing is complained of, asked for, cut off or hard to read."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from eventwright.changelog.changes import Entry
from eventwright.changelog.html import render_html
from eventwright.changelog.releases import Release, Revision
from eventwright.drift.policy.acceptance import Accepted
from eventwright.report.formats.base import Options, Report
from eventwright.report.render import render
from unit.report.test_reports import EVIL, HOSTILE, PLAIN, many

TESTS = Path(__file__).parent.parent
LOOK = Path(__file__).parent / "look.mjs"
ENOUGH = 4.5
"""The contrast of text that WCAG 2 asks for at level AA."""

pytestmark = pytest.mark.heavy


def look(page: str, folder: Path) -> Any:
    """What Chromium finds; skips with a reason where it is missing, fails in CI."""
    node = shutil.which("node")
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if not node or not browser or not (TESTS / "node_modules/playwright-core").exists():
        reason = "a browser test needs Node, `npm ci --prefix tests`, and Chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    file = folder / "page.html"
    file.write_text(page, "utf-8", newline="\n")
    done = subprocess.run([node, LOOK, browser, file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def hostile() -> str:
    accepted = [Accepted(finding=each, reason=EVIL) for each in HOSTILE[0][:2]]
    return render("html", *HOSTILE, accepted=accepted)


def changelog() -> str:
    revision = Revision(blob="a", commit="abc1234567", path=EVIL)
    release = Release(
        tag=EVIL, date=str(date(2030, 1, 2)), commits=3, before=revision, after=revision
    )
    report = Report(
        all=(*HOSTILE[0], *PLAIN[0], *many({"error": 3, "warning": 2})),
        accepted=(),
        old=HOSTILE[1],
        new=HOSTILE[2],
        options=Options(),
    )
    told = Entry(release=release, version=EVIL, note=EVIL, report=report)
    return render_html(EVIL, [told, Entry(release=release, version="", note="first version")])


PAGES = {
    "plain": lambda: render("html", *PLAIN),
    "hostile": hostile,
    "many": lambda: render(
        "html", many({"error": 900, "warning": 500, "info": 400, "docs": 400}), *PLAIN[1:]
    ),
    "nothing": lambda: render("html", (), *PLAIN[1:]),
    "changelog": changelog,
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_readable_quiet_and_filtered(name: str, tmp_path: Path) -> None:
    seen = look(PAGES[name](), tmp_path)
    for view in seen["views"]:
        assert view["complaints"] == []
        assert view["scrolls"] <= view["width"], "it scrolls sideways"
        assert view["contrast"][0] >= ENOUGH, view
    assert len({view["background"] for view in seen["views"]}) == 2, "dark and light differ"
    assert seen["complaints"] == []
    assert seen["first"] == "Skip to what moved"
    if name != "nothing":
        _check_filter(seen)
    _check_without_script(seen)
    _check_on_paper(seen)


def _check_filter(seen: Any) -> None:
    filtered, everything = seen["filtered"], seen["withoutScript"]["findings"]
    assert "error" in seen["all"]
    assert "error" not in filtered["noErrors"]
    assert filtered["nothing"] == {}
    assert filtered["said"] == f"0 of {everything} shown"
    assert 0 < sum(filtered["some"].values()) < everything
    assert sum(filtered["again"].values()) == everything


def _check_without_script(seen: Any) -> None:
    assert seen["withoutScript"]["hidden"] == 0
    assert not seen["withoutScript"]["filter"], "what cannot work is not offered"
    assert seen["withoutScript"]["complaints"] == []


def _check_on_paper(seen: Any) -> None:
    paper = seen["print"]
    assert sum(paper["visible"].values()) == seen["withoutScript"]["findings"], "all is open"
    assert paper["background"] == "rgb(255, 255, 255)"
    assert not paper["filter"]
    assert paper["contrast"][0] >= ENOUGH
    assert paper["bytes"] > 1000
