"""What an amount is compared with: 比上年, 高于全省, 是2012年的, 占…, 居全国第. Offsets are in the clean text."""

from __future__ import annotations

import re

from luoshi.extract.kinds.measure.lexicon import WORDS, alternation

_WORDS = WORDS.comparing
#: how far a comparison may reach to the left, in characters
_REACH = 20
_COMPARED = re.compile(r"(?:同比|环比|(?<![占对类评之])比(?![重例率值照亚如])|(?<!比)较(?!快|好|高|大|多|强)|与)[^,、;:]{0,18}$")
_TIMES_OF = re.compile(rf"(?:{alternation(_WORDS.times_of)})[^,、;:]{{1,16}}$")
_SHARE_OF = re.compile(r"(?<![抢侵强独])(?:约?占(?!比|有率|用|地(?!区|方)|补|道)|相当于)(?:到|了|据)?")
_DISTANCE = re.compile(
    rf"(?:(?:{alternation(_WORDS.distance)})[^,、;:]{{0,20}}|(?<![占对类评])比(?![重例率值])[^,、;:]{{1,16}}[{_WORDS.distance_ends}]出?了?)$"
)
_LIST_MARK = re.compile(r"[,;:、]")


def compared(clean: str, low: int, high: int) -> int:
    """Where 比上年, 较… begins at the end of the stretch; ``high`` where nothing is compared."""
    return _start(_COMPARED, clean, low, high, _REACH)


def times_of(clean: str, low: int, high: int) -> int:
    """Where 是…的 (of 是2012年的1.8倍) begins; ``high`` where it is missing."""
    return _start(_TIMES_OF, clean, low, high, 18)


def distance_from(clean: str, low: int, high: int) -> int:
    """Where 高于全省 (of 高于全省3.3个百分点) begins; ``high`` where nothing is measured against."""
    return _start(_DISTANCE, clean, low, high, _REACH)


def _start(pattern: re.Pattern[str], clean: str, low: int, high: int, reach: int) -> int:
    match = pattern.search(clean, max(low, high - reach), high)
    return match.start() if match else high


def rank_at(clean: str, low: int, high: int) -> int:
    """Where 居全国第 (of 居全国第13位) begins at the end of the stretch; ``high`` where no rank is said."""
    begin = max(low, high - 16)
    for word in _WORDS.rank_verbs:
        at = clean.rfind(word, begin, high)
        if at >= 0 and not _LIST_MARK.search(clean, at, high):
            return at
    return high


def share_of(clean: str, low: int, high: int) -> int:
    """Where the last 占… begins in the stretch; -1 where nothing is said to be a share."""
    at = -1
    for match in _SHARE_OF.finditer(clean, low, high):
        at = match.start()
    return at
