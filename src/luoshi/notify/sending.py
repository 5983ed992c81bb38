"""What the worker does each minute: send what is due, in the order and at the rate that the rules say; and the test of a channel."""

from __future__ import annotations

import logging
import secrets
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings

from luoshi.errors import BadUsage, LuoshiError
from luoshi.ledger import settings_now
from luoshi.ledger.entry import moment
from luoshi.ledger.models import Account
from luoshi.notify import carrier, config, inside, outbox
from luoshi.notify.channels import Answer, Robot, remotes, request_for, size_of
from luoshi.notify.config import MAIL
from luoshi.notify.digest import digest_of, one_of
from luoshi.notify.kept import robots
from luoshi.notify.mail import bare, compose
from luoshi.notify.message import Matter, Message, Style, text_of
from luoshi.notify.models import Contact, Letter, Turn
from luoshi.notify.rules import Limit, Merged, Office, Slot, Workday, digest_day, next_slot, plan
from luoshi.notify.scrub import PersonalData, for_group, for_mail, refuse_personal
from luoshi.notify.wording import word

log = logging.getLogger(__name__)
#: what concerns a person on a day, for the digest: account and day given
Agenda = Callable[[str, date], Sequence[Matter]]
#: what was tried so long ago counts in no rate any more
_LOOKED_BACK: Final = timedelta(minutes=3)
_DIGESTS: Final = "digests"


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """What one round did: letters by what became of them."""

    sent: int = 0
    later: int = 0
    given_up: int = 0
    unsure: int = 0
    merged: int = 0
    digests: int = 0


class Clock(msgspec.Struct, frozen=True):
    """The time, and how to wait; tests have their own."""

    now: Callable[[], datetime]
    sleep: Callable[[float], None]


def _no_agenda(account: str, day: date) -> tuple[Matter, ...]:
    return ()


def send_due(
    now: datetime,
    *,
    is_workday: Workday,
    agenda: Agenda = _no_agenda,
    clock: Clock | None = None,
    budget: timedelta = timedelta(seconds=50),
) -> Counts:
    """Sends what may go out now, for ``budget`` at most; what was done. Any number may call it at once: each letter goes out once.

    ``is_workday`` is the calendar of the office, ``agenda`` what stands in a person's digest beside the reminders that were laid aside.
    """
    ticking = clock or _running(now)
    sender = _Sender(_office(is_workday), ticking, f"{secrets.token_hex(8)}")
    outbox.sweep(now)
    digests = _write_digests(sender.office, agenda, now)
    sender.run(now, budget)
    _tidy(now)
    told = Counts(
        sent=sender.done["sent"], later=sender.done["waiting"], given_up=sender.done["given-up"], unsure=sender.done["unsure"],
        merged=sender.done["merged"], digests=digests,
    )  # fmt: skip
    if any(msgspec.structs.astuple(told)):
        log.info(
            "letters: %d sent, %d later, %d given up, %d merged, %d digests",
            told.sent,
            told.later,
            told.given_up,
            told.merged,
            told.digests,
        )
    return told


def _running(now: datetime) -> Clock:
    """The clock that stood at ``now`` a moment ago and runs on."""
    began = time.monotonic()
    return Clock(lambda: now + timedelta(seconds=time.monotonic() - began), time.sleep)


def _office(is_workday: Workday) -> Office:
    """What the rules need to know of this office."""
    set_now = settings_now.now()
    readers = Contact.objects.filter(mail=True, digest=True, confirmed=True).exclude(email="").values_list("pk", flat=True)
    return Office(
        zone=ZoneInfo(settings.TIME_ZONE), is_workday=is_workday, quiet=config.quiet_of(set_now), digest=config.digest_time(set_now),
        readers=frozenset(readers),
    )  # fmt: skip


