"""Acts on accounts: make, change, give roles, reset a password, lift a lock. Passwords are never part of an entry."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any, Final

from luoshi.desk.actor import Actor, Role
from luoshi.desk.done import Conflict, Done, NotFound, WrongValue
from luoshi.desk.rights import check_grant, check_roles, require
from luoshi.ledger import models
from luoshi.ledger.entry import Draft
from luoshi.ledger.ids import ident
from luoshi.ledger.rows import Row
from luoshi.ledger.store import Writer, writing
from luoshi.messages import Speaker

_USERNAME: Final = re.compile(r"[\w.@+-]{2,64}")
_FIELDS: Final = frozenset({"name", "unit", "region", "active"})


def account_id(username: str) -> str:
    """The id of the account with this user name; case makes no difference."""
    return ident("a", username.casefold())


def create(actor: Actor, fields: Mapping[str, Any], roles: Collection[Role], *, strict: bool) -> Done:
    """A new account without a password: ``username``, ``name``, ``unit``, ``region``; whoever resets passwords gives it the first.

    Roles are given at once where the actor may give roles; in strict mode that is another administrator's act.
    """
    require(actor, "account.create")
    username = str(fields.get("username", "")).strip()
    if not _USERNAME.fullmatch(username):
        raise WrongValue(f"“{username}”不能作用户名", where="username", remedy="请用 2 到 64 个字母、数字、汉字或 . @ + - _")
    key = account_id(username)
    if roles:
        check_grant(actor, key, roles, strict)
    with writing() as writer:
        if writer.get("account", key) is not None or models.Account.objects.filter(username=username).exists():
            raise Conflict(f"用户名“{username}”已有人用", where="username", remedy="请换一个用户名")
        data = {"username": username, "active": True, "roles": [role.value for role in Role if role in roles], **_checked(writer, fields)}
        entry = writer.append(actor.id, Draft("account.create", key, data))
    return Done.of([entry])


def change(actor: Actor, account: str, fields: Mapping[str, Any]) -> Done:
    """Name, unit, region, or whether the account may sign in at all. Nobody locks themselves out, and the last administrators stay active."""
    require(actor, "account.change")
    with writing() as writer:
        row = account_for(writer, account)
        given = _checked(writer, fields)
        changed = {name: value for name, value in given.items() if row[name] != value}
        if changed.get("active") is False:
            _not_oneself(actor, account, "不能停用自己的账号")
            _keep_one(account, Role.SYSTEM_ADMIN)
            _keep_one(account, Role.SECURITY_ADMIN)
        if not changed:
            return Done()
        entry = writer.append(actor.id, Draft("account.change", account, changed))
    return Done.of([entry])


def give_roles(actor: Actor, account: str, roles: Collection[Role], *, strict: bool) -> Done:
    """The account has these roles from now on, and no others."""
    check_grant(actor, account, roles, strict)
    check_roles(roles, strict)
    if Role.SECURITY_ADMIN in actor.roles and Role.SECURITY_ADMIN not in roles:
        _not_oneself(actor, account, "不能去掉自己的安全管理员角色")
    with writing() as writer:
        account_for(writer, account)
        for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN):
            if role not in roles:
                _keep_one(account, role)
        entry = writer.append(actor.id, Draft("account.change", account, {"roles": [role.value for role in Role if role in roles]}))
    return Done.of([entry])


def note_reset(actor: Actor, account: str) -> Done:
    """Notes that a password was reset; setting it is the sign-in's work. One's own is changed with the old one, on the page for that."""
    require(actor, "account.reset")
    if actor.id == account:
        raise Conflict("自己的密码不在这里重置", where=actor.username, remedy="请用“修改密码”")
    with writing() as writer:
        account_for(writer, account)
        return Done.of([writer.append(actor.id, Draft("account.reset", account))])


def note_unlock(actor: Actor, account: str) -> Done:
    """Notes that a lock was lifted; lifting it is the sign-in's work."""
    require(actor, "account.unlock")
    with writing() as writer:
        account_for(writer, account)
        return Done.of([writer.append(actor.id, Draft("account.unlock", account))])


def account_for(writer: Writer, account: str) -> Row:
    """The row of an account; raises ``NotFound``."""
    row = writer.get("account", account)
    if row is None:
        raise NotFound("没有这个账号", where=account, remedy="请回到账号列表")
    return row


def _not_oneself(actor: Actor, account: str, what: str) -> None:
    """Raises ``Conflict`` where the actor would lock themselves out."""
    if actor.id == account:
        raise Conflict(what, where=actor.username, remedy="请另一位管理员办理")


def _keep_one(account: str, role: Role) -> None:
    """Raises ``Conflict`` where this account is the last active one with the role: nobody could give it again."""
    holders = models.Account.objects.filter(active=True, roles__contains=f'"{role.value}"')
    if holders.filter(pk=account).exists() and not holders.exclude(pk=account).exists():
        raise Conflict("这是最后一个有此角色的账号", where=Speaker("zh").word("role", role), remedy="请先把此角色交给另一个账号")


def _checked(writer: Writer, fields: Mapping[str, Any]) -> dict[str, Any]:
    given = {name: value for name, value in fields.items() if name in _FIELDS}
    if "name" in given:
        given["name"] = str(given["name"]).strip()
        if not 0 < len(given["name"]) <= 100:
            raise WrongValue("姓名不能空着，也不能超过 100 个字", where="name", remedy="请填写姓名")
    if given.get("unit") and writer.get("organisation", str(given["unit"])) is None:
        raise WrongValue("没有这个单位", where="unit", remedy="请从单位列表中选择")
    if given.get("region") and writer.get("region", str(given["region"])) is None:
        raise WrongValue("没有这个地区", where="region", remedy="请从地区列表中选择")
    return given
