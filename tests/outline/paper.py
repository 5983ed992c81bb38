"""Fictional papers for the tests of the outline, and a short way to write down what was found."""

from luoshi.outline import outline_text
from luoshi.outline.outline import Outline
from luoshi.read import read_string

REVIEW = "全区上下齐心协力，全年地区生产总值达到三百二十亿元，比上年增长百分之六点一，社会大局保持稳定。"
PLAN = "要进一步扩大有效投资，加快重点项目建设，力争全年开工项目四十个，推动经济实现质的提升和量的增长。"
CLOSING = "各位代表！奋斗正当其时。让我们同心同德、埋头苦干，为建设富裕美丽的新家园而努力奋斗！"


def outlined(*lines: str) -> Outline:
    """The outline of the lines as they stand."""
    return outline_text(read_string("\n".join(lines), "paper"))


def report(*lines: str, speaker: str = "我代表区人民政府", place: str = "") -> Outline:
    """The outline of a report: salutation and opening, the given lines, and a closing."""
    opening = f"现在，{speaker}向大会报告工作，请予审议，并请各位政协委员提出意见。"
    return outlined(*([place] if place else []), "各位代表：", opening, *lines, CLOSING)


def headings(outline: Outline) -> list[str]:
    """Each section as ``level number title part``."""
    clean = outline.text.clean
    return [
        f"{section.level} {section.number or '-'} {clean[section.title_start : section.title_end]} {section.part}"
        for section in outline.sections
    ]


def parts(outline: Outline) -> list[tuple[str, str]]:
    """Each stretch as its part and its first words (eight characters of the body)."""
    clean = outline.text.clean
    return [(stretch.part, clean[stretch.body : stretch.end].strip()[:8]) for stretch in outline.stretches]
