"""Checks a text before it leaves: marks of secrecy, of process and of internal papers, personal data. Pure; the marks are data (``marks.yaml``)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

import msgspec

from luoshi.errors import BadTable
from luoshi.masking import Found, find_personal
from luoshi.masking.found import flat
from luoshi.publish.release.reasons import reasons
from luoshi.tables import load_table

#: counted up with every change by which a text may be judged otherwise; a release says by which it was checked
CHECK_VERSION: Final = "1"
_PACKAGE: Final = "luoshi.publish.release"
_BLANKS: Final = re.compile(r"(?<=[一-鿿★☆]) +(?=[一-鿿★☆])")

#: what stands behind a number that counts something: 63座，500米 is no building with a room
_COUNTED: Final = re.compile(r"[0-9.]|[米个套户人多余项平公年吨元亿万千百处条台辆家座名家所亩件次天月期%]")


class Stop(msgspec.Struct, frozen=True):
    """Why a text does not leave: the reason's key, what was found (a mark's name, a kind of personal data), where, and its words.

    ``shown`` is what a page may show of it: personal data masked.
    """

    reason: str
    what: str
    start: int
    end: int
    shown: str


class Mark(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line of ``marks.yaml``."""

    name: str
    reason: str
    pattern: str


class _Marks(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    marks: tuple[Mark, ...]


class _Persons(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``persons.yaml``: roles behind which a name is that of a private person, and those behind which it is that of an informant."""

    private: tuple[str, ...]
    informants: tuple[str, ...]
    titles: tuple[str, ...]


@cache
def _marks() -> tuple[tuple[Mark, re.Pattern[str]], ...]:
    found = []
    for mark in load_table(_PACKAGE, "marks.yaml", _Marks).marks:
        if mark.reason not in reasons():
            raise BadTable(f"没有“{mark.reason}”这个理由", where=f"marks.yaml/{mark.name}", remedy="请用 reasons.yaml 里的 key")
        try:
            found.append((mark, re.compile(mark.pattern, re.MULTILINE | re.IGNORECASE)))
        except re.error as error:
            raise BadTable(f"写法不对：{error}", where=f"marks.yaml/{mark.name}", remedy="请改正正则") from error
    return tuple(found)


@cache
def _persons() -> _Persons:
    return load_table(_PACKAGE, "persons.yaml", _Persons)


@cache
def _before(words: tuple[str, ...]) -> re.Pattern[str]:
    """One of the words right before a name, with what may stand between."""
    one = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    return re.compile(rf"(?:{one})(?:的)?(?:姓名|名字|全名)?[ :(]{{0,3}}(?:是|为|叫|系|名叫)? ?(?:[一-鿿·]{{2,4}}[、和与及,]){{0,3}}$")


def check_text(text: str) -> list[Stop]:
    """Everything for which the text does not leave, in order; ``[]`` where it may. Offsets are code points of the text.

    Names of persons are stopped where the text makes them private ones (投诉人, 业主, 患者, 女士): an official named in office is no private person.

    >>> [(stop.reason, stop.what) for stop in check_text("机密★10年")]
    [('state-secret', '密级和保密期限')]
    >>> [(stop.reason, stop.shown) for stop in check_text("信访人魏松年，电话13900001207")]
    [('personal', '魏*'), ('personal', '139****1207')]
    >>> check_text("栖政发〔2026〕3号：一般公共预算收入42.6亿元，增长6.5%，12345热线办结率98%")
    []
    """
    plain = flat(text)
    return sorted((*_marked(text, plain), *_personal(text, plain)), key=lambda stop: (stop.start, stop.end))


def _marked(text: str, plain: str) -> Iterator[Stop]:
    """The marks, each place once: the strictest reason first, as the file has them. Blanks between characters do not hide one."""
    taken = bytearray(len(text) + 1)
    squeezed, places = _squeezed(plain)
    for mark, pattern in _marks():
        for source, where in ((plain, None), (squeezed, places)):
            if source is None:
                continue
            for match in pattern.finditer(source):
                start, end = match.span() if where is None else (where[match.start()], where[match.end()])
                if end > start and not any(taken[start:end]):
                    taken[start:end] = b"\1" * (end - start)
                    yield Stop(mark.reason, mark.name, start, end, " ".join(text[start:end].split()))


def _squeezed(plain: str) -> tuple[str | None, list[int]]:
    """The text without the blanks within Chinese words (机 密), and where each of its characters stands; None where there are none."""
    if not _BLANKS.search(plain):
        return None, []
    kept, places, at = [], list[int](), 0
    for match in _BLANKS.finditer(plain):
        kept.append(plain[at : match.start()])
        places += range(at, match.start())
        at = match.end()
    return "".join([*kept, plain[at:]]), [*places, *range(at, len(plain) + 1)]


@cache
def _named_informant() -> re.Pattern[str]:
    words = "|".join(map(re.escape, sorted(_persons().informants, key=len, reverse=True)))
    return re.compile(rf"(?:{words})(?:的)?(?:姓名|名字)? ?(?:[:为是叫系]) ?([一-鿿](?:[一-鿿·]{{1,3}}))(?![一-鿿])")


def _personal(text: str, plain: str) -> Iterator[Stop]:
    for match in _named_informant().finditer(plain):
        yield Stop("informant", "name", match.start(1), match.end(1), f"{match[1][0]}*")
    for found in find_personal(text):
        if found.kind == "address" and _COUNTED.match(plain, found.end) and found.text[-1].isdigit():
            continue
        if found.kind != "name":
            yield Stop("personal", found.kind, found.start, found.end, found.masked)
        elif reason := _of_name(found, plain):
            yield Stop(reason, "name", found.start, found.end, found.masked)


def _of_name(found: Found, plain: str) -> str:
    """``informant`` or ``personal``; ``""`` for a name that the text does not make that of a private person."""
    before = plain[max(0, found.start - 30) : found.start]
    if _before(_persons().informants).search(before):
        return "informant"
    behind = plain[found.start : found.end + 3]
    if _before(_persons().private).search(before) or any(title in behind for title in _persons().titles):
        return "personal"
    return ""
