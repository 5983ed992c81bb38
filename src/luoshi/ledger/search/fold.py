"""Text as the search compares it, and the way back to the characters as they are written.

``fold`` changes each character by itself, so that folding and cutting may be done in either order: a word lies in a text exactly if the
folded word lies in the folded text. Width and case make no difference (``ＧＤＰ`` is ``gdp``, ``，`` is ``,``), every blank is one blank,
invisible characters fall away, all else counts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

_NOT_STORED: Final = re.compile("[\0\ud800-\udfff]")
#: Chinese text has these full-width; folded to that side, most text is its own folded form and need not be stored twice
_WIDE: Final = str.maketrans(",;:!?()", "，；：！？（）")


class _Folded(dict[int, str]):
    """The folded form of a character by its number; fills itself."""

    def __missing__(self, number: int) -> str:
        self[number] = folded = _fold_one(chr(number))
        return folded


def _fold_one(char: str) -> str:
    category = unicodedata.category(char)
    if category in {"Cs", "Cc"} or char.isspace():
        return "\ufffd" if category == "Cs" or char == "\0" else " "
    if category == "Cf":
        return ""
    return unicodedata.normalize("NFKC", char).casefold().translate(_WIDE)


_FOLDED: Final = _Folded()


def clean(text: str) -> str:
    """The text as a database can store it, as long as before: U+FFFD stands for NUL and for halves of surrogate pairs.

    >>> clean("a\\x00b\\ud800")
    'a�b�'
    """
    return _NOT_STORED.sub("\ufffd", text)


def fold(text: str) -> str:
    """The text as it is compared.

    >>> fold("ＧＤＰ增长６．５％，(预计)　①")
    'gdp增长6.5%，（预计） 1'
    """
    return text.translate(_FOLDED)


def marks(text: str, words: Iterable[str]) -> tuple[tuple[int, int, str], ...]:
    """Where folded words lie in a text that is not folded: start, end, word; in order, overlapping ones all.

    >>> marks("全区ＧＤＰ达到㎡，Gdp", ["gdp", "m2"])
    ((2, 5, 'gdp'), (7, 8, 'm2'), (9, 12, 'gdp'))
    """
    folded = fold(text)
    found = [(start, start + len(word), word) for word in words for start in _places(folded, word)]
    if not found:
        return ()
    owner = [place for place, char in enumerate(text) for _ in _FOLDED[ord(char)]]
    return tuple(sorted((owner[start], owner[end - 1] + 1, word) for start, end, word in found))


def _places(text: str, word: str) -> list[int]:
    places, at = [], text.find(word)
    while at >= 0 and word:
        places.append(at)
        at = text.find(word, at + 1)
    return places


def joined(spans: Iterable[tuple[int, int, str]]) -> tuple[tuple[int, int], ...]:
    """The spans without their words, those that overlap or touch as one.

    >>> joined([(0, 2, "发展"), (1, 3, "展区"), (5, 6, "区")])
    ((0, 3), (5, 6))
    """
    out: list[tuple[int, int]] = []
    for start, end, _ in spans:
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return tuple(out)
