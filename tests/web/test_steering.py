"""The page of an indicator under steering: what was reported, where it stands, where it ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from luoshi.demo import driving
from luoshi.demo.stories import stories
from luoshi.desk.matters.acting import Try, act
from luoshi.desk.matters.steering import heed, steered, values_of
from luoshi.ledger import models
from luoshi.ledger.acts.matters import life_of
from luoshi.ledger.scope import Scope
from luoshi.ledger.store import time_of
from luoshi.loop.engine import Refused
from tests.web.test_lives import client, done, filed, stage

pytestmark = pytest.mark.usefixtures("db")


def lived(title: str):
    """(players, item) of a story of the demonstration lived through the web up to today."""
    players = stage()
    key, story = next((key, story) for key, story in stories() if story.title.startswith(title))
    today = datetime.now(UTC).replace(hour=1, minute=0, second=0, microsecond=0)
    item = ""
    for number, step in enumerate(story.steps):
        moment = today + timedelta(days=int(step["day"]), minutes=number)
        with time_of(lambda moment=moment: moment):
            if not item:
                item = filed(players, key, story)
            else:
                done(players, item, step)
    return players, item


def test_an_amount_shows_share_gap_and_end():
    players, item = lived("一般公共预算收入")
    values = values_of(item)
    assert [str(one.value) for one in values] == ["22.4", "25.1"]
    page = client(players.office[0]).get(f"/item/{item}").content.decode()
    for word in ("指标调度", "69.72", values[-1].period, "按月份平均推算"):
        assert word in page


def test_a_relative_goal_waits_for_its_reference_and_then_has_a_gap():
    players, item = lived("城镇居民收入增速")
    page = client(players.office[0]).get(f"/item/{item}").content.decode()
    assert "-0.5" in page
    assert "等“" not in page


def test_another_mechanism_has_no_steering():
    players, item = lived("新增普惠托位")
    assert "指标调度" not in client(players.office[0]).get(f"/item/{item}").content.decode()


def matter_of(item: str, **fields):
    matter = life_of(models.Matter.objects.get(pk=item).life)
    return msgspec.structs.replace(matter, fields={**matter.fields, **fields})


def test_numbers_that_nobody_can_reckon_with_are_passed_over():
    _, item = lived("一般公共预算收入")
    plain = steered(item, matter_of(item))
    assert plain is not None
    for strange in ("03 NaN", "03 1e40", "12 Infinity", "十二 5", "³ 5"):
        found = steered(item, matter_of(item, last_year=[strange, "12 90"]))
        assert found is not None
        assert found.course == plain.course
    for goal in ("NaN", 1e40):
        without = steered(item, matter_of(item, goal=goal))
        assert without is not None
        assert (without.goal.value, without.course.share) == (None, None)
    assert steered(item, matter_of(item, goal=0)).course.share is None


def test_a_value_is_of_the_year_that_is_steered():
    players, item = lived("一般公共预算收入")
    matter = matter_of(item)
    year = matter.fields["year"]
    with pytest.raises(Refused, match=f"不在{year}年"):
        heed(matter, "report", {"fields": {"period": f"{year - 1}-10", "value": 97}})
    heed(matter, "report", {"fields": {"period": f"{year}-10", "value": 97}})
    with pytest.raises(Refused, match="看不懂"):
        heed(matter, "send", {"fields": {"last_year": ["03 21.5", "06 NaN"]}})
    # what was told of another year before counts for nothing
    assert steered(item, matter_of(item, year=year + 1)).values == ()
    before = values_of(item)
    step = next(
        dict(step)
        for _, story in stories()
        if story.title.startswith("一般公共预算收入")
        for step in story.steps
        if step["act"] == "report"
    )
    wanted = Try("report", {"count": 97, "fields": {"period": f"{year - 1}-10", "value": 97}})
    told = []
    for actor in driving._who(players, item, step):
        with pytest.raises(Refused) as refused:
            act(actor, item, wanted, Scope.whole())
        told.append(str(refused.value))
    assert any(f"不在{year}年" in words for words in told), told
    assert values_of(item) == before
