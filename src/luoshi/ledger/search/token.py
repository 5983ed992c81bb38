"""The pieces that the inverted index holds of a row, as strings.

A character and a pair of characters stand for themselves; after ``Ｎ`` for one of the name; after ``Ｘ`` comes a whole (short) name, after
``Ｔ`` a tag. Folded text holds no such wide letters, so none of these is ever taken for another.
"""

from __future__ import annotations

from operator import add
from typing import Final

from luoshi.ledger.search.query import grams

IN_NAME: Final = "Ｎ"
NAME: Final = "Ｘ"
TAG: Final = "Ｔ"
#: a longer name is told apart by looking at the row
NAME_LENGTH: Final = 40


def pieces(text: str) -> set[str]:
    """Every character and pair of characters of a folded text.

    >>> sorted(pieces("产业链"))
    ['业', '业链', '产', '产业', '链']
    """
    return {*text, *map(add, text, text[1:])}


def row_tokens(name: str, words: str, tags: str) -> set[str]:
    """All tokens of a row whose name and words are folded."""
    of_name = pieces(name)
    out = of_name | pieces(words)
    out.update(IN_NAME + piece for piece in of_name)
    out.update(TAG + tag for tag in tags.split())
    if name:
        out.add(NAME + name[:NAME_LENGTH])
    return out


def word_tokens(words: tuple[str, ...], *, in_name: bool) -> tuple[str, ...]:
    """What a row must hold that has all these folded words, in its name or anywhere. It may be more than enough for no row, never too little."""
    prefix = IN_NAME if in_name else ""
    return tuple(dict.fromkeys(prefix + gram for word in words for gram in grams(word)))
