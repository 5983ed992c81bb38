"""Accounts: made, changed, given roles; nobody locks themselves out."""

from __future__ import annotations

from typing import Any

import pytest

from luoshi.desk import accounts
from luoshi.desk.actor import Actor, Role
from luoshi.desk.done import Conflict, NotFound, WrongValue
from luoshi.desk.rights import Forbidden, RoleClash
from luoshi.ledger.models import Account, Entry

FIRST = Actor(id="afirst", username="first", name="程槐序", roles=(Role.SYSTEM_ADMIN,))
SAFE = Actor(id="asafe", username="safe", name="顾长汀", roles=(Role.SECURITY_ADMIN,))


def _made(username: str = "shen", **fields: Any) -> str:
    return accounts.create(FIRST, {"username": username, "name": "沈砚", **fields}, (), strict=False).subjects[0]


def _with(username: str, *roles: Role) -> Actor:
    key = _made(username)
    accounts.give_roles(SAFE, key, roles, strict=False)
    return Actor(id=key, username=username, name="沈砚", roles=roles)


def test_made_without_password_and_roles(db: None) -> None:
    account = Account.objects.get(pk=_made())
    assert (account.username, account.name, account.roles, account.active, account.password) == ("shen", "沈砚", "[]", True, "")


@pytest.mark.parametrize("username", ["", "a", "有 空格", "x" * 65, "a/b"])
def test_user_names_that_cannot_be(db: None, username: str) -> None:
    with pytest.raises(WrongValue, match="用户名"):
        _made(username)


def test_a_user_name_is_taken_in_any_case(db: None) -> None:
    _made("Shen")
    with pytest.raises(Conflict, match="已有人用"):
        _made("sHEN")


def test_who_makes_accounts_does_not_give_roles(db: None) -> None:
    with pytest.raises(Forbidden):
        accounts.create(FIRST, {"username": "shen", "name": "沈砚"}, (Role.READER,), strict=True)
    with pytest.raises(Forbidden):
        accounts.create(SAFE, {"username": "shen", "name": "沈砚"}, (), strict=True)
    assert not Account.objects.filter(username="shen").exists()


def test_only_what_differs_is_noted(db: None) -> None:
    key = _made()
    assert accounts.change(FIRST, key, {"name": "沈砚", "active": True}).count == 0
    assert accounts.change(FIRST, key, {"name": "沈知夏", "active": True}).count == 1
    assert Entry.objects.get(act="account.change", subject=key).data == '{"name":"沈知夏"}'


@pytest.mark.parametrize("fields", [{"name": " "}, {"unit": "onothing"}, {"region": "999999"}])
def test_what_an_account_cannot_be(db: None, fields: dict[str, str]) -> None:
    key = _made()
    with pytest.raises(WrongValue):
        accounts.change(FIRST, key, fields)


def test_strict_mode_keeps_the_three_apart(db: None) -> None:
    key = _made()
    _with("other", Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)
    for roles in [(Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN), (Role.SECURITY_ADMIN, Role.SUPERVISOR)]:
        with pytest.raises(RoleClash, match="三员分立"):
            accounts.give_roles(SAFE, key, roles, strict=True)
        accounts.give_roles(SAFE, key, roles, strict=False)
    accounts.give_roles(SAFE, key, (Role.SUPERVISOR, Role.READER), strict=True)
    assert Account.objects.get(pk=key).roles == '["supervisor","reader"]'


def test_nobody_puts_themselves_out(db: None) -> None:
    system, safe = _with("system", Role.SYSTEM_ADMIN), _with("security", Role.SECURITY_ADMIN)
    _with("other", Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)
    with pytest.raises(Conflict, match="自己"):
        accounts.change(system, system.id, {"active": False})
    with pytest.raises(Conflict, match="自己"):
        accounts.give_roles(safe, safe.id, (Role.READER,), strict=False)
    with pytest.raises(Conflict, match="自己"):
        accounts.note_reset(safe, safe.id)
    accounts.give_roles(safe, safe.id, (Role.READER, Role.SECURITY_ADMIN), strict=False)
    assert Account.objects.get(pk=system.id).active


def test_the_last_administrator_stays(db: None) -> None:
    Account.objects.all().delete()
    system, safe = _with("system", Role.SYSTEM_ADMIN), _with("security", Role.SECURITY_ADMIN)
    with pytest.raises(Conflict, match="最后一个"):
        accounts.give_roles(safe, system.id, (), strict=False)
    with pytest.raises(Conflict, match="最后一个"):
        accounts.change(system, safe.id, {"active": False})


def test_notes_of_reset_and_unlock_bear_no_password(db: None) -> None:
    key = _made()
    accounts.note_reset(SAFE, key)
    accounts.note_unlock(SAFE, key)
    assert list(Entry.objects.filter(actor=SAFE.id).order_by("seq").values_list("act", "subject", "data")) == [
        ("account.reset", key, "{}"),
        ("account.unlock", key, "{}"),
    ]
    with pytest.raises(NotFound):
        accounts.note_reset(SAFE, "anobody")
