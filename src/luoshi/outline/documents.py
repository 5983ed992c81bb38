"""Documents: where each document of a file begins and ends."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from luoshi.outline.letterhead import OPENING, SALUTATION
from luoshi.outline.lines import Line, ends_sentence

_SPEECH = re.compile(r"(?:代表|受)[^。]{0,40}(?:政府|国务院|管委会|管理委员会|筹备组)[^。]{0,60}报告|向大会[^。]{0,30}报告")
_TAIL = re.compile(
    r"^(?:阅读全文|\(想阅读|如果喜欢|扫一扫|责任编辑|\(责任编辑|相关(?:新闻|内容|链接|阅读)|上一[篇条]|下一[篇条]|分享[:到]|本文(?:地址|标题|链接)|版权|声明:|【我要纠错|"
    r"主办|网站标识|冀ICP|您访问|是否继续|本作品是|您需要登录|Powered|友情链接|打印|关闭|\[内容来源|转载请)"
)


class Extent(msgspec.Struct, frozen=True):
    """The lines ``first`` to ``last`` (exclusive) of one document; ``copy_of`` is the index of the document it repeats, else -1."""

    first: int
    last: int
    copy_of: int = -1


def find_documents(lines: Sequence[Line]) -> list[Extent]:
    """The documents of a file in order. A new one begins where a speaker opens a report again; what stands before belongs to the first."""
    openings = [index for index in range(len(lines)) if _opens(lines, index)]
    starts = [0]
    for index in openings:
        if index - starts[-1] >= 8 and _size(lines, starts[-1], index) > 1500 and _has_opening(openings, starts[-1], index):
            starts.append(_back_to_title(lines, index, starts[-1]))
    extents: list[Extent] = []
    known: dict[str, int] = {}
    for at, first in enumerate(starts):
        last = _end(lines, first, starts[at + 1] if at + 1 < len(starts) else len(lines))
        long = [line.words for line in lines[first:last] if len(line.words) >= 60]
        extents.append(Extent(first, last, _copy(long[:8], known)))
        for words in long:
            known.setdefault(words, at)
    return extents


def _opens(lines: Sequence[Line], index: int) -> bool:
    words = lines[index].words
    if SALUTATION.match(words) and len(words) <= 24 and "代表大会" not in words:
        for line in lines[index + 1 : index + 4]:
            if SALUTATION.match(line.words):
                return False
            if _SPEECH.search(line.words[:200]):
                return True
        return False
    return (
        len(words) < 400
        and OPENING.match(words) is not None
        and _SPEECH.search(words[:200]) is not None
        and not (index and (SALUTATION.match(lines[index - 1].words) or ends_sentence(lines[index - 1].words)))
    )


def _has_opening(openings: Sequence[int], start: int, index: int) -> bool:
    return any(start <= opening < index for opening in openings)


def _size(lines: Sequence[Line], first: int, last: int) -> int:
    return lines[last].start - lines[first].start


def _back_to_title(lines: Sequence[Line], index: int, floor: int) -> int:
    """The first line of the letterhead above an opening."""
    first = index
    while first - 1 > floor and index - first < 8 and len(lines[first - 1].words) <= 60 and not ends_sentence(lines[first - 1].words):
        first -= 1
    for at in range(first, index):
        if "报告" in lines[at].words or "政府" in lines[at].words:
            return at
    return index


def _end(lines: Sequence[Line], first: int, last: int) -> int:
    """Behind the last line that has words of the document; what follows is page furniture."""
    stop = last
    for index in range(first + 1, last):
        if _TAIL.match(lines[index].words) and _size(lines, first, index) > 400:
            stop = index
            break
    while stop - 1 > first and len(lines[stop - 1].words) <= 2:
        stop -= 1
    return stop


def _copy(paragraphs: Sequence[str], known: Mapping[str, int]) -> int:
    """Index of the document whose long paragraphs these repeat, -1 where they are its own."""
    repeated = Counter(known[words] for words in paragraphs if words in known)
    if not repeated:
        return -1
    at, count = repeated.most_common(1)[0]
    return at if count >= 0.7 * len(paragraphs) else -1
