"""What the ledger's loop says, told to those whom it concerns: each entry once, however many tell and whoever dies meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

import msgspec
from django.db import transaction

from luoshi.ledger import models
from luoshi.ledger.acts.matters import life_of
from luoshi.ledger.belonging import today, units_for
from luoshi.ledger.entry import moment
from luoshi.ledger.holding import Held, held, plain
from luoshi.ledger.places import tree
from luoshi.ledger.store import now as store_now
from luoshi.ledger.veiling import tells_of_persons, titles_of
from luoshi.loop import clock as clocks
from luoshi.loop.matter import Matter, Move, Ticking
from luoshi.loop.mechanism import Mechanism, Part, Words
from luoshi.messages import Lang
from luoshi.notify import config, inside
from luoshi.notify.message import Kind, Message
from luoshi.notify.message import Matter as Shown
from luoshi.notify.models import Mark
from luoshi.notify.wording import word

#: the mechanism of a version, as the caller knows it
MechanismFor = Callable[[str, int], Mechanism]
_MARK: Final = "entries"
_ACTS: Final = ("loop.file", "loop.act", "loop.tick")
#: so many entries are looked at in one transaction: others write in between
_BATCH: Final = 200
#: where nothing was told before (a ledger just filled or restored), what is older is no news: nobody reads hundreds of them
_FIRST: Final = timedelta(days=3)
_LONGEST: Final = 200
#: what an act with this effect is to those who are told of it
_KINDS: Final[Mapping[str, Kind]] = {
    "assign": "assigned", "transfer": "assigned", "split": "assigned", "chase": "reminder", "instruct": "waiting", "extend": "decided",
    "close": "decided", "terminate": "decided", "merge": "decided", "hang": "decided", "resume": "decided", "adjust": "decided",
    "settle": "decided", "reopen": "returned",
}  # fmt: skip


class Told(msgspec.Struct, frozen=True):
    """What an entry says: the message, and the parts of the matter that it is for."""

    message: Message
    parts: tuple[str, ...]


class Case(msgspec.Struct, frozen=True):
    """What is known of the matter of an entry: its state now, number, title, the units' names, and whether it is kept inside."""

    matter: Matter
    number: str
    title: str
    unit: str
    light: str
    region: str
    private: bool


def tell_new(mechanism_for: MechanismFor, *, now: datetime | None = None, most: int = 100_000) -> int:
    """Tells what entries say that were not told yet, ``most`` entries at most; how many notices came of them.

    The mark of the last entry told and the notices are written together, so that who dies half-way has told nothing of a batch.
    """
    at, count, seen = now or store_now(), 0, 0
    while seen < most:
        with transaction.atomic():
            mark = _mark(at)
            head = models.Head.objects.filter(pk=1).values_list("seq", flat=True).first() or 0
            if mark.seq > head:
                # an older ledger was put in place of the one that was told
                Mark.objects.filter(pk=_MARK).update(seq=head)
            last = min(mark.seq + _BATCH, head)
            if last <= mark.seq:
                return count
            count += _tell(mark.seq, last, mechanism_for, at)
            seen += last - mark.seq
            Mark.objects.filter(pk=_MARK).update(seq=last)
    return count


def _mark(at: datetime) -> Mark:
    """The mark, held until the transaction ends. On SQLite a transaction holds the whole database."""
    if not Mark.objects.filter(pk=_MARK).exists():
        old = models.Entry.objects.filter(at__lt=moment(at - _FIRST)).order_by("-at", "-seq").values_list("seq", flat=True).first() or 0
        Mark.objects.bulk_create([Mark(id=_MARK, seq=old)], ignore_conflicts=True)
    return Mark.objects.select_for_update().get(pk=_MARK)


