"""Who is told what of the loop: by part, by unit, by post and by region, and what of a matter kept inside is left out."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from luoshi.desk import matters
from luoshi.desk.actor import Actor, Role
from luoshi.desk.matters import Form, Try, rules_for
from luoshi.ledger import models
from luoshi.ledger.entry import Draft
from luoshi.ledger.organisations import organisation_id
from luoshi.ledger.scope import Scope
from luoshi.ledger.store import append
from luoshi.loop.mechanism import Mechanism
from luoshi.notify import inside
from luoshi.notify.models import Mark
from luoshi.notify.telling import Case, message_of, tell_new

pytestmark = pytest.mark.usefixtures("db")

REGION, ALL = "990102", Scope.whole()
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def unit(name: str) -> str:
    return organisation_id(REGION, name)


def person(name: str, role: Role, organisation: str = "", region: str = REGION) -> Actor:
    found = Actor(f"a{name}", name, name, (role,), unit(organisation) if organisation else "", region)
    models.Account.objects.create(
        id=found.id, username=name, name=name, roles=json.dumps([role.value]), unit=found.unit, region=region, active=True
    )
    return found


def mechanism_for(key: str, version: int) -> Mechanism:
    return rules_for(key, version).mechanism


def tell(days: float = 0) -> int:
    return tell_new(mechanism_for, now=START + timedelta(days=days))


def titles(who: Actor) -> list[str]:
    return [shown.message.title for shown in reversed(inside.notices(who.id))]


@pytest.fixture
def people(db: None) -> dict[str, Actor]:
    Mark.objects.create(id="entries", seq=0)
    for name in ("发展和改革局", "财政局"):
        append("asys", [Draft("organisation.add", unit(name), {"region_code": REGION, "name": name, "kind": "body", "plates": []})])
    return {
        "chen": person("chen", Role.SUPERVISOR), "far": person("far", Role.SUPERVISOR, region="990103"), "li": person("li", Role.LEADER),
        "zhou": person("zhou", Role.LEADER), "wang": person("wang", Role.LIAISON, "发展和改革局"), "zhao": person("zhao", Role.LIAISON, "财政局"),
    }  # fmt: skip


def filed(people: dict[str, Actor], **more: object) -> str:
    form = Form("新建幼儿园 3 所", region_code=REGION, fields={"due": "2026-04-30"}, units={"lead": [unit("发展和改革局")], **more})  # type: ignore[dict-item]
    return matters.file_form(people["chen"], "M01", form, ALL, clock=lambda: START).subjects[0]


def do(who: Actor, item: str, act: str, day: float, **inputs: object) -> None:
    matters.act(who, item, Try(act, inputs), ALL, clock=lambda: START + timedelta(days=day))


def test_whose_turn_it_is_is_told_and_nobody_tells_himself(people: dict[str, Actor]) -> None:
    item = filed(people)
    tell()
    assert titles(people["li"]) == titles(people["zhou"]) == ["待审批：新建幼儿园 3 所"]
    do(people["li"], item, "approve", 0.1)
    do(people["chen"], item, "assign", 0.2)
    tell(1)
    assert titles(people["wang"]) == ["交办：新建幼儿园 3 所"]
    assert titles(people["zhao"]) == titles(people["chen"]) == titles(people["far"]) == []
    (shown,) = inside.notices(people["wang"].id)
    assert (shown.message.kind, shown.message.link) == ("assigned", f"/item/{item}")
    assert tell(2) == 0


def test_a_step_of_the_ladder_is_told_once_and_not_beside_the_lapse(people: dict[str, Actor]) -> None:
    item = filed(people)
    do(people["li"], item, "approve", 0.1)
    do(people["chen"], item, "assign", 0.2)
    do(people["wang"], item, "sign", 0.3)
    matters.tick(clock=lambda: START + timedelta(days=61))
    tell(61)
    told = titles(people["wang"])
    assert "办理期限快到了：新建幼儿园 3 所" in told
    assert told.count("催办通知：新建幼儿园 3 所") == 1
    assert not any("办理期限已过" in title for title in told)
    assert titles(people["chen"]) == []


def test_the_leader_who_holds_the_post_alone_is_told(people: dict[str, Actor]) -> None:
    append("asys", [Draft("post.add", "p1", {"organisation": "", "region_code": REGION, "title": "分管副区长"})])
    append("asys", [Draft("post.hold", "h1", {"post": "p1", "person": "zhou", "valid_from": "2020-01-01", "valid_to": ""})])
    filed(people, leader=["p1"])
    tell()
    assert titles(people["zhou"])
    assert titles(people["li"]) == []


def test_of_an_internal_matter_no_title_leaves_the_page(people: dict[str, Actor]) -> None:
    import msgspec

    from luoshi.ledger.acts.matters import life_of
    from luoshi.notify.scrub import for_mail

    item = filed(people)
    entry = models.Entry.objects.filter(act="loop.file").get()
    row, mechanism = models.Matter.objects.get(pk=item), mechanism_for("M01", 1)
    case = Case(life_of(row.life), row.number, "某人的来信", "发展和改革局", "green", REGION, private=True)
    told = message_of(entry.seq, json.loads(entry.data), case, msgspec.structs.replace(mechanism, internal=True))
    assert told is not None
    mail = for_mail(told.message)
    assert "来信" not in mail.title + mail.matters[0].title
    assert row.number in mail.title


def test_what_was_there_before_the_first_time_is_no_news(people: dict[str, Actor]) -> None:
    Mark.objects.all().delete()
    filed(people)
    assert tell(30) == 0
    assert Mark.objects.get().seq == models.Head.objects.get().seq


def test_an_older_ledger_put_in_place_is_told_from_its_end_on(people: dict[str, Actor]) -> None:
    Mark.objects.update(seq=10_000)
    item = filed(people)
    assert tell() == 0
    do(people["li"], item, "approve", 0.1)
    do(people["chen"], item, "assign", 0.2)
    assert tell(1) > 0
