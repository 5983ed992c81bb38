"""The demonstration's appraisals: a quarter with an objection upheld, a month's horse race, enterprises rated by land, a year that waits. All invented."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from importlib.resources import files
from typing import Final

from luoshi.desk.actor import Actor, Role
from luoshi.desk.appraisal.bringing import bring
from luoshi.desk.appraisal.deciding import Correction, Objecting, announce, decide, make_final, object_to
from luoshi.desk.appraisal.drawing import Wanted, candidates, draw_up
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
    key = _on(today, -6, lambda: _units(appraiser, "A12", quarter, region))
    if key:
        until = (today + timedelta(days=9)).date().isoformat()
        _on(today, -5, lambda: announce(appraiser, key, until, _EVERYTHING).subjects[0])
        _objected(decider, key, today)
    race = _on(today, -20, lambda: draw_up(appraiser, Wanted("A10", _month(today.date()), region), _EVERYTHING).subjects[0])
    _table(appraiser, race, "race.csv", "经济指标.csv", today, -19)
    _on(today, -18, lambda: announce(appraiser, race, (today - timedelta(days=12)).date().isoformat(), _EVERYTHING).subjects[0])
    _on(today, -10, lambda: make_final(second, race, _EVERYTHING).subjects[0])
    land = _on(today, -9, lambda: draw_up(appraiser, Wanted("A17", str(today.year - 1), region), _EVERYTHING).subjects[0])
    _table(appraiser, land, "enterprises.csv", "亩均评价数据.csv", today, -8)
    _on(today, -7, lambda: announce(appraiser, land, (today + timedelta(days=7)).date().isoformat(), _EVERYTHING).subjects[0])
    last = Score.objects.filter(appraisal=land, grade="D").order_by("-place").first()
    if last is not None:
        wanted = Objecting(last.subject, "tax", "完税证明与评价税收相差二百四十万元，退税没有加回，附完税证明。")
        _on(today, -3, lambda: object_to(appraiser, land, wanted, _EVERYTHING).subjects[0])


def _on(today: datetime, day: int, work: Callable[[], str]) -> str:
    """What the work gives, done on a day counted from today."""
    at = (today + timedelta(days=day)).astimezone(UTC).replace(hour=2, minute=0, second=0, microsecond=0)
    with time_of(lambda: at):
        return work()


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
    _on(today, -4, lambda: object_to(liaison, key, wanted, _EVERYTHING).subjects[0])
    objection = Objection.objects.get(appraisal=key, subject=row.subject)
    right, words = Correction("late", str(late - 1)), "查通话记录，当日确已电话说明，核减一次。"
    _on(today, -2, lambda: decide(decider, objection.id, True, words, _EVERYTHING, correction=right).subjects[0])


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
