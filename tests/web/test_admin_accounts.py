"""Administration of accounts: each administrator's part, passwords shown once, locks lifted, nobody locked out."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from luoshi.ledger.models import Account, Entry
from luoshi.web.signin import config, failures
from luoshi.web.signin.models import Credential
from luoshi.web.signin.moments import now
from tests.web.district import FINANCE, lay
from tests.web.looking import assert_accessible, assert_fits, assert_small, screenshot


@pytest.fixture
def system(client_as: Callable[..., Any]) -> Any:
    lay()
    return client_as("system_admin")


@pytest.fixture
def security(client_as: Callable[..., Any]) -> Any:
    return client_as("security_admin")


def _key(username: str) -> str:
    return str(Account.objects.get(username=username).id)


def _made(system: Any, username: str = "shenyan") -> str:
    data = {"username": username, "name": "沈砚", "unit": "财政局（云川省澜州市栖山区）", "region": "云川省澜州市栖山区"}
    answer = system.post("/admin/accounts/create", data, follow=True)
    assert answer.status_code == 200, answer.content.decode()
    assert "请安全管理员给角色" in answer.content.decode()
    return _key(username)


def test_from_the_first_form_to_the_first_sign_in(system: Any, security: Any, client_as: Callable[..., Any]) -> None:
    key = _made(system)
    account = Account.objects.get(pk=key)
    assert (account.unit, account.region, account.roles) == (FINANCE, "zdistrict", "[]")
    assert "还没有密码" in system.get("/admin/accounts").content.decode()
    security.post(f"/admin/accounts/{key}/roles", {"roles": ["liaison"]})
    words = security.post(f"/admin/accounts/{key}/reset").content.decode()
    found = re.search(r'<code class="secret">([^<]+)</code>', words)
    assert found
    password = found[1].replace("&amp;", "&").replace("&#x27;", "'")
    assert password not in security.get(f"/admin/accounts/{key}").content.decode()
    assert not Entry.objects.filter(data__contains=password).exists()
    assert Credential.objects.get(pk=key).must_change
    client = client_as()
    answer = client.post("/signin", {"username": "shenyan", "password": password})
    assert answer.status_code == 302
    assert client.get("/organisations")["Location"] == "/password"
    assert "待改初始密码" in system.get("/admin/accounts?state=waiting").content.decode()


def test_list_and_filters(system: Any, client_as: Callable[..., Any]) -> None:
    key = _made(system)
    client_as("reader", username="duzhe", name="宋微云")
    assert "宋微云" in system.get("/admin/accounts?role=reader").content.decode()
    assert "沈砚" not in system.get("/admin/accounts?role=reader").content.decode()
    system.post(f"/admin/accounts/{key}/change", {"name": "沈砚", "unit": "", "region": ""})
    assert "沈砚" in system.get("/admin/accounts?state=inactive").content.decode()
    assert not Account.objects.get(pk=key).active
    assert "没有符合条件的账号" in system.get("/admin/accounts?q=没有").content.decode()


def test_a_lock_is_seen_and_lifted(system: Any, security: Any) -> None:
    key = _made(system)
    policy = config.current().policy
    for _ in range(policy.failures):
        failures.begin("shenyan", "", policy, now())
    assert "已锁定" in system.get("/admin/accounts?state=locked").content.decode()
    assert "解锁" in security.get(f"/admin/accounts/{key}").content.decode()
    security.post(f"/admin/accounts/{key}/unlock")
    assert "shenyan" not in failures.locks(["shenyan"], now())
    assert Entry.objects.filter(act="account.unlock", subject=key).exists()


def test_each_administrator_sees_the_own_part(system: Any, security: Any) -> None:
    key = _made(system)
    assert "保存角色" not in system.get(f"/admin/accounts/{key}").content.decode()
    assert "生成新密码" not in system.get(f"/admin/accounts/{key}").content.decode()
    words = security.get(f"/admin/accounts/{key}").content.decode()
    assert "保存角色" in words
    assert f'action="/admin/accounts/{key}/change"' not in words
    assert "添加账号" not in security.get("/admin/accounts").content.decode()


def test_nobody_is_locked_out(system: Any, security: Any) -> None:
    own = _key("test-system_admin")
    answer = system.post(f"/admin/accounts/{own}/change", {"name": "甲"})
    assert answer.status_code == 409
    assert "不能停用自己的账号" in answer.content.decode()
    own = _key("test-security_admin")
    answer = security.post(f"/admin/accounts/{own}/roles", {"roles": ["reader"]})
    assert "不能去掉自己的安全管理员角色" in answer.content.decode()
    assert security.post(f"/admin/accounts/{own}/reset").status_code == 409
    assert "请用“修改密码”" in security.get(f"/admin/accounts/{own}").content.decode()


def test_strict_mode_says_why(system: Any, security: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import msgspec
    from django.conf import settings

    key = _made(system)
    monkeypatch.setattr(settings, "LUOSHI", msgspec.structs.replace(settings.LUOSHI, strict=True))
    answer = security.post(f"/admin/accounts/{key}/roles", {"roles": ["system_admin", "audit_admin"]})
    assert answer.status_code == 400
    assert "三员分立" in answer.content.decode()
    assert "已开启三员分立" in system.get("/admin/accounts").content.decode()


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        ({"username": "x", "name": "沈砚"}, 400, "不能作用户名"),
        ({"username": "test-system_admin", "name": "沈砚"}, 409, "已有人用"),
        ({"username": "shenyan", "name": ""}, 400, "姓名不能空着"),
        ({"username": "shenyan", "name": "沈砚", "unit": "没有的局"}, 400, "没有叫“没有的局”的单位"),
        ({"username": "shenyan", "name": "沈砚", "region": "没有的区"}, 400, "没有叫“没有的区”的地区"),
    ],
)
def test_bad_input_is_told_in_words(system: Any, data: dict[str, str], status: int, words: str) -> None:
    answer = system.post("/admin/accounts/create", data)
    assert answer.status_code == status
    assert words in answer.content.decode()


def test_a_role_that_does_not_exist(system: Any, security: Any) -> None:
    assert security.post(f"/admin/accounts/{_made(system)}/roles", {"roles": ["king"]}).status_code == 400
    assert security.post("/admin/accounts/anobody/roles", {"roles": ["reader"]}).status_code == 404


@pytest.mark.parametrize("options", [{}, {"phone": True}, {"dark": True}, {"lang": "en"}], ids=str)
def test_looks(browse: Callable[..., Any], make_account: Callable[..., Any], options: dict[str, Any]) -> None:
    lay()
    account = make_account("liaison", name="沈砚", unit=FINANCE, region="zdistrict", username="shenyan")
    for role, path in (
        ("system_admin", "/admin/accounts"),
        ("system_admin", f"/admin/accounts/{account.id}"),
        ("security_admin", f"/admin/accounts/{account.id}"),
    ):
        page = browse(role, path, **options)
        assert_accessible(page)
        assert_fits(page)
        assert_small(page, page.url)
        screenshot(page, f"admin-{role}-{'one' if account.id in path else 'accounts'}-{'-'.join(options) or 'wide'}")


def test_a_new_password_in_the_browser(browse: Callable[..., Any], make_account: Callable[..., Any]) -> None:
    account = make_account("reader", name="沈砚", username="shenyan")
    page = browse("security_admin", f"/admin/accounts/{account.id}")
    page.get_by_role("button", name="生成新密码").click()
    page.get_by_role("heading", name="沈砚 的新密码").wait_for()
    assert_accessible(page)
    assert len(page.locator("code.secret").inner_text()) >= 12


def test_a_reset_that_fails_leaves_no_trace(system: Any, security: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Either there is a new password and an entry that says so, or neither."""
    from luoshi.web.signin import passwords

    key = _made(system)

    def fails(*_: Any, **__: Any) -> str:
        raise RuntimeError

    monkeypatch.setattr(passwords, "reset_password", fails)
    with pytest.raises(RuntimeError):
        security.post(f"/admin/accounts/{key}/reset")
    assert not Entry.objects.filter(act="account.reset", subject=key).exists()
    monkeypatch.undo()
    security.post(f"/admin/accounts/{key}/reset")
    assert Entry.objects.filter(act="account.reset", subject=key).count() == 1
