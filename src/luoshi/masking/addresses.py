"""Where a person lives, below the community: building, unit, room; house numbers where the text says that somebody lives there. Texts here are flat."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from luoshi.masking.found import Hit
from luoshi.masking.words import one_of, words

#: stands for all that is below the community
HIDDEN: Final = "＊＊＊"

_N: Final = r"(?:\d{1,4}|[一二三四五六七八九十百零〇]{1,4})"
_BUILDING: Final = rf"(?:[A-Za-z甲乙丙丁东西南北]?-?{_N}[A-Za-z]?|[A-Za-z]) ?(?:号楼|号院|栋楼?|幢楼?|座|#楼?|楼栋|号(?=-?{_N} ?(?:单元|栋|幢|号楼|室|座)))"
_UNIT: Final = rf"(?:[A-Za-z甲乙丙丁东西中]|{_N}) ?(?:单元|门栋|门(?=\d)|梯(?=\d))"
_FLOOR: Final = rf"(?:[第]?{_N} ?[楼层])"
_ROOM: Final = r"(?:[A-Za-z]?\d{3,4}[A-Za-z]?|[一二三四五六七八九零〇]{3,4}|\d{1,2}(?=[室号户])|[东西中]户(?!型)) ?(?:室|房间|房(?!屋|产|价|东|子|租)|户(?!外|型|籍|号)|号(?!楼|线|文|令))?"
_GAP: Final = r"[ \-,]?"
_ROW: Final = re.compile(
    rf"(?<![0-9A-Za-z*.])(?:(?:{_BUILDING}{_GAP})?(?P<building>{_BUILDING}){_GAP})?(?:(?P<unit>{_UNIT}){_GAP})?(?:(?P<floor>{_FLOOR}){_GAP})?(?P<room>{_ROOM})?(?:之\d+)?"
)
_DASHED: Final = re.compile(rf"(?:{_BUILDING}|\d{{1,3}})-(?:\d{{1,2}}(?:单元)?-)?\d{{3,4}}(?:室|号|房)?(?![0-9\-])")
_START: Final = re.compile(rf"(?<![0-9A-Za-z*.])(?:{_BUILDING}|{_UNIT})|(?<=[市区园苑寓村府庭城])\d{{3,4}}(?=室)|{_N}[楼层](?=\d{{3,4}})")
_VILLAGE: Final = re.compile(
    rf"(?<=[村庄屯寨社巷弄胡])(?:同)?(?:第?{_N}(?:村民小组|组|队|社))?(?:附?{_N}号(?:院|附{_N}号|之{_N})?)(?![线楼井桥路文令函塔闸渠泵机门桩店])"
)
_NUMBER: Final = re.compile(
    rf"(?:第?{_N}(?:村民小组|组|队))?[甲乙丙丁附]?(?:\d{{1,5}}|{_N})(?:弄\d{{1,4}})?号(?![线文令])(?:院(?!内|子)|附{_N}号|之{_N})?"
)
_STOP: Final = re.compile(r"[。;!?\n]")


@cache
def _community() -> re.Pattern[str]:
    return re.compile(rf"(?:{one_of(words().communities)}) ?$")


@cache
def _public() -> re.Pattern[str]:
    return re.compile(rf"(?:{one_of(words().public_places)})(?:内|里|的|院内)?$")


@cache
def _lives() -> re.Pattern[str]:
    return re.compile(rf"(?:{one_of(words().residences)})(?:是|为)?[ :]{{0,2}}|(?<![居入])住(?=[㐀-䶿一-鿿0-9])(?!院|户|宅|房|址|建|宿)")


def _is_public(text: str, at: int) -> bool:
    return _public().search(text[max(0, at - 6) : at]) is not None


def _rows(text: str) -> Iterator[tuple[int, int]]:
    """Building with unit or room, unit with room, and a room behind the name of a community."""
    at = 0
    while (begin := _START.search(text, at)) is not None:
        row = _ROW.match(text, begin.start())
        end = row.end() if row else begin.end()
        if row and _is_home(text, row) and not _is_public(text, row.start()):
            yield row.start(), _trimmed(text, row.start(), end)
        at = max(end, begin.end(), begin.start() + 1)


def _is_home(text: str, row: re.Match[str]) -> bool:
    parts = sum(row[name] is not None for name in ("building", "unit", "room")) + (row["floor"] is not None and row["room"] is not None)
    return parts >= 2 or (
        row["room"] is not None
        and row["room"].endswith("室")
        and _community().search(text[max(0, row.start() - 6) : row.start()]) is not None
    )


def _trimmed(text: str, start: int, end: int) -> int:
    return start + len(text[start:end].rstrip(" -,"))


def _dashes(text: str) -> Iterator[tuple[int, int]]:
    """3-2-501 and 12#1203 right behind the name of a community."""
    for match in _DASHED.finditer(text):
        if _community().search(text[max(0, match.start() - 6) : match.start()]) and not _is_public(text, match.start()):
            yield match.span()


def _homes(text: str) -> Iterator[tuple[int, int]]:
    """The first house number, building or room behind a word that says where somebody lives, within the clause."""
    for match in _lives().finditer(text):
        stop = _STOP.search(text, match.end(), match.end() + 40)
        last = stop.start() if stop else min(len(text), match.end() + 40)
        comma = text.find(",", match.end(), last)
        last = comma if comma >= 0 else last
        firsts = [found for pattern in (_NUMBER, _START, _DASHED) if (found := pattern.search(text, match.end(), last)) is not None]
        if firsts:
            first = min(firsts, key=lambda found: (found.start(), -found.end()))
            if not _is_public(text, first.start()):
                yield first.start(), _tail(text, first.start(), first.end())


def _tail(text: str, start: int, end: int) -> int:
    """Where the parts of the address that begin at ``start`` end: what follows the first part without a word between belongs to it."""
    for begin in (start, end):
        row = _ROW.match(text, begin)
        if row and row.end() > end:
            end = _trimmed(text, start, row.end())
    return end


def _villages(text: str) -> Iterator[tuple[int, int]]:
    """House numbers of a village or an alley: 石桥村5组18号, 永安巷33号2楼."""
    for match in _VILLAGE.finditer(text):
        yield match.start(), _tail(text, match.start(), match.end())


def addresses(text: str) -> Iterator[Hit]:
    """House numbers below the community; each hides from the first part to the last."""
    for spans in (_rows(text), _dashes(text), _homes(text), _villages(text)):
        for start, end in spans:
            yield Hit("address", start, end, HIDDEN)


def first_below(address: str) -> int | None:
    """Where, in a field that is an address, what is below the community or the road begins; nothing where the field tells no such thing."""
    firsts = [found.start() for pattern in (_NUMBER, _START, _DASHED, _VILLAGE) if (found := pattern.search(address)) is not None]
    return min(firsts, default=None)
