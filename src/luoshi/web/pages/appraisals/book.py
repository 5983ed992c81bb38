"""The workbook of an appraisal: its table, the explanation of every line, the entries behind the values; and the sample to fill in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

import msgspec

from luoshi.appraise.given import Ref
from luoshi.appraise.scheme import Scheme
from luoshi.appraise.score import Scored
from luoshi.desk.appraisal.bringing import brought_inputs
from luoshi.desk.appraisal.scoring import score_of
from luoshi.ledger import models
from luoshi.ledger.appraised import Appraisal
from luoshi.ledger.appraised import Score as Row
from luoshi.ledger.matters import seen
from luoshi.ledger.scope import Scope
from luoshi.ledger.veiling import shown
from luoshi.publish.appraisal_sheet import Cell, Table, book_of
from luoshi.web.pages.appraisals.telling import in_words, number
from luoshi.web.words import say

_STATES = {
    "drawn": "appraisals.state_drawn",
    "announced": "appraisals.state_announced",
    "final": "appraisals.state_final",
    "withdrawn": "appraisals.state_withdrawn",
}


def appraisal(row: Appraisal, rows: Sequence[Row], explained: Sequence[Row], scope: Scope) -> bytes:
    """The workbook; ``explained``: whose sheets may be looked at; of a matter that the scope does not see only that it is there."""
    about = msgspec.json.decode(row.about)
    notes = (
        f"{row.title}（{say(_STATES[row.state])}）", f"{say('appraisals.scheme')}：{in_words(about.get('scheme', {}))} {row.scheme}",
        f"{say('appraisals.rounding')}：{about.get('rounding', '')}；{about.get('ties', '')}",
    )  # fmt: skip
    titles = about.get("groups", {})
    table = Table(
        say("appraisals.table_sheet"),
        ((say("appraisals.name"), 28), (say("appraisals.group"), 18), (say("appraisals.place"), 8), (say("appraisals.points"), 12), (say("appraisals.grade"), 10), (say("appraisals.why"), 50)),
        tuple((one.name, in_words(titles[one.peers]) if one.peers in titles else one.peers, one.place, _points(one), one.grade, one.why) for one in rows), notes,
    )  # fmt: skip
    return book_of(row.title, [table, _explanation(explained), _entries(explained, scope)])


def _points(row: Row) -> Cell:
    return Decimal(row.points) if row.points else None


def _explanation(rows: Sequence[Row]) -> Table:
    """Every line of every sheet: rule, values, arithmetic, points."""
    made: list[tuple[Cell, ...]] = []
    for row in rows:
        score = score_of(row)
        made += [
            (row.name, in_words(line.title), line.rule, _values(line), line.arithmetic or line.why, line.points, line.note, line.source)
            for line in score.lines
        ]
        made.append((row.name, say("appraisals.total"), score.grade_why, "", score.arithmetic or score.why, score.points, "", ""))
    heads = (
        (say("appraisals.name"), 24), (say("appraisals.line"), 16), (say("appraisals.rule"), 40), (say("appraisals.values"), 44),
        (say("appraisals.arithmetic"), 48), (say("appraisals.points"), 12), (say("appraisals.note"), 30), (say("appraisals.source"), 40),
    )  # fmt: skip
    return Table(say("appraisals.explain_sheet"), heads, tuple(made))


def _values(line: Scored) -> str:
    return "；".join(
        f"{in_words(use.title)} {use.word or number(use.value) or '—'}{f'（{use.arithmetic}）' if use.arithmetic else ''}"
        for use in line.uses
    )


def _entries(rows: Sequence[Row], scope: Scope) -> Table:
    """The entries behind every value, with the matters' numbers and sentences as the page shows them: those that are seen, and veiled."""
    found = list(_refs(rows))
    items = sorted({ref.item for _, _, ref in found if ref.item})
    unseen = say("appraisals.unseen")
    numbers, told = dict[str, str](), dict[str, tuple[str, str]]()
    for at in range(0, len(items), 900):
        some = items[at : at + 900]
        mine = dict(seen(models.Matter.objects.filter(pk__in=some), scope).values_list("id", "number"))
        numbers.update(mine)
        told.update({item.id: (item.title, item.text) for item in shown(models.Item.objects.filter(pk__in=list(mine)))})
    made: list[tuple[Cell, ...]] = [
        (name, value, numbers.get(ref.item, ""), *told.get(ref.item, (unseen if ref.item else "", "")), ref.note, f"{ref.kind} {ref.id}")
        for name, value, ref in found
    ]
    heads = (
        (say("appraisals.name"), 24), (say("appraisals.value"), 20), (say("appraisals.number"), 16), (say("appraisals.matter"), 36),
        (say("appraisals.sentence"), 50), (say("appraisals.what"), 40), (say("appraisals.entry"), 30),
    )  # fmt: skip
    return Table(say("appraisals.entries_sheet"), heads, tuple(made))


def _refs(rows: Sequence[Row]) -> Iterator[tuple[str, str, Ref]]:
    for row in rows:
        for line in score_of(row).lines:
            for use in line.uses:
                for ref in use.refs:
                    yield row.name, in_words(use.title), ref


def sample(row: Appraisal, scheme: Scheme, rows: Sequence[Row]) -> bytes:
    """The table to fill in: a column for each value that comes with a table, a row for each subject."""
    inputs = brought_inputs(scheme)
    first = ("企业名称", "统一社会信用代码") if scheme.subject == "enterprise" else ("单位",)
    group = ("分组",) if len(scheme.groups) > 1 and scheme.subject != "unit" else ()
    heads = tuple((words, 26) for words in (*first, *group)) + tuple(
        (f"{one.title.zh}{f'（{one.unit}）' if one.unit else ''}", 18) for one in inputs
    )
    width = len(heads)
    names: tuple[tuple[Cell, ...], ...] = tuple((one.name, *([None] * (width - 1))) for one in rows)
    choices = {
        len(first) + len(group) + at: tuple(one.zh for one in given.choices.values()) for at, given in enumerate(inputs) if given.choices
    }
    if group:
        choices[len(first)] = tuple(one.title.zh for one in scheme.groups)
    return book_of(row.title, [Table("数据", heads, names, choices=choices)])
