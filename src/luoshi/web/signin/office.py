"""What administrators do to the sign-in of others: a new password, a lock lifted, how an account stands."""

from __future__ import annotations

from datetime import datetime

import msgspec
from django.db import transaction

from luoshi.desk import accounts
from luoshi.desk.actor import Actor
from luoshi.desk.done import NotFound
from luoshi.ledger.models import Account
from luoshi.web.signin import config, failures, passwords
from luoshi.web.signin.models import Credential, Identity


class Standing(msgspec.Struct, frozen=True):
    """How an account's sign-in stands. ``locked`` minutes are left of a lock; ``must_change`` the password was given by somebody else."""

    locked: int
    has_password: bool
    must_change: bool
    changed_at: str
    is_linked: bool


def reset(actor: Actor, account: str, now: datetime) -> str:
    """A new password for an account, to be told to the person once, who must change it. It opens the account's lock and ends its sessions."""
    with transaction.atomic():
        accounts.note_reset(actor, account)
        found = _account(account)
        password = passwords.reset_password(found, config.current().policy, now)
        failures.unlock(found.username)
    return password


def unlock(actor: Actor, account: str) -> bool:
    """Lifts the lock of an account; whether there was one."""
    with transaction.atomic():
        accounts.note_unlock(actor, account)
        return failures.unlock(_account(account).username)


def standings(ids: list[str], now: datetime) -> dict[str, Standing]:
    """How these accounts stand, by id, for a table of accounts; a fixed number of queries."""
    found = Account.objects.filter(pk__in=ids)
    locks = failures.locks([account.username for account in found], now)
    credentials = {row.id: row for row in Credential.objects.filter(pk__in=ids)}
    linked = set(Identity.objects.filter(account__in=ids).values_list("account", flat=True))
    return {
        account.id: Standing(
            locked=locks.get(account.username, 0),
            has_password=bool(account.password) and account.has_usable_password(),
            must_change=account.id in credentials and credentials[account.id].must_change,
            changed_at=credentials[account.id].changed_at if account.id in credentials else "",
            is_linked=account.id in linked,
        )
        for account in found
    }


def _account(account: str) -> Account:
    found = Account.objects.filter(pk=account).first()
    if found is None:
        raise NotFound("没有这个账号", where=account, remedy="请回到账号列表")
    return found
