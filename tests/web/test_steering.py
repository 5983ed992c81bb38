"""The page of an indicator under steering: what was reported, where it stands, where it ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from luoshi.demo.stories import stories
from luoshi.desk.matters.steering import values_of
from luoshi.ledger.store import time_of
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
