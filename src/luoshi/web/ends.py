"""Ends of targets as pages show them: a verdict with its words and look, rows for templates, files to take out."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final, cast
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from luoshi.desk.done import NotFound, WrongValue
from luoshi.ledger.places import tree
from luoshi.ledger.promises import ORDER, Kept, Said
from luoshi.link import Quoted
from luoshi.publish.chain.columns import cells, columns
from luoshi.publish.chain.explaining import answer_kind, explained, sentence, word
from luoshi.publish.chain.files import ENDINGS, Column, Form, write_table
from luoshi.publish.chain.kept import end_of
from luoshi.publish.grid import Value
from luoshi.web.page import address
from luoshi.web.words import current_lang

#: the look of a chip; each has its own shape
_LOOKS: Final[Mapping[str, str]] = {
    "met": "good", "near": "warn", "missed": "wrong", "carried_over": "warn", "restated": "corrected", "weakened": "corrected",
    "strengthened": "good", "dropped": "rejected", "cannot_tell": "doubt", "not_yet": "open",
}  # fmt: skip
_TYPES: Final[Mapping[str, str]] = {
    "csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}  # fmt: skip


def verdict(slug: str) -> dict[str, str]:
    """Slug, words and look of a verdict."""
    return {"slug": slug, "words": word("verdict", slug, current_lang()), "look": _LOOKS.get(slug, "plain")}


def verdicts() -> list[dict[str, str]]:
    """All verdicts, what is not done first."""
    return [verdict(slug) for slug in ORDER]


def shown(row: Kept) -> dict[str, Any]:
    """A target with its end for a template."""
    outcome, lang = row.outcome, current_lang()
    return {
        "row": row, "outcome": outcome, "name": outcome.name or outcome.target.text, "year": outcome.due, "verdict": verdict(outcome.verdict),
        "why": word("why", outcome.why, lang) if outcome.why else "", "kind": word("target", outcome.kind, lang),
        "address": address("promise", link=row.id), "target": _quotation(row.target), "result": row.result and _quotation(row.result),
        "answer": answer_kind(row.judged),
        "beside": row.beside and _quotation(row.beside), "explained": explained(outcome, lang, row.target.fact.get("comparator", "")),
        "reasons": [word("reason", reason, lang) for reason in outcome.reasons], "others": [verdict(one) for one in outcome.others],
        "judged": verdict(row.judged), "comparator": _comparator(row.target.fact, outcome.target.text),
    }  # fmt: skip


def _comparator(fact: Mapping[str, Any], text: str) -> str:
    """How the amount is meant, where its own words do not say it: 不低于 beside 6%."""
    comparator = fact.get("comparator", "")
    return word("comparator", comparator, current_lang()) if comparator not in ("", "eq") and text[:1].isdigit() else ""


def _quotation(said: Said) -> dict[str, Any]:
    one = said.quoted
    return {
        **pieces(one), "words": one.text, "title": said.title, "year": said.year, "document": one.document,
        "address": f"{address('room', document=one.document)}#{one.fact}", "section": said.fact.get("section_title", ""),
    }  # fmt: skip


def pieces(one: Quoted) -> dict[str, str]:
    """The sentence around a quotation in three pieces, the words of the fact in the middle."""
    blanks = len(one.said) - len(one.said.lstrip())
    at = one.start - one.sentence[0] - blanks
    if one.said[at : at + len(one.text)] != one.text or at < 0:
        at = one.said.find(one.text)
    if at < 0:
        return {"before": one.said, "text": "", "after": ""}
    return {"before": one.said[:at], "text": one.text, "after": one.said[at + len(one.text) :]}


def file_of(rows: Iterable[Kept], title: str, form: str) -> HttpResponseBase:
    """The targets with their ends as csv, xlsx or parquet."""
    lang, places = current_lang(), tree()
    table = (cells(end_of(row, places.name(row.region_code) or row.place, lang), lang) for row in rows)
    return attachment(title, columns(lang), table, form)


def attachment(title: str, heads: Iterable[Column], rows: Iterable[Sequence[Value]], form: str) -> HttpResponseBase:
    """A table as a file to take out; ``NotFound`` for a form that there is not."""
    if form not in ENDINGS:
        raise NotFound("没有这种格式", where=form[:20], remedy=f"可选：{' '.join(ENDINGS)}")
    out = io.BytesIO()
    write_table(cast("Form", form), title, tuple(heads), rows, out)
    response = HttpResponse(out.getvalue(), content_type=_TYPES[form])
    response["Content-Disposition"] = f"attachment; filename=\"links{ENDINGS[form]}\"; filename*=UTF-8''{quote(title)}{ENDINGS[form]}"
    return response


def year_asked(request: HttpRequest, name: str = "year") -> int | None:
    """The year that the address asks for; ``None`` where it asks for none. Raises ``WrongValue`` for what is no year."""
    value = request.GET.get(name, "").strip()
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) == 4):
        raise WrongValue(f"“{value[:20]}”不是年份", where=name, remedy="请写四位数的年份，如 2026")
    return int(value)


def one_of(request: HttpRequest, name: str, values: Collection[str]) -> str:
    """What the address asks for, one of ``values``; ``""`` where it asks for nothing. Raises ``WrongValue`` for anything else."""
    value = request.GET.get(name, "").strip()
    if value and value not in values:
        raise WrongValue(f"没有“{value[:20]}”这一项", where=name, remedy="请从页面的选项里选")
    return value


def table_title() -> str:
    """What a table of targets and their ends is called."""
    return sentence("table.ends", current_lang())
