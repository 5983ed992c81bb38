"""Notices on the page of an account, and who is told by e-mail too."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec
from django.db import transaction

from luoshi.errors import BadUsage
from luoshi.ledger import settings_now
from luoshi.ledger.entry import moment
from luoshi.ledger.models import Account
from luoshi.ledger.store import now as store_now
from luoshi.notify import config, outbox
from luoshi.notify.config import MAIL
from luoshi.notify.kept import robots
from luoshi.notify.message import Message
from luoshi.notify.models import Contact, Notice
from luoshi.notify.scrub import for_group, for_mail

#: notices that were read are forgotten after so many days
_READ_DAYS: Final = 90
#: so many of one account are kept
_MOST: Final = 1000
#: a code that confirms an address: its digits, how long it is good, how many wrong ones may be tried
_DIGITS: Final = 6
_CODE_LASTS: Final = timedelta(days=1)
_TRIES: Final = 5


class Shown(msgspec.Struct, frozen=True):
    """A notice for a page."""

    id: int
    message: Message
    at: str
    read: bool


def tell(account_ids: Iterable[str], message: Message, *, now: datetime | None = None) -> int:
    """Puts a notice on the page of each account, and queues an e-mail to those who want it; how many notices are new.

    The same key never comes twice to one account. E-mails wait for quiet hours to end; a notice on the page disturbs nobody.
    """
    at = now or store_now()
    ids = sorted(set(Account.objects.filter(pk__in=list(account_ids), active=True).values_list("pk", flat=True)))
    known = set(Notice.objects.filter(account__in=ids, key=message.key).values_list("account", flat=True))
    told = msgspec.json.encode(message).decode()
    rows = [Notice(account=id_, key=message.key, kind=message.kind, message=told, at=moment(at)) for id_ in ids if id_ not in known]
    Notice.objects.bulk_create(rows, batch_size=200, ignore_conflicts=True)
    if config.current().mail is not None:
        wanting = Contact.objects.filter(pk__in=ids, mail=True, confirmed=True).exclude(email="").values_list("pk", flat=True)
        outbox.put((outbox.Draft(channel=MAIL, account=id_, message=for_mail(message)) for id_ in wanting), at)
    return len(rows)


def announce(message: Message, *, units: Iterable[str] = (), now: datetime | None = None) -> int:
    """Queues a message for every group that wants its kind, or the items of these units; how many. What only some may know is left out."""
    wanted = set(units)
    drafts = [
        outbox.Draft(channel=robot.id, message=for_group(message, config.lang()))
        for robot in robots()
        if (not robot.kinds or message.kind in robot.kinds) and (not robot.units or wanted & set(robot.units))
    ]
    return outbox.put(drafts, now or store_now())


def unread(account_id: str) -> int:
    """How many notices the account has not read."""
    return Notice.objects.filter(account=account_id, read_at="").count()


def notices(account_id: str, *, only_unread: bool = False, before: int | None = None, limit: int = 50) -> list[Shown]:
    """The notices of an account, the newest first; ``before``: the id of the last one on the page before."""
    found = Notice.objects.filter(account=account_id)
    if only_unread:
        found = found.filter(read_at="")
    if before is not None:
        found = found.filter(pk__lt=before)
    return [
        Shown(row.pk, msgspec.json.decode(row.message, type=Message), row.at, row.read_at != "") for row in found.order_by("-pk")[:limit]
    ]


def mark_read(account_id: str, ids: Sequence[int] | None = None, *, now: datetime | None = None) -> int:
    """Marks notices of the account as read, all without ``ids``; how many were not before. Those of others are left alone."""
    found = Notice.objects.filter(account=account_id, read_at="")
    if ids is not None:
        found = found.filter(pk__in=list(ids))
    return found.update(read_at=moment(now or store_now()))


def contact(account_id: str) -> Contact:
    """How somebody may be written to; without an address where none was told."""
    return Contact.objects.filter(pk=account_id).first() or Contact(id=account_id)


def set_contact(account_id: str, *, email: str, mail: bool = True, digest: bool = True) -> None:
    """Keeps where somebody may be written to; an empty address forgets it. It stands in no entry, so it can be forgotten."""
    if not email.strip():
        Contact.objects.filter(pk=account_id).delete()
        return
    address = config.checked_mail_address(email, where="邮箱")
    if not config.mail_may_go(address, settings_now.now(), config.current().mail):
        raise BadUsage(
            "邮件不发往这个域名", where="邮箱", remedy="请填单位的邮箱；要用别的域名，请系统管理员在设置里加上", slug="wrong-value"
        )
    known = contact(account_id)
    fresh = {} if known.email == address else {"confirmed": False, "code": "", "code_at": "", "tries": 0}
    Contact.objects.update_or_create(pk=account_id, defaults={"email": address, "mail": mail, "digest": digest, **fresh})


def new_code() -> str:
    """Six digits that confirm an address."""
    return f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}d}"


def await_code(account_id: str, email: str, code: str, now: datetime) -> None:
    """These digits, which were sent to this address of the account, confirm it for a day; those sent before are void."""
    waiting = Contact.objects.filter(pk=account_id, email=email, confirmed=False)
    waiting.update(code=_sealed(account_id, email, code), code_at=moment(now), tries=0)


def confirm(account_id: str, code: str, now: datetime | None = None) -> None:
    """Takes the address of an account as its owner's; raises ``BadUsage`` where these are not the digits that were sent to it."""
    with transaction.atomic():
        known = Contact.objects.select_for_update().filter(pk=account_id).first()
        since = moment((now or store_now()) - _CODE_LASTS)
        if known is None or not known.code or known.code_at < since or known.tries >= _TRIES:
            raise BadUsage("验证码已失效", where="验证码", remedy="请重新发一封确认邮件", slug="wrong-value")
        right = hmac.compare_digest(known.code, _sealed(account_id, known.email, code.strip()))
        known.tries += 1
        if right:
            known.confirmed, known.code = True, ""
        known.save(update_fields=["confirmed", "code", "tries"])
    if not right:
        raise BadUsage("验证码不对", where="验证码", remedy="请照邮件里的六位数字填写", slug="wrong-value")


def _sealed(account_id: str, email: str, code: str) -> str:
    return hashlib.sha256(f"{account_id}:{email}:{code}".encode()).hexdigest()


def prune(days: int, now: datetime) -> int:
    """Forgets read notices after 90 days, all after ``days``, and the oldest of whoever has more than a thousand; how many."""
    old = Notice.objects.filter(at__lt=moment(now - timedelta(days=_READ_DAYS))).exclude(read_at="").delete()[0]
    old += Notice.objects.filter(at__lt=moment(now - timedelta(days=days))).delete()[0]
    from django.db.models import Count

    for account in (
        Notice.objects.order_by().values("account").annotate(count=Count("pk")).filter(count__gt=_MOST).values_list("account", flat=True)
    ):
        first = Notice.objects.filter(account=account).order_by("-pk").values_list("pk", flat=True)[_MOST - 1]
        old += Notice.objects.filter(account=account, pk__lt=first).delete()[0]
    return old
