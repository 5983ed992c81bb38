"""Clients and browsers for tests of pages.

``make_account(role, ...)``   somebody who can sign in
``client_as(role, ...)``      Django's test client, signed in (``None``: not)
``site``                      a real server over a real database; its address
``browse(role, path, ...)``   a page of Chromium on that server, signed in; the test fails if the browser had anything to complain of
"""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
WIDE = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browse" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


def _account(role: str | None, *, name: str = "", unit: str = "", region: str = "", username: str = "", password: str = "") -> Any:
    from luoshi.ledger.models import Account

    username = username or f"test-{role or 'nobody'}"
    account, _ = Account.objects.get_or_create(
        username=username,
        defaults={
            "id": f"a{username}",
            "name": name or f"测试{role or ''}",
            "roles": json.dumps([role] if role else []),
            "unit": unit,
            "region": region,
        },
    )
    if password:
        account.set_password(password)
        account.save()
    return account


@pytest.fixture
def make_account(made_database: None) -> Callable[..., Any]:
    """Makes an account: ``make_account("liaison", unit="o…", region="…", name="…", username="…", password="…")``."""
    return _account


@pytest.fixture
def client_as(db: None) -> Callable[..., Any]:
    """A signed-in client: ``client_as("supervisor").get("/documents")``; keywords as of ``make_account``."""
    return _client


def _client(role: str | None = None, /, **account: Any) -> Any:
    from django.test import Client

    client = Client()
    if role is not None:
        client.force_login(_account(role, **account))
    return client


@pytest.fixture(scope="session")
def server(made_database: None) -> Iterator[str]:
    """A server with threads in this process; its address."""
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.core.wsgi import get_wsgi_application

    class Quiet(WSGIRequestHandler):
        def log_message(self, *args: Any) -> None:
            pass

    made = ThreadedWSGIServer(("127.0.0.1", 0), Quiet, allow_reuse_address=False)
    made.set_app(get_wsgi_application())
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{made.server_port}"
    made.shutdown()
    made.server_close()
    thread.join()


@pytest.fixture
def site(real_db: None, server: str) -> str:
    """The address of a server whose database is cleared after the test."""
    return server


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium."""
    sync_api = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        pytest.skip("no Chromium here")
    # playwright runs a loop in this thread, and Django takes that for a program without threads
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_api.sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def browse(site: str, browser: Any) -> Iterator[Callable[..., Any]]:
    """Opens pages: ``browse("supervisor", "/documents", phone=True)``.

    Further keywords: ``dark``, ``lang``, ``script`` (False: without JavaScript), ``account`` (one that was made already), ``allow`` (parts of
    complaints that are expected, ``"status of 403"``). Errors of the console and of scripts, dialogs of the browser and requests to anywhere
    but the server fail the test at its end.
    """
    wrong: list[str] = []
    opened: list[Any] = []

    def go(role: str | None, path: str = "/", **options: Any) -> Any:
        context = _context(browser, site, role, options)
        opened.append(context)
        page = context.new_page()
        _watch(page, site, wrong, options.get("allow", ()))
        page.goto(site + path)
        return page

    yield go
    for context in opened:
        context.close()
    assert not wrong


def _context(browser: Any, site: str, role: str | None, options: dict[str, Any]) -> Any:
    context = browser.new_context(
        viewport=PHONE if options.get("phone") else WIDE,
        color_scheme="dark" if options.get("dark") else "light",
        java_script_enabled=options.get("script", True),
        has_touch=bool(options.get("phone")),
        locale="zh-CN",
        accept_downloads=True,
    )
    context.set_default_timeout(10_000)
    cookies = [{"name": "luoshi_lang", "value": options.get("lang", "zh"), "url": site}]
    account = options.get("account") or (_account(role) if role else None)
    if account is not None:
        cookies.append({"name": "luoshi_session", "value": _session_of(account), "url": site})
    context.add_cookies(cookies)
    return context


def _session_of(account: Any) -> str:
    from django.test import Client

    client = Client()
    client.force_login(account)
    return str(client.cookies["luoshi_session"].value)


def _watch(page: Any, site: str, wrong: list[str], allow: tuple[str, ...]) -> None:
    def complain(words: str) -> None:
        if not any(part in words for part in allow):
            wrong.append(words)

    page.on("pageerror", lambda error: complain(f"script: {error}"))
    page.on("console", lambda message: complain(f"console: {message.text}") if message.type in {"error", "warning"} else None)
    page.on("dialog", lambda dialog: (complain(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on("request", lambda request: complain(f"request: {request.url}") if not _is_ours(request.url, site) else None)


def _is_ours(address: str, site: str) -> bool:
    return address.startswith((f"{site}/", "data:", "blob:", "about:"))


@pytest.fixture
def rf(db: None) -> Callable[..., Any]:
    """A request as a view gets it: ``rf("supervisor", "/documents", data={…})`` (``data`` makes it a POST; role None: nobody)."""

    def make(role: str | None, path: str, data: Any = None, **account: Any) -> Any:
        from django.contrib.messages.storage.fallback import FallbackStorage
        from django.contrib.sessions.backends.db import SessionStore
        from django.test import RequestFactory

        from luoshi.desk.actor import Actor, read_roles

        request = RequestFactory().get(path) if data is None else RequestFactory().post(path, data)
        request.session = SessionStore()
        request._messages = FallbackStorage(request)
        made = _account(role, **account) if role else None
        request.actor = made and Actor(
            id=made.id, username=made.username, name=made.name, roles=read_roles(json.loads(made.roles)), unit=made.unit, region=made.region
        )
        return request

    return make
