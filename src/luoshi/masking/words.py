"""The words and surnames that the rules ask for, as sets and patterns; read once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import TypeVar

import msgspec

from luoshi.errors import BadTable


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``words.yaml`` as it lies there; each key is explained in the file."""

    introducing: tuple[str, ...]
    persons: tuple[str, ...]
    saying: tuple[str, ...]
    not_persons: tuple[str, ...]
    titles: tuple[str, ...]
    posts: tuple[str, ...]
    followers: tuple[str, ...]
    stock_names: tuple[str, ...]
    not_given: str
    not_last: str
    given: str
    prepositions: str
    not_names: str
    not_before: str
    place_ends: str
    codes: tuple[str, ...]
    counted: tuple[str, ...]
    identity_words: tuple[str, ...]
    card_words: tuple[str, ...]
    phone_words: tuple[str, ...]
    public_phones: tuple[str, ...]
    wechat_words: tuple[str, ...]
    qq_words: tuple[str, ...]
    passport_words: tuple[str, ...]
    plate_words: tuple[str, ...]
    communities: tuple[str, ...]
    residences: tuple[str, ...]
    public_places: tuple[str, ...]


class Surnames(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``surnames.yaml`` as it lies there."""

    single: str
    double: str
    risky: str


class Characters(msgspec.Struct, frozen=True):
    """Sets for quick look-up: surnames, what given names are and are not written with, pairs that are other words."""

    single: frozenset[str]
    double: frozenset[str]
    risky: frozenset[str]
    given: frozenset[str]
    not_given: frozenset[str]
    not_last: frozenset[str]
    prepositions: frozenset[str]
    not_names: frozenset[str]
    not_before: frozenset[str]
    place_ends: frozenset[str]


T = TypeVar("T")


def _loaded(name: str, type_: type[T]) -> T:
    # not by luoshi.tables: masking stands beside it and needs nothing of the package but its errors
    try:
        return msgspec.yaml.decode(files("luoshi.masking").joinpath(name).read_bytes(), type=type_)
    except msgspec.MsgspecError as error:
        raise BadTable(str(error), where=f"luoshi/masking/{name}", remedy="请对照声明的字段改正") from error


@cache
def words() -> Words:
    """The words of the rules."""
    return _loaded("words.yaml", Words)


@cache
def characters() -> Characters:
    """The surnames and the characters of names."""
    names, said = _loaded("surnames.yaml", Surnames), words()
    letters = {
        key: frozenset("".join(value.split())) for key, value in (("single", names.single), ("risky", names.risky), ("given", said.given))
    }
    return Characters(
        single=letters["single"] | letters["risky"],
        double=frozenset(names.double.split()),
        risky=letters["risky"],
        given=letters["given"],
        not_given=frozenset("".join(said.not_given.split())) - letters["given"],
        not_last=frozenset(said.not_last),
        prepositions=frozenset(said.prepositions),
        not_names=frozenset(said.not_names.split()),
        not_before=frozenset(said.not_before.split()),
        place_ends=frozenset("".join(said.place_ends.split())),
    )


def one_of(options: Iterable[str]) -> str:
    """A pattern of the words, longest first."""
    return "|".join(re.escape(word) for word in sorted(set(options), key=lambda word: (-len(word), word)))


@cache
def _leading(options: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?:{one_of(options)})(?:号码|号)?[ (“\"]{{0,2}}(?:尾号)?(?:是|为|:|/)?[ (“\"]{{0,2}}$")


def led_by(text: str, at: int, options: tuple[str, ...]) -> bool:
    """True where one of the words stands right before ``at``, perhaps with 号, 是 or a colon between."""
    return _leading(options).search(text[max(0, at - 20) : at]) is not None
