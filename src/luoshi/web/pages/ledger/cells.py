"""A table's cells as HTML: fifty rows of ten are too many for a template that asks each what it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils.html import escape, format_html

from luoshi.ledger.cells import Line
from luoshi.ledger.tables import Column
from luoshi.web import writing
from luoshi.web.words import current_lang, say_word

Cell = tuple[str, str]
_CLASSES: Final = {"amount": "number", "year": "number", "quote": "long", "day": "nowrap", "moment": "nowrap"}
#: columns whose words are shown as chips
_CHIPS: Final = ("role", "state")


class Shown:
    """A line with its cells (class, HTML) in the order of the columns."""

    def __init__(self, line: Line, columns: Sequence[Column]) -> None:
        self.record, self.document = line.record, line.document
        self.id = line.record.id
        self.label = str(getattr(line.record, "name", "") or getattr(line.record, "title", ""))[:60]
        self.cells: list[Cell] = [(_CLASSES.get(column.shown, ""), _html(column, line)) for column in columns]


def _html(column: Column, line: Line) -> str:
    """What stands in the cell; nothing for what the line does not have."""
    value = line.value(column.name)
    if value is None or value == "":
        return ""
    return _WRITERS.get(column.shown, _plain)(column, line, value)


def _plain(column: Column, line: Line, value: Any) -> str:
    return escape(value)


def _amount(column: Column, line: Line, value: Any) -> str:
    return escape(writing.show_amount(value, line.record.unit, current_lang()))


def _day(column: Column, line: Line, value: Any) -> str:
    return escape(writing.show_day(value, current_lang()))


def _moment(column: Column, line: Line, value: Any) -> str:
    return escape(writing.show_moment(value, current_lang(), settings.TIME_ZONE))


def _word(column: Column, line: Line, value: Any) -> str:
    word = say_word(column.words, str(value))
    return format_html('<span class="chip {}">{}</span>', value, word) if column.name in _CHIPS else escape(word)


def _link(column: Column, line: Line, value: Any) -> str:
    return format_html('<a href="{}">{}</a>', reverse("document", kwargs={"document": line.document.id}), value) if line.document else ""


_WRITERS: Final[dict[str, Callable[[Column, Line, Any], str]]] = {
    "amount": _amount, "day": _day, "moment": _moment, "word": _word, "link": _link,
}  # fmt: skip
