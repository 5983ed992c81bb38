"""A fictional district for tests of pages: places, units with names and doubts, a group, a post, an item with its duties."""

from __future__ import annotations

from typing import Any

from luoshi.ledger.entry import Draft
from luoshi.ledger.organisations import organisation_id
from luoshi.ledger.store import append

CLERK = "aclerk"
PROVINCE, CITY, DISTRICT = "zprovince", "zcity", "zdistrict"
FINANCE = organisation_id(DISTRICT, "财政局")
STREETS = organisation_id(DISTRICT, "街道办")
MEMBERS = organisation_id(DISTRICT, "招商引资领导小组成员单位")
ITEM = "ipark"


def lay() -> None:
    """Puts it into the ledger."""
    append(CLERK, [*_places(), *_units(), *_work()])


def _places() -> list[Draft]:
    rows = [(PROVINCE, "云川省", "云川省", "province", "000000"), (CITY, "澜州市", "云川省澜州市", "city", PROVINCE)]
    rows += [(DISTRICT, "栖山区", "云川省澜州市栖山区", "county", CITY)]
    return [
        Draft(
            "region.add", code, {"name": name, "full_name": full, "level": level, "kind": "place", "parent": parent, "source": "document"}
        )
        for code, name, full, level, parent in rows
    ]


def _units() -> list[Draft]:
    def unit(key: str, name: str, **more: Any) -> Draft:
        return Draft("organisation.add", key, {"region_code": DISTRICT, "name": name, "kind": "body", "plates": [], **more})

    return [
        unit(FINANCE, "财政局"),
        unit(STREETS, "街道办", doubt="which-one"),
        unit(MEMBERS, "招商引资领导小组成员单位", kind="group", members="members"),
        Draft(
            "alias.add", "nfinance", {"region_code": DISTRICT, "name": "区财政局", "organisation": FINANCE, "reason": "level-word own-form"}
        ),
    ]


def _work() -> list[Draft]:
    duties = [
        {"role": "leader", "name": "竹知节"},
        {"role": "lead", "name": "区财政局", "organisation": FINANCE},
        {"role": "support", "name": "街道办", "organisation": STREETS},
    ]
    data = {
        "document": "dnone",
        "fact": "",
        "title": "新建公园3个",
        "text": "新建公园3个",
        "year": 2025,
        "region_code": DISTRICT,
        "ordinal": 1,
    }
    return [
        Draft("post.add", "pdeputy", {"region_code": DISTRICT, "organisation": "", "title": "副区长（城建和交通）"}),
        Draft("item.create", ITEM, {**data, "due": "2025-12-31", "duties": duties}, context="dnone"),
    ]
