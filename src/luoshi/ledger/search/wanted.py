"""A question to the index: which tokens a row must have, and what must then be looked at in the row itself."""

from __future__ import annotations

from typing import Final

import msgspec

from luoshi.ledger.search.token import NAME, NAME_LENGTH, TAG, word_tokens

FOLDED_NAME: Final = "coalesce(s.name_folded, s.name)"
FOLDED_WORDS: Final = "coalesce(s.words_folded, s.words)"
ANYWHERE, IN_NAME, WHOLE_NAME = 2, 1, 0


class Wanted(msgspec.Struct, frozen=True):
    """Rows that have every token of ``all``, one of each group of ``any``, and pass ``checks`` (SQL on the row ``s``, with its parameters).

    ``is_rare``: one of the tokens is in few rows, as far as can be said beforehand.
    """

    all: tuple[str, ...]
    any: tuple[tuple[str, ...], ...] = ()
    checks: str = ""
    parameters: tuple[str, ...] = ()
    is_rare: bool = False


def wanted(words: tuple[str, ...], tier: int, groups: tuple[tuple[str, ...], ...], *, position: str) -> Wanted:
    """The rows that have the words whole as their name, in their name, or anywhere. ``position`` is the database's function for a substring.

    Pairs of characters prove a word of two; longer words, whose pairs may stand apart, are looked for in the row.
    """
    tokens, checks, parameters = word_tokens(words, in_name=tier != ANYWHERE), list[str](), list[str]()
    if tier == WHOLE_NAME:
        whole = " ".join(words)
        tokens, checks, parameters = (NAME + whole[:NAME_LENGTH],), [f"{FOLDED_NAME} = %s"], [whole]
    for word in (word for word in words if len(word) > 2 and tier != WHOLE_NAME):
        checks.append(f"{position}({FOLDED_NAME}, %s) > 0")
        parameters.append(word)
        if tier == ANYWHERE:
            checks[-1] = f"({checks[-1]} OR {position}({FOLDED_WORDS}, %s) > 0)"
            parameters.append(word)
    single = tuple(TAG + group[0] for group in groups if len(group) == 1)
    several = tuple(tuple(TAG + one for one in group) for group in groups if len(group) > 1)
    return Wanted(tokens + single, several, "".join(f" AND {check}" for check in checks), tuple(parameters), is_rare=tier == WHOLE_NAME)
