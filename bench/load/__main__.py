"""A large ledger and the people who work with it: ``python bench/load make`` fills one, ``python bench/load run`` measures. See ``docs/performance.md``."""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from pathlib import Path
from time import perf_counter

RESULTS = Path(__file__).parent.parent / "results"


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench/load", description=__doc__)
    acts = parser.add_subparsers(dest="act", required=True)
    make = acts.add_parser("make", help="fill the ledger of LUOSHI_DATA and DATABASE_URL")
    make.add_argument("--entries", type=Path, help="file of the entries, kept and used again; in the data folder unless told")
    run = acts.add_parser("run", help="measure the pages of that ledger under load")
    run.add_argument("--seconds", type=float, default=180)
    run.add_argument("--warm", type=float, default=40, help="seconds before the measurement: sign-ins, first requests")
    run.add_argument("--users", type=int, default=50)
    run.add_argument("--reports", type=int, default=100, help="reports brought in afterwards, while all work on")
    run.add_argument("--think", type=float, default=1, help="1: a page is read for 2 to 8 seconds; 0: as fast as the server answers")
    run.add_argument("--result", type=Path, help="file of the figures; bench/results/load-<database>.json unless told")
    pages = acts.add_parser("pages", help="measure each page alone, inside one process")
    pages.add_argument("--times", type=int, default=5)
    pages.add_argument("--only", default="", help="pattern of names of pages")
    acts.add_parser("tell", help="print the kept figures as a table")
    options = parser.parse_args()
    if options.act == "tell":
        return tell()
    os.environ["DJANGO_SETTINGS_MODULE"] = "luoshi.web.settings"
    os.umask(0o077)
    Path(os.environ["LUOSHI_DATA"]).mkdir(parents=True, exist_ok=True)
    if options.act == "make":
        return make_ledger(options.entries)
    return run_load(options) if options.act == "run" else ask_pages(options)


def make_ledger(entries: Path | None) -> int:
    """Fills the database that the environment names."""
    import django

    django.setup()
    logging.getLogger("luoshi").setLevel(logging.WARNING)
    from ledger import fold, write_entries

    path = entries or Path(os.environ["LUOSHI_DATA"]) / "entries.jsonl"
    if not path.exists():
        begun = perf_counter()
        print(f"{write_entries(path)} entries written in {perf_counter() - begun:.0f} s", flush=True)
    print(json.dumps(fold(path)))
    return 0


def run_load(options: argparse.Namespace) -> int:
    """Measures, prints and keeps the figures; an error of any answer is a failure."""
    from measure import Plan, measure, table

    result = measure(Plan(options.seconds, options.warm, options.users, options.reports, options.think))
    print(table(result))
    path = options.result or RESULTS / f"load-{result['database']}.json"
    path.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return bool(
        result["failures of users"] or any(result[name]["errors"] for name in ("at work", "while reports come in") if name in result)
    )


def tell() -> int:
    """Prints the table of ``docs/performance.md``."""
    from report import markdown

    names = {"SQLite": "sqlite", "PostgreSQL": "postgresql"}
    kept = {label: RESULTS / f"load-{name}.json" for label, name in names.items()}
    print(markdown({label: json.loads(path.read_text(encoding="utf-8")) for label, path in kept.items() if path.exists()}))
    return 0


def ask_pages(options: argparse.Namespace) -> int:
    """Prints and keeps the figures of each page alone."""
    from luoshi.settings import read_settings
    from luoshi.web.serve import prepare

    prepare(read_settings(os.environ), tell=lambda *_, **__: None)
    logging.getLogger("luoshi").setLevel(logging.WARNING)
    from django.db import connection
    from pages import ask

    told = ask(options.times, options.only)
    if not options.only:
        path = RESULTS / f"load-pages-{connection.vendor}.json"
        path.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return any(row["status"] not in (200, 404) for row in told.values())


if __name__ == "__main__":
    sys.exit(main())
