"""A clue to a published item: it becomes a complaint of M08, dispatched like any other; the unit concerned never sees who sent it."""

from __future__ import annotations

import msgspec

from luoshi.desk.actor import SYSTEM
from luoshi.desk.done import WrongValue
from luoshi.desk.matters.filing import Form, file_form
from luoshi.ledger import models
from luoshi.ledger.scope import Scope
from luoshi.masking import mask
from luoshi.publish.release.content import Item
from luoshi.web.words import say

MECHANISM = "M08"
_LONGEST = {"text": 2000, "where": 200, "phone": 30}
_SHORTEST = 5
_TITLE = 40


class Clue(msgspec.Struct, frozen=True):
    """What the form says. Nobody is asked for a name: what is not known cannot come out."""

    text: str = ""
    where: str = ""
    phone: str = ""


def read(given: dict[str, str]) -> Clue:
    """The clue that a form holds, each part cut to its length; raises ``WrongValue`` where nothing is told."""
    clue = Clue(**{name: given.get(name, "").strip()[:longest] for name, longest in _LONGEST.items()})
    if len("".join(clue.text.split())) < _SHORTEST:
        raise WrongValue(say("portal.clue_short"), where="text", remedy="")
    return clue


def send(clue: Clue, item: Item) -> str:
    """The number of the complaint that a clue makes."""
    shown = " ".join(mask(clue.text).split())[:_TITLE]
    fields = {
        "channel": "web", "demand": "report", "phone": clue.phone, "location": clue.where, "theme": item.number,
        "area": item.region_code if item.region_code.isdigit() else "",
    }  # fmt: skip
    form = Form(
        f"线索：{shown}", text=f"{clue.text}\n\n对应公开事项：{item.number} {item.title}", region_code=item.region_code,
        fields={key: value for key, value in fields.items() if value}, source=f"公开页线索：{item.id}",
    )  # fmt: skip
    filed = file_form(SYSTEM, MECHANISM, form, Scope.whole()).subjects[0]
    return str(models.Matter.objects.values_list("number", flat=True).get(pk=filed))
