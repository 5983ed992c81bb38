"""What waits at the hotline, section by section."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, time
from typing import Final

import msgspec
from django.db.models import QuerySet

from luoshi.desk.actor import Actor
from luoshi.desk.matters.public import MECHANISM, masked, words_of
from luoshi.ledger import models
from luoshi.ledger.called import names_of
from luoshi.ledger.desks import last_said
from luoshi.ledger.entry import moment
from luoshi.ledger.matters import seen
from luoshi.ledger.scope import Scope
from luoshi.loop.clock import day_of, overdue_days
from luoshi.web.asked import required_now
from luoshi.web.deeds import Deed, Handled, handled
from luoshi.web.seen import zone
from luoshi.web.suggested import Suggestion, suggestion_for

#: so many of a section are shown at once
MOST: Final = 60
CALLS: Final = ("call-solved", "return", "call-unreached", "close-unreached", "close-unsolved")
#: the clocks of requests that wait for approval
REQUESTS: Final = ("hang-decision", "exclusion", "extension")
DECISIONS: Final = (
    "grant-hang", "refuse-hang", "grant-exclude", "refuse-exclude", "grant-extension", "refuse-extension",
)  # fmt: skip
_ASKS: Final = ("ask-hang", "ask-exclude", "ask-extension")
_WORDS: Final = 300


class Order(msgspec.Struct, frozen=True):
    """An order on the page. Title and words are masked; ``deeds`` the acts done in place, ``on_item`` those that want more room."""

    handled: Handled
    title: str
    words: str
    unit: str
    due: str
    late: int
    suggestion: Suggestion | None = None
    deeds: tuple[Deed, ...] = ()
    on_item: tuple[str, ...] = ()
    reason: str = ""
    said: str = ""

    @property
    def row(self) -> models.Matter:
        return self.handled.row

    def may(self, act: str) -> bool:
        """Whether this act is open to who looks."""
        return any(one.act.key == act for one in self.handled.acts)


class Section(msgspec.Struct, frozen=True):
    """The orders of a section, and how many there are in all."""

    orders: tuple[Order, ...]
    total: int


class Sections(msgspec.Struct, frozen=True):
    """All that waits."""

    doubts: Section
    sure: Section
    returned: Section
    contact: Section
    calls: Section
    requests: Section
    intake: Section


def sections(actor: Actor, scope: Scope, now: datetime) -> Sections:
    """What waits for whoever runs the hotline, at a moment."""
    gather = _Gather(actor, scope, now)
    waiting = gather.stage("accepted")
    sure = tuple(one for one in waiting.orders if one.suggestion and one.suggestion.is_sure and one.may("dispatch"))
    doubts = tuple(one for one in waiting.orders if one not in sure)
    today = moment(datetime.combine(now.astimezone(zone()).date(), time.max, zone()).astimezone(UTC))
    return Sections(
        doubts=Section(doubts, len(doubts)), sure=Section(sure, waiting.total - len(doubts)),
        returned=gather.stage("returned", told=("send-back",), acts=("refuse-return",)),
        contact=gather.clock(("contact",), moment(now), acts=("chase",), order=True),
        calls=gather.clock(("call-back",), today, told=("reply",), acts=CALLS, stages=("replied",), order=True),
        requests=gather.clock(REQUESTS, "", told=_ASKS, acts=DECISIONS), intake=gather.stage("intake", suggest=False),
    )  # fmt: skip


class _Gather:
    def __init__(self, actor: Actor, scope: Scope, now: datetime) -> None:
        self._actor, self._scope, self._now = actor, scope, now

    def stage(self, stage: str, *, told: Collection[str] = (), acts: Sequence[str] = (), suggest: bool = True) -> Section:
        """The orders of a stage, the next due first."""
        found = seen(models.Matter.objects.filter(mechanism=MECHANISM, state="live", stage=stage), self._scope)
        return self._section(found, told, acts, suggest=suggest)

    def clock(
        self, keys: Sequence[str], until: str, *, told: Collection[str] = (), acts: Sequence[str] = (), stages: Sequence[str] = (),
        order: bool = False,
    ) -> Section:  # fmt: skip
        """The orders with such a clock that runs and is due by a moment, whenever where none is said."""
        clocks = models.Clock.objects.filter(mechanism=MECHANISM, key__in=keys, state="running")
        if until:
            clocks = clocks.filter(due_at__lte=until)
        found = seen(models.Matter.objects.filter(mechanism=MECHANISM, id__in=clocks.values("item")), self._scope)
        if stages:
            found = found.filter(stage__in=stages)
        return self._section(found, told, acts, suggest=False)

    def _section(self, found: QuerySet[models.Matter], told: Collection[str], acts: Sequence[str], *, suggest: bool) -> Section:
        rows = list(found.order_by("next_due", "id")[:MOST])
        items = models.Item.objects.in_bulk([row.id for row in rows])
        reasons, units = last_said([row.id for row in rows], acts=told) if told else {}, names_of({row.unit for row in rows})
        orders = [self._order(one, items.get(one.row.id), units, acts, suggest) for one in handled(rows, self._actor, self._now)]
        orders = [
            msgspec.structs.replace(
                one, reason=masked(reasons[one.row.id].text if one.row.id in reasons else "", one.handled.matter.fields)
            )
            for one in orders
        ]
        return Section(tuple(orders), found.count() if len(rows) == MOST else len(rows))

    def _order(self, one: Handled, item: models.Item | None, units: dict[str, str], acts: Sequence[str], suggest: bool) -> Order:
        fields, due = one.matter.fields, datetime.fromisoformat(one.row.next_due) if one.row.next_due else None
        small = {deed.key: deed for deed in one.deeds() if deed.key in acts and not _lacks(one, deed.key)}
        return Order(
            handled=one, title=masked(item.title if item else one.row.number, fields),
            words=masked(words_of(item.text), fields)[:_WORDS] if item else "", unit=units.get(one.row.unit, ""),
            due=day_of(due, zone()).isoformat() if due else "", late=overdue_days(due, self._now, zone()) if due and self._now > due else 0,
            suggestion=suggestion_for(one.matter, one.row.region_code) if suggest else None,
            deeds=tuple(small[key] for key in acts if key in small),
            on_item=tuple(open_.act.title.zh for open_ in one.acts if open_.act.key in acts and open_.act.key not in small),
        )  # fmt: skip


def _lacks(one: Handled, act: str) -> bool:
    """Whether the act wants a field that a small form does not ask for."""
    wanted = required_now(one.rules.mechanism, act, one.matter.fields, one.matter.variant)
    return any(one.matter.fields.get(key) in (None, "") for key in wanted)
