"""What of the ledger a release could hold, record by record, with what is held back and why. Reads only; the same ledger gives the same records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, Literal

import msgspec
from django.db.models import QuerySet

from luoshi.desk.done import WrongValue
from luoshi.desk.matters.ruling import rules_for
from luoshi.desk.release.linking import chains_of, scores_of
from luoshi.desk.release.origins import Origins, edge_stops, text_of
from luoshi.desk.release.sealing import Finding, findings_of, sealed
from luoshi.desk.release.showing import ItemMaker, Matters
from luoshi.ledger import models
from luoshi.ledger.scope import Scope
from luoshi.ledger.store import blobs
from luoshi.ledger.titles import title_of
from luoshi.masking import mask
from luoshi.publish.release.content import Chain, Checker, Document, Fact, Item, Passed, Score
from luoshi.publish.release.pictures import plain_picture
from luoshi.publish.release.reasons import kinds, reasons, why_not

#: more records than this make no release that a page can show; a province publishes by its districts
MOST: Final = 200_000
_AT_ONCE: Final = 500
_EMPTY: Final = ("", (), None)


class Treatment(msgspec.Struct, frozen=True):
    """What a person decides of a record that was stopped: ``mask`` its personal data, ``let`` it pass for the reason given.

    ``on``: the seal of the findings that it was decided on; it is void where others are found. ``""`` for those of this drawing up.
    """

    do: Literal["mask", "let"]
    why: str = ""
    on: str = ""


class Chosen(msgspec.Struct, frozen=True):
    """What is to be published: a region with all below it; these documents (all reports and plans where none is named), all matters of the

    published mechanisms but those to ``leave``; ``pictures``: evidence that somebody has looked at; ``appraisals``: final ones whose scores are

    published; ``treat``: what is done with the stopped.
    """

    region: str
    documents: tuple[str, ...] = ()
    leave: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    appraisals: tuple[str, ...] = ()
    treat: dict[str, Treatment] = {}


class Held(msgspec.Struct, frozen=True):
    """Something that does not leave: a record, a field of a mechanism or a picture; ``reason`` the key, ``what`` was found, ``shown`` of it;

    ``seal`` of all findings of the record, to which letting it pass is bound.
    """

    kind: str
    id: str
    title: str
    reason: str
    what: str = ""
    shown: str = ""
    count: int = 1
    seal: str = ""


class Gathered(msgspec.Struct, frozen=True):
    """What may leave, and what may not. ``seals``: the findings of the records that were let pass, by record."""

    documents: tuple[Document, ...]
    facts: tuple[Fact, ...]
    items: tuple[Item, ...]
    passed: tuple[Passed, ...]
    held: tuple[Held, ...]
    chains: tuple[Chain, ...] = ()
    scores: tuple[Score, ...] = ()
    seals: dict[str, str] = {}

    def counts(self) -> dict[str, int]:
        """How many things were held back, by reason."""
        found = Counter[str]()
        for one in self.held:
            found[one.reason] += one.count
        return dict(sorted(found.items()))


class _Work:
    """The state of one gathering: which ledger, what is chosen, what was held so far."""

    def __init__(self, chosen: Chosen, scope: Scope, regions: Collection[str], day: str, check: Checker, using: str) -> None:
        self.chosen, self.scope, self.check, self.using, self.day = chosen, scope, check, using, day
        self.regions = sorted(code for code in regions if scope.item_regions is None or code in scope.item_regions)
        self.held: list[Held] = []
        self.passed: list[Passed] = []
        self.texts: dict[str, str] = {}
        self.seals: dict[str, str] = {}
        self.origins = Origins(chosen.leave, chosen.documents, check, using)

    def may_leave(self, kind: str, title: str, record: Any, before: Sequence[Finding] = ()) -> Any:
        """The record as it may leave, or None after what stops it was noted; ``before`` what was found that does not stand in the record."""
        treatment = self.chosen.treat.get(record.id)
        if treatment is not None and treatment.do == "mask":
            record = _masked(record)
        found = (*before, *findings_of(record, self.check))
        if not found:
            return record
        seal, stops = sealed(found), list({one.key: one for one in found}.values())
        if treatment is not None and treatment.do == "let" and treatment.on in ("", seal):
            self.seals[record.id] = seal
            passed = [stop for stop in stops if reasons()[stop.reason].force != "never"]
            self.passed += [Passed(record.id, stop.reason, stop.what, stop.shown) for stop in passed]
            stops = [stop for stop in stops if reasons()[stop.reason].force == "never"]
        self.held += [Held(kind, record.id, mask(title)[:200], stop.reason, stop.what, stop.shown[:200], seal=seal) for stop in stops]
        return None if stops else record


def _masked(record: Any) -> Any:
    """The record with the personal data of its texts masked."""
    changed: dict[str, Any] = {}
    for name in record.__struct_fields__:
        value = getattr(record, name)
        if isinstance(value, str) and name in _WRITTEN:
            changed[name] = mask(value)
        elif isinstance(value, tuple) and value and isinstance(value[0], msgspec.Struct) and name in ("fields", "told"):
            changed[name] = tuple(_masked(one) for one in value)
    return msgspec.structs.replace(record, **changed)


#: what people have written
_WRITTEN: Final = frozenset({"title", "text", "clause", "name", "value", "lead", "section", "why", "worked", "unit_name", "scheme_title"})


def gather(
    chosen: Chosen, scope: Scope, regions: Collection[str], day: str, check: Checker, *, using: str = "default",
) -> Gathered:  # fmt: skip
    """All of these regions that may leave, in an order that the ledger gives, and all that was held back."""
    work = _Work(chosen, scope, regions, day, check, using)
    documents = list(_documents(work))
    work.origins.held = {one.id: one.reason for one in work.held}
    titles = {document.id: document for document in documents}
    facts = tuple(fact for document in documents for fact in _facts(work, document))
    items = tuple(_items(work, titles))
    if len(facts) + len(items) > MOST:
        raise WrongValue(f"有 {len(facts) + len(items):,} 条记录，超过 {MOST:,} 条", where="region", remedy="请按下一级地区分开发布")
    chains = tuple(_chains(work, documents, facts))
    scores = tuple(_scores(work))
    return Gathered(tuple(documents), facts, items, tuple(work.passed), tuple(work.held), chains, scores, work.seals)


# --- documents and their facts


def _documents(work: _Work) -> Iterator[Document]:
    found = models.Document.objects.using(work.using).filter(newest=True, region_code__in=work.regions).exclude(state="withdrawn")
    for row in found.order_by("region_code", "year", "kind", "id"):
        title = title_of(row)
        if row.id in work.chosen.leave:
            continue
        if work.chosen.documents and row.id not in work.chosen.documents:
            continue
        if not work.chosen.documents and row.kind not in kinds().documents:
            work.held.append(Held("document", row.id, mask(title)[:200], "internal", "kind"))
            continue
        record = Document(
            row.id, title, row.kind, row.region, row.region_code, level=row.level, year=row.year, first=row.plan_first, last=row.plan_last,
            date=row.date, file=row.file,
        )  # fmt: skip
        text = work.texts[row.id] = text_of(row)
        if (kept := work.may_leave("document", title, record, edge_stops(row, text, work.check))) is not None:
            yield kept


_FACT: Final = (
    "id", "document", "kind", "start", "end", "text", "clause", "name", "indicator_id", "role", "measure", "direction", "comparator", "value",
    "value_max", "unit", "year", "year_last", "strength", "stage", "lead", "due", "part",
)  # fmt: skip


def _facts(work: _Work, document: Document) -> Iterator[Fact]:
    found = models.Fact.objects.using(work.using).filter(document=document.id).exclude(state="rejected").order_by("ordinal")
    for values in found.values(*_FACT, "section_title", "state").iterator(chunk_size=2000):
        section, state = values.pop("section_title"), values.pop("state")
        at = _place(work.texts[document.id], values["clause"], values["start"], values["end"])
        record = Fact(**values, section=section, checked=state in ("accepted", "corrected"), at=at)
        if (kept := work.may_leave("fact", record.text, record)) is not None:
            yield kept


def _place(text: str, clause: str, start: int, end: int) -> int:
    """Where the words at ``start`` to ``end`` of the text begin within the sentence around them; -1 where it is not found.

    >>> _place("增长17%，其中工业增长7%。", "增长17%，其中工业增长7%。", 13, 15)
    13
    """
    begin = text.rfind(clause, max(0, end - len(clause)), start + len(clause)) if clause else -1
    return start - begin if 0 <= begin <= start and end <= begin + len(clause) else -1


# --- chains and scores


def _chains(work: _Work, documents: Sequence[Document], facts: Sequence[Fact]) -> Iterator[Chain]:
    names = {fact.id: fact.name or fact.text for fact in facts}
    for chain in chains_of([one.id for one in documents], names, work.using):
        if (kept := work.may_leave("chain", names[chain.target], chain)) is not None:
            yield kept


def _scores(work: _Work) -> Iterator[Score]:
    for score in scores_of(work.chosen.appraisals, work.regions, work.using):
        if (kept := work.may_leave("score", f"{score.unit_name} · {score.scheme_title}", score)) is not None:
            yield kept


# --- items


def _items(work: _Work, documents: Mapping[str, Document]) -> Iterator[Item]:
    matters = models.Matter.objects.using(work.using).filter(region_code__in=work.regions).order_by("mechanism", "number", "id")
    left = _Fields()
    for rows in _portions(matters):
        known = Matters(rows, work.using)
        for row in rows:
            made = _item(work, row, known, documents, left)
            if made is not None:
                yield made
    work.held += left.told()


def _portions(found: QuerySet[models.Matter]) -> Iterator[list[models.Matter]]:
    keys = list(found.values_list("id", flat=True))
    for at in range(0, len(keys), _AT_ONCE):
        rows = found.model.objects.using(found.db).in_bulk(keys[at : at + _AT_ONCE])
        yield [rows[key] for key in keys[at : at + _AT_ONCE] if key in rows]


def _item(work: _Work, row: models.Matter, known: Matters, documents: Mapping[str, Document], left: _Fields) -> Item | None:
    """The item as it may leave; None where it may not, which is noted. Of one that nobody may see nothing is noted but that it is there."""
    item = known.items.get(row.id)
    if item is None or item.state == "dropped" or row.id in work.chosen.leave or not known.is_seen(row.id, work.scope):
        return None
    mechanism = rules_for(row.mechanism, row.version).mechanism
    title = mask(item.title)[:200]
    if reason := why_not(row.mechanism, row.stage, internal=row.internal):
        hidden = reason == "one-person" or row.internal
        work.held.append(Held("item", "" if hidden else row.id, mechanism.title.zh if hidden else title, reason))
        return None
    maker = ItemMaker(row, item, mechanism, known, documents)
    record = maker.made(work.day)
    pictures = list(_pictures(work, row.id, mechanism.id, known.evidence.get(row.id, ())))
    if pictures:
        record = msgspec.structs.replace(record, pictures=tuple(pictures))
    kept: Item | None = work.may_leave("item", item.title, record, work.origins.stops(item.document, documents))
    if kept is not None:
        left.add(mechanism.title.zh, maker.withheld())
    return kept


class _Fields:
    """Fields that did not leave, by mechanism and field: told once, with how many matters had them."""

    def __init__(self) -> None:
        self._found = Counter[tuple[str, str, str, str]]()

    def add(self, mechanism: str, fields: Iterable[tuple[str, str, str]]) -> None:
        self._found.update((mechanism, key, title, reason) for key, title, reason in fields)

    def told(self) -> list[Held]:
        return [
            Held("field", f"{mechanism}.{key}", f"{mechanism} · {title}", reason, count=count)
            for (mechanism, key, title, reason), count in sorted(self._found.items())
        ]


def _pictures(work: _Work, item: str, mechanism: str, evidence: Sequence[models.Evidence]) -> Iterator[Any]:
    """The pictures that were chosen, without what the camera wrote into them; those that were not are noted."""
    from luoshi.publish.release.content import Picture

    allowed = kinds().mechanisms[mechanism].pictures if mechanism in kinds().mechanisms else ()
    for row in evidence:
        if not row.media.startswith("image/") or row.act not in allowed:
            continue
        if row.id not in work.chosen.pictures:
            work.held.append(Held("picture", row.id, mask(row.name)[:200], "picture", shown=item))
            continue
        plain = plain_picture(blobs().get(row.file))
        if plain is None:
            work.held.append(Held("picture", row.id, mask(row.name)[:200], "picture", "format", shown=item))
            continue
        data, media = plain
        yield Picture(blobs().put(data), media, row.name.rsplit(".", 1)[0], row.at[:10])


def empty(value: object) -> bool:
    """Whether there is nothing in a field."""
    return value in _EMPTY
