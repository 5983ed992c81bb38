"""What the tests of notices are made with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from luoshi.notify.config import Mail, Told
from luoshi.notify.message import Matter, Message

#: Thursday 2026-03-05, 10:00:10 in the office
AT = datetime(2026, 3, 5, 2, 0, 10, tzinfo=UTC)
DAY = timedelta(days=1)


def is_weekday(day: date) -> bool:
    return day.weekday() < 5


def matter(number: int = 1, **values: Any) -> Matter:
    return Matter(**{"number": f"〔2026〕{number}号", "title": "栖山区河道清淤", "unit": "区水务局", "link": f"/items/i{number}", **values})


def message(key: str = "k1", **values: Any) -> Message:
    return Message(**{"kind": "assigned", "key": key, "title": "新交办事项", "matters": (matter(),), **values})


def mail_at(port: int) -> Told:
    return Told(mail=Mail(host="127.0.0.1", port=port, tls="none", sender="luoshi@qishan.example"))


def make_accounts(count: int, *, email: bool = True) -> list[str]:
    """Accounts with addresses, without acts: what is tested here asks only who is active."""
    from luoshi.ledger.models import Account
    from luoshi.notify.models import Contact

    ids = [f"a{number:03d}" for number in range(count)]
    Account.objects.bulk_create([Account(id=id_, username=id_, active=True) for id_ in ids])
    if email:
        Contact.objects.bulk_create([Contact(id=id_, email=f"{id_}@qishan.example", confirmed=True) for id_ in ids])
    return ids


Telling = Callable[[Told], None]
