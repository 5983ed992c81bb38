"""A ledger of a size: fictional documents read by the reader, their facts, items, units and people, as entries that any database folds."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from texts import FIRST_YEAR, LAST_YEAR, PLACES, Author, Place

from luoshi.ledger.entry import GENESIS, Draft, Entry, seal

DOCUMENTS, ITEMS = 1000, 10_000
#: of each county so many of the newest years have a breakdown
BREAKDOWNS, TASKS = 3, 84
#: characters of a report; the first of each tenth county is as long as any
LENGTH, LONGEST = 7_100, 24_000
#: one fact in so many has been checked, one of those by two
CHECKED, TWICE = 5, 25
PASSWORD = "Load-2026-test"  # noqa: S105 - of a ledger without a secret
#: who works at the same time: role, region ("": all, "city", "county"), how many
CREW = (
    ("supervisor", "", 8), ("supervisor", "city", 5), ("supervisor", "county", 7), ("appraiser", "", 3), ("appraiser", "county", 2),
    ("leader", "", 3), ("leader", "county", 2), ("liaison", "county", 8), ("reader", "", 5), ("reader", "county", 4),
    ("system_admin", "", 1), ("audit_admin", "", 1), ("security_admin", "", 1),
)  # fmt: skip


class Person(msgspec.Struct, frozen=True):
    """An account of the crew."""

    username: str
    role: str
    region: str
    unit: str = ""


class Made(msgspec.Struct, frozen=True):
    """A document with the key of its reading in the store."""

    id: str
    file: str
    reading: str
    name: str
    size: int
    place: Place
    year: int
    kind: str


def crew() -> list[Person]:
    """The people, always the same."""
    people, number = list[Person](), 0
    for role, level, count in CREW:
        for _ in range(count):
            number += 1
            place = PLACES[number * 7 % len(PLACES)]
            region = {"": "", "city": code_of(f"云川省{place.city}"), "county": code_of(place.full)}[level]
            people.append(Person(f"u{number:02}", role, region, _unit_of(place) if role == "liaison" else ""))
    return people


def code_of(full_name: str) -> str:
    """The code of a place."""
    from luoshi.ledger.regions import region_chain

    return region_chain(full_name)[-1].code


def _unit_of(place: Place) -> str:
    from luoshi.ledger.organisations import identify

    return identify("财政局", code_of(place.full), _known()).id


def _known() -> Any:
    from luoshi.ledger.organisations import Known
    from luoshi.ledger.regions import region_chain

    return Known(places={region.code: region for place in PLACES for region in region_chain(place.full) if region.kind == "place"})


def write_entries(path: Path) -> int:
    """Writes the entries of the whole ledger, one JSON a line, and the readings that they name into the store; how many."""
    seq, last = 0, GENESIS
    begin = datetime(2026, 1, 5, tzinfo=UTC)
    encoder = msgspec.json.Encoder()
    new = path.with_suffix(".new")
    with new.open("wb") as out:
        for seq, (actor, draft) in enumerate(drafts(), start=1):
            at = (begin + timedelta(seconds=100 * seq)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            entry = seal(last, seq, at, actor, draft)
            last = entry.hash
            out.write(encoder.encode(entry) + b"\n")
    new.rename(path)
    return seq


def read_entries(path: Path) -> Iterator[Entry]:
    """The entries of such a file."""
    decoder = msgspec.json.Decoder(Entry)
    with path.open("rb") as lines:
        for line in lines:
            yield decoder.decode(line)


def drafts() -> Iterator[tuple[str, Draft]]:
    """Who does what, in order: regions, people, documents, units and items, checks."""
    from luoshi.desk.accounts import account_id

    people = crew()
    yield from _regions()
    for person in people:
        data = {
            "username": person.username,
            "name": f"用户{person.username[1:]}",
            "roles": [person.role],
            "region": person.region,
            "unit": person.unit,
            "active": True,
        }
        yield "system", Draft("account.create", account_id(person.username), data)
    clerks = [account_id(person.username) for person in people if person.role == "supervisor"]
    made = random.Random(3)  # noqa: S311
    maker = Maker(clerks, made)
    for number, wanted in enumerate(_wanted(), start=1):
        yield from maker.document(number, *wanted)


def _regions() -> Iterator[tuple[str, Draft]]:
    for region in _known().places.values():
        data = {
            "name": region.name,
            "full_name": region.full_name,
            "level": region.level,
            "kind": region.kind,
            "parent": region.parent,
            "source": "document",
        }
        yield "system", Draft("region.add", region.code, data)


def _wanted() -> Iterator[tuple[Place, int, str, int]]:
    """Place, year, kind and length of each document, oldest year first."""
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        for number, place in enumerate(PLACES):
            yield place, year, "report", LONGEST if number % 10 == 0 and year == LAST_YEAR else LENGTH
            if year > LAST_YEAR - BREAKDOWNS:
                yield place, year, "breakdown", TASKS


class Maker:
    """Makes documents and what people do with them."""

    def __init__(self, clerks: list[str], made: random.Random) -> None:
        self._clerks, self._made, self._author = clerks, made, Author(2026)
        self._known, self._units, self._items, self._entered = _known(), dict[tuple[str, str], Any](), 0, set[str]()

    def document(self, number: int, place: Place, year: int, kind: str, length: int) -> Iterator[tuple[str, Draft]]:
        from luoshi import __version__
        from luoshi.ledger.ids import family_id
        from luoshi.ledger.store import blobs

        text = getattr(self._author, kind)(place, year, length)
        data = text.encode()
        stored = _read(data, place)
        fields, clerk = stored.recognised, self._made.choice(self._clerks)
        file, reading = blobs().put(data), blobs().put_packed(msgspec.json.encode(stored))
        years = "-".join(str(fields.get(name) or "") for name in ("review_year", "plan_year", "plan_first", "plan_last"))
        family = family_id(fields["title"] or stored.id, fields["region_code"], years)
        yield clerk, Draft("file.receive", file, {"name": f"{place.county}{year}{kind}.txt", "size": len(data), "batch": ""})
        yield "system", Draft("document.read", stored.id, {
            "reading": reading, "file": file, "number": number, "family": family, "version": 1, "previous": "", "rules": __version__,
        }, context=file)  # fmt: skip
        yield "system", Draft("file.read", file, {"format": "txt", "documents": [stored.id], "known": []})
        if number % 3:
            yield clerk, Draft("document.confirm", stored.id)
        if kind == "breakdown":
            yield from self._made_items(number, stored, place, year, clerk)
        yield from self._checks(stored)

    def _checks(self, stored: Any) -> Iterator[tuple[str, Draft]]:
        made = self._made
        for fact in stored.facts:
            if made.randrange(CHECKED):
                continue
            word = made.choice(("accept",) * 8 + ("reject",))
            yield made.choice(self._clerks), Draft(f"fact.{word}", fact.id, {}, context=stored.id)
            if not made.randrange(TWICE):
                yield made.choice(self._clerks), Draft("fact.reject" if word == "accept" else "fact.accept", fact.id, {}, context=stored.id)

    def _made_items(self, number: int, stored: Any, place: Place, year: int, clerk: str) -> Iterator[tuple[str, Draft]]:
        from luoshi.ledger.acts.documents import ROOM
        from luoshi.ledger.ids import ident

        for order, fact in enumerate(stored.facts):
            if fact.kind != "task" or self._items >= ITEMS:
                continue
            self._items += 1
            record, duties = fact.record, list[dict[str, Any]]()
            for role, key in (("leader", "leaders"), ("lead", "lead_units"), ("support", "support_units")):
                for quote in record.get(key, []):
                    yield from self._enter(quote["text"], stored, clerk, role)
                    found = self._unit(quote["text"], stored) if role != "leader" else None
                    duties.append(
                        {
                            "role": role,
                            "name": quote["text"],
                            "start": quote["start"],
                            "end": quote["end"],
                            "organisation": found.id if found else "",
                            "post": "",
                        }
                    )
            deadline, due = record.get("deadline"), record.get("due", "")
            body = record["text"][: record["body_end"] - record["start"]] if record.get("body_end") else record["text"]
            yield clerk, Draft("item.create", ident("i", fact.id), {
                "document": stored.id, "fact": fact.id, "region_code": stored.recognised["region_code"], "year": int(due[:4]) if due else year,
                "number": str(record.get("number") or "")[:20], "title": body.strip().lstrip("0123456789.")[:120], "text": body.strip(), "section_title": "",
                "due": due, "due_text": deadline["text"] if deadline else "", "open_ended": bool(record.get("open")), "doubt": "",
                "ordinal": number * ROOM + order, "duties": duties,
            }, context=stored.id)  # fmt: skip

    def _unit(self, name: str, stored: Any) -> Any:
        from luoshi.ledger.organisations import identify

        key = (stored.recognised["region_code"], name)
        if key not in self._units:
            self._units[key] = identify(name, key[0], self._known)
        return self._units[key]

    def _enter(self, name: str, stored: Any, clerk: str, role: str) -> Iterator[tuple[str, Draft]]:
        """The unit of a duty and the name by which it is called here, where the ledger has neither."""
        from luoshi.ledger.ids import ident

        if role == "leader":
            return
        found, region = self._unit(name, stored), stored.recognised["region_code"]
        if found.id not in self._entered:
            self._entered.add(found.id)
            yield clerk, Draft("organisation.add", found.id, {
                "region_code": found.region_code, "name": found.canonical, "kind": "group" if found.group else "body",
                "members": found.group.kind if found.group else "", "plates": [], "doubt": found.doubt,
            }, context=stored.id)  # fmt: skip
        alias = ident("n", region, name)
        if name != found.canonical and alias not in self._entered:
            self._entered.add(alias)
            data = {"region_code": region, "name": name, "organisation": found.id, "reason": found.reason}
            yield clerk, Draft("alias.add", alias, data, context=stored.id)


def _read(data: bytes, place: Place) -> Any:
    """What the reader makes of a text, with the region that a person has said."""
    from luoshi.ledger.reading import stored
    from luoshi.pipeline import read_data

    found = stored(read_data(data, f"{hashlib.sha256(data).hexdigest()[:8]}.txt"))[0]
    told = {"region": place.full, "region_code": code_of(place.full), "level": "county"}
    return msgspec.structs.replace(found, recognised={**found.recognised, **told})


def fold(path: Path) -> dict[str, Any]:
    """Folds the entries into the database that the environment names, gives everybody the password, and tells the planner; the figures."""
    from time import perf_counter

    from django.core.management import call_command
    from django.db import connection

    from luoshi.ledger import models, store

    call_command("migrate", verbosity=0)
    begun = perf_counter()
    entries = store.rebuild(source=read_entries(path))
    folded = perf_counter() - begun
    _passwords()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {
        "entries": entries, "seconds": round(folded, 1), "documents": models.Document.objects.count(), "facts": models.Fact.objects.count(),
        "items": models.Item.objects.count(), "organisations": models.Organisation.objects.count(), "accounts": models.Account.objects.count(),
        "characters": sum(models.Document.objects.values_list("characters", flat=True)),
    }  # fmt: skip


def _passwords() -> None:
    """One password for all, hashed once."""
    from django.contrib.auth.hashers import make_password

    from luoshi.ledger.models import Account
    from luoshi.web.signin.models import Credential

    hashed, at = make_password(PASSWORD), "2026-01-05T00:00:00.000000Z"
    Account.objects.update(password=hashed)
    Credential.objects.all().delete()
    Credential.objects.bulk_create(
        [Credential(id=key, changed_at=at, must_change=False, history="[]") for key in Account.objects.values_list("id", flat=True)]
    )
