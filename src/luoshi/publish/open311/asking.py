"""Which requests a client asks for, read from the query of GET requests."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final, cast

import msgspec

from luoshi.publish.open311.fields import Fields, Reader
from luoshi.publish.open311.values import BadRequest, Status

#: GeoReport v2: a search spans 90 days at most, and an answer has 1,000 requests at most
SPAN: Final = timedelta(days=90)
MOST: Final = 1000
_MOST_NAMED: Final = 100
_PAGE: Final = 100


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for. Where numbers are named, nothing else counts, and there is no span; else received in ``[start, end]``.

    ``statuses`` and ``service_codes`` empty: all. ``page`` from 1 on, of ``page_size`` requests: ours, GeoReport v2 has no pages.
    """

    service_request_ids: tuple[str, ...] = ()
    service_codes: tuple[str, ...] = ()
    statuses: tuple[Status, ...] = ()
    start: datetime | None = None
    end: datetime | None = None
    page: int = 1
    page_size: int = _PAGE


def read_query(fields: Fields, now: datetime) -> Query | BadRequest:
    """What the query asks for, or all that is wrong with it. Without dates: the 90 days up to ``now``; with one, 90 days from or up to it.

    >>> from datetime import UTC
    >>> read_query({"status": ["open"]}, datetime(2026, 3, 31, tzinfo=UTC)).start.isoformat()
    '2025-12-31T00:00:00+00:00'
    """
    reader = Reader(fields)
    if bad := reader.bad():
        return bad
    numbers = reader.listed("service_request_id", _MOST_NAMED)
    page, size = reader.count("page", 1, 1_000_000), reader.count("page_size", _PAGE, MOST)
    if numbers:
        return reader.bad() or Query(service_request_ids=numbers, page=page, page_size=size)
    start, end = _span(reader, now)
    codes, statuses = reader.listed("service_code", _MOST_NAMED), reader.listed("status", 2)
    for status in statuses:
        if status not in {"open", "closed"}:
            reader.refuse(f"status 只能是 open 或 closed，不能是 {status}", "status must be open or closed")
    wanted = Query(service_codes=codes, statuses=cast("tuple[Status, ...]", statuses), start=start, end=end, page=page, page_size=size)
    return reader.bad() or wanted


def _span(reader: Reader, now: datetime) -> tuple[datetime, datetime]:
    start, end = reader.instant("start_date"), reader.instant("end_date")
    if end is None:
        end = now if start is None else start + SPAN
    if start is None:
        start = end - SPAN
    if start > end:
        reader.refuse("start_date 晚于 end_date", "start_date is after end_date")
    elif end - start > SPAN:
        reader.refuse(f"start_date 到 end_date 最多 {SPAN.days} 天", f"start_date and end_date may not span more than {SPAN.days} days")
    return start, end


def read_jurisdiction(fields: Fields, known: Collection[str]) -> BadRequest | None:
    """What is wrong with ``jurisdiction_id``: an unknown one is not found; none at all means ours."""
    reader = Reader(fields)
    given = reader.text("jurisdiction_id", 100)
    if given and given not in known:
        reader.refuse(f"没有 jurisdiction_id {given}", f"jurisdiction_id {given} was not found", code=404)
    return reader.bad()
