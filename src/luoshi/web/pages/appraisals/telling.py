"""Scores as a page shows them: groups with their rows, a sheet line by line, the entries behind a value with the sentence they come from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

import msgspec

from luoshi.appraise.given import Ref
from luoshi.appraise.number import plain
from luoshi.appraise.score import Score, Scored, Use
from luoshi.desk.appraisal.scoring import score_of
from luoshi.ledger import models
from luoshi.ledger.appraised import Appraisal
from luoshi.ledger.appraised import Score as Row
from luoshi.ledger.matters import seen
from luoshi.ledger.scope import Scope
from luoshi.ledger.veiling import shown
from luoshi.web.words import current_lang, say

#: so many entries of one value are shown; the file has all
SHOWN: Final = 40


class Backed(msgspec.Struct, frozen=True):
    """An entry behind a value: what it is called, where it leads, what it says, and the sentence of the document that the matter comes from."""

    title: str
    item: str = ""
    number: str = ""
    note: str = ""
    sentence: str = ""
    appraisal: str = ""


class Shown(msgspec.Struct, frozen=True):
    """A value that a line looked at."""

    title: str
    value: str
    arithmetic: str
    why: str
    backed: tuple[Backed, ...]
    more: int


class Told(msgspec.Struct, frozen=True):
    """A line of a sheet."""

    key: str
    title: str
    rule: str
    source: str
    side: str
    full: str
    points: str
    arithmetic: str
    note: str
    why: str
    uses: tuple[Shown, ...]


def in_words(words: Any) -> str:
    """Words in the language of the request, given as a value or as plain data."""
    if isinstance(words, Mapping):
        return str(words.get(current_lang(), words.get("zh", "")))
    return str(words.en if current_lang() == "en" else words.zh)


def number(value: Decimal | None) -> str:
    return "" if value is None else plain(value)


class Entries:
    """What is known of the entries behind the values of a sheet, looked up together."""

    def __init__(self, lines: Iterable[Scored], scope: Scope) -> None:
        refs = [ref for line in lines for use in line.uses for ref in use.refs[:SHOWN]]
        items = sorted({ref.item for ref in refs if ref.item})
        rows = {
            row.id: row
            for at in range(0, len(items), 900)
            for row in seen(models.Matter.objects.filter(pk__in=items[at : at + 900]), scope)
        }
        self._rows = rows
        self._items = {item.id: item for item in shown(models.Item.objects.filter(pk__in=list(rows)))}
        files = {ref.id for ref in refs if ref.kind == "cell"}
        self._names = _names_of_files(files)
        self._titles = dict(Appraisal.objects.filter(pk__in={ref.id for ref in refs if ref.kind == "appraisal"}).values_list("id", "title"))

    def backed(self, ref: Ref) -> Backed:
        """An entry in words; of a matter that the viewer does not see only that it is there."""
        if ref.kind == "cell":
            return Backed(self._names.get(ref.id, say("appraisals.table")), note=ref.note)
        if ref.kind == "appraisal":
            return Backed(self._titles.get(ref.id, ref.note), appraisal=ref.id)
        if not ref.item:
            return Backed(say("appraisals.corrected_by"), note=ref.note)
        row, item = self._rows.get(ref.item), self._items.get(ref.item)
        if row is None:
            return Backed(say("appraisals.unseen"), note=ref.note)
        title = item.title if item else row.number
        return Backed(title, row.id, row.number, ref.note, item.text if item and item.text != title else "")


def _names_of_files(files: set[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    if files:
        for data in models.Entry.objects.filter(act="score.bring").order_by("seq").values_list("data", flat=True):
            values = msgspec.json.decode(data)
            if values["file"] in files:
                found[values["file"]] = values["name"]
    return found


def lines_of(score: Score, scope: Scope) -> list[Told]:
    """The lines of a sheet."""
    entries = Entries(score.lines, scope)
    return [_told(line, entries) for line in score.lines]


def _told(line: Scored, entries: Entries) -> Told:
    return Told(
        line.key, in_words(line.title), line.rule, line.source, line.side, number(line.full) if line.full else "", number(line.points),
        line.arithmetic, line.note, line.why, tuple(_shown(use, entries) for use in line.uses),
    )  # fmt: skip


def _shown(use: Use, entries: Entries) -> Shown:
    backed = tuple(entries.backed(ref) for ref in use.refs[:SHOWN])
    return Shown(in_words(use.title), use.word or number(use.value), use.arithmetic, use.why, backed, max(0, len(use.refs) - SHOWN))


def groups_of(appraisal: Appraisal, rows: Sequence[Row], every: Sequence[Row]) -> list[dict[str, Any]]:
    """The peer groups of an appraisal with those of their rows that are shown, each with the load beside it; grades are counted over all."""
    about = msgspec.json.decode(appraisal.about)
    # several hundred rows: the values are read together
    whole = {row.pk: row for row in Row.objects.filter(pk__in=[row.pk for row in rows])}
    rows = [whole[row.pk] for row in rows if row.pk in whole]
    titles, full = about.get("groups", {}), about.get("full", {})
    keys = [*titles, *sorted({row.peers for row in rows} - set(titles))]
    found = []
    for key in keys:
        own = [row for row in rows if row.peers == key]
        if own:
            shown = [{"row": row, "load": _load(row)} for row in own]
            graded = [row.grade for row in every if row.peers == key and row.grade]
            grades = [(grade, graded.count(grade)) for grade in dict.fromkeys(graded)]
            found.append({
                "key": key or "none", "title": in_words(titles[key]) if key in titles else key, "full": full.get(key), "rows": shown, "grades": grades,
                "heads": [in_words(one.title) for one in (score_of(own[0]).load or ())],
            })  # fmt: skip
    return found


def _load(row: Row) -> list[str]:
    return [number(use.value) for use in score_of(row).load]
