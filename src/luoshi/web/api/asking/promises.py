"""What became of targets: each with its end and both quotations; and appraisals with the scores of units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from luoshi.desk.actor import Actor
from luoshi.desk.appraisal.seeing import appraisal_for, appraisals, sees_sheet
from luoshi.desk.done import NotFound
from luoshi.ledger import models
from luoshi.ledger.appraised import Appraisal, Score
from luoshi.ledger.linked import Link
from luoshi.ledger.places import tree
from luoshi.ledger.promises import Kept, Said, about, kept, refresh, visible
from luoshi.ledger.scope import Scope
from luoshi.publish.chain.explaining import explained
from luoshi.web.api import cursor as cursors
from luoshi.web.api import shapes
from luoshi.web.words import current_lang

_FILTERS: Final = ("kind", "verdict", "field", "document", "indicator_id", "result_document")
_LINK: Final = ("id", "kind", "place", "region_code", "level", "year", "name", "indicator_id", "field", "verdict", "judged", "settled", "doubtful",
                "likely", "distance", "why")  # fmt: skip
_APPRAISAL: Final = tuple(name for name in shapes.Appraisal.model_fields if name != "region")
_SCORE: Final = tuple(name for name in shapes.Score.model_fields if name != "sheet")


def promises(scope: Scope, filters: Mapping[str, Sequence[str]], cursor: str = "", limit: int = cursors.USUAL) -> shapes.Promises:
    """The targets that fit with what became of them, by document and place in it."""
    refresh()
    found = visible(scope)
    for name in _FILTERS:
        if filters.get(name):
            found = found.filter(**{f"{name}__in": filters[name]})
    if years := filters.get("year"):
        found = found.filter(year__in=[int(year) for year in years])
    if regions := filters.get("region"):
        found = found.filter(region_code__in={code for one in regions for code in tree().subtree(one)})
    rows, after = cursors.page("promises", found, ("document", "ordinal", "id"), cursor, limit)
    return shapes.Promises(data=_told(rows, scope), next=after)


def promise(scope: Scope, key: str) -> shapes.Promise:
    """A target with its end."""
    refresh()
    return _told([_row(scope, key)], scope)[0]


def chain(scope: Scope, key: str) -> shapes.Chain:
    """The targets of the same place about the same thing, by year, that of ``key`` among them."""
    refresh()
    return shapes.Chain(data=_told(about(_row(scope, key), scope), scope))


def _row(scope: Scope, key: str) -> Link:
    row = visible(scope).filter(pk=key).first()
    if row is None:
        raise NotFound("没有这个目标", where=key[:64], remedy="请用 /promises 查编号")
    return row


def _told(rows: Sequence[Link], scope: Scope) -> list[shapes.Promise]:
    found = kept(rows, current_lang())
    wanted = {said.quoted.document for one in found for said in (one.target, one.result, one.beside) if said is not None}
    regions = dict(models.Document.objects.exclude(state="withdrawn").filter(pk__in=wanted).values_list("id", "region_code"))
    seen = {key for key, region in regions.items() if scope.sees_document(region)}
    return [_promise(row, one, seen) for row, one in zip(rows, found, strict=True)]


def _promise(row: Link, one: Kept, seen: set[str]) -> shapes.Promise:
    values, lang, outcome = {name: getattr(row, name) for name in _LINK}, current_lang(), one.outcome
    # a sentence holds words of all three
    all_seen = all(said is None or said.quoted.document in seen for said in (one.target, one.result, one.beside))
    return shapes.Promise(
        **values, distance_unit=outcome.distance_unit, also=list(outcome.others), worked=outcome.worked if all_seen else "",
        reasons=list(outcome.reasons), forecast=outcome.forecast,
        explained=explained(outcome, lang, one.target.fact.get("comparator", "")) if all_seen else "", target_fact=row.fact,
        result_fact=row.result_fact, target=_quoted(one.target, seen), result=_quoted(one.result, seen), beside=_quoted(one.beside, seen),
    )  # fmt: skip


def _quoted(said: Said | None, seen: set[str]) -> shapes.Quotation | None:
    """The words, where their document is seen."""
    if said is None or said.quoted.document not in seen:
        return None
    quoted = said.quoted
    return shapes.Quotation(document=quoted.document, title=said.title, start=quoted.start, end=quoted.end, text=quoted.text)


def appraisals_of(
    scope: Scope, actor: Actor, filters: Mapping[str, Sequence[str]], cursor: str = "", limit: int = cursors.USUAL
) -> shapes.Appraisals:
    """The appraisals that one sees on the page, those changed last first."""
    found = appraisals(scope, actor)
    for name in ("kind", "period", "state"):
        if filters.get(name):
            found = found.filter(**{f"{name}__in": filters[name]})
    rows, after = cursors.page("appraisals", found, ("-seq", "id"), cursor, limit)
    return shapes.Appraisals(data=[_appraisal(row) for row in rows], next=after)


def _appraisal(row: Appraisal) -> shapes.Appraisal:
    return shapes.Appraisal(**{name: getattr(row, name) for name in _APPRAISAL}, region=tree().name(row.region_code))


def scores(scope: Scope, actor: Actor, key: str, cursor: str = "", limit: int = cursors.USUAL) -> shapes.Scores:
    """The scores of an appraisal; each with its sheet where one may see it: the lines with rules, values and arithmetic."""
    appraisal = appraisal_for(key, scope, actor)
    rows, after = cursors.page("scores", Score.objects.filter(appraisal=appraisal.id), ("id",), cursor, limit)
    return shapes.Scores(data=[_score(row, scope) for row in rows], next=after)


def _score(row: Score, scope: Scope) -> shapes.Score:
    sheet: dict[str, Any] | None = msgspec.json.decode(row.score) if sees_sheet(row, scope) else None
    return shapes.Score(**{name: getattr(row, name) for name in _SCORE}, sheet=sheet)
