"""Names: when two sentences speak of one thing. Catalogue first, then structure; likeness alone never makes two names one.

The *core* of a name is what is left when places, verbs and empty tails are taken off it: 新建县级物流配送中心 → 县级物流配送中心. Chinese puts
the head last, so a name that ends with another name is the same thing with one modifier more, and a modifier makes another thing (国家级, 农村,
公办 …) unless it is one of ``soft`` in ``words.yaml``.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Literal

import msgspec

from luoshi.extract import catalogue
from luoshi.link.words import affixes, loose, one_name, pattern, respelled

Kinship = Literal["same", "likely", "look-alike", "other"]
_MARKS = re.compile(r"[\s•·\"'“”‘’「」『』《》〈〉〔〕\[\]（）()·\-—]+")
_JOINTS = re.compile(r"[、和及与]|以及")
_SHORTEST_CORE = 2
_SHORTEST_SUFFIX = 3
SHORTEST_SCATTERED = 4


class Kin(msgspec.Struct, frozen=True):
    """How the name of a target stands to that of a result, and the slug of the reason."""

    kinship: Kinship
    reason: str
    #: modifiers that only one of the two has
    extra: str = ""
    #: the name with more modifiers
    narrower: Literal["", "target", "result"] = ""


@lru_cache(maxsize=65536)
def core(name: str) -> str:
    """What is left of a name without marks, places' words, verbs and empty tails; never less than two signs.

    >>> core("全市新建县级物流配送中心"), core("灾损农房新建任务")
    ('县级物流配送中心', '灾损农房')
    """
    left = _shown(name)
    for _ in range(8):
        shorter = _without(left, affixes("fronts"), front=True)
        shorter = _without_tail(shorter)
        shorter = _JOINED.sub("", shorter) if len(shorter) > _SHORTEST_CORE else shorter
        if shorter == left:
            break
        left = shorter
    return respelled(left)


#: what a name that is cut off behind a verb begins with: 、改扩建学校
_JOINED = re.compile(r"^[、及与](?=[\u4e00-\u9fff]{2})")


def _without_tail(name: str) -> str:
    """A name without an empty tail, unless only a word that says nothing alone would be left: 示范项目."""
    shorter = _without(name, affixes("tails"), front=False)
    return name if shorter in _hollow() else shorter


@cache
def _hollow() -> frozenset[str]:
    return frozenset(affixes("hollow"))


_LEAD = re.compile(r"^(?:[(（][^()（）]{1,8}[)）]|[(（]?\d{1,2}[)）.、]|[一二三四五六七八九十]是|[(（][一二三四五六七八九十]+[)）])")
_STRAY = re.compile(r"^(?:成(?![人品都套长果])|立(?![体交法项])|在(?![建校园册岗线读营职])|对(?![外口])|把|使|让|将)(?=.{3})")
_FOR_EXAMPLE = re.compile(r"^.*等(?=[\u4e00-\u9fff]{2})(?!级|于|级别|值|高)")


def _shown(name: str) -> str:
    """A name without marks, numbers of an enumeration and examples: 上合小学等公办学校 → 公办学校."""
    left = _MARKS.sub("", _LEAD.sub("", name.strip()))
    return _STRAY.sub("", _FOR_EXAMPLE.sub("", left))


def unmarked(name: str) -> str:
    """A name without blanks, quotation marks and brackets.

    >>> unmarked("“澜湾大道” 二期")
    '澜湾大道二期'
    """
    return _MARKS.sub("", _LEAD.sub("", name.strip()))


def fronted(name: str) -> str:
    """A name without the verbs and places' words in front of it.

    >>> fronted("初步预计地区生产总值")
    '地区生产总值'
    """
    left = _shown(name)
    for _ in range(8):
        shorter = _without(left, affixes("fronts"), front=True)
        if shorter == left:
            break
        left = shorter
    return left


def _without(name: str, words: tuple[str, ...], *, front: bool) -> str:
    """A name without one of the words at its front or end, the longest that leaves enough."""
    found = (_at_front if front else _at_end)(words, name)
    size = len(found) if found else 0
    if size and len(name) - size >= _SHORTEST_CORE:
        return name[size:] if front else name[:-size]
    for word in words if size else ():
        if len(name) - len(word) >= _SHORTEST_CORE and (name.startswith(word) if front else name.endswith(word)):
            return name[len(word) :] if front else name[: -len(word)]
    return name


def _at_front(words: tuple[str, ...], name: str) -> str:
    match = _starting(words).match(name)
    return match[0] if match else ""


def _at_end(words: tuple[str, ...], name: str) -> str:
    match = _ending(words).search(name)
    return match[0] if match else ""


@cache
def _starting(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, words)))


@cache
def _ending(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("(?:" + "|".join(map(re.escape, words)) + ")$")


def kin(first: str, second: str, *, first_id: str = "", second_id: str = "") -> Kin:
    """How the name of a target stands to that of a result; ids are those of the indicator catalogue, where it knows the names.

    >>> kin("老旧小区", "城镇老旧小区改造").kinship, kin("小学", "公办小学").kinship
    ('same', 'look-alike')
    """
    if first_id and second_id:
        return _by_catalogue(first, second, first_id, second_id)
    return _by_structure(core(first), core(second))


def _by_catalogue(first: str, second: str, first_id: str, second_id: str) -> Kin:
    if first_id != second_id:
        return Kin("other", "other-indicator")
    if first_id in loose():
        kinship = _by_structure(core(first), core(second))
        return Kin("look-alike", "catalogue-only") if kinship.kinship == "other" else kinship
    return Kin("same", "catalogue", extra=_difference(core(first), core(second)))


def _difference(one: str, two: str) -> str:
    """What a longer name has more than the shorter one in front of it; "" where that is not how they differ, or makes no other thing."""
    longer, shorter = (one, two) if len(one) >= len(two) else (two, one)
    extra = longer[: -len(shorter)] if shorter and longer != shorter and longer.endswith(shorter) else ""
    return "" if is_soft(extra) else extra


@lru_cache(maxsize=65536)
def _by_structure(one: str, two: str) -> Kin:
    one, two = one.replace("的", ""), two.replace("的", "")
    if len(one) < _SHORTEST_CORE or len(two) < _SHORTEST_CORE:
        return Kin("other", "too-short")
    if one == two:
        return Kin("same", "same-words")
    if one_name(one) == one_name(two):
        return Kin("same", "same-thing")
    if _spelled(one) == _spelled(two) or parts(one) == parts(two):
        return Kin("same", "same-spelling")
    longer, shorter = (one, two) if len(one) >= len(two) else (two, one)
    if longer.endswith(shorter) and not is_bare(shorter):
        return _with_modifier(longer[: -len(shorter)], len(shorter), "target" if longer == one else "result")
    extra = _left_out(longer, shorter) if len(shorter) >= SHORTEST_SCATTERED and longer[-2:] == shorter[-2:] else None
    if extra is not None:
        return _with_modifier(extra, len(shorter), "target" if longer == one else "result")
    if _are_pieces(longer, shorter):
        return Kin("likely", "same-pieces")
    if longer.startswith(shorter) and len(shorter) >= SHORTEST_SCATTERED:
        return Kin("look-alike", "tail", longer[len(shorter) :])
    return Kin("other", "other-words")


#: so many pairs of signs in a row, and such a share of them, make two names the same pieces in another order
_PIECES = 4
_SHARE = 0.75


def _are_pieces(longer: str, shorter: str) -> bool:
    """True for the same words in another order: 小区优质饮用水入户, 优质饮用水入户小区."""
    if len(longer) - len(shorter) > 1 or len(shorter) <= _PIECES:
        return False
    one, two = _pairs(longer), _pairs(shorter)
    return len(one & two) >= max(_PIECES, _SHARE * len(two)) and not set(shorter) - set(longer)


def _pairs(name: str) -> set[str]:
    return {name[place : place + 2] for place in range(len(name) - 1)}


def _with_modifier(extra: str, shared: int, narrower: Literal["target", "result"]) -> Kin:
    """A name with a modifier that the other lacks: the same thing only where the modifier says nothing."""
    if is_soft(extra):
        return Kin("same", "soft-modifier", extra)
    return Kin("look-alike", "modifier", extra, narrower) if shared >= _SHORTEST_CORE else Kin("other", "other-words")


@lru_cache(maxsize=4096)
def is_soft(extra: str) -> bool:
    """True where words in front of a name make no other thing."""
    return not pattern("soft").sub("", extra)


@lru_cache(maxsize=16384)
def _spelled(name: str) -> str:
    return catalogue.spelled(name)


@lru_cache(maxsize=16384)
def parts(name: str) -> frozenset[str]:
    """The names that a name in a row is made of.

    >>> sorted(parts("公厕和泵站"))
    ['公厕', '泵站']
    """
    return frozenset(one_name(part) for part in _JOINTS.split(name) if part)


def _left_out(longer: str, shorter: str) -> str | None:
    """The signs of ``longer`` that are left when those of ``shorter`` are taken out in their order; ``None`` where they are not all there."""
    left, place = [], 0
    for sign in longer:
        if place < len(shorter) and sign == shorter[place]:
            place += 1
        else:
            left.append(sign)
    return "".join(left) if place == len(shorter) else None


@lru_cache(maxsize=16384)
def is_bare(core_: str) -> bool:
    """True for a core that says nothing without the words before it: 项目, 投资."""
    left = _PARTICLE.sub("", core_)
    return left in _bare() or left in _hollow()


@cache
def _bare() -> frozenset[str]:
    return frozenset(affixes("bare"))


#: a particle or adverb that a name was cut off behind: 的企业, 将投入
_PARTICLE = re.compile(r"^[的将超下](?=..)")


def keys(name: str) -> tuple[str, ...]:
    """The spellings of a core by which a text names the thing: whole, without soft modifiers, without the level of who grants it, four signs of it."""
    whole = core(name)
    bare = _MARKS.sub("", pattern("granted").sub("", whole))
    short = pattern("soft").sub("", bare)
    pieces = [bare[place : place + SHORTEST_SCATTERED] for place in range(len(bare) - SHORTEST_SCATTERED + 1)]
    found = dict.fromkeys(_spelled(one) for one in (whole, bare, short, one_name(whole), *pieces) if len(one) >= _SHORTEST_SUFFIX)
    return tuple(one for one in found if one not in affixes("bare")) or ((_spelled(whole),) if not is_bare(whole) else ())
