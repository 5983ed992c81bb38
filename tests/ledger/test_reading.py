"""A document's reading as the ledger keeps it: every fact's words stand in the document's own text where it says."""

from __future__ import annotations

from importlib.resources import files
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.ledger.reading import CORRECTABLE, Clauses, StoredReading, effective, passages
from tests.ledger.making import readings, report

_DEMO = ("2024-report.txt", "2025-report.txt", "plan.txt", "breakdown.txt")
_TEXTS = st.text(st.sampled_from("新建公园。，；！\n 　a\r"), max_size=400)


def _demo(name: str) -> bytes:
    return files("luoshi.demo").joinpath("documents", name).read_bytes()


def _quotes(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        mine = [value] if {"start", "end", "text"} <= set(value) else []
        return mine + [quote for inner in value.values() for quote in _quotes(inner)]
    return [quote for inner in value for quote in _quotes(inner)] if isinstance(value, list) else []


@pytest.mark.parametrize("name", _DEMO)
def test_every_quotation_stands_where_it_says(name: str) -> None:
    for document in readings(_demo(name), name):
        assert document.facts
        for fact in document.facts:
            assert fact.text == document.text[fact.start : fact.end]
            left, right = fact.clause
            assert left <= fact.start < fact.end <= right
            for quote in _quotes(fact.record):
                assert quote["text"] == document.text[quote["start"] : quote["end"]]
            assert fact.section == -1 or document.sections[fact.section].start <= fact.start
        for section in document.sections:
            assert section.parent < len(document.sections)


@pytest.mark.parametrize("name", _DEMO)
def test_a_reading_comes_back_as_it_was_packed(name: str) -> None:
    for document in readings(_demo(name), name):
        assert msgspec.json.decode(msgspec.json.encode(document), type=StoredReading) == document


def test_a_second_document_counts_from_its_own_beginning() -> None:
    both = "\n\n".join(_demo(name).decode() for name in ("2024-report.txt", "2025-report.txt"))
    documents = readings(both)
    if len(documents) == 1:
        pytest.fail("the two reports are read as one document")
    assert [document.shift for document in documents] == sorted(document.shift for document in documents)
    assert documents[1].shift > 0
    for document in documents:
        assert both[document.shift : document.shift + len(document.text)] == document.text
        assert all(fact.text == document.text[fact.start : fact.end] for fact in document.facts)


def test_counts_are_those_of_the_facts() -> None:
    document = readings(report())[0]
    assert sum(document.counts().values()) == len(document.facts)
    assert document.counts()["measures"] > 3


@given(_TEXTS)
def test_passages_hold_every_word_once_and_in_order(text: str) -> None:
    spans = passages(text)
    assert "".join("".join(text[start:end].split()) for start, end in spans) == "".join(text.split())
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert all(0 < end - start <= 300 for start, end in spans)


@given(_TEXTS, st.data())
def test_a_clause_holds_its_span_and_is_short(text: str, data: st.DataObject) -> None:
    if not text:
        return
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    left, right = Clauses(text).around(start, end)
    assert 0 <= left <= start
    assert end <= right <= len(text)
    assert right - left <= max(end - start, 160) + 160


@pytest.mark.parametrize("kind", sorted(CORRECTABLE))
def test_what_a_person_corrects_is_shown(kind: str) -> None:
    fact = next(fact for name in _DEMO for document in readings(_demo(name), name) for fact in document.facts if fact.kind == kind)
    shown = effective(kind, fact.record, {"name": "另一个名称"})
    assert shown["name"] == "另一个名称"
    assert {**shown, "name": ""} == {**effective(kind, fact.record, {}), "name": ""}


def test_units_that_a_person_corrects_are_shown_as_a_list() -> None:
    fact = next(fact for document in readings(_demo("breakdown.txt")) for fact in document.facts if fact.kind == "task")
    assert effective("task", fact.record, {"lead_units": ["甲局", "乙局"]})["lead"] == "甲局、乙局"
    assert effective("task", fact.record, {"due": "2025-06-30"})["due"] == "2025-06-30"
