"""What the public reports by Open311 becomes a complaint: kept whole inside, and what of it everybody may see."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from luoshi.desk.actor import SYSTEM
from luoshi.desk.api_keys import ApiKey
from luoshi.desk.done import Conflict
from luoshi.desk.matters.filing import Form, file_form
from luoshi.desk.matters.ruling import current, usual_variant
from luoshi.ledger import models
from luoshi.ledger.scope import Scope
from luoshi.ledger.settings_now import now as settings_now
from luoshi.ledger.store import Clock, now
from luoshi.loop.mechanism import Mechanism
from luoshi.masking import mask, mask_address, mask_phone
from luoshi.publish.open311 import Attribute, Choice, Posted, Service

MECHANISM: Final = "M08"
#: parts what somebody wrote from what else came with it
_BESIDES: Final = "\n——随件资料——\n"
_TITLE: Final = 40
_AREA: Final = re.compile(r"[0-9]{6}(?:[0-9]{3}(?:[0-9]{3})?)?")
_CHINESE: Final = re.compile("[\u4e00-\u9fff]")


def services() -> list[Service]:
    """The categories of complaints as services, with what may be said besides."""
    mechanism = current(MECHANISM)
    return [
        Service(code, title, description=title, group=mechanism.title.zh, attributes=_attributes(mechanism))
        for code, title in choices(mechanism, "category").items()
    ]


def choices(mechanism: Mechanism, key: str) -> dict[str, str]:
    """The choices of a field with their Chinese titles."""
    field = mechanism.field(key)
    return {choice.key: choice.title.zh for choice in field.choices} if field else {}


def _attributes(mechanism: Mechanism) -> tuple[Attribute, ...]:
    demand = tuple(Choice(key, title) for key, title in choices(mechanism, "demand").items())
    return (
        Attribute("demand", "诉求类型", datatype="singlevaluelist", order=1, values=demand),
        Attribute("subcategory", "二级类别，如路灯、供水", order=2),
        Attribute("happened", "发生时间", order=3),
    )


def receive_request(posted: Posted, key: ApiKey, *, clock: Clock = now) -> tuple[str, str]:
    """(item, number) of the complaint that a report makes. The right to report is the key's; the entry's actor is the system.

    Nothing is fetched from the address of a picture; what tells of the caller's device is not kept. Raises ``Conflict`` while Open311 is off.
    """
    if settings_now().open311 != "1" or not key.live:
        raise Conflict("接口没有开通", where="open311", remedy="请与本单位的系统管理员联系")
    title = choices(current(MECHANISM), "category").get(posted.service_code, posted.service_code)
    fields, besides = fields_of(posted), _besides(posted)
    shown = " ".join(masked(posted.description, fields).split())[:_TITLE]
    form = Form(
        f"{title}：{shown}" if shown else title, text=posted.description + (_BESIDES + "\n".join(besides) if besides else ""),
        region_code=key.region, variant=usual_variant(current(MECHANISM)), fields=fields, source=f"Open311：{key.name}",
    )  # fmt: skip
    done = file_form(SYSTEM, MECHANISM, form, Scope.whole(), clock=clock)
    item = done.subjects[0]
    return item, models.Matter.objects.values_list("number", flat=True).get(pk=item)


def _besides(posted: Posted) -> list[str]:
    told = [("照片或附件地址（未打开）", posted.media_url), ("电子邮箱", posted.caller.email)]
    return [f"{name}：{value}" for name, value in told if value]


def fields_of(posted: Posted) -> dict[str, Any]:
    """The fields of the complaint; those of the caller are the masked ones."""
    caller = posted.caller
    answers = {code: "、".join(values) for code, values in posted.answers}
    chinese = _CHINESE.search(caller.last_name + caller.first_name) is not None
    name = caller.last_name + caller.first_name if chinese else f"{caller.first_name} {caller.last_name}".strip()
    found: dict[str, Any] = {
        "channel": "open311", "category": posted.service_code, "service_code": posted.service_code, "caller": name, "phone": caller.phone,
        "location": posted.address_string, "area": posted.address_id if _AREA.fullmatch(posted.address_id) else "",
        "lat": None if posted.lat is None else float(posted.lat), "long": None if posted.long is None else float(posted.long), **answers,
    }  # fmt: skip
    if caller.phone:
        found["contact_ok"] = True
    return {key: value for key, value in found.items() if value not in ("", None)}


# --- what everybody may see


def words_of(text: str) -> str:
    """What somebody wrote, without what else came with it."""
    return text.partition(_BESIDES)[0]


def masked(text: str, fields: Mapping[str, Any]) -> str:
    """The text without personal data, and without the caller's own name, telephone and address, however they are written."""
    known = _known(str(fields.get("caller", "") or ""))
    if number := str(fields.get("phone", "") or ""):
        text = _spaced(number).sub(mask_phone(number).replace("\\", ""), text)
    address = str(fields.get("address", "") or "")
    if address:
        text = text.replace(address, mask_address(address))
    for name in known:
        if not _CHINESE.search(name):
            text = re.sub(rf"(?<![A-Za-z]){re.escape(name)}(?![A-Za-z])", f"{name[0]}***", text, flags=re.IGNORECASE)
    return mask(text, known=known)


def _known(name: str) -> Sequence[str]:
    parts = [name, *name.split()]
    return list(dict.fromkeys(part for part in parts if len(part) > 1))


def _spaced(number: str) -> re.Pattern[str]:
    """A telephone number with blanks and dashes between its digits, in wide digits too."""
    digits = [char for char in number if char in "0123456789"]
    if len(digits) < 5:
        return re.compile(re.escape(number))
    return re.compile(r"[\s\-－—()（）.·]*".join(f"[{digit}{chr(0xFF10 + int(digit))}]" for digit in digits))
