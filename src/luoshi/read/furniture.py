"""Recognises what stands round a published document: navigation, furniture, footers, licences, collectors' headers.

Nothing is deleted: a line that is recognised gets a kind, becomes a ``Mark`` and is left out of the clean text.
A line is judged by the words of ``furniture.yaml``; lines that only look like a menu are taken for one only outside the body.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import msgspec

from luoshi.read.lines import Line
from luoshi.tables import load_table

#: a line as long as this is a paragraph of the body
_LONG = 40
#: lines looked at for where the body begins
_HEAD = 400
_LICENCE_REACH = 80
#: a list of so many short lines, none with a mark or a number, is a menu where a line of the site follows
_LIST = 12
_SITE = ("navigation", "furniture", "footer")
_MENU = re.compile(r"[\u4e00-\u9fffA-Za-z·・|/&>+»›•«()-]{2,16}|[>|/•·]")
#: characters one of which stands in every line that a word tells
_HINT = re.compile(r"[:>|©/\[\]【】A-Za-z\d页首体印闭享扫载篇条站者障索备权帖编源辑赏续更]|全文")
#: longer lines are looked at only where they speak of the site
_WORDY = 200
#: a sentence that speaks of the site itself
_SPEAKS = re.compile("本站|转载|作者观点|本作品|著作权|维基")


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``furniture.yaml``: patterns over whole lines, by where they hold and by the kind of mark."""

    anywhere: dict[str, list[str]]
    edges: dict[str, list[str]]
    licence: list[str]
    forum: list[str]
    organiser: str
    heading: str
    title: str
    salutation: str


class _Patterns(msgspec.Struct, frozen=True):
    anywhere: re.Pattern[str]
    edges: re.Pattern[str]
    licence: re.Pattern[str]
    forum: re.Pattern[str]
    organiser: re.Pattern[str]
    heading: re.Pattern[str]
    title: re.Pattern[str]
    salutation: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    words = load_table("luoshi.read", "furniture.yaml", Words)

    def kinds(table: dict[str, list[str]]) -> re.Pattern[str]:
        return re.compile("|".join(f"(?P<{kind}>{'|'.join(f'(?:{line})' for line in lines)})" for kind, lines in table.items()))

    def any_of(lines: list[str]) -> re.Pattern[str]:
        return re.compile("|".join(f"(?:{line})" for line in lines))

    return _Patterns(
        kinds(words.anywhere),
        kinds(words.edges),
        any_of(words.licence),
        any_of(words.forum),
        re.compile(words.organiser),
        re.compile(words.heading),
        re.compile(words.title),
        re.compile(words.salutation),
    )


def mark_furniture(lines: Sequence[Line]) -> None:
    """Sets ``kind`` on the lines that are none of the document's words."""
    patterns = _patterns()
    _by_words(lines, patterns)
    begin, end = _body(lines, patterns)
    _forum(lines[:begin], patterns)
    _head(lines[:begin], patterns)
    _pauses(lines[begin:end], patterns)
    _tail(lines[end:], patterns)
    _between(lines, patterns)


def _by_words(lines: Sequence[Line], patterns: _Patterns) -> None:
    """Lines known wherever they stand; from a licence to the end."""
    near_end = len(lines) - _LICENCE_REACH
    for index, line in enumerate(lines):
        if line.kind or ((len(line.text) > _WORDY or line.text[-1] in "。;") and not _SPEAKS.search(line.text)):
            continue
        key = line.text.replace(" ", "")
        if _HINT.search(key) and (found := patterns.anywhere.fullmatch(key)):
            line.kind = found.lastgroup or ""
        elif index >= near_end and patterns.licence.fullmatch(key):
            for rest in lines[index:]:
                rest.kind = "licence"
            return


def _is_body(line: Line) -> bool:
    return not line.kind and (len(line.text) >= _LONG or (len(line.text) >= 15 and line.text[-1] in "。;"))


