"""Takes the pictures of ``docs/pictures``: every page of the demonstration, at the width of a desk and of a phone.

    python bench/pictures.py [--out docs/pictures] [--only desk board matter leader]

It makes the demonstration's ledger in a folder that is thrown away, serves it, and looks at it with Chromium. Nothing but fiction is in it.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from PIL import Image
from playwright.sync_api import sync_playwright

from luoshi.demo.district import PASSWORD

ROOT: Final = Path(__file__).parents[1]
#: half a second each: the demonstration has two years to make
_TRIES: Final = 1200
WIDTHS: Final = {"desk": {"width": 1280, "height": 860}, "phone": {"width": 390, "height": 844}}
#: name of the picture, user, address; ``{report}`` and the like stand for ids of the ledger
PAGES: Final = (
    ("signin", "", "/signin"), ("home", "ducha", "/"), ("home-liaison", "caizheng", "/"), ("intake", "ducha", "/intake"),
    ("documents", "ducha", "/documents"), ("document", "ducha", "/documents/{report}"), ("room", "ducha", "/documents/{report}/room"),
    ("promote", "ducha", "/documents/{breakdown}/items"), ("facts", "ducha", "/ledger?kind=measure&role=target"), ("items", "ducha", "/items"),
    ("item", "ducha", "/item/{item}"), ("indicators", "duzhe", "/indicators"), ("indicator", "duzhe", "/indicators/gdp"),
    ("regions", "duzhe", "/regions"), ("region", "duzhe", "/regions/{region}"), ("organisations", "duzhe", "/organisations"),
    ("organisation", "ducha", "/organisations/{organisation}"), ("search", "duzhe", "/search?q=储能"), ("undo", "ducha", "/undo"),
    ("desk", "caizheng", "/desk"), ("board", "ducha", "/board"), ("board-units", "ducha", "/board?by=unit"), ("matter", "ducha", "/item/{matter}"),
    ("checking", "ducha", "/checking"), ("leader", "lingdao4", "/leader"), ("profile", "duzhe", "/profile"), ("password", "duzhe", "/password"), ("admin-accounts", "xitong", "/admin/accounts"),
    ("admin-units", "ducha", "/admin/units"), ("admin-posts", "ducha", "/admin/posts"), ("admin-regions", "ducha", "/admin/regions"),
    ("admin-aliases", "ducha", "/admin/aliases"), ("admin-settings", "xitong", "/admin/settings"), ("admin-audit", "shenji", "/admin/audit"),
)  # fmt: skip


@contextmanager
def served(data: Path) -> Iterator[str]:
    """The address of the demonstration, served from ``data``."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    command = [sys.executable, "-m", "luoshi.cli", "demo", "--no-browser", "--data", str(data), "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "LUOSHI_LANG": "zh"})
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(_TRIES):
            try:
                with urllib.request.urlopen(f"{address}/health", timeout=5) as answer:  # noqa: S310 - our own server
                    json.load(answer)
                break
            except OSError:
                time.sleep(0.5)
        else:
            raise SystemExit("the demonstration does not answer")
        yield address
    finally:
        process.terminate()
        process.wait(40)


def ids(data: Path) -> dict[str, str]:
    """The ids that the addresses need."""
    with sqlite3.connect(data / "ledger.sqlite3") as base:

        def one(sql: str) -> str:
            return str(base.execute(sql).fetchone()[0])

        return {
            "report": one("SELECT id FROM ledger_document WHERE kind = 'report' ORDER BY year DESC"),
            "breakdown": one("SELECT id FROM ledger_document WHERE kind = 'breakdown'"),
            "item": one("SELECT id FROM ledger_item ORDER BY ordinal LIMIT 1 OFFSET 10"),
            "matter": one(
                "SELECT id FROM ledger_matter WHERE mechanism = 'M01' AND state = 'live' AND parent = '' ORDER BY acts DESC, id LIMIT 1"
            ),
            "region": one("SELECT region_code FROM ledger_document LIMIT 1"),
            "organisation": one("SELECT id FROM ledger_organisation WHERE name = '财政局'"),
        }


def take(address: str, known: dict[str, str], out: Path, only: Collection[str] = ()) -> int:
    """Takes every picture, or those named; how many."""
    taken, pages = 0, [one for one in PAGES if not only or one[0] in only]
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for width, size in WIDTHS.items():
            for user in dict.fromkeys(user for _, user, _ in pages):
                context = browser.new_context(viewport=size, locale="zh-CN", color_scheme="light")
                page = context.new_page()
                if user:
                    _sign_in(page, address, user)
                for name, _, path in (one for one in pages if one[1] == user):
                    answer = page.goto(address + path.format(**known))
                    if answer is None or not answer.ok:
                        raise SystemExit(f"{path}: {answer and answer.status}")
                    page.wait_for_timeout(500)
                    _save(page.screenshot(), out / (f"{name}.png" if width == "desk" else f"{name}-{width}.png"))
                    taken += 1
                context.close()
        browser.close()
    return taken


def _sign_in(page: Any, address: str, user: str) -> None:
    page.goto(f"{address}/signin")
    page.fill("input[name=username]", user)
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/signin" not in url)


def _save(data: bytes, path: Path) -> None:
    """A palette of 128 colours is enough for pages and a third of the size."""
    Image.open(io.BytesIO(data)).convert("RGB").quantize(128).save(path, optimize=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "pictures")
    parser.add_argument("--only", nargs="*", default=(), metavar="NAME", help="these alone")
    given = parser.parse_args()
    out: Path = given.out
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="luoshi-pictures-") as folder:
        data = Path(folder) / "demo"
        with served(data) as address:
            print(f"{take(address, ids(data), out, given.only)} pictures in {out}")


if __name__ == "__main__":
    main()
