"""The facts of a document as the reading room's script takes them: compact rows, and what each reader may know of the others' words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Any, Final

import msgspec
from django.db.models import Count

from luoshi.desk.actor import Actor
from luoshi.desk.rights import may
from luoshi.ledger import models
from luoshi.ledger.reading import effective
from luoshi.web.pages.room.wording import changes

KINDS: Final = ("measure", "task", "project", "term")
STATES: Final = ("open", "accepted", "corrected", "rejected", "disputed")
#: the quotations inside a record, by the number that the script knows them by
PARTS: Final = ("indicator", "reference", "title", "leaders", "lead_units", "support_units", "deadline", "actions", "name", "definition")
#: what of a record the script shows and filters by, in this order; words are numbers of the pool, ``-1`` where there is none
READ: Final[Mapping[str, tuple[str, ...]]] = {
    "measure": ("role", "measure", "direction", "comparator", "strength", "unit", "indicator_id", "year", "year_last"),
    "task": ("due", "open"),
    "project": ("role", "stage"),
    "term": (),
}
_COLUMNS: Final = (
    "id",
    "kind",
    "start",
    "end",
    "text",
    "section",
    "rule",
    "doubt",
    "data",
    "fields",
    "checks",
    "decision",
    "state",
    "item",
    "document",
)


class Viewer(msgspec.Struct, frozen=True):
    """Who looks: the account, whether it may say a word on facts, and whether it may decide where readers differ."""

    id: str
    may_check: bool
    may_decide: bool

    @classmethod
    def of(cls, actor: Actor, *, changes: bool) -> Viewer:
        """``changes``: whether this document is one that the actor may change; those of the regions above are there to be read."""
        return cls(actor.id, changes and may(actor, "fact.accept"), changes and may(actor, "fact.decide"))


class Pool:
    """Words that come again and again, each by a number."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, word: object) -> int:
        return self._numbers.setdefault(str(word), len(self._numbers)) if word not in (None, "", False) else -1

    def words(self) -> list[str]:
        return list(self._numbers)


def facts_of(document: str, only: Iterable[str] | None = None) -> list[Mapping[str, Any]]:
    """The facts of a document in the order of its text, or some of them by id."""
    found = models.Fact.objects.filter(document=document)
    if only is not None:
        found = found.filter(pk__in=list(only))
    return list(found.order_by("ordinal").values(*_COLUMNS))


def compact(facts: Sequence[Mapping[str, Any]], text: str, viewer: Viewer) -> dict[str, Any]:
    """``facts``: ``[id, kind, start, length, section, rule, doubt, parts, read, live]`` each; ``pool``: the words that numbers stand for.

    Offsets count as a script counts (UTF-16). ``parts`` runs ``part, start from the fact's start, length, …``.
    """
    pool, place, names = Pool(), script_places(text), names_of(facts)
    rows = []
    for fact in facts:
        record = msgspec.json.decode(fact["data"])
        start = place(fact["start"])
        read = effective(fact["kind"], record, {})
        rows.append([
            fact["id"], KINDS.index(fact["kind"]), start, place(fact["end"]) - start, fact["section"], pool.number(fact["rule"]), pool.number(fact["doubt"]),
            _parts(record, start, place), _read(fact["kind"], record, read, pool), live(fact, viewer, names),
        ])  # fmt: skip
    return {"facts": rows, "pool": pool.words()}


def _parts(record: Mapping[str, Any], start: int, place: Callable[[int], int]) -> list[int]:
    out: list[int] = []
    for number, name in enumerate(PARTS):
        quotes = record.get(name) or ()
        for quote in [quotes] if isinstance(quotes, dict) else quotes:
            first = place(quote["start"])
            out += [number, first - start, place(quote["end"]) - first]
    return out


def _read(kind: str, record: Mapping[str, Any], read: Mapping[str, Any], pool: Pool) -> list[Any]:
    values = [read[name] if name in read else record.get(name) for name in READ[kind]]
    return [value if isinstance(value, int) and not isinstance(value, bool) else pool.number(value) for value in values]


