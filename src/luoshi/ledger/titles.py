"""What a document is called: by its title, or by place, years and kind where it has none. Pure."""

from __future__ import annotations

from typing import Protocol

from luoshi.messages import Lang, Speaker


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
    """The title; of a document without one ``region + years + kind``, in the words of the language.

    >>> from types import SimpleNamespace as Row
    >>> years = {"review_year": 2025, "plan_year": 2026, "plan_first": None, "plan_last": None}
    >>> title_of(Row(title="", kind="report", region="云川省澜州市栖山区", **years))
    '云川省澜州市栖山区2026年政府工作报告'
    """
    if document.title:
        return " ".join(document.title.split())
    years = years_of(document)
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
