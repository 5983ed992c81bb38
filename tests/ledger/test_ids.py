"""Ids follow from the content: not from line ends, the form of the file, the machine or the run."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from luoshi.ledger.ids import document_id, fact_ids, family_id, ident, squeezed
from tests.ledger.making import readings, report
from tests.read.making import docx, paragraph

_TEXTS = st.text(st.sampled_from("新建公园三个。增长6.1% \t\n\r　\u3000"), min_size=1, max_size=60)


def _ids(data: bytes, name: str) -> tuple[list[str], list[str]]:
    documents = readings(data, name)
    return [document.id for document in documents], [fact.id for document in documents for fact in document.facts]


def test_line_ends_and_marks_make_no_other_document() -> None:
    text = report()
    want = _ids(text.encode(), "a.txt")
    assert want[0]
    assert len(want[1]) > 4
    assert _ids(text.replace("\n", "\r\n").encode(), "b.txt") == want
    assert _ids(text.replace("\n", "\r\n").encode("utf-8-sig"), "c.txt") == want
    assert _ids(text.encode("gb18030"), "d.txt") == want
    assert _ids(text.encode("utf-16"), "e.txt") == want


def test_a_word_file_is_the_same_document() -> None:
    text = report()
    body = "".join(paragraph(line) for line in text.splitlines())
    assert _ids(docx(body), "report.docx") == _ids(text.encode(), "report.txt")


def test_another_machine_gives_the_same_ids() -> None:
    code = (
        "from tests.ledger.making import readings, report\nprint([(one.id, [fact.id for fact in one.facts]) for one in readings(report())])"
    )
    told = set()
    for seed, zone, lang in (("1", "UTC", "C.UTF-8"), ("2", "Asia/Shanghai", "zh_CN.UTF-8"), ("77", "America/Lima", "C")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": lang, "PYTHONIOENCODING": "utf-8"}
        told.add(subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True, text=True).stdout)
    assert len(told) == 1
    assert repr(readings(report())[0].id) in told.pop()


def test_other_words_make_another_document_of_the_same_family() -> None:
    one, other = readings(report())[0], readings(report(growth="6.5"))[0]
    assert one.id != other.id
    assert family_id(one.recognised["title"], "990102", "2025") == family_id(other.recognised["title"], "990102", "2025")
    assert not {fact.id for fact in one.facts} & {fact.id for fact in other.facts}


@given(_TEXTS)
def test_blanks_do_not_count(text: str) -> None:
    assert document_id(text) == document_id("".join(text.split())) == document_id(" ".join(text))
    places = squeezed(text)
    assert places[-1] == len("".join(text.split()))
    assert all(before <= after <= before + 1 for before, after in pairwise(places))


@given(st.lists(st.tuples(st.sampled_from(["measure", "task"]), st.integers(0, 4), st.integers(0, 4)), max_size=30))
def test_no_two_facts_share_an_id(spans: list[tuple[str, int, int]]) -> None:
    ids = fact_ids("d1", spans, list(range(6)))
    assert len(set(ids)) == len(spans)
    assert fact_ids("d1", spans, list(range(6))) == ids
    assert not set(ids) & set(fact_ids("d2", spans, list(range(6))))


def test_parts_do_not_run_into_each_other() -> None:
    assert ident("o", "99", "01财政局") != ident("o", "9901", "财政局")
    assert document_id("\ud800") != document_id("\ud801")
