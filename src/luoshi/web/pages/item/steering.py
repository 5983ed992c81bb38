"""What the page of an item tells of an indicator under steering: values by period, gap, what is still needed, the end of the year."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from luoshi.desk.matters.steering import Steered, steered
from luoshi.web.pages.item.matter import Live
from luoshi.web.words import say


def steering_told(live: Live) -> dict[str, Any] | None:
    """The values of ``steering.html``; ``None`` where the matter is no indicator."""
    found = steered(live.row.id, live.matter)
    if found is None:
        return None
    course = found.course
    verdict = "" if course.enough is None else "item.steering_enough" if course.enough else "item.steering_short"
    return {
        "values": found.values, "unit": found.unit, "waits_for": found.waits_for, "figures": list(_figures(found)),
        "method": f"item.steering_by_{(course.method or 'holds').replace('-', '_')}", "verdict": verdict,
    }  # fmt: skip


def _figures(found: Steered) -> list[tuple[str, str, str]]:
    course, unit = found.course, found.unit
    points = say("item.steering_points")
    needed_unit = unit if found.goal.kind == "amount" else "%"
    rows: tuple[tuple[str, Decimal | None, str], ...] = (
        ("goal", found.goal.value, unit), ("newest", course.last.value if course.last else None, unit), ("share", course.share, "%"),
        ("gap", course.gap, points if found.goal.kind == "amount" or unit == "%" else unit), ("rate", course.rate, unit),
        ("needed", course.needed, needed_unit), ("forecast", course.forecast, unit),
    )  # fmt: skip
    return [(say(f"item.steering_{name}"), _plain(value, signed=name == "gap"), unit) for name, value, unit in rows if value is not None]


def _plain(value: Decimal, *, signed: bool) -> str:
    text = format(value.normalize(), "f")
    return f"+{text}" if signed and value > 0 else text
