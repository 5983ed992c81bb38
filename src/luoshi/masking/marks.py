"""What a person is reached or known by: e-mail, WeChat, QQ, travel documents, vehicle plates. Texts here are flat."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from luoshi.masking.found import Hit
from luoshi.masking.words import one_of, words

_EMAIL: Final = re.compile(r"(?<![A-Za-z0-9._%+\-*])[A-Za-z0-9_][A-Za-z0-9._%+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}")
_PUBLIC_HOST: Final = re.compile(r"(?:^|\.)gov\.cn$", re.IGNORECASE)

# GA 36-2018: a province, a letter, then five characters, or six of new-energy vehicles; the last may say the use.
_PLATE: Final = re.compile(
    r"(?<![0-9A-Za-z])[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-Za-hj-z][ ·.\-]{0,2}"
    r"([0-9]{5}[A-Ka-k]|[A-Ka-k][A-HJ-NP-Za-hj-np-z0-9][0-9]{4}|[A-HJ-NP-Za-hj-np-z0-9]{4}[挂学警港澳领超]|[A-HJ-NP-Za-hj-np-z0-9]{5})(?![0-9A-Za-z*])"
)
_MISSION: Final = re.compile(
    r"(?<![0-9A-Za-z一-龥])(?:使[0-9]{3}[0-9]{3}|WJ[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]?[0-9]{4}[0-9A-Z])(?![0-9A-Za-z*])"
)
_DIGIT: Final = re.compile(r"\d")
_SAID: Final = r"(?:号码|账号|号|ID|id)?(?:和手机|与手机)?(?:同号|就是|是|为)?[ :(“\"]{0,3}"


@cache
def _contact() -> re.Pattern[str]:
    said = words()
    return re.compile(
        rf"(?<![A-Za-z])(?:{one_of(said.wechat_words)}){_SAID}(?P<wechat>[A-Za-z_][A-Za-z0-9_-]{{5,19}})(?![A-Za-z0-9_*-])"
        rf"|(?<![A-Za-z])(?:{one_of(said.qq_words)}){_SAID}(?P<qq>[1-9][0-9]{{4,11}})(?![0-9*])"
        rf"|(?:{one_of(said.passport_words)}){_SAID}(?P<passport>[A-Za-z]{{0,2}}[0-9]{{7,18}}[Xx]?)(?![0-9A-Za-z*])"
        r"|(?<![A-Za-z0-9_*@.-])(?P<own>[A-Za-z_][A-Za-z0-9_-]{5,19})(?= ?(?:就是|是)我的?微信)"
        rf"|(?:{one_of(said.plate_words)}){_SAID}(?P<plate>[A-HJ-Z][ ·.-]?[A-HJ-NP-Z0-9]{{5,6}}|[A-HJ-NP-Z0-9]{{5,6}})(?![0-9A-Za-z*])"
    )


def emails(text: str) -> Iterator[Hit]:
    """E-mail addresses, but those of the state's own hosts."""
    for match in _EMAIL.finditer(text):
        name, host = match[0].split("@")
        if not _PUBLIC_HOST.search(host):
            yield Hit("email", match.start(), match.end(), f"{name[0]}***@{host}")


def _keep_plate(plate: str) -> str:
    bare = re.sub(r"[ ·.\-]", "", plate)
    return f"{bare[:2]}***{bare[-2:]}"


def plates(text: str) -> Iterator[Hit]:
    """Vehicle plates: common, new-energy, 挂 学 警 港 澳 领, of missions and of the armed police."""
    for match in _PLATE.finditer(text):
        if len(_DIGIT.findall(match[1])) >= 3:
            yield Hit("plate", match.start(), match.end(), _keep_plate(match[0]))
    for match in _MISSION.finditer(text):
        yield Hit("plate", match.start(), match.end(), _keep_plate(match[0]))


def contacts(text: str) -> Iterator[Hit]:
    """WeChat and QQ numbers, travel documents and plates that a word before them calls so."""
    for match in _contact().finditer(text):
        said = match[match.lastgroup or 0]
        start, end = match.span(match.lastgroup or 0)
        if match.lastgroup in {"wechat", "own"}:
            yield Hit("wechat", start, end, f"{said[0]}***")
        elif match.lastgroup == "qq":
            yield Hit("qq", start, end, f"{said[0]}***")
        elif match.lastgroup == "passport":
            yield Hit("passport", start, end, f"{said[0]}***{said[-1]}")
        elif len(_DIGIT.findall(said)) >= 3:
            yield Hit("plate", start, end, _keep_plate(said))
