"""Numbers that name a person: telephones, identity cards, bank cards. Texts here are flat (``found.flat``)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import chain
from typing import Final

from luoshi.masking.found import Hit
from luoshi.masking.words import led_by, words

# Every pattern is bounded and starts only where no digit stands before, so that a megabyte of digits is read once.
_MOBILE: Final = re.compile(r"(?<![0-9*])(?:(?:\+|00)?86[ -]?)?(1[ -]?[3-9](?:[ -]?\d){9})(?![0-9*]|[A-Za-z]\d)")
_DOTTED: Final = re.compile(r"(?<![0-9.*])(1[3-9]\d\.\d{4}\.\d{4})(?![0-9.*])")
_CHINESE: Final = re.compile(
    r"(?<![零〇○一二三四五六七八九幺])[一幺][三四五六七八九](?:[ -]?[零〇○一二三四五六七八九幺]){9}(?![零〇○一二三四五六七八九幺十百千万])"
)
_CHINESE_DIGITS: Final = str.maketrans("零〇○一幺二三四五六七八九", "0001123456789")
_LANDLINE: Final = re.compile(
    r"(?<![0-9A-Za-z*.])(?:(?:\+|00)?86[ -]?)?(\(?0?(?:10|2[0-57-9]|[3-9]\d{2})\)?)([ -]{0,2})([2-9]\d{2,3}[ -]?\d{4})(?:(?:-|转|转分机)\d{1,6})?(?![0-9*])"
)
_LOCAL: Final = re.compile(r"(?<![0-9A-Za-z*.\-])([2-9]\d{2,3}[ -]?\d{4})(?:(?:-|转|转分机)\d{1,6})?(?![0-9*A-Za-z.\-])")
_IDENTITY: Final = re.compile(r"(?<![0-9A-Za-z*])([1-9](?:[ -]?\d){16}[ -]?[0-9Xx])(?![0-9A-Za-z*])")
_OLD_IDENTITY: Final = re.compile(r"(?<![0-9A-Za-z*.])([1-8]\d{14})(?![0-9A-Za-z*.])")
_CARD: Final = re.compile(r"(?<![0-9A-Za-z*.])([1-9]\d{3}(?:[ -]?\d){12,15})(?![0-9A-Za-z*.])")
_BEFORE_CODE: Final = re.compile(r"(?:[A-Za-z]-?|\d-[0-9-]{0,20}\d-?|\d\.)$")

_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS: Final = "10X98765432"
#: the first two digits: provinces of GB/T 2260, 83 of residence permits of Taiwan residents, 9x of permanent residence permits
_PROVINCES: Final = frozenset(
    f"{part}{place}"
    for part, places in (
        ("1", "12345"),
        ("2", "123"),
        ("3", "1234567"),
        ("4", "123456"),
        ("5", "01234"),
        ("6", "12345"),
        ("7", "1"),
        ("8", "123"),
        ("9", "123456"),
    )
    for place in places
)
#: GB 32100-2015: a code of an organisation, which may look like the number of a person
_FIRM_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_FIRM_WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def digits_of(text: str) -> str:
    """The text without what stands between its digits."""
    return re.sub(r"[^0-9Xx]", "", text)


def identity_check(number: str) -> str:
    """The check character of the first 17 digits of an identity number (GB 11643-1999).

    >>> identity_check("34019919850312123")
    '7'
    """
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False)) % 11]


def is_firm_code(code: str) -> bool:
    """True where the 18 characters are a unified social credit code with its check character (GB 32100-2015)."""
    if len(code) != 18 or any(character not in _FIRM_ALPHABET for character in code):
        return False
    total = sum(_FIRM_ALPHABET.index(character) * weight for character, weight in zip(code, _FIRM_WEIGHTS, strict=False))
    return _FIRM_ALPHABET[(31 - total % 31) % 31] == code[17]


def is_luhn(number: str) -> bool:
    """True where the last digit fits the others (ISO/IEC 7812-1)."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _is_day(year: str, month: str, day: str) -> bool:
    try:
        return date(1880, 1, 1) <= date(int(year), int(month), int(day)) <= date(2099, 12, 31)
    except ValueError:
        return False


def _is_code(text: str, start: int, end: int) -> bool:
    """True where the number is part of a code, is called a code before it, or counts something."""
    said = words()
    return (
        led_by(text, start, said.codes)
        or text.startswith(said.counted, end)
        or _BEFORE_CODE.search(text[max(0, start - 24) : start]) is not None
    )


