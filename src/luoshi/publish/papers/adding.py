"""Whether what a paper says adds up: totals against their parts, lists against their numbers. Nothing goes out before it does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import msgspec

from luoshi.errors import LuoshiError
from luoshi.publish.papers.blocks import Adds, Kind
from luoshi.publish.papers.marks import text_of
from luoshi.publish.papers.packing import BODY, parts_of, tree, w
from luoshi.publish.papers.words import Values, amount

_TOTAL: Final = frozenset({"合计", "总计", "小计", "共计", "全区合计", "total"})
_NUMBER: Final = re.compile(r"[-+]?\d[\d,，]*(?:\.\d+)?")
_MOST_TOLD: Final = 5


class DoesNotAdd(LuoshiError):
    """A paper whose numbers do not add up: it is not released."""

    slug = "does-not-add"
    status = 409


class Gap(msgspec.Struct, frozen=True):
    """A sum that does not come out: where, what stands there, what its parts make."""

    where: str
    stated: str
    counted: str

    def __str__(self) -> str:
        return f"{self.where}写的是 {self.stated}，各项相加是 {self.counted}"


def gaps(kind: Kind, values: Values) -> tuple[Gap, ...]:
    """The sums of a paper that do not come out."""
    return tuple(gap for rule in kind.adds for gap in _of_rule(rule, values))


def must_add(kind: Kind, values: Values) -> None:
    """Nothing, or ``DoesNotAdd`` with each place."""
    found = gaps(kind, values)
    if found:
        told = "；".join(map(str, found[:_MOST_TOLD])) + (f"；另有 {len(found) - _MOST_TOLD} 处" if len(found) > _MOST_TOLD else "")
        raise DoesNotAdd(f"数字对不上：{told}", where=kind.title.zh, remedy="请核对台账后再出文；系统不改数字")


def _of_rule(rule: Adds, values: Values) -> Iterator[Gap]:
    if rule.each:
        for number, row in enumerate(_rows(values, rule.each), 1):
            named = str(row.get(rule.named) or f"第{number}行")
            yield from _compared(f"{rule.where}“{named}”", row.get(rule.whole), [row.get(part) for part in rule.parts])
    elif rule.count:
        yield from _compared(rule.where, values.get(rule.whole), [len(_rows(values, rule.count))])
    else:
        yield from _compared(rule.where, values.get(rule.whole), [one for part in rule.parts for one in _parts(part, values)])


def _parts(part: str, values: Values) -> list[Any]:
    name, _, column = part.partition(".")
    return [row.get(column) for row in _rows(values, name)] if column else [values.get(name)]


def _rows(values: Values, name: str) -> Sequence[Mapping[str, Any]]:
    found = values.get(name)
    return [row for row in found if isinstance(row, Mapping)] if isinstance(found, list | tuple) else []


def _compared(where: str, whole: Any, parts: Sequence[Any]) -> Iterator[Gap]:
    stated, counted = _number(whole), sum((_number(part) or Decimal(0) for part in parts), Decimal(0))
    if stated is None:
        # what is not said needs not to add up, unless its parts are said
        if any(_number(part) is not None for part in parts):
            yield Gap(where, "空白", amount(counted))
    elif stated != counted:
        yield Gap(where, amount(stated), amount(counted))


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float | Decimal):
        return Decimal(str(value))
    return None


# --- a paper that somebody has edited


def table_gaps(data: bytes, name: str = "文稿") -> tuple[Gap, ...]:
    """The totals in the tables of a docx that do not come out: of every table with a row of totals, column by column.

    It is for a paper that went through Word after the program had made it.
    """
    root = tree(parts_of(data, name)[BODY])
    return tuple(gap for number, table in enumerate(root.iter(w("tbl")), 1) for gap in _of_table(table, number))


def _of_table(table: Any, number: int) -> Iterator[Gap]:
    rows = [[text_of(cell).strip() for cell in row.findall(w("tc"))] for row in table.findall(w("tr"))]
    last = next((at for at in range(len(rows) - 1, 0, -1) if rows[at] and _is_total(rows[at])), 0)
    if last < 2:
        return
    heads, body, totals = rows[0], rows[1:last], rows[last]
    for at, stated in enumerate(totals):
        whole = _read(stated)
        column = [row[at] if at < len(row) else "" for row in body]
        parts = [_read(cell) for cell in column]
        if whole is None or not any(part is not None for part in parts) or any(cell and _read(cell) is None for cell in column):
            continue
        counted = sum((part for part in parts if part is not None), Decimal(0))
        if counted != whole:
            yield Gap(f"表{number}“{heads[at] if at < len(heads) else at + 1}”列合计", amount(whole), amount(counted))


def _is_total(cells: Sequence[str]) -> bool:
    return any(cell.replace(" ", "").lower() in _TOTAL for cell in cells[:2])


def _read(cell: str) -> Decimal | None:
    """The number in a cell that holds nothing else; a share is none that is added."""
    if not _NUMBER.fullmatch(cell):
        return None
    try:
        return Decimal(cell.replace(",", "").replace("，", ""))
    except InvalidOperation:  # pragma: no cover - the pattern lets none through
        return None
