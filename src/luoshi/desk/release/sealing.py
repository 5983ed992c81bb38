"""Findings of a record and their seal: letting a record pass holds for what was found when it was looked at, and for nothing else. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence

import msgspec

from luoshi.publish.release.checking import Stop
from luoshi.publish.release.content import texts_of


class Finding(msgspec.Struct, frozen=True):
    """What stops a record: the reason's key, what was found, what a page shows of it, and the words in which it was found."""

    reason: str
    what: str
    shown: str
    words: str

    @property
    def key(self) -> tuple[str, str, str]:
        """By which a finding is told once, however many texts have it."""
        return self.reason, self.what, self.shown


def findings_of(record: msgspec.Struct, check: Callable[[str], Iterable[Stop]]) -> tuple[Finding, ...]:
    """What stops a record, with the words."""
    return tuple(Finding(stop.reason, stop.what, stop.shown, text) for text in texts_of(record) for stop in check(text))


def sealed(found: Sequence[Finding]) -> str:
    """The SHA-256 of findings with their words, whatever their order; another where a word of these texts is another.

    >>> one = Finding("personal", "phone", "139****1207", "电话13900001207")
    >>> sealed([one]) == sealed([one, one]), sealed([one]) == sealed([msgspec.structs.replace(one, words="电话13900011207")])
    (True, False)
    """
    told = sorted({msgspec.structs.astuple(one) for one in found})
    return hashlib.sha256(msgspec.json.encode(told)).hexdigest()
