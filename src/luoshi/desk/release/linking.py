"""Chains and scores of a release: what became of the targets in its documents, told from these documents alone; scores that are final and chosen."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec
from django.db.models import Q

from luoshi.ledger import models
from luoshi.ledger.appraised import Appraisal, SchemeFile
from luoshi.ledger.appraised import Score as ScoreRow
from luoshi.ledger.linkable import Checked, source_of
from luoshi.ledger.linking import settled_for, settled_now
from luoshi.ledger.reading import StoredReading
from luoshi.ledger.settling import in_force
from luoshi.ledger.store import blobs
from luoshi.link import Source, link
from luoshi.link.naming import core
from luoshi.publish.release.content import Chain, Score

_HEAD = ("title", "kind", "region", "region_code", "level", "review_year", "plan_year", "plan_first", "plan_last")


def chains_of(documents: Sequence[str], facts: Collection[str], using: str) -> tuple[Chain, ...]:
    """What became of the targets of these documents, as these documents tell it: nothing that is not released decides a verdict.

    What persons settled is in force. A result whose words were held back is not named; the verdict stays.
    """
    rows = models.Document.objects.using(using).in_bulk(list(documents))
    sources = [_source(rows[key], using) for key in documents if key in rows]
    everything = settled_now(using)
    settled = {one.key: settled_for(everything, one.region_code) for one in sources}
    seen, found = dict[str, int](), []
    for judged in link(sources, lambda source: settled[source.key].names):
        outcome, said = in_force(judged, core(judged.name), settled[judged.target.document])
        key = outcome.target.fact
        if key not in facts:
            continue
        seen[key] = seen.get(key, 0) + 1
        result = outcome.result.fact if outcome.result else ""
        found.append(Chain(
            f"{key}.{seen[key]}", key, outcome.verdict, results=(result,) if result in facts else (), year=outcome.due,
            indicator=_indicator(sources, outcome.target.document, key), why=outcome.why, distance=outcome.distance, unit=outcome.distance_unit,
            worked=outcome.worked, doubtful=not said and (outcome.likely or bool(outcome.others)), forecast=outcome.forecast,
        ))  # fmt: skip
    return tuple(found)


def _indicator(sources: Sequence[Source], document: str, fact: str) -> str:
    for source in sources:
        if source.key == document:
            return next((one.indicator_id for one in source.measures if one.id == fact), "")
    return ""


def _source(row: models.Document, using: str) -> Source:
    stored = msgspec.json.decode(blobs().get_packed(row.reading), type=StoredReading)
    looked = models.Fact.objects.using(using).filter(document=row.id).filter(Q(state="rejected") | ~Q(fields="{}"))
    checked = {
        key: Checked(state == "rejected", msgspec.json.decode(fields)) for key, state, fields in looked.values_list("id", "state", "fields")
    }
    return source_of(stored, head={name: getattr(row, name) for name in _HEAD}, checked=checked)


def scores_of(appraisals: Collection[str], regions: Collection[str], using: str) -> tuple[Score, ...]:
    """The scores of units in these appraisals, where they are final and of these regions."""
    rows = (
        Appraisal.objects.using(using).filter(pk__in=list(appraisals), state="final", region_code__in=list(regions)).order_by("last", "id")
    )
    titles = dict(SchemeFile.objects.using(using).filter(pk__in=[row.scheme for row in rows]).values_list("id", "key"))
    found = []
    for row in rows:
        scores = ScoreRow.objects.using(using).filter(appraisal=row.id).exclude(unit="").order_by("peers", "place", "id")
        found += [
            Score(
                f"{row.id}.{one.subject}", row.scheme, row.title or titles.get(row.scheme, row.scheme), row.period, one.unit, one.name,
                points=one.points, rank=one.place, why=one.why,
            )
            for one in scores
        ]  # fmt: skip
    return tuple(found)
