"""Ends of targets as a table: which columns there are, and what stands in them."""

from __future__ import annotations

from typing import Final

from luoshi.messages import Lang
from luoshi.publish.chain.explaining import sentence, word
from luoshi.publish.chain.files import Column
from luoshi.publish.chain.row import End, Side
from luoshi.publish.grid import Value

#: key of a column, how it is shown
_COLUMNS: Final = (
    ("place", "text"), ("region_code", "word"), ("year", "year"), ("kind", "word"), ("name", "text"), ("target", "text"),
    ("target_value", "amount"), ("target_unit", "word"), ("comparator", "word"), ("target_said", "quote"), ("result", "text"),
    ("result_value", "amount"), ("result_unit", "word"), ("result_said", "quote"), ("verdict", "word"), ("why", "text"), ("also", "text"),
    ("distance", "amount"), ("distance_unit", "word"), ("worked", "text"), ("likely", "word"), ("explained", "quote"),
    ("target_file", "link"), ("target_start", "number"), ("target_end", "number"), ("target_document", "word"),
    ("result_file", "link"), ("result_start", "number"), ("result_end", "number"), ("result_document", "word"),
)  # fmt: skip


def columns(lang: Lang) -> tuple[Column, ...]:
    """The columns with their headings."""
    return tuple(Column(key, sentence(f"column.{key}", lang), shown) for key, shown in _COLUMNS)


def cells(end: End, lang: Lang) -> list[Value]:
    """What stands in the columns for one end."""
    joint = sentence("said.joint", lang)
    return [
        end.place, end.region_code, end.year, word("target", end.kind, lang), end.name, end.target.text,
        end.target.value, end.target.unit, _comparator(end, lang), end.target.sentence, *_answer(end.result),
        word("verdict", end.verdict, lang), word("why", end.why, lang) if end.why else "",
        joint.join(word("verdict", one, lang) for one in end.also), float(end.distance) if end.distance else None, end.distance_unit,
        end.worked, sentence("said.yes" if end.likely else "said.no", lang), end.explained, *_where(end.target), *_where(end.result),
    ]  # fmt: skip


def _comparator(end: End, lang: Lang) -> str:
    return word("comparator", end.target.comparator, lang) if end.target.comparator else ""


def _answer(side: Side | None) -> tuple[Value, ...]:
    return ("", None, "", "") if side is None else (side.text, side.value, side.unit, side.sentence)


def _where(side: Side | None) -> tuple[Value, ...]:
    return ("", None, None, "") if side is None else (side.file, side.start, side.end, side.document)
