"""Each role × each page and route, through the door: what the table of rights says is what happens."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from luoshi.desk.actor import Role
from luoshi.desk.rights import OPEN, RIGHTS, may, rights_of
from luoshi.web.page import Page
from luoshi.web.pages import PAGES

#: something for each kind of part of an address; nothing in the ledger is called so
_PARTS = {"int": "1", "uuid": "00000000-0000-4000-8000-000000000000"}
DOORS = [
    (page.name, page.path, page.key, "GET", page.public)
    for page in PAGES
] + [
    (f"{page.name}.{route.name}", route.path, route.right or page.key, route.method or "GET", page.public)
    for page in PAGES
    for route in page.routes
]  # fmt: skip


def _address(path: str) -> str:
    return "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda found: _PARTS.get(found[1], "nothing"), path)


def _ask(client: Any, path: str, method: str) -> Any:
    return client.generic(method, _address(path), HTTP_ACCEPT="text/html")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_page_has_a_right(page: Page) -> None:
    assert page.key in RIGHTS
    assert page.public == (page.key in OPEN)
    for route in page.routes:
        assert rights_of(route.right or page.key)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(("name", "path", "key", "method", "public"), DOORS, ids=[door[0] for door in DOORS])
def test_each_role_at_each_door(
    client_as: Callable[..., Any], role: Role, name: str, path: str, key: str, method: str, public: bool
) -> None:
    answer = _ask(client_as(role.value), path, method)
    to_signin = answer.status_code == 302 and answer["Location"].startswith("/signin") and name != "signout"
    if public or role in rights_of(key):
        assert answer.status_code not in {401, 403, 405}
        assert not to_signin or public
    else:
        assert answer.status_code == 403


@pytest.mark.parametrize(("name", "path", "key", "method", "public"), DOORS, ids=[door[0] for door in DOORS])
def test_nobody_gets_in_unsigned(client_as: Callable[..., Any], name: str, path: str, key: str, method: str, public: bool) -> None:
    answer = _ask(client_as(), path, method)
    if public:
        assert answer.status_code != 403
    else:
        assert answer.status_code == 302
        assert answer["Location"].startswith("/signin")
    assert may(None, key) == public


@pytest.mark.parametrize(("name", "path", "key", "method", "public"), DOORS, ids=[door[0] for door in DOORS])
def test_without_a_role_nothing_but_the_own_pages(
    make_account: Callable[..., Any], db: None, name: str, path: str, key: str, method: str, public: bool
) -> None:
    from django.test import Client

    client = Client()
    client.force_login(make_account(None))
    answer = _ask(client, path, method)
    assert (answer.status_code == 403) == (key not in {"health", "open311", "portal", "signin", "signout", "password", "profile"})
