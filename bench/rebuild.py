"""How long it takes to make every table of a ledger again from its entries, and how much memory: ``python bench/rebuild.py --entries 1000000``.

Writes a ledger of fictional documents (the demo's report, again and again with another last line) with their facts, checks, corrections and items
straight into the database, then rebuilds it, verifies the chain, and compares the tables with those of a second rebuild in other portions.
``--database`` names a PostgreSQL database, which is emptied; without it SQLite in a folder of its own. Each stage runs in a process of its own.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from time import perf_counter, process_time
from typing import Any

#: of each document so many entries are made
PER_DOCUMENT = 1000
STAGES = ("make", "rebuild", "digest", "again", "digest", "verify")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--database", default="", help="postgresql://…; it is emptied")
    parser.add_argument("--data", help="folder of the ledger; kept")
    parser.add_argument("--stage", choices=sorted(set(STAGES)), help="only this one, in this process")
    wanted = parser.parse_args()
    if wanted.stage:
        print(json.dumps(run(wanted.stage, wanted.entries)))
        return
    with tempfile.TemporaryDirectory(prefix="luoshi-bench-") as scratch:
        environment = {**os.environ, "LUOSHI_DATA": wanted.data or scratch, "DATABASE_URL": wanted.database}
        told = []
        for stage in STAGES:
            command = [sys.executable, __file__, "--stage", stage, "--entries", str(wanted.entries)]
            line = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()[-1]
            print(line, flush=True)
            told.append(json.loads(line))
    digests = {one["digest"] for one in told if "digest" in one}
    print("the same tables" if len(digests) == 1 else "THE TABLES DIFFER")
    sys.exit(len(digests) != 1)


def run(stage: str, entries: int) -> dict[str, Any]:
    os.environ["DJANGO_SETTINGS_MODULE"] = "luoshi.web.settings"
    import django

    django.setup()
    from django.db import connection

    begun = perf_counter()
    told: dict[str, Any] = {"stage": stage, "database": connection.vendor}
    if stage == "make":
        told["entries"] = make(entries)
    elif stage == "verify":
        from luoshi.ledger.store import verify_chain

        told["entries"] = verify_chain()
    elif stage == "digest":
        told |= digest()
    else:
        from luoshi.ledger import store

        if stage == "again":
            store._BATCH, store._ROWS = 777, 5000  # noqa: SLF001 - other portions on purpose
        told["entries"] = store.rebuild()
    told["seconds"] = round(perf_counter() - begun, 1)
    told["cpu_seconds"] = round(process_time(), 1)
    told["peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return told


def make(count: int) -> int:
    """Writes the entries, each sealed, and the files that they name; the tables stay empty."""
    from django.core.management import call_command
    from django.db import connection

    from luoshi.ledger import models
    from luoshi.ledger.entry import GENESIS, seal

    call_command("migrate", verbosity=0)
    call_command("flush", verbosity=0, interactive=False)
    sql = f"INSERT INTO {models.Entry._meta.db_table} (seq, at, actor, act, subject, context, data, hash) VALUES ({', '.join(['%s'] * 8)})"  # noqa: S608, SLF001
    last, seq, batch = GENESIS, 0, list[tuple[Any, ...]]()

    def write() -> None:
        with connection.cursor() as cursor:
            cursor.executemany(sql, batch)
        batch.clear()

    connection.set_autocommit(False)
    for seq, (actor, draft) in enumerate(_drafts(count), start=1):
        entry = seal(last, seq, f"2026-{1 + seq // 100_000 % 12:02d}-05T01:{seq // 60 % 60:02d}:{seq % 60:02d}.000000Z", actor, draft)
        last = entry.hash
        batch.append((entry.seq, entry.at, entry.actor, entry.act, entry.subject, entry.context, entry.data, entry.hash))
        if len(batch) >= 5000:
            write()
    write()
    models.Head.objects.create(id=1, seq=seq, hash=last)
    connection.commit()
    connection.set_autocommit(True)
    return seq


def _drafts(count: int) -> Iterator[tuple[str, Any]]:
    made = 0
    for number in range(1, count // PER_DOCUMENT + 2):
        for actor, draft in _document(number):
            if made >= count:
                return
            made += 1
            yield actor, draft


def _template() -> Any:
    from importlib.resources import files

    from luoshi.ledger.reading import stored
    from luoshi.pipeline import read_data

    name = "2025-report.txt"
    return stored(read_data(files("luoshi.demo").joinpath("documents", name).read_bytes(), name))[0]


def _document(number: int, kept: list[Any] = []) -> Iterator[tuple[str, Any]]:  # noqa: B006 - the template is read once
    import msgspec

    from luoshi.ledger.entry import Draft
    from luoshi.ledger.ids import document_id, fact_ids, family_id, ident, squeezed
    from luoshi.ledger.store import blobs

    if not kept:
        kept.append(_template())
    template = kept[0]
    text = f"{template.text}\n附：第{number}号"
    key = document_id(text)
    ids = fact_ids(key, [(fact.kind, fact.start, fact.end) for fact in template.facts], squeezed(text))
    facts = tuple(msgspec.structs.replace(fact, id=one) for fact, one in zip(template.facts, ids, strict=True))
    fields = {**template.recognised, "title": f"栖山区第{number}号政府工作报告"}
    stored = msgspec.structs.replace(template, id=key, text=text, facts=facts, recognised=fields)
    file = hashlib.sha256(text.encode()).hexdigest()
    reading = blobs().put_packed(msgspec.json.encode(stored))
    yield "aclerk", Draft("file.receive", file, {"name": f"{number}.txt", "size": len(text), "batch": ""})
    yield (
        "system",
        Draft(
            "document.read", key,
            {"reading": reading, "file": file, "number": number, "family": family_id(fields["title"], "", ""), "version": 1, "previous": "", "rules": "0"},
            file,
        ),
    )  # fmt: skip
    yield "system", Draft("file.read", file, {"format": "txt", "documents": [key], "known": []})
    for place in range(10):
        item = ident("i", key, str(place))
        duties = [{"role": "lead", "name": f"区{place}局"}, {"role": "support", "name": "区财政局"}]
        data = {
            "document": key,
            "fact": ids[place],
            "title": facts[place].text[:60],
            "text": facts[place].text,
            "year": 2025,
            "ordinal": number * 1000 + place,
        }
        yield "aclerk", Draft("item.create", item, {**data, "duties": duties}, key)
        if place % 2:
            yield "aclerk", Draft("item.correct", item, {"fields": {"due": "2025-12-31"}, "duties": duties[:1]}, key)
    left = PER_DOCUMENT - 18
    for turn in range(left):
        fact, actor = ids[turn % len(ids)], ("aclerk", "asecond", "athird")[turn // len(ids) % 3]
        act = ("fact.accept", "fact.accept", "fact.reject", "fact.accept", "fact.correct")[turn % 5] if turn < left - 20 else "fact.reopen"
        yield actor, Draft(act, fact, {"fields": {"name": f"第{turn}个名称"}} if act == "fact.correct" else {}, key)


def digest() -> dict[str, Any]:
    """One word for all rows of the folded tables, and how many there are."""
    from luoshi.ledger.rows import TABLES, columns

    told, counts = hashlib.sha256(), {}
    for name, model in TABLES.items():
        rows = 0
        for row in model.objects.order_by("pk").values_list(*columns(name)).iterator(chunk_size=5000):  # type: ignore[attr-defined]
            told.update(repr(row).encode())
            rows += 1
        counts[name] = rows
    return {"digest": told.hexdigest(), "rows": counts}


if __name__ == "__main__":
    main()
