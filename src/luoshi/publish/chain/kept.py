"""Ends out of the ledger as the same flat records that ``luoshi link`` writes; offsets are those of the document's own text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from luoshi.link import Outcome, Quoted
from luoshi.messages import Lang
from luoshi.publish.chain.explaining import explained
from luoshi.publish.chain.row import End, Side


class Quotation(Protocol):
    """A quotation with the fact as it stands now."""

    @property
    def quoted(self) -> Quoted: ...
    @property
    def title(self) -> str: ...
    @property
    def file(self) -> str: ...
    @property
    def fact(self) -> Mapping[str, Any]: ...


class Ended(Protocol):
    """A target with its end."""

    @property
    def outcome(self) -> Outcome: ...
    @property
    def region_code(self) -> str: ...
    @property
    def level(self) -> str: ...
    @property
    def target(self) -> Quotation: ...
    @property
    def result(self) -> Quotation | None: ...


def end_of(row: Ended, place: str, lang: Lang) -> End:
    """The record of one target; ``place`` is the full name of whose it is."""
    outcome, target = row.outcome, _side(row.target)
    return End(
        kind=outcome.kind, place=place, region_code=row.region_code, level=row.level, year=outcome.due, name=outcome.name,
        verdict=outcome.verdict, why=outcome.why, also=outcome.others, target=target,
        result=None if row.result is None else _side(row.result), distance=outcome.distance, distance_unit=outcome.distance_unit,
        worked=outcome.worked, reasons=outcome.reasons, likely=outcome.likely, forecast=outcome.forecast, explained=explained(outcome, lang, target.comparator),
    )  # fmt: skip


def _side(said: Quotation) -> Side:
    one, fact = said.quoted, said.fact
    return Side(
        file=said.file, start=one.start, end=one.end, text=one.text, sentence=one.said, document=one.document, title=said.title, fact=one.fact,
        within=(one.start, one.end), indicator=fact.get("name", ""), indicator_id=fact.get("indicator_id", ""), measure=fact.get("measure", ""),
        direction=fact.get("direction", ""), comparator=fact.get("comparator", ""), value=fact.get("value"), value_max=fact.get("value_max"),
        unit=fact.get("unit", ""), year=fact.get("year"), strength=fact.get("strength", ""), stage=fact.get("stage", ""),
        section=fact.get("section_title", ""), part=fact.get("part", ""),
    )  # fmt: skip