class _Sender:
    """One round of one sender."""

    def __init__(self, office: Office, clock: Clock, holder: str) -> None:
        self.office, self._clock, self._holder = office, clock, holder
        self.done: Counter[str] = Counter()
        self._told = config.current()
        self._robots = {robot.id: robot for robot in robots()}
        #: channels that have nothing more to send this time
        self._closed: set[str] = set()
        self._limits = {robot.id: _limit(robot) for robot in self._robots.values()}
        #: when something was tried on each channel
        self._used: dict[str, list[datetime]] = {}

    def run(self, now: datetime, budget: timedelta) -> None:
        names = [*self._robots, *([MAIL] if self._told.mail else [])]
        busy = set(Letter.objects.filter(state="waiting", channel__in=names).order_by().values_list("channel", flat=True).distinct())
        mine = [name for name in sorted(busy) if outbox.take_turn(name, self._holder, now)]
        try:
            if mine:
                self._send(self._planned(mine, now, budget), now + budget)
        finally:
            for name in mine:
                outbox.end_turn(name, self._holder)

    def _planned(self, names: Sequence[str], now: datetime, budget: timedelta) -> tuple[Slot, ...]:
        """The slots of this round. What is merged is planned anew, since the one letter for many has to wait its turn like any other."""
        self._used = outbox.tried(names, now - _LOOKED_BACK)
        made = plan(outbox.waiting(names, now), self._limits, self.office, now, sent=self._used, horizon=budget)
        if not made.merged:
            return made.now
        for merged in made.merged:
            self._merge(merged, now)
        again = plan(outbox.waiting(names, now), self._limits, self.office, now, sent=self._used, horizon=budget)
        gone = {id_ for merged in again.merged for id_ in merged.ids}
        return tuple(slot for slot in again.now if slot.id not in gone)

    def _merge(self, merged: Merged, now: datetime) -> None:
        if merged.digest:
            self.done["merged"] += outbox.keep_for_digest(merged.ids)
            return
        rows = {row.id: row for row in Letter.objects.filter(pk__in=merged.ids, state="waiting")}
        messages = [outbox.message_of(rows[id_]) for id_ in merged.ids if id_ in rows]
        if len(messages) < 2:
            return
        one = for_group(one_of(messages), config.lang())
        if outbox.merge(list(rows), outbox.Draft(channel=merged.channel, message=one), now):
            self.done["merged"] += len(rows)

    def _send(self, slots: Sequence[Slot], end: datetime) -> None:
        channels = dict(Letter.objects.filter(pk__in=[slot.id for slot in slots]).values_list("pk", "channel"))
        with carrier.robots(self._told) as post:
            for slot in slots:
                channel = channels.get(slot.id, "")
                if channel in self._closed or not self._may_use(channel, slot.at, end):
                    self._closed.add(channel)
                    continue
                self._used.setdefault(channel, []).append(self._clock.now())
                self._send_one(slot.id, post)

    def _may_use(self, channel: str, at: datetime, end: datetime) -> bool:
        """Waits for the moment at which the channel may be used; not where that comes too late, or another has taken the turn meanwhile.

        The plan took every letter to go out at its moment. What took longer moves those behind it, or the remote would count too many.
        """
        now = self._clock.now()
        at = next_slot(self._limits.get(channel, Limit()), self._used.get(channel, []), max(at, now), self.office)
        if at > end:
            return False
        if at > now:
            self._clock.sleep((at - now).total_seconds())
        return outbox.take_turn(channel, self._holder, self._clock.now())

    def _send_one(self, id_: str, post: carrier.Robots) -> None:
        letter = outbox.claim(id_, self._holder, self._clock.now())
        if letter is None:
            return
        answer = self._tried(letter, post)
        state = outbox.finish(letter, self._holder, answer, self._clock.now())
        self.done["unsure" if answer.outcome == "unsure" and state == "waiting" else state] += 1
        if answer.outcome != "sent":
            log.warning("letter %s by %s: %s %s", outbox.mark_of(letter.id), letter.channel, answer.slug, answer.said)
        # a mail server that is busy with one reader's address is there for others
        if answer.slug == "notify-unreachable" or (answer.slug == "notify-busy" and not letter.account):
            outbox.shut(letter.channel, self._clock.now() + timedelta(seconds=answer.wait))
            self._closed.add(letter.channel)

    def _tried(self, letter: Letter, post: carrier.Robots) -> Answer:
        """What became of the letter; an error of ours is an answer too, so that no letter is left in the air."""
        try:
            if letter.account:
                return _mail(letter, self._told, self._clock.now())
            robot = self._robots[letter.channel]
            return _say(robot, outbox.message_of(letter), _style(robot, letter), post, self._clock.now())
        except LuoshiError as error:
            return Answer(outcome="given-up", slug=error.slug, said=error.what)
        except Exception:
            log.exception("cannot send letter %s", outbox.mark_of(letter.id))
            return Answer(outcome="given-up", slug="internal")


def _limit(robot: Robot) -> Limit:
    remote = remotes()[robot.kind]
    return Limit(per_minute=remote.per_minute, per_second=remote.per_second, avoids_half_hours=remote.avoids_half_hours)


def _style(robot: Robot, letter: Letter) -> Style:
    return msgspec.structs.replace(_robot_style(robot), mark=outbox.mark_of(letter.id), again=letter.doubts > 0)


def _robot_style(robot: Robot) -> Style:
    end = "  \n" if robot.kind == "dingtalk" and robot.form == "markdown" else "\n"
    return Style(form=robot.form, lang=config.lang(), base=settings.LUOSHI.public_url, keyword=robot.keyword, line_end=end)


def _say(robot: Robot, message: Message, style: Style, post: carrier.Robots, now: datetime) -> Answer:
    """Lets a robot say a message; nothing of a person leaves by this door."""
    shown = for_group(message, style.lang)
    most, measure = size_of(robot, shown.title)
    text = text_of(shown, style, limit=most, measure=measure)
    refuse_personal(text, where=robot.name or robot.id)
    return post.post(robot.kind, request_for(robot, shown.title, text, now), style.lang)


