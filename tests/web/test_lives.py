"""A whole life of a matter of each mechanism through the web: filed by the form, each step by whoever has the part, closed, looked back on."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from luoshi.demo import driving
from luoshi.demo.district import POSTS, REGION
from luoshi.demo.driving import Cast
from luoshi.demo.stories import Story, dated, stories
from luoshi.loop.rules import mechanism_of, mechanisms

pytestmark = pytest.mark.usefixtures("db")
CODE = "zlives"
ZONE = ZoneInfo("Asia/Shanghai")
PLAIN = ("reason", "text", "person", "method", "class", "progress", "count", "date")


def longest(mechanism: str) -> Story:
    """The story of the demonstration with the most steps that comes to a good end."""
    found = mechanism_of(mechanism)
    assert found is not None
    ends = {act.key for act in found.acts if act.effect == "close"}
    told = [story for key, story in stories() if key == mechanism and ends & {step["act"] for step in story.steps}]
    return max(told, key=lambda story: len(story.steps))


def stage() -> Cast:
    """The district with its posts, two of the office, a leader for each post, and liaisons."""
    from luoshi.desk import accounts, organisations
    from luoshi.desk.actor import SYSTEM, Actor, Role
    from luoshi.ledger.entry import Draft
    from luoshi.ledger.store import append

    append("system", [Draft("region.add", CODE, {"name": "栖山区", "full_name": REGION, "level": "county", "parent": "", "kind": "place"})])

    def made(username: str, name: str, role: Role) -> Actor:
        fields = {"username": username, "name": name, "region": CODE}
        return Actor(accounts.create(SYSTEM, fields, (role,), strict=False).subjects[0], username, name, (role,), "", CODE)

    office = (made("ducha", "温照野", Role.SUPERVISOR), made("ducha2", "纪南枝", Role.SUPERVISOR))
    leaders = {}
    for at, held in enumerate(POSTS):
        leaders[held.title] = made(f"lingdao{at}", held.person, Role.LEADER)
        post = organisations.add_post(office[0], CODE, held.title).subjects[0]
        organisations.hold(office[0], post, held.person, valid_from=held.since)
    return driving.cast(CODE, datetime.now(ZONE).date(), office, leaders, lambda key: None)


def client(actor: Any) -> Client:
    from luoshi.ledger.models import Account

    found = Client()
    found.force_login(Account.objects.get(pk=actor.id))
    return found


def written(value: Any) -> Any:
    """A value as somebody writes it into a form."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "\n".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def names(players: Cast, units: list[str] | tuple[str, ...]) -> str:
    from luoshi.ledger.models import Organisation

    found = dict(Organisation.objects.filter(pk__in=[players.units[unit] for unit in units]).values_list("id", "name"))
    return "、".join(found[players.units[unit]] for unit in units)


def form_of(players: Cast, step: dict[str, Any]) -> dict[str, Any]:
    """The step as its form sends it."""
    told = {key: dated(value, players.today) for key, value in step.items()}
    sent: dict[str, Any] = {key: written(told[key]) for key in PLAIN if key in told}
    sent |= {f"field.{key}": written(value) for key, value in told.get("fields", {}).items()}
    sent |= {f"rating.{key}": value for key, value in told.get("ratings", {}).items()}
    sent |= {f"units.{part}": names(players, units) for part, units in told.get("units", {}).items()}
    if "posts" in told:
        sent["posts"] = "、".join(told["posts"])
    if "checks" in told:
        sent["checks"] = told["checks"]
    if "unit" in told:
        sent["unit"] = players.units.get(told["unit"], told["unit"])
    if "evidence" in told:
        sent["evidence"] = [SimpleUploadedFile(f"{name}.txt", f"佐证：{name}".encode()) for name in told["evidence"]]
    return sent


def trouble(answer: Any) -> str:
    """What a page says is wrong, without its marks."""
    found = re.findall(r'(?s)(?:role="alert"|class="error"|class="field wrong")[^>]*>(.{0,500})', answer.content.decode())
    return " | ".join(re.sub(r"<[^>]+>|\s+", " ", one)[:200] for one in found)


def filed(players: Cast, mechanism: str, story: Story) -> str:
    """The item that the form of new matters makes."""
    from luoshi.ledger.models import Matter

    fields = dated(story.fields, players.today)
    sent = {"title": story.title, "text": story.text, "variant": story.variant} | {
        f"field.{key}": written(value) for key, value in fields.items()
    }
    sent |= {f"units.{part}": names(players, units) for part, units in story.units.items()}
    if story.leader:
        sent["posts"] = story.leader
    answer = client(players.office[0]).post(f"/matters/new/{mechanism}", sent)
    assert answer.status_code == 302, trouble(answer)
    return str(Matter.objects.get().id)


def done(players: Cast, item: str, step: dict[str, Any]) -> None:
    """The step, by the first who may; the page is looked at before, as a person would."""
    from luoshi.ledger.models import Matter

    before, said = Matter.objects.get(pk=item).acts, ""
    for actor in driving._who(players, item, step):
        there = client(actor)
        page = there.get(f"/item/{item}")
        if page.status_code != 200 or f"/item/{item}/act/{step['act']}" not in page.content.decode():
            continue
        seen = re.findall(r'name="seen" value="(\d+)"', page.content.decode())
        answer = there.post(f"/item/{item}/act/{step['act']}", form_of(players, step) | {"seen": seen[0]})
        if answer.status_code == 302 and Matter.objects.get(pk=item).acts > before:
            return
        said = trouble(answer)
    pytest.fail(f"nobody could do {step['act']}: {said}")


def look_back(mechanism: str) -> dict[str, Any]:
    """What is said at the look back, as far as the mechanism asks for it."""
    found = mechanism_of(mechanism)
    act = found.act("look-back") if found else None
    assert act is not None
    said = {"text": "现场看过，没有反弹", "evidence": ["照片"], "method": "实地查看"}
    return {"act": act.key, "by": act.by[0]} | {key: value for key, value in said.items() if key in (*act.needs, *act.wants)}


@pytest.mark.parametrize("mechanism", [one.id for one in mechanisms()])
def test_from_the_form_to_the_look_back(mechanism: str) -> None:
    from luoshi.ledger.models import Matter
    from luoshi.ledger.store import rebuild, time_of, verify_chain

    story, now = longest(mechanism), datetime.now(UTC)
    first = min(int(step["day"]) for step in story.steps)
    begun = now + timedelta(days=first - 1)
    with time_of(lambda: begun):
        players = stage()
    item = ""
    for minute, step in enumerate(story.steps):
        # in the morning of the office's day, from which the stories count: in the small hours it is another than that of UTC
        morning = datetime.combine(players.today + timedelta(days=int(step["day"])), time(9), ZONE)
        at = min(morning + timedelta(minutes=minute), now)
        with time_of(lambda at=at: at):  # type: ignore[misc]
            item = item or filed(players, mechanism, story)
            if step["act"] != "file":
                done(players, item, dict(step))
    row = Matter.objects.get(pk=item)
    assert row.state == "closed", (story.title, row.stage)
    looked = [one for step in story.steps for one in [step["act"]] if one == "look-back"]
    if not looked:
        with time_of(lambda: now + timedelta(days=40)):
            done(players, item, look_back(mechanism))
    assert Matter.objects.get(pk=item).acts > row.acts or looked
    assert verify_chain()
    kept = list(Matter.objects.values())
    rebuild()
    assert list(Matter.objects.values()) == kept
