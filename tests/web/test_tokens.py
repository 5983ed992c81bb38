"""The pages of tokens, of the interface's administration and of its description."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from luoshi.desk import tokens
from luoshi.desk.tokens import Wanted
from luoshi.ledger import models
from luoshi.ledger.settings_now import now
from luoshi.notify import hooks
from tests.web.looking import assert_accessible, assert_fits
from tests.web.programs import Program, actor


def text_of(page: str) -> str:
    """The token that a page shows."""
    return page.split('id="made" class="wrap">')[1].split("<", maxsplit=1)[0]


def test_a_token_is_made_shown_once_and_withdrawn(client_as: Callable[..., Any]) -> None:
    client = client_as("reader")
    assert "还没有令牌" in client.get("/tokens").content.decode()
    page = client.post("/tokens/make", {"name": "台账同步", "scope": ["read", "export"], "days": "30", "per_minute": "60"})
    assert page.status_code == 200
    text = text_of(page.content.decode())
    assert Program(text).get("/documents").status_code == 200
    again = client.get("/tokens").content.decode()
    assert text not in again
    assert "台账同步" in again
    assert "没有用过" not in again
    (one,) = tokens.all_tokens()
    assert one.scopes == ("read", "export")
    assert client.post(f"/tokens/{one.id}/withdraw").status_code == 302
    assert Program(text).get("/documents").status_code == 401
    assert "已收回" in client.get("/tokens").content.decode()


def test_what_was_written_stands_where_it_was_not_taken(client_as: Callable[..., Any]) -> None:
    client = client_as("reader")
    page = client.post("/tokens/make", {"name": "台账同步", "scope": "act", "days": "0", "per_minute": "60"})
    assert page.status_code == 400
    told = page.content.decode()
    assert "不能用 0 天" in told
    assert 'value="台账同步"' in told
    assert 'value="act" checked' in told
    assert 'value="read">' in told


def test_another_persons_token_is_none(client_as: Callable[..., Any], make_account: Callable[..., Any]) -> None:
    tokens.make(actor(make_account, "leader"), Wanted("领导的"))
    client = client_as("reader")
    assert "领导的" not in client.get("/tokens").content.decode()
    assert client.post(f"/tokens/{tokens.all_tokens()[0].id}/withdraw").status_code == 404


def test_administration(client_as: Callable[..., Any], make_account: Callable[..., Any]) -> None:
    tokens.make(actor(make_account, "leader", name="松问渠"), Wanted("领导的"))
    service = make_account("reader", username="svc-portal", name="门户")
    client = client_as("system_admin")
    page = client.get("/admin/api").content.decode()
    assert "松问渠" in page
    assert "svc-portal 门户" in page
    made = client.post("/admin/api/tokens", {"account": service.id, "name": "门户", "scope": "read", "days": "90", "per_minute": "60"})
    assert Program(text_of(made.content.decode())).get("/documents").status_code == 200
    person = models.Account.objects.get(name="松问渠")
    refused = client.post("/admin/api/tokens", {"account": person.id, "name": "冒名", "scope": "read", "days": "90", "per_minute": "60"})
    assert (refused.status_code, "没有这个服务账号" in refused.content.decode()) == (404, True)
    for one in tokens.all_tokens():
        assert client.post(f"/admin/api/tokens/{one.id}/withdraw").status_code == 302
    assert not [one for one in tokens.all_tokens() if one.live]
    client.post("/admin/api/switch", {"api": "0", "assistant_acts": "1"})
    assert (now().api, now().assistant_acts) == ("0", "1")
    assert "接口现在没有开通" in client.get("/api").content.decode()
    assert client.get("/admin/settings").status_code == 200


def test_subscriptions(client_as: Callable[..., Any]) -> None:
    client = client_as("system_admin")
    given = {
        "name": "区大数据局",
        "url": "https://data.qishan.example/hook?key=0123456789abcdef",
        "event": ["item.filed", "item.closed"],
        "region": "",
        "on": "on",
    }
    made = client.post("/admin/api/hooks", given).content.decode()
    assert "whs_" in made
    (hook,) = hooks.all_hooks()
    page = client.get("/admin/api", {"one": hook.id}).content.decode()
    assert hook.secret not in page
    assert "key=0123" not in page
    assert 'value="item.filed" checked' in page
    assert client.post("/admin/api/hooks", {"id": hook.id, "name": "区数据局", "url": ""}).status_code == 302
    assert [(one.name, one.on) for one in hooks.all_hooks()] == [("区数据局", False)]
    wrong = client.post("/admin/api/hooks", {"name": "甲", "url": "ftp://a"})
    assert (wrong.status_code, "http" in wrong.content.decode()) == (400, True)
    assert client.post(f"/admin/api/hooks/{hook.id}/test").status_code == 302
    assert client.post(f"/admin/api/hooks/{hook.id}/remove").status_code == 302
    assert hooks.all_hooks() == []


def test_the_description_as_a_page(client_as: Callable[..., Any]) -> None:
    from luoshi.web.api.interface import description

    page = client_as("reader").get("/api").content.decode()
    for path, methods in description()["paths"].items():
        assert path in page
        for one in methods.values():
            assert f'id="{one["operationId"]}"' in page
    assert page.count("http://testserver") == 1
    assert "https://" not in page


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
@pytest.mark.parametrize(("role", "path"), [("supervisor", "/tokens"), ("system_admin", "/admin/api"), ("reader", "/api")])
def test_pages_in_a_browser(browse: Callable[..., Any], make_account: Callable[..., Any], role: str, path: str, phone: bool) -> None:
    who = make_account(role)
    make_account("reader", username="svc-portal", name="门户")
    tokens.make(actor(make_account, "supervisor"), Wanted("台账同步", tokens.SCOPES))
    hooks.save("aadmin", hooks.Entered(name="区大数据局", url="https://data.qishan.example/hook?key=0123456789abcdef"))
    page = browse(role, path, phone=phone, account=who)
    assert_accessible(page)
    assert_fits(page)
