"""Looking at pages in a browser: what every page must keep."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

#: rules of axe that a page must keep; everything that axe finds at this weight or above fails
GRAVE = ("serious", "critical")


def assert_accessible(page: Any) -> None:
    """Axe finds nothing serious."""
    from axe_playwright_python.sync_playwright import Axe

    found = [violation for violation in Axe().run(page).response["violations"] if violation["impact"] in GRAVE]
    told = [
        f"{violation['id']}: {violation['help']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for violation in found
        for node in violation["nodes"][:3]
    ]
    assert not told, "\n".join(told)


def assert_fits(page: Any) -> None:
    """Nothing makes the page scroll sideways."""
    wide = page.evaluate(
        """() => [...document.querySelectorAll("body *")].filter((e) => {
             const r = e.getBoundingClientRect();
             if (r.width === 0 || r.right <= innerWidth + 1) return false;
             for (let p = e.parentElement; p; p = p.parentElement) {
               if (/auto|scroll|hidden|clip/.test(getComputedStyle(p).overflowX)) return false;
             }
             return true;
           }).slice(0, 5).map((e) => e.outerHTML.slice(0, 120))"""
    )
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"wider than the window: {wide}"


def assert_small(page: Any, address: str) -> None:
    """The page itself is not above 300 KB."""
    body = page.request.get(address).body()
    assert len(body) < 300_000, f"{address}: {len(body)} bytes"


def screenshot(page: Any, name: str) -> None:
    """A picture of the whole page in the folder ``LUOSHI_TEST_PICTURES``; nothing where it is not set."""
    folder = os.environ.get("LUOSHI_TEST_PICTURES")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)
