"""``luoshi tick``: does what has fallen due by itself, or says what would be done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from luoshi.messages import Speaker
from luoshi.screens.ledger import Meter, open_ledger, utc_moment


def tick(say: Speaker) -> int:
    """Writes down what is due up to now and says what that was; 1 where a matter could not be moved."""
    open_ledger(say)
    from luoshi.desk import matters

    meter = Meter(say)
    done = matters.tick(progress=lambda some, total: meter("matters", some, total))
    meter.line(say("tick.done", matters=f"{done.matters:,}", entries=f"{done.entries:,}", kinds=_listed(done.kinds, say)))
    for key in done.stuck:
        meter.line(say("tick.stuck", item=key))
    return 1 if done.stuck else 0


def foresee(say: Speaker, *, at: str | None = None) -> int:
    """Says what would be due at a moment, now where none is named; nothing is written, not even for a moment to come."""
    moment = datetime.fromisoformat(utc_moment(at)) if at else None
    open_ledger(say)
    from luoshi.desk.matters.ticking import foreseen
    from luoshi.ledger.store import now

    meter = Meter(say)
    counts = dict(foreseen(clock=lambda: moment or now(), progress=lambda some, total: meter("matters", some, total)))
    matters = counts.pop("matters", 0)
    meter.line(say("tick.foreseen", matters=f"{matters:,}", kinds=_listed(counts, say)))
    return 0


def _listed(kinds: Mapping[str, int], say: Speaker) -> str:
    """The kinds of moves with their numbers, in words."""
    told = [f"{say.word('move', kind)} {count:,}" for kind, count in sorted(kinds.items()) if count]
    return say("word.listed").join(told) if told else say("tick.nothing")
