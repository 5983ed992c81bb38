"""How fast linking is: ``python bench/link.py --documents 5000 [--data DIR]``.

``make``   a ledger of work reports of many counties over twenty years, made of the fictional district's reports with other names and figures.
           Only what linking reads is made (documents and their readings), past the entries: this measures linking, not entering
``link``   all of them are linked: seconds, the most memory that was held, verdicts
``one``    one more report comes: seconds until all that it touches is linked anew
``anew``   the links of some places are made again from nothing and must be the same

Each stage runs in a process of its own. Without ``--data`` the ledger is gone afterwards.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from time import perf_counter, process_time
from typing import Any

STAGES = ("make", "link", "one", "anew")
YEARS = range(2006, 2026)
_FIGURE = re.compile(r"\d+(?:\.\d+)?(?=%|个|亿元|公里|万元|户|家|套)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=5_000)
    parser.add_argument("--data", help="folder of the ledger; kept")
    parser.add_argument("--stage", action="append", choices=STAGES, help="only these, in this order")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.inside:
        inside(wanted)
        return
    with tempfile.TemporaryDirectory(prefix="luoshi-bench-") as folder:
        for stage in wanted.stage or STAGES:
            command = [sys.executable, __file__, "--inside", "--stage", stage, "--documents", str(wanted.documents)]
            done = subprocess.run([*command, "--data", wanted.data or folder], check=False, capture_output=True, text=True)
            print(done.stdout.strip() or done.stderr[-2000:], flush=True)
            if done.returncode:
                sys.exit(done.returncode)


def inside(wanted: Any) -> None:
    os.environ |= {"LUOSHI_DATA": wanted.data, "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "luoshi.web.settings"}
    import logging

    import django

    django.setup()
    logging.disable(logging.INFO)
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    began = perf_counter()
    told = {"make": make, "link": link, "one": one, "anew": anew}[wanted.stage[0]](wanted)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    took = {"seconds": round(perf_counter() - began, 1), "of a core": round(process_time(), 1), "most MiB": round(memory)}
    print(json.dumps({"stage": wanted.stage[0], **took, **told}, ensure_ascii=False))


def templates() -> list[Any]:
    """A reading for each year, of the fictional district's reports in turn."""
    from luoshi.ledger.reading import stored
    from luoshi.pipeline import read_data

    texts = [files("luoshi.demo").joinpath(f"documents/{year}-report.txt").read_text(encoding="utf-8") for year in (2024, 2025)]
    made = []
    for at, year in enumerate(YEARS):
        shift = year - (2024 + at % 2)
        text = re.sub(r"20[12]\d(?=年)", lambda found: str(int(found[0]) + shift), texts[at % 2])  # noqa: B023 - used at once
        draw = random.Random(year)  # noqa: S311 - figures for a trial
        text = _FIGURE.sub(lambda found: _other(found[0], draw), text)  # noqa: B023 - used at once
        made += stored(read_data(text.encode(), f"{year}.txt"))
    return made


def _other(figure: str, draw: random.Random) -> str:
    """A figure near this one with as many signs."""
    made = f"{float(figure) * draw.uniform(0.9, 1.1):.{len(figure.partition('.')[2])}f}"
    return made if len(made) == len(figure) else figure


def places(count: int) -> list[tuple[str, str]]:
    """(code, name of three signs) of counties."""
    from luoshi.ledger.models import Region
    from luoshi.ledger.seeding import seed_regions

    if not Region.objects.exists():
        seed_regions()
    rows = Region.objects.filter(level="county", kind="division").order_by("id").values_list("id", "name")
    # names that several counties bear would give the same text twice
    found = {name: code for code, name in rows if len(name) == 3 and name.endswith(("县", "区"))}
    return [(code, name) for name, code in found.items()][:count]


def documents(some: list[Any], where: list[tuple[str, str]]) -> Iterator[Any]:
    """Every template of every place, with ids of its own."""
    import msgspec

    from luoshi.ledger.ids import document_id, fact_ids, squeezed

    for code, name in where:
        for year, one in zip(YEARS, some, strict=True):
            text = one.text.replace("栖山区", name)
            key = document_id(text)
            ids = fact_ids(key, [(fact.kind, fact.start, fact.end) for fact in one.facts], squeezed(text))
            facts = tuple(msgspec.structs.replace(fact, id=id_) for fact, id_ in zip(one.facts, ids, strict=True))
            head = {**one.recognised, "region": name, "region_code": code, "level": "county", "review_year": year - 1, "plan_year": year}
            yield msgspec.structs.replace(one, id=key, text=text, recognised=head, facts=facts)


def make(wanted: Any) -> dict[str, Any]:
    import msgspec

    from luoshi.ledger.linking import forget_links
    from luoshi.ledger.models import Document
    from luoshi.ledger.store import blobs

    rows = []
    for number, one in enumerate(documents(templates(), places(wanted.documents // len(YEARS))), start=1):
        head = {name: one.recognised[name] for name in ("title", "kind", "region", "region_code", "level", "review_year", "plan_year")}
        key = blobs().put_packed(msgspec.json.encode(one))
        rows.append(Document(id=one.id, number=number, reading=key, year=head["plan_year"], measures=len(one.facts), **head))
    # the last report of the last place comes later, in the stage "one"
    Document.objects.bulk_create([*rows[:-1], Document(**{**_plain(rows[-1]), "state": "withdrawn"})], batch_size=500)
    forget_links()
    return {"documents": len(rows), "facts": sum(row.measures for row in rows)}


def _plain(row: Any) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}  # noqa: SLF001 - Django's public meta


def link(wanted: Any) -> dict[str, Any]:
    from luoshi.ledger.linked import Link
    from luoshi.ledger.linking import link_waiting

    done = link_waiting()
    return {"linked": done, "links": Link.objects.count(), "verdicts": dict(Counter(Link.objects.values_list("verdict", flat=True)))}


def one(wanted: Any) -> dict[str, Any]:
    from luoshi.ledger.linked import LinkChange
    from luoshi.ledger.linking import link_waiting
    from luoshi.ledger.models import Document

    row = Document.objects.get(state="withdrawn")
    Document.objects.filter(pk=row.pk).update(state="open")
    LinkChange.objects.create(id=row.pk, seq=1)
    began = perf_counter()
    done = link_waiting()
    return {"linked": done, "until linked": round(perf_counter() - began, 2)}


def anew(wanted: Any) -> dict[str, Any]:
    """The links of three places, made again by noting all their documents as changed."""
    from luoshi.ledger.linked import Link, LinkChange, Linking
    from luoshi.ledger.linking import link_waiting

    some = list(Linking.objects.order_by("place").values_list("place", flat=True).distinct())[-3:]
    before = list(Link.objects.filter(place__in=some).order_by("id").values())
    keys = list(Linking.objects.filter(place__in=some).values_list("id", flat=True))
    Link.objects.filter(place__in=some).delete()
    Linking.objects.filter(place__in=some).delete()
    LinkChange.objects.bulk_create([LinkChange(id=key, seq=1) for key in keys])
    link_waiting()
    same = before == list(Link.objects.filter(place__in=some).order_by("id").values())
    if not same:
        sys.exit("linked anew they are others")
    return {"places": len(some), "links": len(before), "same": same}


if __name__ == "__main__":
    main()
