"""Notices on the page, and addresses."""

from __future__ import annotations

from datetime import timedelta

import pytest

from luoshi.errors import BadUsage
from luoshi.notify.channels import Robot
from luoshi.notify.config import Told
from tests.notify.making import AT, DAY, Telling, mail_at, make_accounts, matter, message

WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k"


def test_told_read_and_marked(db: None, tell_settings: Telling) -> None:
    from luoshi.notify import inside

    first, second = make_accounts(2)
    assert inside.tell([first, second, first, "nobody"], message("k1"), now=AT) == 2
    assert inside.tell([first], message("k1", title="又一次"), now=AT) == 0
    assert inside.tell([first], message("k2"), now=AT) == 1
    assert (inside.unread(first), inside.unread(second), inside.unread("nobody")) == (2, 1, 0)
    shown = inside.notices(first)
    assert [(one.message.key, one.read) for one in shown] == [("k2", False), ("k1", False)]
    assert shown[1].message == message("k1")
    assert inside.mark_read(first, [shown[0].id], now=AT) == 1
    assert inside.mark_read(first, [shown[0].id], now=AT) == 0
    assert [one.message.key for one in inside.notices(first, only_unread=True)] == ["k1"]
    assert [one.message.key for one in inside.notices(first, before=shown[0].id, limit=1)] == ["k1"]
    assert inside.mark_read(first) == 1
    assert inside.unread(first) == 0


def test_nobody_marks_notices_of_others(db: None, tell_settings: Telling) -> None:
    from luoshi.notify import inside

    first, second = make_accounts(2)
    inside.tell([first], message(), now=AT)
    assert inside.mark_read(second, [inside.notices(first)[0].id]) == 0
    assert inside.unread(first) == 1


def test_who_is_off_is_told_nothing(db: None, tell_settings: Telling) -> None:
    from luoshi.ledger.models import Account
    from luoshi.notify import inside

    (first,) = make_accounts(1)
    Account.objects.update(active=False)
    assert inside.tell([first], message(), now=AT) == 0


def test_a_mail_for_who_wants_one(db: None, tell_settings: Telling) -> None:
    from luoshi.notify import inside, outbox
    from luoshi.notify.models import Letter

    ids = make_accounts(3)
    inside.set_contact(ids[1], email="second@qishan.example", mail=False)
    inside.set_contact(ids[2], email="")
    inside.tell(ids, message("before"), now=AT)
    assert outbox.counts() == {}
    tell_settings(mail_at(25))
    private = matter(1, title="来电人反映噪声", category="群众诉求", private=True)
    inside.tell(ids, message("k1", matters=(private,)), now=AT)
    assert [(row.account, row.channel) for row in Letter.objects.all()] == [(ids[0], "mail")]
    assert "噪声" not in Letter.objects.get().message
    assert "噪声" in inside.notices(ids[0])[0].message.matters[0].title


def test_announced_to_the_groups_that_want_it(db: None, tell_settings: Telling) -> None:
    from luoshi.notify import inside
    from luoshi.notify.models import Letter

    tell_settings(
        Told(robots=(
            Robot(id="all", kind="wecom", url=WECOM), Robot(id="escalations", kind="wecom", url=WECOM, kinds=("escalation",)),
            Robot(id="water", kind="wecom", url=WECOM, units=("owater",)),
        ))
    )  # fmt: skip
    private = matter(1, title="来电人反映噪声", private=True)
    assert inside.announce(message("k1", lines=("不外传",), matters=(private, matter(2))), units=["owater", "oroads"], now=AT) == 2
    assert inside.announce(message("k2", kind="escalation"), units=["oroads"], now=AT) == 2
    assert inside.announce(message("k1"), now=AT) == 0
    assert sorted(Letter.objects.values_list("channel", "kind")) == [
        ("all", "assigned"), ("all", "escalation"), ("escalations", "escalation"), ("water", "assigned"),
    ]  # fmt: skip
    kept = " ".join(Letter.objects.values_list("message", flat=True))
    assert "噪声" not in kept
    assert "不外传" not in kept


