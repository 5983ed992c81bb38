"""``luoshi demo``: the fictional documents, read and shown."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from luoshi.demo import open_page, place, read_demo
from luoshi.extract.fact import DocumentFact, Fact, MeasureFact, TaskFact
from luoshi.extract.reading import Reading
from luoshi.messages import Speaker
from luoshi.publish import load_format
from luoshi.publish.part import Part
from luoshi.publish.table import rows, show
from luoshi.publish.wording import headline, years_of, years_shown
from luoshi.screens.read import replacing

#: so many rows of each document fit a terminal
_ROWS = 12


def show_demo(out: Path | None, say: Speaker, *, browser: bool) -> int:
    """Reads the documents, shows the weightiest facts of each as a table, writes all of them as a page and opens it."""
    readings = read_demo()
    sys.stdout.flush()
    for reading in readings:
        weighty = [fact for fact in reading.facts if _is_weighty(fact)]
        show(_name(reading, say), rows(reading, weighty[:_ROWS], say), sys.stdout.buffer, say)
        click.echo(say("demo.more", shown=min(len(weighty), _ROWS), all=len(reading.facts)))
    page = (out or place(os.environ)) / "demo.html"
    write_page(readings, page, say)
    opened = browser and open_page(page, os.environ)
    click.echo(say("demo.opened" if opened else "demo.written", page=page.resolve()))
    return 0


def _name(reading: Reading, say: Speaker) -> str:
    titles = [f"{headline(fact, say)} {years_shown(years_of(fact))}" for fact in reading.facts if isinstance(fact, DocumentFact)]
    return say("demo.name", title=say("word.listed").join(titles), file=reading.text.name)


def _is_weighty(fact: Fact) -> bool:
    """Targets, and tasks that name who is responsible."""
    return (isinstance(fact, MeasureFact) and fact.role == "target") or (isinstance(fact, TaskFact) and bool(fact.lead_units))


def write_page(readings: list[Reading], page: Path, say: Speaker) -> None:
    """Writes one page with all the readings."""
    form = load_format("html")
    parts = [Part(reading.text.name, form.encode(reading, say.lang)) for reading in readings]
    with replacing(page) as out:
        form.write(parts, out, lang=say.lang, several=len(parts) > 1)
