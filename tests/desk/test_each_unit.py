"""Acts that each unit does for itself: a whistle, with a clock for each department; nobody arrives for another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from luoshi.desk import matters
from luoshi.desk.actor import Actor, Role
from luoshi.desk.matters import Form, Try
from luoshi.ledger import models
from luoshi.ledger.entry import Draft
from luoshi.ledger.organisations import organisation_id
from luoshi.ledger.scope import Scope
from luoshi.ledger.store import append, verify_chain
from luoshi.loop.engine import Refused

pytestmark = pytest.mark.usefixtures("db")

REGION = "990102"
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def unit(name: str) -> str:
    return organisation_id(REGION, name)


def person(name: str, role: Role, organisation: str = "") -> Actor:
    return Actor(f"a{name}", name, name, (role,), unit(organisation) if organisation else "", REGION)


CHEN = person("chen", Role.SUPERVISOR)
TANG, WANG, ZHAO = (person(name, Role.LIAISON, of) for name, of in (("tang", "霜桥街道办事处"), ("wang", "水利局"), ("zhao", "城管局")))


def at(minutes: float) -> Callable[[], datetime]:
    return lambda: START + timedelta(minutes=minutes)


def do(who: Actor, item: str, key: str, minutes: float, **inputs: Any) -> None:
    matters.act(who, item, Try(key, inputs), Scope.whole(), clock=at(minutes))


def test_each_department_arrives_for_itself() -> None:
    for name in ("霜桥街道办事处", "水利局", "城管局"):
        append("asys", [Draft("organisation.add", unit(name), {"region_code": REGION, "name": name, "kind": "body", "plates": []})])
    fields = {"kind": "emergency", "cause": "emergency", "location": "老桥头", "problem": "路面塌陷"}
    form = Form("老桥头塌陷", region_code=REGION, fields=fields, units={"lead": [unit("霜桥街道办事处")]})
    item = matters.file_form(CHEN, "M09", form, Scope.whole(), clock=at(0)).subjects[0]
    do(TANG, item, "blow", 1, units={"called": [unit("水利局"), unit("城管局")]})
    with pytest.raises(Refused, match="只能替本单位办理"):
        do(WANG, item, "arrive", 10, unit=unit("城管局"))
    do(WANG, item, "arrive", 31, unit=unit("水利局"))
    # the street confirms for whoever came
    do(TANG, item, "arrive", 40, unit=unit("城管局"))
    states = dict(models.Clock.objects.filter(item=item, key="arrive").values_list("unit", "state"))
    assert states == {unit("水利局"): "met", unit("城管局"): "late"}
    assert models.Matter.objects.get(pk=item).stage == "working"
    assert verify_chain()
