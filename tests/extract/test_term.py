"""Terms: the glossaries of real reports, and input made to hurt."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

import pytest

from luoshi.extract.kinds.term import find_terms
from luoshi.outline import outline_text
from luoshi.read import read_file
from tests.cases import Case, scene

SHARED = Path(__file__).parents[2] / ".." / "shared"
REPORT = SHARED / "seeds" / "luyang-2023-report.txt"


@pytest.mark.skipif(not REPORT.exists(), reason="no shared files")
def test_glossary_of_the_seed() -> None:
    """All 25 terms, in order, each name before its definition, the last one without the page's furniture behind it."""
    text = read_file(REPORT)
    terms = find_terms(outline_text(text))
    assert [term.number for term in terms] == list(range(1, 26))
    for term in terms:
        assert term.name is not None
        assert term.definition is not None
        assert text.source[term.name.start : term.name.end] == term.name.text
        assert text.source[term.name.end] in "：:"
        assert term.definition.start == term.name.end + 1
        assert text.source[term.definition.end - 1] == "。"
        assert "\n" not in term.text


@pytest.mark.parametrize(
    "text",
    ["(" * 100_000 + "\n1.", "1.“名词”:解释内容如下。\n" * 10_000, "1" * 100_000, "—" * 100_000, "名词解释\n" * 20_000],
    ids=["brackets", "entries", "digits", "dashes", "headings"],
)
@pytest.mark.parametrize("part", ["glossary", "plan"])
def test_hostile(text: str, part: str) -> None:
    begun = perf_counter()
    find_terms(scene(Case(text=text, facts=[], part=part)))
    assert perf_counter() - begun < 10


def test_numbers_over_999_go_on_and_a_year_is_none() -> None:
    text = (
        "".join(f"{number}.第{number}词:第{number}个词的释义。\n" for number in range(1, 1203))
        + "2031.这一年:不是词条。\n1203.末词:最后一个词的释义。\n"
    )
    numbers = [term.number for term in find_terms(scene(Case(text=text, facts=[], part="glossary")))]
    assert numbers == list(range(1, 1204))
