"""The demonstration's appraisals: quarters, one with an objection upheld, the year made of them, a horse race, enterprises rated by land. All invented."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from importlib.resources import files
from typing import Final

from luoshi.demo.driving import first_day
from luoshi.desk.actor import Actor, Role
from luoshi.desk.appraisal.bringing import bring
from luoshi.desk.appraisal.deciding import Correction, Objecting, announce, decide, make_final, object_to
from luoshi.desk.appraisal.drawing import Wanted, candidates, draw_up
from luoshi.desk.appraisal.period import period_of
from luoshi.desk.appraisal.ruling import scheme_for
from luoshi.desk.appraisal.scoring import score_of
from luoshi.ledger import models
from luoshi.ledger.appraised import Objection, Score
from luoshi.ledger.scope import Scope
from luoshi.ledger.store import time_of

_EVERYTHING: Final = Scope.whole()
_TABLES: Final = "documents"


def appraise(appraiser: Actor, second: Actor, decider: Actor, region: str, today: datetime) -> None:
    """Draws up, announces, objects, decides; the clock stands some days before today, so that an objection can still be tried."""
    quarter = _quarter(today.date())
    _earlier(appraiser, second, quarter, region, today)
    key = _on(today, -16, lambda: _units(appraiser, "A12", quarter, region))
    if key:
        _on(today, -15, lambda: announce(appraiser, key, _day(today, -6), _EVERYTHING).subjects[0])
        _objected(decider, key, today)
        _on(today, -5, lambda: make_final(second, key, _EVERYTHING).subjects[0])
    _year(appraiser, quarter, region, today)
    race = _on(today, -20, lambda: draw_up(appraiser, Wanted("A10", _month(today.date()), region), _EVERYTHING).subjects[0])
    _table(appraiser, race, "race.csv", "经济指标.csv", today, -19)
    _on(today, -18, lambda: announce(appraiser, race, _day(today, -12), _EVERYTHING).subjects[0])
    _on(today, -10, lambda: make_final(second, race, _EVERYTHING).subjects[0])
    land = _on(today, -9, lambda: draw_up(appraiser, Wanted("A17", str(today.year - 1), region), _EVERYTHING).subjects[0])
    _table(appraiser, land, "enterprises.csv", "亩均评价数据.csv", today, -8)
    _on(today, -7, lambda: announce(appraiser, land, _day(today, 7), _EVERYTHING).subjects[0])
    last = Score.objects.filter(appraisal=land, grade="D").order_by("-place").first()
    if last is not None:
        wanted = Objecting(last.subject, "tax", "完税证明与评价税收相差二百四十万元，退税没有加回，附完税证明。")
        _on(today, -3, lambda: object_to(appraiser, land, wanted, _EVERYTHING).subjects[0])


def _on(today: datetime, day: int, work: Callable[[], str]) -> str:
    """What the work gives, done on a day counted from today."""
    at = (today + timedelta(days=day)).astimezone(UTC).replace(hour=2, minute=0, second=0, microsecond=0)
    with time_of(lambda: at):
        return work()


def _day(today: datetime, day: int) -> str:
    return (today + timedelta(days=day)).date().isoformat()


def _earlier(appraiser: Actor, second: Actor, quarter: str, region: str, today: datetime) -> None:
    """The quarters of the year before this one that the ledger has whole: drawn up, announced, final soon after each was over."""
    for at in range(1, int(quarter[-1])):
        period = f"{quarter[:4]}-Q{at}"
        if not _is_whole(period, today):
            continue
        over = (period_of(period).last - today.date()).days
        key = _on(today, over + 3, lambda period=period: _units(appraiser, "A12", period, region))  # type: ignore[misc]
        if key:
            _on(today, over + 4, lambda key=key, over=over: announce(appraiser, key, _day(today, over + 10), _EVERYTHING).subjects[0])  # type: ignore[misc]
            _on(today, over + 12, lambda key=key: make_final(second, key, _EVERYTHING).subjects[0])  # type: ignore[misc]


def _is_whole(period: str, today: datetime) -> bool:
    """Whether the ledger was there when the period began."""
    return period_of(period).first >= today.date() + timedelta(days=first_day())


def _year(appraiser: Actor, quarter: str, region: str, today: datetime) -> None:
    """The year: its quarters out of the ledger, those of before there was one and the marks of the raters by a table.

    A year needs three quarters: before the third is over it is the year before, where the ledger goes back so far.
    """
    years = [quarter[:4]] if int(quarter[-1]) > 2 else [str(int(quarter[:4]) - 1), quarter[:4]]
    for year in years:
        key = _on(today, -3, lambda year=year: _units(appraiser, "A13", year, region))  # type: ignore[misc]
        if not key:
            continue
        marks = _marks(key, year, today)
        _on(today, -2, lambda key=key, marks=marks: bring(appraiser, key, marks, "年终评议.csv", _EVERYTHING)[0].subjects[0])  # type: ignore[misc]
        _on(today, -1, lambda key=key: announce(appraiser, key, _day(today, 9), _EVERYTHING).subjects[0])  # type: ignore[misc]
        return


def _marks(key: str, year: str, today: datetime) -> bytes:
    """The table of the raters, one of whom has left a unit out; and the quarters that were over before the ledger began."""
    before = [at for at in (1, 2, 3, 4) if not _is_whole(f"{year}-Q{at}", today)]
    lines = ["单位," + "".join(f"{'一二三四'[at - 1]}季度得分," for at in before) + "主要领导评议,分管领导评议,单位互评,服务对象评议"]
    for at, name in enumerate(Score.objects.filter(appraisal=key).order_by("subject").values_list("name", flat=True)):
        quarters = [str(82 + (at * 5 + quarter) % 15) for quarter in before]
        marks = [str(84 + at * 7 % 13), str(82 + at * 5 % 15), "" if at == 1 else str(80 + at * 3 % 17), str(85 + at * 11 % 12)]
        lines.append(",".join((name, *quarters, *marks)))
    return "\n".join(lines).encode()


def _units(appraiser: Actor, scheme: str, period: str, region: str) -> str:
    """The appraisal of all units that had matters in the period; empty where there are none."""
    found = candidates(scheme_for(scheme), period, region, _EVERYTHING)
    groups = {one.id: one.group or "general" for one in found}
    return draw_up(appraiser, Wanted(scheme, period, region, groups), _EVERYTHING).subjects[0] if groups else ""


def _objected(decider: Actor, key: str, today: datetime) -> None:
    """A unit that was late once objects, and is right."""
    found = _late(key)
    if found is None:
        return
    row, account, late = found
    liaison = Actor(account.id, account.username, account.name, (Role.LIAISON,), account.unit, account.region)
    wanted = Objecting(row.subject, "met", "有一项到期那天本单位正在搬迁，系统登不上，已经电话说明，请核减一次逾期。")
    _on(today, -14, lambda: object_to(liaison, key, wanted, _EVERYTHING).subjects[0])
    objection = Objection.objects.get(appraisal=key, subject=row.subject)
    right, words = Correction("late", str(late - 1)), "查通话记录，当日确已电话说明，核减一次。"
    _on(today, -12, lambda: decide(decider, objection.id, True, words, _EVERYTHING, correction=right).subjects[0])


def _late(key: str) -> tuple[Score, models.Account, int] | None:
    """The unit with the highest score among those that were late, with the account of its liaison."""
    for row in sorted(Score.objects.filter(appraisal=key).exclude(points=""), key=lambda row: (-Decimal(row.points), row.subject)):
        late = next((use.value for line in score_of(row).lines for use in line.uses if use.key == "late"), None)
        account = models.Account.objects.filter(unit=row.unit).order_by("username").first()
        if late and account is not None:
            return row, account, int(late)
    return None


def _table(appraiser: Actor, key: str, name: str, shown: str, today: datetime, day: int) -> None:
    data = files("luoshi.demo").joinpath(_TABLES, name).read_bytes()
    _on(today, day, lambda: bring(appraiser, key, data, shown, _EVERYTHING)[0].subjects[0])


def _quarter(today: date) -> str:
    """The last quarter that is over; in the first ten days of one, the one before has just ended."""
    year, quarter = divmod(today.year * 4 + (today.month - 1) // 3 - 1, 4)
    return f"{year}-Q{quarter + 1}"


def _month(today: date) -> str:
    year, month = divmod(today.year * 12 + today.month - 2, 12)
    return f"{year}-{month + 1:02d}"