def _groups_well(number: str) -> bool:
    """True where people write a telephone number so: all together, digit by digit, or in groups of three and more."""
    lengths = {len(group) for group in re.split("[ -]", number)}
    return min(lengths) >= 3 or lengths == {1}


def keep_mobile(number: str) -> str:
    """``138****1234``."""
    return f"{number[:3]}****{number[-4:]}"


def keep_landline(area: str, number: str) -> str:
    """``0559-****1234``, or ``****1234`` without the code of the area."""
    return f"{area}-****{number[-4:]}" if area else f"****{number[-4:]}"


def _mobiles(text: str) -> Iterator[Hit]:
    for match in chain(_MOBILE.finditer(text), _DOTTED.finditer(text)):
        if _groups_well(match[1]) or "." in match[1]:
            called = led_by(text, match.start(), words().phone_words)
            prefix = re.search(r"(?i)(?:tel|phone|mobile|wechat|weixin|vx|wx|v|qq)$", text[max(0, match.start() - 8) : match.start()])
            if called or prefix or not _is_code(text, match.start(), match.end()):
                yield Hit("phone", match.start(), match.end(), keep_mobile(digits_of(match[1])))
    for match in _CHINESE.finditer(text):
        yield Hit("phone", match.start(), match.end(), keep_mobile(digits_of(match[0].translate(_CHINESE_DIGITS))))


def _landlines(text: str) -> Iterator[Hit]:
    said = words()
    for match in _LANDLINE.finditer(text):
        area = digits_of(match[1])
        plain = not match[2] and "(" not in match[1]
        if not area.startswith("0") and not led_by(text, match.start(), said.phone_words):
            continue
        if plain and not led_by(text, match.start(), said.phone_words) and len(match[0]) < 11:
            continue
        if not led_by(text, match.start(), said.public_phones) and not _is_code(text, match.start(), match.end()):
            yield Hit("phone", match.start(), match.end(), keep_landline(area, digits_of(match[3])))
    for match in _LOCAL.finditer(text):
        if led_by(text, match.start(), said.phone_words) and not led_by(text, match.start(), said.public_phones):
            yield Hit("phone", match.start(), match.end(), keep_landline("", digits_of(match[1])))


def phones(text: str) -> Iterator[Hit]:
    """The telephone numbers of persons: mobiles, and fixed lines that are not called public ones."""
    yield from _mobiles(text)
    yield from _landlines(text)


def keep_ends(number: str) -> str:
    """The first and the last character, and a star for each between them."""
    return number[0] + "*" * (len(number) - 2) + number[-1] if len(number) > 2 else "*" * len(number)


def _is_identity(number: str, *, called: bool) -> bool:
    if number[:2] not in _PROVINCES or not _is_day(number[6:10], number[10:12], number[12:14]):
        return False
    return called or (identity_check(number) == number[17] and not (number[0] == "9" and is_firm_code(number)))


def identities(text: str) -> Iterator[Hit]:
    """Identity numbers: 18 digits with their check character (without it where the text calls them so), 15 digits with a day of birth."""
    said = words()
    for match in _IDENTITY.finditer(text):
        called = led_by(text, match.start(), said.identity_words)
        number = digits_of(match[1]).upper()
        if (
            min(map(len, re.split("[ -]", match[1]))) >= 2
            and _is_identity(number, called=called)
            and not led_by(text, match.start(), said.codes)
        ):
            yield Hit("id", match.start(), match.end(), keep_ends(number))
    for match in _OLD_IDENTITY.finditer(text):
        number = match[1]
        if (
            number[:2] in _PROVINCES
            and _is_day(f"19{number[6:8]}", number[8:10], number[10:12])
            and not _is_code(text, match.start(), match.end())
        ):
            yield Hit("id", match.start(), match.end(), keep_ends(number))


def cards(text: str) -> Iterator[Hit]:
    """Bank cards: 16 to 19 digits that fit ISO/IEC 7812-1, of UnionPay (62), or of any house where the text calls them a card."""
    said = words()
    for match in _CARD.finditer(text):
        number = digits_of(match[1])
        called = led_by(text, match.start(), said.card_words)
        known = number.startswith("62") or (called and number[0] in "3456789")
        if known and is_luhn(number) and (called or not _is_code(text, match.start(), match.end())):
            yield Hit("bank-card", match.start(), match.end(), "*" * (len(number) - 4) + number[-4:])
