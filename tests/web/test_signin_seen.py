"""The pages of signing in, in a browser: desktop and phone, dark, without JavaScript, by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import override_settings

from luoshi.web.signin import passwords
from luoshi.web.signin.config import Oidc, Policy, Signin
from tests.web.looking import assert_accessible, assert_fits, assert_small, screenshot

GOOD = "Qishan+Lake7"


def _type(page: Any, username: str, password: str) -> None:
    page.keyboard.type(username)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")


@pytest.mark.parametrize("phone", [False, True])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_signin_page(browse: Callable[..., Any], site: str, phone: bool, lang: str) -> None:
    page = browse(None, "/signin", phone=phone, lang=lang)
    assert_accessible(page)
    assert_fits(page)
    assert_small(page, f"{site}/signin")
    screenshot(page, f"signin-{lang}{'-phone' if phone else ''}")


@pytest.mark.parametrize("script", [True, False])
def test_keyboard_alone_gets_in(browse: Callable[..., Any], make_account: Callable[..., Any], script: bool) -> None:
    make_account("reader", username="chenqi", name="陈栖", password=GOOD)
    page = browse(None, "/profile", script=script, allow=("status of 401",))
    _type(page, "chenqi", "wrong")
    page.wait_for_selector("[role=alert]")
    assert "再错 4 次" in page.inner_text("[role=alert]")
    assert page.input_value("#username") == "chenqi"
    assert page.evaluate("document.activeElement.id") == "password" if script else True
    if script:
        assert_accessible(page)
    page.fill("#password", GOOD)
    page.press("#password", "Enter")
    page.wait_for_selector("h1:has-text('我的账号')")
    assert "陈栖" in page.inner_text("main")


def test_provider_comes_first_and_the_emergency_form_is_folded(browse: Callable[..., Any]) -> None:
    with override_settings(LUOSHI_SIGNIN=Signin(oidc=Oidc(issuer="https://id.qishan.example", client="luoshi"), break_glass="rescue")):
        page = browse(None, "/signin", phone=True)
        assert page.is_visible("text=统一身份认证登录")
        assert not page.is_visible("#password")
        assert_accessible(page)
        assert_fits(page)
        page.click("summary:has-text('应急')")
        assert page.is_visible("#password")


@pytest.mark.parametrize("phone", [False, True])
def test_forced_change(browse: Callable[..., Any], make_account: Callable[..., Any], phone: bool) -> None:
    account = make_account("reader", username="chenqi", name="陈栖")
    given = passwords.reset_password(account, Policy(), datetime.now(UTC))
    page = browse(None, "/signin", phone=phone, allow=("status of 400",))
    page.fill("#username", "chenqi")
    page.fill("#password", given)
    page.click("main button")
    page.wait_for_url("**/password")
    assert "替您设的密码" in page.inner_text(".notice")
    page.fill("#current", given)
    page.fill("#new", "chenqi1")
    page.fill("#again", "chenqi1")
    page.click("main button:has-text('修改密码')")
    page.wait_for_selector("#new-error")
    assert_accessible(page)
    assert_fits(page)
    screenshot(page, f"password{'-phone' if phone else ''}")
    for field, value in (("current", given), ("new", GOOD), ("again", GOOD)):
        page.fill(f"#{field}", value)
    page.click("main button:has-text('修改密码')")
    page.wait_for_selector(".toast:has-text('密码已修改')")


@pytest.mark.parametrize("phone", [False, True])
@pytest.mark.parametrize("dark", [False, True])
def test_profile_and_signing_out(browse: Callable[..., Any], make_account: Callable[..., Any], phone: bool, dark: bool) -> None:
    make_account("reader", username="chenqi", name="陈栖", password=GOOD)
    page = browse(None, "/signin?next=/profile", phone=phone, dark=dark)
    _type(page, "chenqi", GOOD)
    page.wait_for_selector("h1:has-text('我的账号')")
    assert_accessible(page)
    assert_fits(page)
    screenshot(page, f"profile{'-phone' if phone else ''}{'-dark' if dark else ''}")
    page.goto(page.url.replace("/profile", "/signout"))
    assert_accessible(page)
    assert_fits(page)
    page.click("main button:has-text('退出')")
    page.wait_for_url("**/signin")
    assert "已退出" in page.inner_text(".toasts")
