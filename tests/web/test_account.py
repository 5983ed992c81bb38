"""Accounts from the shell of the server."""

from __future__ import annotations

import json
from typing import Any

import pytest

from luoshi.cli import ROLE_NAMES
from luoshi.desk.actor import Role
from luoshi.errors import LuoshiError
from luoshi.web.account import let_in


def sign_in(username: str, password: str) -> Any:
    from django.test import Client

    client = Client()
    return client, client.post("/signin", {"username": username, "password": password})


def roles_of(username: str) -> list[str]:
    from luoshi.ledger.models import Account

    found: list[str] = json.loads(Account.objects.get(username=username).roles)
    return found


def test_first_account_signs_in_and_must_change(db: None) -> None:
    made, password = let_in("admin", name="王管理", roles=(), strict=False)
    assert made
    assert roles_of("admin") == ["system_admin", "security_admin"]
    client, answer = sign_in("admin", password)
    assert answer.status_code == 302
    assert client.get("/").headers["Location"] == "/password"


def test_a_known_account_is_let_in_again(db: None) -> None:
    from luoshi.desk import accounts
    from luoshi.desk.actor import SYSTEM
    from luoshi.ledger.models import Account

    _, first = let_in("admin", name="", roles=("system_admin",), strict=False)
    let_in("second", name="", roles=("system_admin",), strict=False)
    accounts.change(SYSTEM, accounts.account_id("admin"), {"active": False})
    for _ in range(10):
        sign_in("admin", "wrong")
    made, password = let_in("Admin", name="王管理", roles=(), strict=False)
    assert not made
    assert Account.objects.filter(active=True, username="admin", name="王管理").exists()
    assert roles_of("admin") == ["system_admin"]
    assert "luoshi_session" not in sign_in("admin", first)[0].cookies
    assert "luoshi_session" in sign_in("admin", password)[0].cookies


def test_roles_are_given(db: None) -> None:
    let_in("clerk", name="", roles=("supervisor",), strict=False)
    let_in("clerk", name="", roles=("reader", "appraiser"), strict=False)
    assert roles_of("clerk") == ["appraiser", "reader"]


@pytest.mark.parametrize(("roles", "kept"), [((), ["system_admin"]), (("audit_admin",), ["audit_admin"])])
def test_strict_mode(db: None, roles: tuple[str, ...], kept: list[str]) -> None:
    let_in("admin", name="", roles=roles, strict=True)
    assert roles_of("admin") == kept


@pytest.mark.parametrize(("username", "roles"), [("admin", ("system_admin", "audit_admin")), ("a b", ()), ("", ())])
def test_what_cannot_be_is_refused(db: None, username: str, roles: tuple[str, ...]) -> None:
    from luoshi.ledger.models import Account

    with pytest.raises(LuoshiError):
        let_in(username, name="", roles=roles, strict=True)
    assert not Account.objects.exists()


def test_the_command_line_knows_every_role() -> None:
    assert tuple(Role) == ROLE_NAMES


def test_password_is_told_once_and_kept_nowhere(db: None) -> None:
    from luoshi.ledger.models import Account, Entry

    _, password = let_in("admin", name="", roles=(), strict=False)
    assert not [entry for entry in Entry.objects.all() if password in entry.data]
    assert password not in Account.objects.get(username="admin").password
