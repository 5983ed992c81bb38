"""Writes the tables of the READMEs from ``bench/results``; the text around them stays as it is.

A table stands between ``<!-- NAME -->`` and ``<!-- /NAME -->``. ``--check`` changes nothing and fails where a table is out of date.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "bench/results"
_KINDS = {
    "measure": ("指标（数字）", "measures, in digits"),
    "words": ("指标（文字数量）", "measures, in words"),
    "project": ("项目", "projects"),
    "task": ("任务（含各责任单位）", "tasks with every unit"),
}
_HEADS = {
    "accuracy": (("读什么", "标注", "找到", "边界一致", "全部一致"), ("what", "gold", "found", "exact", "strict")),
    "stretches": (("文段", "标注", "找到", "边界一致", "全部一致"), ("stretch", "gold", "found", "exact", "strict")),
    "speed": (("量什么", "结果"), ("what", "result")),
    "peers": (("工具", "MB/s", "找到", "用时（落实为 1）"), ("tool", "MB/s", "found", "time (Luoshi 1)")),
}
_WORDS = {
    "luoshi": "落实（全部事实）",
    "luoshi, measures only": "落实（只读指标）",
    "regular expression": "一条正则表达式（只认数量）",
    "jieba, segmentation": "jieba 分词",
    "jionlp, money and time": "jionlp 金额与时间",
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    stale = False
    for name, english in (("README.md", False), ("README.en.md", True)):
        path = ROOT / name
        before = path.read_text(encoding="utf-8")
        after = before
        for table, rows in tables(english=english).items():
            block = f"<!-- {table} -->\n{rows}\n<!-- /{table} -->"
            after = re.sub(f"<!-- {table} -->.*?<!-- /{table} -->", lambda _, block=block: block, after, flags=re.DOTALL)
        stale = stale or before != after
        if not check:
            path.write_text(after, encoding="utf-8")
    return 1 if check and stale else 0


def tables(*, english: bool) -> dict[str, str]:
    """Every table by name, as Markdown."""
    at = int(english)
    found: dict[str, list[tuple[object, ...]]] = {}
    if (gold := _load("gold")) is not None:
        kinds = {kind: words[at] for kind, words in _KINDS.items() if kind in gold}
        found["accuracy"] = [_figures(name, gold[kind][-1]) for kind, name in kinds.items()]
        found["stretches"] = [_figures(row["stretch"], row) for kind in ("measure", "project", "task") for row in gold.get(kind, [])[:-1]]
    if (speed := _load("speed")) is not None:
        found["speed"] = _speed(speed, english=english)
        if speed.get("peers"):
            found["peers"] = [
                (row["tool"] if english else _WORDS.get(row["tool"], row["tool"]), row["MB/s"], row["found"], row["time"])
                for row in speed["peers"]["tools"]
            ]
    return {name: _markdown(_HEADS[name][at], rows) for name, rows in found.items()}


def _load(name: str) -> Any:
    path = RESULTS / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def _figures(name: str, row: dict[str, Any]) -> tuple[object, ...]:
    return (name, row["gold"], *(f"{row[key]:.3f}" for key in ("found", "exact", "strict")))


def _speed(speed: dict[str, Any], *, english: bool) -> list[tuple[object, ...]]:
    corpus, whole, one, memory = (speed[key] for key in ("corpus", "throughput", "one report", "memory"))
    linear = "，".join(f"{row['MB']} MB {row['seconds']} s" for row in speed["linear"])
    if english:
        return [
            (f"{corpus['files']} documents, {corpus['MB']} MB, one core, whole process, bytes to JSON Lines", f"{whole['MB/s']} MB/s"),
            ("time against size", linear.replace("，", ", ")),
            (f"one report of {one['characters']:,} characters, the interpreter's start included", f"{one['seconds']} s"),
            ("peak memory for one file of 5 MB", f"{memory['peak MiB']} MiB"),
        ]
    return [
        (f"{corpus['files']} 份文件 {corpus['MB']} MB，单核，整个进程，从字节到 jsonl", f"{whole['MB/s']} MB/s"),
        ("时间与篇幅", linear),
        (f"一份 {one['characters']:,} 字的报告，含解释器启动", f"{one['seconds']} 秒"),
        ("5 MB 单个文件的内存峰值", f"{memory['peak MiB']} MiB"),
    ]


def _markdown(head: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    lines = [head, tuple("---" if at == 0 else "---:" for at in range(len(head))), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


if __name__ == "__main__":
    sys.exit(main())
