"""The demonstration's matters: filed and driven day by day under a clock that comes up to today, through the desk as people use it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

import msgspec

from luoshi.demo.district import LIAISONS
from luoshi.demo.sketch import sketch
from luoshi.demo.stories import Story, dated, stories
from luoshi.desk import accounts, matters, organisations
from luoshi.desk.actor import SYSTEM, Actor, Role
from luoshi.desk.matters import Form, Try
from luoshi.desk.matters.evidence import Kept, keep
from luoshi.ledger import models
from luoshi.ledger.acts.matters import life_of
from luoshi.ledger.knowing import Units
from luoshi.ledger.scope import Scope
from luoshi.ledger.store import time_of
from luoshi.loop.engine import Refused

_EVERYTHING: Final = Scope.whole()
#: people work in the morning; one step follows the other
_FIRST_HOUR: Final = 1
_PLAIN: Final = frozenset({"day", "act", "by", "person", "evidence", "units"})


class Cast(msgspec.Struct, frozen=True):
    """Who plays: the office's people, the leaders by post, the liaisons by unit; ids of units and posts by name; and the day that it is."""

    region: str
    today: date
    office: tuple[Actor, ...]
    leaders: Mapping[str, Actor]
    liaisons: Mapping[str, Actor]
    units: Mapping[str, str]
    posts: Mapping[str, str]


def cast(region: str, today: date, office: Sequence[Actor], leaders: Mapping[str, Actor], set_password: Callable[[str], None]) -> Cast:
    """The players, with an account for the liaison of each unit that a story names."""
    told = Units()
    found = {name: told.find(name, region) for name in _names()}
    units = {name: told.current(one.id) for name, one in found.items()}
    for name, one in found.items():
        if not models.Organisation.objects.filter(pk=units[name]).exists():
            organisations.add(office[0], region, one.canonical or name)
    liaisons: dict[str, Actor] = {}
    for at, (name, key) in enumerate(units.items()):
        if key in {known.unit for known in liaisons.values()}:
            liaisons[name] = next(known for known in liaisons.values() if known.unit == key)
            continue
        username, person = f"lianluo{at + 1:02d}", LIAISONS[at % len(LIAISONS)]
        made = accounts.create(SYSTEM, {"username": username, "name": person, "unit": key, "region": region}, (Role.LIAISON,), strict=False)
        set_password(made.subjects[0])
        liaisons[name] = Actor(made.subjects[0], username, person, (Role.LIAISON,), key, region)
    posts = dict(models.Post.objects.filter(region_code=region).values_list("title", "id"))
    return Cast(region, today, tuple(office), leaders, liaisons, units, posts)


def _names() -> list[str]:
    """The names of all units that the stories name, in the order of the alphabet."""
    given = [story.units for _, story in stories()] + [step["units"] for _, story in stories() for step in story.steps if "units" in step]
    return sorted({name for units in given for names in units.values() for name in names})


def first_day() -> int:
    """The day of the first step, counted from today; 0 where there is none."""
    return min((int(step["day"]) for _, story in stories() for step in story.steps), default=0)


def play(players: Cast, now: datetime) -> None:
    """Files all matters and does all steps in the order of their days, the clock going with them."""
    told, items = stories(), dict[int, str]()
    for day in range(first_day(), 1):
        # by the office's day, from which the stories count too: in the small hours it is another than that of UTC
        morning = datetime.combine(players.today + timedelta(days=day), time(_FIRST_HOUR), UTC)
        steps = [(at, step) for at, (_, story) in enumerate(told) for step in story.steps if int(step["day"]) == day]
        for minute, (at, step) in enumerate(steps):
            with time_of(_stopped(min(morning + timedelta(minutes=minute), now))):
                if at not in items:
                    items[at] = _file(players, *told[at])
                if step.get("act", "file") != "file":
                    _do(players, items[at], step)
        with time_of(_stopped(min(morning + timedelta(hours=10), now))):
            matters.tick()


def _stopped(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


def _file(players: Cast, mechanism: str, story: Story) -> str:
    units = {part: tuple(players.units[name] for name in names) for part, names in story.units.items()}
    if story.leader:
        units["leader"] = (players.posts[story.leader],)
    fields = dated(story.fields, players.today)
    form = Form(story.title, text=story.text, region_code=players.region, variant=story.variant, fields=fields, units=units)
    return matters.file_form(players.office[0], mechanism, form, _EVERYTHING).subjects[0]


def _do(players: Cast, item: str, step: Mapping[str, Any]) -> None:
    """One step, by whoever has the part; where the first of the office may not (who did the one may not do the other), the second does."""
    inputs = {key: dated(value, players.today) for key, value in step.items() if key not in _PLAIN}
    if "units" in step:
        inputs["units"] = {part: [players.units[name] for name in names] for part, names in step["units"].items()}
    if "unit" in step:
        inputs["unit"] = players.units[step["unit"]]
    if "matter" in step:
        inputs["matter"] = _another(item)
    if "posts" in step:
        inputs["posts"] = [players.posts[title] for title in step["posts"]]
    evidence = tuple(_shown(str(name), item) for name in step.get("evidence", ()))
    refused: Refused | None = None
    for actor in _who(players, item, step):
        try:
            matters.act(actor, item, Try(step["act"], inputs, evidence=evidence), _EVERYTHING)
        except Refused as error:
            refused = error
        else:
            return
    assert refused is not None  # noqa: S101 - somebody was asked
    raise refused


def _another(item: str) -> str:
    """A live matter of the same mechanism, into which one may be merged."""
    mechanism = models.Matter.objects.values_list("mechanism", flat=True).get(pk=item)
    found = models.Matter.objects.filter(mechanism=mechanism, state="live").exclude(pk=item)
    return str(found.order_by("number").values_list("id", flat=True).first() or "")


def _who(players: Cast, item: str, step: Mapping[str, Any]) -> list[Actor]:
    """Those who have the part by which the step is done, the likeliest first."""
    row = models.Matter.objects.get(pk=item)
    matter, mechanism = life_of(row.life), matters.rules_for(row.mechanism, row.version).mechanism
    part = mechanism.part(str(step["by"]))
    if part is None or part.held == "duty":
        mine = matter.parts.get(str(step["by"]), ())
        return [actor for unit in mine for actor in players.liaisons.values() if actor.unit == unit] or list(players.liaisons.values())
    if part.role == Role.LEADER.value:
        titles = {post: title for title, post in players.posts.items()}
        named = [players.leaders[titles[post]] for post in matter.parts.get(part.key, ()) if titles.get(post) in players.leaders]
        return [*named, *players.leaders.values()]
    return list(players.office)


def _shown(name: str, item: str) -> Kept:
    """A drawing for a picture, a note for any other piece of evidence: the demonstration brings no pictures of real places."""
    if "照片" in name:
        return keep([(f"{name}.png", sketch(f"{item} {name}"))])[0]
    return keep([(f"{name}.txt", f"演示用的佐证：{name}。真实使用时这里是照片、验收单等原件。".encode())])[0]
