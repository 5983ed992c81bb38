"""Inspections that meet: said on the page to those who plan and approve, with the reason and the way to the other; not to who is inspected."""

from __future__ import annotations

from typing import Any

import pytest

from tests.desk.making import ONE
from tests.desk.tasks import ALL
from tests.web.matters import items_made, people, unit_of

pytestmark = pytest.mark.usefixtures("db")


def _planned(leader: Any, region: str, day: str) -> str:
    from luoshi.desk import matters
    from luoshi.desk.actor import Actor, Role
    from luoshi.desk.matters import Form, Try
    from luoshi.desk.matters.evidence import keep

    units = {"object": [unit_of("发展和改革局")], "group": [unit_of("财政局")]}
    form = Form(f"营商环境督查 {day}", region_code=region, fields={"type": "special", "basis": "order"}, units={"object": units["object"]})
    item = matters.file_form(ONE, "M02", form, ALL).subjects[0]
    head = Actor("ahead", "head", "某某", (Role.LEADER,), "", region)
    given = {"authority_by": "区长", "authority_doc": "督查指令", "authority_day": "2026-03-02"}
    order = tuple(keep([("指令.txt", "同意".encode())]))
    matters.act(head, item, Try("authorise", {"fields": given}, evidence=order), ALL)
    plan = {
        "content": "招标投标领域突出问题", "objects": ["发展和改革局"], "scope": "全区", "methods": ["暗访"], "start_day": day, "end_day": "2099-04-30",
        "group_leader": "甲",
    }  # fmt: skip
    checks = [point.key for one in matters.rules_for("M02").mechanism.checklists if one.key == "plan" for point in one.points]
    matters.act(ONE, item, Try("plan", {"fields": plan, "checks": checks, "units": units}), ALL)
    return item


def _client(client_as: Any, account: dict[str, str]) -> Any:
    return client_as(account["role"], **{key: value for key, value in account.items() if key != "role"})


def test_both_pages_lead_to_the_other(make_account: Any, client_as: Any) -> None:
    document, _ = items_made()
    who = people(make_account, document)
    region = who["supervisor"]["region"]
    one, other = _planned(who["leader"], region, "2099-04-01"), _planned(who["leader"], region, "2099-04-10")
    page = _client(client_as, who["supervisor"]).get(f"/item/{one}").content.decode()
    assert "与其他督查重叠" in page
    assert f"/item/{other}" in page
    assert "招标投标领域突出问题" in page.split("与其他督查重叠")[1]
    assert "与其他督查重叠" not in _client(client_as, who["lead"]).get(f"/item/{one}").content.decode()
