"""Administration of settings: what is changed holds on every page; two readers are shown as progress."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from luoshi.desk import facts
from luoshi.desk.actor import Actor, Role
from luoshi.ledger import models
from luoshi.ledger.agreeing import agreed
from luoshi.ledger.scope import Scope
from luoshi.ledger.settings_now import now
from tests.ledger.making import enter, facts_of, report
from tests.web.looking import assert_accessible, assert_fits, assert_small, screenshot

ONE = Actor(id="aone", username="one", name="温照野", roles=(Role.SUPERVISOR,))
TWO = Actor(id="atwo", username="two", name="纪南枝", roles=(Role.SUPERVISOR,))


def test_the_name_of_the_office_stands_on_every_page(client_as: Callable[..., Any]) -> None:
    system, reader = client_as("system_admin"), client_as("reader")
    assert 'class="office"' not in reader.get("/organisations").content.decode()
    answer = system.post("/admin/settings/save", {"office": "栖山区督查室", "readers": "1"}, follow=True)
    assert "设置已保存" in answer.content.decode()
    assert '<span class="office">栖山区督查室</span>' in reader.get("/organisations").content.decode()
    assert '<span class="office">栖山区督查室</span>' in client_as().get("/signin").content.decode()
    assert "没有要改的" in system.post("/admin/settings/save", {"office": "栖山区督查室", "readers": "1"}, follow=True).content.decode()


def test_what_cannot_be_is_told(client_as: Callable[..., Any]) -> None:
    system = client_as("system_admin")
    for data in ({"readers": "3"}, {"office": "长" * 41}):
        assert system.post("/admin/settings/save", data).status_code == 400
    assert now().readers == 1


def test_the_installation_is_shown_with_its_reasons(client_as: Callable[..., Any]) -> None:
    words = client_as("system_admin").get("/admin/settings").content.decode()
    for told in ("LUOSHI_STRICT", "GB/T 22239", "LUOSHI_LOG_DAYS", "190", "不少于六个月", "luoshi backup"):
        assert told in words


def test_two_readers_are_progress_and_change_no_fact(client_as: Callable[..., Any]) -> None:
    document = enter(report())[1][0]
    first, second, third, *_ = facts_of(document)
    everything = Scope.whole()
    facts.accept(ONE, [first, second, third], everything)
    facts.accept(TWO, [first], everything)
    facts.reject(TWO, [second], everything, note="不是指标")
    before = list(models.Fact.objects.order_by("id").values("id", "state"))
    total = len(before)
    assert agreed(document) == (1, total)
    clerk, system = client_as("supervisor"), client_as("system_admin")
    assert "两人核对" not in clerk.get(f"/documents/{document}").content.decode()
    system.post("/admin/settings/save", {"readers": "2"})
    assert f"1 / {total}" in clerk.get(f"/documents/{document}").content.decode()
    facts.decide(Actor(id="a3", username="three", name="松问渠", roles=(Role.LEADER,)), second, "accept", {}, everything)
    assert agreed(document) == (2, total)
    assert [row for row in models.Fact.objects.order_by("id").values("id", "state") if row["id"] != second] == [
        row for row in before if row["id"] != second
    ]


def test_when_notices_go_out(client_as: Callable[..., Any]) -> None:
    system = client_as("system_admin")
    # as the form sends it: the hidden 0 before the box that is ticked
    given = {
        "notify_quiet_from": "21:30",
        "notify_quiet_to": "07:30",
        "notify_digest": "off",
        "notify_workdays": "0",
        "notify_urgent": ["0", "1"],
    }
    words = system.post("/admin/settings/save", given, follow=True).content.decode()
    assert (now().notify_quiet_from, now().notify_quiet_to, now().notify_digest) == ("21:30", "07:30", "off")
    assert (now().notify_workdays, now().notify_urgent) == ("0", "1")
    for told in ("静默时段从: 21:30", "<option selected>21:30", "每日汇总: 不发", "升级提醒随时发: 开", "休息日不发，等到下一个工作日: 关"):
        assert told in words
    assert system.post("/admin/settings/save", {"notify_quiet_from": "21:15"}).status_code == 400


@pytest.mark.parametrize("options", [{}, {"phone": True}, {"dark": True}, {"lang": "en"}], ids=str)
def test_looks(browse: Callable[..., Any], options: dict[str, Any]) -> None:
    page = browse("system_admin", "/admin/settings", **options)
    page.get_by_label("单位名称" if options.get("lang") != "en" else "Name of the office").fill("云川省澜州市栖山区人民政府督查室")
    page.locator("main form button").click()
    page.locator(".office").wait_for(state="attached")
    assert_accessible(page)
    assert_fits(page)
    assert_small(page, page.url)
    screenshot(page, f"admin-settings-{'-'.join(options) or 'wide'}")
