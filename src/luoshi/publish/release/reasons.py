"""The reasons for which something does not leave, with the law; and which kinds of things are published at all. Data of two files."""

from __future__ import annotations

from functools import cache
from typing import Final, Literal

import msgspec

from luoshi.loop.mechanism import Words
from luoshi.tables import load_table

#: never: nobody may let it pass; consent and may: a person may, and says why
Force = Literal["never", "consent", "may"]
_PACKAGE: Final = "luoshi.publish.release"


class Reason(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A reason code: what it is called, how strict it is, the law."""

    key: str
    title: Words
    force: Force
    source: str


class _Reasons(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reasons: tuple[Reason, ...]


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mechanism whose matters may be published. ``before``: stages in which they are not yet; ``area``: the field of choice that says what

    it is about; ``told``: acts whose words are said to the public; ``pictures``: acts whose pictures may be shown once somebody looked at them.
    """

    source: str
    before: tuple[str, ...] = ()
    area: str = ""
    told: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()


class Kinds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``kinds.yaml`` as written; its head says what each part means."""

    mechanisms: dict[str, Kind]
    one_person: tuple[str, ...]
    item: tuple[str, ...]
    held: dict[str, str]
    documents: tuple[str, ...]


@cache
def reasons() -> dict[str, Reason]:
    """All reasons by key, in the order of the file."""
    return {reason.key: reason for reason in load_table(_PACKAGE, "reasons.yaml", _Reasons).reasons}


@cache
def kinds() -> Kinds:
    """Which kinds of things are published."""
    return load_table(_PACKAGE, "kinds.yaml", Kinds)


def why_not(mechanism: str, stage: str, *, internal: bool) -> str:
    """The key of the reason why a matter of this mechanism at this stage is not published as a whole; ``""`` where it may be.

    >>> why_not("M13", "doing", internal=False), why_not("M13", "candidate", internal=False), why_not("M08", "closed", internal=False)
    ('', 'before-public', 'one-person')
    """
    if mechanism in kinds().one_person:
        return "one-person"
    kind = kinds().mechanisms.get(mechanism)
    if internal or kind is None:
        return "not-for-all"
    return "before-public" if stage in kind.before else ""
