"""Strict mode: who combines an administrator's role with another has no administrator's right, however long the account has had them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from django.conf import settings

from luoshi.desk.actor import Role
from luoshi.desk.rights import roles_in_force


@pytest.mark.parametrize(
    ("roles", "left"),
    [
        ((Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN), ()),
        ((Role.SUPERVISOR, Role.AUDIT_ADMIN), (Role.SUPERVISOR,)),
        ((Role.SYSTEM_ADMIN,), (Role.SYSTEM_ADMIN,)),
        ((Role.SUPERVISOR, Role.LEADER), (Role.SUPERVISOR, Role.LEADER)),
    ],
)
def test_roles_in_force(roles: tuple[Role, ...], left: tuple[Role, ...]) -> None:
    assert roles_in_force(roles, True) == left
    assert roles_in_force(roles, False) == roles


def test_an_old_account_that_combines(
    make_account: Callable[..., Any], client_as: Callable[..., Any], db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from luoshi.web.account import combined

    account = make_account("system_admin", username="first")
    account.roles = json.dumps(["system_admin", "security_admin", "reader"])
    account.save()
    client = client_as("system_admin", username="first")
    assert client.get("/admin/accounts").status_code == 200
    assert combined(strict=False) == []
    monkeypatch.setattr(settings, "LUOSHI", msgspec.structs.replace(settings.LUOSHI, strict=True))
    assert client.get("/admin/accounts").status_code == 403
    assert client.get("/documents").status_code == 200
    assert "您的管理员权限已停用" in client.get("/profile").content.decode()
    assert combined(strict=True) == ["first"]
    account.roles = json.dumps(["system_admin"])
    account.save()
    assert client.get("/admin/accounts").status_code == 200
    assert "您的管理员权限已停用" not in client.get("/profile").content.decode()
