"""Names of private persons where the text introduces them: by a word before, a title, 男 or 女, or a telephone behind. Texts here are flat.

No list of persons and no model: a surname, characters that names are written with, and what stands around them. An official who is named with
a post is no private person. What is not introduced is not found; how much that is, ``docs/masking.md`` says.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from typing import Final

from ahocorasick_rs import AhoCorasick, MatchKind

from luoshi.masking.found import Hit, flat
from luoshi.masking.words import characters, one_of, words

_HAN: Final = re.compile(r"[㐀-䶿一-鿿]")
_DOTTED: Final = re.compile(r"[㐀-䶿一-鿿]{1,12}(?:·[㐀-䶿一-鿿]{1,12}){1,3}")
_DOTTED_BEFORE: Final = re.compile(r"[㐀-䶿一-鿿]{1,6}(?:·[㐀-䶿一-鿿]{1,8}){1,3}$")
_GENDER: Final = re.compile(r"[,( ] ?(?:性别:?)?[男女](?=[,、);。 ]|\d|$)")
_BETWEEN: Final = re.compile(
    r"(?:[ ,:(、/]{0,2}(?:的)?(?:联系电话|联系方式|手机号码|手机号|手机|电话号码|电话|身份证号码|身份证号|身份证)?(?:是|为)?[ :(]{0,2})$"
)
_SPACED: Final = re.compile(r"([㐀-䶿一-鿿]) {1,2}([㐀-䶿一-鿿])(?![㐀-䶿一-鿿])")
_LATIN: Final = re.compile(r"[A-Z][a-z]{1,15}(?: [A-Z][a-z]{0,15}\.?){1,2}(?![A-Za-z*])")
_CLAUSE: Final = re.compile(r"[㐀-䶿一-鿿A-Za-z0-9()]{2,30}")
_JOINS: Final = frozenset("和与跟及找请由被给向对是让叫称的位为到把将替帮问转")
_NO_NAME: Final = frozenset("的是在和与了")
_ALSO: Final = re.compile(r"(?:、|/|和|与|及|以及) ?")


def keep_name(name: str) -> str:
    """The first character and a star."""
    return f"{name[:1]}*" if name else ""


@cache
def _introduced() -> re.Pattern[str]:
    said = words()
    lead = r"(?P<sure>(?:的)?(?:姓名|名字|全名)?(?: ?: ?|是|为|叫|系| (?=[㐀-䶿一-鿿]))(?:\(?[男女]\)?)?)"
    return re.compile(rf"(?:(?P<strong>{one_of(said.introducing)})[\s!。:]{{0,12}}|(?:{one_of(said.persons)}){lead}?)")


@cache
def _titled() -> re.Pattern[str]:
    return re.compile(f"(?:{one_of(words().titles)})(?!们|傅|会|聚|长|站|部)")


@cache
def _long_follower() -> re.Pattern[str]:
    return re.compile(one_of(word for word in words().followers if len(word) > 1))


@cache
def _title_behind() -> re.Pattern[str]:
    return re.compile(f"(?:{one_of(words().titles)})$")


@cache
def _official() -> re.Pattern[str]:
    posts = one_of(words().posts)
    return re.compile(rf"(?:{posts})|[ ,]?\([^()]{{0,15}}(?:{posts})[^()]{{0,6}}\)")


@cache
def _persons_before() -> re.Pattern[str]:
    said = words()
    return re.compile(rf"(?:{one_of((*said.persons, *said.introducing))})(?:姓名)?(?: ?:|是|为)?$")


@cache
def _organisation() -> re.Pattern[str]:
    return re.compile(
        rf"(?:{one_of((*words().public_places, '店', '部', '超市', '科', '处', '股', '所', '站', '队', '小区', '社区', '街道'))})$"
    )


def _is_han(text: str, at: int) -> bool:
    return at < len(text) and _HAN.match(text, at) is not None


def _ends(text: str, at: int) -> bool:
    """True where no Chinese character follows."""
    return not _is_han(text, at) and text[at : at + 1] != "*"


def _goes_on(text: str, at: int) -> bool:
    """True where a word follows that stands behind names."""
    return text.startswith(words().followers, at)


def _surname(text: str, at: int) -> int:
    """Length of the surname at ``at``; 0 where there is none."""
    if text[at : at + 2] in characters().double:
        return 2
    return 1 if text[at : at + 1] in characters().single else 0


def _fits(text: str, at: int, length: int, *, usual: bool) -> bool:
    """True where the ``length`` characters may be a name: surname, then one or two of a given name; ``usual`` asks for usual ones."""
    if text[at : at + length] in words().stock_names:
        return True
    known, surname = characters(), _surname(text, at)
    given = text[at + surname : at + length]
    if not surname or len(given) != length - surname or not 1 <= len(given) <= 2 or text[at : at + 2] in known.not_names:
        return False
    if len(given) == 2 and given[1] in known.not_last:
        return False
    if usual:
        return all(character in known.given for character in given)
    return all(_HAN.match(character) is not None and character not in known.not_given for character in given)


def _length(text: str, at: int, *, sure: bool) -> int:
    """Length of the name that begins at ``at``, 0 where none does. ``sure``: the text says that a name comes."""
    surname = _surname(text, at)
    risky = text[at : at + 1] in characters().risky and surname == 1 and not sure
    lengths = [n for n in (surname + 2, surname + 1) if surname and _fits(text, at, n, usual=risky)]
    if risky and text[at] in characters().prepositions:
        return next((n for n in lengths[:1] if n == 3 and _long_follower().match(text, at + n)), 0)
    sure_to_fit = [n for n in lengths if _fits(text, at, n, usual=True)]
    for accepts, candidates in ((_ends, lengths), (_goes_on, sure_to_fit), (_goes_on, lengths)):
        for n in candidates:
            if accepts(text, at + n) and not _may_be_place(text, at, n):
                return n
    if risky or (sure and _is_organisation(text, at)):
        return 0
    likely = lengths if sure else lengths[:1]
    return next((n for n in likely if _fits(text, at, n, usual=True) and text[at + n : at + n + 1] not in characters().place_ends), 0)


def _dotted_length(text: str, at: int) -> int:
    """Length of a name in parts with dots between, as 阿依木·热合曼; the last part ends before a word that stands behind names."""
    dotted = _DOTTED.match(text, at)
    if dotted is None or not _NO_NAME.isdisjoint(dotted[0][: dotted[0].index("·")]):
        return 0
    last = dotted[0].rindex("·") + 1
    ends = (n for n in range(last + 2, len(dotted[0]) + 1) if _ends(text, at + n) or _goes_on(text, at + n))
    return next(ends, min(len(dotted[0]), last + 5))


def _apart(text: str, at: int) -> int:
    """Length of a name as forms set it, 李 明, or in Latin letters; 0 where there is none."""
    spaced = _SPACED.match(text, at)
    if spaced and spaced[1] in characters().single and spaced[2] in characters().given:
        return len(spaced[0])
    latin = _LATIN.match(text, at)
    return len(latin[0]) if latin else 0


def _is_organisation(text: str, at: int) -> bool:
    """True where the words up to the next mark end as the names of bodies and shops do."""
    clause = _CLAUSE.match(text, at)
    return clause is not None and _organisation().search(clause[0]) is not None


def _may_be_place(text: str, at: int, length: int) -> bool:
    """True where the last character is one that places end with, as in 王家庄; a name's second character is not looked at."""
    return length > 2 and text[at + length - 1] in characters().place_ends - characters().given


