"""The outputs: whole, readable by the programs that they are for, and safe against hostile words."""

from __future__ import annotations

import csv
import io
import json
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from openpyxl import load_workbook

from luoshi import Reading, extract_facts
from luoshi.extract.documents import find_documents
from luoshi.extract.fact import Fact, MeasureFact, ProjectFact, TaskFact
from luoshi.outline.outline import Document, Gap, Outline, Section
from luoshi.publish import FORMATS, load_format
from luoshi.publish.columns import COLUMNS, SHEETS
from luoshi.publish.page.segments import Cover, cut
from luoshi.publish.part import Part
from luoshi.read.text import Text
from luoshi.span import Quote
from tests.test_pipeline import REPORT

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'&amp;\u202e\x1b[31m=cmd|/c calc!A1"


def make(form: str, *readings: Reading) -> bytes:
    module = load_format(form)
    out = io.BytesIO()
    parts = [Part(reading.text.name, module.encode(reading, "zh")) for reading in readings]
    module.write(parts, out, lang="zh", several=len(readings) > 1)
    return out.getvalue()


def hostile() -> Reading:
    """A reading in which every text that can be chosen by a document is hostile, and facts overlap in every way."""
    source = HOSTILE + "\n" + HOSTILE
    size = len(source)
    quote = Quote(0, len(HOSTILE), HOSTILE)
    document = Document(
        start=0, end=size, title=HOSTILE, kind="report", region=HOSTILE, level="county", complete=False, gaps=(Gap(3, "cut", HOSTILE),)
    )
    section = Section(0, 1, "一", "plan", 0, len(HOSTILE), 0, len(HOSTILE), size, -1, 0)
    outline = Outline(text=Text(HOSTILE, "txt", source, source), documents=(document,), sections=(section,), stretches=())
    facts: list[Fact] = [
        *find_documents(outline),
        TaskFact(0, size, source, title=quote, lead_units=(quote,), section=0, number=HOSTILE, rule=HOSTILE),
        MeasureFact(
            2, 20, source[2:20], "target", "level", "eq", indicator=quote, unit=HOSTILE, value=1, section=0, rule=HOSTILE, doubt=HOSTILE
        ),
        MeasureFact(10, 30, source[10:30], "result", "growth", "ge", value=1.5, section=0),
        ProjectFact(5, 12, source[5:12], "built", "result", section=0),
    ]
    return Reading(text=outline.text, outline=outline, facts=tuple(facts))


@pytest.fixture(scope="module")
def reading() -> Reading:
    return extract_facts(REPORT, name="报告.txt")


@pytest.mark.parametrize("form", FORMATS)
def test_hostile_words_are_written(form: str) -> None:
    assert make(form, hostile())


def test_jsonl_round_trip(reading: Reading) -> None:
    lines = make("jsonl", reading).decode().splitlines()
    assert len(lines) == len(reading.facts)
    for line, fact in zip(lines, reading.facts, strict=True):
        assert json.loads(line)["text"] == fact.text
    assert len(make("jsonl", hostile()).splitlines()) == 5


def test_jsonl_of_several_names_the_file(reading: Reading) -> None:
    for line in make("jsonl", reading, hostile()).decode().split("\n")[:-1]:
        assert next(iter(json.loads(line))) == "file"


def test_csv_has_every_column_and_fact(reading: Reading) -> None:
    data = make("csv", reading)
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert len(rows) == len(reading.facts) + 1
    assert {len(row) for row in rows} == {len(COLUMNS)}


def test_csv_runs_no_formula() -> None:
    for row in csv.reader(io.StringIO(make("csv", hostile()).decode("utf-8-sig"), newline="")):
        assert not any(cell.startswith(("=", "+", "@")) for cell in row)


def test_workbook_has_a_sheet_for_each_kind(reading: Reading) -> None:
    book = load_workbook(io.BytesIO(make("xlsx", reading)))
    assert "指标" in book.sheetnames
    for sheet in book.worksheets:
        assert sheet.freeze_panes is not None
        assert sheet.auto_filter.ref
        assert sheet.max_row > 1
    assert sum(sheet.max_row - 1 for sheet in book.worksheets) == len(reading.facts)


def test_workbook_keeps_text_as_text_and_numbers_as_numbers() -> None:
    book = load_workbook(io.BytesIO(make("xlsx", hostile())))
    types = {cell.data_type for sheet in book.worksheets for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None}
    assert types <= {"s", "n"}
    values = [row[3].value for row in book["指标"].iter_rows(min_row=2)]
    assert values == [1, 1.5]


def test_every_kind_has_its_columns() -> None:
    assert {column for columns in SHEETS.values() for column in columns} <= set(COLUMNS)


def test_table_sends_nothing_to_the_terminal_that_it_would_obey() -> None:
    words = make("table", hostile()).decode()
    assert "\x1b" not in words
    assert "\u202e" not in words


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._within: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "div" and ("class", "source") in attrs:
            self._within.append("source")

    def handle_endtag(self, tag: str) -> None:
        if tag == "article":
            self._within.clear()

    def handle_data(self, data: str) -> None:
        if self._within:
            self.words.append(data)


def parse(data: bytes) -> _Page:
    page = _Page()
    page.feed(data.decode())
    return page


def test_page_shows_the_whole_source(reading: Reading) -> None:
    shown = "".join(parse(make("html", reading)).words)
    assert "".join(shown.split()) == "".join(REPORT.split())


def test_page_asks_nothing_of_the_network(reading: Reading) -> None:
    for tag, attributes in parse(make("html", reading, hostile())).tags:
        assert tag not in ("img", "iframe", "object", "base", "form")
        assert not any((value or "").startswith(("http", "//", "javascript:")) for value in attributes.values()), tag
        assert not any(name.startswith("on") for name in attributes), tag
        if tag == "script":
            assert "src" not in attributes
    assert b"http" not in make("html", reading).replace(b"http-equiv", b"")


def test_page_is_closed_to_hostile_words() -> None:
    page = parse(make("html", hostile()))
    assert [tag for tag, _ in page.tags].count("script") == 2
    assert not [tag for tag, _ in page.tags if tag == "img"]
    assert "alert(1)" in "".join(page.words)


def test_page_marks_every_fact(reading: Reading) -> None:
    page = parse(make("html", reading))
    marked = {index for _, attributes in page.tags for index in (attributes.get("data-f") or "").split()}
    listed = {attributes["data-i"] for tag, attributes in page.tags if tag == "li" and "data-i" in attributes}
    assert marked == listed
    assert len(listed) == sum(1 for fact in reading.facts) - 1


def test_segments_cover_without_gap() -> None:
    covers = [Cover(0, 10, 0), Cover(2, 4, 1), Cover(3, 8, 2), Cover(8, 10, 3), Cover(5, 5, 4), Cover(2, 4, 5, own=False)]
    segments = list(cut(covers, [7, 99], 12))
    assert segments[0].start == 0
    assert segments[-1].end == 12
    assert all(one.end == other.start for one, other in pairwise(segments))
    for segment in segments:
        own = {
            cover.fact
            for cover in covers
            if cover.own and cover.start <= segment.start and segment.end <= cover.end and cover.start < cover.end
        }
        assert set(segment.facts) == own
    assert [segment.parts for segment in segments if segment.start == 2] == [(5,)]


def test_more_files_than_a_page_holds() -> None:
    from luoshi import BadUsage

    with pytest.raises(BadUsage, match="too-many-for-a-page"):
        make("html", *[hostile()] * 51)
