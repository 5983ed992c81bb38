"""Entries: what happened, in order, each sealed with the one before it. Pure: no storage here."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from luoshi.errors import LuoshiError

#: the hash before the first entry
GENESIS: Final = "0" * 64


class BrokenChain(LuoshiError):
    """An entry that was changed, removed or put in afterwards."""

    slug = "broken-chain"


class Draft(msgspec.Struct, frozen=True):
    """An entry before it has a place: ``act`` on ``subject``; ``context`` is the document or other whole that it belongs to."""

    act: str
    subject: str
    data: dict[str, Any] = {}
    context: str = ""


class Entry(msgspec.Struct, frozen=True):
    """One thing that happened. ``at`` is ISO 8601 in UTC with microseconds, ``actor`` an account's id, ``system`` or ``rule``."""

    seq: int
    at: str
    actor: str
    act: str
    subject: str
    context: str
    data: str
    hash: str

    @property
    def values(self) -> dict[str, Any]:
        decoded: dict[str, Any] = msgspec.json.decode(self.data)
        return decoded


_encoder = msgspec.json.Encoder(order="sorted")


def canonical(data: Any) -> str:
    """JSON with sorted keys and without blanks: equal values give equal bytes.

    >>> canonical({"b": 1, "a": "数"})
    '{"a":"数","b":1}'
    """
    return _encoder.encode(data).decode("utf-8")


def seal(previous: str, seq: int, at: str, actor: str, draft: Draft) -> Entry:
    """The entry that follows the one whose hash is ``previous``."""
    data = canonical(draft.data)
    return Entry(seq, at, actor, draft.act, draft.subject, draft.context, data, _digest(previous, seq, at, actor, draft, data))


def _digest(previous: str, seq: int, at: str, actor: str, draft: Draft | Entry, data: str) -> str:
    body = _encoder.encode([previous, seq, at, actor, draft.act, draft.subject, draft.context, data])
    return hashlib.sha256(body).hexdigest()


def checked(entries: Iterable[Entry], *, previous: str = GENESIS, seq: int = 0) -> Iterator[Entry]:
    """The same entries, each after its seal was checked against the one before; ``seq`` is the number of the entry before the first.

    Raises ``BrokenChain`` at the first entry that does not follow.
    """
    for entry in entries:
        if entry.seq != seq + 1:
            raise BrokenChain(f"缺少第 {seq + 1} 条记录", where=f"记录 {entry.seq}", remedy="请从备份恢复，并查明原因")
        if entry.hash != _digest(previous, entry.seq, entry.at, entry.actor, entry, entry.data):
            raise BrokenChain("记录的内容与它的校验值不符", where=f"记录 {entry.seq}", remedy="请从备份恢复，并查明原因")
        previous, seq = entry.hash, entry.seq
        yield entry


def moment(now: datetime) -> str:
    """A moment as entries write it. A naive datetime is an error of the program.

    >>> moment(datetime(2026, 3, 5, 1, 2, 3, tzinfo=UTC))
    '2026-03-05T01:02:03.000000Z'
    """
    if now.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
