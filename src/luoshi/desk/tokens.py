"""Tokens by which a program asks and acts for a person: made by that person for themself, for a service account by the system administrator.

Shown once, kept as a hash only, with scopes, an end and a limit a minute; withdrawn for good. A token never gives more than the account has.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Collection
from datetime import date, timedelta
from typing import Final

import msgspec

from luoshi.desk.actor import Actor, Role, read_roles
from luoshi.desk.done import Conflict, Done, NotFound, WrongValue
from luoshi.desk.rights import may, require, roles_in_force
from luoshi.errors import LuoshiError
from luoshi.ledger import models
from luoshi.ledger.belonging import today
from luoshi.ledger.entry import Draft
from luoshi.ledger.store import Writer, writing

#: what a token may be for: to ask, to act on matters, to take whole tables away
SCOPES: Final = ("read", "act", "export")
#: a token lives so many days at most; so many requests a minute at most, and where nothing else is said. 本系统缺省，请本单位核定.
MOST_DAYS: Final = 366
USUAL_DAYS: Final = 90
MOST_A_MINUTE: Final = 600
USUAL_A_MINUTE: Final = 120
#: so many live tokens has one account at most
_MOST: Final = 20
_LONGEST: Final = 40
#: accounts of programs, not of persons: known by their user name, and nobody signs in by one
SERVICE: Final = "svc-"
_PREFIX: Final = "token:"
_TEXT: Final = re.compile(r"lsk_([0-9a-f]{12})_[A-Za-z0-9_-]{43}")


class BadToken(LuoshiError):
    """No token, or one that is good for nothing: unknown, withdrawn, past its end, or of an account that is."""

    slug = "no-token"
    status = 401


class ScopeMissing(LuoshiError):
    """A token that is not for this."""

    slug = "token-scope"
    status = 403


class Token(msgspec.Struct, frozen=True):
    """A token. ``hash``: SHA-256 of its text, which is enough, since that is 256 bits of chance. ``until``: the last day on which it is good."""

    account: str
    name: str
    scopes: tuple[str, ...]
    hash: str
    until: str
    per_minute: int
    at: str = ""
    live: bool = True
    id: str = ""

    def is_over(self, day: str) -> bool:
        """Whether its time has run out on a day."""
        return day > self.until


class Wanted(msgspec.Struct, frozen=True):
    """What somebody wants of a new token."""

    name: str
    scopes: tuple[str, ...] = ("read",)
    days: int = USUAL_DAYS
    per_minute: int = USUAL_A_MINUTE


class Opened(msgspec.Struct, frozen=True):
    """A good token, and for whom it stands."""

    token: Token
    actor: Actor

    def need(self, scope: str) -> None:
        """Nothing, or ``ScopeMissing``."""
        if scope not in self.token.scopes:
            raise ScopeMissing(f"令牌“{self.token.name}”没有“{scope}”这一项", where=scope, remedy="请在“我的令牌”另做一个有这一项的")


def make(actor: Actor, wanted: Wanted, *, account: str = "") -> tuple[Done, str]:
    """A new token and its text, which is told here and never again; ``account``: of a service account, else the actor's own."""
    require(actor, "token.grant" if account else "token.make")
    asked = _checked(wanted)
    key, text = _new()
    with writing() as writer:
        if account:
            _service(writer, account)
        owner = account or actor.id
        mine = [one for one in of_account(owner) if one.live and not one.is_over(today())]
        if len(mine) >= _MOST:
            raise Conflict(f"已有 {_MOST} 个令牌", where=owner, remedy="请收回不用的，再做新的")
        if any(one.name == asked.name for one in mine):
            raise Conflict(f"已有叫“{asked.name}”的令牌", where="name", remedy="请换一个名称：记录里靠名称分清是哪个令牌办的")
        until = (date.fromisoformat(today()) + timedelta(days=asked.days)).isoformat()
        data = {
            "account": owner, "name": asked.name, "scopes": [scope for scope in SCOPES if scope in asked.scopes], "hash": hash_of(text),
            "until": until, "per_minute": asked.per_minute,
        }  # fmt: skip
        return Done.of([writer.append(actor.id, Draft("token.make", f"{_PREFIX}{key}", data))]), text


def withdraw(actor: Actor, key: str) -> Done:
    """The token is good for nothing from now on. Whoever has it, or a system administrator."""
    require(actor, "token.withdraw")
    with writing() as writer:
        found = by_id(key)
        theirs = found is not None and (found.account == actor.id or may(actor, "token.grant"))
        if found is None or not found.live or not theirs:
            raise NotFound("没有这个令牌，或已收回", where=key[:20], remedy="请刷新页面")
        return Done.of([writer.append(actor.id, Draft("token.withdraw", f"{_PREFIX}{key}"))])


