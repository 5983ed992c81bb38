"""What the ledger has of a region or of an organisation, gathered for its page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import msgspec
from django.db.models import Count, QuerySet

from luoshi.ledger import models
from luoshi.ledger.following import visible_facts
from luoshi.ledger.scope import Scope
from luoshi.ledger.tables import ITEMS, Wish, chosen

#: words of the headings and sentences that hold a report's headline targets
_HEADLINE: Final = ("主要预期目标", "预期目标", "主要目标", "发展目标")
_MOST_HEADLINES: Final = 24


class Headline(msgspec.Struct, frozen=True):
    """One indicator of a region: the target that the newest report sets, and what the years before targeted and reached."""

    indicator_id: str
    name: str
    measure: str
    unit: str
    target: Any = None
    before: Any = None
    result: Any = None


def documents_of(codes: Sequence[str], scope: Scope) -> QuerySet[models.Document]:
    """The documents of these regions that a scope sees and that count, newest year first."""
    found = models.Document.objects.filter(region_code__in=codes, newest=True).exclude(state="withdrawn")
    if scope.regions is not None:
        found = found.filter(region_code__in=scope.regions)
    return found.order_by("-year", "-number")


def headlines(region: str, scope: Scope) -> tuple[int | None, list[Headline]]:
    """(year, headline targets of the region's newest report with the target and the result of the year before)."""
    reports = documents_of([region], scope).filter(kind="report")
    newest = reports.first()
    if newest is None or newest.plan_year is None:
        return None, []
    facts = visible_facts(scope).filter(document=newest.id, kind="measure", role="target", year=newest.plan_year).order_by("ordinal")
    found: dict[tuple[str, str, str], Any] = {}
    for fact in _headline_facts(list(facts)):
        found.setdefault((fact.indicator_id or fact.name, fact.measure, fact.unit), fact)
    past = _past(region, newest.plan_year - 1, scope)
    rows = [
        Headline(fact.indicator_id, fact.name, fact.measure, fact.unit, fact, past.get((*key, "target")), past.get((*key, "result")))
        for key, fact in list(found.items())[:_MOST_HEADLINES]
    ]
    return newest.plan_year, rows


def _headline_facts(facts: Sequence[models.Fact]) -> list[models.Fact]:
    """Those in the sentence or under the heading that lists the targets; else those of indicators that the catalogue knows."""
    under = [fact for fact in facts if any(word in fact.section_title for word in _HEADLINE)]
    said = [at for at, fact in enumerate(facts) if any(word in fact.clause for word in _HEADLINE)]
    if said:
        # the list is one sentence, and often goes on over the next ones of the same section
        first = facts[said[0]]
        listed = [fact for fact in facts[said[0] :] if fact.section == first.section]
        return list(dict.fromkeys([*listed, *under]))
    return under or [fact for fact in facts if fact.indicator_id]


def _past(region: str, year: int, scope: Scope) -> dict[tuple[str, str, str, str], Any]:
    """Targets and results of a year in all reports of the region; the later document counts, within one the first."""
    documents = list(documents_of([region], scope).values_list("id", flat=True))
    facts = visible_facts(scope).filter(document__in=documents, kind="measure", year=year, role__in=("target", "result"))
    past: dict[tuple[str, str, str, str], Any] = {}
    for fact in facts.order_by("-ordinal"):
        past[fact.indicator_id or fact.name, fact.measure, fact.unit, fact.role] = fact
    return past


def items_of(scope: Scope, tree: Any, **filters: tuple[str, ...]) -> QuerySet[Any]:
    """The items that fit these filters and that a scope sees."""
    return chosen(Wish("items", filters, "", ITEMS.default), scope, tree)


def duties_by_unit(items: QuerySet[Any], *, most: int = 15) -> list[tuple[str, str, int, int]]:
    """(organisation id, name, items led, items supported) of the units with most items."""
    counted = models.Duty.objects.filter(item__in=items.values("id"), live=True).exclude(organisation="")
    led = dict(counted.filter(role="lead").values_list("organisation").annotate(n=Count("item", distinct=True)).order_by())
    helped = dict(counted.filter(role="support").values_list("organisation").annotate(n=Count("item", distinct=True)).order_by())
    units = sorted({*led, *helped}, key=lambda unit: (-led.get(unit, 0), -helped.get(unit, 0), unit))[:most]
    names = dict(models.Organisation.objects.filter(id__in=units).values_list("id", "name"))
    return [(unit, names.get(unit, unit), led.get(unit, 0), helped.get(unit, 0)) for unit in units]


def region_choices(scope: Scope, tree: Any) -> list[tuple[str, str]]:
    """(code, full name) of the regions with documents and of those above them, as a filter offers them."""
    own = {code for code in region_counts(scope) if code}
    wanted = own | {above for code in own for above in tree.ancestors(code)} - {"000000"}
    return sorted(((code, tree.name(code)) for code in wanted), key=lambda pair: pair[1])


def region_counts(scope: Scope) -> dict[str, int]:
    """How many documents of each region there are."""
    found = models.Document.objects.filter(newest=True).exclude(state="withdrawn")
    if scope.regions is not None:
        found = found.filter(region_code__in=scope.regions)
    return dict(found.values_list("region_code").annotate(n=Count("*")).order_by())
