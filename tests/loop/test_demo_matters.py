"""The matters of the demonstration: every step is accepted on whatever day it is shown, and together they stand in every stage."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from luoshi.demo.district import POSTS
from luoshi.demo.stories import Story, dated, stories
from luoshi.loop import engine
from luoshi.loop.engine import Deed, Filing, Refused
from luoshi.loop.matter import Matter
from luoshi.loop.mechanism import Mechanism
from luoshi.loop.rules import Rules, mechanism_of, mechanisms, plain_rules
from luoshi.masking import find_personal

_ZONE = ZoneInfo("Asia/Shanghai")
#: days on which the demonstration may be shown: plain ones, within and after long holidays, ends of months and years, a leap day
_DAYS = tuple(
    date.fromisoformat(day)
    for day in (
        "2026-03-05",
        "2026-02-19",
        "2026-02-28",
        "2026-05-02",
        "2026-10-05",
        "2026-10-10",
        "2026-12-31",
        "2027-01-01",
        "2028-02-29",
    )
)
_PLAIN = frozenset({"day", "act", "by"})
_TOLD = [pytest.param(key, story, id=f"{key}-{story.title}") for key, story in stories()]


def _rules(key: str) -> Rules:
    mechanism = mechanism_of(key)
    assert mechanism is not None
    return plain_rules(mechanism)


def _people(mechanism: Mechanism, matter: Matter, part: str, inputs: dict[str, Any]) -> Iterator[str]:
    """Who may do it: two in the office, one leader, for a duty the unit's own liaison."""
    found = mechanism.part(part)
    if found is None or found.held != "duty":
        yield from (f"{found.role if found else part}-{number}" for number in (1, 2))
        return
    yield from (f"unit-{unit}" for unit in ([inputs["unit"]] if inputs.get("unit") else matter.parts[part]))


def _step(matter: Matter, rules: Rules, step: dict[str, Any], today: date, at: datetime) -> Matter:
    inputs = dated({key: value for key, value in step.items() if key not in _PLAIN}, today)
    matter = engine.fold(matter, engine.due(matter, rules, at))
    refused: Refused | None = None
    for person in _people(rules.mechanism, matter, step["by"], inputs):
        try:
            return engine.fold(matter, [engine.perform(matter, rules, Deed(step["act"], person, frozenset({step["by"]}), inputs), at)])
        except Refused as error:
            refused = error
    raise AssertionError(f"{step['act']} on day {step['day']}: {refused}")


def _lived(key: str, story: Story, today: date) -> Matter:
    """The matter of a story as it stands at noon of the day on which it is shown."""
    rules = _rules(key)
    parts = {**story.units, **({"leader": (story.leader,)} if story.leader else {})}
    begun = _moment(today, story.steps[0]["day"], 0)
    filing = Filing("i-demo", "supervisor-1", variant=story.variant, fields=dated(story.fields, today), parts=parts)
    matter, move = engine.file(filing, rules, begun)
    matter = engine.fold(matter, [move])
    for number, step in enumerate(story.steps[1:], 1):
        matter = _step(matter, rules, step, today, _moment(today, step["day"], number))
    return engine.fold(matter, engine.due(matter, rules, _moment(today, 0, 180)))


def _moment(today: date, day: int, minute: int) -> datetime:
    return datetime.combine(today + timedelta(days=day), time(9), tzinfo=_ZONE) + timedelta(minutes=minute)


@pytest.mark.parametrize(("key", "story"), _TOLD)
def test_every_step_is_accepted(key: str, story: Story) -> None:
    """Steps are in the order of their days, none is in the future, and where it ends does not hang on the day on which it is shown."""
    days = [step["day"] for step in story.steps]
    assert days == sorted(days)
    assert days[-1] <= 0
    assert story.steps[0]["act"] == "file"
    assert len({_lived(key, story, today).stage for today in _DAYS}) == 1


@pytest.mark.parametrize("mechanism", mechanisms(), ids=lambda one: one.id)
def test_together_they_stand_in_every_stage(mechanism: Mechanism) -> None:
    standing = {_lived(key, story, _DAYS[0]).stage for key, story in stories() if key == mechanism.id}
    assert {stage.key for stage in mechanism.stages} - standing == set()


def test_they_are_different_people_and_units_of_one_district() -> None:
    titles = {held.title for held in POSTS}
    assert {story.leader for _, story in stories()} - {""} <= titles
    assert len({story.title for _, story in stories()}) == len(stories())


def test_complaints_have_something_to_mask() -> None:
    kinds = {found.kind for key, story in stories() if key == "M08" for found in find_personal(story.text)}
    assert {"phone", "id", "plate"} <= {str(kind) for kind in kinds}
