"""Passwords: what a good one is, when it must be changed, setting it. Hashing and the list of common ones are Django's."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any, Final

import msgspec
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import CommonPasswordValidator, UserAttributeSimilarityValidator
from django.core.exceptions import ValidationError
from django.db import transaction

from luoshi.ledger.entry import moment
from luoshi.ledger.models import Account
from luoshi.web.signin.config import Policy
from luoshi.web.signin.models import Credential
from luoshi.web.signin.moments import after

#: longer ones would only cost time
LONGEST: Final = 128
#: letters that nobody takes for another, for passwords that are read from paper
_CLEAR: Final = ("abcdefghijkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789", "-+=#@%")


class Fault(msgspec.Struct, frozen=True):
    """A reason why a password is refused; its words are ``password.<slug>``."""

    slug: str
    values: dict[str, Any] = {}


def faults(password: str, account: Account, policy: Policy) -> tuple[Fault, ...]:
    """All reasons why this password is none for this account; empty where it is good. What history says is asked last: it costs hashing."""
    found = tuple(_faults_of_form(password, account, policy))
    return found or tuple(_faults_of_history(password, account, policy))


def _faults_of_form(password: str, account: Account, policy: Policy) -> Iterator[Fault]:
    if len(password) < policy.length:
        yield Fault("short", {"length": policy.length})
    if len(password) > LONGEST:
        yield Fault("long", {"length": LONGEST})
        return
    if classes(password) < policy.classes:
        yield Fault("classes", {"classes": policy.classes})
    if _is_like_account(password, account):
        yield Fault("name")
    try:
        _common().validate(password)
    except ValidationError:
        yield Fault("common")


@cache
def _common() -> CommonPasswordValidator:
    return CommonPasswordValidator()


def classes(password: str) -> int:
    """How many of small letters, capitals, digits and other characters there are.

    >>> classes("aB3"), classes("落实2026"), classes("")
    (3, 2, 0)
    """
    kinds = {"digit" if c in "0123456789" else "small" if "a" <= c <= "z" else "capital" if "A" <= c <= "Z" else "other" for c in password}
    return len(kinds)


def _is_like_account(password: str, account: Account) -> bool:
    """Whether the user name or the name stands in it, forwards or backwards, or it is much like one of them."""
    lower = password.casefold()
    names = [name.casefold() for name in (account.username, account.name) if len(name) > 1]
    if any(name in lower or name[::-1] in lower for name in names):
        return True
    try:
        UserAttributeSimilarityValidator(user_attributes=("username", "name")).validate(password, account)
    except ValidationError:
        return True
    return False


def _faults_of_history(password: str, account: Account, policy: Policy) -> Iterator[Fault]:
    used = [account.password, *_history(account.id)] if account.password else _history(account.id)
    if policy.history and any(check_password(password, hashed) for hashed in dict.fromkeys(used[: policy.history + 1])):
        yield Fault("used", {"count": policy.history})


def _history(account: str) -> list[str]:
    row = Credential.objects.filter(pk=account).first()
    return msgspec.json.decode(row.history, type=list[str]) if row else []


@transaction.atomic
def set_password(account: Account, password: str, policy: Policy, now: datetime, *, must_change: bool = False) -> None:
    """Sets it and remembers that. All sessions of the account end, since each bears a mark of the password that it began with."""
    account.set_password(password)
    account.save(update_fields=["password"])
    row, _ = Credential.objects.select_for_update().get_or_create(pk=account.id)
    row.history = msgspec.json.encode([account.password, *msgspec.json.decode(row.history, type=list[str])][: policy.history]).decode()
    row.changed_at, row.must_change = moment(now), must_change
    row.save()


def reset_password(account: Account, policy: Policy, now: datetime) -> str:
    """A new password to be told to the person once, who must change it on the next sign-in."""
    password = random_password(max(12, policy.length))
    set_password(account, password, policy, now, must_change=True)
    return password


def random_password(length: int = 12) -> str:
    """A password of letters of all four classes that is easy to read out."""
    while True:
        password = "".join(secrets.choice("".join(_CLEAR)) for _ in range(length))
        if classes(password) == 4:
            return password


def why_change(account: Account, policy: Policy, now: datetime) -> str:
    """``first`` where a password that somebody else gave must be changed, ``old`` where it is too old, else nothing."""
    row = Credential.objects.filter(pk=account.id).first()
    if row is None or not row.changed_at:
        return ""
    if row.must_change:
        return "first"
    return "old" if policy.days and row.changed_at < after(now, days=-policy.days) else ""
