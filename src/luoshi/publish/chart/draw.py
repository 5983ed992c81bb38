"""Descriptions drawn: SVG for pages and files, PNG for what takes no SVG. What was drawn is kept, so far as there is room."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import msgspec

from luoshi.errors import NotDrawn
from luoshi.messages import Lang
from luoshi.publish.chart.clean import cleaned
from luoshi.publish.chart.kept import Kept, Shelf
from luoshi.publish.chart.standin import without_words
from luoshi.publish.chart.studio import artist
from luoshi.publish.chart.style import FONT

#: two words with no part in common: where both look the same, neither was drawn
_PROBES: Final = ("落", "实")
_kept: Final = Kept()


def draw_svg(description: dict[str, Any], lang: Lang = "zh", *, titled: bool = True, shelf: Path | None = None) -> str:
    """The chart as one SVG element, its text left as text; without its heading where the page has one (``titled`` false).

    The same description gives the same bytes. It has ``role="img"``, a title and a description, and its colours are those of light
    paper: ``chart.css`` turns them over in the dark. ``shelf`` is a folder in which drawings are kept for other processes and days.
    ``NotDrawn`` where the drawing program fails.
    """
    bare, words = without_words(description if titled else {key: value for key, value in description.items() if key != "title"})
    title, about = heading_of(description), description.get("description", "")
    key = _key("svg", lang, bare, words, title, about)
    found = _kept.get(key) or (Shelf(shelf).get(key) if shelf else None)
    if found is None:
        raw = artist().ask("svg", description=bare).decode()
        found = cleaned(raw, words, mark=f"c{key[:10]}", title=title, about=about, lang=lang).encode()
        if shelf:
            Shelf(shelf).put(key, found)
    _kept.put(key, found)
    return found.decode()


def draw_png(description: dict[str, Any], scale: float = 2.0, *, lang: Lang = "zh", fonts: Path | None = None) -> bytes:
    """The chart as PNG, ``scale`` pixels for each of the drawing's; ``fonts`` is a folder with fonts besides the machine's own.

    ``NotDrawn`` with the slug ``no-chinese-font`` where Chinese would be left out.
    """
    key = _key("png", lang, description, str(scale), str(fonts or ""))
    found = _kept.get(key)
    if found is None:
        if not has_chinese_font(fonts):
            raise NotDrawn(
                "没有中文字体，图上的字画不出来", where="图", slug="no-chinese-font",
                remedy="请安装思源黑体（Debian：fonts-noto-cjk；openEuler：google-noto-sans-cjk-ttc-fonts），或把字体文件放进数据文件夹的 fonts",
            )  # fmt: skip
        found = _png(draw_svg(description, lang), scale, fonts)
        _kept.put(key, found)
    return found


@cache
def has_chinese_font(fonts: Path | None = None, probes: tuple[str, str] = _PROBES) -> bool:
    """Whether pictures can show Chinese here: two words come out as different pictures."""
    first, second = (
        _png(
            f'<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><text x="0" y="16" font-family="{FONT}">{word}</text></svg>',
            1,
            fonts,
        )
        for word in probes
    )
    return first != second


def heading_of(description: dict[str, Any]) -> str:
    """The chart's title, whole and on one line."""
    return str(description.get("usermeta", {}).get("heading", ""))


def _png(svg: str, scale: float, fonts: Path | None) -> bytes:
    folders = [str(fonts)] if fonts is not None and fonts.is_dir() else []
    return artist().ask("png", svg=svg, scale=scale, fonts=folders)


def _key(*parts: Any) -> str:
    return sha256(msgspec.json.encode([_edition(), *parts])).hexdigest()


@cache
def _edition() -> str:
    """Which program draws: that of the library, and ours by its text, so that a shelf never gives what another one drew."""
    told = sha256(version("vl-convert-python").encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        told.update(path.read_bytes())
    return told.hexdigest()
