"""Scores a reading against gold: what was found, and of what was found, what is right.

Two records meet where their spans overlap by half of their union or more. ``found`` is the F1 of records that meet, ``exact`` counts
of them only those with the same span to the character, ``strict`` only those that agree in every attribute of ``STRICT``. Measures
written with digits and those in words are scored apart. A gold record marked ``optional`` neither counts nor costs.
Tasks agree only where number, span, body and every unit in its role are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from luoshi.errors import BadUsage, said

Record = Mapping[str, Any]

#: the attributes that must agree, by kind
STRICT: Final = {
    "measure": ("value", "unit", "measure", "direction", "comparator", "role", "year", "indicator"),
    "project": ("stage", "role"),
    "task": ("number", "start", "end", "body_end", "leaders", "lead_units", "support_units"),
}
_UNITS: Final = {
    "㎡": "平方米", "m2": "平方米", "平米": "平方米", "km": "公里", "千米": "公里", "％": "%", "个百分点": "百分点", "RMB": "元",
    "人民币": "元", "家次": "家", "户次": "户",
}  # fmt: skip
_CLASSES: Final = {"gt": "ge", "lt": "le"}


class Pair(msgspec.Struct, frozen=True):
    """A gold record, the record that met it, and for each attribute whether they agree."""

    gold: Record
    found: Record
    agrees: dict[str, bool]


class Score(msgspec.Struct, frozen=True):
    """The figures of one comparison; ``missed`` and ``extra`` are what met nothing."""

    gold: int
    predicted: int
    pairs: tuple[Pair, ...]
    missed: tuple[Record, ...]
    extra: tuple[Record, ...]
    kind: str

    @property
    def precision(self) -> float:
        return len(self.pairs) / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        return len(self.pairs) / self.gold if self.gold else 0.0

    @property
    def found(self) -> float:
        return self._f1(len(self.pairs))

    @property
    def exact(self) -> float:
        return self._f1(sum(pair.gold["start"] == pair.found["start"] and pair.gold["end"] == pair.found["end"] for pair in self.pairs))

    @property
    def strict(self) -> float:
        return self._f1(sum(is_right(pair, self.kind) for pair in self.pairs))

    def _f1(self, hits: int) -> float:
        total = self.gold + self.predicted
        return 2 * hits / total if total else 1.0

    def attribute(self, key: str) -> float:
        """The share of the pairs that agree in one attribute."""
        return sum(pair.agrees[key] for pair in self.pairs) / len(self.pairs) if self.pairs else 0.0


def is_right(pair: Pair, kind: str) -> bool:
    """True where the pair agrees in every attribute that counts for its kind."""
    return all(pair.agrees[key] for key in STRICT[kind])


def overlap(a: Record, b: Record) -> float:
    """The share of the union of two spans that both cover."""
    inter = min(a["end"], b["end"]) - max(a["start"], b["start"])
    return float(inter / (max(a["end"], b["end"]) - min(a["start"], b["start"]))) if inter > 0 else 0.0


def score(gold: Sequence[Record], predicted: Sequence[Record], kind: str) -> Score:
    """The score of ``predicted`` against ``gold``, both of one kind and in one stretch; each gold record takes the best that is free."""
    wanted = [record for record in gold if not record.get("optional")]
    free = dict(enumerate(predicted))
    pairs: list[Pair] = []
    missed: list[Record] = []
    for record in wanted:
        share, at = max(((overlap(record, other), index) for index, other in free.items()), default=(0.0, -1))
        if share >= 0.5:
            other = free.pop(at)
            pairs.append(Pair(record, other, _AGREE[kind](record, other)))
        else:
            missed.append(record)
    lenient = [record for record in gold if record.get("optional")]
    extra = [record for record in free.values() if not any(overlap(other, record) >= 0.5 for other in lenient)]
    return Score(len(wanted), len(pairs) + len(extra), tuple(pairs), tuple(missed), tuple(extra), kind)


def merge(scores: Sequence[Score]) -> Score:
    """The score over several stretches together."""
    return Score(
        gold=sum(one.gold for one in scores), predicted=sum(one.predicted for one in scores),
        pairs=tuple(pair for one in scores for pair in one.pairs), missed=tuple(record for one in scores for record in one.missed),
        extra=tuple(record for one in scores for record in one.extra), kind=scores[0].kind,
    )  # fmt: skip


def has_digits(record: Record) -> bool:
    """True for an amount written with digits; the others (六成, 全覆盖) are scored apart."""
    return any(char.isdigit() for char in record["text"])


def _same_number(x: float | None, y: float | None) -> bool:
    if x is None or y is None:
        return x is y
    return abs(x - y) <= 1e-6 * max(1.0, abs(x), abs(y)) or abs(x - y) < 0.006


def _year(record: Record) -> object:
    years = record.get("years")
    return tuple(years) if years else record.get("year")


def _agree_measure(gold: Record, found: Record) -> dict[str, bool]:
    def same(key: str, default: object = None) -> bool:
        return bool(gold.get(key, default) == found.get(key, default))

    numbers = _same_number(gold.get("value"), found.get("value")) and _same_number(gold.get("value_max"), found.get("value_max"))
    unit = gold.get("unit", "")
    comparators = [record.get("comparator", "eq") for record in (gold, found)]
    return {
        "value": gold.get("value") is None or numbers,
        "unit": not unit or _UNITS.get(unit, unit) == _UNITS.get(found.get("unit", ""), found.get("unit", "")),
        "measure": same("measure", "level"),
        "direction": same("direction"),
        "comparator": _CLASSES.get(comparators[0], comparators[0]) == _CLASSES.get(comparators[1], comparators[1]),
        "role": same("role"),
        "year": _year(gold) is None or _year(gold) == _year(found),
        "strength": same("strength", "plain"),
        "indicator": _same_indicator(gold.get("indicator"), found.get("indicator")),
    }


def _same_indicator(gold: Record | None, found: Record | None) -> bool:
    if gold is None or found is None:
        return gold is None
    holds = (gold["start"] <= found["start"] and found["end"] <= gold["end"]) or (
        found["start"] <= gold["start"] and gold["end"] <= found["end"]
    )
    return bool(holds or overlap(gold, found) >= 1 / 3 or gold["text"] == found["text"])


def _agree_project(gold: Record, found: Record) -> dict[str, bool]:
    return {key: gold.get(key) == found.get(key) for key in STRICT["project"]}


def _agree_task(gold: Record, found: Record) -> dict[str, bool]:
    def plain(record: Record, key: str) -> object:
        value = record.get(key)
        return [(unit["start"], unit["end"]) for unit in value or ()] if key.endswith(("units", "leaders")) else value

    return {key: plain(gold, key) == plain(found, key) for key in STRICT["task"]}


_AGREE: Final[dict[str, Callable[[Record, Record], dict[str, bool]]]] = {
    "measure": _agree_measure,
    "project": _agree_project,
    "task": _agree_task,
}


class Gold(msgspec.Struct, frozen=True):
    """One gold file: the document that it speaks of, the stretch (``None``: from its first to its last record), its records by kind."""

    path: Path
    source: Path
    stretch: tuple[int, int] | None
    records: dict[str, list[Record]]

    def predicted(self, records: Sequence[Record], kind: str) -> list[Record]:
        """Those of the records that are of this kind and lie in the stretch."""
        first, last = self.stretch or self._extent(kind)
        return [record for record in records if record["fact"] == kind and first <= record["start"] and record["end"] <= last]

    def _extent(self, kind: str) -> tuple[int, int]:
        records = self.records[kind]
        return min(record["start"] for record in records), max(record["end"] for record in records)


def load_gold(path: Path, *, root: Path | None = None, source: Path | None = None) -> Gold:
    """Reads a gold file. Its document is ``source``, or the ``file`` of its first line below ``root``, below the gold file's folder or the
    folder above; without that line, the file there whose name begins like the gold file's. Raises ``BadUsage``."""
    try:
        rows = [msgspec.json.decode(line) for line in path.read_bytes().splitlines() if line.strip()]
    except (OSError, msgspec.DecodeError) as error:
        why = said(error) if isinstance(error, OSError) else "有一行不是 JSON"
        raise BadUsage(f"读不出标注文件：{why}", where=str(path), remedy="应为每行一个 JSON 对象", slug="bad-gold") from error
    head: dict[str, Any] = next((row["gold"] for row in rows if "gold" in row), {})
    records: dict[str, list[Record]] = {}
    for row in rows:
        if "fact" in row:
            records.setdefault(row["fact"], []).append(row)
    stretch = tuple(head["range"]) if "range" in head else None
    return Gold(path=path, source=source or _document(path, head.get("file", ""), root), stretch=stretch, records=records)


def _document(path: Path, name: str, root: Path | None) -> Path:
    folders = [root] if root else [path.parent, path.parent.parent]
    for folder in folders:
        if name and (folder / name).is_file():
            return folder / name
    stem = path.name.split(".")[0]
    for folder in folders if not name else ():
        found = sorted(file for file in folder.rglob(f"{stem}.*") if file.suffix != ".jsonl")
        if found:
            return found[0]
    raise BadUsage(
        f"找不到标注所说的文件 {name or stem}",
        where=str(path),
        remedy="请用 --root 指明它所在的文件夹，或用 --source 指明文件",
        slug="no-source",
    )
