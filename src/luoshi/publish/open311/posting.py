"""A report that comes in by GeoReport v2, read from the fields of its form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final
from urllib.parse import urlsplit

import msgspec

from luoshi.publish.open311.fields import Fields, Reader, decimal_of, instant_of
from luoshi.publish.open311.values import Attribute, BadRequest, Service

#: characters; 4,000 of the description by GeoReport v2, the others are our own defaults
DESCRIPTION: Final = 4000
_SHORT: Final = 100
_LONG: Final = 500
_EMAIL: Final = 254
_URL: Final = 2000
_ANSWERS: Final = {"string": 500, "text": DESCRIPTION, "number": 40, "datetime": 40, "singlevaluelist": 100, "multivaluelist": 100}
_MOST_CHOSEN: Final = 50
_ATTRIBUTE: Final = re.compile(r"attribute\[([^\[\]]{1,100})\](?:\[\])?")
_MAIL: Final = re.compile(r"[^@\s]{1,64}@[^@\s]{1,189}")


class Caller(msgspec.Struct, frozen=True):
    """Who reports. It only comes in: it is kept apart, masked and never written by this package."""

    first_name: str = ""
    last_name: str = ""
    phone: str = ""
    email: str = ""
    device_id: str = ""
    account_id: str = ""


class Posted(msgspec.Struct, frozen=True, kw_only=True):
    """A report as it came: place (a position, an address or the number of one), words, answers by code, the caller."""

    service_code: str
    description: str
    lat: Decimal | None
    long: Decimal | None
    address_string: str
    address_id: str
    media_url: str
    answers: tuple[tuple[str, tuple[str, ...]], ...]
    caller: Caller


def read_post(fields: Fields, services: Sequence[Service]) -> Posted | BadRequest:
    """The report that a form makes, or all that is wrong with it; fields that GeoReport v2 does not know are passed over.

    >>> posted = read_post({"service_code": ["012"], "address_string": ["梧桐路与云川大道路口"]}, [Service("012", "路灯不亮")])
    >>> posted.address_string
    '梧桐路与云川大道路口'
    """
    reader = Reader(fields)
    if bad := reader.bad():
        return bad
    service = _service(reader, services)
    lat, long, address, address_id = _place(reader)
    media = reader.text("media_url", _URL)
    if media and not _is_web_address(media):
        reader.refuse("media_url 应当是 http 或 https 网址", "media_url must be an address of http or https")
    posted = Posted(
        service_code=service.service_code if service else "",
        description=reader.text("description", DESCRIPTION, lines=True),
        lat=lat,
        long=long,
        address_string=address,
        address_id=address_id,
        media_url=media,
        answers=_answers(reader, fields, service) if service else (),
        caller=_caller(reader),
    )
    return reader.bad() or posted


def _service(reader: Reader, services: Sequence[Service]) -> Service | None:
    code = reader.text("service_code", _SHORT)
    service = next((one for one in services if one.service_code == code), None)
    if not code:
        reader.refuse("没有给 service_code", "service_code was not provided")
    elif service is None:
        reader.refuse(f"没有 service_code {code}", f"service_code {code} was not found", code=404)
    return service


def _place(reader: Reader) -> tuple[Decimal | None, Decimal | None, str, str]:
    before = len(reader.problems)
    lat, long = reader.number("lat", -90, 90), reader.number("long", -180, 180)
    address, address_id = reader.text("address_string", _LONG), reader.text("address_id", _SHORT)
    if len(reader.problems) == before:
        if (lat is None) != (long is None):
            reader.refuse("lat 和 long 要一起给", "lat and long must be given together")
        elif lat is None and not address and not address_id:
            reader.refuse(
                "没有地点：请给 lat 和 long，或 address_string，或 address_id",
                "no location: lat and long, address_string or address_id is required",
            )
    return lat, long, address, address_id


def _is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and not re.search(r"\s", value)
    except ValueError:
        return False


def _caller(reader: Reader) -> Caller:
    email = reader.text("email", _EMAIL)
    if email and not _MAIL.fullmatch(email):
        reader.refuse("email 不像邮箱", "email is no address of e-mail")
    return Caller(
        first_name=reader.text("first_name", _SHORT),
        last_name=reader.text("last_name", _SHORT),
        phone=reader.text("phone", 40),
        email=email,
        device_id=reader.text("device_id", 200),
        account_id=reader.text("account_id", 200),
    )


def _answers(reader: Reader, fields: Fields, service: Service) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The answers by code, in the order of the questions; an answer to a question that is not asked is a problem."""
    given: dict[str, list[str]] = {}
    for name, values in fields.items():
        match = _ATTRIBUTE.fullmatch(name)
        if match:
            given.setdefault(match[1], []).extend(value for value in values if value.strip())
    asked = {attribute.code: attribute for attribute in service.attributes if attribute.variable}
    for code in (code for code in given if code not in asked):
        reader.refuse(f"{service.service_code} 没有问 attribute[{code[:40]}]", f"attribute[{code[:40]}] is not asked by this service")
    answers = []
    for code, attribute in asked.items():
        values = tuple(
            dict.fromkeys(reader.checked(f"attribute[{code}]", value, _ANSWERS[attribute.datatype]) for value in given.get(code, ()))
        )
        if not values and attribute.required:
            reader.refuse(f"attribute[{code}] 必须回答", f"attribute[{code}] is required")
        elif values and _fits(reader, attribute, values):
            answers.append((code, values))
    return tuple(answers)


def _fits(reader: Reader, attribute: Attribute, values: tuple[str, ...]) -> bool:
    """True where the answer is of the kind that the question asks for; else the problem is noted."""
    name, keys = f"attribute[{attribute.code}]", {choice.key for choice in attribute.values}
    most = _MOST_CHOSEN if attribute.datatype == "multivaluelist" else 1
    if len(values) > most:
        reader.refuse(f"{name} 最多 {most} 个回答", f"{name} takes {most} at most")
    elif attribute.datatype in {"singlevaluelist", "multivaluelist"} and not keys.issuperset(values):
        reader.refuse(f"{name} 不在可选的值里", f"{name} is none of the values offered")
    elif attribute.datatype == "number" and decimal_of(values[0]) is None:
        reader.refuse(f"{name} 应当是数", f"{name} must be a number")
    elif attribute.datatype == "datetime" and instant_of(values[0]) is None:
        reader.refuse(f"{name} 应当是带时区的时刻", f"{name} must be a W3C date and time with a zone")
    else:
        return True
    return False
