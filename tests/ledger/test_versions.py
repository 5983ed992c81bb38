"""What changed between two versions: pairs by what facts say, each fact once, and quickly."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.ledger.reading import effective
from luoshi.ledger.titles import title_of, years_of
from luoshi.ledger.versions import beside, compare, differing
from tests.ledger.making import readings, report

Row = dict[str, Any]


def rows(text: str) -> list[Row]:
    """The facts of a text as rows of the table."""
    document = readings(text)[0]
    return [
        {
            **dict.fromkeys(("name", "indicator_id", "role", "measure", "direction", "comparator", "unit", "strength", "stage", "lead", "due"), ""),
            **dict.fromkeys(("value", "value_max", "year", "year_last")),
            "id": fact.id, "kind": fact.kind, "start": fact.start, "text": fact.text, "clause": document.text[fact.clause[0] : fact.clause[1]],
            **effective(fact.kind, fact.record, {}),
        }
        for fact in document.facts
    ]  # fmt: skip


def test_the_same_text_has_no_changes() -> None:
    old, new = rows(report()), rows(report().replace("\n", "\n\n"))
    found = compare(old, new)
    assert (found.added, found.gone, found.changed) == ((), (), ())
    assert len(found.unchanged) == len(old)


def test_another_number_is_a_change_of_that_fact() -> None:
    found = compare(rows(report(growth="6")), rows(report(growth="7")))
    measures = [change for change in found.changed if change.new["kind"] == "measure"]
    assert [(change.old["value"], change.new["value"], change.fields) for change in measures] == [(6, 7, ("value",))]
    assert found.added == found.gone == ()


def test_what_came_and_what_went() -> None:
    old = report()
    new = old.replace("加快推进石砚大桥建设。\n", "新建幼儿园5所。\n")
    found = compare(rows(old), rows(new))
    assert "石砚大桥" in {row["name"] for row in found.gone}
    assert any(row["kind"] == "measure" and row["value"] == 5 for row in found.added)
    assert not any(row["kind"] == "project" for row in found.added)


def test_a_sentence_that_moved_is_no_change() -> None:
    old = report()
    moved = old.replace("加快推进石砚大桥建设。\n", "").replace("今年主要预期目标为", "加快推进石砚大桥建设。\n今年主要预期目标为")
    found = compare(rows(old), rows(moved))
    assert (found.added, found.gone, found.changed) == ((), (), ())


def test_a_corrected_value_counts() -> None:
    old, new = rows(report()), rows(report())
    measure = next(row for row in new if row["kind"] == "measure")
    measure["value"] = 999
    found = compare(old, new)
    assert [change.fields for change in found.changed] == [("value",)]


def test_nothing_and_an_empty_word_are_the_same() -> None:
    row = rows(report())[0]
    assert differing(row, {**row, "direction": None, "name": f" {row['name']} "}) == ()


@given(
    st.lists(st.sampled_from(["6", "7", "8.5"]), min_size=1, max_size=3), st.lists(st.sampled_from(["6", "7", "9"]), min_size=1, max_size=3)
)
def test_each_fact_of_both_sides_stands_once(old: list[str], new: list[str]) -> None:
    left = [dict(row) for growth in old for row in _MADE[growth]]
    right = [dict(row) for growth in new for row in _MADE[growth]]
    found = compare(left, right)
    pairs = [*found.changed, *found.unchanged]
    assert sorted(map(id, [*found.gone, *(change.old for change in pairs)])) == sorted(map(id, left))
    assert sorted(map(id, [*found.added, *(change.new for change in pairs)])) == sorted(map(id, right))
    assert all(change.old["kind"] == change.new["kind"] for change in pairs)


_MADE = {growth: rows(report(growth=growth)) for growth in ("6", "7", "8.5", "9")}


def test_facts_that_share_a_character_only_are_not_paired() -> None:
    row = next(row for row in rows(report()) if row["kind"] == "project")
    made = [[{**row, "start": at, **dict.fromkeys(("text", "clause", "name"), name)} for at, name in enumerate(names)]
            for names in (("石砚大桥", "梅岭隧道"), ("石门水厂", "梅园小学"))]  # fmt: skip
    found = compare(*made)
    assert [row["name"] for row in found.gone] == ["石砚大桥", "梅岭隧道"]
    assert [row["name"] for row in found.added] == ["石门水厂", "梅园小学"]


def test_a_name_that_grew_is_the_same_project() -> None:
    row = next(row for row in rows(report()) if row["kind"] == "project")
    made = [[{**row, **dict.fromkeys(("text", "clause", "name"), name)}] for name in ("石砚大桥", "石砚大桥二期")]
    assert [change.fields for change in compare(*made).changed] == [("name",)]


@pytest.mark.parametrize("words", [("", ""), ("甲", ""), ("", "乙"), ("增长6%", "下降6%"), ("同", "同")])
def test_both_texts_are_whole_in_pieces(words: tuple[str, str]) -> None:
    left, right = beside(*words)
    assert ("".join(piece for piece, _ in left), "".join(piece for piece, _ in right)) == words
    assert [piece for piece, differs in left if not differs] == [piece for piece, differs in right if not differs]


@pytest.mark.parametrize(
    ("fields", "zh", "en"),
    [
        ({"title": " 栖山区\n规划 "}, "栖山区 规划", "栖山区 规划"),
        ({"title": "政府工作报告", "plan_year": 2026}, "栖山区2026年政府工作报告", "栖山区2026年政府工作报告"),
        ({"kind": "report", "plan_year": 2026, "review_year": 2025}, "栖山区2026年政府工作报告", "栖山区 2026 work report"),
        ({"kind": "plan", "plan_first": 2026, "plan_last": 2030}, "栖山区2026–2030年规划", "栖山区 2026–2030 plan"),
        ({"kind": "other", "region": ""}, "其他文件", "other document"),
        ({"kind": "breakdown", "review_year": 2025}, "栖山区2025年任务分解", "栖山区 2025 breakdown"),
    ],
)
def test_a_document_has_a_name_always(fields: dict[str, Any], zh: str, en: str) -> None:
    from luoshi.ledger.models import Document

    row = Document(**{"region": "栖山区", **fields})
    assert (title_of(row), title_of(row, "en")) == (zh, en)
    assert years_of(row) in zh