def _tell(after: int, last: int, mechanism_for: MechanismFor, at: datetime) -> int:
    entries = models.Entry.objects.filter(seq__gt=after, seq__lte=last, act__in=_ACTS).order_by("seq")
    people, count, lang = People(), 0, config.lang()
    for entry in entries:
        data: Mapping[str, Any] = msgspec.json.decode(entry.data)
        case = _case(entry.subject, data)
        if case is None:
            continue
        told = message_of(entry.seq, data, case, mechanism_for(case.matter.mechanism, case.matter.version), lang)
        if told is None:
            continue
        mechanism = mechanism_for(case.matter.mechanism, case.matter.version)
        accounts = set().union(*(people.of(key, case, mechanism) for key in told.parts)) - {entry.actor}
        count += inside.tell(accounts, told.message, now=at)
        if told.message.kind in {"reminder", "escalation", "assigned", "returned"}:
            inside.announce(told.message, units=case.matter.parts.get("lead", ()), now=at)
    return count


def _case(item: str, data: Mapping[str, Any]) -> Case | None:
    """The matter of an entry that tells somebody something; None of one that does not."""
    if not data["move"].get("tells") and not data.get("matter"):
        return None
    row = models.Matter.objects.filter(pk=item).first()
    if row is None:
        return None
    title = titles_of([item]).get(item, "")
    unit = models.Organisation.objects.filter(pk=row.unit).values_list("name", flat=True).first() or "" if row.unit else ""
    return Case(life_of(row.life), row.number, title, unit, row.light, row.region_code, row.internal)


# --- what is said; pure


def message_of(seq: int, data: Mapping[str, Any], case: Case, mechanism: Mechanism, lang: Lang = "zh") -> Told | None:
    """What an entry of the loop says and to which parts; None where it concerns nobody."""
    move = msgspec.convert(data["move"], Move)
    private = case.private or mechanism.is_internal(case.matter.variant) or tells_of_persons(mechanism)
    parts = move.tells
    if data.get("matter"):
        # who is to act on a new matter, the members of a group among them
        parts = (data.get("turn", ""),)
    if not any(parts) or _is_doubled(move, mechanism):
        return None
    kind, words = _said(move, data, case, mechanism, lang)
    shown = Shown(
        number=case.number, title=case.title, category=_in(mechanism.title, lang), unit=case.unit, due=_due(move, case, mechanism), light=case.light,
        link=f"/item/{case.matter.item}", private=private,
    )  # fmt: skip
    title = word("tell.title", lang, what=words, title=case.number if private or not case.title else case.title)
    message = Message(
        kind=kind, key=f"entry:{seq}", title=title, lines=() if private else _lines(move), matters=(shown,), link=shown.link,
        urgent=move.kind in {"rung", "month"} and bool(move.paper),
    )  # fmt: skip
    return Told(message, parts)


def _is_doubled(move: Move, mechanism: Mechanism) -> bool:
    """Whether a step of the ladder says the same at the same moment: a time that runs out, and the note that says so."""
    key = move.act.rpartition(".")[0]
    return move.kind == "lapse" and any(rung.clock == key and not rung.before and rung.after in {"", "0 days"} for rung in mechanism.ladder)


def _said(move: Move, data: Mapping[str, Any], case: Case, mechanism: Mechanism, lang: Lang) -> tuple[Kind, str]:
    """Of which kind it is, and what happened in words."""
    if data.get("matter"):
        stage = next(
            (one for one in mechanism.stages if one.key == (case.matter.stage if not case.matter.acts else mechanism.first.key)), None
        )
        return ("assigned" if data["matter"].get("parent") else "waiting"), _in(stage.title, lang) if stage else ""
    if move.kind in {"warn", "lapse"}:
        return "reminder", word(f"tell.{move.kind}", lang, clock=_timed(mechanism, move.act.rpartition(".")[0], lang))
    if move.kind == "rung":
        rung = next((one for one in mechanism.ladder if one.key == move.act), None)
        return ("escalation" if move.paper else "reminder"), _in(rung.title, lang) if rung else move.act
    if move.kind == "month":
        titles = [_in(one.title, lang) for one in mechanism.ladder if one.light and one.paper == move.paper]
        return "escalation", word("tell.month", lang, what="、".join(titles), month=move.act)
    if move.kind == "child":
        return "waiting", word("tell.members", lang)
    act = mechanism.act(move.act)
    if act is None:
        return "decided", move.act
    if act.quality == "fail" or act.paper == "return":
        return "returned", _in(act.title, lang)
    turn = data.get("turn", "")
    return _KINDS.get(act.effect or "", "waiting" if turn in move.tells else "decided"), _in(act.title, lang)


