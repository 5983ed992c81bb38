"""Steering: share, gap, what is still needed, the end of the year."""

from __future__ import annotations

from decimal import Decimal

import pytest

from luoshi.errors import BadUsage
from luoshi.loop.steering import Goal, Value, course

D = Decimal


def test_an_amount_against_months_alike():
    found = course(Goal("amount", value=D(120)), [Value("2026-01", D(9)), Value("2026-Q1", D(27))])
    assert (found.share, found.due, found.gap) == (D("22.50"), D("25.00"), D("-2.50"))
    assert (found.rate, found.needed, found.forecast) == (D("9.00"), D("10.33"), D("108.00"))
    assert (found.method, found.enough) == ("months", False)


def test_last_year_tells_how_much_of_a_year_is_over():
    found = course(Goal("amount", value=D(120)), [Value("2026-03", D(36))], {3: D(32), 12: D(100)})
    assert (found.method, found.forecast, found.due, found.gap, found.enough) == ("last-year", D("112.50"), D("32.00"), D("-2.00"), False)


def test_a_ceiling_is_kept_from_below():
    found = course(Goal("amount", side="most", value=D(100)), [Value("2026-06", D(40))])
    assert (found.gap, found.forecast, found.enough) == (D("10.00"), D("80.00"), True)


def test_a_growth_holds_and_the_rest_must_make_up():
    found = course(Goal("growth", value=D(6)), [Value("2026-06", D(5))])
    assert (found.gap, found.needed, found.forecast, found.method, found.enough) == (D("-1.00"), D("7.00"), D(5), "holds", False)


def test_a_state_has_no_rest():
    found = course(Goal("state", side="most", value=D(32)), [Value("2026-06", D("30.5"))])
    assert (found.gap, found.needed, found.enough) == (D("1.50"), None, True)


def test_a_relative_goal_waits():
    found = course(Goal("growth"), [Value("2026-06", D(5))])
    assert (found.gap, found.needed, found.enough, found.forecast) == (None, None, None, D(5))


def test_nothing_told_and_the_year_over():
    assert course(Goal("amount", value=D(1)), []).last is None
    assert course(Goal("amount", value=D(120)), [Value("2026-12", D(121))]).needed is None


def test_a_period_that_is_none():
    with pytest.raises(BadUsage):
        _ = Value("三月", D(1)).month


@pytest.mark.parametrize("side", ["least", "most"])
def test_a_goal_of_nothing_has_no_share(side):
    found = course(Goal("amount", side=side, value=D(0)), [Value("2026-06", D(3))])
    assert (found.share, found.gap, found.needed, found.enough) == (None, None, D("-0.50"), side == "least")


@pytest.mark.parametrize(
    "last_year", [{6: D("NaN"), 12: D(100)}, {6: D(50), 12: D("Infinity")}, {6: D(0), 12: D(0)}, {6: D(120), 12: D(100)}]
)
def test_last_years_months_that_cannot_be_reckoned_with_count_alike(last_year):
    found = course(Goal("amount", value=D(120)), [Value("2026-06", D(60))], last_year)
    assert (found.method, found.forecast) == ("months", D("120.00"))


def test_the_largest_value_by_the_smallest_share_of_a_year():
    found = course(Goal("amount", value=D(120)), [Value("2026-01", D("1e15"))], {1: D("1e-15"), 12: D("1e15")})
    assert found.forecast == D("1e45")
    assert found.enough
