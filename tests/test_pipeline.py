"""The library's door: the same answer from a path, from bytes and from a string, in the order that is promised."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

import luoshi
from luoshi.extract import KINDS
from luoshi.extract.fact import DocumentFact, SectionFact

REPORT = """云岭市青禾区人民政府工作报告
——2031年1月8日在青禾区第三届人民代表大会第二次会议上

各位代表：
现在，我代表区人民政府，向大会报告工作，请予审议。

一、2030年工作回顾
过去一年，地区生产总值完成186.5亿元，增长6.2%；新改建口袋公园12个。

二、2031年工作安排
（一）做强产业。力争工业投资增长9%以上，新增规上企业15家。开工建设松风湖大桥。
（二）改善民生。新建幼儿园3所，城镇新增就业4200人。
"""


def _plain(reading: luoshi.Reading) -> list[dict[str, object]]:
    return [msgspec.json.decode(msgspec.json.encode(fact)) for fact in reading.facts]


def test_path_bytes_and_string_agree(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_bytes(REPORT.encode())
    by_path = luoshi.read_document(path)
    assert by_path.text.source == REPORT
    assert _plain(by_path) == _plain(luoshi.read_data(REPORT.encode("gb18030"), "report.txt")) == _plain(luoshi.extract_facts(REPORT))


def test_every_fact_quotes_its_source() -> None:
    from luoshi.verify import verify

    reading = luoshi.extract_facts(REPORT)
    verdict = verify(_plain(reading), REPORT)
    assert verdict.records == len(reading.facts) > 5
    assert not verdict.differences


def test_facts_come_in_order() -> None:
    facts = luoshi.extract_facts(REPORT).facts
    places = [(fact.start, 0 if isinstance(fact, DocumentFact) else 1 if isinstance(fact, SectionFact) else 2) for fact in facts]
    assert places == sorted(places)
    assert isinstance(facts[0], DocumentFact)


def test_sections_are_counted_in_order() -> None:
    sections = [fact for fact in luoshi.extract_facts(REPORT).facts if isinstance(fact, SectionFact)]
    assert [section.index for section in sections] == list(range(len(sections)))


def test_only_the_kinds_that_are_asked_for() -> None:
    whole = luoshi.extract_facts(REPORT).facts
    for kind in KINDS:
        some = luoshi.extract_facts(REPORT, kinds={kind}).facts
        assert list(some) == [fact for fact in whole if msgspec.json.decode(msgspec.json.encode(fact))["fact"] == kind]


def test_unknown_kind_is_refused() -> None:
    with pytest.raises(luoshi.BadUsage, match="unknown-kind"):
        luoshi.extract_facts(REPORT, kinds={"rumour"})


def test_keys_of_the_contract() -> None:
    """Keys with a meaning are written whatever their value; keys that do not apply are left out."""
    records = _plain(luoshi.extract_facts(REPORT))
    measures = [record for record in records if record["fact"] == "measure"]
    assert measures
    for record in measures:
        assert {"start", "end", "text", "role", "measure", "comparator", "strength", "document", "rule"} <= record.keys()
        assert None not in record.values()
    document = next(record for record in records if record["fact"] == "document")
    assert document["complete"] in (True, False)


@pytest.mark.parametrize("text", ["。", "\x00", "a" * 1000, "\ud800报告", "一、" * 500])
def test_odd_text_gives_a_reading(text: str) -> None:
    reading = luoshi.extract_facts(text)
    assert len(reading.text.source) == len(text)


def test_public_names_are_there() -> None:
    assert set(luoshi.__all__) <= set(dir(luoshi))
    assert all(getattr(luoshi, name) is not None for name in luoshi.__all__)
    with pytest.raises(AttributeError):
        _ = luoshi.nothing_of_the_kind


def test_what_memory_cannot_hold_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    from luoshi import batch

    def burst(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(batch, "read_document", burst)
    outcome = batch.read_one(batch.Job(path="大.txt", format="jsonl", lang="zh"))
    assert outcome.error is not None
    assert outcome.error.slug == "too-large"
