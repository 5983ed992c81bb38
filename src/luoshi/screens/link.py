"""``luoshi link``: the given documents alone are read and linked, and the end of every target is written."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import BinaryIO, Final, cast

import click
import msgspec

from luoshi.batch import Job, Outcome, read_all, workers_for
from luoshi.errors import BadUsage, LuoshiError
from luoshi.inputs import find_inputs
from luoshi.link import Source, link
from luoshi.messages import Lang, Speaker
from luoshi.publish.chain.columns import cells, columns
from luoshi.publish.chain.explaining import sentence, word
from luoshi.publish.chain.files import ENDINGS, Form, write_table
from luoshi.publish.chain.row import End, ends_of
from luoshi.publish.linkable import unpack
from luoshi.publish.part import Part
from luoshi.publish.table import harmless
from luoshi.screens.read import replacing
from luoshi.screens.tables import Shown, table

FORMS: Final = ("table", "jsonl", *ENDINGS)
_BINARY: Final = frozenset({"xlsx", "parquet"})


class Wanted(msgspec.Struct, frozen=True):
    """What the command line asks for; ``format`` ``None``: by the ending of ``out``, else a table."""

    patterns: tuple[str, ...]
    format: str | None = None
    out: str | None = None
    jobs: int = 0
    quiet: bool = False


def link_files(wanted: Wanted, say: Speaker) -> int:
    """Reads, links and writes; 0 where every file gave a document, else 1. Raises ``BadUsage`` where it cannot begin."""
    form = wanted.format or form_of(wanted.out, FORMS)
    if form in _BINARY and not wanted.out and sys.stdout.isatty():
        raise BadUsage(f"{form} 不能显示在终端里", where="--format", remedy="请用 --out 指明写到哪个文件", slug="no-terminal")
    paths = find_inputs(wanted.patterns)
    if wanted.out and any(Path(path).exists() and Path(wanted.out).exists() and Path(path).samefile(wanted.out) for path in paths):
        raise BadUsage("输出会覆盖要读的文件", where=wanted.out, remedy="请换一个文件名", slug="overwrite")
    sources, failed = read_sources(paths, say, jobs=wanted.jobs)
    ends = list(ends_of(sources, link(sources), lang_of(form, say)))
    write_out(wanted.out, lambda out: write_ends(form, ends, out, say))
    if not wanted.quiet:
        click.echo(_total(sources, ends, say), err=True)
    return 1 if failed else 0


def form_of(out: str | None, forms: Sequence[str]) -> str:
    """The form that the ending of ``out`` tells; a table where there is no file to name it. Raises ``BadUsage`` for an ending of no form."""
    if not out:
        return "table"
    ending = Path(out).suffix.lower().removeprefix(".")
    if ending in {*forms, "txt"}:
        return "table" if ending == "txt" else ending
    remedy = f"扩展名可以是 .txt {' '.join(f'.{form}' for form in forms if form != 'table')}；用别的名字时请加 --format"
    raise BadUsage("不知道写成哪种格式", where=f"--out {out}", remedy=remedy, slug="unknown-ending")


def lang_of(form: str, say: Speaker) -> Lang:
    """The language of what is written: records for programs are the same whatever the locale."""
    return "zh" if form == "jsonl" else say.lang


def write_out(target: str | None, write: Callable[[BinaryIO], None]) -> None:
    """Calls ``write`` with the file, whole or not at all, or with standard output."""
    if target is None:
        sys.stdout.flush()
        write(sys.stdout.buffer)
        sys.stdout.buffer.flush()
    else:
        with replacing(Path(target)) as out:
            write(out)


def read_sources(paths: Sequence[str], say: Speaker, *, jobs: int = 0) -> tuple[list[Source], int]:
    """The documents of the files, each once, and how many files gave none; one line on standard error for each of these."""
    work = [
        Job(path=path, format="linkable", lang=say.lang, kinds=frozenset({"document", "section", "measure", "task", "project"}))
        for path in paths
    ]
    found, failed = dict[str, Source](), 0
    for outcome in read_all(work, workers=workers_for(work, jobs)):
        try:
            for one in _documents(outcome):
                _add(one, found)
        except LuoshiError as error:
            failed += 1
            click.echo(harmless(say("link.failed", error=say.error(error))), err=True)
    return list(found.values()), failed


def _documents(outcome: Outcome) -> list[Source]:
    if outcome.error is not None:
        raise outcome.error
    found = [one for one in unpack(Part(outcome.file, outcome.body)) if one.kind != "other" or one.measures or one.projects or one.tasks]
    if not found:
        raise LuoshiError("文件里没有可链接的公文", where=outcome.file, remedy="请给出政府工作报告、规划或任务分解", slug="no-document")
    return found


def _add(one: Source, found: dict[str, Source]) -> None:
    held = found.setdefault(one.key, one)
    if held is not one:
        raise LuoshiError(f"与 {held.file} 是同一份文件", where=one.file, remedy="只用前一份，这一份略过", slug="same-document")


def write_ends(form: str, ends: Sequence[End], out: BinaryIO, say: Speaker) -> None:
    """Writes the ends in one of ``FORMS``."""
    if form == "jsonl":
        out.writelines(_lines(ends))
    elif form == "table":
        out.write(_table(ends, say, terminal=out.isatty()))
    else:
        rows = (cells(end, say.lang) for end in ends)
        write_table(cast("Form", form), sentence("table.ends", say.lang), columns(say.lang), rows, out)


def _lines(ends: Iterable[End]) -> Iterable[bytes]:
    encoder = msgspec.json.Encoder()
    for end in ends:
        try:
            yield encoder.encode(end) + b"\n"
        except UnicodeEncodeError:
            yield json.dumps(msgspec.to_builtins(end)).encode("ascii") + b"\n"


#: the columns that a terminal shows, with the share of the width that each may take
_SHOWN: Final = (("place", 2), ("year", None), ("name", 4), ("target", 2), ("result", 2), ("verdict", None), ("explained", 9))


def _table(ends: Sequence[End], say: Speaker, *, terminal: bool) -> bytes:
    heads = [Shown(sentence(f"column.{key}", say.lang), ratio) for key, ratio in _SHOWN]
    rows = (
        (end.place, str(end.year or ""), end.name, end.target.text, end.result.text if end.result else "",
         word("verdict", end.verdict, say.lang), end.explained)
        for end in ends
    )  # fmt: skip
    return table(heads, rows, terminal=terminal)


def _total(sources: Sequence[Source], ends: Sequence[End], say: Speaker) -> str:
    counts = Counter(end.verdict for end in ends)
    told = " ".join(f"{word('verdict', verdict, say.lang)} {count}" for verdict, count in counts.most_common())
    return say("link.total", documents=len(sources), targets=len(ends), told=told or say("page.nothing"))
