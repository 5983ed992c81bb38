"""Identifiers that follow from the content: the same thing has the same id on every machine and in every run."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from collections.abc import Sequence
from itertools import accumulate

#: letters of base32 after the kind; 20 of them are 100 bits
_LENGTH = 20


def ident(kind: str, *parts: str) -> str:
    """The id of a thing of one kind (one letter) that these parts tell from all others.

    >>> ident("o", "340103", "区财政局") == ident("o", "340103", "区财政局")
    True
    >>> ident("o", "340103", "区财政局")[0], len(ident("o", "x"))
    ('o', 21)
    """
    digest = hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).digest()
    return kind + b32encode(digest).decode("ascii").lower()[:_LENGTH]


def document_id(text: str) -> str:
    """The id of a document: that of its characters without blanks, so that line ends and indents make no other document.

    >>> document_id("新建公园3个。\\r\\n") == document_id("新建 公园3个。")
    True
    """
    return ident("d", "".join(text.split()))


def squeezed(text: str) -> list[int]:
    """For each offset of ``text`` (its end included) the number of characters before it that are not blank.

    >>> squeezed("甲 乙")
    [0, 1, 1, 2]
    """
    return list(accumulate((not char.isspace() for char in text), initial=0))


def fact_ids(document: str, spans: Sequence[tuple[str, int, int]], places: Sequence[int]) -> list[str]:
    """The ids of a document's facts, given as (kind, start, end) in its text; ``places`` is what ``squeezed`` gives for that text.

    Facts of one kind over the same words are told apart by their order.
    """
    seen: dict[tuple[str, int, int], int] = {}
    out = []
    for kind, start, end in spans:
        place = (kind, places[start], places[end])
        seen[place] = seen.get(place, -1) + 1
        out.append(ident("f", document, kind, str(place[1]), str(place[2]), str(seen[place])))
    return out


def family_id(title: str, region: str, years: str) -> str:
    """The id that all versions of a document share: same title, region and years."""
    return ident("v", "".join(title.split()), region, years)