def _name(text: str, start: int, *, sure: bool) -> Iterator[Hit]:
    """The name at ``start`` and those that are listed behind it."""
    for _ in range(20):
        length = _dotted_length(text, start) or (sure and _apart(text, start)) or _length(text, start, sure=sure)
        if not length or _official().match(text, start + length):
            return
        yield Hit("name", start, start + length, keep_name(text[start]))
        also = _ALSO.match(text, start + length)
        if also is None:
            return
        start, sure = also.end(), False


@cache
def _not_persons() -> re.Pattern[str]:
    return re.compile(one_of(words().not_persons))


def _other_word(text: str, at: int) -> bool:
    """True where the word at ``at`` is but a part of another: 女儿 of 妇女儿童."""
    return _not_persons().match(text, max(0, at - 1)) is not None


def _by_words(text: str) -> Iterator[Hit]:
    for match in _introduced().finditer(text):
        if _other_word(text, match.start()):
            continue
        sure = match["strong"] is not None or match["sure"] is not None
        found = False
        for hit in _name(text, match.end(), sure=sure):
            found = True
            yield hit
        if not found and match["sure"]:
            # the colon or 为 may itself begin the name or belong to something else: 叫 of 我叫, 为 of a name
            yield from _name(text, match.start("sure"), sure=False)


