"""What a matter hands to appraisal: every mechanism's figures, and those that a life makes."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from luoshi.errors import BadTable
from luoshi.loop import engine
from luoshi.loop.engine import Deed, Filing
from luoshi.loop.figures import Value, figures
from luoshi.loop.matter import Matter
from luoshi.loop.mechanism import Mechanism
from luoshi.loop.reading import read_mechanism
from luoshi.loop.rules import mechanism_of, mechanism_text, mechanisms, plain_rules

_Deed = tuple[str, str, str, dict[str, Any]]
_ZONE = ZoneInfo("Asia/Shanghai")


def _mechanism(key: str) -> Mechanism:
    found = mechanism_of(key)
    assert found is not None
    return found


def _at(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=_ZONE)


def _lived(key: str, filing: Filing, start: str, *deeds: _Deed) -> Matter:
    rules = plain_rules(_mechanism(key))
    matter, move = engine.file(filing, rules, _at(start))
    matter = engine.fold(matter, [move])
    for when, act, part, inputs in deeds:
        matter = engine.fold(matter, engine.due(matter, rules, _at(when)))
        if act:
            deed = Deed(act, f"p-{part}", frozenset({part}), inputs)
            matter = engine.fold(matter, [engine.perform(matter, rules, deed, _at(when))])
    return matter


def _told(key: str, matter: Matter) -> dict[str, Value]:
    return {one.key: one.value for one in figures(matter, _mechanism(key))}


@pytest.mark.parametrize("mechanism", mechanisms(), ids=lambda one: one.id)
def test_every_mechanism_hands_over_something_from_its_first_day(mechanism: Mechanism) -> None:
    now = _at("2026-03-02 09:00")
    matter = Matter(item="i-1", mechanism=mechanism.id, version=1, stage=mechanism.first.key, opened=now, changed=now)
    found = figures(matter, mechanism)
    assert [one.key for one in found] == [one.key for one in mechanism.score]
    assert found
    assert all(one.value in (None, 0, False) for one in found)


def test_a_whistle_counts_each_department() -> None:
    filing = Filing("i-1", "p-lead", fields={"kind": "emergency"}, parts={"lead": ("u-street",)})
    asked = {"units": {"called": ["u-a", "u-b"]}, "fields": {"cause": "emergency", "location": "老桥", "problem": "积水"}}
    matter = _lived(
        "M09", filing, "2026-03-02 09:00",
        ("2026-03-02 09:00", "blow", "lead", asked),
        ("2026-03-02 09:30", "arrive", "called", {"unit": "u-a"}),
        ("2026-03-02 09:31", "arrive", "called", {"unit": "u-b"}),
        ("2026-03-02 12:00", "finish", "lead", {"evidence": ["e1"], "fields": {"result": "已排干"}}),
        ("2026-03-02 13:00", "rate", "lead", {"unit": "u-a", "ratings": {"arrival": "in-time", "work": "good"}}),
    )  # fmt: skip
    found = {one.key: one for one in figures(matter, _mechanism("M09"))}
    assert (found["arrived"].value, found["arrived"].units) == (False, {"u-a": True, "u-b": False})
    assert (found["work"].value, found["work"].units) == (None, {"u-a": "good"})
    assert (found["on-time"].value, found["declined"].value) == (True, 0)


def test_kept_in_time_by_the_date_that_was_granted_in_time() -> None:
    fields = {"number": "1", "session": "某届", "kind": "suggestion", "proposers": ["某代表"]}
    start: list[_Deed] = [
        ("2026-03-02 09:00", "assign", "supervisor", {"units": {"lead": ["u-edu"]}}),
        ("2026-03-03 09:00", "sign", "lead", {}),
        ("2026-03-04 09:00", "contact", "lead", {"method": "电话", "text": "已沟通"}),
    ]
    more: list[_Deed] = [
        ("2026-06-01 09:00", "ask-extension", "lead", {"reason": "等规划", "date": "2026-07-31"}),
        ("2026-06-02 09:00", "grant-extension", "supervisor", {}),
    ]
    end: list[_Deed] = [
        ("2026-07-01 09:00", "draft", "lead", {"text": "答复稿"}),
        ("2026-07-02 09:00", "pass-draft", "supervisor", {"checks": ["contacted", "each", "true", "form"]}),
        (
            "2026-07-03 09:00",
            "reply",
            "lead",
            {"text": "答复", "class": "A", "fields": {"reply_no": "1", "signer": "某", "publicity": "public"}},
        ),
    ]
    filing = Filing("i-1", "p-supervisor", fields=fields)
    assert _told("M12", _lived("M12", filing, "2026-03-02 09:00", *start, *more))["on-time"] is None
    assert _told("M12", _lived("M12", filing, "2026-03-02 09:00", *start, *more, *end))["on-time"] is True
    late = _lived("M12", filing, "2026-03-02 09:00", *start, ("2026-06-30 09:00", "", "", {}), *end)
    assert _told("M12", late)["on-time"] is False


@pytest.mark.parametrize("of", ["happiness", "done.nothing", "ratings.smell", "each_on_time.handle", "on_time.handle"])
def test_what_nobody_counts_is_refused(of: str) -> None:
    text = mechanism_text("M09")
    assert "of: each_on_time.arrive" in text
    with pytest.raises(BadTable) as caught:
        read_mechanism(text.replace("of: each_on_time.arrive", f"of: {of}"), "try.yaml")
    assert of in str(caught.value)