def test_addresses(db: None) -> None:
    from luoshi.notify import inside
    from luoshi.notify.models import Contact

    inside.set_contact("a1", email=" lu@qishan.example ", digest=False)
    found = inside.contact("a1")
    assert (found.email, found.mail, found.digest) == ("lu@qishan.example", True, False)
    assert inside.contact("a2").email == ""
    inside.set_contact("a1", email="")
    assert not Contact.objects.exists()


@pytest.mark.parametrize(
    "address", ["lu", "lu@", "@x", "a@b c", "a@b\nBcc: x@y", "a@b,c@d", "<a@b>", "甲@b", "a@-b", "x" * 80 + "@b.example"]
)
def test_wrong_addresses(db: None, address: str) -> None:
    from luoshi.notify import inside

    with pytest.raises(BadUsage, match="bad-setting"):
        inside.set_contact("a1", email=address)


def test_bounded(db: None, tell_settings: Telling, monkeypatch: pytest.MonkeyPatch) -> None:
    from luoshi.notify import inside

    monkeypatch.setattr(inside, "_MOST", 3)
    first, second = make_accounts(2)
    for number in range(5):
        inside.tell([first], message(f"k{number}"), now=AT)
    inside.tell([second], message("k0"), now=AT)
    inside.mark_read(second, now=AT)
    assert inside.prune(190, AT + timedelta(days=1)) == 2
    assert [one.message.key for one in inside.notices(first)] == ["k4", "k3", "k2"]
    assert inside.prune(190, AT + 91 * DAY) == 1
    assert inside.notices(second) == []
    assert inside.prune(190, AT + 191 * DAY) == 3


def test_an_address_is_confirmed_by_what_was_sent_to_it(db: None, tell_settings: Telling) -> None:
    from luoshi.notify import inside

    tell_settings(mail_at(25))
    mine, other = "lu@qishan.example", "other@qishan.example"
    inside.set_contact("a1", email=mine)
    code = inside.new_code()
    inside.await_code("a1", mine, code, AT)
    with pytest.raises(BadUsage, match="不对"):
        inside.confirm("a1", f"{(int(code) + 1) % 10**6:06d}", AT)
    assert not inside.contact("a1").confirmed
    with pytest.raises(BadUsage, match="失效"):
        inside.confirm("a1", code, AT + DAY + timedelta(seconds=1))
    inside.confirm("a1", f" {code} ", AT)
    assert inside.contact("a1").confirmed
    with pytest.raises(BadUsage, match="失效"):
        inside.confirm("a1", code, AT)
    inside.set_contact("a1", email=mine, digest=False)
    assert inside.contact("a1").confirmed, "the same address stays confirmed"
    inside.set_contact("a1", email=other)
    assert not inside.contact("a1").confirmed
    inside.await_code("a1", mine, code, AT)
    assert not inside.contact("a1").code, "what was sent to the address before confirms nothing"
    inside.await_code("a1", other, code, AT)
    for _ in range(5):
        with pytest.raises(BadUsage, match="不对"):
            inside.confirm("a1", "x", AT)
    with pytest.raises(BadUsage, match="失效"):
        inside.confirm("a1", code, AT)


def test_nothing_goes_to_an_address_before_it_is_confirmed(db: None, tell_settings: Telling) -> None:
    from luoshi.notify import inside, outbox

    tell_settings(mail_at(25))
    (who,) = make_accounts(1, email=False)
    inside.set_contact(who, email="su@qishan.example")
    inside.tell([who], message("k1"), now=AT)
    assert outbox.counts() == {}
    inside.await_code(who, "su@qishan.example", "012345", AT)
    inside.confirm(who, "012345", AT)
    inside.tell([who], message("k2"), now=AT)
    assert sum(outbox.counts().values()) == 1
