"""When each letter goes out: quiet hours, the rates that remotes allow, the daily digest. Pure; the clock is an argument."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

import msgspec

Workday = Callable[[date], bool]
#: a remote's minute and second are not ours: what is sent within them is counted over a little more
_MINUTE: Final = timedelta(seconds=62)
_SECOND: Final = timedelta(seconds=1.2)
#: how far the end of quiet hours is looked for: the longest holiday with its weekends and more
_DAYS: Final = 31


class Quiet(msgspec.Struct, frozen=True, kw_only=True):
    """Hours in which nothing goes out, and whether days off are quiet too. The defaults are Luoshi's own: 本系统缺省，请本单位核定."""

    start: time = time(20, 0)
    end: time = time(8, 0)
    workdays_only: bool = True
    #: whether urgent escalations go out all the same
    urgent_passes: bool = False


class Limit(msgspec.Struct, frozen=True, kw_only=True):
    """The rate of a channel; 0: none."""

    per_minute: int = 0
    per_second: int = 0
    #: whether the first minute of each half hour, in which everybody sends, is left out
    avoids_half_hours: bool = False


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A letter that waits. ``account``: the person it goes to, ``""`` for a group. ``due``: the first due day in it."""

    id: str
    channel: str
    kind: str
    made: datetime
    account: str = ""
    urgent: bool = False
    due: date | None = None
    #: not before this moment, which an earlier try has told
    after: datetime | None = None


class Slot(msgspec.Struct, frozen=True):
    """A letter and the moment for it."""

    id: str
    at: datetime


class Merged(msgspec.Struct, frozen=True):
    """Letters that become one: of a group into one message, of a person (``digest``) into the next morning's."""

    ids: tuple[str, ...]
    channel: str
    kind: str
    account: str
    digest: bool


class Plan(msgspec.Struct, frozen=True):
    """What goes out within the horizon, each at its moment and in this order; what comes later; what is merged."""

    now: tuple[Slot, ...] = ()
    later: tuple[Slot, ...] = ()
    merged: tuple[Merged, ...] = ()


class Office(msgspec.Struct, frozen=True, kw_only=True):
    """What the rules need to know of the office. ``digest``: when the daily digest goes out on working days; None: never."""

    zone: tzinfo
    is_workday: Workday
    quiet: Quiet = Quiet()
    digest: time | None = time(8, 30)
    #: persons who take the digest instead of single reminders
    readers: frozenset[str] = frozenset()


def plan(
    waiting: Sequence[Waiting],
    limits: Mapping[str, Limit],
    office: Office,
    now: datetime,
    *,
    sent: Mapping[str, Sequence[datetime]],
    horizon: timedelta = timedelta(seconds=50),
) -> Plan:
    """The plan for letters that wait; ``sent``: when something was tried on each channel in the last minutes. Urgent ones come first."""
    merged = [*_into_digests(waiting, office, now), *_into_one(waiting, office, now)]
    gone = {id_ for one in merged for id_ in one.ids}
    used = {channel: sorted(moments) for channel, moments in sent.items()}
    slots = []
    for letter in sorted(waiting, key=lambda one: (not one.urgent, one.made, one.id)):
        if letter.id in gone:
            continue
        at = next_slot(limits.get(letter.channel, Limit()), used.setdefault(letter.channel, []), _ready(letter, office, now), office)
        insort(used[letter.channel], at)
        slots.append(Slot(letter.id, at))
    slots.sort(key=lambda slot: slot.at)
    end = now + horizon
    return Plan(tuple(slot for slot in slots if slot.at <= end), tuple(slot for slot in slots if slot.at > end), tuple(merged))


def _ready(letter: Waiting, office: Office, now: datetime) -> datetime:
    """The first moment at which a letter may go out, rates aside."""
    return after_quiet(max(now, letter.after or now), office, urgent=letter.urgent)


def after_quiet(at: datetime, office: Office, *, urgent: bool = False) -> datetime:
    """The moment itself, or the end of the quiet hours in which it lies. In a calendar without a working day: the next morning."""
    quiet = office.quiet
    if urgent and quiet.urgent_passes:
        return at
    here = at.astimezone(office.zone)
    if not _is_quiet(here, office):
        return at
    for days in range(_DAYS + 1):
        morning = datetime.combine(here.date() + timedelta(days=days), quiet.end, office.zone)
        if morning >= here and not _is_quiet(morning, office):
            return morning.astimezone(UTC)
    return datetime.combine(here.date() + timedelta(days=1), quiet.end, office.zone).astimezone(UTC)


