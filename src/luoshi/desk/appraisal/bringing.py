"""Values from a table that somebody brings: marks of raters, figures of places, the enterprises of a land efficiency rating with their data."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings

from luoshi.appraise.given import Given, Ref, Subject
from luoshi.appraise.peers import peers_of
from luoshi.appraise.scheme import Input, Scheme
from luoshi.desk.actor import Actor
from luoshi.desk.appraisal.counting import Counting, count
from luoshi.desk.appraisal.drawing import MOST
from luoshi.desk.appraisal.keeping import units_among
from luoshi.desk.appraisal.period import period_of
from luoshi.desk.appraisal.ruling import scheme_for
from luoshi.desk.appraisal.scoring import put, rows_of, scored, subject_of
from luoshi.desk.appraisal.seeing import appraisal_for
from luoshi.desk.done import Conflict, Done, WrongValue
from luoshi.desk.rights import require
from luoshi.errors import UnreadableFile
from luoshi.ledger import models
from luoshi.ledger.appraised import Appraisal
from luoshi.ledger.entry import Draft
from luoshi.ledger.ids import ident
from luoshi.ledger.scope import Scope
from luoshi.ledger.store import Clock, blobs, now, writing
from luoshi.read.book import Cell, read_book

NAMES: Final = ("单位", "单位名称", "名称", "企业名称", "地方", "县区", "name")
CODES: Final = ("统一社会信用代码", "信用代码", "code")
GROUPS: Final = ("分组", "组别", "类别分组", "group")
#: rows above the headings that somebody may have put in
_ABOVE: Final = 20
#: no value is as great
TOO_MUCH: Final = Decimal(10) ** 15
_MOST_BYTES: Final = 20 * 1024 * 1024


class Line(msgspec.Struct, frozen=True):
    """A row of the table: who, in which group, with which values, each with its cell."""

    row: int
    name: str
    code: str = ""
    group: str = ""
    given: dict[str, Given] = {}


class Brought(msgspec.Struct, frozen=True):
    """What a table says: its rows, the inputs that it has a column for, and what of it was not understood (row, column, what)."""

    lines: tuple[Line, ...]
    keys: tuple[str, ...]
    wrong: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def read_table(data: bytes, name: str, scheme: Scheme) -> Brought:
    """The table; raises ``UnreadableFile`` where it is none, ``WrongValue`` where it has no column of names or none that the scheme knows."""
    if len(data) > _MOST_BYTES:
        raise UnreadableFile("文件超过 20 MB", where=name, slug="too-large", remedy="请只留要导入的一张表")
    cells, leaf = _cells(data, name)
    head = _head(cells, scheme)
    if head is None:
        raise WrongValue("没有找到表头", where=name[:60], remedy=f"表头里要有“{NAMES[0]}”或“企业名称”，和方案里数据项的名称")
    row, columns = head
    known, unknown = _columns(columns, scheme)
    if not known:
        raise WrongValue(
            "表里没有方案要的数据项",
            where=name[:60],
            remedy="请按取出的样表填写：" + "、".join(one.title.zh for one in brought_inputs(scheme)[:8]),
        )
    reading = _Reading(scheme, blobs().put(data), leaf, known)
    last = max((at for at, _ in cells), default=row)
    lines = [line for at in range(row + 1, min(last, row + MOST) + 1) if (line := reading.line(cells, at, columns)) is not None]
    if not lines:
        raise WrongValue("表里没有数据", where=name[:60], remedy="请在表头下面一行一个地填写")
    doubled = _doubled(lines)
    if doubled:
        raise WrongValue(f"“{doubled[0]}”有两行", where=name[:60], remedy="请只留一行再传")
    return Brought(tuple(lines), tuple(known), tuple(reading.wrong), tuple(unknown))


def brought_inputs(scheme: Scheme) -> list[Input]:
    """The inputs that come with a table or from raters."""
    return [one for one in scheme.inputs if one.by in {"table", "rater"}] or list(scheme.inputs)


def _cells(data: bytes, name: str) -> tuple[Mapping[tuple[int, int], Cell], str]:
    """The cells of the first sheet that shows, or of a CSV."""
    if data[:2] == b"PK":
        book = read_book(data, name)
        leaf = next((leaf for leaf in book.leaves if not leaf.hidden and leaf.cells), None)
        if leaf is None:
            raise UnreadableFile("工作簿是空的", where=name, slug="empty", remedy="请填写后再传")
        return leaf.cells, leaf.name
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError as error:
            raise UnreadableFile("不是表格（xlsx 或 csv）", where=name, slug="no-workbook", remedy="请另存为 .xlsx 再传") from error
    if "\0" in text:
        raise UnreadableFile("不是表格（xlsx 或 csv）", where=name, slug="no-workbook", remedy="请另存为 .xlsx 再传")
    try:
        rows = list(csv.reader(io.StringIO(text)))
    except csv.Error as error:
        raise UnreadableFile("不是合格的 csv", where=name, slug="no-workbook", remedy="请另存为 .xlsx 再传") from error
    return {
        (at, column): Cell(value.strip())
        for at, row in enumerate(rows[: MOST + _ABOVE])
        for column, value in enumerate(row)
        if value.strip()
    }, "csv"


def _head(cells: Mapping[tuple[int, int], Cell], scheme: Scheme) -> tuple[int, dict[str, int]] | None:
    """The row of the headings and the column of each."""
    for row in range(_ABOVE):
        found = {_plain(cell.text): column for (at, column), cell in cells.items() if at == row}
        if any(name in found for name in NAMES):
            return row, found
    return None


def _plain(text: str) -> str:
    """A heading without blanks and without the unit in brackets behind it."""
    bare = "".join(text.split())
    for left in ("（", "(", "〔"):
        bare = bare.partition(left)[0] or bare
    return bare.rstrip("*：:")


def _columns(columns: Mapping[str, int], scheme: Scheme) -> tuple[dict[str, int], list[str]]:
    """The inputs that have a column, and the headings that mean nothing here."""
    known: dict[str, int] = {}
    for one in scheme.inputs:
        for heading in (one.title.zh, *one.headings, one.key):
            if _plain(heading) in columns and one.by != "ledger":
                known.setdefault(one.key, columns[_plain(heading)])
    taken = set(known.values())
    unknown = [name for name, column in columns.items() if column not in taken and name not in {*NAMES, *CODES, *GROUPS} and name]
    return known, unknown


class _Reading:
    """Reads rows; gathers what is wrong, at most some of it."""

    def __init__(self, scheme: Scheme, file: str, leaf: str, known: Mapping[str, int]) -> None:
        self.scheme, self.file, self.leaf, self.known = scheme, file, leaf, known
        self.wrong: list[str] = []

    def line(self, cells: Mapping[tuple[int, int], Cell], row: int, columns: Mapping[str, int]) -> Line | None:
        def text(names: Sequence[str]) -> str:
            return next((cells[row, columns[name]].text.strip() for name in names if name in columns and (row, columns[name]) in cells), "")

        name = text(NAMES)
        if not name:
            return None
        given = {}
        for key, column in self.known.items():
            cell, declared = cells.get((row, column)), self.scheme.input(key)
            if declared is not None and cell is not None and cell.text.strip():
                given[key] = self._given(cell, declared, row, column, name)
        group = text(GROUPS)
        return Line(row + 1, name[:300], "".join(text(CODES).split())[:40], self._group(group, name), given)

    def _group(self, said: str, name: str) -> str:
        if not said:
            return peers_of(self.scheme, name)
        found = next((one.key for one in self.scheme.groups if said in (one.key, one.title.zh)), "")
        if not found and self.scheme.groups:
            self._note(f"{name}：没有“{said}”这一组")
        return found

    def _given(self, cell: Cell, declared: Input, row: int, column: int, name: str) -> Given:
        ref = (Ref("cell", self.file, f"{self.leaf}!{_address(row, column)}"),)
        said = cell.text.strip()
        if declared.type == "choice":
            word = next((key for key, title in declared.choices.items() if said in (key, title.zh, title.en)), "")
            return Given(word=word, refs=ref) if word else self._not(f"“{said[:20]}”不是可选的值", declared, name, row, column)
        value = cell.number if cell.number is not None else _number(said)
        if value is not None and (not value.is_finite() or abs(value) >= TOO_MUCH):
            return self._not(f"“{said[:20]}”太大", declared, name, row, column)
        if value is None:
            return self._not(f"“{said[:20]}”不是数字", declared, name, row, column)
        if cell.number is not None and cell.shown == "percent" and declared.type == "percent":
            value = value * 100
        if (declared.least is not None and value < declared.least) or (declared.most is not None and value > declared.most):
            return self._not(f"{said[:20]} 不在 {declared.least} 至 {declared.most} 之间", declared, name, row, column)
        return Given(value, refs=ref)

    def _not(self, what: str, declared: Input, name: str, row: int, column: int) -> Given:
        why = f"表里 {_address(row, column)} {what}"
        self._note(f"{name}，{declared.title.zh}（{_address(row, column)}）：{what}")
        return Given(why=why)

    def _note(self, words: str) -> None:
        if len(self.wrong) < 50:
            self.wrong.append(words)


def _number(said: str) -> Decimal | None:
    bare = said.replace(",", "").replace("，", "").rstrip("%％")
    try:
        found = Decimal(bare)
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) < TOO_MUCH else None


def _address(row: int, column: int) -> str:
    """The cell as a spreadsheet names it.

    >>> _address(0, 0), _address(4, 27)
    ('A1', 'AB5')
    """
    letters, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def _doubled(lines: Sequence[Line]) -> list[str]:
    seen, twice = set[str](), []
    for line in lines:
        key = line.code or line.name
        if key in seen:
            twice.append(line.name)
        seen.add(key)
    return twice


def bring(actor: Actor, key: str, data: bytes, name: str, scope: Scope, *, clock: Clock = now) -> tuple[Done, Brought]:
    """Takes a table into an appraisal that is not yet announced, and scores anew; who brings values decides no objection later."""
    require(actor, "score.bring")
    row = appraisal_for(key, scope, actor)
    if row.state != "drawn":
        raise Conflict("这次考核已经公示或撤销，不能再导入", where=row.title, remedy="公示后的更正通过异议办理")
    scheme = scheme_for(row.scheme)
    brought = read_table(data, name, scheme)
    with writing(clock=clock) as writer:
        held = writer.get("appraisal", key)
        if held is None or held["state"] != "drawn":
            raise Conflict("这次考核刚刚有了变化", where=row.title, remedy="请刷新后再办")
        # read when nobody else can write: another table may have come a moment ago
        merged, units = _with(scheme, brought, row, clock)
        file = next((ref.id for line in brought.lines for given in line.given.values() for ref in given.refs), "")
        entry = writer.append(
            actor.id, Draft("score.bring", key, {"file": file, "name": name[:200], "keys": list(brought.keys), "rater": actor.name})
        )
        put(writer, actor.id, key, scored(scheme, merged, units))
        return Done.of([entry]), brought


def _with(scheme: Scheme, brought: Brought, row: Appraisal, clock: Clock) -> tuple[list[Subject], frozenset[str]]:
    """The subjects as they stand, with what the table says; and which of them are units."""
    before = rows_of(row.id)
    subjects, units = [subject_of(one) for one in before], {one.subject for one in before if one.unit}
    if scheme.subject == "unit":
        return _merged(subjects, brought, units, row.region_code), frozenset(units)
    if scheme.subject == "enterprise":
        return _added(subjects, brought, row.region_code), frozenset(units)
    merged = _places(scheme, subjects, brought, row, clock)
    return merged, frozenset(units) | units_among(merged)


def _merged(subjects: Sequence[Subject], brought: Brought, units: set[str], region: str) -> list[Subject]:
    """The units with the values of the table; raises ``WrongValue`` for a name that is none of theirs."""
    from luoshi.ledger.knowing import Units

    known, by = Units(), {one.name: one for one in subjects}
    ids = {one.id: one for one in subjects}
    found: dict[str, Line] = {}
    for line in brought.lines:
        one = by.get(line.name) or ids.get(known.current(known.find(line.name, region).id))
        if one is None:
            raise WrongValue(f"“{line.name[:40]}”不在这次考核里", where=f"第 {line.row} 行", remedy="请核对单位名称，或先把它列入考核")
        found[one.id] = line
    return [msgspec.structs.replace(one, given={**one.given, **found[one.id].given}) if one.id in found else one for one in subjects]


def _added(subjects: Sequence[Subject], brought: Brought, region: str) -> list[Subject]:
    """The places or enterprises of the table, beside those that are there."""
    by = {one.id: one for one in subjects}
    for line in brought.lines:
        key = _known(line, by, region)
        before = by.get(key, Subject(key, line.name))
        by[key] = msgspec.structs.replace(before, name=line.name, group=line.group or before.group, given={**before.given, **line.given})
    return list(by.values())


def _known(line: Line, by: Mapping[str, Subject], region: str) -> str:
    """The id of an enterprise: by its code; by its name where one of the two tables has no code; raises ``WrongValue`` where two have the name."""
    key, bare = ident("en", region, line.code or line.name), ident("en", region, line.name)
    if key in by or (line.code and bare not in by):
        return key
    if line.code:
        return bare
    named = [one for one, subject in by.items() if subject.name == line.name]
    if len(named) > 1:
        raise WrongValue(f"有 {len(named)} 家都叫“{line.name[:40]}”", where=f"第 {line.row} 行", remedy="请在表里写上统一社会信用代码")
    return named[0] if named else key


def _places(scheme: Scheme, subjects: Sequence[Subject], brought: Brought, row: Appraisal, clock: Clock) -> list[Subject]:
    """The places of the table; one that is a unit of the ledger as well bears its id, and what it has in hand is counted there."""
    from luoshi.ledger.knowing import Units

    known = Units()
    units = {line.name: known.current(known.find(line.name, row.region_code).id) for line in brought.lines}
    there = set(models.Organisation.objects.filter(pk__in=units.values()).values_list("id", flat=True))
    counting = Counting(period_of(row.period), ZoneInfo(settings.TIME_ZONE), clock())
    values = count(scheme.inputs, sorted(there), row.region_code, counting)
    by = {one.id: one for one in subjects}
    for line in brought.lines:
        key = units[line.name] if units[line.name] in there else ident("en", row.region_code, line.code or line.name)
        before = by.get(key, Subject(key, line.name))
        given = {one.key: Given(why="台账里没有这个单位承办的事项") for one in scheme.inputs if one.drawn is not None} | values.get(key, {})
        by[key] = msgspec.structs.replace(
            before, name=line.name, group=line.group or before.group, given={**before.given, **given, **line.given}
        )
    return list(by.values())
