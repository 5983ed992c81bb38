"""Which appraisals somebody sees, and whose sheets: drawn ones only who makes them, a liaison the table of all and the sheet of the own unit."""

from __future__ import annotations

from django.db.models import QuerySet

from luoshi.desk.actor import Actor
from luoshi.desk.done import NotFound
from luoshi.desk.rights import may
from luoshi.ledger.appraised import Appraisal, Score
from luoshi.ledger.belonging import units_for
from luoshi.ledger.scope import Scope


def appraisals(scope: Scope, actor: Actor) -> QuerySet[Appraisal]:
    """The appraisals that the actor sees, the newest first."""
    found = Appraisal.objects.order_by("-last", "-seq")
    if scope.units is not None:
        found = found.filter(region_code__in=scope.regions) if scope.regions is not None else found
    elif scope.item_regions is not None:
        found = found.filter(region_code__in=scope.item_regions)
    if not (may(actor, "score.draw") or may(actor, "score.decide")):
        found = found.filter(state__in=("announced", "final"))
    return found


def appraisal_for(key: str, scope: Scope, actor: Actor) -> Appraisal:
    """The appraisal; ``NotFound`` where the actor does not see it."""
    row = appraisals(scope, actor).filter(pk=key).first()
    if row is None:
        raise NotFound("没有这次考核", where=key[:64], remedy="它可能还没有公示，或不在您能看的范围内")
    return row


def sees_sheet(row: Score, scope: Scope) -> bool:
    """Whether somebody may look at how this score came about: whoever is bound to units only at those of their own."""
    return scope.units is None or bool(row.unit and row.unit in scope.units)


def sheet_for(appraisal: str, subject: str, scope: Scope) -> Score:
    """The score of a subject with its sheet; ``NotFound`` where there is none or it is another unit's."""
    row = Score.objects.filter(appraisal=appraisal, subject=subject).first()
    if row is None or not sees_sheet(row, scope):
        raise NotFound("没有这张得分单", where=subject[:64], remedy="单位联络员只看本单位的得分单")
    return row


def is_own(row: Score, actor: Actor) -> bool:
    """Whether the score is that of the actor's own unit, or of one that counts for it."""
    return bool(actor.unit and row.unit) and row.unit in units_for([actor.unit])
