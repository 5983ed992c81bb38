"""Acts on links: a person says once whether two names are one thing, and which verdict a doubtful target has."""

from __future__ import annotations

from typing import Final, get_args

from luoshi.desk.actor import Actor
from luoshi.desk.documents import document_for
from luoshi.desk.done import Conflict, Done, NotFound, WrongValue
from luoshi.desk.rights import require
from luoshi.ledger.entry import Draft
from luoshi.ledger.linked import Link
from luoshi.ledger.linking import outcome_of, regions_over
from luoshi.ledger.scope import Scope
from luoshi.ledger.settling import identity_id, pair, verdict_id
from luoshi.ledger.store import Writer, writing
from luoshi.link.link import Verdict

_LONGEST: Final = 300
_VERDICTS: Final[frozenset[str]] = frozenset(get_args(Verdict))


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


def settle_verdict(actor: Actor, link: str, verdict: str, scope: Scope, *, note: str = "") -> Done:
    """The actor's verdict on a target, as long as it is judged by the same figure. Raises ``WrongValue`` for a verdict that nobody may defend."""
    require(actor, "link.settle")
    with writing() as writer:
        row = _link(writer, link, scope)
        outcome = outcome_of(row)
        open_ = {row.judged, *outcome.others, "cannot_tell"}
        if verdict not in _VERDICTS or (verdict not in open_ and not row.settled):
            raise WrongValue("不是可选的结论", where=row.name[:40], remedy="请从列出的结论里选")
        basis = outcome.result.fact if outcome.result else ""
        data = {
            "kind": "verdict",
            "target": row.fact,
            "verdict": verdict,
            "basis": basis,
            "note": _noted(note),
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
