"""A comparison of places and years as a table: one row for each place and year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

from luoshi.messages import Lang
from luoshi.publish.chain.explaining import sentence, word
from luoshi.publish.chain.files import Column
from luoshi.publish.grid import Value

_COLUMNS: Final = (
    ("place", "text"), ("region_code", "word"), ("year", "year"), ("comparator", "word"), ("target_value", "amount"), ("target_value_max", "amount"),
    ("target_unit", "word"), ("target", "text"), ("target_said", "quote"), ("result_value", "amount"), ("result_unit", "word"), ("result", "text"),
    ("result_said", "quote"), ("verdict", "word"), ("target_document", "word"), ("result_document", "word"),
)  # fmt: skip


class Fact(Protocol):
    """A target or result with the document that it is from."""

    @property
    def fact(self) -> Any: ...


class Compared(Protocol):
    """A place and a year."""

    @property
    def region_code(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def year(self) -> int: ...
    @property
    def targets(self) -> Sequence[Fact]: ...
    @property
    def results(self) -> Sequence[Fact]: ...
    @property
    def verdict(self) -> str: ...


def columns(lang: Lang) -> tuple[Column, ...]:
    """The columns with their headings."""
    return tuple(Column(key, sentence(f"column.{key}", lang), shown) for key, shown in _COLUMNS)


def cells(one: Compared, lang: Lang) -> list[Value]:
    """The row of a place and a year: its first target and its first result."""
    target, result = next(iter(one.targets), None), next(iter(one.results), None)
    aim = target.fact if target else None
    told = result.fact if result else None
    known: Mapping[str, Value] = {
        "place": one.place, "region_code": one.region_code, "year": one.year, "verdict": word("verdict", one.verdict, lang) if one.verdict else "",
        "comparator": word("comparator", aim.comparator, lang) if aim and aim.comparator else "", "target_value": aim.value if aim else None,
        "target_value_max": aim.value_max if aim else None, "target_unit": aim.unit if aim else "", "target": aim.text if aim else "",
        "target_said": aim.clause if aim else "", "result_value": told.value if told else None, "result_unit": told.unit if told else "",
        "result": told.text if told else "", "result_said": told.clause if told else "", "target_document": aim.document if aim else "",
        "result_document": told.document if told else "",
    }  # fmt: skip
    return [known[key] for key, _ in _COLUMNS]
