"""Checks facts against their source: every span lies in it and holds the words that are quoted, parts within and without."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from luoshi.errors import BadUsage


class Difference(msgspec.Struct, frozen=True):
    """A quotation that does not hold: in which record (counted from 1), under which key, what is quoted and what the source has there."""

    record: int
    key: str
    start: object
    end: object
    quoted: str
    source: str | None


class Verdict(msgspec.Struct, frozen=True):
    """How many records and quotations were looked at, and every difference in order."""

    records: int
    quotes: int
    differences: tuple[Difference, ...]


def load_records(data: bytes, name: str) -> list[dict[str, Any]]:
    """The objects of a JSON Lines file; raises ``BadUsage`` naming the line that is none."""
    records: list[dict[str, Any]] = []
    for number, line in enumerate(data.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            records.append(msgspec.json.decode(line, type=dict[str, Any]))
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise BadUsage(
                f"第 {number} 行不是 JSON 对象", where=name, remedy="应为 luoshi read --format jsonl 的输出", slug="bad-jsonl"
            ) from error
    return records


def verify(records: Iterable[dict[str, Any]], source: str) -> Verdict:
    """Compares every quotation of every record, nested ones too, with the source. Lines such as a gold file's head are passed over."""
    quotes = 0
    count = 0
    differences: list[Difference] = []
    for number, record in enumerate(records, start=1):
        if "fact" not in record:
            continue
        count += 1
        for key, quote in _quotes(record, ""):
            quotes += 1
            difference = _compare(number, key, quote, source)
            if difference:
                differences.append(difference)
    return Verdict(records=count, quotes=quotes, differences=tuple(differences))


def _quotes(value: object, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object that quotes (has ``start``, ``end`` and ``text``), or should: the record itself must."""
    if isinstance(value, dict):
        if not path or {"start", "end", "text"} <= value.keys():
            yield path or "fact", value
        for key, inner in value.items():
            yield from _quotes(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from _quotes(inner, f"{path}[{at}]")


def _compare(number: int, key: str, quote: dict[str, Any], source: str) -> Difference | None:
    start, end, text = quote.get("start"), quote.get("end"), quote.get("text")
    fits = isinstance(start, int) and isinstance(end, int) and 0 <= start <= end <= len(source)
    there = source[start:end] if fits else None
    if there is not None and there == text:
        return None
    return Difference(record=number, key=key, start=start, end=end, quoted=text if isinstance(text, str) else repr(text), source=there)
