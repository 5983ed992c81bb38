"""The content of a release: all that leaves, and nothing that does not. Portal, open data and static site are made from it alone. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import Final

import msgspec

from luoshi.errors import LuoshiError
from luoshi.publish.release.checking import CHECK_VERSION, Stop, check_text
from luoshi.publish.release.reasons import reasons

#: counted up when the shape of the content changes
SHAPE: Final = 1


class Document(msgspec.Struct, frozen=True, omit_defaults=True):
    """A document that is published: what it is, not its whole text. ``file`` is the SHA-256 of the file that it came in."""

    id: str
    title: str
    kind: str
    region: str
    region_code: str
    level: str = ""
    year: int | None = None
    first: int | None = None
    last: int | None = None
    date: str = ""
    file: str = ""


class Fact(msgspec.Struct, frozen=True, omit_defaults=True):
    """A fact of a published document with its words: ``text`` the words themselves, ``clause`` the sentence around them, offsets in the document.

    ``at`` is where the words begin within the sentence; -1 where that is not known.
    """

    id: str
    document: str
    kind: str
    start: int
    end: int
    text: str
    clause: str
    name: str = ""
    indicator_id: str = ""
    role: str = ""
    measure: str = ""
    direction: str = ""
    comparator: str = ""
    value: float | None = None
    value_max: float | None = None
    unit: str = ""
    year: int | None = None
    year_last: int | None = None
    strength: str = ""
    stage: str = ""
    lead: str = ""
    due: str = ""
    section: str = ""
    part: str = ""
    checked: bool = False
    at: int = -1


class Shown(msgspec.Struct, frozen=True):
    """A public field of a matter in words."""

    key: str
    title: str
    title_en: str
    value: str


class Told(msgspec.Struct, frozen=True):
    """What was said to the public: the day, by which act, the words."""

    day: str
    act: str
    text: str


class Picture(msgspec.Struct, frozen=True):
    """A picture that somebody has looked at; ``file`` its key in the store, without what cameras write into a file."""

    file: str
    media: str
    caption: str
    day: str


class Unit(msgspec.Struct, frozen=True):
    """A unit that answers for an item."""

    id: str
    name: str


class Item(msgspec.Struct, frozen=True, omit_defaults=True):
    """A promise that somebody answers for, and what came of it. ``percent`` how much is done, ``late``: past its due date when it was drawn up."""

    id: str
    number: str
    title: str
    mechanism: str
    mechanism_title: str
    region_code: str
    region: str
    stage: str
    state: str
    text: str = ""
    field: str = ""
    document: str = ""
    fact: str = ""
    clause: str = ""
    year: int | None = None
    lead: tuple[Unit, ...] = ()
    support: tuple[Unit, ...] = ()
    leaders: tuple[str, ...] = ()
    due: str = ""
    original: str = ""
    opened: str = ""
    closed: str = ""
    count: float | None = None
    target: float | None = None
    target_title: str = ""
    unit: str = ""
    percent: float | None = None
    late: bool = False
    fields: tuple[Shown, ...] = ()
    told: tuple[Told, ...] = ()
    pictures: tuple[Picture, ...] = ()


class Chain(msgspec.Struct, frozen=True, omit_defaults=True):
    """A target and what became of it: ``verdict`` as the link decided it, the facts on both sides, the key of why it cannot be told.

    ``distance`` is result less target in ``unit``, above 0 where it was passed; ``worked`` the arithmetic where a figure was worked out;
    ``doubtful`` where a careful reader may say otherwise and nobody has settled it; ``forecast`` where the result was an estimate (预计).
    """

    id: str
    target: str
    verdict: str
    results: tuple[str, ...] = ()
    year: int | None = None
    indicator: str = ""
    why: str = ""
    distance: str = ""
    unit: str = ""
    worked: str = ""
    doubtful: bool = False
    forecast: bool = False


class Score(msgspec.Struct, frozen=True, omit_defaults=True):
    """A score that was announced: whose, of which scheme and period."""

    id: str
    scheme: str
    scheme_title: str
    period: str
    unit: str
    unit_name: str
    points: str = ""
    rank: int | None = None
    why: str = ""


class Passed(msgspec.Struct, frozen=True):
    """What the check stopped and a person let pass, with the reason given at drawing up; ``shown`` masked."""

    record: str
    reason: str
    what: str
    shown: str


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """All of a release. ``as_of``: the number of the entry up to which the ledger is told; ``held``: how many things were held back, by reason."""

    id: str
    title: str
    about: str
    region: str
    region_code: str
    version: str
    licence: str
    as_of: int
    day: str
    documents: tuple[Document, ...] = ()
    facts: tuple[Fact, ...] = ()
    items: tuple[Item, ...] = ()
    chains: tuple[Chain, ...] = ()
    scores: tuple[Score, ...] = ()
    passed: tuple[Passed, ...] = ()
    held: dict[str, int] = {}
    shape: int = SHAPE
    checked_by: str = CHECK_VERSION


class ReleaseStopped(LuoshiError):
    """Something in a release may not leave; nothing of it was written or published."""

    slug = "release-stopped"
    status = 409


_ENCODER: Final = msgspec.json.Encoder(order="sorted")


def encode(content: Content) -> bytes:
    """The content as bytes: equal contents give equal bytes."""
    return _ENCODER.encode(content)


def decode(data: bytes) -> Content:
    return msgspec.json.decode(data, type=Content)


def digest(content: Content) -> str:
    """The SHA-256 by which a release is known to be the same."""
    return hashlib.sha256(encode(content)).hexdigest()


class Checker:
    """Checks texts, each text once; one for a whole drawing up, so that a sentence with ten facts costs one look."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Stop, ...]] = {}

    def __call__(self, text: str) -> tuple[Stop, ...]:
        if not text:
            return ()
        known = self._known.get(text)
        if known is None:
            known = self._known[text] = tuple(check_text(text))
        return known