def _is_quiet(here: datetime, office: Office) -> bool:
    quiet, clock = office.quiet, here.time()
    if quiet.workdays_only and not office.is_workday(here.date()):
        return True
    if quiet.start <= quiet.end:
        return quiet.start <= clock < quiet.end
    return clock >= quiet.start or clock < quiet.end


def next_slot(limit: Limit, used: Sequence[datetime], at: datetime, office: Office) -> datetime:
    """The first moment from ``at`` on at which one more may be sent; ``used`` (in order): when others were or will be.

    >>> from zoneinfo import ZoneInfo
    >>> noon = datetime(2026, 3, 5, 4, 0, 10, tzinfo=UTC)
    >>> office = Office(zone=ZoneInfo("Asia/Shanghai"), is_workday=lambda day: True)
    >>> (next_slot(Limit(per_minute=2), [noon, noon], noon, office) - noon).total_seconds()
    62.0
    """
    while True:
        moved = max(
            _after_window(used, at, limit.per_minute, _MINUTE),
            _after_window(used, at, limit.per_second, _SECOND),
            _after_half_hour(at, office.zone) if limit.avoids_half_hours else at,
        )
        if moved == at:
            return at
        at = moved


def _after_window(used: Sequence[datetime], at: datetime, most: int, window: timedelta) -> datetime:
    """``at``, or the moment from which fewer than ``most`` lie within any window with it, those behind it included."""
    if not most:
        return at
    first = bisect_left(used, at - window + timedelta(microseconds=1))
    last = bisect_left(used, at + window)
    near = used[first:last]
    # every run of ``most`` that would share a window with ``at`` must be left behind
    for start in range(len(near) - most, -1, -1):
        run = near[start : start + most]
        if max(at, run[-1]) - min(at, run[0]) < window:
            return max(at, run[0] + window)
    return at


def _after_half_hour(at: datetime, zone: tzinfo) -> datetime:
    here = at.astimezone(zone)
    return at.replace(second=0, microsecond=0) + timedelta(minutes=1) if here.minute % 30 == 0 else at


def digest_day(office: Office, now: datetime) -> date | None:
    """The day whose digest is to go out now: a working day from its hour on, until quiet hours begin."""
    here = now.astimezone(office.zone)
    if office.digest is None or not office.is_workday(here.date()) or here.time() < office.digest:
        return None
    return None if _is_quiet(here, office) else here.date()


def next_digest_day(office: Office, now: datetime) -> date | None:
    """The day of the digest that comes after now."""
    here = now.astimezone(office.zone)
    if office.digest is None:
        return None
    first = 0 if here.time() < office.digest else 1
    days = (here.date() + timedelta(days=days) for days in range(first, _DAYS + 1))
    return next((day for day in days if office.is_workday(day)), None)


def _into_digests(waiting: Sequence[Waiting], office: Office, now: datetime) -> list[Merged]:
    """Reminders of persons who take the digest, unless the next one comes after the due day."""
    morning = next_digest_day(office, now)
    found: dict[tuple[str, str], list[str]] = {}
    for letter in waiting:
        takes = letter.kind == "reminder" and not letter.urgent and letter.account in office.readers and letter.account != ""
        if takes and morning is not None and (letter.due is None or morning <= letter.due):
            found.setdefault((letter.channel, letter.account), []).append(letter.id)
    return [Merged(tuple(ids), channel, "digest", account, digest=True) for (channel, account), ids in found.items()]


def _into_one(waiting: Sequence[Waiting], office: Office, now: datetime) -> list[Merged]:
    """Messages of one kind that are ready for one group at the same time. Nobody waits for it: the one goes out when the first would have."""
    found: dict[tuple[str, str, bool], list[Waiting]] = {}
    for letter in waiting:
        if not letter.account and letter.kind != "test" and _ready(letter, office, now) <= now:
            found.setdefault((letter.channel, letter.kind, letter.urgent), []).append(letter)
    return [
        Merged(tuple(one.id for one in sorted(letters, key=lambda one: (one.made, one.id))), channel, kind, "", digest=False)
        for (channel, kind, _), letters in found.items()
        if len(letters) > 1
    ]
