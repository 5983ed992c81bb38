"""Who used the processor: the server, the database, the client, and all others on the machine."""

from __future__ import annotations

import os
from pathlib import Path
from time import monotonic

import msgspec

_TICK = os.sysconf("SC_CLK_TCK")


class Used(msgspec.Struct, frozen=True):
    """Seconds of processor since each began, at a moment."""

    at: float
    server: float
    database: float
    client: float
    all: float
    processes: frozenset[int]


def used(server: int, database: str) -> Used:
    """What has been used so far: by the process ``server`` with its children, by the backends of the database, by this process, by all."""
    parents, seconds, names = dict[int, int](), dict[int, float](), dict[int, str]()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            names[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            continue
        parents[int(folder.name)] = int(fields[1])
        # what children that ended had used counts for their parent
        seconds[int(folder.name)] = sum(map(int, fields[11:15])) / _TICK
    family = _family(server, parents)
    backends = [one for one, name in names.items() if database and name.startswith("postgres:") and f" {database} " in name]
    fields = [int(word) for word in Path("/proc/stat").read_text().splitlines()[0].split()[1:]]
    busy = (sum(fields[:3]) + sum(fields[5:8])) / _TICK
    own = os.times()
    return Used(
        monotonic(),
        sum(seconds[one] for one in family),
        sum(seconds[one] for one in backends),
        own.user + own.system,
        busy,
        frozenset(family),
    )


def _family(root: int, parents: dict[int, int]) -> set[int]:
    found = {root} & set(parents)
    while True:
        more = {one for one, parent in parents.items() if parent in found} - found
        if not more:
            return found
        found |= more


def between(first: Used, last: Used) -> dict[str, float]:
    """Cores that each used on average; ``others``: processes that have nothing to do with the measurement."""
    span = last.at - first.at
    told = {name: (getattr(last, name) - getattr(first, name)) / span for name in ("server", "database", "client", "all")}
    told["others"] = told["all"] - told["server"] - told["database"] - told["client"]
    return {name: round(value, 2) for name, value in told.items()} | {"load average": round(os.getloadavg()[0], 1)}
