"""What is asked for, and the words of it.

Blanks separate words, all of which must be found. What stands between quotes (``"…"`` or ``“…”``, from blank to blank) is kept together.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

import msgspec

from luoshi.errors import BadUsage
from luoshi.ledger.scope import Scope
from luoshi.ledger.search.fold import fold

MOST_CHARACTERS: Final = 200
MOST_WORDS: Final = 20
#: a quoted phrase, or a run without blanks
_WORD: Final = re.compile(r"[\"＂“]([^\"＂“”]*)[\"＂”](?=\s|\Z)|(\S+)")


class Query(msgspec.Struct, frozen=True):
    """``filters``: groups of tags; of each group a row must have one. ``kinds``: one of these, or any. Without words all rows match."""

    words: str = ""
    filters: tuple[tuple[str, ...], ...] = ()
    kinds: tuple[str, ...] = ()
    scope: Scope = Scope()
    limit: int = 20
    offset: int = 0


def folded_words(text: str) -> tuple[str, ...]:
    """The folded words of what somebody wrote, each once, in order; words that lie in others fall away.

    >>> folded_words(' 产业  "GDP 增长" 业 “十四五”规划 ')
    ('产业', 'gdp 增长', '“十四五”规划')
    """
    if len(text) > MOST_CHARACTERS:
        raise BadUsage(
            f"要找的话太长：{len(text)} 字", remedy=f"请缩短到 {MOST_CHARACTERS} 字以内，取其中最特别的一段", slug="search-too-long"
        )
    found = [fold(quoted or plain) for quoted, plain in _WORD.findall(text)]
    words = [word for word in dict.fromkeys(found) if word.strip()]
    words = [word for word in words if not any(word in other for other in words if other != word)]
    if len(words) > MOST_WORDS:
        raise BadUsage(f"要找的词太多：{len(words)} 个", remedy=f"请减少到 {MOST_WORDS} 个以内", slug="search-too-long")
    return tuple(words)


def grams(word: str) -> list[str]:
    """The pieces of a folded word that the index is asked for: its pairs of characters, or the one character.

    >>> grams("高质量"), grams("水")
    (['高质', '质量'], ['水'])
    """
    return list(dict.fromkeys(map("".join, pairwise(word)))) or [word]
