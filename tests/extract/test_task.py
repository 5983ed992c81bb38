"""Tasks: the gold breakdown, deadlines, tables, spans, and input made to hurt."""

from __future__ import annotations

import json
from pathlib import Path
from time import perf_counter, process_time

import msgspec
import pytest

from luoshi.extract.fact import TaskFact
from luoshi.extract.kinds.task import find_tasks
from luoshi.extract.kinds.task.deadline import Due, read_deadline
from luoshi.extract.kinds.task.rules import find_item_tasks
from luoshi.outline import outline_text
from luoshi.outline.outline import Outline
from luoshi.read import read_file
from luoshi.read.text import Cell, Table
from tests.cases import Case, scene

SHARED = Path(__file__).parents[2] / ".." / "shared"
BREAKDOWN = SHARED / "seeds" / "xinzhan-2022-breakdown.txt"
PLANS = SHARED / "corpus" / "breakdowns-and-plans"
#: kept back from those who write rules
_HELD = "数字山东2019"


def names(task: TaskFact, key: str) -> list[str]:
    return [quote.text for quote in getattr(task, key)]


@pytest.mark.skipif(not BREAKDOWN.exists(), reason="no shared files")
def test_gold_breakdown() -> None:
    """All items: number, spans, leaders, lead units, supporting units, to the character."""
    wanted = [
        json.loads(line) for line in (SHARED / "gold" / "xinzhan-2022-breakdown.tasks.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    found = [json.loads(msgspec.json.encode(task)) for task in find_tasks(outline_text(read_file(BREAKDOWN)))]
    assert len(found) == len(wanted) == 94
    for task, gold in zip(found, wanted, strict=True):
        assert {key: task.get(key, []) for key in gold} == gold


@pytest.mark.skipif(not PLANS.exists(), reason="no shared files")
@pytest.mark.parametrize("path", sorted(path for path in PLANS.glob("*.txt") if _HELD not in path.name), ids=lambda path: path.stem)
def test_breakdowns_and_plans(path: Path) -> None:
    """Every file that names who is responsible has items; every one of them a unit, a body, and words that are the source's."""
    text = read_file(path)
    items = find_item_tasks(outline_text(text))
    assert bool(items) == any(word in text.source for word in ("责任单位：", "责任单位:", "牵头单位：", "牵头）", "负责）")), len(items)
    for task in items:
        assert task.lead_units
        assert task.body_end is not None
        assert task.start < task.body_end < task.end
        for quote in (*task.leaders, *task.lead_units, *task.support_units):
            assert text.source[quote.start : quote.end] == quote.text
            assert task.body_end < quote.start < quote.end <= task.end


@pytest.mark.parametrize(
    ("words", "due", "is_open"),
    [
        ("2025年底前完成", "2025-12-31", False),
        ("2024年12月底前", "2024-12-31", False),
        ("6月底前", "2023-06-30", False),
        ("6月前", "2023-05-31", False),
        ("2月底", "2023-02-28", False),
        ("第三季度", "2023-09-30", False),
        ("四季度", "2023-12-31", False),
        ("上半年", "2023-06-30", False),
        ("年内", "2023-12-31", False),
        ("今年11月", "2023-11-30", False),
        ("明年3月底", "2024-03-31", False),
        ("10月中旬", "2023-10-20", False),
        ("2023—2025年", "2025-12-31", False),
        ("“十四五”末", "2025-12-31", False),
        ("2023.12", "2023-12-31", False),
        ("2023-09-30", "2023-09-30", False),
        ("3月底前出台方案,年底前完成", "2023-12-31", False),
        ("十二月底前", "2023-12-31", False),
        ("9月15日前", "2023-09-15", False),
        ("2024年第一季度", "2024-03-31", False),
        ("持续推进", "", True),
        ("长期坚持", "", True),
        ("年内持续推进", "2023-12-31", True),
        ("按序时进度", "", False),
    ],
)
def test_due(words: str, due: str, is_open: bool) -> None:
    assert read_deadline(words, year=2023) == Due(due=due, open=is_open)


def test_due_without_year() -> None:
    """A month of an unknown year means no date."""
    assert read_deadline("6月底前", year=None).due == ""
    assert read_deadline("2024年6月底前", year=None).due == "2024-06-30"


def table_scene(rows: list[list[str | None]], header: tuple[str, ...], *, merged: dict[tuple[int, int], int]) -> Outline:
    """An outline whose text is a table; ``None`` is covered by the cell above; ``merged`` gives the rows that a cell covers."""
    source, cells = "", []
    for row, words in enumerate(rows):
        for column, word in enumerate(words):
            if word is not None:
                cells.append(
                    Cell(row=row, column=column, start=len(source), end=len(source) + len(word), rows=merged.get((row, column), 1))
                )
                source += word + "\t"
        source += "\n"
    outline = scene(Case(text=source, facts=[], kind="breakdown"))
    table = Table(start=0, end=len(source), cells=tuple(cells), header=header, header_rows=1)
    return msgspec.structs.replace(outline, text=msgspec.structs.replace(outline.text, tables=(table,)))


def test_table() -> None:
    rows: list[list[str | None]] = [
        ["序号", "重点任务", "具体内容", "牵头单位", "配合单位", "完成时限"],
        ["1", "做强农业", "建设粮仓两座", "县粮储局", "县财政局、县住建局", "6月底"],
        ["2", None, "改造渠道九里", "县水利局", "", "持续推进"],
        ["3", "做优服务", "", "县政务局牵头，县数据局配合", "各乡镇", "2024年"],
        ["", "合计", "", "", "", ""],
    ]
    header = ("number", "task", "content", "lead", "support", "deadline")
    tasks = find_tasks(table_scene(rows, header, merged={(1, 1): 2}))
    assert [task.number for task in tasks] == [1, 2, 3]
    assert [names(task, "lead_units") for task in tasks] == [["县粮储局"], ["县水利局"], ["县政务局"]]
    assert [names(task, "support_units") for task in tasks] == [["县财政局", "县住建局"], [], ["县数据局", "各乡镇"]]
    assert [(task.due, task.open) for task in tasks] == [("2023-06-30", False), ("", True), ("2024-12-31", False)]
    assert [task.title.text if task.title else None for task in tasks] == ["做强农业", "做强农业", None]


def test_table_with_merged_units() -> None:
    """A unit's cell that covers several rows counts for each of their tasks; several rows of units below one task belong to it."""
    rows: list[list[str | None]] = [
        ["序号", "任务", "责任单位", "责任人"],
        ["1", "修桥", "交通局", "林一"],
        ["2", "补路", None, "周二"],
        ["3", "种树", "园林局", "吴三"],
        [None, None, "林业局", "郑四"],
    ]
    tasks = find_tasks(table_scene(rows, ("number", "task", "unit", "leader"), merged={(1, 2): 2, (3, 0): 2, (3, 1): 2}))
    assert [names(task, "lead_units") for task in tasks] == [["交通局"], ["交通局"], ["园林局", "林业局"]]
    assert [names(task, "leaders") for task in tasks] == [["林一"], ["周二"], ["吴三", "郑四"]]


def test_items_over_999_keep_their_numbers() -> None:
    text = "".join(f"{number}.完善第{number}号体系建设,做好服务工作。(责任单位:县教育局)\n" for number in range(1, 1106))
    assert [task.number for task in find_tasks(scene(Case(text=text, facts=[], kind="breakdown")))] == list(range(1, 1106))


def test_cell_over_another_of_its_column() -> None:
    """A unit's cell that is said to reach far over the next ones counts down to the next one only."""
    rows: list[list[str | None]] = [["任务", "责任单位"], ["修桥", "交通局"], ["补路", None], ["种树", "园林局"]]
    tasks = find_tasks(table_scene(rows, ("task", "unit"), merged={(1, 1): 100_000_000}))
    assert [names(task, "lead_units") for task in tasks] == [["交通局"], ["交通局"], ["园林局"]]


def seconds_for(rows: int) -> float:
    """CPU time of a table of so many tasks, the best of three."""
    body: list[list[str | None]] = [[str(row), f"修好第{row}座桥", "县交通局", "县财政局"] for row in range(1, rows + 1)]
    outline = table_scene([["序号", "任务", "牵头单位", "配合单位"], *body], ("number", "task", "lead", "support"), merged={})
    times = []
    for _ in range(3):
        begun = process_time()
        assert len(find_tasks(outline)) == rows
        times.append(process_time() - begun)
    return min(times)


def test_a_table_takes_time_by_its_rows() -> None:
    """Four times as many rows take about four times as long, not sixteen times."""
    assert seconds_for(6000) < 10 * seconds_for(1500)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000 + "责任单位:市教育局" + ")" * 10_000,
        "(责任单位:" * 10_000,
        "推进项目建设,完善机制" * 20_000,
        "做好。(责任单位:市教育局)" * 10_000,
        "要" * 100_000,
        "把推进" * 50_000,
        "“" * 100_000 + "推进",
        "1.\n" * 50_000 + "(责任单位:市教育局)",
        "序号\n任务\n责任单位\n" * 10_000,
        "(责任单位:" + "市教育局和市财政局、" * 20_000 + ")",
    ],
    ids=["nested", "open", "one-line", "clauses", "modals", "objects", "quotes", "heads", "headers", "units"],
)
def test_hostile(text: str) -> None:
    begun = perf_counter()
    find_tasks(scene(Case(text=text, facts=[])))
    assert perf_counter() - begun < 10
