"""Runs Luoshi and other tools on the same sentences, in turn, several rounds, in one process; prints the medians and ratios as JSON.

It runs in an environment of its own (``.venv-bench``), since one of the peers brings GPL code with it, which the product must not need.
The tools answer different questions, so what each found is given beside its speed: a quantity pattern finds numbers and knows nothing of them;
jieba cuts into words; jionlp reads sums of money and times; Luoshi reads facts of all kinds, the indicator and year of each among them.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import re
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

ROUNDS = 5
CHARACTERS = 120_000
_SENTENCE = re.compile(r"[^。；！？\n]+[。；！？]?")
_QUANTITY = re.compile(
    r"(?:\d+(?:,\d{3})*(?:\.\d+)?|[一二三四五六七八九十百千]+(?:点[一二三四五六七八九]+)?)\s*(?:万亿|亿|万|千|百)?(?:余|多)?"
    r"(?:元|美元|%|％|个百分点|百分点|户|家|个|公里|平方公里|平方米|亩|公顷|吨|人次|人|名|件|项|套|所|座|条|张|倍|位|台|辆|千瓦|立方米|微克/立方米)"
)


def main() -> int:
    logging.disable()  # jionlp writes a traceback for every sum of money that it takes for a time
    sentences = _sentences([Path(name) for name in json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))])
    size = sum(len(sentence.encode()) for sentence in sentences) / 1e6
    tools = {**_own(sentences), **_others(sentences)}
    seconds: dict[str, list[float]] = {name: [] for name in tools}
    found: dict[str, int] = {}
    for _ in range(ROUNDS):
        for name, tool in tools.items():
            begun = perf_counter()
            found[name] = tool()
            seconds[name].append(perf_counter() - begun)
    own = median(seconds["luoshi"])
    rows = [
        {"tool": name, "MB/s": round(size / median(times), 3), "found": found[name], "time": round(median(times) / own, 2)}
        for name, times in seconds.items()
    ]
    print(json.dumps({"sentences": len(sentences), "MB": round(size, 3), "rounds": ROUNDS, "tools": rows}, ensure_ascii=False))
    return 0


def _sentences(files: list[Path]) -> list[str]:
    """Sentences from all over the corpus, as many characters of each file."""
    share = max(400, CHARACTERS // len(files))
    words = (path.read_text(encoding="utf-8", errors="replace")[2000 : 2000 + share] for path in files)
    return [sentence for text in words for sentence in _SENTENCE.findall(text) if len(sentence) > 4]


def _own(sentences: list[str]) -> dict[str, Callable[[], int]]:
    from luoshi import extract_facts

    text = "\n".join(sentences)
    quantity = _QUANTITY.finditer
    return {
        "luoshi": lambda: len(extract_facts(text).facts),
        "luoshi, measures only": lambda: len(extract_facts(text, kinds={"measure"}).facts),
        "regular expression": lambda: sum(1 for sentence in sentences for _ in quantity(sentence)),
    }


def _others(sentences: list[str]) -> dict[str, Callable[[], int]]:
    tools: dict[str, Callable[[], int]] = {}
    with contextlib.suppress(ImportError):
        import jieba

        jieba.setLogLevel(60)
        jieba.initialize()
        tools["jieba, segmentation"] = lambda: sum(len(jieba.lcut(sentence)) for sentence in sentences)
    with contextlib.suppress(ImportError), contextlib.redirect_stdout(io.StringIO()):
        import jionlp

        tools["jionlp, money and time"] = lambda: sum(_jionlp(jionlp, sentence) for sentence in sentences)
    return tools


def _jionlp(jionlp: Any, sentence: str) -> int:
    """Its two extractors; a sentence on which one raises counts as nothing found."""
    found = 0
    for name in ("extract_money", "extract_time"):
        extract = getattr(jionlp.ner, name)
        with contextlib.suppress(Exception):
            found += len(extract(sentence))
    return found


if __name__ == "__main__":
    sys.exit(main())
