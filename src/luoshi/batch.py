"""Reads many files on many cores. The outcomes come in the order of the files; a bad file is an outcome like any other."""

from __future__ import annotations

import os
import sys
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from time import perf_counter
from typing import Final

import msgspec

from luoshi.errors import LuoshiError
from luoshi.extract.fact import DocumentFact
from luoshi.extract.reading import Reading
from luoshi.inputs import STDIN
from luoshi.messages import Lang
from luoshi.pipeline import read_data, read_document
from luoshi.publish import load_format
from luoshi.publish.wording import kind_of, years_of
from luoshi.read import read_stream

#: below so many bytes or files one core is quicker than starting more
_BYTES, _FILES = 4_000_000, 6


class Job(msgspec.Struct, frozen=True):
    """One file to read and what to make of it."""

    path: str
    format: str
    lang: Lang
    kinds: frozenset[str] = frozenset()


class Headline(msgspec.Struct, frozen=True):
    """What is said of one document of a file: its kind, region and years."""

    kind: str
    region: str
    years: tuple[int, int] | None


class Outcome(msgspec.Struct, frozen=True):
    """What became of one file: the part that it gives to the output, or the error; counts of its facts and of its gaps, and the time."""

    file: str
    body: bytes = b""
    documents: tuple[Headline, ...] = ()
    counts: dict[str, int] = {}
    gaps: int = 0
    milliseconds: float = 0.0
    failure: tuple[str, str, str, str] | None = None

    @property
    def error(self) -> LuoshiError | None:
        if self.failure is None:
            return None
        slug, what, where, remedy = self.failure
        return LuoshiError(what, where=where, remedy=remedy, slug=slug)


def read_one(job: Job) -> Outcome:
    """Reads one file and encodes its facts. No error leaves it: a batch goes on after a bad file."""
    begun = perf_counter()
    try:
        reading = read_stdin(job) if job.path == STDIN else read_document(job.path, kinds=_with_documents(job.kinds))
        shown = _without_documents(reading, job.kinds)
        body = load_format(job.format).encode(shown, job.lang)
    except LuoshiError as error:
        return Outcome(job.path, failure=(error.slug, error.what, error.where, error.remedy))
    except MemoryError:
        return Outcome(job.path, failure=("too-large", "文件太大，内存不够", job.path, "请拆成较小的文件再读，或换一台内存更大的机器"))
    except (Exception, RecursionError) as error:  # noqa: BLE001 - whatever a file does, the next one is to be read
        what = f"读取时出错（{type(error).__name__}: {error}）"
        return Outcome(job.path, failure=("internal", what, job.path, "这是程序的缺陷，请连同文件一起报告"))
    return _outcome(job.path, reading, body, (perf_counter() - begun) * 1e3)


def read_stdin(job: Job) -> Reading:
    stream = sys.stdin.buffer if sys.stdin else None
    return read_data(read_stream(stream, STDIN), STDIN, kinds=_with_documents(job.kinds))


def _with_documents(kinds: frozenset[str]) -> frozenset[str]:
    """The document facts cost nothing and are what the summary tells."""
    return kinds | {"document"} if kinds else kinds


def _without_documents(reading: Reading, kinds: frozenset[str]) -> Reading:
    if not kinds or "document" in kinds:
        return reading
    return msgspec.structs.replace(reading, facts=tuple(fact for fact in reading.facts if kind_of(fact) != "document"))


def _outcome(path: str, reading: Reading, body: bytes, milliseconds: float) -> Outcome:
    documents = [fact for fact in reading.facts if isinstance(fact, DocumentFact)]
    return Outcome(
        path, body=body, milliseconds=milliseconds, gaps=sum(len(document.gaps) for document in documents),
        counts=dict(Counter(kind_of(fact) for fact in reading.facts)),
        documents=tuple(Headline(document.kind, document.region, years_of(document)) for document in documents),
    )  # fmt: skip


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def workers_for(jobs: Sequence[Job], asked: int) -> int:
    """How many processes to use: as many as are asked for, or (0) as many as it pays to start."""
    if asked:
        return min(asked, len(jobs))
    if len(jobs) < _FILES and sum(_size(job.path) for job in jobs) < _BYTES:
        return 1
    return min(cores(), len(jobs))


def _size(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except OSError:
        return 0


def read_all(jobs: Sequence[Job], *, workers: int) -> Iterator[Outcome]:
    """The outcome of each job, in order, as they come; the jobs run on ``workers`` processes, or here where that is 1."""
    if workers <= 1:
        yield from map(read_one, jobs)
    else:
        yield from _Pool(workers).run(jobs)


def _read_chunk(jobs: Sequence[Job]) -> list[Outcome]:
    return [read_one(job) for job in jobs]


class _Pool:
    """A pool of processes that survives a file which kills its process: that file is reported, the others are read again."""

    _AHEAD: Final = 4

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._pool = _start(workers)

    def run(self, jobs: Sequence[Job]) -> Iterator[Outcome]:
        size = max(1, min(16, len(jobs) // (self._workers * 8)))
        chunks = deque(jobs[at : at + size] for at in range(0, len(jobs), size))
        running: deque[tuple[Sequence[Job], Future[list[Outcome]] | None]] = deque()
        try:
            while chunks or running:
                while chunks and len(running) < self._workers * self._AHEAD:
                    chunk = chunks.popleft()
                    running.append((chunk, self._submit(chunk)))
                yield from self._take(*running.popleft())
        finally:
            self._pool.shutdown(wait=False, cancel_futures=True)

    def _submit(self, chunk: Sequence[Job]) -> Future[list[Outcome]] | None:
        try:
            return self._pool.submit(_read_chunk, chunk)
        except BrokenProcessPool:
            return None

    def _take(self, chunk: Sequence[Job], future: Future[list[Outcome]] | None) -> list[Outcome]:
        try:
            if future is not None:
                return future.result()
        except BrokenProcessPool:
            pass
        outcomes = [_alone(job) for job in chunk]
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = _start(self._workers)
        return outcomes


def _alone(job: Job) -> Outcome:
    """Reads one file in a process of its own, after one of a chunk has brought its process down."""
    with _start(1) as pool:
        try:
            return pool.submit(read_one, job).result()
        except BrokenProcessPool:
            return Outcome(
                job.path, failure=("crashed", "读取进程中断（可能内存不足）", job.path, "请单独读这个文件，或换一台内存更大的机器")
            )


def _start(workers: int) -> ProcessPoolExecutor:
    from multiprocessing import get_all_start_methods, get_context

    method = "forkserver" if "forkserver" in get_all_start_methods() else "spawn"
    context = get_context(method)
    if method == "forkserver":
        context.set_forkserver_preload(["luoshi.batch"])
    return ProcessPoolExecutor(workers, mp_context=context)
