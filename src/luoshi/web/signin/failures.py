"""Failures to sign in: they lock a user name, and throttle an address.

An attempt is counted before the password is looked at and taken back when it was right, so that many attempts at once are no way round.
A user name that does not exist is locked as one that does: nobody learns from it who has an account.
"""

from __future__ import annotations

from datetime import datetime

import msgspec
from django.db import transaction
from django.utils.crypto import salted_hmac

from luoshi.ledger.entry import moment
from luoshi.web.signin.config import Policy
from luoshi.web.signin.models import Failure
from luoshi.web.signin.moments import after, minutes_until


class Standing(msgspec.Struct, frozen=True):
    """How an attempt stands: ``minutes`` for which it is refused unlooked at, else how many attempts are ``left`` if this one fails."""

    minutes: int = 0
    left: int = 0


def key_of_user(username: str) -> str:
    """Where attempts on this user name are counted; not the name itself, since people type their password there."""
    return "u:" + salted_hmac("luoshi.signin.failures", username.casefold()).hexdigest()


def key_of_address(address: str) -> str:
    """Where attempts from this address are counted."""
    return f"a:{address}"


def begin(username: str, address: str, policy: Policy, now: datetime) -> Standing:
    """Counts an attempt as failed, unless the name is locked or the address throttled."""
    with transaction.atomic():
        by_user = _count(key_of_user(username), policy.failures, policy, now)
        if by_user.minutes or not policy.address_failures or not address:
            return by_user
        by_address = _count(key_of_address(address), policy.address_failures, policy, now)
        if by_address.minutes:
            transaction.set_rollback(True)
        return Standing(minutes=by_address.minutes, left=by_user.left)


def _count(key: str, limit: int, policy: Policy, now: datetime) -> Standing:
    row, _ = Failure.objects.select_for_update().get_or_create(pk=key)
    minutes = minutes_until(row.until, now)
    if minutes:
        return Standing(minutes=minutes)
    # a lock that has run out, or failures long ago, count no more
    stale = bool(row.until) or row.last_at < after(now, minutes=-policy.lock_minutes)
    row.count = 1 if stale else row.count + 1
    row.last_at = moment(now)
    row.until = after(now, minutes=policy.lock_minutes) if row.count >= limit else ""
    row.save()
    return Standing(left=max(0, limit - row.count))


def succeed(username: str, address: str) -> None:
    """Forgets the failures of the user name, and takes this attempt back from the address."""
    Failure.objects.filter(pk=key_of_user(username)).delete()
    take_back(key_of_address(address))


@transaction.atomic
def take_back(key: str) -> None:
    """Uncounts the last attempt, which turned out to be none (right, or nobody could look)."""
    row = Failure.objects.select_for_update().filter(pk=key).first()
    if row is not None:
        row.count, row.until = max(0, row.count - 1), ""
        row.save()


def unlock(username: str) -> bool:
    """Lifts the lock of a user name; whether there was one."""
    return Failure.objects.filter(pk=key_of_user(username)).delete()[0] > 0


def locks(usernames: list[str], now: datetime) -> dict[str, int]:
    """The locked ones of these user names, with the minutes that are left."""
    names = {key_of_user(username): username for username in usernames}
    rows = Failure.objects.filter(pk__in=names)
    return {names[row.id]: minutes for row in rows if (minutes := minutes_until(row.until, now))}


def forget_old(policy: Policy, now: datetime) -> int:
    """Removes counts that count no more; how many."""
    return Failure.objects.filter(last_at__lt=after(now, minutes=-policy.lock_minutes), until__lt=moment(now)).delete()[0]
