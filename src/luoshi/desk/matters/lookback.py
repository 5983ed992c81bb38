"""Drawing matters for a look back: by a rule that is stated, with a seed that is kept, so that the draw can be checked by anybody."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Final

import msgspec

from luoshi.desk.actor import Actor
from luoshi.desk.done import Conflict, Done, NotFound, WrongValue
from luoshi.desk.matters.ruling import rules_for
from luoshi.desk.rights import require
from luoshi.ledger import models
from luoshi.ledger.entry import Draft, moment
from luoshi.ledger.ids import ident
from luoshi.ledger.matters import seen
from luoshi.ledger.scope import Scope
from luoshi.ledger.store import Clock, Writer, now, writing
from luoshi.loop import clock as clocks
from luoshi.loop.mechanism import LookBack, Mechanism
from luoshi.loop.rules import Rules
from luoshi.loop.sampling import draw as drawn_of

#: more candidates than this make an entry too long; a year of a whole city's matters is less
MOST: Final = 20_000
_LONGEST_SEED: Final = 100


class Wanted(msgspec.Struct, frozen=True):
    """What is to be drawn: matters of a mechanism that were closed from ``first`` to ``last`` (days), ``share`` per cent, ``least`` at least."""

    mechanism: str
    first: str
    last: str
    seed: str
    share: int
    least: int = 1


def rule_of(mechanism: Mechanism) -> LookBack:
    """How the mechanism draws; raises ``Conflict`` where it knows no look back."""
    if mechanism.look_back is None:
        raise Conflict(f"{mechanism.title.zh}没有回头看", where=mechanism.id, remedy="请选别的机制，或在机制文件里加上 look_back")
    return mechanism.look_back


def latest(rules: Rules, at: str) -> str:
    """The last day of closing that may be drawn from at a moment: the mechanism's time after closing is over then."""
    limit = clocks.read_limit(rule_of(rules.mechanism).after)
    then = datetime.fromisoformat(at)
    day = clocks.day_of(then, rules.zone)
    while clocks.due_of(clocks.end_of_day(day, rules.zone), limit, rules.calendar, rules.zone, roll=False) >= then:
        day = date.fromordinal(day.toordinal() - 1)
    return day.isoformat()


def draw(actor: Actor, wanted: Wanted, scope: Scope, *, clock: Clock = now) -> Done:
    """Draws and keeps the rule, the seed, the candidates and who was drawn. The same draw is kept once."""
    require(actor, "lookback.draw")
    rules = rules_for(wanted.mechanism)
    rule = rule_of(rules.mechanism)
    with writing(clock=clock) as writer:
        first, last = _days(wanted, rules, writer)
        found = candidates(wanted.mechanism, first, last, scope, rules)
        if not found:
            raise NotFound("这段时间里没有办结的事项可抽", where=f"{first} 至 {last}", remedy="请换一段时间")
        if len(found) > MOST:
            raise WrongValue(f"候选事项有 {len(found)} 件，超过 {MOST} 件", where="first", remedy="请分几段时间抽")
        seed = " ".join(wanted.seed.split())
        if len(seed) > _LONGEST_SEED:
            raise WrongValue(f"随机种子超过 {_LONGEST_SEED} 字", where="seed", remedy="请写得短些")
        data = {
            "mechanism": rules.mechanism.id, "first": first, "last": last, "share": wanted.share, "least": wanted.least, "seed": seed,
            "source": rule.source, "candidates": found, "drawn": drawn_of(found, wanted.share, wanted.least, seed),
        }  # fmt: skip
        key = ident("l", *(str(data[name]) for name in ("mechanism", "first", "last", "share", "least", "seed")), *found)
        if writer.get("lookback", key) is not None:
            raise Conflict("同样的抽查已经抽过", where=seed, remedy="请看已有的那一次；要另抽，请换随机种子")
        return Done.of([writer.append(actor.id, Draft("lookback.draw", key, data))])


def candidates(mechanism: str, first: str, last: str, scope: Scope, rules: Rules) -> list[str]:
    """The matters of the mechanism that the scope sees and that are closed since a day of these, by id."""
    since = moment(clocks.start_of_day(date.fromisoformat(first), rules.zone))
    until = moment(clocks.end_of_day(date.fromisoformat(last), rules.zone))
    found = seen(models.Matter.objects.filter(mechanism=mechanism, state="closed", closed_at__gte=since, closed_at__lte=until), scope)
    return sorted(found.values_list("id", flat=True)[: MOST + 1])


def _days(wanted: Wanted, rules: Rules, writer: Writer) -> tuple[str, str]:
    """The two days; raises ``WrongValue`` where one is none, where they are the wrong way round or where the last is too near."""
    for name in ("first", "last"):
        if not _is_day(getattr(wanted, name)):
            raise WrongValue(f"“{getattr(wanted, name)[:20]}”不是日期", where=name, remedy="请写日期，如 2026-03-01")
    if wanted.first > wanted.last:
        raise WrongValue("开始日期在结束日期之后", where="first", remedy="请对调两个日期")
    if wanted.last > (most := latest(rules, writer.at)):
        after = rule_of(rules.mechanism).after
        raise WrongValue(f"办结满 {told(after)}才回头看，结束日期最晚是 {most}", where="last", remedy=f"请填 {most} 或更早的日期")
    return wanted.first, wanted.last


_UNITS: Final = {"workday": "个工作日", "day": "天", "week": "周", "month": "个月", "year": "年", "hour": "小时", "minute": "分钟"}


def told(limit: str) -> str:
    """A limit in words (`1 个月`)."""
    found = clocks.read_limit(limit)
    return f"{found.amount} {_UNITS[found.unit]}"


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) is not None
