"""Items that the burden-relief rules forbid to score, found in a scheme and named with the rule. A scheme with one cannot be used."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Final

import msgspec

from luoshi.appraise.how import Events, keys_of
from luoshi.appraise.scheme import Scheme
from luoshi.errors import LuoshiError
from luoshi.loop.mechanism import Words
from luoshi.tables import load_table

_DENIED: Final = re.compile(r"(?:不(?:计|看|查|得|以|把|将|再|收|考核|作为)|(?P<none>(?<!有)没有)|取消|删去)(?P<what>[^,;。]*)$")
#: a denial that lifts a limit denies nothing of what it limits: 没有上限的批示加分
_LIFTED: Final = re.compile(r"上限|下限|限额|限制|限度|封顶|门槛|条件|次数|数量|[只仅]|少于|低于|不足")
#: whoever loses points without it is scored by it: 没有批示的扣分
_LOST: Final = re.compile(r"^[^,;。]*(?:[扣减]|不得分|不予|[零0]分)")
#: so many characters before a word may deny it
_NEAR: Final = 8


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of item that must not be scored. ``verified``: the words of the rule were compared with its public text."""

    key: str
    title: Words
    words: tuple[str, ...]
    rule: str
    source: str
    verified: bool
    unless: tuple[str, ...] = ()
    #: words with something between them, as regular expressions: 被…采用
    patterns: tuple[str, ...] = ()


class Found(msgspec.Struct, frozen=True):
    """A forbidden item in a scheme: where, in which words, of which kind."""

    where: str
    text: str
    word: str
    kind: Kind


class ForbiddenScheme(LuoshiError):
    """A scheme that scores what must not be scored."""

    slug = "forbidden-scheme"


@cache
def kinds() -> tuple[Kind, ...]:
    """The kinds of items that must not be scored."""
    return load_table("luoshi.appraise", "forbidden.yaml", tuple[Kind, ...])


def forbidden(scheme: Scheme) -> tuple[Found, ...]:
    """The forbidden items of a scheme, in the order of its file; none where it may be used."""
    return tuple(found for where, text in _scored(scheme) for found in _in(where, text))


def refuse(scheme: Scheme) -> None:
    """Raises ``ForbiddenScheme`` where the scheme scores what must not be scored: what, where, and by which rule it is forbidden."""
    found = forbidden(scheme)
    if found:
        said = "；".join(f"{one.where}“{one.text}”是{one.kind.title.zh}：{one.kind.rule}（{one.kind.source}）" for one in found[:5])
        raise ForbiddenScheme(said, where=f"{scheme.id} {scheme.title.zh}", remedy="请从方案里删去这些项目，再使用")


def _scored(scheme: Scheme) -> Iterator[tuple[str, str]]:
    """The texts of what is scored: lines with their rules, the inputs and measures that they look at, conditions of vetoes."""
    looked: dict[str, None] = {}
    for line in scheme.lines:
        yield f"计分项 {line.key}", line.title.zh
        yield f"计分项 {line.key} 的规则", line.rule
        looked.update(dict.fromkeys(keys_of(line.how)))
        if isinstance(line.how, Events):
            looked.update(dict.fromkeys(event.of for event in line.how.events))
    for one in scheme.overriding:
        yield f"否决或除外 {one.key}", one.title.zh
        looked.update(dict.fromkeys(one.when))
    # an input that only a measure looks at is scored as well; what is shown for its load alone is not
    looked.update(dict.fromkeys(one.key for one in scheme.inputs if one.key not in scheme.load))
    for key in looked:
        yield f"数据项 {key}", scheme.titled(key).zh
    for given in scheme.inputs:
        if given.key not in scheme.load:
            yield from ((f"数据项 {given.key} 的表头", heading) for heading in given.headings)
            yield from ((f"数据项 {given.key} 的选项", choice.zh) for choice in given.choices.values())


def _in(where: str, text: str) -> Iterator[Found]:
    """What a text names that must not be scored. Whoever says that it does not count does not count it."""
    plain = bare_words(text)
    for kind in kinds():
        bare = plain
        for spared in kind.unless:
            bare = bare.replace(spared, "")
        found = next((one for one in _matches(bare, kind) if not _is_denied(bare, one)), None)
        if found is not None:
            yield Found(where, text, found.group(), kind)


def bare_words(text: str) -> str:
    """The letters, digits and signs of a text as everybody reads them: neither width nor blanks, dots or invisible signs hide a word.

    >>> bare_words("领 导·批\u200b示（次），ＡＰＰ")
    '领导批示次,app'
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in folded if sign.isalnum() or sign in ",;。")


def _matches(text: str, kind: Kind) -> Iterator[re.Match[str]]:
    for one in (*map(re.escape, kind.words), *kind.patterns):
        yield from re.finditer(one, text)


def _is_denied(text: str, found: re.Match[str]) -> bool:
    """Whether the words before say that it is not counted: 不计、不看、不得以 …"""
    denied = _DENIED.search(text[max(0, found.start() - _NEAR) : found.start()])
    if denied is None or _LIFTED.search(denied["what"]):
        return False
    return not (denied["none"] and _LOST.search(text[found.end() :]))
