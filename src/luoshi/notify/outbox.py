"""The queue: what waits to be sent, each letter claimed before it is tried, so that it goes out once however many send.

A claim is one conditional UPDATE, which every database does whole. Who dies while a letter is on its way leaves a doubt: it may have arrived.
Such a letter is tried once more, under the same mark, and after a second doubt it is given up for a person to look at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final

import msgspec
from django.db import transaction
from django.db.models import F, Q

from luoshi.ledger.entry import moment
from luoshi.ledger.ids import ident
from luoshi.notify.channels import Answer
from luoshi.notify.message import Message
from luoshi.notify.models import Letter, Turn
from luoshi.notify.rules import Waiting

#: a letter on its way for longer has lost its sender; every try ends long before by its own timeouts
_LEASE: Final = timedelta(minutes=5)
_TURN: Final = timedelta(minutes=2)
#: minutes until a letter that could not be delivered comes again; after the last one it is given up
_AGAIN: Final = (1, 5, 15, 60, 120, 240, 480)
#: a letter that waited for longer tells nothing new any more
_STALE: Final = timedelta(days=14)
#: so many letters of a channel are planned at once
_PLANNED: Final = 1000


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A message to go out by a channel, to a person (``account``) or to the channel's group."""

    channel: str
    message: Message
    account: str = ""


def letter_id(draft: Draft) -> str:
    """The id of a letter: the same message to the same reader by the same channel has the same."""
    return ident("l", draft.channel, draft.account, draft.message.key)


def mark_of(letter: str) -> str:
    """The mark by which a reader knows two copies of a letter for one."""
    return letter[1:9].upper()


def put(drafts: Iterable[Draft], now: datetime) -> int:
    """Queues letters; how many are new. One that was queued before, whatever became of it, is left as it is."""
    letters = {letter_id(draft): draft for draft in drafts}
    known = set[str]()
    ids = list(letters)
    for at in range(0, len(ids), 500):
        known |= set(Letter.objects.filter(pk__in=ids[at : at + 500]).values_list("pk", flat=True))
    rows = [_row(id_, draft, now) for id_, draft in letters.items() if id_ not in known]
    Letter.objects.bulk_create(rows, batch_size=200, ignore_conflicts=True)
    return len(rows)


def _row(id_: str, draft: Draft, now: datetime) -> Letter:
    message = draft.message
    due = min((matter.due for matter in message.matters if matter.due), default=None)
    return Letter(
        id=id_, channel=draft.channel, account=draft.account, kind=message.kind, urgent=message.urgent, due=due.isoformat() if due else "",
        message=msgspec.json.encode(message).decode(), made_at=moment(now),
    )  # fmt: skip


def waiting(channels: Iterable[str], now: datetime) -> list[Waiting]:
    """The letters that wait for these channels, of each the urgent and the oldest; those that may not be tried before a later moment bear it."""
    shut = dict(Turn.objects.exclude(shut_until="").values_list("channel", "shut_until"))
    found = []
    for channel in channels:
        # those that were never tried stand before those that failed: what cannot be delivered holds nothing up
        rows = (
            Letter.objects.filter(state="waiting", channel=channel).order_by("-urgent", "after", "made_at", "id").defer("message", "said")
        )
        found += [_waiting(row, _later(row.after, shut.get(channel, ""), now)) for row in rows[:_PLANNED]]
    return found


def _waiting(row: Letter, after: datetime | None) -> Waiting:
    return Waiting(
        id=row.id, channel=row.channel, kind=row.kind, made=datetime.fromisoformat(row.made_at), account=row.account, urgent=row.urgent,
        due=date.fromisoformat(row.due) if row.due else None, after=after,
    )  # fmt: skip


def _later(after: str, shut: str, now: datetime) -> datetime | None:
    last = max(after, shut)
    return datetime.fromisoformat(last) if last > moment(now) else None


def tried(channels: Iterable[str], since: datetime) -> dict[str, list[datetime]]:
    """When letters were last tried on each channel since a moment, in order."""
    found: dict[str, list[datetime]] = {}
    rows = Letter.objects.filter(channel__in=list(channels), tried_at__gte=moment(since)).order_by("tried_at")
    for channel, at in rows.values_list("channel", "tried_at"):
        found.setdefault(channel, []).append(datetime.fromisoformat(at))
    return found


def claim(letter: str, holder: str, now: datetime) -> Letter | None:
    """The letter, which nobody else may send until it is finished; None where another has it or it is gone."""
    at = moment(now)
    ours = Letter.objects.filter(Q(after="") | Q(after__lte=at), pk=letter, state="waiting").update(
        state="sending", holder=holder, until=moment(now + _LEASE), attempts=F("attempts") + 1, tried_at=at
    )
    return Letter.objects.get(pk=letter) if ours else None


def finish(letter: Letter, holder: str, answer: Answer, now: datetime) -> str:
    """Notes what became of a claimed letter; its state now, ``lost`` where the claim had run out meanwhile."""
    values = _after(letter, answer, now)
    values |= {"holder": "", "until": "", "reason": answer.slug, "said": answer.said[:300]}
    if letter.account == "" and answer.slug == "personal-data":
        # what may not go out is not kept here either
        values["message"] = ""
    done = Letter.objects.filter(pk=letter.id, state="sending", holder=holder).update(**values)
    return str(values["state"]) if done else "lost"


