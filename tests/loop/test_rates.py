"""The three rates of complaints: what counts, what is left out, and what cannot be said."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.errors import BadUsage
from luoshi.loop import engine
from luoshi.loop.engine import Deed, Filing
from luoshi.loop.rates import DEFINITIONS, Order, Weights, order_of, rates, score
from luoshi.loop.rules import mechanism_of, plain_rules

_WEIGHTS = Weights(Decimal("0.1"), Decimal("0.5"), Decimal("0.4"), "试")


def test_of_nothing_there_is_no_rate() -> None:
    whole = rates([]).whole
    assert [one.value for one in (whole.responded, whole.solved, whole.satisfied)] == [None, None, None]
    assert whole.solved.reason == "没有有效回访"
    assert score(whole, _WEIGHTS).value is None
    assert "首次联系" in score(whole, _WEIGHTS).reason


def test_excluded_orders_are_left_out_and_counted_beside() -> None:
    orders = [
        Order("甲", contacted=True, reached=True, solved=True, satisfied="satisfied"),
        Order("甲", contacted=False, reached=True, solved=False, satisfied="dissatisfied", excluded=True),
        Order("甲", contacted=True, reached=False),
        Order("乙", contacted=None, excluded=True),
    ]
    found = rates(orders)
    whole = found.whole
    assert (whole.orders, whole.excluded) == (4, 2)
    assert (whole.responded.numerator, whole.responded.denominator, whole.responded.excluded) == (2, 2, 1)
    assert (whole.solved.numerator, whole.solved.denominator, whole.solved.excluded) == (1, 1, 1)
    assert [one.unit for one in found.units] == ["乙", "甲"]
    assert found.units[0].solved.value is None


def test_all_excluded_says_so() -> None:
    whole = rates([Order("甲", contacted=True, reached=True, solved=True, satisfied="satisfied", excluded=True)]).whole
    assert (whole.solved.denominator, whole.solved.excluded, whole.solved.value) == (0, 1, None)
    assert "剔除 1 件" in whole.solved.reason


def test_who_was_not_reached_says_nothing_and_who_is_silent_is_not_satisfied() -> None:
    orders = [
        Order("甲", reached=True, solved=True, satisfied="silent"),
        Order("甲", reached=True, solved=False, satisfied="basically"),
        Order("甲", reached=True, solved=False, satisfied="dissatisfied"),
        Order("甲", reached=False, solved=False, satisfied="dissatisfied"),
        Order("甲"),
    ]
    whole = rates(orders).whole
    assert (whole.solved.value, whole.satisfied.value) == (Decimal("33.33"), Decimal("33.33"))
    assert (whole.solved.denominator, whole.responded.value) == (3, None)


def test_a_score_is_made_of_the_exact_shares() -> None:
    orders = [
        Order("甲", contacted=at < 2, reached=True, solved=at < 2, satisfied="satisfied" if at < 1 else "dissatisfied") for at in range(3)
    ]
    # 0.1 × 2/3 + 0.5 × 2/3 + 0.4 × 1/3 = 1.6/3
    assert score(rates(orders).whole, _WEIGHTS).value == Decimal("53.33")
    only = Weights(Decimal(0), Decimal("0.5"), Decimal("0.5"), "试")
    assert score(rates([Order("甲", reached=True, solved=True, satisfied="satisfied")]).whole, only).value == Decimal("100.00")


@pytest.mark.parametrize("wrong", [("0.1", "0.5", "0.3"), ("-0.1", "0.6", "0.5"), ("10", "50", "40")])
def test_weights_add_up_to_one(wrong: tuple[str, str, str]) -> None:
    with pytest.raises(BadUsage):
        score(rates([]).whole, Weights(Decimal(wrong[0]), Decimal(wrong[1]), Decimal(wrong[2]), "试"))


_ORDERS = st.lists(
    st.builds(
        Order, unit=st.sampled_from(["甲", "乙", ""]), contacted=st.sampled_from([None, True, False]), reached=st.sampled_from([None, True, False]),
        solved=st.sampled_from([None, True, False]), satisfied=st.sampled_from(["", "satisfied", "basically", "dissatisfied", "silent"]),
        excluded=st.booleans(), hung=st.booleans(),
    ),
    max_size=30,
)  # fmt: skip


@given(_ORDERS)
def test_the_units_add_up_to_the_whole(orders: list[Order]) -> None:
    found = rates(orders)
    for key in ("responded", "solved", "satisfied"):
        parts, whole = [getattr(one, key) for one in found.units], getattr(found.whole, key)
        assert sum(one.numerator for one in parts) == whole.numerator <= whole.denominator
        assert sum(one.denominator for one in parts) == whole.denominator
        assert sum(one.excluded for one in parts) == whole.excluded
        assert (whole.value is None) == (whole.denominator == 0) == bool(whole.reason)
    assert sum(one.orders for one in found.units) == found.whole.orders == len(orders)


def test_every_definition_is_the_offices_to_confirm() -> None:
    assert [one.key for one in DEFINITIONS] == ["responded", "solved", "satisfied"]
    assert all("请本单位核定" in one.source for one in DEFINITIONS)


def _order(*deeds: tuple[str, str, str, dict[str, Any]], until: str) -> Order:
    mechanism = mechanism_of("M08")
    assert mechanism is not None
    rules = plain_rules(mechanism)

    def at(text: str) -> datetime:
        return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=ZoneInfo("Asia/Shanghai"))

    fields = {"channel": "phone", "demand": "complaint", "category": "city", "urgency": "normal", "location": "云锦路口"}
    matter, move = engine.file(Filing("i-1", "chen", fields=fields), rules, at("2026-03-02 09:00"))
    matter = engine.fold(matter, [move])
    start = [
        ("2026-03-02 09:00", "accept", "supervisor", {}),
        ("2026-03-02 09:00", "dispatch", "supervisor", {"units": {"lead": ["u-city"]}}),
    ]
    for when, act, part, inputs in (*start, ("2026-03-02 09:10", "sign", "lead", {}), *deeds):
        matter = engine.fold(matter, engine.due(matter, rules, at(when)))
        matter = engine.fold(matter, [engine.perform(matter, rules, Deed(act, f"p-{part}", frozenset({part}), inputs), at(when))])
    return order_of(engine.fold(matter, engine.due(matter, rules, at(until))))


def test_an_order_of_a_matter() -> None:
    contact = {"method": "电话"}
    assert _order(until="2026-03-03 09:00").contacted is None
    assert _order(until="2026-03-03 09:01") == Order("u-city", contacted=False)
    assert _order(("2026-03-03 09:00", "contact", "lead", contact), until="2026-03-03 09:01").contacted is True
    assert _order(("2026-03-03 09:01", "contact", "lead", contact), until="2026-03-03 09:02").contacted is False
    called = _order(
        ("2026-03-02 10:00", "contact", "lead", contact),
        ("2026-03-03 10:00", "reply", "lead", {"text": "已清理", "fields": {"result": "solved"}}),
        ("2026-03-03 11:00", "call-solved", "supervisor", {"ratings": {"contacted": "yes", "solved": "yes", "satisfied": "basically"}}),
        until="2026-03-03 11:00",
    )
    assert called == Order("u-city", contacted=True, reached=True, solved=True, satisfied="basically")
