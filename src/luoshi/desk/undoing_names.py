"""How acts on organisations, names, posts and regions are taken back: for each act the draft that leaves things as they were before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from luoshi.desk.done import Conflict
from luoshi.ledger import models
from luoshi.ledger.entry import Draft, Entry
from luoshi.ledger.store import Writer

#: what an organisation has before anything is said of it
_UNSET: Final = {"doubt": "", "successor": "", "valid_to": ""}


def _before(entry: Entry, *acts: str) -> tuple[str, dict[str, Any]] | None:
    """(act, data) of the last entry about the same thing before this one that is of one of these acts."""
    found = models.Entry.objects.filter(subject=entry.subject, seq__lt=entry.seq, act__in=acts).order_by("-seq").first()
    return (found.act, msgspec.json.decode(found.data)) if found else None


def _restored(entry: Entry, *acts: str, **defaults: Any) -> Draft:
    """The fields of the entry as earlier entries of these acts had left them, by the last of the acts."""
    known = dict(defaults)
    for data in models.Entry.objects.filter(subject=entry.subject, seq__lt=entry.seq, act__in=acts).order_by("seq").values_list("data"):
        known.update(msgspec.json.decode(data[0]))
    return Draft(acts[-1], entry.subject, {name: known[name] for name in entry.values if name in known}, entry.context)


def _unalias(writer: Writer, entry: Entry) -> Draft:
    """What the name meant before, or nothing."""
    before = _before(entry, "alias.add", "alias.remove")
    return Draft("alias.add", entry.subject, before[1]) if before and before[0] == "alias.add" else Draft("alias.remove", entry.subject)


def _unsucceed(writer: Writer, entry: Entry) -> Draft:
    """The organisation goes on as before the merge or the new name."""
    row = writer.get("organisation", entry.subject)
    lineage = msgspec.json.decode(row["lineage"])[:-1] if row else []
    last = lineage[-1] if lineage else {"into": "", "day": ""}
    return Draft("organisation.correct", entry.subject, {"successor": last["into"], "valid_to": last["day"], "lineage": lineage})


def _unadd(writer: Writer, entry: Entry) -> Draft:
    """The organisation that a new name made stands for the one that had the name before. Raises ``Conflict`` for any other: names stay known."""
    renaming = models.Entry.objects.filter(pk=entry.seq + 1, act="organisation.rename", actor=entry.actor).first()
    data = msgspec.json.decode(renaming.data) if renaming else {}
    if renaming is None or data["into"] != entry.subject:
        raise Conflict("这种操作不能撤销", where=f"记录 {entry.seq}", remedy="请改用合并或更名")
    return Draft("organisation.correct", entry.subject, {"successor": renaming.subject, "valid_to": data["day"]})


def _uncorrect(writer: Writer, entry: Entry) -> Draft:
    """A doubt stands again; a merge that was taken back holds again."""
    before = _before(entry, "organisation.merge", "organisation.rename") if "lineage" in entry.values else None
    return Draft(before[0], entry.subject, before[1]) if before else _restored(entry, "organisation.add", "organisation.correct", **_UNSET)


def _unjoin(writer: Writer, entry: Entry) -> Draft:
    """No member, or a member from and to the days of before."""
    before = _before(entry, "group.add", "group.remove")
    if before and before[0] == "group.add":
        return Draft("group.add", entry.subject, before[1])
    return Draft("group.remove", entry.subject, before[1] if before else {"valid_to": ""})


def _unpart(writer: Writer, entry: Entry) -> Draft:
    """A member again, from and to the days of before."""
    return _restored(entry, "group.remove", "group.add", valid_to="")


def _unhold(writer: Writer, entry: Entry) -> Draft:
    """The person never held the post; duties that went to it have none again."""
    return Draft("post.leave", entry.subject, {"live": False, "duties": entry.values.get("duties", [])})


def _unleave(writer: Writer, entry: Entry) -> Draft:
    """The person holds the post as before, until the day that was set before."""
    before = _before(entry, "post.hold") if "live" in entry.values else None
    return Draft("post.hold", entry.subject, before[1]) if before else _restored(entry, "post.hold", "post.leave", valid_to="")


def _unbind(writer: Writer, entry: Entry) -> Draft:
    """The account of before, or none."""
    before = _before(entry, "post.hold", "post.bind")
    return Draft("post.bind", entry.subject, {"post": entry.values["post"], "account": before[1].get("account", "") if before else ""})


def _unplace(writer: Writer, entry: Entry) -> Draft:
    """The region's name, parent and years of before."""
    return _restored(entry, "region.add", "region.correct", valid_from=None, valid_to=None)


INVERSES: Final[Mapping[str, Callable[[Writer, Entry], Draft]]] = {
    "alias.add": _unalias, "group.add": _unjoin, "group.remove": _unpart, "organisation.merge": _unsucceed, "organisation.rename": _unsucceed,
    "organisation.add": _unadd, "organisation.correct": _uncorrect, "post.hold": _unhold, "post.leave": _unleave, "post.bind": _unbind, "region.correct": _unplace,
}  # fmt: skip
