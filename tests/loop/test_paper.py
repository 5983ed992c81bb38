"""The pages of mechanisms: they are what the files give; every word of the vocabulary is explained; the tutorial's file runs."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import datetime
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import msgspec
import pytest

from luoshi.errors import BadTable
from luoshi.loop import mechanism as declared
from luoshi.loop import paper
from luoshi.loop.casing import run
from luoshi.loop.diagram import arrows, aside, svg
from luoshi.loop.engine import Deed, Filing, Refused, due, file, fold, perform
from luoshi.loop.mechanism import Mechanism
from luoshi.loop.rules import load_mechanism, mechanism_of, mechanisms, plain_rules

DOCS = Path(__file__).parents[2] / "docs/mechanisms"
FLOOD = DOCS / "flood-duty.yaml"
RENEW = "python -m luoshi.loop.paper docs/mechanisms"
ALL = [*mechanisms(), load_mechanism(FLOOD)]


def of(key: str) -> Mechanism:
    found = mechanism_of(key)
    assert found is not None
    return found


@pytest.mark.parametrize(("path", "text"), [pytest.param(path, text, id=path.name) for path, text in paper.made(DOCS).items()])
def test_docs_are_what_the_files_give(path: Path, text: str) -> None:
    assert path.is_file(), RENEW
    assert path.read_text(encoding="utf-8") == text, RENEW


def test_no_page_is_left_over() -> None:
    assert {path.name for path in DOCS.iterdir()} == {path.name for path in paper.made(DOCS)} | {FLOOD.name}


@pytest.mark.parametrize("mechanism", ALL, ids=lambda one: one.id)
def test_the_page_tells_everything(mechanism: Mechanism) -> None:
    page = paper.page(mechanism)
    for named in (
        mechanism.stages,
        mechanism.acts,
        mechanism.clocks,
        mechanism.rhythms,
        mechanism.fields,
        mechanism.ladder,
        mechanism.parts,
    ):
        assert not [one.key for one in named if one.title.zh not in page or one.title.en not in page]
    assert not [one.source for one in (*mechanism.clocks, *mechanism.rhythms) if one.source not in page]
    assert page.count("<details>") == page.count("</details>") == len(mechanism.cases)
    tables = [block.splitlines() for block in page.split("\n\n") if block.startswith("| ")]
    assert len(tables) >= 5
    assert not [rows[0] for rows in tables if len({row.count("|") for row in rows}) != 1]


@pytest.mark.parametrize("mechanism", ALL, ids=lambda one: one.id)
def test_the_drawing_shows_every_stage_and_way(mechanism: Mechanism) -> None:
    drawn = svg(mechanism)
    assert drawn == svg(mechanism)
    root = ET.fromstring(drawn)  # noqa: S314 - our own text
    space = "{http://www.w3.org/2000/svg}"
    wide, high = float(root.attrib["width"]), float(root.attrib["height"])
    for point in (point for line in root.iter(f"{space}polyline") for point in line.attrib["points"].split()):
        x, y = (float(one) for one in point.split(","))
        assert 0 <= x <= wide
        assert 0 <= y <= high
    words = "".join(text.text or "" for text in root.iter(f"{space}text"))
    for stage in mechanism.stages:
        assert stage.kind in {"hung", "ended"} or stage.title.zh in words
    for way in (*(act for arrow in arrows(mechanism) for act in arrow.acts), *aside(mechanism)):
        assert way in words
    ways = {act.title.zh for act in mechanism.acts if act.back or act.to}
    told = {act for arrow in arrows(mechanism) for act in arrow.acts} | {line.partition("：")[0] for line in aside(mechanism)}
    stays = {act.title.zh for act in mechanism.acts if act.to and set(act.at) == {act.to}}
    assert not [way for way in ways - told - stays if not any(line.startswith(way) for line in aside(mechanism))]


def test_every_word_is_explained() -> None:
    known = paper.vocabulary()
    assert set(known.needs) == set(get_args(declared.Need))
    assert set(known.effects) == set(get_args(declared.Effect))
    assert set(known.kinds) == set(get_args(declared.StageKind))
    assert set(known.types) == set(get_args(declared.FieldType))
    fields = {one.name: get_args(one.type) for one in msgspec.structs.fields(Mechanism)}
    assert set(known.schedules) == set(fields["schedule"])
    assert set(known.held) == set(get_args(next(one.type for one in msgspec.structs.fields(declared.Part) if one.name == "held")))
    structs = {
        name: one for name, one in vars(declared).items()
        if isinstance(one, type) and issubclass(one, msgspec.Struct) and one not in (msgspec.Struct, declared.Words)
    }  # fmt: skip
    assert set(known.keys) == set(structs)
    for name, struct in structs.items():
        assert set(known.keys[name]) == {one.encode_name for one in msgspec.structs.fields(struct)}, name


@pytest.mark.parametrize(
    ("limit", "words"),
    [("24 hours", "24 小时"), ("1 minute", "1 分钟"), ("3 months", "3 个月"), ("30 days", "30 日"), ("field:due", "到“办结期限”")],
)
def test_limits_in_words(limit: str, words: str) -> None:
    assert paper.said(limit, of("M01")) == words


@pytest.mark.parametrize(
    ("every", "words"),
    [
        ("weekly by 5", "每周五前"), ("weekly by 1 after", "每次周一前"), ("monthly by last", "每月最后一日前"), ("monthly in 6,11 by last", "每年6、11月最后一日前"),
        ("quarterly by 20 after", "每季度后一个月20日前"), ("half-yearly by 5 after", "每半年后一个月5日前"), ("yearly by 12-31", "每年12月31日前"),
        ("yearly by 01-15 after", "每年次年1月15日前"), ("monthly by 25 or next workday", "每月25日前（遇休息日顺延）"),
    ],
)  # fmt: skip
def test_rhythms_in_words(every: str, words: str) -> None:
    assert paper.said_rhythm(every) == words


# --- the tutorial


def test_the_tutorial_runs() -> None:
    """Its file is loaded, a matter is filed under it and lives to its end; what it does not allow is refused."""
    rules, zone = plain_rules(load_mechanism(FLOOD)), ZoneInfo("Asia/Shanghai")
    at = datetime(2026, 6, 10, 20, tzinfo=zone)
    with pytest.raises(Refused, match="检查方式"):
        file(Filing("i1", "chen"), rules, at)
    matter, move = file(Filing("i1", "chen", fields={"way": "site"}, parts={"lead": ("u-qishan",)}), rules, at)
    matter = fold(matter, [move])
    deeds = [
        Deed("find", "chen", frozenset({"office"}), {"text": "无人在岗", "fields": {"due": "2026-06-12"}}),
        Deed("hand-in", "wang", frozenset({"lead"}), {"text": "已调整排班", "evidence": ["e1"]}),
        Deed("close", "chen", frozenset({"office"}), {"checks": ["there", "log"]}),
    ]
    for hour, deed in enumerate(deeds, 21):
        now = at.replace(hour=hour)
        matter = fold(matter, due(matter, rules, now))
        matter = fold(matter, [perform(matter, rules, deed, now)])
    assert (matter.stage, matter.state, matter.lights.whole) == ("closed", "closed", "green")
    assert matter.fields == {"way": "site", "due": "2026-06-12"}
    with pytest.raises(Refused, match="这一步还没有到"):
        perform(matter, rules, deeds[0], now)


def test_the_tutorials_cases_hold() -> None:
    mechanism = load_mechanism(FLOOD)
    assert [problem for case in mechanism.cases for problem in run(case, mechanism)] == []
    assert any(event.get("refused") for case in mechanism.cases for event in case.events)


def test_a_file_of_ones_own_is_checked_and_gets_its_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = tmp_path / "mine.yaml"
    own.write_text(FLOOD.read_text(encoding="utf-8"), encoding="utf-8")
    assert paper.main(own) == 0
    assert (tmp_path / "X01.md").read_text(encoding="utf-8") == (DOCS / "X01.md").read_text(encoding="utf-8")
    own.write_text(FLOOD.read_text(encoding="utf-8").replace("limit: 24 hours", "limit: 48 hours"), encoding="utf-8")
    assert paper.main(own) == 1
    assert "满二十四小时没有检查" in capsys.readouterr().err
    own.write_text(FLOOD.read_text(encoding="utf-8").replace("turn: office", "turn: offices"), encoding="utf-8")
    with pytest.raises(BadTable, match="offices"):
        paper.main(own)


def test_renewing_writes_the_folder(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# 机制\n\n<!-- made:index -->\n旧的\n<!-- /made -->\n\n自己写的\n", encoding="utf-8")
    assert paper.main(tmp_path) == 0
    readme = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "[M01](M01.md)" in readme
    assert "自己写的" in readme
    assert "旧的" not in readme
    assert (tmp_path / "M02.svg").read_text(encoding="utf-8") == svg(of("M02"))
    assert paper.main(tmp_path) == 0
    assert (tmp_path / "README.md").read_text(encoding="utf-8") == readme
