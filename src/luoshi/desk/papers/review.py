"""The draft of the review part of the next report: what the ledger can show of a year, every number with a footnote to what it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings

from luoshi.desk.actor import Actor
from luoshi.desk.done import NotFound
from luoshi.desk.papers.past import Rulebook
from luoshi.desk.papers.tables import day_said, open_items
from luoshi.desk.papers.templates import Paper, made, named_office
from luoshi.desk.rights import require
from luoshi.ledger import models
from luoshi.ledger.acts.matters import life_of
from luoshi.ledger.called import names_of
from luoshi.ledger.desks import Said, last_said
from luoshi.ledger.places import tree
from luoshi.ledger.scope import Scope
from luoshi.ledger.store import Clock, now
from luoshi.ledger.tables import items_seen
from luoshi.ledger.titles import title_of
from luoshi.ledger.veiling import knows_of_people, tells_of_persons
from luoshi.loop.clock import day_of
from luoshi.loop.matter import Matter
from luoshi.loop.mechanism import Mechanism
from luoshi.masking import mask
from luoshi.publish.papers import Piece, Values, Words, day_words, ordinal
from luoshi.publish.papers.words import amount

_MOST_NAMED: Final = 12
_MOST_RESULTS: Final = 40
_OTHER: Final = "其他"
_FULL: Final = 100.0
_QUOTED: Final = 160


class Kept(msgspec.Struct, frozen=True):
    """An item of the year with what the ledger has of it."""

    item: models.Item
    document: str
    row: models.Matter | None
    matter: Matter | None
    mechanism: Mechanism | None
    unit: str
    said: Said | None
    files: tuple[str, ...]


def review(actor: Actor, year: int, scope: Scope, *, region: str = "", clock: Clock = now) -> Paper:
    """The draft for a year and a region. ``NotFound`` where the ledger has no tasks of it."""
    return made("review", review_values(actor, year, scope, region=region, clock=clock), f"{year}年工作回顾初稿")


def review_values(actor: Actor, year: int, scope: Scope, *, region: str = "", clock: Clock = now) -> Values:
    """What the draft says. An item of which nothing was reported is counted, and nothing is written of it."""
    require(actor, "papers")
    codes = tree().subtree(region) if region else None
    kept = _kept(year, scope, codes)
    if not kept:
        raise NotFound(f"没有{year}年的任务", where=tree().name(region) or "全部地区", remedy="请换一个年度，或先从报告建立事项")
    told = [one for one in kept if _speaks(one)]
    day = day_of(clock(), ZoneInfo(settings.TIME_ZONE)).isoformat()
    return {
        "office": named_office(), "day": day_words(day), "region": tree().name(region), "year": str(year),
        "document": "、".join(dict.fromkeys(one.document for one in kept if one.document)), "summary": _summary(year, kept, day),
        "paragraphs": [*_results(year, scope, codes), *_sections(told, begin=2 if _has_results(year, scope, codes) else 1)],
        "left": len(kept) - len(told) or None,
    }  # fmt: skip


def years(scope: Scope) -> list[int]:
    """The years of which there are items that the scope sees, the newest first."""
    found = models.Item.objects.filter(id__in=items_seen(scope).values("id"), year__isnull=False).values_list("year", flat=True)
    return sorted({year for year in found if year is not None}, reverse=True)


# --- gathered


def _kept(year: int, scope: Scope, codes: Sequence[str] | None) -> list[Kept]:
    rows = models.Item.objects.filter(id__in=items_seen(scope).values("id"), year=year)
    if codes is not None:
        rows = rows.filter(region_code__in=codes)
    items = open_items(rows.order_by("ordinal", "id"))
    keys = [item.id for item in items]
    matters = models.Matter.objects.in_bulk(keys)
    # what somebody asked for or complained of is no task of the report, and its title does not leave the office
    book = Rulebook()
    mechanisms = {key: book(row.mechanism, row.version).mechanism for key, row in matters.items()}
    items = [item for item in items if item.id not in mechanisms or not tells_of_persons(mechanisms[item.id])]
    documents = {row.id: title_of(row) for row in models.Document.objects.filter(pk__in={item.document for item in items if item.document})}
    duty = {part.key for mechanism in mechanisms.values() for part in mechanism.parts if part.held == "duty"}
    said, units = last_said(keys, duty), names_of({row.unit for row in matters.values()})
    files: dict[str, list[str]] = {}
    for key, name in models.Evidence.objects.filter(item__in=keys, live=True).order_by("at").values_list("item", "name"):
        files.setdefault(key, []).append(name)
    found = []
    for item in items:
        row, mechanism = matters.get(item.id), mechanisms.get(item.id)
        matter = life_of(row.life) if row else None
        unit = (units.get(row.unit, "") if row else "") or item.lead
        words = _masked(mechanism, matter, said.get(item.id))
        found.append(Kept(item, documents.get(item.document, ""), row, matter, mechanism, unit, words, tuple(files.get(item.id, ()))))
    return found


def _masked(mechanism: Mechanism | None, matter: Matter | None, said: Said | None) -> Said | None:
    """What was said last, without what is personal where the mechanism knows of people."""
    if mechanism is None or matter is None or said is None or not knows_of_people(mechanism):
        return said
    held = [str(value) for field in mechanism.fields if field.masked and field.type == "person" and (value := matter.fields.get(field.key))]
    return Said(said.at, mask(said.text, known=held))


def _speaks(one: Kept) -> bool:
    """Whether anything is there to be written: it was closed, its progress was reported, or something was said."""
    return one.matter is not None and (one.matter.state == "closed" or one.matter.progress is not None or one.said is not None)


# --- written


def _summary(year: int, kept: Sequence[Kept], day: str) -> Words:
    """How many tasks there were and how many were closed; each count with the numbers of its matters."""
    closed = [one for one in kept if one.matter is not None and one.matter.state == "closed"]
    sources = "、".join(f"《{title}》" for title in dict.fromkeys(one.document for one in kept) if title) or "台账"
    return (
        Piece(f"{year}年", f"任务出自{sources}。"), Piece("确定的任务"), Piece(f"{len(kept)}项", f"截至{day_words(day)}台账中{year}年的事项：{_numbers(kept)}。"),
        Piece("，已办结"), Piece(f"{len(closed)}项", f"截至{day_words(day)}已办结：{_numbers(closed)}。"), Piece("。"),
    )  # fmt: skip


def _numbers(kept: Sequence[Kept]) -> str:
    """The numbers of matters, the first of many; of items without a matter their number in the document."""
    names = [one.row.number if one.row else one.item.number or one.item.id for one in kept]
    if not names:
        return "没有"
    return "、".join(names[:_MOST_NAMED]) + (f"等{len(names)}件" if len(names) > _MOST_NAMED else "")


def _sections(told: Sequence[Kept], *, begin: int) -> Iterator[dict[str, Any]]:
    groups: dict[str, list[Kept]] = {}
    for one in told:
        groups.setdefault(one.item.section_title or _OTHER, []).append(one)
    for number, (title, found) in enumerate(groups.items(), begin):
        yield {"head": f"{ordinal(number)}、{title}", "text": ""}
        for one in found:
            yield {"head": "", "text": _sentence(one)}


def _sentence(one: Kept) -> Words:
    """What was promised, how far it came, and what the unit says; behind each the sentence or the report that it rests on."""
    pieces = [Piece(one.item.title, _promised(one)), Piece("："), *_reached(one)]
    if one.said is not None:
        pieces += [Piece("；" if len(pieces) > 2 else ""), Piece(one.said.text.rstrip("。；;"), _reported(one, one.said.at))]
    return (*(piece for piece in pieces if piece.text), Piece("。"))


def _promised(one: Kept) -> str:
    """The footnote to the title: the sentence of the document."""
    words = " ".join(one.item.text.split())
    quote = f"“{words[:_QUOTED]}{'……' if len(words) > _QUOTED else ''}”" if words else ""
    return f"《{one.document}》：{quote}" if one.document else f"{one.row.number if one.row else one.item.id}：{quote or one.item.title}"


def _reached(one: Kept) -> Iterator[Piece]:
    matter = one.matter
    if matter is None:
        return
    count, target, unit = matter.fields.get("count"), matter.fields.get("target"), _unit(one)
    note = _reported(one, matter.progress_at.isoformat() if matter.progress_at else "")
    if matter.state == "closed":
        closed = matter.closed.isoformat() if matter.closed else ""
        yield Piece("已办结", f"{one.row.number if one.row else ''}，{day_said(closed)}销号{_files(one)}。")
    if isinstance(count, int | float) and not isinstance(count, bool):
        yield Piece("，" if matter.state == "closed" else "")
        yield Piece(f"完成{amount(count)}{unit}", note)
        if isinstance(target, int | float):
            yield Piece(f"（目标{amount(target)}{unit}）", _promised(one))
    elif matter.progress is not None and not (matter.state == "closed" and matter.progress >= _FULL):
        yield Piece("，" if matter.state == "closed" else "")
        yield Piece(f"进度{amount(round(matter.progress, 1))}%", note)


def _unit(one: Kept) -> str:
    """What is counted: as the matter says it, else as its mechanism does."""
    field = one.mechanism.field("count") if one.mechanism else None
    told = one.matter.fields.get("target_unit") if one.matter else ""
    return str(told or (field.unit if field else "") or "")


def _reported(one: Kept, at: str) -> str:
    """The footnote to what a unit reported: which matter, who, when, with which files."""
    number = one.row.number if one.row else one.item.id
    return f"{number}，{one.unit or '承办单位'}{day_said(at)}报送{_files(one)}。"


def _files(one: Kept) -> str:
    if not one.files:
        return "，没有佐证"
    return f"，佐证{len(one.files)}件：{'、'.join(one.files[:3])}{'等' if len(one.files) > 3 else ''}"


# --- results of the year that documents say


def _facts(year: int, scope: Scope, codes: Sequence[str] | None) -> list[models.Fact]:
    found = models.Fact.objects.filter(kind="measure", role="result", year=year, year_last__isnull=True, value__isnull=False).exclude(
        state="rejected"
    )
    documents = models.Document.objects.filter(newest=True).exclude(state="withdrawn")
    if scope.regions is not None:
        documents = documents.filter(region_code__in=scope.regions)
    if codes is not None:
        documents = documents.filter(region_code__in=codes)
    return list(found.filter(document__in=documents.values("id")).exclude(indicator_id="").order_by("ordinal")[:_MOST_RESULTS])


def _has_results(year: int, scope: Scope, codes: Sequence[str] | None) -> bool:
    return bool(_facts(year, scope, codes))


def _results(year: int, scope: Scope, codes: Sequence[str] | None) -> Iterator[dict[str, Any]]:
    """The results of the year that documents of the ledger already say, word for word."""
    facts = _facts(year, scope, codes)
    if not facts:
        return
    titles = {row.id: title_of(row) for row in models.Document.objects.filter(pk__in={fact.document for fact in facts})}
    pieces: list[Piece] = []
    for clause, document in dict.fromkeys(
        (" ".join((fact.clause or fact.text).split()).strip("，。；、"), fact.document) for fact in facts
    ):
        pieces += [Piece("；" if pieces else ""), Piece(clause, f"《{titles.get(document, '')}》：“{clause[:_QUOTED]}”")]
    yield {"head": "一、主要指标", "text": ""}
    yield {"head": "", "text": (*(piece for piece in pieces if piece.text), Piece("。"))}
