"""What the worker does each minute, against little servers that check and count as the remotes do."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from luoshi.errors import BadUsage
from luoshi.notify.channels import Robot
from luoshi.notify.config import Told
from luoshi.notify.message import Matter
from tests.notify.making import AT, DAY, Telling, is_weekday, mail_at, make_accounts, matter, message
from tests.notify.standins import FakeClock, Post, Robots

MINUTE = timedelta(minutes=1)


def _robots(remote: Robots, *kinds: str, **values: Any) -> Told:
    secrets = {"dingtalk": "SECding", "feishu": "fei-secret", "wecom": ""}
    return Told(
        robots=tuple(Robot(**{"id": kind, "kind": kind, "url": remote.url(kind), "secret": secrets[kind], **values}) for kind in kinds)
    )


def _send(clock: FakeClock, **values: Any) -> Any:
    from luoshi.notify.sending import Clock, send_due

    return send_due(clock.at, is_workday=is_weekday, clock=Clock(clock.now, clock.sleep), **values)


def _announce(count: int, **values: Any) -> None:
    """Tests are never merged, so each goes out by itself."""
    from luoshi.notify import inside

    for number in range(count):
        inside.announce(message(f"k{number}", kind="test", **values), now=AT)


@pytest.mark.parametrize("kind", ["dingtalk", "wecom", "feishu"])
def test_signed_said_and_once(db: None, tell_settings: Telling, clock: FakeClock, remote: Robots, kind: str) -> None:
    from luoshi.notify import inside, outbox

    tell_settings(_robots(remote, kind, keyword="督查"))
    inside.announce(message("k1", matters=(matter(1, private=True, category="群众诉求"),)), now=AT)
    assert _send(clock).sent == 1
    (said,) = getattr(remote, kind).said
    assert said.splitlines()[:2] == ["【督查】新交办事项：1 项", "1. 〔2026〕1号　群众诉求"]
    inside.announce(message("k1"), now=AT)
    assert _send(clock).sent == 0
    assert outbox.counts() == {"sent": 1}


@pytest.mark.parametrize("kind", ["dingtalk", "wecom"])
def test_markdown(db: None, tell_settings: Telling, clock: FakeClock, remote: Robots, kind: str) -> None:
    from luoshi.notify import inside

    tell_settings(_robots(remote, kind, form="markdown"))
    inside.announce(message("k1", matters=tuple(matter(number) for number in range(300))), now=AT)
    assert _send(clock).sent == 1
    (said,) = getattr(remote, kind).said
    assert said.startswith("**新交办事项：300 项**")
    assert "……等 300 项" in said


@pytest.mark.parametrize(("kind", "count", "minutes"), [("dingtalk", 70, 6), ("wecom", 70, 6), ("feishu", 240, 5)])
def test_the_remote_never_has_to_limit_us(
    db: None, tell_settings: Telling, clock: FakeClock, remote: Robots, kind: str, count: int, minutes: int
) -> None:
    tell_settings(_robots(remote, kind))
    _announce(count)
    rounds = 0
    while len(getattr(remote, kind).said) < count and rounds < minutes:
        clock.at = AT + rounds * MINUTE
        counts = _send(clock)
        assert (counts.later, counts.given_up, counts.unsure) == (0, 0, 0)
        rounds += 1
    robot = getattr(remote, kind)
    assert len(robot.said) == len(set(robot.said)) == len(robot.asked) == count


def test_a_slow_way_does_not_bunch_what_follows(db: None, tell_settings: Telling, remote: Robots, clock: FakeClock) -> None:
    """Each try takes its time: what was planned for a moment goes out later, and those behind it are moved."""
    tell_settings(_robots(remote, "feishu"))
    _announce(60)
    slow = FakeClock(AT, tick=0.11)
    remote.feishu._clock = lambda: slow.at
    _send(slow, budget=timedelta(seconds=110))
    assert len(remote.feishu.said) == 60


def test_feishu_waits_for_the_half_hour_to_pass(db: None, tell_settings: Telling, clock: FakeClock, remote: Robots) -> None:
    tell_settings(_robots(remote, "feishu"))
    _announce(1)
    clock.at = AT.replace(minute=30, second=5)
    assert _send(clock).sent == 0
    clock.at = AT.replace(minute=30, second=50)
    assert _send(clock).sent == 1
    assert remote.feishu.asked[0].minute == 31


def test_many_at_once_become_one(db: None, tell_settings: Telling, clock: FakeClock, remote: Robots) -> None:
    from luoshi.notify import inside, outbox

    tell_settings(_robots(remote, "dingtalk", "wecom"))
    for number in range(40):
        inside.announce(message(f"k{number}", matters=(matter(number),)), now=AT)
    counts = _send(clock)
    assert (counts.sent, counts.merged) == (2, 80)
    assert remote.wecom.said[0].startswith("新交办事项：40 项\n1. 〔2026〕0号")
    assert "……等 40 项" in remote.wecom.said[0]
    assert "40. 〔2026〕39号" in remote.dingtalk.said[0]
    inside.announce(message("k3"), now=AT)
    assert _send(clock).sent == 0
    assert outbox.counts() == {"merged": 80, "sent": 2}


def test_limited_all_the_same(db: None, tell_settings: Telling, clock: FakeClock, remote: Robots) -> None:
    """Somebody else uses the same robot: DingTalk shuts it for ten minutes, and nothing is tried meanwhile."""
    from luoshi.notify.sending import channel_state

    tell_settings(_robots(remote, "dingtalk"))
    _announce(3)
    remote.dingtalk.refuse = (200, {"errcode": 130101, "errmsg": "send too fast"})
    assert (_send(clock).later, len(remote.dingtalk.asked)) == (1, 1)
    assert list(channel_state(["dingtalk", "wecom"], clock.at)) == ["dingtalk"]
    remote.dingtalk.refuse = None
    clock.at += 9 * MINUTE
    assert _send(clock).sent == 0
    clock.at += 2 * MINUTE
    assert _send(clock).sent == 3
    assert len(remote.dingtalk.asked) == 4


@pytest.mark.parametrize(
    ("kind", "values", "said"),
    [
        ("dingtalk", {"secret": "SECwrong"}, "310000 钉钉的安全设置不放行"),
        ("dingtalk", {"secret": ""}, "310000 钉钉的安全设置不放行"),
        ("feishu", {"secret": "wrong"}, "19021 签名不符"),
    ],
)
def test_a_refusal_is_kept_with_its_reason(
    db: None, tell_settings: Telling, clock: FakeClock, remote: Robots, kind: str, values: dict[str, str], said: str
) -> None:
    from luoshi.notify import outbox

    tell_settings(_robots(remote, kind, **values))
    _announce(1)
    assert _send(clock).given_up == 1
    (trouble,) = outbox.troubles()
    assert (trouble.reason, trouble.said.startswith(said)) == ("notify-refused", True)
    tell_settings(_robots(remote, kind))
    assert outbox.resend([trouble.id], clock.at) == 1
    assert _send(clock).sent == 1


def test_a_redirect_is_not_followed(db: None, tell_settings: Telling, clock: FakeClock, remote: Robots) -> None:
    from luoshi.notify import outbox

    tell_settings(_robots(remote, "wecom", url=f"{remote.address}/elsewhere"))
    _announce(1)
    assert _send(clock).given_up == 1
    assert outbox.troubles()[0].said == "HTTP 302"
    assert remote.wecom.asked == []


def test_what_may_have_arrived_comes_once_more_with_its_mark(db: None, tell_settings: Telling, clock: FakeClock, remote: Robots) -> None:
    from luoshi.notify import outbox

    tell_settings(_robots(remote, "wecom"))
    _announce(1)
    remote.wecom.silent = 5
    assert _send(clock).unsure == 1
    clock.at += 2 * MINUTE
    assert _send(clock).given_up == 1
    clock.at += DAY
    assert _send(clock) == type(_send(clock))()
    first, second = remote.wecom.said
    assert "重发" in second
    assert "重发" not in first
    assert first.splitlines()[-1] == second.splitlines()[-1] == f"编号 {outbox.mark_of(outbox.troubles()[0].id)}"


def test_nobody_there(db: None, tell_settings: Telling, clock: FakeClock, remote: Robots) -> None:
    from luoshi.notify import outbox

    tell_settings(_robots(remote, "wecom", url="http://127.0.0.1:9/hook?key=very-secret-key-0123"))
    _announce(5)
    counts = _send(clock)
    assert (counts.later, counts.sent) == (1, 0)
    row = outbox.waiting(["wecom"], clock.at)
    assert len(row) == 5
    assert all(one.after is not None and one.after > clock.at for one in row)


def test_no_key_is_logged(db: None, tell_settings: Telling, clock: FakeClock, remote: Robots, caplog: pytest.LogCaptureFixture) -> None:
    tell_settings(_robots(remote, "dingtalk", "feishu", secret="SEC-very-secret"))  # noqa: S106 - a secret of the test
    _announce(2)
    with caplog.at_level(logging.INFO):
        _send(clock)
    assert "notify-refused" in caplog.text
    for secret in ("token-0123456789", "very-secret", "sign=", "127.0.0.1"):
        assert secret not in caplog.text
    assert "测试" not in caplog.text


def test_personal_data_never_leaves(db: None, tell_settings: Telling, clock: FakeClock, remote: Robots) -> None:
    from luoshi.notify import inside, outbox

    tell_settings(_robots(remote, "dingtalk"))
    inside.announce(message("k1", matters=(matter(1, private=True, category="来电13900001207"),)), now=AT)
    assert _send(clock).given_up == 1
    (trouble,) = outbox.troubles()
    assert (trouble.reason, trouble.message) == ("personal-data", "")
    assert "13900001207" not in trouble.said
    assert remote.dingtalk.asked == []


def test_quiet_hours(db: None, tell_settings: Telling, clock: FakeClock, remote: Robots, post: Post) -> None:
    from luoshi.notify import inside

    tell_settings(Told(robots=_robots(remote, "wecom").robots, mail=mail_at(post.port).mail))
    (account,) = make_accounts(1)
    evening = AT.replace(hour=13)  # 21:00 in the office, a Thursday
    inside.announce(message("k1"), now=evening)
    inside.tell([account], message("k1"), now=evening)
    for clock.at in (evening, evening + timedelta(hours=10, minutes=50)):
        assert _send(clock).sent == 0
    assert inside.unread(account) == 1
    clock.at = evening + timedelta(hours=11)
    assert _send(clock).sent == 2


@pytest.mark.parametrize(("passes", "sent"), [("1", 1), ("0", 0)])
def test_urgent_ones_at_night(db: None, tell_settings: Telling, clock: FakeClock, remote: Robots, passes: str, sent: int) -> None:
    from luoshi.ledger.entry import Draft
    from luoshi.ledger.store import append

    append("aadmin", [Draft("setting.change", "notify_urgent", {"value": passes})])
    tell_settings(_robots(remote, "wecom"))
    _announce(1, urgent=True)
    clock.at = AT.replace(hour=13)
    assert _send(clock).sent == sent


# --- e-mail


def test_a_mail_to_a_person(db: None, tell_settings: Telling, clock: FakeClock, post: Post) -> None:
    from luoshi.notify import inside, outbox
    from luoshi.notify.models import Letter

    tell_settings(mail_at(post.port))
    (account,) = make_accounts(1)
    inside.tell(
        [account],
        message("k1", title="新交办\n事项", lines=("请于3月10日前报进展。",), matters=(matter(1, due=date(2026, 3, 10)),)),
        now=AT,
    )
    assert _send(clock).sent == 1
    ((to, letter),) = post.letters
    assert (to, letter["To"], letter["From"]) == ("a000@qishan.example", "a000@qishan.example", "落实 <luoshi@qishan.example>")
    assert letter["Subject"] == "新交办 事项"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Message-ID"] == f"<{outbox.mark_of(Letter.objects.get().id).lower()}.luoshi@qishan.example>"
    told = letter.get_content()
    assert "请于3月10日前报进展。\n1. 〔2026〕1号　栖山区河道清淤　责任单位：区水务局　2026年3月10日到期" in told.replace("\r\n", "\n")


def test_a_mail_with_something_of_a_person_says_only_that_there_is_one(
    db: None, tell_settings: Telling, clock: FakeClock, post: Post
) -> None:
    from luoshi.notify import inside

    tell_settings(mail_at(post.port))
    (account,) = make_accounts(1)
    inside.tell([account], message("k1", lines=("请回复来电人13900001207",)), now=AT)
    assert _send(clock).sent == 1
    told = post.letters[0][1].get_content()
    assert "13900001207" not in told
    assert "请登录系统查看" in told


def test_refused_addresses_and_a_busy_server(db: None, tell_settings: Telling, clock: FakeClock, post: Post) -> None:
    from luoshi.notify import inside, outbox

    tell_settings(mail_at(post.port))
    ids = make_accounts(3)
    post.refuse = {"a000@qishan.example": "550 no such user", "a001@qishan.example": "451 try later"}
    inside.tell(ids, message("k1"), now=AT)
    counts = _send(clock)
    assert (counts.sent, counts.later, counts.given_up) == (1, 1, 1)
    assert [(row.reason, row.said) for row in outbox.troubles()] == [("notify-refused", "550 no such user")]
    post.refuse = {}
    clock.at += 3 * MINUTE
    assert _send(clock).sent == 1
    assert sorted(to for to, _ in post.letters) == ["a001@qishan.example", "a002@qishan.example"]


def test_a_mail_server_that_hangs_up_after_the_text(db: None, tell_settings: Telling, clock: FakeClock, post: Post) -> None:
    from luoshi.notify import inside

    tell_settings(mail_at(post.port))
    inside.tell(make_accounts(1), message("k1"), now=AT)
    post.drop = 1
    assert _send(clock).unsure == 1
    clock.at += 2 * MINUTE
    assert _send(clock).sent == 1
    assert post.letters[0][1]["Message-ID"] == post.letters[1][1]["Message-ID"]


def test_no_mail_server(db: None, tell_settings: Telling, clock: FakeClock) -> None:
    from luoshi.notify import inside

    tell_settings(mail_at(9))
    inside.tell(make_accounts(20), message("k1"), now=AT)
    assert _send(clock).later == 1


def test_whoever_left_gets_nothing(db: None, tell_settings: Telling, clock: FakeClock, post: Post) -> None:
    from luoshi.ledger.models import Account
    from luoshi.notify import inside

    tell_settings(mail_at(post.port))
    ids = make_accounts(2)
    inside.tell(ids, message("k1"), now=AT)
    Account.objects.filter(pk=ids[0]).update(active=False)
    inside.set_contact(ids[1], email="")
    assert _send(clock).given_up == 2
    assert post.letters == []


# --- digests


def _agenda(account: str, day: date) -> Sequence[Matter]:
    return (matter(9, due=day, link="/items/i9"),) if account == "a000" else ()


def test_digest_in_the_morning_and_once(db: None, tell_settings: Telling, clock: FakeClock, post: Post) -> None:
    from luoshi.notify import inside, outbox

    tell_settings(mail_at(post.port))
    ids = make_accounts(3)
    inside.set_contact(ids[2], email="a002@qishan.example", digest=False)
    for number in (1, 2):
        inside.tell(ids, message(f"r{number}", kind="reminder", matters=(matter(number, due=date(2026, 3, 10)),)), now=AT)
    # the one who takes no digest is written to at once
    counts = _send(clock, agenda=_agenda)
    assert (counts.sent, counts.merged) == (2 + 1, 4)
    assert sorted(to for to, _ in post.letters) == ["a000@qishan.example", "a002@qishan.example", "a002@qishan.example"]
    post.letters.clear()
    clock.at = datetime(2026, 3, 6, 0, 29, tzinfo=UTC)
    assert _send(clock, agenda=_agenda).digests == 0
    clock.at = datetime(2026, 3, 6, 0, 30, 30, tzinfo=UTC)
    counts = _send(clock, agenda=_agenda)
    assert (counts.digests, counts.sent) == (2, 2)
    told = {to: letter.get_content() for to, letter in post.letters}
    assert (
        told["a000@qishan.example"].index("今天到期")
        < told["a000@qishan.example"].index("9号")
        < told["a000@qishan.example"].index("其他提醒")
    )
    assert {to: letter["Subject"] for to, letter in post.letters} == {
        "a000@qishan.example": "2026年3月6日：3 件事", "a001@qishan.example": "2026年3月6日：2 件事",
    }  # fmt: skip
    assert "1号" in told["a001@qishan.example"]
    assert "2号" in told["a001@qishan.example"]
    for hours in (1, 3):
        clock.at = datetime(2026, 3, 6, 1 + hours, tzinfo=UTC)
        assert _send(clock, agenda=_agenda).digests == 0
    assert outbox.counts() == {"sent": 5, "merged": 4}


def test_no_digest_on_days_off(db: None, tell_settings: Telling, clock: FakeClock, post: Post) -> None:
    tell_settings(mail_at(post.port))
    make_accounts(1)
    clock.at = datetime(2026, 3, 7, 2, tzinfo=UTC)
    assert _send(clock, agenda=_agenda).digests == 0
    clock.at = datetime(2026, 3, 9, 2, tzinfo=UTC)
    assert _send(clock, agenda=_agenda).digests == 1


def test_who_dies_among_digests_is_followed_by_another(db: None, tell_settings: Telling, clock: FakeClock, post: Post) -> None:
    tell_settings(mail_at(post.port))
    ids = make_accounts(4)

    def dying(account: str, day: date) -> Sequence[Matter]:
        if account == ids[2]:
            raise RuntimeError("power is gone")
        return (matter(9, due=day),)

    with pytest.raises(RuntimeError):
        _send(clock, agenda=dying)
    counts = _send(clock, agenda=lambda account, day: (matter(9, due=day),))
    assert (counts.digests, counts.sent) == (2, 4)
    assert sorted(to for to, _ in post.letters) == [f"{id_}@qishan.example" for id_ in ids]


# --- trying a channel


@pytest.mark.parametrize("kind", ["dingtalk", "wecom", "feishu"])
def test_trying_a_robot(db: None, tell_settings: Telling, clock: FakeClock, remote: Robots, kind: str) -> None:
    """Somebody who tries it in the evening wants to see it now."""
    from luoshi.notify.sending import try_channel

    tell_settings(_robots(remote, kind))
    clock.at = AT.replace(hour=15, minute=5)
    answer = try_channel(kind, now=clock.at)
    assert answer.outcome == "sent"
    assert "已经接通" in getattr(remote, kind).said[0]
    tell_settings(_robots(remote, kind, secret="wrong", url=f"{remote.address}/{kind}?key=wrong"))  # noqa: S106 - a secret of the test
    assert (try_channel(kind, now=clock.at).outcome, try_channel(kind, now=clock.at).slug) == ("given-up", "notify-refused")
    with pytest.raises(BadUsage, match="not-found"):
        try_channel("robot-none", now=AT)


def test_trying_the_mail(db: None, tell_settings: Telling, post: Post) -> None:
    from luoshi.notify import inside
    from luoshi.notify.sending import try_channel

    (account,) = make_accounts(1)
    with pytest.raises(BadUsage, match="LUOSHI_NOTIFY_MAIL"):
        try_channel("mail", account=account, now=AT)
    tell_settings(mail_at(post.port))
    inside.set_contact(account, email="fresh@qishan.example")
    assert try_channel("mail", account=account, now=AT).outcome == "sent"
    said = post.letters[0][1].get_content()
    assert "已经接通" in said
    (code,) = re.findall(r"验证码：(\d{6})", said)
    inside.confirm(account, code, AT)
    assert try_channel("mail", account=account, now=AT).outcome == "sent"
    assert "验证码" not in post.letters[1][1].get_content(), "who is confirmed is asked nothing"
    with pytest.raises(BadUsage, match="还没有填邮箱"):
        try_channel("mail", account="nobody", now=AT)


def test_tidied_once_a_day(db: None, tell_settings: Telling, clock: FakeClock, remote: Robots) -> None:
    from luoshi.notify import outbox

    tell_settings(_robots(remote, "wecom"))
    _announce(1)
    _send(clock)
    clock.at = AT + 200 * DAY
    _send(clock)
    assert outbox.counts() == {}


def test_nothing_goes_to_a_domain_that_is_no_longer_allowed(db: None, tell_settings: Any, post: Any) -> None:
    from luoshi.desk.actor import Actor, Role
    from luoshi.desk.settings import change
    from luoshi.ledger import settings_now
    from luoshi.notify import config, inside
    from luoshi.notify.sending import try_channel

    tell_settings(mail_at(post.port))
    (who,) = make_accounts(1)
    address = inside.contact(who).email
    assert config.mail_may_go(address, settings_now.now(), mail_at(post.port).mail)
    change(Actor("aadmin", "admin", "管理", (Role.SYSTEM_ADMIN,)), {"mail_domains": "elsewhere.example"})
    with pytest.raises(BadUsage):
        try_channel(config.MAIL, account=who)
    assert post.letters == []
