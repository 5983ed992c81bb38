"""``luoshi read``: which files, in which form, to where; a line about each on standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, BinaryIO

import click
import msgspec

from luoshi.batch import Job, Outcome, read_all, read_one, workers_for
from luoshi.errors import BadUsage, said
from luoshi.extract import KINDS
from luoshi.inputs import STDIN, find_inputs
from luoshi.messages import Speaker
from luoshi.publish import FORMATS, load_format
from luoshi.publish.part import Part
from luoshi.publish.table import harmless
from luoshi.publish.wording import years_shown

#: from so many files on a bar shows how far the reading is
_MANY = 5
_COUNTED = ("measure", "task", "project", "term", "section")


class Wanted(msgspec.Struct, frozen=True):
    """What the command line asks for; ``format`` ``None``: by the ending of ``out``, else a table."""

    patterns: tuple[str, ...]
    format: str | None = None
    kinds: frozenset[str] = frozenset()
    out: str | None = None
    jobs: int = 0
    explain: int | None = None
    quiet: bool = False


def read(wanted: Wanted, say: Speaker) -> int:
    """Reads and writes; 0 where every file was read, else 1. Raises ``BadUsage`` where it cannot begin."""
    unknown = sorted(wanted.kinds - set(KINDS))
    if unknown:
        raise BadUsage(f"没有“{'、'.join(unknown)}”这种事实", where="--kind", remedy=f"可选：{' '.join(KINDS)}", slug="unknown-kind")
    paths = find_inputs(wanted.patterns)
    if wanted.explain is not None:
        return _explain(paths, wanted.explain, say)
    form = wanted.format or _form_of(wanted.out)
    target = _Target(wanted.out, form, paths)
    jobs = [Job(path=path, format=form, lang=say.lang, kinds=wanted.kinds) for path in paths]
    tally = _Tally(say, quiet=wanted.quiet, total=len(jobs))
    with tally.bar():
        target.write(tally.watch(read_all(jobs, workers=workers_for(jobs, wanted.jobs))), say)
    tally.close()
    return 1 if tally.failed else 0


def _form_of(out: str | None) -> str:
    """The form that the ending of ``out`` tells; a table where there is no file to name it. Raises ``BadUsage`` for an ending of no form."""
    if not out or out == STDIN or Path(out).is_dir() or out.endswith(("/", "\\")):
        return "table"
    ending = Path(out).suffix.lower()
    form = next((form for form, suffix in FORMATS.items() if suffix == ending), None)
    if form is None:
        what = f"扩展名 {ending} 不是输出格式" if ending else "没有扩展名，不知道写成哪种格式"
        remedy = f"扩展名可以是 {' '.join(FORMATS.values())}；用别的名字时请加 --format {'|'.join(FORMATS)}"
        raise BadUsage(what, where=f"--out {out}", remedy=remedy, slug="unknown-ending")
    return form


class _Target:
    """Where the output goes: standard output, one file, or a folder with a file for each input."""

    def __init__(self, out: str | None, form: str, paths: list[str]) -> None:
        self._form = form
        self._paths = paths
        self._out = Path(out) if out and out != STDIN else None
        self._folder = self._out is not None and (self._out.is_dir() or (out or "").endswith(("/", "\\")))
        if self._out is None and form in ("xlsx", "html") and sys.stdout.isatty():
            raise BadUsage(f"{form} 不能显示在终端里", where="--format", remedy="请用 --out 指明写到哪个文件", slug="no-terminal")
        if self._out is not None and any(path != STDIN and _same(self._out, Path(path)) for path in paths):
            raise BadUsage("输出会覆盖要读的文件", where=str(self._out), remedy="请换一个文件名", slug="overwrite")

    def write(self, outcomes: Iterable[Outcome], say: Speaker) -> None:
        parts = (Part(outcome.file, outcome.body) for outcome in outcomes if outcome.failure is None)
        form = load_format(self._form)
        if self._out is None:
            sys.stdout.flush()
            form.write(parts, sys.stdout.buffer, lang=say.lang, several=len(self._paths) > 1)
            sys.stdout.buffer.flush()
        elif not self._folder:
            with replacing(self._out) as out:
                form.write(parts, out, lang=say.lang, several=len(self._paths) > 1)
        else:
            names = _names(self._paths, FORMATS[self._form])
            for part in parts:
                with replacing(self._out / names[part.file]) as out:
                    form.write([part], out, lang=say.lang, several=False)


def _same(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.samefile(other)


def _names(paths: list[str], suffix: str) -> dict[str, str]:
    """The name of each input's own output file: its stem, and more of its name where two would be the same."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for path in paths:
        source = Path("stdin" if path == STDIN else path)
        tries = [source.stem, source.name, *(f"{source.name}-{number}" for number in range(2, len(paths) + 2))]
        name = next(name for name in tries if name.lower() not in taken)
        taken.add(name.lower())
        names[path] = name + suffix
    return names


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file that takes its place only when it is written to the end; its folder is made where there is none."""
    scratch = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with scratch.open("wb") as out:
            yield out
        scratch.replace(path)
    except OSError as error:
        raise BadUsage(f"写不出：{said(error)}", where=str(path), remedy="请检查路径、权限和磁盘空间", slug="cannot-write") from error
    finally:
        scratch.unlink(missing_ok=True)


class _Tally:
    """Tells of each file as it is read, and of all at the end."""

    def __init__(self, say: Speaker, *, quiet: bool, total: int) -> None:
        self._say, self._quiet, self._total = say, quiet, total
        self.read = self.failed = 0
        self._progress: Any = None

    def bar(self) -> AbstractContextManager[Any]:
        if self._quiet or self._total < _MANY or not sys.stderr.isatty():
            return nullcontext()
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._progress = Progress(*columns, console=Console(stderr=True), transient=True)
        self._progress.add_task(self._say("read.reading"), total=self._total)
        return self._progress  # type: ignore[no-any-return]

    def watch(self, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
        for outcome in outcomes:
            self._tell(outcome)
            if self._progress is not None:
                self._progress.advance(self._progress.task_ids[0])
            yield outcome

    def _tell(self, outcome: Outcome) -> None:
        error = outcome.error
        if error is not None:
            self.failed += 1
            self._print(self._say("read.failed", error=self._say.error(error)))
        else:
            self.read += 1
            if not self._quiet:
                self._print(summary(outcome, self._say))

    def _print(self, line: str) -> None:
        if self._progress is None:
            click.echo(harmless(line), err=True)
        else:
            self._progress.console.print(harmless(line), markup=False, highlight=False, soft_wrap=True)

    def close(self) -> None:
        if self._total > 1 and (self.failed or not self._quiet):
            click.echo(self._say("read.total", read=self.read, failed=self.failed), err=True)


def summary(outcome: Outcome, say: Speaker) -> str:
    """One line about a file that was read: its documents, how many facts of each kind, gaps, time."""
    documents = [
        " ".join(word for word in (say.word("kind", one.kind), one.region, years_shown(one.years)) if word) for one in outcome.documents
    ]
    shown = say("word.listed").join(documents[:3]) + (say("read.and_more", count=len(documents)) if len(documents) > 3 else "")
    counts = " ".join(f"{say.word('fact', kind)} {outcome.counts[kind]}" for kind in _COUNTED if outcome.counts.get(kind))
    gaps = say("read.gaps", count=outcome.gaps) if outcome.gaps else ""
    told = " · ".join(word for word in (shown or say("read.no_document"), counts or say("page.nothing"), gaps) if word)
    return say("read.line", file=outcome.file, told=told, milliseconds=round(outcome.milliseconds))


def _explain(paths: list[str], offset: int, say: Speaker) -> int:
    from luoshi.explain import explain
    from luoshi.pipeline import read_document

    if len(paths) != 1 or paths[0] == STDIN:
        raise BadUsage("--explain 只看一个文件", where="--explain", remedy="请只给一个文件的路径", slug="explain-one")
    for line in explain(read_document(paths[0]), offset, say):
        click.echo(harmless("  " * line.depth + (say("explain.line", label=line.label, words=line.words) if line.words else line.label)))
    return 0


__all__ = ["Wanted", "read", "read_one", "replacing", "summary"]