def opened(text: str, *, strict: bool) -> Opened:
    """The live token that this text is, with the person for whom it stands as they are today; raises ``BadToken``."""
    form = _TEXT.fullmatch(text)
    found = by_id(form[1]) if form else None
    if found is None or not hmac.compare_digest(found.hash, hash_of(text)) or not found.live:
        raise BadToken(
            "没有令牌，或令牌不对、已收回", where="Authorization", remedy="请写 Authorization: Bearer 令牌；在“我的令牌”可以另做一个"
        )
    if found.is_over(today()):
        raise BadToken("令牌已过期", where=found.name, remedy=f"它用到 {found.until} 为止，请另做一个")
    actor = actor_of_account(found.account, strict=strict)
    if actor is None:
        raise BadToken("令牌的账号已停用", where=found.name, remedy="请系统管理员启用账号，或另做令牌")
    return Opened(found, actor)


def actor_of_account(account: str, *, strict: bool) -> Actor | None:
    """Whoever has this account, with the roles in force; None where it is not there or not active."""
    row = models.Account.objects.filter(pk=account, active=True).first()
    if row is None:
        return None
    roles: tuple[Role, ...] = roles_in_force(read_roles(msgspec.json.decode(row.roles)), strict)
    return Actor(row.id, row.username, row.name, roles, row.unit, row.region)


def by_id(key: str) -> Token | None:
    """The token of this id, live or not."""
    row = models.Setting.objects.filter(pk=f"{_PREFIX}{key}").first()
    return _read(row) if row else None


def of_account(account: str) -> list[Token]:
    """The tokens of an account, the newest first."""
    # as the value is written: sorted keys, no blanks, and a quote within a name is escaped, so that no name can look like it
    own = f'"account":{msgspec.json.encode(account).decode()}'
    rows = models.Setting.objects.filter(pk__startswith=_PREFIX, value__contains=own).order_by("-changed_at", "id")
    return [token for row in rows if (token := _read(row)).account == account]


def all_tokens(*, most: int = 1000) -> list[Token]:
    """Every token that was ever made, those last made or withdrawn first."""
    return [_read(row) for row in models.Setting.objects.filter(pk__startswith=_PREFIX).order_by("-changed_at", "id")[:most]]


def service_accounts() -> list[models.Account]:
    """The accounts of programs that are active."""
    return list(models.Account.objects.filter(username__startswith=SERVICE, active=True).order_by("username"))


def hash_of(text: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _read(row: models.Setting) -> Token:
    return msgspec.structs.replace(msgspec.json.decode(row.value, type=Token), id=row.id.removeprefix(_PREFIX))


def _new() -> tuple[str, str]:
    key = secrets.token_hex(6)
    return key, f"lsk_{key}_{secrets.token_urlsafe(32)}"


def _service(writer: Writer, account: str) -> None:
    """Nothing, or an error: of a person's account nobody makes a token but that person."""
    row = writer.get("account", account)
    if row is None or not row["active"] or not str(row["username"]).startswith(SERVICE):
        raise NotFound(
            "没有这个服务账号", where=account[:64], remedy=f"服务账号的用户名以 {SERVICE} 开头；本人的令牌由本人在“我的令牌”里做"
        )


def _checked(wanted: Wanted) -> Wanted:
    name = " ".join(wanted.name.split())
    if not name or len(name) > _LONGEST:
        raise WrongValue("请写明令牌的名称" if not name else f"名称超过 {_LONGEST} 字", where="name", remedy="写它给什么用，如“台账同步”")
    _within(wanted.scopes, "scopes")
    if not 1 <= wanted.days <= MOST_DAYS:
        raise WrongValue(f"不能用 {wanted.days} 天", where="days", remedy=f"请写 1 到 {MOST_DAYS} 天")
    if not 1 <= wanted.per_minute <= MOST_A_MINUTE:
        raise WrongValue(f"不能每分钟 {wanted.per_minute} 次", where="per_minute", remedy=f"请写 1 到 {MOST_A_MINUTE} 次")
    return msgspec.structs.replace(wanted, name=name)


def _within(scopes: Collection[str], where: str) -> None:
    strange = [scope for scope in scopes if scope not in SCOPES]
    if strange or not scopes:
        what = f"没有“{strange[0][:20]}”这一项" if strange else "一项权限也没有选"
        raise WrongValue(what, where=where, remedy=f"可选：{'、'.join(SCOPES)}")
