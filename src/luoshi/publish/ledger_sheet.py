"""The ledger of matters as a workbook that people fill in and bring back: what is known, what may be filled, and what stood there then.

Three sheets: the ledger (a row a matter, all locked but the cells to be filled), a page that says what may be filled and how, and a hidden one
with the state of every cell that may be filled as it was when the workbook was made, so that whoever takes it back knows what was changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Any, Final, Literal

import msgspec

from luoshi.messages import Lang

Who = Literal["unit", "office"]
Kind = Literal["percent", "count", "text", "day", "choice"]
#: the first cell of the hidden sheet, by which a workbook of ours is known, and the version of its layout
MARK: Final = "luoshi.ledger-sheet"
VERSION: Final = "1"
#: so many matters at most; beyond it nobody fills in anything
MOST: Final = 5_000
LONGEST_TEXT: Final = 2_000
_FIRST, _LAST = date(2000, 1, 1), date(2100, 12, 31)
_LINE, _HIGHEST = 14.0, 150.0
#: references in one rule of what may be filled
_RUNS: Final = 50


class Column(msgspec.Struct, frozen=True):
    """A column: its heading in both languages, its width, and how its values are shown (text, long, day)."""

    key: str
    zh: str
    en: str
    width: int
    shown: str = "text"

    def title(self, lang: Lang) -> str:
        return self.zh if lang == "zh" else self.en


KEY: Final = Column("key", "系统编号（勿动）", "Key (leave as it is)", 20)
RESULT: Final = Column("result", "结果", "Result", 40, "long")
_HEAD: Final = (
    KEY, Column("number", "编号", "Number", 17), Column("title", "事项", "Matter", 34, "long"), Column("lead", "牵头单位", "Lead unit", 16, "long"),
    Column("due", "办结期限", "Due", 12, "day"), Column("stage", "环节", "Stage", 10), Column("lights", "亮灯", "Lights", 18, "long"),
    Column("progress", "已报进度", "Progress so far", 10), Column("target", "已完成／目标", "Done / target", 15, "long"),
    Column("said", "上次报送", "Last report", 30, "long"),
)  # fmt: skip
_TAIL: Final = (
    Column("mechanism", "机制", "Mechanism", 14), Column("support", "协同单位", "Supporting units", 18, "long"), Column("leader", "分管领导", "Leader", 14, "long"),
    Column("original", "原定期限", "Original due date", 12, "day"), Column("source", "原文", "Source sentence", 48, "long"),
)  # fmt: skip
#: the columns that may be filled, by who takes the workbook out
FILLED: Final[Mapping[Who, tuple[Column, ...]]] = {
    "unit": (
        Column("sign", "签收", "Sign for it", 9), Column("value", "本期进度（%）或数量", "Progress (%) or count now", 13),
        Column("text", "一句话进展", "One sentence", 34, "long"), Column("extend", "申请延期至", "Extension asked until", 14, "day"),
        Column("reason", "延期理由", "Reason for the extension", 26, "long"),
    ),
    "office": (
        Column("assign", "交办", "Assign", 9), Column("to_lead", "交办：牵头单位", "Assign: lead unit", 18, "long"),
        Column("to_support", "交办：协同单位", "Assign: supporting units", 20, "long"), Column("to_due", "交办：办结期限", "Assign: due date", 14, "day"),
        Column("to_text", "交办：说明", "Assign: note", 26, "long"), Column("chase", "催办内容", "Chasing note", 34, "long"),
    ),
}  # fmt: skip
#: read-only columns of which the hidden sheet keeps what they said, so that whoever writes into them can be told
KEPT: Final = ("title", "lead", "support", "due")


def columns(who: Who) -> tuple[Column, ...]:
    """The columns of the ledger in their order: who it is, how it stands, what may be filled, what is seldom looked at."""
    return (*_HEAD, *FILLED[who], *_TAIL)


class Fill(msgspec.Struct, frozen=True):
    """A cell that may be filled: what stands in it, of which kind it is, and the state of the ledger that filling it in would change."""

    kind: Kind
    state: str
    value: str = ""
    choices: tuple[str, ...] = ()
    #: what is to be filled in, where that differs from row to row (``所，目标 28``)
    hint: str = ""


class Line(msgspec.Struct, frozen=True):
    """A matter: what the columns show by key, the key of its light, how many acts were done, and the cells that may be filled by column."""

    item: str
    shown: Mapping[str, str]
    light: str
    acts: int
    fills: Mapping[str, Fill]


class About(msgspec.Struct, frozen=True):
    """Whose ledger it is and when it was taken out, in words; ``at`` as the ledger writes a moment."""

    title: str
    office: str
    taken: str
    at: str


def ledger_book(lines: Sequence[Line], who: Who, about: About, lang: Lang = "zh") -> bytes:
    """The workbook, a file of ``.xlsx``."""
    import xlsxwriter

    file = BytesIO()
    quiet = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, quiet) as book:
        looks = _Looks(book)
        _ledger(book.add_worksheet(_TITLES[lang][0]), looks, lines, who, about, lang)
        _help(book.add_worksheet(_TITLES[lang][1]), looks, who, about, lang)
        _base(book.add_worksheet(_TITLES[lang][2]), lines, who, about)
    return file.getvalue()


_TITLES: Final[Mapping[Lang, tuple[str, str, str]]] = {
    "zh": ("台账", "说明", "取出时的状态"),
    "en": ("Ledger", "How to fill it in", "As taken out"),
}
_LIGHTS: Final = {"green": "#dff2e1", "blue": "#dbe9f9", "yellow": "#fff3c4", "orange": "#ffe0c2", "red": "#f9d7d5"}


class _Looks:
    """The formats of a workbook, made once each."""

    def __init__(self, book: Any) -> None:
        self._book, self._made = book, dict[tuple[Any, ...], Any]()

    def of(self, shown: str = "text", *, fill: bool = False, colour: str = "", head: bool = False, bold: bool = False) -> Any:
        key = (shown, fill, colour, head, bold)
        if key not in self._made:
            self._made[key] = self._book.add_format(self._look(shown, fill, colour, head, bold))
        return self._made[key]

    @staticmethod
    def _look(shown: str, fill: bool, colour: str, head: bool, bold: bool) -> dict[str, Any]:
        look: dict[str, Any] = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "top", "border": 1, "border_color": "#c9d1d6"}
        look |= {
            "num_format": {"day": "yyyy-mm-dd", "percent": "0.0%", "count": "General"}.get(shown, "@"),
            "text_wrap": shown in {"long", "text"},
        }
        if head:
            look |= {
                "bold": True,
                "valign": "vcenter",
                "text_wrap": True,
                "font_color": "#ffffff",
                "bg_color": "#8a4b08" if fill else "#1f4e5f",
            }
        elif fill:
            look |= {"locked": False, "bg_color": "#fffbe6"}
        elif colour:
            look |= {"bg_color": colour}
        return look | ({"bold": True, "border": 0} if bold else {})


# --- the ledger


def _ledger(sheet: Any, looks: _Looks, lines: Sequence[Line], who: Who, about: About, lang: Lang) -> None:
    shown, filled = columns(who), {column.key for column in FILLED[who]}
    for at, column in enumerate(shown):
        sheet.set_column(at, at, column.width, None, {"hidden": column is KEY})
        sheet.write_string(0, at, column.title(lang), looks.of(head=True, fill=column.key in filled))
    sheet.set_row(0, 34)
    for row, line in enumerate(lines, start=1):
        # said outright: not every program finds the height of wrapped words by itself
        sheet.set_row(
            row,
            _height((line.shown.get(column.key, ""), column.width) for column in shown if column.shown == "long" and column not in _TAIL),
        )
        for at, column in enumerate(shown):
            fill = line.fills.get(column.key)
            if fill is not None:
                _write_fill(sheet, row, at, fill, looks)
            else:
                _write(sheet, row, at, column, line, looks, empty=column.key in filled)
    last = max(len(lines), 1)
    for at, column in enumerate(shown):
        if column.key in filled:
            _rules(sheet, at, column, lines, lang)
    sheet.freeze_panes(1, 3)
    sheet.autofilter(0, 0, last, len(shown) - 1)
    # what is seldom looked at is left out on paper, so that the rest can be read
    _print(sheet, last, len(shown) - 1 - len(_TAIL), about)
    free = ("sort", "autofilter", "format_cells", "format_columns", "format_rows")
    sheet.protect("", {**dict.fromkeys(free, True), "objects": True, "scenarios": True})


def _height(cells: Iterable[tuple[str, int]]) -> float:
    """The height of a row that shows these words in columns of these widths, up to a bound: a Chinese sign is two wide."""
    lines = (sum(2 if ord(mark) > 0x2E7F else 1 for mark in words) // max(width - 1, 1) + 1 + words.count("\n") for words, width in cells)
    return min(_LINE * max(2, *lines) + 3, _HIGHEST)


def _write(sheet: Any, row: int, at: int, column: Column, line: Line, looks: _Looks, *, empty: bool) -> None:
    """A cell that is only shown; one that could be filled in another row is grey here."""
    value = line.item if column is KEY else line.shown.get(column.key, "")
    colour = _LIGHTS.get(line.light, "") if column.key == "lights" else "#eef1f3" if empty else ""
    look = looks.of(column.shown, colour=colour)
    if column.shown == "day" and (day := _day(value)):
        sheet.write_datetime(row, at, day, look)
    elif value:
        sheet.write_string(row, at, value[:32_000], look)
    else:
        sheet.write_blank(row, at, None, look)


def _write_fill(sheet: Any, row: int, at: int, fill: Fill, looks: _Looks) -> None:
    look = looks.of({"percent": "percent", "count": "count", "day": "day"}.get(fill.kind, "long"), fill=True)
    if fill.kind == "day" and (day := _day(fill.value)):
        sheet.write_datetime(row, at, day, look)
    elif fill.value:
        sheet.write_string(row, at, fill.value, look)
    else:
        sheet.write_blank(row, at, None, look)


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _print(sheet: Any, last: int, right: int, about: About) -> None:
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.print_area(0, 0, last, right)
    sheet.set_header(f'&L{_plain(about.office)}&C&"Microsoft YaHei,Bold"&14{_plain(about.title)}&R{_plain(about.taken)}')
    sheet.set_footer("&C&P / &N")


def _plain(words: str) -> str:
    """Words in a header, where ``&`` begins a code."""
    return words.replace("&", "&&")[:80]


# --- what may stand in the cells


def _rules(sheet: Any, at: int, column: Column, lines: Sequence[Line], lang: Lang) -> None:
    """What a spreadsheet lets people write into a column, run by run of cells of one kind; whoever takes it back looks again."""
    rules: dict[tuple[Kind, tuple[str, ...], str], list[int]] = {}
    for row, line in enumerate(lines, start=1):
        if fill := line.fills.get(column.key):
            rules.setdefault((fill.kind, fill.choices, fill.hint), []).append(row)
    for (kind, choices, hint), rows in rules.items():
        rule = _rule(kind, choices, hint, column.title(lang), lang)
        runs = _runs(rows)
        for start in range(0, len(runs), _RUNS):
            some = runs[start : start + _RUNS]
            ranges = " ".join(_reference(first, last, at) for first, last in some)
            sheet.data_validation(some[0][0], at, some[0][1], at, {**rule, "multi_range": ranges} if len(some) > 1 else rule)


def _rule(kind: Kind, choices: Sequence[str], hint: str, title: str, lang: Lang) -> dict[str, Any]:
    said = hint or _SAID[kind][lang]
    rule: dict[str, Any] = {"input_title": title[:32], "input_message": said[:250], "error_title": title[:32], "error_message": said[:250]}
    match kind:
        case "choice":
            return rule | {"validate": "list", "source": list(choices)}
        case "percent":
            return rule | {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 1}
        case "count":
            return rule | {"validate": "decimal", "criteria": ">=", "value": 0}
        case "day":
            return rule | {"validate": "date", "criteria": "between", "minimum": _FIRST, "maximum": _LAST}
        case _:
            return rule | {"validate": "length", "criteria": "<=", "value": LONGEST_TEXT}


_SAID: Final[Mapping[Kind, Mapping[Lang, str]]] = {
    "percent": {"zh": "填百分比，0 到 100，如 40%。", "en": "A percentage from 0 to 100, such as 40%."},
    "count": {"zh": "填到现在为止一共完成的数量，不小于 0。", "en": "All that is done so far, 0 or more."},
    "day": {"zh": "填日期，如 2026-09-30 或 2026年9月30日。", "en": "A date, such as 2026-09-30."},
    "text": {"zh": f"用一句话写明，不超过 {LONGEST_TEXT} 字。", "en": f"One sentence, {LONGEST_TEXT} characters at most."},
    "choice": {"zh": "从下拉里选；不办的留空。", "en": "Choose from the list; leave it empty otherwise."},
}


def _runs(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Rows that follow each other, as first and last.

    >>> _runs([1, 2, 3, 7, 9, 10])
    [(1, 3), (7, 7), (9, 10)]
    """
    found: list[tuple[int, int]] = []
    for row in rows:
        if found and found[-1][1] == row - 1:
            found[-1] = (found[-1][0], row)
        else:
            found.append((row, row))
    return found


