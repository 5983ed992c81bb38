"""The units that count for a unit, and what follows of it: whose items a liaison, a filter, the search and a page show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from luoshi.ledger.belonging import groups_of, units_for
from luoshi.ledger.entry import Draft
from luoshi.ledger.store import append
from tests.ledger.making import enter, report

CLERK, DISTRICT = "aclerk", "zdistrict"
#: 园林局 became part of 住建局, which goes on as 城建局; all streets are a group, and so were the districts once
UNITS = {"oparks": "园林局", "obuild": "住建局", "ocity": "城建局", "ostreet": "栖山街道", "oother": "财政局"}
GROUPS = {"ostreets": "各街道", "oold": "各管委会", "olater": "各专班"}


@pytest.fixture
def units(db: None) -> None:
    add = [Draft("organisation.add", key, {"region_code": DISTRICT, "name": name, "kind": "body"}) for key, name in UNITS.items()]
    add += [Draft("organisation.add", key, {"region_code": DISTRICT, "name": name, "kind": "group"}) for key, name in GROUPS.items()]
    add += [
        Draft("organisation.merge", "oparks", {"into": "obuild", "day": "2019-03-01"}),
        Draft("organisation.rename", "obuild", {"into": "ocity", "day": "2024-07-01"}),
        Draft("group.add", "m1", {"group": "ostreets", "organisation": "ostreet", "valid_from": "2020-01-01", "valid_to": ""}),
        Draft("group.add", "m2", {"group": "oold", "organisation": "ostreet", "valid_from": "", "valid_to": ""}),
        Draft("group.remove", "m2", {"valid_to": "2021-12-31"}),
        Draft("group.add", "m3", {"group": "olater", "organisation": "ostreet", "valid_from": "2999-01-01", "valid_to": ""}),
    ]
    append(CLERK, add)


@pytest.mark.parametrize(
    ("unit", "counting"),
    [
        ("ocity", {"ocity", "obuild", "oparks"}),
        ("obuild", {"ocity", "obuild", "oparks"}),
        ("oparks", {"ocity", "obuild", "oparks"}),
        ("oother", {"oother"}),
        ("ostreet", {"ostreet", "ostreets"}),
        ("ostreets", {"ostreets"}),
        ("", set()),
    ],
)
def test_units_that_count_for_a_unit(units: None, unit: str, counting: set[str]) -> None:
    assert units_for([unit]) == counting


def test_who_only_became_part_of_the_same_unit_does_not_count(units: None) -> None:
    append(CLERK, [Draft("organisation.merge", "oother", {"into": "ocity", "day": "2025-01-01"})])
    assert units_for(["oother"]) == {"oother", "ocity"}
    assert units_for(["ocity"]) == {"oother", "ocity", "obuild", "oparks"}


def test_a_membership_counts_from_its_day_to_its_day(units: None) -> None:
    assert groups_of(["ostreet"], "2019-12-31") == {"oold"}
    assert groups_of(["ostreet"], "2021-12-31") == {"ostreets", "oold"}
    assert groups_of(["ostreet"], "2022-01-01") == {"ostreets"}
    assert groups_of(["ostreet"], "2999-01-01") == {"ostreets", "olater"}


def test_a_group_that_was_never_joined_does_not_count(units: None) -> None:
    append(CLERK, [Draft("group.remove", "m1", {})])
    assert units_for(["ostreet"]) == {"ostreet"}


@pytest.fixture
def items(units: None) -> None:
    """An item of 园林局 from before, one of 城建局, one of all streets, one of 财政局."""
    enter(report())
    append(CLERK, [_item(f"i{key}", key) for key in ("oparks", "ocity", "ostreets", "oother")])


def _item(key: str, unit: str) -> Draft:
    duties = [{"role": "lead", "name": "某单位", "organisation": unit}]
    data = {"document": "dnone", "fact": "", "title": f"绿化{key}", "text": "绿化", "year": 2025, "region_code": DISTRICT, "ordinal": 1}
    return Draft("item.create", key, {**data, "due": "2025-12-31", "duties": duties}, context="dnone")


@pytest.mark.parametrize(
    ("unit", "seen"),
    [
        ("oparks", {"ioparks", "iocity"}), ("obuild", {"ioparks", "iocity"}), ("ocity", {"ioparks", "iocity"}), ("ostreet", {"iostreets"}),
        ("oother", {"ioother"}),
    ],
)  # fmt: skip
def test_a_liaison_sees_the_same_items_everywhere(items: None, client_as: Callable[..., Any], unit: str, seen: set[str]) -> None:
    liaison = client_as("liaison", unit=unit, username=f"of-{unit}")
    every = {"ioparks", "iocity", "iostreets", "ioother"}
    for path in ("/items", "/", "/search?q=绿化", f"/organisations/{unit}"):
        words = liaison.get(path).content.decode()
        assert {key for key in every if f"/item/{key}" in words} == seen, path
    assert {key for key in every if liaison.get(f"/item/{key}").status_code == 200} == seen
    words = client_as("reader").get(f"/items?organisation={unit}").content.decode()
    assert {key for key in every if f"/item/{key}" in words} == seen
