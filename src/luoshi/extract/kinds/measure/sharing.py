"""The members of a list, and what they share: a head (化肥、农药|使用量), a modifier (万元GDP|能耗、水耗). Offsets are in the clean text."""

from __future__ import annotations

import re

from luoshi.extract.catalogue import indicator_id
from luoshi.extract.kinds.measure import patterns
from luoshi.extract.kinds.measure.draft import Draft, Subject
from luoshi.extract.kinds.measure.lexicon import WORDS, alternation
from luoshi.extract.kinds.measure.sentence import Sentence

_WORDS = WORDS.telling
#: the rule that reads a share
SHARE = "<noun> 占 <base> <amount>"
#: the longest head or modifier that members share, in characters
_LONGEST = 16
#: two members in one word (城乡)
_TWO_IN_ONE = re.compile(alternation(_WORDS.two_in_one))
_LISTED = re.compile("、")
_HAS_SHARE = re.compile(r"约?占(?:到|了|据)?")


def members_of_row(sentence: Sentence, first: Draft, count: int, known: int, *, separately: bool) -> list[Subject] | None:
    """The nouns of a row of amounts, one each: the members of its own phrase, else the last subjects of the sentence.

    ``known`` is how many subjects there were before the row. ``None`` where there are not as many nouns as amounts.
    """
    past = sentence.history[:known]
    if first.rule == SHARE and separately and sentence.clean.startswith(("占", "约占"), first.start):
        return _shares(sentence.clean, first, past[-count:]) if known >= count else None
    inherited = any((subject.start, subject.end) == (first.start, first.end) for subject in past)
    if first.end > first.start and not (inherited and past[-1].known_as):
        members = _split(sentence, first.start, first.end, count, separately=separately)
        if members:
            return members
    return past[-count:] if inherited and known >= count else None


def _shares(clean: str, first: Draft, subjects: list[Subject]) -> list[Subject]:
    """The subjects whose shares 占…的比重分别 tells."""
    return [Subject(one.start, one.end, known_as=known_as_share(clean, one, first.start, first.end)) for one in subjects]


def known_as_share(clean: str, subject: Subject, at: int, end: int) -> str:
    """What the share of the subject that ``clean[at:end]`` (占…, with 比重 or without) tells is known as; "" where the catalogue has none."""
    share = _HAS_SHARE.sub("占", clean[at:end], count=1)
    name = (subject.known_as or clean[subject.start : subject.end]) + share
    name += "" if share.endswith(_WORDS.share_nouns) else "比重"
    return name if indicator_id(name) else ""


def _split(sentence: Sentence, start: int, end: int, count: int, *, separately: bool) -> list[Subject] | None:
    """The members of the noun phrase, where it has so many."""
    clean = sentence.clean
    for links in _ways_to_split(clean, start, end):
        if len(links) == count - 1:
            starts = [start, *(link.end() for link in links)]
            ends = [*(link.start() for link in links), end]
            if all(begin < stop for begin, stop in zip(starts, ends, strict=True)):
                return _named(clean, [*zip(starts, ends, strict=True)])
    both = _TWO_IN_ONE.search(clean, start, end) if separately and count == 2 else None
    if both is None:
        return None
    names = [clean[start : both.start()] + one + clean[both.end() : end] for one in _WORDS.two_in_one[both.group()]]
    return [Subject(start, end, known_as=name) for name in names]


def _ways_to_split(clean: str, start: int, end: int) -> list[list[re.Match[str]]]:
    """The links between the members: all; 、 alone; 、 and the last 和."""
    every = list(patterns.MEMBER.finditer(clean, start, end))
    listed = list(_LISTED.finditer(clean, start, end))
    behind = [link for link in every if not listed or link.start() > listed[-1].start()]
    return [every, listed, [*listed, *behind[-1:]]]


def _named(clean: str, parts: list[tuple[int, int]]) -> list[Subject]:
    """The members, each its own words, the first the whole list where the head stands only at its end."""
    names = [clean[start:end] for start, end in parts]
    found: list[Subject] = []
    for position, (start, end) in enumerate(parts):
        name, last = names[position], position == len(parts) - 1
        known = (position and _with_modifier(names[0], name)) or ("" if last else _with_head(names, position)) or name
        whole = not position and not last and not _has_head(name, names[-1])
        found.append(Subject(start, parts[-1][1] if whole else end, known_as=known))
    return found


def known_with_last(sentence: Sentence, name: str) -> str:
    """What the noun is known as behind one that it shares a modifier with (每平方公里产出|GDP 5亿元、税收2亿元); "" for its own words."""
    last = sentence.history[-1]
    return _with_modifier(sentence.clean[last.start : last.end], name)


def _has_head(name: str, last: str) -> bool:
    """True where the name says what is measured, so that it needs no words from the end of the list."""
    if name.startswith("占") or name.endswith(_WORDS.no_own_heads) or ("占" in last and "占" not in name):
        return False
    return name.endswith(_WORDS.own_heads) or (len(name) > 2 and name[-2:] == last[-2:])


def _with_head(names: list[str], position: int) -> str:
    """The member with the head that it shares; the whole list, which the catalogue does not know, where it knows no such name."""
    name, last = names[position], names[-1]
    if _has_head(name, last):
        return ""
    for at in range(max(1, len(last) - _LONGEST), len(last) - 1):
        known = indicator_id(name + last[at:])
        if known and known != indicator_id(last[at:]):
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
