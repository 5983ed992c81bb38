"""Projects: the gold, spans, roles, and input made to hurt."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.extract.fact import ProjectFact
from luoshi.extract.kinds.project import find_projects
from luoshi.extract.kinds.project.lexis import STAGES, Words, lexis
from luoshi.outline import outline_text
from luoshi.read import read_file
from luoshi.tables import load_table
from tests.cases import Case, scene

SHARED = Path(__file__).parents[2] / ".." / "shared"
CORPUS = SHARED / "corpus"
#: pieces of the genre, real and broken, put together at random
PIECES = st.lists(
    st.sampled_from(
        [
            "加快",
            "推进",
            "建设",
            "开工",
            "建成",
            "完成",
            "启动",
            "打造",
            "确保",
            "前期工作",
            "征迁",
            "等",
            "等6条",
            "等项目",
            "、",
            "和",
            "与",
            "及",
            "的",
            ",",
            "。",
            ";",
            "\n",
            "(",
            ")",
            "“",
            "”",
            "《",
            "》",
            "揽月大桥",
            "望舒路",
            "石鼓",
            "中心",
            "项目",
            "工程",
            "一期",
            "二期",
            "12万平方米",
            "3座",
            "2025年底前",
            "区",
            "市",
            "路",
            "A",
            "1",
            "在",
            "将",
            "——",
            "首个",
            " ",
        ]
    ),
    max_size=40,
).map("".join)


def found(text: str, part: str = "plan") -> list[ProjectFact]:
    return find_projects(scene(Case(text=text, facts=[], part=part)))


@given(PIECES)
@settings(max_examples=400, deadline=None)
def test_spans_hold(text: str) -> None:
    """Whatever the text: words are the source's, in order, without overlap, with a stage and a role."""
    last = 0
    for fact in found(text):
        assert text[fact.start : fact.end] == fact.text != ""
        assert fact.start >= last
        assert fact.stage in STAGES
        assert fact.role == "target"
        assert fact.rule
        last = fact.end


@pytest.mark.parametrize(("part", "role"), [("review", "result"), ("plan", "target"), ("self", "target"), ("outlook", "target")])
def test_role_follows_part(part: str, role: str) -> None:
    (fact,) = found("揽月大桥建成通车。", part)
    assert (fact.text, fact.stage, fact.role) == ("揽月大桥", "running", role)


def test_nothing_in_a_glossary() -> None:
    assert found("加快揽月大桥建设。", "glossary") == []


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000 + "加快揽月大桥建设" + ")" * 10_000,
        "“" * 20_000,
        "加快" * 50_000,
        "、" * 100_000,
        "路、" * 100_000,
        "等项目建设" * 40_000,
        "1" * 200_000,
        "在" * 100_000,
        "望舒路" * 60_000,
        "改造、" * 60_000 + "等工程",
        "一二三四五六七八九十百千万" * 10_000,
    ],
    ids=lambda text: f"{text[:6]}…{len(text)}",
)
def test_hostile_input_in_bounded_time(text: str) -> None:
    begun = process_time()
    found(text)
    assert process_time() - begun < 10


def test_time_is_linear() -> None:
    """A line ten times as long takes about ten times as long, and a line of 5 MB is read."""
    sentence = "加快望舒路、知秋路等6条道路建设,确保揽月大桥10月底前建成通车,完成石鼓110千伏变电站前期工作,"
    found(sentence)

    def seconds(count: int) -> float:
        text = sentence * count
        begun = process_time()
        assert len(found(text)) == 4 * count
        return process_time() - begun

    small = min(seconds(1_000) for _ in range(3))
    assert seconds(10_000) < 25 * small
    assert len(found("望舒路开工建设," * 220_000)) == 220_000


def test_every_word_has_one_stage() -> None:
    """A verb that told two stages would tell whichever was written last."""
    words = load_table("luoshi.extract.kinds.project", "words.yaml", Words)
    told = [word for group in words.stages.values() for word in group]
    assert sorted({word for word in told if told.count(word) > 1}) == []
    assert lexis().stage.keys() == set(told)


@pytest.mark.skipif(not CORPUS.exists(), reason="no shared files")
def test_spans_of_real_documents() -> None:
    for path in sorted(CORPUS.glob("*/*_2019_政府工作报告.txt"))[:6]:
        text = read_file(path)
        facts = find_projects(outline_text(text))
        assert facts
        assert all(text.source[fact.start : fact.end] == fact.text for fact in facts)
        assert all(one.end <= other.start for one, other in pairwise(facts))
