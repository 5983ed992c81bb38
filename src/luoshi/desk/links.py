"""Acts on links: a person says once whether two names are one thing, and which verdict a doubtful target has."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import msgspec

from luoshi.desk.actor import Actor
from luoshi.desk.documents import document_for
from luoshi.desk.done import Conflict, Done, NotFound, WrongValue
from luoshi.desk.rights import require
from luoshi.ledger.entry import Draft
from luoshi.ledger.linked import Link
from luoshi.ledger.linking import outcome_of, regions_over
from luoshi.ledger.models import Fact
from luoshi.ledger.scope import Scope
from luoshi.ledger.settling import identity_id, pair, verdict_id
from luoshi.ledger.store import Writer, writing

_LONGEST: Final = 300
#: a reason has so many signs at least
_SHORTEST: Final = 4
#: verdicts that follow from which documents there are
_BY_DOCUMENTS: Final = frozenset({"not_yet", "restated", "weakened", "strengthened"})


def settle_names(actor: Actor, link: str, scope: Scope, *, same: bool, note: str = "") -> Done:
    """The actor's word whether the names of a target and of its result are one thing.

    It counts wherever the two names meet again in the region of the document and in what lies under it.

    Raises ``Conflict`` where the identity of the two is not in question.
    """
    require(actor, "link.settle")
    with writing() as writer:
        row = _link(writer, link, scope)
        if not row.core or not row.answer or not row.likely:
            raise Conflict("这里没有待确认的名称", where=row.name[:40], remedy="请刷新页面，看看现在的情况")
        first, second = pair(row.core, row.answer)
        data = {"kind": "identity", "first": first, "second": second, "same": same, "note": _noted(note), "region_code": row.region_code}
        entry = writer.append(actor.id, Draft("link.settle", identity_id(first, second, row.region_code), data, context=row.document))
    return Done.of([entry])


class Choices(msgspec.Struct, frozen=True):
    """The verdicts that a person may give a target: ``plain`` as they are, ``reasoned`` only with the reason in words."""

    plain: tuple[str, ...]
    reasoned: tuple[str, ...] = ()


def choices(judged: str, others: Collection[str], *, likely: bool, comparator: str) -> Choices:
    """The verdicts that a person may give.

    What the rules leave open (several readings, a likely name, what cannot be told) is settled by choosing among the readings. Against the rules,
    or where they could not tell, a person says what they rest on. What follows from which documents there are (not yet, said anew) nobody
    may say instead of the documents; that something is near only of a target that is said to be 左右.
    """
    if judged in _BY_DOCUMENTS:
        return Choices(tuple(dict.fromkeys([judged, *others])))
    is_open = likely or bool(others) or judged == "cannot_tell"
    plain = dict.fromkeys([judged, *others, "cannot_tell"] if is_open else [judged])
    more = ["met", *(["near"] if comparator == "approx" else []), "missed", "carried_over", "dropped", "cannot_tell"]
    return Choices(tuple(plain), tuple(one for one in more if one not in plain))


def choices_of(row: Link) -> Choices:
    """The verdicts that a person may give this target."""
    comparator = Fact.objects.filter(pk=row.fact).values_list("comparator", flat=True).first() or ""
    # what a person said of the verdict leaves no other reading; what was said of names leaves those there are
    return choices(row.judged, outcome_of(row).others, likely=row.likely, comparator=comparator)


def settle_verdict(actor: Actor, link: str, verdict: str, scope: Scope, *, note: str = "") -> Done:
    """The actor's verdict on a target, as long as it is judged by the same figure.

    Raises ``WrongValue`` for a verdict that nobody may give it, and where the reason is wanted and missing.
    """
    require(actor, "link.settle")
    with writing() as writer:
        row = _link(writer, link, scope)
        outcome, said, allowed = outcome_of(row), _noted(note), choices_of(row)
        if verdict not in (*allowed.plain, *allowed.reasoned):
            raise WrongValue("不是可选的结论", where=row.name[:40], remedy="请从列出的结论里选")
        if verdict in allowed.reasoned and len(said) < _SHORTEST:
            raise WrongValue("改判要写明依据", where=row.name[:40], remedy="请写明看了哪份材料、哪个数，至少四个字")
        data = {
            "kind": "verdict",
            "target": row.fact,
            "verdict": verdict,
            "basis": outcome.result.fact if outcome.result else "",
            "note": said,
            "region_code": row.region_code,
        }
        entry = writer.append(actor.id, Draft("link.settle", verdict_id(row.fact), data, context=row.document))
    return Done.of([entry])


def unsettle(actor: Actor, link: str, settlement: str, scope: Scope) -> Done:
    """Takes back what was settled of a target, by its id. Raises ``Conflict`` where nothing was, or it is of something else."""
    require(actor, "link.settle")
    with writing() as writer:
        row = _link(writer, link, scope)
        held = writer.get("settlement", settlement)
        mine = held is not None and (
            held["target"] == row.fact if held["kind"] == "verdict" else row.core in (held["first"], held["second"])
        )
        if held is None or not held["live"] or not mine:
            raise Conflict("没有可收回的确认", where=row.name[:40], remedy="请刷新页面")
        if held["kind"] == "identity":
            if held["region_code"] not in regions_over(row.region_code):
                raise Conflict("没有可收回的确认", where=row.name[:40], remedy="请刷新页面")
            if not scope.changes_document(held["region_code"]):
                raise Conflict("这是上级地区的确认", where=row.name[:40], remedy="请由确认它的地区收回")
        entry = writer.append(actor.id, Draft("link.unsettle", settlement, {}, context=row.document))
    return Done.of([entry])


def _link(writer: Writer, key: str, scope: Scope) -> Link:
    row = Link.objects.filter(pk=key).first()
    if row is None:
        raise NotFound("没有这个目标", where=key[:40], remedy="请从地区的承诺记录里选择")
    # who may not change a document settles nothing about its targets
    document_for(writer, row.document, scope)
    return row


def _noted(note: str) -> str:
    return " ".join(note.split())[:_LONGEST]