def texts_of(record: msgspec.Struct) -> Iterator[str]:
    """Every text of a record that people may read, ids and dates left out, each once: a text that lies in another is checked with it."""
    found = sorted(set(_strings(record)), key=len, reverse=True)
    kept = list[str]()
    for text in found:
        if not any(text in longer for longer in kept):
            kept.append(text)
    yield from kept


#: what is made by this program and not written by anybody
_PLAIN: Final = frozenset({
    "id", "document", "fact", "file", "media", "region_code", "indicator_id", "kind", "role", "measure", "direction", "comparator", "strength",
    "stage", "part", "state", "mechanism", "due", "original", "opened", "closed", "day", "date", "level", "target", "results", "verdict", "key",
    "version", "licence", "act", "scheme", "distance",
})  # fmt: skip


def _strings(record: msgspec.Struct) -> Iterator[str]:
    for name in record.__struct_fields__:
        if name in _PLAIN and not (name == "stage" and isinstance(record, Item)):
            continue
        value = getattr(record, name)
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, str):
                if one:
                    yield one
            elif isinstance(one, msgspec.Struct):
                yield from _strings(one)


def stops_of(record: msgspec.Struct, check: Callable[[str], Iterable[Stop]]) -> list[Stop]:
    """Why a record does not leave; each finding once."""
    found = {(stop.reason, stop.what, stop.shown): stop for text in texts_of(record) for stop in check(text)}
    return list(found.values())


def records_of(content: Content) -> Iterator[tuple[str, msgspec.Struct]]:
    """All records of a content with their ids."""
    lists: tuple[tuple[Document | Fact | Item | Chain | Score, ...], ...] = (
        content.documents, content.facts, content.items, content.chains, content.scores,
    )  # fmt: skip
    for records in lists:
        yield from ((record.id, record) for record in records)


def guard(content: Content, check: Callable[[str], Iterable[Stop]] | None = None) -> None:
    """Nothing, or ``ReleaseStopped``: every word of the content is checked once more, just before it leaves."""
    check = check or Checker()
    for text in (content.title, content.about):
        for stop in check(text):
            raise _stopped(stop, content.title if stop.reason not in _NAMED else "")
    passed = {(one.record, one.reason, one.what, one.shown) for one in content.passed}
    for one in content.passed:
        if reasons()[one.reason].force == "never":
            raise ReleaseStopped(f"{reasons()[one.reason].title.zh}不能放行", where=one.record, remedy="请把它留在里面，重新拟定")
    for key, record in records_of(content):
        for stop in stops_of(record, check):
            if (key, stop.reason, stop.what, stop.shown) not in passed:
                raise _stopped(stop, key)


#: findings whose words must not stand in an error
_NAMED: Final = frozenset({"personal", "informant"})


def _stopped(stop: Stop, where: str) -> ReleaseStopped:
    reason = reasons()[stop.reason]
    return ReleaseStopped(
        f"含有{reason.title.zh}（{stop.what}：{stop.shown}），不能公开",
        where=where,
        remedy=f"依据：{reason.source}。请重新拟定，把它留下或遮去",
    )
