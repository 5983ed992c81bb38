"""Moments as text, and arithmetic with them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from luoshi.ledger.entry import moment


def now() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC)


def after(now: datetime, **span: int) -> str:
    """The moment that lies a span (``minutes=30``, ``days=-190``) after another, as text.

    >>> after(datetime(2026, 3, 5, tzinfo=UTC), minutes=30)
    '2026-03-05T00:30:00.000000Z'
    """
    return moment(now + timedelta(**span))


def minutes_until(until: str, now: datetime) -> int:
    """Whole minutes from now until then, rounded up; 0 where that is past or nothing is said.

    >>> minutes_until("2026-03-05T00:30:00.000000Z", datetime(2026, 3, 5, 0, 0, 30, tzinfo=UTC)), minutes_until("", datetime.now(UTC))
    (30, 0)
    """
    if not until:
        return 0
    left = (datetime.fromisoformat(until) - now).total_seconds()
    return max(0, -int(-left // 60))
