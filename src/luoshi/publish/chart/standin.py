"""Words leave a description before it is drawn and come back after: what documents say never reaches the drawing program.

It measures text with the machine's fonts, which is slow (3 ms a word) and differs from machine to machine, or, for a font that it
does not have, by counting bytes. So every word is given a stand-in of letters about as wide by that count, drawn in a font that
nobody has: quick, and the same everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from string import ascii_letters
from typing import Any, Final

from luoshi.publish.chart.units import ems

#: no machine has it, so widths are counted: 0.556 em for each byte, and two bytes more
FONT: Final = "Luoshi Counted"
_BYTE: Final = 0.556
_DRAWN: Final = ("place", "panel", "what", "label", "group")


class StandIns:
    """Gives each word a stand-in and knows which is whose; equal words have the same."""

    def __init__(self) -> None:
        self._given: dict[str, str] = {}
        self._free: dict[int, Iterator[str]] = {}

    def give(self, words: str) -> str:
        """The stand-in for these words."""
        if words not in self._given:
            size = max(2, round(ems(words) / _BYTE) - 2)
            self._given[words] = self._next(size)
        return self._given[words]

    def _next(self, size: int) -> str:
        while True:
            free = self._free.setdefault(size, ("".join(letters) for letters in product(ascii_letters, repeat=min(size, 3))))
            for letters in free:
                return letters.ljust(size, "-")
            size += 1

    def words(self) -> dict[str, str]:
        """Words by stand-in."""
        return {standin: words for words, standin in self._given.items()}


def without_words(description: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The description to be drawn, and whose the stand-ins in it are."""
    given = StandIns()
    bare = {key: value for key, value in description.items() if key not in ("description", "datasets", "usermeta")}
    bare["datasets"] = {
        name: [
            {key: given.give(value) if key in _DRAWN else value for key, value in row.items() if key not in ("told", "quote", "link")}
            for row in rows
        ]
        for name, rows in description.get("datasets", {}).items()
    }
    bare = {key: value if key == "datasets" else _replaced(key, value, given) for key, value in bare.items()}
    bare["config"] = {**bare["config"], "font": FONT}
    return bare, given.words()


def _replaced(key: str, value: Any, given: StandIns) -> Any:
    """A part of a description without words: titles, texts, and the lists of names that scales go by."""
    if isinstance(value, dict):
        return {name: _replaced(name, part, given) for name, part in value.items()}
    if key in ("title", "subtitle", "text") and isinstance(value, str):
        return given.give(value)
    if isinstance(value, list):
        named = key in ("domain", "sort", "text", "subtitle", "title")
        return [given.give(part) if named and isinstance(part, str) else _replaced("", part, given) for part in value]
    return value
