"""What the members of a list share: a head (化肥、农药|使用量), a modifier (万元GDP|能耗、水耗). Offsets are in the clean text."""

from __future__ import annotations

from luoshi.extract.catalogue import indicator_id
from luoshi.extract.kinds.measure.lexicon import WORDS
from luoshi.extract.kinds.measure.sentence import Sentence

_WORDS = WORDS.telling
#: the longest head or modifier that members share, in characters
_LONGEST = 16

#: start and end of a noun
Span = tuple[int, int]


def name_members(sentence: Sentence, parts: list[Span]) -> list[Span]:
    """The spans that name the members of a list: each its own words, the first the whole list where the head stands at its end.

    The words by which the catalogue knows a member go into the sentence's ``known_as``.
    """
    clean = sentence.clean
    names = [clean[start:end] for start, end in parts]
    spans = list(parts)
    if len(parts) > 1 and not _has_head(names[0], names[-1]):
        spans[0] = (parts[0][0], parts[-1][1])
    for position, span in enumerate(spans):
        known = _with_head(names, position) if position < len(names) - 1 else ""
        sentence.known_as[span] = known or (_with_modifier(names[0], names[position]) if position else "") or clean[span[0] : span[1]]
    return spans


def name_with_last(sentence: Sentence, start: int, end: int) -> None:
    """Notes what the noun is known as behind one that it shares a modifier with (每平方公里产出|GDP 5亿元、税收2亿元)."""
    last, name = sentence.history[-1], sentence.clean[start:end]
    known = _with_modifier(sentence.clean[last.start : last.end], name)
    if known:
        sentence.known_as[start, end] = known


def _has_head(name: str, last: str) -> bool:
    """True where the name says what is measured, so that it needs no words from the end of the list."""
    if name.startswith("占") or name.endswith(_WORDS.no_own_heads):
        return False
    return name.endswith(_WORDS.own_heads) or (len(name) > 2 and name[-2:] == last[-2:])


def _with_head(names: list[str], position: int) -> str:
    """The member with the head that it shares; the whole list, which the catalogue does not know, where it knows no such name."""
    name, last = names[position], names[-1]
    if _has_head(name, last):
        return ""
    for at in range(max(1, len(last) - _LONGEST), len(last) - 1):
        if indicator_id(name + last[at:]):
            return name + last[at:]
    return "、".join(names)


def _with_modifier(first: str, name: str) -> str:
    """The bare head with the modifier of the first member, where the catalogue knows it so; "" for other names."""
    if name not in _WORDS.bare_heads:
        return ""
    for at in range(min(len(first) - 1, _LONGEST), 1, -1):
        if indicator_id(first[:at] + name):
            return first[:at] + name
    return ""
