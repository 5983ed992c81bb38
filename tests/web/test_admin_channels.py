"""Channels and the light rule: entered, tried, removed; an address is never shown whole; another rule lights matters anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from luoshi.desk import matters
from luoshi.ledger import models
from luoshi.ledger.settings_now import now
from luoshi.notify import kept
from tests.web.living import District
from tests.web.looking import assert_accessible, assert_fits

URL = "https://oapi.dingtalk.com/robot/send?access_token=0123456789abcdef0123456789abcdef"


@pytest.mark.usefixtures("db")
def test_a_robot_is_entered_and_its_key_is_not_shown(client_as: Callable[..., Any]) -> None:
    system = client_as("system_admin")
    given = {
        "kind": "dingtalk",
        "name": "督查群",
        "url": URL,
        "secret": "SEC123",
        "on": "on",
        "kind_of": ["escalation", "nothing"],
        "form": "text",
    }
    page = system.post("/admin/channels/save", given, follow=True).content.decode()
    (one,) = kept.shown()
    assert (one.name, one.signed, one.on, one.options.kinds) == ("督查群", True, True, ("escalation",))
    assert "督查群" in page
    assert "0123456789abcdef0123" not in page
    assert "SEC123" not in page
    assert "督查群" in system.get("/admin/settings").content.decode(), "the change stands among the changes of settings"
    system.post("/admin/channels/save", {"id": one.id, "kind": "dingtalk", "name": "督查一群", "form": "text"})
    (changed,) = kept.shown()
    assert (changed.name, changed.signed, changed.on) == ("督查一群", True, False)
    assert system.post("/admin/channels/save", {"kind": "dingtalk", "name": "无地址"}).status_code == 400
    system.post(f"/admin/channels/{one.id}/remove")
    assert kept.shown() == []
    for role in ("supervisor", "security_admin"):
        assert client_as(role).get("/admin/channels").status_code == 403
        assert client_as(role).post(f"/admin/channels/{one.id}/test").status_code == 403


@pytest.mark.usefixtures("db")
def test_another_light_rule_is_chosen_with_its_description(client_as: Callable[..., Any]) -> None:
    district = District()
    item = district.handling("新建幼儿园 3 所")
    matters.tick()
    system = client_as("system_admin")
    page = system.get("/admin/settings").content.decode()
    for key in ("plain", "yinchuan", "sanya", "tianjin", "ouhai", "sanming"):
        assert f'value="{key}"' in page
    told = system.post("/admin/settings/save", {"lights": "yinchuan"}, follow=True).content.decode()
    assert "亮灯规则:" in told
    assert now().lights == "yinchuan"
    matters.tick()
    assert models.Matter.objects.get(pk=item).lights_by == "yinchuan"
    assert system.post("/admin/settings/save", {"lights": "nowhere"}).status_code == 400


@pytest.mark.parametrize("phone", [False, True])
def test_the_page_is_well_made(browse: Callable[..., Any], phone: bool) -> None:
    kept.save("asys", kept.Entered(kind="dingtalk", name="督查群", url=URL))
    page = browse("system_admin", "/admin/channels", phone=phone)
    assert_accessible(page)
    assert_fits(page)
    page.goto(page.url.replace("channels", "settings"))
    assert_accessible(page)
    assert_fits(page)
