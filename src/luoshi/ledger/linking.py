"""Links kept up to date: what changed is noted with the entry that changed it, and only what a changed document touches is linked anew.

Whoever writes notes the documents (``note_changes``, within the writing). Linking follows by itself in the worker, at the end of an import or
a rebuild, and before a page that shows links; until then those pages say that some wait. The links are a function of the documents that count,
their facts and the settlements, so that the order in which documents came makes no difference.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any, Final

import msgspec
from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import F, Q, QuerySet

from luoshi.ledger import models
from luoshi.ledger.fields import field_of
from luoshi.ledger.ids import ident
from luoshi.ledger.linkable import Checked, source_of
from luoshi.ledger.linked import Link, LinkChange, Linking, Settlement
from luoshi.ledger.places import tree
from luoshi.ledger.reading import StoredReading
from luoshi.ledger.rows import Rows
from luoshi.ledger.settling import Identity, Settled, Settlements, in_force
from luoshi.link import Outcome, Source
from luoshi.link.linking import World
from luoshi.link.naming import core
from luoshi.link.scene import scene
from luoshi.link.source import NATION, Measured

#: so many changed documents are looked at together
_CHANGES: Final = 50
#: so many documents of one place are linked anew together
_TOGETHER: Final = 40
#: a document may rest on what the reports of so many years before it say
_BEFORE: Final = 2
#: a year after all; the end of a target whose own year no report accounts for may lie in any later document
_EVER: Final = 9999
_HEAD: Final = ("title", "kind", "region", "region_code", "level", "review_year", "plan_year", "plan_first", "plan_last")
#: ends of targets for whose year no report is known
_WAITING: Final = frozenset({"not_yet", "restated", "weakened", "strengthened"})
_RELATIVE: Final = frozenset({"above", "below", "with"})


# --- what changed


def note_changes(rows: Rows, seq: int) -> None:
    """Notes the documents whose links may be others now; called within the writing, before the marks of the search are cleared."""
    documents = {key for kind, key in rows.indexed if kind in ("document", "link")}
    settled = [row for kind, key in rows.indexed if kind == "settled" and (row := rows.get("settlement", key)) is not None]
    names = {name for row in settled if row["kind"] == "identity" for name in (row["first"], row["second"])}
    if names:
        documents.update(Link.objects.using(rows.using).filter(core__in=names).values_list("document", flat=True).distinct())
    _note(documents, seq, rows.using)


def _note(documents: Iterable[str], seq: int, using: str) -> None:
    fresh = [LinkChange(id=key, seq=seq) for key in sorted(documents)]
    LinkChange.objects.using(using).bulk_create(fresh, update_conflicts=True, unique_fields=["id"], update_fields=["seq"], batch_size=400)


def forget_links(using: str = DEFAULT_DB_ALIAS) -> None:
    """Takes all links away and notes every document that counts, so that they are made anew."""
    for model in (Link, Linking, LinkChange):
        model.objects.using(using).all()._raw_delete(using)  # noqa: SLF001 - one statement, no row is loaded
    _note(_counting(using).values_list("id", flat=True), 0, using)


def _counting(using: str = DEFAULT_DB_ALIAS) -> QuerySet[models.Document]:
    return models.Document.objects.using(using).exclude(state="withdrawn").filter(newest=True)


def waiting() -> int:
    """How many documents wait to be linked, or to be looked at; 0 where all links are up to date."""
    return LinkChange.objects.count() + Linking.objects.filter(wanted__gt=F("done")).count()


# --- linking what changed


def link_waiting(
    *, most: int = 0, until: Callable[[], bool] = lambda: False, progress: Callable[[int, int], None] = lambda done, left: None
) -> int:
    """Links what waits, at most about ``most`` documents where that is not 0; the number of documents linked. ``until`` says when to stop."""
    while _take_changes() and not until():
        progress(0, waiting())
    done = 0
    while not until() and (some := _due()):
        done += _link(some)
        progress(done, waiting())
        if most and done >= most:
            break
    return done


def _take_changes() -> int:
    """Finds out what some changed documents touch; how many of them there were."""
    changes = list(LinkChange.objects.order_by("id")[:_CHANGES])
    if not changes:
        return 0
    documents = _counting().in_bulk([one.id for one in changes])
    fresh = {key: head for key, row in documents.items() if (head := _heading(_source(row))) is not None}
    with transaction.atomic():
        old = Linking.objects.in_bulk([one.id for one in changes])
        for key in dict.fromkeys(one.id for one in changes):
            _replace(key, old.get(key), fresh.get(key))
        for one in changes:
            # what changed again meanwhile stays noted
            LinkChange.objects.filter(id=one.id, seq=one.seq).delete()
    return len(changes)


def _replace(key: str, old: Linking | None, fresh: Linking | None) -> None:
    """The document is known as ``fresh`` from now on; what it touches, as it was and as it is, is linked anew."""
    if old is None and fresh is None:
        return
    touched = Q()
    for one in (old, fresh):
        if one is not None:
            touched |= _touched(one)
    if fresh is None:
        Linking.objects.filter(id=key).delete()
        Link.objects.filter(document=key).delete()
    else:
        fresh.wanted, fresh.done = (old.wanted + 1, old.done) if old is not None else (1, 0)
        fresh.save(force_update=old is not None, force_insert=old is None)
    Linking.objects.filter(touched).exclude(id=key).update(wanted=F("wanted") + 1)


def _touched(one: Linking) -> Q:
    """The documents whose targets may end in this one, or whose ends rest on it."""
    own = Q(earliest__lte=one.last, latest__gte=one.first)
    beside = Q(place=one.place)
    if one.kind == "report" and one.place == NATION:
        beside |= Q(looks_up=True)
    elif one.kind == "report" and one.level == "province":
        beside |= Q(looks_up=True, region_code__startswith=one.region_code[:2])
    elif one.kind == "report" and one.level == "city":
        beside |= Q(looks_up=True, region_code__startswith=one.region_code[:4])
    return own & beside


def _heading(source: Source) -> Linking | None:
    """The document as linking knows it; ``None`` where nobody knows whose it is or of which years: it is linked once a person has said so."""
    own = [year for year in (source.review_year, source.plan_year, *(source.plan_years or ())) if year]
    if not source.place or not own:
        return None
    first, last = min(own), max(own)
    looks_up = any(one.comparator in _RELATIVE for one in source.measures if one.role == "target")
    return Linking(
        id=source.key, place=source.place[:120], region_code=source.region_code, level=source.level, kind=source.kind, first=first, last=last,
        earliest=first - _BEFORE, latest=_EVER, looks_up=looks_up,
    )  # fmt: skip


def _due() -> list[Linking]:
    """Some documents of one place that are to be linked anew."""
    waits = Linking.objects.filter(wanted__gt=F("done"))
    place = waits.order_by("place").values_list("place", flat=True).first()
    return [] if place is None else list(waits.filter(place=place).order_by("first", "last", "id")[:_TOGETHER])


def _link(due: Sequence[Linking]) -> int:
    """Links these documents of one place anew."""
    around = _context(due)
    sources = {key: _source(row) for key, row in _counting().in_bulk(list(around)).items()}
    settled = settled_for(settled_now(), due[0].region_code)
    world = World(sorted(sources.values(), key=lambda one: (one.place, one.plan_year or 0, one.key)), settled.names)
    made = {one.id: list(_rows(sources[one.id], world, sources, settled)) if one.id in sources else [] for one in due}
    with transaction.atomic():
        for one in due:
            Link.objects.filter(document=one.id).delete()
            # what was noted since these were read is still waited for
            if Linking.objects.filter(id=one.id).update(done=one.wanted, latest=_latest(one, made[one.id])):
                Link.objects.bulk_create(made[one.id], batch_size=400, ignore_conflicts=True)
    return len(due)


def _latest(one: Linking, made: Sequence[Link]) -> int:
    """The last year whose documents may change the ends of a document: any later one while a year of a target has no report."""
    waits = any(row.judged in _WAITING or "report-missing" in row.data for row in made)
    return _EVER if waits else max([one.last, *(row.year for row in made if row.year)]) + 1


def _context(due: Sequence[Linking]) -> list[str]:
    """The ids of the documents that the ends of these may rest on, themselves among them."""
    first = min(one.earliest for one in due)
    place = Q(place=due[0].place)
    if any(one.looks_up for one in due):
        code = due[0].region_code
        place |= Q(kind="report", place__in=[NATION, code[:2] + "0000", code[:4] + "00"])
    return list(Linking.objects.filter(place, last__gte=first).values_list("id", flat=True))


def _rows(source: Source, world: World, sources: dict[str, Source], settled: Settled) -> Iterator[Link]:
    seen: dict[str, int] = {}
    facts = {one.id: one for one in source.measures}
    for ordinal, outcome in enumerate(world.ends(source)):
        name, answer = core(outcome.name), _answer(outcome, sources)
        judged, (now, said) = outcome.verdict, in_force(outcome, name, settled)
        seen[now.target.fact] = seen.get(now.target.fact, -1) + 1
        key = now.target.fact if not seen[now.target.fact] else ident("l", now.target.fact, str(seen[now.target.fact]))
        fact = facts.get(now.target.fact)
        indicator = fact.indicator_id if fact else ""
        yield Link(
            id=key, document=source.key, ordinal=ordinal, fact=now.target.fact, place=source.place[:120], region_code=source.region_code,
            level=source.level, kind=now.kind, name=now.name[:300], core=name[:300], answer=answer[:300], indicator_id=indicator,
            field=field_of(indicator, now.name, _title(source, fact)), year=now.due, verdict=now.verdict, judged=judged, why=now.why,
            likely=now.likely, doubtful=bool(now.others), settled=said, distance=float(now.distance) if now.distance else None,
            result_document=now.result.document if now.result else "", result_fact=now.result.fact if now.result else "",
            data=msgspec.json.encode(now).decode("utf-8"),
        )  # fmt: skip


def _answer(outcome: Outcome, sources: dict[str, Source]) -> str:
    """The name of the result as linking compares it; ``""`` where there is none."""
    if outcome.result is None:
        return ""
    source = sources[outcome.result.document]
    held = next((one for one in source.measures if one.id == outcome.result.fact), None)
    return core(scene(source, held).name) if held is not None and held.name else ""


def _title(source: Source, fact: Measured | None) -> str:
    return source.parts[fact.section].title if fact is not None and 0 <= fact.section < len(source.parts) else ""


# --- what it rests on


def settled_now(using: str = DEFAULT_DB_ALIAS) -> Settlements:
    """The settlements in force."""
    rows = list(Settlement.objects.using(using).filter(live=True).order_by("id"))
    return Settlements(
        tuple(Identity(one.first, one.second, one.same, one.region_code) for one in rows if one.kind == "identity"),
        {one.target: (one.verdict, one.basis) for one in rows if one.kind == "verdict"},
    )


def settled_for(settled: Settlements, region: str) -> Settled:
    """What of the settlements counts for a place: what was settled of names there or above."""
    return settled.within(regions_over(region))


def regions_over(region: str) -> tuple[str, ...]:
    """The region and those above it, the nearest first, the nation last; of a document whose region nobody knows that alone."""
    return tuple(dict.fromkeys([region, *tree().ancestors(region), NATION])) if region else ("",)


def _source(row: models.Document) -> Source:
    """The document with what persons corrected and rejected in force."""
    from luoshi.ledger.store import blobs

    stored = msgspec.json.decode(blobs().get_packed(row.reading), type=StoredReading)
    looked = models.Fact.objects.filter(document=row.id).filter(Q(state="rejected") | ~Q(fields="{}"))
    checked = {
        key: Checked(state == "rejected", msgspec.json.decode(fields)) for key, state, fields in looked.values_list("id", "state", "fields")
    }
    return source_of(stored, head={name: getattr(row, name) for name in _HEAD}, checked=checked)


def sources_of(documents: Collection[str]) -> dict[str, Source]:
    """The documents that count of these ids, as linking sees them."""
    return {key: _source(row) for key, row in _counting().in_bulk(list(documents)).items()}


def resting_on(documents: Collection[str]) -> tuple[tuple[Any, ...], ...]:
    """What linking knows of the documents that count of these ids: their readings, what they are held for, what persons said of their facts.

    Two answers are the same where nothing changed, and only there: what is reckoned from the documents may be kept by it.
    """
    rows = _counting().filter(id__in=list(documents)).order_by("id").values_list("id", "reading", *_HEAD)
    looked = (
        models.Fact.objects.filter(document__in=list(documents)).filter(Q(state="rejected") | ~Q(fields="{}")).order_by("document", "id")
    )
    return (*rows, *looked.values_list("document", "id", "state", "fields"))


def outcome_of(row: Link | Any) -> Outcome:
    """The whole outcome of a link."""
    return msgspec.json.decode(row.data, type=Outcome)


__all__ = [
    "forget_links",
    "link_waiting",
    "note_changes",
    "outcome_of",
    "regions_over",
    "settled_for",
    "settled_now",
    "sources_of",
    "waiting",
]
