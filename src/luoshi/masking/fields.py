"""Masks of fields that are known to hold a telephone, an identity number, a name or an address. Masking twice changes nothing."""

from __future__ import annotations

import re
from typing import Final

from luoshi.masking import addresses
from luoshi.masking.found import flat
from luoshi.masking.names import keep_name
from luoshi.masking.numbers import digits_of, keep_ends, keep_landline, keep_mobile

_MOBILE: Final = re.compile(r"(?:\+?86|0086)?(1[3-9]\d{9})")
_LANDLINE: Final = re.compile(r"\(?(0(?:10|2\d|[3-9]\d{2}))\)?[ -]?(\d{7,8})(?:\D.*)?")


def mask_phone(phone: str) -> str:
    """``138****1234``, ``0559-****1234``; of anything else no more than the last four characters, where it is long enough to hide some.

    >>> mask_phone("+86 139-0000-1207"), mask_phone("0559-6210033"), mask_phone("12345")
    ('139****1207', '0559-****0033', '****')
    """
    plain = flat(phone).strip()
    if not plain or "*" in plain:
        return phone
    mobile = _MOBILE.fullmatch(re.sub(r"[ -]", "", plain))
    if mobile:
        return keep_mobile(mobile[1])
    landline = _LANDLINE.fullmatch(plain)
    if landline:
        return keep_landline(landline[1], landline[2])
    digits = digits_of(plain)
    return f"****{digits[-4:]}" if len(digits) >= 8 else "****"


def mask_id(number: str) -> str:
    """The first and the last character of an identity number; the rest are stars.

    >>> mask_id("34990119961125043X")
    '3****************X'
    """
    plain = re.sub(r"[ -]", "", flat(number)).upper()
    return number if "*" in plain else keep_ends(plain)


def mask_name(name: str) -> str:
    """The first character and a star.

    >>> mask_name("陆远山"), mask_name("欧阳锦"), mask_name("")
    ('陆*', '欧*', '')
    """
    bare = name.strip()
    return bare if re.fullmatch(r".\*", bare) else keep_name(bare)


def mask_address(address: str) -> str:
    """The address down to the community or road; what is below stands as ＊＊＊.

    >>> mask_address("栖山区青石镇柳溪苑小区3号楼2单元501室"), mask_address("栖山区梧桐路88号")
    ('栖山区青石镇柳溪苑小区＊＊＊', '栖山区梧桐路＊＊＊')
    """
    first = addresses.first_below(flat(address))
    return address if first is None or address.endswith(addresses.HIDDEN) else address[:first] + addresses.HIDDEN
