"""Events to subscriptions: each entry of the ledger is looked at once, its events wait in the outbox, and are posted, signed, until taken."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec
from django.db import transaction

from luoshi.ledger import models
from luoshi.ledger.entry import moment
from luoshi.ledger.ids import ident
from luoshi.ledger.places import tree
from luoshi.ledger.rows import TABLES
from luoshi.ledger.store import now as store_now
from luoshi.notify import carrier, config, events, outbox
from luoshi.notify.channels import Answer, Request
from luoshi.notify.events import Event, Stand
from luoshi.notify.hooks import Hook, live_hooks
from luoshi.notify.models import Letter, Mark, Turn

log = logging.getLogger(__name__)
_MARK: Final = "hooks"
_BATCH: Final = 200
#: so many letters to one subscription in one round; the rest waits a minute
_ROUND: Final = 500


def queue_events(*, now: datetime | None = None, most: int = 100_000) -> int:
    """Queues the events of the entries that were not looked at yet; how many letters came of them.

    The mark and the letters are written together, so that who dies half-way has queued nothing of a batch. Whoever subscribes is told of what
    happens from then on.
    """
    at, count, seen = now or store_now(), 0, 0
    while seen < most:
        with transaction.atomic():
            head = models.Head.objects.filter(pk=1).values_list("seq", flat=True).first() or 0
            mark = _mark(head)
            hooks = live_hooks()
            # an older ledger may have been put in place of the one that was told; and where nobody listens nothing is kept for later
            last = head if mark.seq > head or not hooks else min(mark.seq + _BATCH, head)
            if last == mark.seq:
                return count
            if hooks and last > mark.seq:
                count += _queue(mark.seq, last, hooks, at)
            seen += abs(last - mark.seq)
            Mark.objects.filter(pk=_MARK).update(seq=last)
    return count


def _mark(head: int) -> Mark:
    """The mark, held until the transaction ends."""
    if not Mark.objects.filter(pk=_MARK).exists():
        Mark.objects.bulk_create([Mark(id=_MARK, seq=head)], ignore_conflicts=True)
    return Mark.objects.select_for_update().get(pk=_MARK)


def _queue(after: int, last: int, hooks: Sequence[Hook], at: datetime) -> int:
    letters: list[Letter] = []
    for event in _events(after, last):
        above = (event.region, *tree().ancestors(event.region)) if event.region else ()
        for hook in hooks:
            if hook.wants(event.event, above):
                letters.append(_letter(hook, event, at + timedelta(microseconds=len(letters))))
    Letter.objects.bulk_create(letters, batch_size=200, ignore_conflicts=True)
    return len(letters)


def _letter(hook: Hook, event: Event, at: datetime) -> Letter:
    key = ident("l", hook.id, event.id)
    return Letter(id=key, channel=hook.id, kind="event", message=event.body().decode(), made_at=moment(at))


def _events(after: int, last: int) -> Iterator[Event]:
    """The events of these entries, in order. Of matters that stay inside nothing is told."""
    rows = models.Entry.objects.filter(seq__gt=after, seq__lte=last, act__in=(*events.LOOP, *events.RELEASES)).order_by("seq")
    lights: dict[str, str] = {}
    for row in rows:
        data = msgspec.json.decode(row.data)
        if row.act in events.RELEASES:
            yield events.of_release(row.seq, row.at, row.subject, _region_of(row.subject))
            continue
        matter = models.Matter.objects.filter(pk=row.subject).values("number", "mechanism", "region_code", "internal").first()
        if matter is None or matter["internal"]:
            continue
        before = lights[row.subject] if row.subject in lights else _light_before(row.subject, row.seq)
        stand = Stand(matter["number"], matter["mechanism"], matter["region_code"], before)
        lights[row.subject] = _light(data) or before
        yield from events.of_matter(row.seq, row.at, row.subject, row.act, data, stand)


def _region_of(release: str) -> str:
    table = TABLES.get("release")
    found: Any = table.objects.filter(pk=release).first() if table else None  # type: ignore[attr-defined]
    return str(getattr(found, "region_code", ""))


def _light_before(item: str, seq: int) -> str:
    """The light of a matter before an entry."""
    earlier = models.Entry.objects.filter(subject=item, seq__lt=seq, act__in=events.LOOP).order_by("-seq").values_list("data", flat=True)
    return next((light for data in earlier.iterator(chunk_size=50) if (light := _light(msgspec.json.decode(data)))), "none")


def _light(data: Mapping[str, Any]) -> str:
    """The light that an entry made; ``""`` where it made none."""
    lights = data["move"].get("change", {}).get("lights")
    return "" if lights is None else str(lights.get("whole", "green"))


# --- posting


def post_due(now: datetime, *, clock: Callable[[], datetime] | None = None, budget: timedelta = timedelta(seconds=40)) -> dict[str, int]:
    """Posts what waits, for ``budget`` at most; letters by what became of them. Any number may call it at once: each letter is tried by one.

    No quiet hours here: programs do not sleep.
    """
    time, holder, done = clock or (lambda: datetime.now(UTC)), secrets.token_hex(8), dict[str, int]()
    outbox.sweep(now)
    end = time() + budget
    waiting = Letter.objects.filter(state="waiting", kind="event").order_by().values_list("channel", flat=True).distinct()
    hooks = {hook.id: hook for hook in live_hooks()}
    mine = [hooks[key] for key in sorted(waiting) if key in hooks and outbox.take_turn(key, holder, now)]
    if not mine:
        return done
    try:
        with carrier.robots(config.current()) as post:
            for hook in mine:
                _post_to(hook, post, holder, time, end, done)
    finally:
        for hook in mine:
            outbox.end_turn(hook.id, holder)
    return done


def _post_to(hook: Hook, post: carrier.Robots, holder: str, time: Callable[[], datetime], end: datetime, done: dict[str, int]) -> None:
    if _is_shut(hook.id, time()):
        return
    rows = Letter.objects.filter(state="waiting", channel=hook.id, after__lte=moment(time())).order_by("made_at", "id")
    for key in list(rows.values_list("pk", flat=True)[:_ROUND]):
        if time() > end or not outbox.take_turn(hook.id, holder, time()):
            return
        letter = outbox.claim(key, holder, time())
        if letter is None:
            continue
        answer = _tried(hook, letter, post, time())
        state = outbox.finish(letter, holder, answer, time())
        done[state] = done.get(state, 0) + 1
        if answer.outcome == "sent":
            continue
        log.warning("event %s to %s: %s %s", outbox.mark_of(letter.id), hook.id, answer.slug, answer.said)
        if answer.outcome == "later":
            # whoever is away or busy is asked again later, once for all that waits
            outbox.shut(hook.id, time() + timedelta(seconds=answer.wait))
            return


def _is_shut(channel: str, at: datetime) -> bool:
    """Whether nobody may post to this subscription just now, because it was away or asked for it."""
    return Turn.objects.filter(channel=channel, shut_until__gt=moment(at)).exists()


def _tried(hook: Hook, letter: Letter, post: carrier.Robots, at: datetime) -> Answer:
    """What became of the letter; an error of ours is an answer too."""
    body = letter.message.encode()
    try:
        return post.tell(Request(hook.url, body), headers(hook, letter.id, body, at))
    except Exception:
        log.exception("cannot post event %s", outbox.mark_of(letter.id))
        return Answer(outcome="given-up", slug="internal")


def headers(hook: Hook, letter: str, body: bytes, at: datetime) -> dict[str, str]:
    """What stands above an event: which delivery it is (the same each time it is tried), when it was signed, the signature."""
    seconds = int(at.timestamp())
    return {
        "Luoshi-Delivery": letter,
        "Luoshi-Timestamp": str(seconds),
        "Luoshi-Signature": events.sign(hook.secret, seconds, body),
    }


def try_hook(hook: Hook, at: datetime) -> Answer:
    """Posts a test event at once; what became of it."""
    key = f"test:{secrets.token_hex(4)}"
    body = msgspec.json.encode({"id": key, "event": "test", "at": moment(at), "entry": 0})
    with carrier.robots(config.current()) as post:
        return post.tell(Request(hook.url, body), headers(hook, key, body, at))
