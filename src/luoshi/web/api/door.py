"""The door before every address of the interface: a token that is good, its limit, its scope, and the right of whoever made it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from django.conf import settings
from django.http import HttpRequest
from ninja.security import HttpBearer

from luoshi.desk import tokens
from luoshi.desk.actor import Actor
from luoshi.desk.rights import require, scope
from luoshi.desk.tokens import BadToken, Opened, Token
from luoshi.ledger.belonging import units_for
from luoshi.ledger.places import tree
from luoshi.ledger.scope import Scope
from luoshi.web.api.limits import WRONG_TOKENS, seconds_to_wait
from luoshi.web.api.problems import TooMany
from luoshi.web.pages.open311.limits import is_over, too_many
from luoshi.web.signin.sessions import address_of

_WRONG: Final = "token"


class Asker(msgspec.Struct, frozen=True):
    """Who asks by the interface, and what of the ledger they see: never a matter that stays inside."""

    actor: Actor
    scope: Scope
    token: Token


class TokenDoor(HttpBearer):
    """``Authorization: Bearer …``. A session's cookie counts for nothing here, so nothing can be forged by a page elsewhere."""

    openapi_scheme = "bearer"

    def authenticate(self, request: HttpRequest, token: str) -> Opened:
        address = address_of(request)
        if is_over(_WRONG, address, WRONG_TOKENS):
            raise TooMany("错误的令牌太多", wait=60, where="Authorization", remedy="请一分钟后再试")
        try:
            opened = tokens.opened(token, strict=settings.LUOSHI.strict)
        except BadToken:
            too_many(_WRONG, address, WRONG_TOKENS)
            raise
        # from here on the access log knows who asks
        request.actor = opened.actor  # type: ignore[attr-defined]
        if wait := seconds_to_wait(opened.token.id, opened.token.per_minute, datetime.now(UTC)):
            raise TooMany(
                f"每分钟最多 {opened.token.per_minute} 次",
                wait=wait,
                where=opened.token.name,
                remedy=f"请 {wait} 秒后再试（见 Retry-After）",
            )
        return opened


def entered(request: HttpRequest, wanted: str, right: str) -> Asker:
    """Who asks, if the token has this scope and its account this right, as it has on the page; an error that says why not else."""
    opened: Opened = request.auth  # type: ignore[attr-defined]
    opened.need(wanted)
    require(opened.actor, right)
    asker = asker_of(opened)
    request.luoshi_scope = asker.scope  # type: ignore[attr-defined]
    return asker


def asker_of(opened: Opened) -> Asker:
    """Who asks with an opened token."""
    return Asker(opened.actor, outside(scope(opened.actor, tree(), units_for)), opened.token)


def outside(found: Scope) -> Scope:
    """The same sight without what stays inside the offices that handle it: no program carries that away."""
    return msgspec.structs.replace(found, internal=False)


def security() -> list[dict[str, Any]]:
    """How the description names the door."""
    return [{TokenDoor.__name__: []}]