def _after(letter: Letter, answer: Answer, now: datetime) -> dict[str, object]:
    """What of the letter changes."""
    if answer.outcome == "sent":
        return {"state": "sent", "message": ""}
    if answer.outcome == "given-up":
        return {"state": "given-up"}
    if answer.outcome == "unsure":
        state = "given-up" if letter.doubts else "waiting"
        return {"state": state, "doubts": letter.doubts + 1, "after": moment(now + timedelta(seconds=answer.wait))}
    if letter.attempts > len(_AGAIN):
        return {"state": "given-up"}
    seconds = max(answer.wait, _AGAIN[letter.attempts - 1] * 60)
    return {"state": "waiting", "after": moment(now + timedelta(seconds=seconds))}


def sweep(now: datetime) -> int:
    """Takes back letters whose sender died, and gives up what is stale; how many. What was given up keeps its text for two weeks."""
    lost = Letter.objects.filter(state="sending", until__lt=moment(now))
    doubtful = {"holder": "", "until": "", "reason": "notify-unsure", "said": "", "doubts": F("doubts") + 1}
    count = lost.filter(doubts__gte=1).update(state="given-up", **doubtful)
    count += lost.filter(doubts=0).update(state="waiting", **doubtful)
    old = Letter.objects.filter(made_at__lt=moment(now - _STALE))
    old.filter(state="given-up").exclude(message="").update(message="")
    stale = old.filter(state="waiting")
    return count + stale.update(state="given-up", reason="notify-stale", said="", message="")


def merge(ids: Sequence[str], draft: Draft, now: datetime) -> bool:
    """Puts one letter in the place of several that wait; nothing where one of them waits no more."""
    with transaction.atomic():
        into = letter_id(draft)
        done = Letter.objects.filter(pk__in=ids, state="waiting").update(state="merged", into=into, message="")
        if done != len(ids) or Letter.objects.filter(pk=into).exists():
            transaction.set_rollback(True)
            return False
        put([draft], now)
    return True


def keep_for_digest(ids: Sequence[str]) -> int:
    """Lays reminders aside for the reader's next digest; how many."""
    return Letter.objects.filter(pk__in=ids, state="waiting").update(state="merged", into="")


def into_digest(draft: Draft, ids: Sequence[str], now: datetime) -> bool:
    """Queues a digest in which these reminders stand; nothing where that day's is queued already."""
    with transaction.atomic():
        row = _row(letter_id(draft), draft, now)
        made = Letter.objects.get_or_create(pk=row.id, defaults=_values(row))[1]
        if made:
            Letter.objects.filter(pk__in=ids, state="merged", into="").update(into=row.id, message="")
    return made


def _values(row: Letter) -> dict[str, object]:
    return {name: getattr(row, name) for name in ("channel", "account", "kind", "urgent", "due", "message", "made_at")}


def message_of(letter: Letter) -> Message:
    """The message of a letter."""
    return msgspec.json.decode(letter.message, type=Message)


# --- whose turn it is


def take_turn(channel: str, holder: str, now: datetime) -> bool:
    """Whether this sender may use the channel from now on for a while: rates hold only where one at a time sends."""
    Turn.objects.bulk_create([Turn(channel=channel)], ignore_conflicts=True)
    free = Turn.objects.filter(Q(until__lt=moment(now)) | Q(holder=holder), channel=channel)
    return free.update(holder=holder, until=moment(now + _TURN)) == 1


def end_turn(channel: str, holder: str) -> None:
    """Lets others send by the channel."""
    Turn.objects.filter(channel=channel, holder=holder).update(holder="", until="")


def shut(channel: str, until: datetime) -> None:
    """Nobody sends by the channel until then."""
    Turn.objects.filter(channel=channel).update(shut_until=moment(until))


# --- for people to look at


def troubles(*, limit: int = 100) -> list[Letter]:
    """The letters that were given up, the newest first, each with its ``reason`` (a slug) and what the remote ``said``."""
    return list(Letter.objects.filter(state="given-up").order_by("-made_at", "id")[:limit])


def counts() -> dict[str, int]:
    """How many letters are in each state."""
    from django.db.models import Count

    return dict(Letter.objects.order_by().values_list("state").annotate(count=Count("pk")))


def resend(ids: Sequence[str], now: datetime) -> int:
    """Queues letters again that were given up and still have their text, after somebody has mended what was wrong; how many.

    Their doubts stay: the reader is told that one may come a second time.
    """
    found = Letter.objects.filter(pk__in=ids, state="given-up").exclude(message="")
    return found.update(state="waiting", attempts=0, after="", reason="", said="", made_at=moment(now))


def prune(days: int, now: datetime) -> int:
    """Forgets what came to its end more than so many days ago; how many. What waits is never forgotten."""
    ended = Letter.objects.filter(made_at__lt=moment(now - timedelta(days=days)), state__in=("sent", "merged", "given-up"))
    return ended.delete()[0]
