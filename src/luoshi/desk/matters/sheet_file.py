"""A workbook that somebody brings back: found out what it is, where its columns are, and what of each row was changed. Knows nothing of the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from luoshi.desk.matters.sheet_cells import Read, plain, read_cell
from luoshi.desk.matters.sheet_rows import COUNTED
from luoshi.errors import UnreadableFile
from luoshi.publish.ledger_sheet import FILLED, KEPT, KEY, MARK, RESULT, VERSION, Column, Kind, Who, base_heads, columns
from luoshi.read.book import Book, Cell, Leaf, read_book

_NAME: Final = "台账.xlsx"
#: rows above the headings that somebody may have put in
_ABOVE: Final = 20
_AGAIN: Final = "请重新取出台账，在取出的文件里填写"
_KINDS: Final[Mapping[str, Kind]] = {"sign": "choice", "assign": "choice", "extend": "day", "to_due": "day"}


class Base(msgspec.Struct, frozen=True):
    """A row of the hidden sheet: how the matter stood when it was taken out. ``states`` of those cells only that could be filled."""

    row: int
    number: str
    acts: int
    kept: Mapping[str, str]
    values: Mapping[str, str]
    states: Mapping[str, str]


class Filed(msgspec.Struct, frozen=True):
    """A row of the ledger as it came back: which cells were changed, to what; what is wrong with it."""

    row: int
    item: str
    number: str
    title: str
    base: Base
    changed: Mapping[str, Read] = {}
    wrong: str = ""


class Sheet(msgspec.Struct, frozen=True):
    """The workbook: its rows, and where in it the answer goes. ``places``: columns of value and state in the hidden sheet by column."""

    who: Who
    at: str
    rows: tuple[Filed, ...]
    leaf: str
    hidden: str
    head: int
    result: int
    acts: int
    places: Mapping[str, tuple[int, int]]
    notes: tuple[str, ...] = ()


class _Reading(msgspec.Struct, frozen=True):
    """What is needed to read a row."""

    book: Book
    leaf: Leaf
    who: Who
    at: Mapping[str, int]
    base: Mapping[str, Base]
    doubled: frozenset[str]
    joined: frozenset[int]


def read_sheet(data: bytes) -> Sheet:
    """The workbook, read. Raises ``UnreadableFile`` where it is no ledger that was taken out, or not whole."""
    book = read_book(data, _NAME)
    hidden = next((leaf for leaf in book.leaves if _text(leaf, 0, 0) == MARK), None)
    if hidden is None:
        raise UnreadableFile("不是从系统取出的台账，或隐藏的工作表被删了", where=_NAME, slug="not-our-sheet", remedy=_AGAIN)
    who = next((one for one in FILLED if one == _text(hidden, 0, 2)), None)
    if _text(hidden, 0, 1) != VERSION or who is None:
        raise UnreadableFile("这份台账是另一版本的系统取出的", where=_NAME, slug="not-our-sheet", remedy=_AGAIN)
    heads = {_text(hidden, 1, column): column for row, column in hidden.cells if row == 1}
    if missing := [head for head in base_heads(who) if head not in heads]:
        raise UnreadableFile("隐藏的工作表被改动过", where=missing[0], slug="not-our-sheet", remedy=_AGAIN)
    base = _bases(hidden, heads, who)
    leaf, head = _ledger(book, hidden)
    at = _columns(leaf, head, who)
    reading = _Reading(book, leaf, who, at, base, _doubled(leaf, head, at[KEY.key]), _joined(leaf, head, at))
    last = max((row for row, _ in leaf.cells), default=head)
    rows = tuple(filed for row in range(head + 1, last + 1) if (filed := _filed(reading, row)) is not None)
    right = max((column for _, column in leaf.cells), default=0)
    return Sheet(
        who, _text(hidden, 0, 3), rows, leaf.part, hidden.part, head, at.get(RESULT.key, right + 1), heads["acts"],
        {column.key: (heads[f"{column.key}.value"], heads[f"{column.key}.state"]) for column in FILLED[who]},
        ("文件引用了别的文件，没有去读；公式按存下的结果读",) if book.links else (),
    )  # fmt: skip


def _text(leaf: Leaf, row: int, column: int) -> str:
    cell = leaf.cells.get((row, column))
    return cell.text if cell else ""


def _bases(hidden: Leaf, heads: Mapping[str, int], who: Who) -> dict[str, Base]:
    found: dict[str, Base] = {}
    for row in sorted({row for row, _ in hidden.cells if row > 1}):
        told = {head: _text(hidden, row, column) for head, column in heads.items()}
        acts = told["acts"]
        if not told["key"] or not (acts.isascii() and acts.isdigit() and len(acts) < 9):
            continue
        keys = [column.key for column in FILLED[who]]
        states = {key: told[f"{key}.state"] for key in keys if told[f"{key}.state"]}
        found[told["key"]] = Base(
            row, told["number"], int(acts), {key: told[f"{key}.was"] for key in KEPT}, {key: told[f"{key}.value"] for key in keys}, states
        )
    return found


def _ledger(book: Book, hidden: Leaf) -> tuple[Leaf, int]:
    """The sheet of the ledger and the row of its headings."""
    found = [
        (leaf, row)
        for leaf in book.leaves
        if leaf is not hidden
        for row in sorted({row for row, _ in leaf.cells if row < _ABOVE})
        if any(_names(KEY, cell.text) for (at, _), cell in leaf.cells.items() if at == row)
    ]
    if not found:
        raise UnreadableFile("没有“系统编号”这一列（它是隐藏的）", where=_NAME, slug="sheet-no-key", remedy=_AGAIN)
    if len({leaf.part for leaf, _ in found}) > 1:
        names = "、".join(dict.fromkeys(leaf.name for leaf, _ in found))
        raise UnreadableFile("有几张台账工作表，不知道以哪张为准", where=names[:80], slug="not-our-sheet", remedy="请只留一张再传")
    return found[0]


def _names(column: Column, text: str) -> bool:
    """Whether a heading names this column, whatever the language and the blanks."""
    words = "".join(plain(text).split())
    return words in {"".join(plain(one).split()) for one in (column.zh, column.en)}


def _columns(leaf: Leaf, head: int, who: Who) -> dict[str, int]:
    """Where the columns are now, by key; raises where one stands there twice or one to be filled is gone."""
    at: dict[str, int] = {}
    for (row, number), cell in sorted(leaf.cells.items()):
        if row != head:
            continue
        for column in (*columns(who), RESULT):
            if _names(column, cell.text):
                if column.key in at:
                    raise UnreadableFile(f"有两列“{column.zh}”", where=leaf.name, slug="not-our-sheet", remedy="请只留一列再传")
                at[column.key] = number
    return at


def _doubled(leaf: Leaf, head: int, key: int) -> frozenset[str]:
    """The keys that stand in more than one row."""
    counts = Counter(cell.text for (row, column), cell in leaf.cells.items() if row > head and column == key)
    return frozenset(text for text, count in counts.items() if count > 1)


def _joined(leaf: Leaf, head: int, at: Mapping[str, int]) -> frozenset[int]:
    """The rows in which cells of our columns were joined with others and hold something."""
    ours, rows = set(at.values()), set[int]()
    for first, left, last, right in leaf.joined:
        if last > head and (first, left) in leaf.cells and any(left <= column <= right for column in ours):
            rows.update(range(max(first, head + 1), min(last, first + 100_000) + 1))
    return frozenset(rows)


# --- a row


def _filed(reading: _Reading, row: int) -> Filed | None:
    """The row; None for one in which nothing stands."""
    leaf, at = reading.leaf, reading.at
    item = _text(leaf, row, at[KEY.key])
    number, title = (_text(leaf, row, at[key]) if key in at else "" for key in ("number", "title"))
    if not item:
        ours = [key for key, column in at.items() if key != RESULT.key and _text(leaf, row, column)]
        empty = Base(-1, "", 0, {}, {}, {})
        return Filed(row, "", number, title, empty, wrong="这一行没有系统编号，不是取出的事项；新事项请在网页上立项") if ours else None
    base = reading.base.get(item)
    if base is None:
        return Filed(row, item, number, title, Base(-1, "", 0, {}, {}, {}), wrong=f"系统编号不是这份台账里的。{_AGAIN}")
    changed = _changed(reading, row, base)
    return Filed(row, item, number or base.number, title, base, changed, _wrong(reading, row, base, changed))


def _changed(reading: _Reading, row: int, base: Base) -> dict[str, Read]:
    """The cells that do not say what they said when the sheet was taken out."""
    found: dict[str, Read] = {}
    for column in FILLED[reading.who]:
        if column.key not in reading.at:
            continue
        cell: Cell | None = reading.leaf.cells.get((row, reading.at[column.key]))
        value = read_cell(cell, _kind(column.key, base), reading.book, before=_before(base))
        if value.wrong or value.plain != base.values[column.key]:
            found[column.key] = value
    return found


def _kind(key: str, base: Base) -> Kind:
    if key == "value":
        return "count" if base.states.get(key, "").endswith(COUNTED) else "percent"
    return _KINDS.get(key, "text")


def _before(base: Base) -> float | None:
    told = base.states.get("value", "").partition("/")[0]
    try:
        return float(told)
    except ValueError:
        return None


def _wrong(reading: _Reading, row: int, base: Base, changed: Mapping[str, Read]) -> str:
    """Why the row cannot be taken as it is; ``""`` where it can."""
    titles = {column.key: column.zh for column in columns(reading.who)}
    if changed and _text(reading.leaf, row, reading.at[KEY.key]) in reading.doubled:
        return "同一事项有两行，不知道以哪行为准"
    shown = _text(reading.leaf, row, reading.at["number"]) if "number" in reading.at else ""
    if changed and shown and shown != base.number:
        return f"编号“{shown[:30]}”和隐藏的系统编号对不上，可能只排序了一部分列。{_AGAIN}"
    if changed and row in reading.joined:
        return "这一行有合并的单元格，请取消合并再填"
    closed = [titles[key] for key in changed if key not in base.states]
    if closed:
        return f"取出时这一行不能填“{closed[0]}”（灰色）。请清空；如果现在可以办了，请重新取出"
    told = [f"{titles[key]}：{value.wrong}" for key, value in changed.items() if value.wrong]
    if told:
        return "；".join(told)
    strange = [titles[key] for key in KEPT if key in reading.at and _differs(reading, row, key, base.kept[key])]
    return f"“{'、'.join(strange)}”不能在表里改，整行没有采纳，请改回原样；要延期请填“申请延期至”" if strange and reading.who == "unit" else (
        f"“{'、'.join(strange)}”不能在表里改，整行没有采纳，请改回原样" if strange else ""
    )  # fmt: skip


def _differs(reading: _Reading, row: int, key: str, was: str) -> bool:
    cell = reading.leaf.cells.get((row, reading.at[key]))
    if key == "due":
        value: Any = read_cell(cell, "day", reading.book)
        return bool(value.wrong) or value.plain != was
    return "".join((cell.text if cell else "").split()) != "".join(was.split())
