"""The map between clean text and source, over made-up and over real text: exact, in bounds, in order."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from luoshi.read import read_bytes, read_string
from luoshi.read.text import Text

PIECES = [
    "全区生产总值",
    "增长",
    "亿元",
    "1",
    "250",
    "８％",
    "（一）",
    "，",
    "。",
    "；",
    "“双招双引”",
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    " ",
    "　　",
    "\t",
    "\u3000",
    "\xa0",
    "\u200b",
    "\ufeff",
    "&nbsp;",
    "&ldquo;",
    "&#12288;",
    "&amp;",
    "\\r\\n",
    "\\n",
    '\\"',
    "????",
    "？？",
    "?",
    "- 12 -",
    "—3—",
    "第3页 共20页",
    "12",
    "GDP",
    "R&D",
    "《",
    "》",
    "首页 > 要闻",
    "打印本页",
    "发布时间：2024-01-20",
    "责任编辑：某某",
    "一、",
    "各位代表：",
    "的",
    "\uffff",
    "\u2028",
    "\x0c",
    "⼯作",
    "𠮷",
    "\ud800",
    "区  长",
    ".",
    " .4",
]


def check(text: Text) -> None:
    """Everything that is promised of the map."""
    source, clean, edits = text.source, text.clean, text.edits
    at = gone = 0
    for edit in edits:
        assert edit.start <= edit.end <= len(source)
        assert edit.start >= gone
        assert edit.start - gone == edit.at - at
        gone, at = edit.end, edit.at + edit.size
    assert len(source) - gone == len(clean) - at
    last = 0
    for index in range(len(clean)):
        span = text.to_source(index, index + 1)
        assert last <= span.start <= span.end <= len(source)
        last = span.start
        words = source[span.start : span.end]
        if len(words) == 1 and not clean[index].isspace():
            assert unicodedata.normalize("NFKC", words) == unicodedata.normalize("NFKC", clean[index])
    for start in range(0, len(clean), 7):
        for end in (start, start + 1, min(len(clean), start + 9)):
            quote = text.quote(start, end)
            assert 0 <= quote.start <= quote.end <= len(source)
            assert source[quote.start : quote.end] == quote.text
            if start < end < len(clean) and clean[start:end].strip():
                back = text.to_clean(quote.start, quote.end)
                assert (back.start, back.end) == (start, end)
    for before, after in zip(text.marks, text.marks[1:], strict=False):
        assert before.start < before.end <= after.start
    assert "\uffff" not in clean
    assert not clean or clean.endswith("\n")
    assert "\n\n" not in clean
    assert "\r" not in clean


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40))
@example(["一", "\ud800", "\uffff", "\n"])
def test_made_up(pieces: list[str]) -> None:
    check(read_string("".join(pieces)))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
@example("&#13")
@example("建设&#13;&#10;公园&#xD;\r\n一处 &#13; 。&#13;")
def test_any_text(words: str) -> None:
    text = read_string(words)
    assert len(text.source) == len(words)
    check(text)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 60), st.sampled_from(["。", "", "，", "；", "12", "%", "（"])), min_size=1, max_size=40),
    st.sampled_from(["\n", "\r\n", "\n\n"]),
)
def test_lines(lines: list[tuple[int, str]], end: str) -> None:
    check(read_string(end.join("投资项目" * (length // 4) + "建设公园"[: length % 4] + mark for length, mark in lines)))


SHARED = Path(__file__).parents[2] / ".." / "shared"


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real documents are not here")
@pytest.mark.slow
def test_real() -> None:
    for path in sorted((SHARED / "seeds").glob("*.txt")) + sorted((SHARED / "corpus").rglob("*.txt"))[::12]:
        check(read_bytes(path.read_bytes(), path.name))
