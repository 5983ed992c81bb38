"""Placeholders in a template: ``{{单位}}``, ``{{事项.标题}}`` of a list, ``{{?红灯}}`` before words that stand only where there is a value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Final

import msgspec

from luoshi.publish.papers.blocks import Field, Kind
from luoshi.publish.papers.packing import BODY, parts_of, tree, w

MARK: Final = re.compile(r"\{\{\s*([?/]?)\s*([^{}]*?)\s*\}\}")
#: parts in which placeholders are filled, besides the body
HEADS: Final = re.compile(r"word/(?:header|footer)\d*\.xml")
_STRAY: Final = re.compile(r"\{\{|\}\}")
_LONGEST: Final = 30


class Mark(msgspec.Struct, frozen=True):
    """A placeholder in the words of a paragraph. ``sign``: ``?`` for a condition, ``/`` for its end; ``column`` of a list."""

    start: int
    end: int
    sign: str
    name: str
    column: str = ""


class Problem(msgspec.Struct, frozen=True):
    """Something in a template that cannot be filled, or that is missing. ``missing``: the paper would say less than it must."""

    what: str
    where: str
    remedy: str
    name: str = ""
    missing: bool = False


def marks_in(text: str) -> list[Mark]:
    """The placeholders in words.

    >>> [(one.sign, one.name, one.column) for one in marks_in("{{?红灯}}{{ 红灯.标题 }}，{{单位}}{{/}}")]
    [('?', '红灯', ''), ('', '红灯', '标题'), ('', '单位', ''), ('/', '', '')]
    """
    found = []
    for match in MARK.finditer(text):
        name, _, column = match[2].partition(".")
        found.append(Mark(match.start(), match.end(), match[1], name.strip(), column.strip()))
    return found


def lists_in(text: str) -> list[str]:
    """The names of the lists whose columns stand in words, each once; a condition on a column counts."""
    return list(dict.fromkeys(one.name for one in marks_in(text) if one.column and one.sign != "/"))


def text_of(element: Any) -> str:
    """The words of a paragraph, a row or a cell."""
    return "".join(one.text or "" for one in element.iter(w("t")))


def paragraphs(root: Any) -> Iterator[tuple[Any, str]]:
    """The paragraphs of a part in order, each with where it stands in words: 第3段, 表2第3行."""
    number, tables = 0, list(root.iter(w("tbl")))
    at = {row: (n, m) for n, table in enumerate(tables, 1) for m, row in enumerate(table.iter(w("tr")), 1)}
    for one in root.iter(w("p")):
        row = next((up for up in one.iterancestors(w("tr"))), None)
        if row is None:
            number += 1
            yield one, f"第{number}段"
        else:
            yield one, "表{}第{}行".format(*at[row])


def problems(kind: Kind, data: bytes, name: str = "模板") -> tuple[Problem, ...]:
    """What is wrong with a template of this kind, in the order of the document; what is missing comes last.

    Raises ``UnreadableFile`` for what is no template at all.
    """
    parts = parts_of(data, name)
    known = {field.name: field for field in kind.fields}
    found: list[Problem] = []
    used: set[str] = set()
    for part in (BODY, *sorted(key for key in parts if HEADS.fullmatch(key))):
        place = "" if part == BODY else ("页眉" if "header" in part else "页脚")
        for element, where in paragraphs(tree(parts[part])):
            words = text_of(element)
            spot = f"{place or where}“{_short(words)}”"
            found += _of_paragraph(words, spot, known, kind, in_head=bool(place))
            used |= {key for one in marks_in(words) for key in (one.name, f"{one.name}.{one.column}")}
    return (*found, *_missing(kind, used))


def _short(words: str) -> str:
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}……"


def _of_paragraph(words: str, where: str, known: Mapping[str, Field], kind: Kind, *, in_head: bool) -> Iterator[Problem]:
    marks = marks_in(words)
    if _STRAY.search(MARK.sub("", words)):
        yield Problem("花括号不成对", where, "占位符写作 {{名称}}，两个左括号、两个右括号")
    for one in marks:
        if one.sign != "/":
            yield from _unknown(one, where, known)
    if len(lists_in(words)) > 1:
        yield Problem("一段或一格里用了两个清单", where, "每段、每行只用一个清单的列")
    if in_head and lists_in(words):
        yield Problem("页眉页脚里不能放清单", where, "请移到正文")
    if sum(one.sign == "/" for one in marks) > sum(one.sign == "?" for one in marks):
        yield Problem("{{/}} 前面没有 {{?名称}}", where, "条件写作 {{?名称}}……{{/}}")


def _unknown(mark: Mark, where: str, known: Mapping[str, Field]) -> Iterator[Problem]:
    field = known.get(mark.name)
    shown = f"{mark.name}.{mark.column}" if mark.column else mark.name
    if field is None:
        yield Problem(f"没有“{mark.name}”这一项", where, _nearest(mark.name, known), shown)
    elif mark.column and mark.column not in {one.name for one in field.of}:
        columns = [one.name for one in field.of]
        yield Problem(f"“{mark.name}”没有“{mark.column}”这一列", where, _nearest(mark.column, columns) if columns else "它不是清单", shown)
    elif field.of and not mark.column and mark.sign == "":
        yield Problem(f"“{mark.name}”是清单，要写明哪一列", where, f"如 {{{{{mark.name}.{field.of[0].name}}}}}", shown)


def _nearest(name: str, known: Any) -> str:
    close = get_close_matches(name, list(known), 1, 0.4)
    return f"是不是“{close[0]}”" if close else f"可用的有：{'、'.join(list(known)[:40])}"


def _missing(kind: Kind, used: set[str]) -> Iterator[Problem]:
    for field in kind.fields:
        if field.needed and field.name not in used:
            yield Problem(f"模板里没有“{field.name}”", "全文", f"请加上 {{{{{field.name}}}}}：{field.words}", field.name, missing=True)
        for column in field.of:
            if column.needed and f"{field.name}.{column.name}" not in used:
                yield Problem(
                    f"模板里没有“{field.name}.{column.name}”", "全文", f"请加上 {{{{{field.name}.{column.name}}}}}：{column.words}",
                    f"{field.name}.{column.name}", missing=True,
                )  # fmt: skip