def _timed(mechanism: Mechanism, key: str, lang: Lang) -> str:
    found = mechanism.clock(key) or next((rhythm for rhythm in mechanism.rhythms if rhythm.key == key), None)
    return _in(found.title, lang) if found else key


def _lines(move: Move) -> tuple[str, ...]:
    """The words of whoever did it."""
    said = str(move.inputs.get("reason") or move.inputs.get("text") or "").strip()
    return (said[:_LONGEST],) if said else ()


def _due(move: Move, case: Case, mechanism: Mechanism) -> date | None:
    """The day that counts: of the clock that it is about, else of the matter's own."""
    clock: Ticking | None = None
    if move.kind in {"warn", "lapse"}:
        clock = next((one for one in case.matter.clocks if one.name == move.act), None)
    clock = clock or (case.matter.last(mechanism.main.key) if mechanism.main else None)
    return clocks.day_of(clock.due, _zone()) if clock else None


def _zone() -> Any:
    from zoneinfo import ZoneInfo

    from django.conf import settings

    return ZoneInfo(settings.TIME_ZONE)


def _in(words: Words, lang: Lang) -> str:
    return words.zh if lang == "zh" else words.en


# --- whom it concerns


class People:
    """The accounts that stand behind the parts of matters today; read once for many entries."""

    def __init__(self) -> None:
        rows = models.Account.objects.filter(active=True).values_list("id", "name", "roles", "unit", "region")
        self._accounts = [(id_, name, frozenset(msgspec.json.decode(roles)), unit, region) for id_, name, roles, unit, region in rows]
        self._counting: dict[str, frozenset[str]] = {}
        self._holders: dict[tuple[str, ...], Held] = {}

    def of(self, key: str, case: Case, mechanism: Mechanism) -> set[str]:
        """The accounts of a part: liaisons of the units that have the duty, of the office those with the role who see the region."""
        part = mechanism.part(key)
        if part is None or part.held in {"public", "system"}:
            return set()
        if part.held == "duty":
            # the members of a group answer in matters of their own; who speaks for the group is whoever runs the supervision
            return self._by_role("supervisor", case.region) if case.matter.children else self._by_unit(case.matter.parts.get(key, ()))
        return self._by_post(part, case)

    def _by_unit(self, units: Collection[str]) -> set[str]:
        return {id_ for id_, _, roles, unit, _ in self._accounts if unit and "liaison" in roles and not self._units(unit).isdisjoint(units)}

    def _units(self, unit: str) -> frozenset[str]:
        if unit not in self._counting:
            self._counting[unit] = units_for([unit])
        return self._counting[unit]

    def _by_role(self, role: str, region: str) -> set[str]:
        above = {"", region, *tree().ancestors(region)} if region else None
        return {id_ for id_, _, roles, _, home in self._accounts if role in roles and (above is None or home in above)}

    def _by_post(self, part: Part, case: Case) -> set[str]:
        """Of a post that the matter names its holder where that one has an account, else all with the role."""
        found = self._by_role(part.role, case.region)
        posts = case.matter.parts.get(part.key, ())
        if part.role != "leader" or not posts:
            return found
        held_by = self._held(posts)
        named = {id_ for id_, _, roles, *_ in self._accounts if id_ in held_by.accounts and part.role in roles}
        # two leaders of one name: whoever keeps posts has to say whose it is, and both are told meanwhile
        same = {plain(name) for name in held_by.unclear}
        return named | {id_ for id_, name, roles, *_ in self._accounts if plain(name) in same and part.role in roles} or found

    def _held(self, posts: Iterable[str]) -> Held:
        """Whose accounts hold these posts today."""
        key = tuple(posts)
        if key not in self._holders:
            self._holders[key] = held(key, today())
        return self._holders[key]
