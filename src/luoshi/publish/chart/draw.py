"""Descriptions drawn: SVG for pages and files, PNG for what takes no SVG. What was drawn is kept, so far as there is room."""

from __future__ import annotations

import threading
from collections import OrderedDict
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import msgspec

from luoshi.errors import NotDrawn
from luoshi.messages import Lang
from luoshi.publish.chart.clean import cleaned
from luoshi.publish.chart.standin import without_words
from luoshi.publish.chart.studio import artist
from luoshi.publish.chart.style import FONT

_MOST_KEPT: Final = 16 * 2**20
#: two words with no part in common: where both look the same, neither was drawn
_PROBES: Final = ("落", "实")


class Kept:
    """Drawings by the hash of what they were drawn from; the longest unused go first when ``most`` bytes are full."""

    def __init__(self, most: int = _MOST_KEPT) -> None:
        self._lock = threading.Lock()
        self._drawn: OrderedDict[str, bytes] = OrderedDict()
        self._most, self._size = most, 0

    def get(self, key: str) -> bytes | None:
        """The drawing, if it is still here."""
        with self._lock:
            drawn = self._drawn.get(key)
            if drawn is not None:
                self._drawn.move_to_end(key)
            return drawn

    def put(self, key: str, drawn: bytes) -> None:
        """Keeps a drawing, unless it alone would fill a quarter of the room."""
        if len(drawn) > self._most // 4:
            return
        with self._lock:
            self._size += len(drawn) - len(self._drawn.pop(key, b""))
            self._drawn[key] = drawn
            while self._size > self._most:
                _, old = self._drawn.popitem(last=False)
                self._size -= len(old)

    def __len__(self) -> int:
        return len(self._drawn)


_kept: Final = Kept()


def draw_svg(description: dict[str, Any], lang: Lang = "zh", *, titled: bool = True) -> str:
    """The chart as one SVG element, its text left as text; without its heading where the page has one (``titled`` false).

    The same description gives the same bytes. It has ``role="img"``, a title and a description, and its colours are those of light
    paper: ``chart.css`` turns them over in the dark. ``NotDrawn`` where the drawing program fails.
    """
    shown = description if titled else {key: value for key, value in description.items() if key != "title"}
    key = _key("svg", lang, shown)
    found = _kept.get(key)
    if found is not None:
        return found.decode()
    bare, words = without_words(shown)
    raw = artist().ask("svg", description=bare).decode()
    svg = cleaned(raw, words, mark=f"c{key[:10]}", title=heading_of(description), about=description.get("description", ""), lang=lang)
    _kept.put(key, svg.encode())
    return svg


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
    """The chart's title on one line."""
    text = description.get("title", {}).get("text", "")
    return text if isinstance(text, str) else "".join(text)


def _png(svg: str, scale: float, fonts: Path | None) -> bytes:
    folders = [str(fonts)] if fonts is not None and fonts.is_dir() else []
    return artist().ask("png", svg=svg, scale=scale, fonts=folders)


def _key(*parts: Any) -> str:
    return sha256(msgspec.json.encode([version("vl-convert-python"), *parts])).hexdigest()