def _body(lines: Sequence[Line], patterns: _Patterns) -> tuple[int, int]:
    """First and one past the last line of the body: from the salutation, or from where paragraphs come close."""
    begin = end = 0
    for index, line in enumerate(lines[:_HEAD]):
        if line.kind:
            continue
        if patterns.salutation.fullmatch(line.text) or (_is_body(line) and sum(map(_is_body, lines[index : index + 6])) >= 3):
            near = range(index, min(index + 8, len(lines)))
            begin = next((at for at in near if patterns.salutation.fullmatch(lines[at].text)), index)
            break
    for index in range(len(lines) - 1, -1, -1):
        if _is_body(lines[index]) and not patterns.edges.fullmatch(lines[index].text.replace(" ", "")):
            end = index + 1
            break
    return begin, max(begin, end)


def _between(lines: Sequence[Line], patterns: _Patterns) -> None:
    """Short lines shut in between lines of the site, and long lists of them that one follows: menus that no word tells."""
    run: list[Line] = []
    shut = False
    for line in lines:
        if line.kind in _SITE:
            if shut or len(run) >= _LIST:
                for inner in run:
                    inner.kind = "navigation"
            run, shut = [], True
        elif line.kind == "metadata" and shut:
            continue
        elif not line.fixed and (
            patterns.organiser.fullmatch(line.text)
            or (len(line.text) <= 16 and line.text[-1] not in "。;!:" and not patterns.heading.search(line.text))
        ):
            run.append(line)
        else:
            run, shut = [], False


def _forum(head: Sequence[Line], patterns: _Patterns) -> None:
    """Everything before a forum's line over the post; a title among it becomes metadata."""
    for index in range(len(head) - 1, -1, -1):
        if patterns.forum.fullmatch(head[index].text.replace(" ", "")):
            for line in head[: index + 1]:
                line.kind = line.kind or ("metadata" if patterns.title.search(line.text) and len(line.text) > 8 else "navigation")
            return


def _head(head: Sequence[Line], patterns: _Patterns) -> None:
    """Lines of menus and breadcrumbs before the body; titles and letterheads stay."""
    last = -1
    for index, line in enumerate(head):
        key = line.text.replace(" ", "")
        if not line.kind and (found := patterns.edges.fullmatch(key)):
            line.kind = found.lastgroup or ""
        if line.kind in _SITE:
            last = index
    for index, line in enumerate(head[:last]):
        if line.kind:
            continue
        crumb = index > 0 and head[index - 1].text[-1] in ">»›" and head[index - 1].kind == "navigation"
        if crumb or (_MENU.fullmatch(line.text.replace(" ", "")) and not patterns.title.search(line.text)):
            line.kind = "navigation"


def _pauses(body: Sequence[Line], patterns: _Patterns) -> None:
    """Where a page of a site ends and another begins within the text: what stands there is judged as before a body."""
    run: list[Line] = []
    for line in body:
        if not line.kind and (_is_body(line) or patterns.salutation.fullmatch(line.text)):
            if sum(inner.kind in _SITE for inner in run) >= 3:
                _head(run, patterns)
            run = []
        else:
            run.append(line)


def _tail(tail: Sequence[Line], patterns: _Patterns) -> None:
    """What comes after the body from the first sure sign of the site on, and the menu right before it."""
    first = -1
    for index, line in enumerate(tail):
        if not line.kind and (found := patterns.edges.fullmatch(line.text.replace(" ", ""))):
            line.kind = found.lastgroup or ""
        if first < 0 and line.kind in _SITE:
            first = index
    if first < 0:
        return
    for line in tail[first:]:
        line.kind = line.kind or "navigation"
    for line in reversed(tail[:first]):
        if line.kind == "metadata":
            continue
        if patterns.organiser.fullmatch(line.text):
            line.kind = "footer"
        elif line.kind or patterns.title.search(line.text) or not _MENU.fullmatch(line.text.replace(" ", "")):
            return
        else:
            line.kind = "navigation"
