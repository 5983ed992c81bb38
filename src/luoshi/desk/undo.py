"""Undoing: the last acts of the same person, as long as nothing was built on them. An undoing is an entry like any other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import msgspec

from luoshi.desk import undoing_names
from luoshi.desk.actor import Actor
from luoshi.desk.documents import may_change, restoring
from luoshi.desk.done import Conflict, Done, NotFound
from luoshi.desk.facts import fact_for
from luoshi.desk.items import droppable, item_for
from luoshi.desk.rights import require, scope
from luoshi.ledger import models
from luoshi.ledger.belonging import units_for
from luoshi.ledger.entry import Draft, Entry
from luoshi.ledger.places import tree
from luoshi.ledger.scope import Scope
from luoshi.ledger.store import Writer, writing

#: so many entries at most are undone in one go
LIMIT: Final = 2000
#: words of one reader, which stand beside those of others
_OWN: Final = frozenset({"fact.accept", "fact.correct", "fact.reject", "fact.reopen"})
#: the right that an act needs where its name is not that of the right
_RIGHTS: Final = {
    "item.restore": "item.drop",
    "document.restore": "document.withdraw",
    "view.remove": "view.save",
    "link.unsettle": "link.settle",
}
#: what the ledger learnt about names while items were made stays known when they are undone
_LEARNT: Final = frozenset({"organisation.add", "alias.add"})


def undo(actor: Actor, span: str) -> Done:
    """Undoes the entries ``first-last`` (as ``Done.undo`` gives them), last first.

    Raises ``Conflict`` where one of them is another's, cannot be undone, or has been followed by another entry about the same thing.
    """
    require(actor, "undo")
    first, last = _span(span)
    mine = scope(actor, tree(), units_for)
    with writing() as writer:
        entries = [_entry(row) for row in models.Entry.objects.filter(seq__gte=first, seq__lte=last).order_by("-seq")]
        if any(entry.act == "item.create" for entry in entries):
            entries = [entry for entry in entries if entry.act not in _LEARNT]
        if not entries:
            raise NotFound("没有可以撤销的操作", where=span, remedy="请刷新页面")
        writer.rows.prefetch(("fact", entry.subject) for entry in entries if entry.act.startswith("fact."))
        followed = _followed(entries, last)
        made = []
        for entry in entries:
            _may_undo(actor, entry, followed)
            draft = _INVERSES[entry.act](writer, entry)
            _may_now(actor, draft, mine, writer)
            made.append(writer.append(actor.id, draft))
    return Done.of(made)


def _may_now(actor: Actor, draft: Draft, mine: Scope, writer: Writer) -> None:
    """Nothing, or an error: what undoes an act needs the right and the sight that the act itself needs, and needs them today."""
    require(actor, _RIGHTS.get(draft.act, draft.act))
    if draft.act.startswith("fact."):
        fact_for(writer, draft.subject, mine)
    elif draft.act.startswith("item."):
        row = item_for(writer, draft.subject, mine)
        if draft.act == "item.drop":
            droppable(writer, row)
        document = writer.get("document", row["document"]) if row["document"] else None
        if draft.act == "item.restore" and document is not None and document["state"] == "withdrawn":
            raise Conflict("事项依据的文件已撤回", where=row["title"][:40], remedy="请先恢复文件")
    elif draft.act.startswith("document."):
        found = writer.get("document", draft.subject)
        if found is not None:
            may_change(found, mine)


def _followed(entries: Sequence[Entry], last: int) -> set[tuple[str, str]]:
    """(subject, actor) of what happened to the same things after these entries, and (subject, "") for whoever did it."""
    subjects, found = list({entry.subject for entry in entries}), set[tuple[str, str]]()
    for at in range(0, len(subjects), 500):
        later = models.Entry.objects.filter(subject__in=subjects[at : at + 500], seq__gt=last)
        for subject, by in later.values_list("subject", "actor"):
            found |= {(subject, by), (subject, "")}
    return found


def _span(span: str) -> tuple[int, int]:
    first, _, last = span.partition("-")
    if not (
        first.isascii() and first.isdigit() and last.isascii() and last.isdigit() and 0 <= int(last) - int(first) < LIMIT and len(last) < 18
    ):
        raise NotFound("没有可以撤销的操作", where=span[:40], remedy="请刷新页面")
    return int(first), int(last)


def _entry(row: models.Entry) -> Entry:
    return Entry(row.seq, row.at, row.actor, row.act, row.subject, row.context, row.data, row.hash)


def _may_undo(actor: Actor, entry: Entry, followed: set[tuple[str, str]]) -> None:
    if entry.actor != actor.id:
        raise Conflict("这不是您做的操作", where=f"记录 {entry.seq}", remedy="请由本人撤销")
    if entry.act not in _INVERSES:
        raise Conflict("这种操作不能撤销", where=f"记录 {entry.seq}", remedy="请改用更正")
    # readers are independent: what another said of the same fact builds on nothing of this one
    if (entry.subject, entry.actor) in followed or (entry.act not in _OWN and (entry.subject, "") in followed):
        raise Conflict("之后又有新的操作，不能撤销", where=f"记录 {entry.seq}", remedy="请刷新页面，看看现在的情况")


def _before(entry: Entry, *acts: str, own: bool) -> Entry | None:
    """The entry about the same thing before this one, of one of these acts, by the same actor where ``own``."""
    found = models.Entry.objects.filter(subject=entry.subject, seq__lt=entry.seq, act__in=acts)
    row = (found.filter(actor=entry.actor) if own else found).order_by("-seq").first()
    return _entry(row) if row else None


def _uncheck(writer: Writer, entry: Entry) -> Draft:
    """Back to what the same reader had said before, or to nothing."""
    before = _before(entry, "fact.accept", "fact.correct", "fact.reject", "fact.reopen", own=True)
    if before is None or before.act == "fact.reopen":
        return Draft("fact.reopen", entry.subject, {}, entry.context)
    return Draft(before.act, entry.subject, before.values, entry.context)


def _recheck(writer: Writer, entry: Entry) -> Draft:
    """A word that was taken back stands again."""
    acts = ("fact.decide",) if entry.values.get("decision") else ("fact.accept", "fact.correct", "fact.reject")
    before = _before(entry, *acts, own=True)
    if before is None:
        raise Conflict("没有可以恢复的核对", where=f"记录 {entry.seq}", remedy="请重新核对")
    return Draft(before.act, entry.subject, before.values, entry.context)


def _undecide(writer: Writer, entry: Entry) -> Draft:
    return Draft("fact.reopen", entry.subject, {"decision": True}, entry.context)


def _as(act: str, *keep: str, **data: Any) -> Callable[[Writer, Entry], Draft]:
    def make(writer: Writer, entry: Entry) -> Draft:
        return Draft(act, entry.subject, {**{name: entry.values[name] for name in keep if name in entry.values}, **data}, entry.context)

    return make


def _unwithdraw(writer: Writer, entry: Entry) -> Draft:
    row = writer.get("document", entry.subject)
    return Draft("document.restore", entry.subject, restoring(writer, row) if row else {})


def _unsave(writer: Writer, entry: Entry) -> Draft:
    before = _before(entry, "view.save", own=True)
    return Draft("view.save", entry.subject, before.values) if before else Draft("view.remove", entry.subject)


def _uncorrect_item(writer: Writer, entry: Entry) -> Draft:
    """The fields and duties as they were before."""
    fields, duties = dict[str, Any](), None
    rows = models.Entry.objects.filter(subject=entry.subject, seq__lt=entry.seq, act__in=("item.create", "item.correct")).order_by("seq")
    for row in rows:
        values = msgspec.json.decode(row.data)
        fields.update(values.get("fields", values) if row.act == "item.correct" else values)
        duties = values.get("duties", duties)
    data: dict[str, Any] = {"fields": {name: fields.get(name, "") for name in entry.values.get("fields", {})}}
    return Draft("item.correct", entry.subject, {**data, "duties": duties or []} if "duties" in entry.values else data, entry.context)


def _unsettle(writer: Writer, entry: Entry) -> Draft:
    """Back to what was settled before, or to nothing."""
    before = _before(entry, "link.settle", "link.unsettle", own=False)
    if before is None or before.act == "link.unsettle":
        return Draft("link.unsettle", entry.subject, {}, entry.context)
    return Draft("link.settle", entry.subject, before.values, entry.context)


def _resettle(writer: Writer, entry: Entry) -> Draft:
    """What was taken back counts again."""
    before = _before(entry, "link.settle", own=False)
    if before is None:
        raise Conflict("没有可以恢复的确认", where=f"记录 {entry.seq}", remedy="请重新确认")
    return Draft("link.settle", entry.subject, before.values, entry.context)


_INVERSES: Final[Mapping[str, Callable[[Writer, Entry], Draft]]] = {
    "fact.accept": _uncheck, "fact.correct": _uncheck, "fact.reject": _uncheck, "fact.reopen": _recheck, "fact.decide": _undecide,
    "item.create": _as("item.drop", why="撤销"), "item.drop": _as("item.restore"), "item.restore": _as("item.drop", why="撤销"),
    "item.correct": _uncorrect_item, "document.withdraw": _unwithdraw, "view.save": _unsave, "view.remove": _unsave,
    "link.settle": _unsettle, "link.unsettle": _resettle,
    "alias.remove": _as("alias.add"), "post.remove": _as("post.add"), "post.add": _as("post.remove"),
    **undoing_names.INVERSES,
}  # fmt: skip


def can_undo(act: str) -> bool:
    """Whether acts of this name can be undone at all."""
    # a new organisation goes only together with the new name that made it
    return act in _INVERSES and act != "organisation.add"