def _mail(letter: Letter, told: config.Told, now: datetime) -> Answer:
    to = Contact.objects.filter(pk=letter.account, mail=True, confirmed=True).exclude(email="").first()
    may = to is not None and config.mail_may_go(to.email, settings_now.now(), told.mail)
    if to is None or told.mail is None or not may or not Account.objects.filter(pk=letter.account, active=True).exists():
        return Answer(outcome="given-up", slug="notify-no-address", said=word("mail.no_address", config.lang()))
    return _write(outbox.message_of(letter), to.email, told.mail, now, mark=outbox.mark_of(letter.id), again=letter.doubts > 0)


def _write(message: Message, to: str, mail: config.Mail, now: datetime, *, mark: str, again: bool = False) -> Answer:
    """Sends an e-mail; where something of a person is found in it, only that there is something to read."""
    lang = config.lang()
    style = Style(lang=lang, base=settings.LUOSHI.public_url, mark=mark, again=again)
    try:
        refuse_personal(text_of(message, style, limit=1_000_000), where=MAIL)
    except PersonalData:
        message = bare(message, lang)
    office = settings_now.now().office or "落实"
    return carrier.send_mail(mail, compose(message, style, sender=mail.sender, to=to, office=office, now=now))


# --- digests


def _write_digests(office: Office, agenda: Agenda, now: datetime) -> int:
    """Queues the digests of the day, once; how many. Who dies half-way is followed by another who writes those that are missing."""
    day = digest_day(office, now)
    if day is None or config.current().mail is None or Turn.objects.filter(channel=_DIGESTS, shut_until__gte=day.isoformat()).exists():
        return 0
    count = 0
    for account in Account.objects.filter(pk__in=sorted(office.readers), active=True).values_list("pk", flat=True):
        count += _write_digest(account, day, agenda, now)
    Turn.objects.update_or_create(channel=_DIGESTS, defaults={"shut_until": day.isoformat()})
    return count


def _write_digest(account: str, day: date, agenda: Agenda, now: datetime) -> bool:
    aside = list(Letter.objects.filter(account=account, channel=MAIL, state="merged", into="").order_by("made_at", "id"))
    kept = [matter for letter in aside if letter.message for matter in outbox.message_of(letter).matters]
    digest = digest_of(account, day, [*agenda(account, day), *kept], config.lang())
    if digest is None:
        return False
    return outbox.into_digest(outbox.Draft(channel=MAIL, message=for_mail(digest), account=account), [row.id for row in aside], now)


def _tidy(now: datetime) -> None:
    """Forgets what is old, once a day."""
    today = moment(now)[:10]
    if Turn.objects.filter(channel="tidy", shut_until__gte=today).exists():
        return
    Turn.objects.update_or_create(channel="tidy", defaults={"shut_until": today})
    days = config.current().days
    outbox.prune(days, now)
    inside.prune(days, now)


# --- trying out


def try_channel(channel: str, *, account: str = "", now: datetime | None = None) -> Answer:
    """Sends a test by a channel at once, whatever the hour, and says what became of it. For e-mail to the ``account``'s own address."""
    at = now or datetime.now(UTC)
    told = config.current()
    message = Message(kind="test", key=f"test:{secrets.token_hex(8)}", title=word("kind.test", config.lang()), link="/")
    if channel == MAIL:
        return _try_mail(message, told, account, at)
    robot = next((robot for robot in robots() if robot.id == channel), None)
    if robot is None:
        raise BadUsage("没有这个通知渠道，或它已停用", where=channel[:40], remedy="请刷新页面；密钥丢失的渠道请重新填写", slug="not-found")
    with carrier.robots(told) as post:
        return _say(robot, message, _robot_style(robot), post, at)


def _try_mail(message: Message, told: config.Told, account: str, at: datetime) -> Answer:
    known, lang = inside.contact(account), config.lang()
    to = known.email
    if told.mail is None:
        raise BadUsage("没有设置邮件服务器", where="邮件", remedy="请设 LUOSHI_NOTIFY_MAIL，见 docs/notify.md", slug="bad-setting")
    if to and not config.mail_may_go(to, settings_now.now(), told.mail):
        raise BadUsage("邮件不再发往您填的域名", where="邮箱", remedy="请改填单位的邮箱", slug="wrong-value")
    if not to:
        raise BadUsage("您还没有填邮箱", where="邮件", remedy="请先填写自己的邮箱再试", slug="wrong-value")
    code = "" if known.confirmed else inside.new_code()
    lines = (word("mail.test", lang), *([word("mail.code", lang, code=code)] if code else []))
    answer = _write(msgspec.structs.replace(message, lines=lines), to, told.mail, at, mark=secrets.token_hex(4).upper())
    if code and answer.outcome == "sent":
        # a letter that did not go out leaves the digits of the last one good
        inside.await_code(account, to, code, at)
    return answer


def channel_state(channels: Sequence[str], now: datetime) -> Mapping[str, str]:
    """Until when each of these channels is shut because its remote asked for it or is away; only those that are."""
    rows = Turn.objects.filter(channel__in=list(channels), shut_until__gt=moment(now))
    return dict(rows.values_list("channel", "shut_until"))
