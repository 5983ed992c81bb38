"""What a document is called: by its title, or by place, years and kind where it has none. Pure."""

from __future__ import annotations

from typing import Final, Protocol

from luoshi.messages import Lang, Speaker

#: titles that a thousand documents share
_NAMELESS: Final = frozenset({"政府工作报告", "工作报告", "国民经济和社会发展第十四个五年规划纲要", "任务分解表", "责任分解表"})


class Titled(Protocol):
    """What of a document its name is made of; a row of the table of documents fits."""

    title: str
    kind: str
    region: str
    review_year: int | None
    plan_year: int | None
    plan_first: int | None
    plan_last: int | None


def title_of(document: Titled, lang: Lang = "zh") -> str:
    """The title, with place and years where it says no more than what kind of document it is; without one ``region + years + kind``.

    >>> from types import SimpleNamespace as Row
    >>> years = {"review_year": 2025, "plan_year": 2026, "plan_first": None, "plan_last": None}
    >>> title_of(Row(title="", kind="report", region="云川省澜州市栖山区", **years))
    '云川省澜州市栖山区2026年政府工作报告'
    """
    title, years = " ".join(document.title.split()), years_of(document)
    if title in _NAMELESS and (document.region or years):
        return f"{document.region}{years}{'年' if years else ''}{title}"
    if title:
        return title
    kind = Speaker(lang).word("kind", document.kind)
    if lang == "zh":
        return f"{document.region}{years}{'年' if years else ''}{kind}"
    return " ".join(part for part in (document.region, years, kind) if part)


def years_of(document: Titled) -> str:
    """The years that a document plans, as its name says them: ``2026``, ``2021–2025``; ``""`` where none is known."""
    if document.plan_first:
        return f"{document.plan_first}–{document.plan_last}" if document.plan_last else str(document.plan_first)
    year = document.plan_year or document.review_year
    return str(year) if year else ""