def script_places(text: str) -> Callable[[int], int]:
    """The function from code points of ``text`` to the units in which a script counts; they differ behind characters beyond U+FFFF.

    >>> script_places("甲𠀀乙")(2)
    3
    """
    if len(text.encode("utf-16-le", "surrogatepass")) == 2 * len(text):
        return lambda offset: offset
    places = [0, *accumulate(2 if char > "\uffff" else 1 for char in text)]
    return lambda offset: places[min(max(offset, 0), len(text))]


def sees_words(fact: Mapping[str, Any], viewer: Viewer) -> bool:
    """Whether this viewer may know what others said: readers are independent, so one who may check does so only after the own word.

    Where two differ the third sees both; where nobody is left to be independent, everybody sees all.
    """
    if not viewer.may_check or fact["decision"] != "{}":
        return True
    if viewer.may_decide and fact["state"] == "disputed":
        return True
    return viewer.id in msgspec.json.decode(fact["checks"])


def live(fact: Mapping[str, Any], viewer: Viewer, names: Mapping[str, str]) -> Any:
    """What changes of a fact, as this viewer may see it; ``0`` where nobody has said anything.

    Keys, each only where it applies: ``state`` (``checked``: others have said a word, which is not shown yet), ``says`` (values in force
    that a person put), ``checks`` and ``decision`` (who, when, what), ``others`` (how many words are not shown), ``mine``, ``item``.
    """
    checks: dict[str, Any] = msgspec.json.decode(fact["checks"])
    decision: dict[str, Any] = msgspec.json.decode(fact["decision"])
    found: dict[str, Any] = {"item": fact["item"]} if fact["item"] else {}
    if not checks and not decision:
        return found or 0
    if not sees_words(fact, viewer):
        return {**found, "state": "checked", "others": len(checks)}
    record = msgspec.json.decode(fact["data"])
    fields = msgspec.json.decode(fact["fields"])
    found["state"] = fact["state"]
    if fields:
        found["says"] = _says(fact["kind"], record, fields)
    told = sorted(checks.items(), key=lambda check: (check[1].get("at", ""), check[0]))
    found["checks"] = [_word(reader, check, fact, record, viewer, names) for reader, check in told]
    if viewer.id in checks:
        found["mine"] = checks[viewer.id]["word"]
    if decision:
        found["decision"] = _word(decision["by"], decision, fact, record, viewer, names)
    return found


def _says(kind: str, record: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that a person put, with the amount in words where it is one of them."""
    from luoshi.web.pages.room.wording import shown

    says = dict(fields)
    if kind == "measure" and {"value", "value_max", "unit"} & set(fields):
        now = effective(kind, record, fields)
        says["amount"] = "–".join(
            part for part in (shown("value", now["value"], now), shown("value_max", now["value_max"], now)) if part != "—"
        )
    return says


def _word(
    reader: str, check: Mapping[str, Any], fact: Mapping[str, Any], record: Mapping[str, Any], viewer: Viewer, names: Mapping[str, str]
) -> dict[str, Any]:
    from django.conf import settings

    from luoshi.web.words import current_lang
    from luoshi.web.writing import show_moment

    word = {
        "who": names.get(reader, reader),
        "word": check["word"],
        "at": show_moment(check.get("at", ""), current_lang(), settings.TIME_ZONE),
    }
    if check.get("note"):
        word["note"] = check["note"]
    if check["word"] == "correct":
        word["changes"] = changes(fact["kind"], record, check["fields"])
        word["fields"] = check["fields"]
    if reader == viewer.id:
        word["me"] = 1
    return word


def names_of(facts: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The names of those who said something on these facts, by account."""
    found: set[str] = set()
    for fact in facts:
        if fact["checks"] != "{}" or fact["decision"] != "{}":
            found.update(msgspec.json.decode(fact["checks"]))
            found.add(msgspec.json.decode(fact["decision"]).get("by", ""))
    return dict(models.Account.objects.filter(pk__in=found - {""}).values_list("id", "name"))


def progress_of(document: str) -> dict[str, dict[str, int]]:
    """How many facts of each kind are in each state: ``{"measure": {"open": 12, "accepted": 3}}``; kinds without facts are left out."""
    rows = models.Fact.objects.filter(document=document).values("kind", "state").annotate(many=Count("*")).order_by("kind", "state")
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row["kind"], {})[row["state"]] = row["many"]
    return {kind: found[kind] for kind in KINDS if kind in found}