def _bounded(text: str, at: int) -> bool:
    """True where a name may begin at ``at``: nothing Chinese before it, or a word that introduces persons."""
    if at == 0 or (not _is_han(text, at - 1) and text[at - 1] != "*"):
        return True
    return text[at - 1] in _JOINS or _persons_before().search(text[max(0, at - 8) : at]) is not None


def _is_surname_alone(text: str, start: int, title: int, end: int) -> bool:
    """True where ``text[start:title]`` is a surname and the title makes it a person: 王女士, not 提高女士."""
    known = characters()
    surname = text[start:title]
    if surname in known.double:
        return True
    if (
        surname not in known.single
        or text[max(0, start - 1) : title] in known.not_before
        or text[max(0, start - 2) : title] in known.not_before
    ):
        return False
    return surname not in known.prepositions or (_bounded(text, start) and (_ends(text, end) or _goes_on(text, end)))


def _start_of_titled(text: str, title: int, end: int) -> int | None:
    """Where the name before a title begins: surname with given name where that is well bounded, else the surname alone."""
    known = characters()
    full = [
        n for n in (4, 3, 2)
        if title >= n and _fits(text, title - n, n, usual=True) and not (text[title - n] in known.prepositions and _surname(text, title - n + 1))
    ]  # fmt: skip
    for n in full:
        if _bounded(text, title - n):
            return title - n
    for n in (2, 1):
        if title >= n and _is_surname_alone(text, title - n, title, end):
            return title - n
    return next((title - n for n in reversed(full) if text[title - n] not in characters().risky), None)


def _by_titles(text: str) -> Iterator[Hit]:
    for match in _titled().finditer(text):
        dotted = _DOTTED_BEFORE.search(text, max(0, match.start() - 24), match.start())
        start = dotted.start() if dotted else _start_of_titled(text, match.start(), match.end())
        if start is not None and not _official().match(text, match.end()):
            yield Hit("name", start, match.end(), keep_name(text[start]) + match[0])


def _before(text: str, end: int, *, usual: bool) -> Iterator[Hit]:
    """The whole name that ends at ``end``."""
    for n in (4, 3, 2):
        if end >= n and _fits(text, end - n, n, usual=usual) and _bounded(text, end - n):
            yield Hit("name", end - n, end, keep_name(text[end - n]))
            return


@cache
def _saying() -> re.Pattern[str]:
    return re.compile(one_of(words().saying))


def _by_verbs(text: str) -> Iterator[Hit]:
    """Names with which a clause begins and that say something: 金秋月举报称."""
    for match in _saying().finditer(text):
        for hit in _before(text, match.start(), usual=True):
            if text[hit.end - 1] not in characters().place_ends and text[hit.start] not in characters().prepositions:
                yield hit


def _introductions(text: str, numbers: Iterable[Hit]) -> Iterator[Hit]:
    yield from _by_words(text)
    yield from _by_titles(text)
    yield from _by_verbs(text)
    for match in _GENDER.finditer(text):
        yield from _before(text, match.start(), usual=False)
    for hit in numbers:
        between = _BETWEEN.search(text, max(0, hit.start - 14), hit.start)
        if between:
            yield from _before(text, between.start(), usual=True)


def names(text: str, numbers: Iterable[Hit], known: Collection[str] = ()) -> Iterator[Hit]:
    """The names of private persons that the text introduces, and wherever else they stand.

    ``numbers``: the telephones and identity numbers in the text. ``known``: names told elsewhere, as in the field of the caller.
    """
    introduced = list(_introductions(text, numbers))
    yield from introduced
    told = {name for given in known if len(name := flat(given).strip()) > 1 and "*" not in name}
    full = told | {name for hit in introduced if len(name := _title_behind().sub("", text[hit.start : hit.end])) > 1}
    if full:
        for number, start, end in AhoCorasick(listed := sorted(full), matchkind=MatchKind.LeftmostLongest).find_matches_as_indexes(text):
            if end - start > 2 or listed[number] in told or _bounded(text, start):
                yield Hit("name", start, end, keep_name(text[start]))
