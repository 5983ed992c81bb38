"""Plain text: encodings and the map between clean text and source."""

from __future__ import annotations

import pytest

from luoshi.read import read_bytes, read_string

WORDS = "各位代表：去年地区生产总值增长８％，全年完成投资120亿元。\r\n　　一、主要工作回顾\r\n"
OLD = "各位代表：去年地區生產總值增長８％，會議通過了這項經濟發展計劃，業務實際投資為120億元。"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
def test_encoding(encoding: str) -> None:
    text = read_bytes(WORDS.encode(encoding), "x.txt")
    assert text.source == WORDS
    assert text.clean == "各位代表:去年地区生产总值增长8%,全年完成投资120亿元。\n一、主要工作回顾\n"


def test_big5() -> None:
    assert read_bytes(OLD.encode("big5"), "x.txt").source == OLD


@pytest.mark.parametrize(("dirty", "clean"), [
    ("存款余额达到4 6 2 8 0 亿元，比1 9 9 3 年增长8 .4 %", "存款余额达到46280亿元,比1993年增长8.4%"),
    ("打印时间2024-12-31 10:19", "打印时间2024-12-31 10:19"),
    ("区  长  某某某", "区  长  某某某"),
    ("推动A&nbsp;B&ldquo;双提升&rdquo;行动", "推动A B“双提升”行动"),
    ("第一段。\\r\\n第二段。", "第一段。\n第二段。"),
])
def test_clean(dirty: str, clean: str) -> None:
    text = read_string(dirty)
    assert text.clean == clean + "\n"
    assert text.quote(0, len(text.clean)).text == dirty