def _reference(first: int, last: int, column: int) -> str:
    from xlsxwriter.utility import xl_range

    return str(xl_range(first, column, last, column))


# --- how to fill it in


def _help(sheet: Any, looks: _Looks, who: Who, about: About, lang: Lang) -> None:
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 90)
    sheet.write_string(0, 0, about.title, looks.of(bold=True))
    for row, (head, words) in enumerate(help_lines(who, about, lang), start=2):
        sheet.set_row(row, _height([(head, 24), (words, 90)]))
        sheet.write_string(row, 0, head, looks.of("long"))
        sheet.write_string(row, 1, words, looks.of("long"))
    sheet.set_portrait()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.protect("", {"format_columns": True, "format_rows": True})


def help_lines(who: Who, about: About, lang: Lang = "zh") -> Iterable[tuple[str, str]]:
    """What the second sheet says, line by line: what may be filled, how, and what happens when it comes back."""
    told = {**_HELP, **_HELP_OF[who]}
    heads = {column.key: column.title(lang) for column in (*columns(who), RESULT)}
    yield (_OUT[lang], f"{about.office} {about.taken}".strip())
    for key, words in told.items():
        yield heads.get(key, _HEADS.get(key, {}).get(lang, key)), words[lang]


_OUT: Final[Mapping[Lang, str]] = {"zh": "取出", "en": "Taken out"}
_HEADS: Final[Mapping[str, Mapping[Lang, str]]] = {
    "where": {"zh": "填哪里", "en": "Where to fill in"}, "leave": {"zh": "不用填的", "en": "What to leave"}, "back": {"zh": "填好以后", "en": "When it is filled in"},
    "moved": {"zh": "有冲突", "en": "Conflicts"}, "never": {"zh": "请不要", "en": "Please do not"},
}  # fmt: skip
_HELP: Final[Mapping[str, Mapping[Lang, str]]] = {
    "where": {"zh": "只有浅黄色的格子可以填，表头是棕色。灰色的格子在这一行现在不能填；其余各列只供查看，改了也不采纳。",
              "en": "Only the light yellow cells, under brown headings. Grey cells cannot be filled in that row now; the other columns are there to be read."},
    "leave": {"zh": "没有变化的不用填。留空的、没改过的，带回来时不作任何改动；说过的不用再说。",
              "en": "Leave what has not changed. Empty and unchanged cells change nothing when the file comes back."},
    "back": {"zh": "在“表格填报”页带回本文件：先看会改动什么，确认后才生效；随后可取回带“结果”一列的同一份文件，被退回的行写明原因，改好可再带回。",
             "en": "Bring the file in on the page “Ledger as a sheet”: it first shows what would change. Then you get the same file with a column that says what became of each row."},
    "moved": {"zh": "取出之后，如果同一内容已有人在系统里办过，该行不采纳，结果里写明您填的和现在的，以免互相覆盖。",
              "en": "Where somebody did the same thing in the meantime, the row is not taken; the result shows your value and the present one."},
    "never": {"zh": "不要删除或改动隐藏的列和工作表，不要合并单元格，不要新增事项（新事项请在网页上立项）。可以排序（整行一起）、筛选、隐藏列、增加自己的列。",
              "en": "Do not change hidden columns and sheets, merge cells or add matters. You may sort whole rows, filter, hide columns and add your own."},
}  # fmt: skip
_HELP_OF: Final[Mapping[Who, Mapping[str, Mapping[Lang, str]]]] = {
    "unit": {
        "sign": {"zh": "待签收的事项选“签收”。签收后本行可同时填进展。", "en": "Choose it to sign for the matter; the same row may carry a report."},
        "value": {"zh": "没有数量目标的填百分比（0 到 100，可写 40%）；有数量目标的填到现在为止一共完成的数量，不是本期新增。超额完成请在事项页填报。",
                  "en": "A percentage from 0 to 100; where there is a target in numbers, all that is done so far."},
        "text": {"zh": "用一句话写明进展。只写这一句、不填进度的，进度照上次。佐证材料请在事项页上传。", "en": "One sentence. Without a figure the last one stays. Evidence: on the matter's page."},
        "extend": {"zh": "要延期的填新的日期，须在到期前提出。", "en": "The new date; it must be asked for before the matter is due."},
        "reason": {"zh": "与“申请延期至”一起填。", "en": "Goes with the new date."},
    },
    "office": {
        "assign": {"zh": "要交办的选“交办”。不选的，交办各列改了也不办。", "en": "Choose it to assign the matter; otherwise the columns beside it do nothing."},
        "to_lead": {"zh": "单位全称或台账里有的简称；一般一个，几个用顿号隔开。", "en": "Names that the ledger knows, with commas between several."},
        "to_support": {"zh": "同上，可以留空。", "en": "The same; may be empty."},
        "to_due": {"zh": "填日期，如 2026-09-30 或 2026年9月30日。", "en": "A date such as 2026-09-30."},
        "to_text": {"zh": "交办时要说明的，可以留空。", "en": "A note; may be empty."},
        "chase": {"zh": "写上内容的就催办，会通知牵头单位并生成催办单。", "en": "What is written here is sent to the lead unit as a chasing note."},
    },
}  # fmt: skip


# --- the state as it was


def _base(sheet: Any, lines: Sequence[Line], who: Who, about: About) -> None:
    """The mark, the version, who took it out and when; then a row a matter: key, number, acts, what some columns said, value and state of each cell."""
    for at, word in enumerate((MARK, VERSION, who, about.at)):
        sheet.write_string(0, at, word)
    for at, word in enumerate(base_heads(who)):
        sheet.write_string(1, at, word)
    for row, line in enumerate(lines, start=2):
        cells = [line.item, line.shown.get("number", ""), str(line.acts), *(line.shown.get(key, "") for key in KEPT)]
        for column in FILLED[who]:
            fill = line.fills.get(column.key)
            cells += [fill.value, fill.state] if fill else ["", ""]
        for at, value in enumerate(cells):
            if value:
                sheet.write_string(row, at, value[:32_000])
    sheet.hide()
    sheet.protect()


def base_heads(who: Who) -> tuple[str, ...]:
    """The headings of the hidden sheet: the same in every language."""
    return (
        "key",
        "number",
        "acts",
        *(f"{key}.was" for key in KEPT),
        *(f"{column.key}.{part}" for column in FILLED[who] for part in ("value", "state")),
    )
