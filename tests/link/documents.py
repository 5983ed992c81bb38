"""Reports of fictional places, made of a sentence or two each, as sources for linking."""

from __future__ import annotations

from luoshi.ledger.linkable import source_of
from luoshi.ledger.reading import stored
from luoshi.link import Source
from luoshi.pipeline import extract_facts

_FILLING = "过去一年，全市上下攻坚克难，各项事业取得新进步。"


def report(year: int, *, review: str = "", plan: str = "", place: str = "云川省澜州市", heading: str = "", glossary: str = "") -> Source:
    """The report of ``place`` given at the beginning of ``year``."""
    text = (
        f"{place}{year}年政府工作报告\n\n各位代表：\n现在，我代表人民政府向大会报告工作，请予审议。\n\n"
        f"一、{heading or f'{year - 1}年工作回顾'}\n{_FILLING}{review}\n\n二、{year}年工作安排\n今年，要扎实做好以下工作。{plan}\n{glossary}"
    )
    found = stored(extract_facts(text, name=f"{place}{year}.txt"))
    assert len(found) == 1, text
    return source_of(found[0], file=f"{place}{year}.txt")
