"""Scores the reader against hand-made gold: each stretch, then all together. Writes ``bench/results/gold.json``.

Gold is looked for in the folder ``gold`` below ``--root``; without it a word is said and nothing is done.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import msgspec

from luoshi.evaluate import Score, has_digits, load_gold, merge, score
from luoshi.pipeline import read_document

RESULTS = Path(__file__).parent / "results" / "gold.json"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=Path("../shared"))
    root: Path = parser.parse_args().root
    paths = sorted((root / "gold").glob("*.jsonl"))
    if not paths:
        print(f"gold: nothing under {root.name}/gold here, accuracy is not measured", file=sys.stderr)
        return 0
    found: dict[str, dict[str, Score]] = {}
    for path in paths:
        gold = load_gold(path, root=root)
        name = path.name.removesuffix(".jsonl")
        for kind in ("measure", "project", "task"):
            if gold.records.get(kind):
                facts = read_document(gold.source, kinds={kind}).facts
                records = gold.predicted([msgspec.json.decode(msgspec.json.encode(fact)) for fact in facts], kind)
                wanted = gold.records[kind]
                if kind == "measure":
                    spoken = score([row for row in wanted if not has_digits(row)], [row for row in records if not has_digits(row)], kind)
                    found.setdefault("words", {})[name] = spoken
                    wanted, records = [row for row in wanted if has_digits(row)], [row for row in records if has_digits(row)]
                found.setdefault(kind, {})[name] = score(wanted, records, kind)
    result = {
        kind: [*(_row(name, one) for name, one in scores.items()), _row("", merge(list(scores.values())))] for kind, scores in found.items()
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    for kind, rows in result.items():
        for row in rows:
            figures = "  ".join(f"{key} {row[key]:.3f}" for key in ("found", "exact", "strict"))
            print(f"{kind:8} {row['stretch'] or 'all together':34} gold {row['gold']:4}  {figures}")
    return 0


def _row(name: str, one: Score) -> dict[str, Any]:
    figures = {key: round(getattr(one, key), 4) for key in ("precision", "recall", "found", "exact", "strict")}
    return {"stretch": name, "gold": one.gold, "predicted": one.predicted, **figures}


if __name__ == "__main__":
    sys.exit(main())
