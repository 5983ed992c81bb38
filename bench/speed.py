"""Measures the reader's speed on one core and its memory, whole processes from bytes to JSON Lines. Writes ``bench/results/speed.json``.

Four questions: how many MB of UTF-8 a second over a corpus; does time grow in step with size; how long one report takes, the
interpreter's start included; how much memory the largest file takes. Then ``peers.py`` runs other tools on the same sentences, where they
are installed. Medians of several runs; without a corpus the bundled fictional documents are read, and the result says so.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

HERE = Path(__file__).parent
RESULTS = HERE / "results" / "speed.json"
DEMO = HERE.parent / "src/luoshi/demo/documents"
READ = [sys.executable, "-m", "luoshi.cli", "read", "-j", "1", "-f", "jsonl", "-q"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=Path("../shared/corpus"))
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    files = sorted(options.corpus.rglob("*.txt"))
    if not files:
        print(f"speed: no corpus under {options.corpus.name} here, the bundled fictional documents are read instead", file=sys.stderr)
        files = sorted(DEMO.glob("*.txt"))
    result: dict[str, Any] = {
        "machine": f"{platform.machine()}, {platform.python_implementation()} {platform.python_version()}, one core",
        "corpus": {
            "files": len(files),
            "MB": round(sum(path.stat().st_size for path in files) / 1e6, 2),
            "fictional": files[0].is_relative_to(DEMO),
        },
    }
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        result["throughput"] = throughput(files, options.runs, scratch)
        result["linear"] = linear(files, options.runs, scratch)
        result["one report"] = one_report(files, scratch)
        result["memory"] = memory(files, scratch)
        result["peers"] = peers(files, scratch)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, ensure_ascii=False, indent=1))
    return 0


def run(arguments: list[str]) -> tuple[float, float]:
    """Seconds and peak megabytes of one process on one core."""
    begun = perf_counter()
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(process.pid, {min(os.sched_getaffinity(0))})
    error = process.stderr.read() if process.stderr else b""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(error.decode())
    return perf_counter() - begun, usage.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)


def throughput(files: list[Path], runs: int, scratch: Path) -> dict[str, float]:
    """The whole corpus in one process, its start included."""
    listed = [str(path) for path in files]
    size = sum(path.stat().st_size for path in files) / 1e6
    seconds = median(run([*READ, *listed, "-o", str(scratch / "all.jsonl")])[0] for _ in range(runs))
    written = (scratch / "all.jsonl").stat().st_size / 1e6
    return {"MB/s": round(size / seconds, 2), "seconds": round(seconds, 2), "MB written": round(written, 1)}


def linear(files: list[Path], runs: int, scratch: Path) -> list[dict[str, float]]:
    """The same documents, one after the other in one file of growing size; the start of the process is taken off."""
    small = scratch / "small.txt"
    small.write_text("新建公园3个。\n", encoding="utf-8")
    start = median(run([*READ, str(small), "-o", str(scratch / "small.jsonl")])[0] for _ in range(5))
    words = "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in files)
    out: list[dict[str, float]] = []
    for size in (0.25, 0.5, 1, 2, 4):
        text = words.encode()[: int(size * 1e6)].decode(errors="ignore")
        if len(text.encode()) < size * 0.9e6:
            break
        path = scratch / "grown.txt"
        path.write_text(text, encoding="utf-8")
        seconds = median(run([*READ, str(path), "-o", str(scratch / "grown.jsonl")])[0] for _ in range(runs)) - start
        out.append({"MB": size, "seconds": round(seconds, 2), "MB/s": round(size / seconds, 2)})
    return out


def one_report(files: list[Path], scratch: Path) -> dict[str, float | int]:
    """One report of usual length, the interpreter's start included."""
    path = min(files, key=lambda file: abs(file.stat().st_size - 55_000))
    seconds = [run([*READ, str(path), "-o", str(scratch / "one.jsonl")])[0] for _ in range(9)]
    return {
        "characters": len(path.read_text(encoding="utf-8", errors="replace")),
        "seconds": round(median(seconds), 3),
        "best": round(min(seconds), 3),
    }


def memory(files: list[Path], scratch: Path) -> dict[str, float]:
    """The peak of one process that reads a file of 5 MB."""
    words = "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in files).encode()
    whole = (words * (5_000_000 // len(words) + 1))[:5_000_000].decode(errors="ignore")
    path = scratch / "large.txt"
    path.write_text(whole, encoding="utf-8")
    seconds, peak = run([*READ, str(path), "-o", str(scratch / "large.jsonl")])
    return {"MB": 5, "peak MiB": round(peak), "seconds": round(seconds, 2)}


def peers(files: list[Path], scratch: Path) -> Any:
    """What ``peers.py`` finds in the environment where the peers are installed; a word where there is none."""
    python = HERE.parent / ".venv-bench/bin/python"
    if not python.exists():
        print("speed: .venv-bench is not here, the peers are left out", file=sys.stderr)
        return None
    listing = scratch / "files.json"
    listing.write_text(json.dumps([str(path.resolve()) for path in files]), encoding="utf-8")
    done = subprocess.run([python, HERE / "peers.py", listing], stdout=subprocess.PIPE, check=False)
    return json.loads(done.stdout.decode().splitlines()[-1]) if done.returncode == 0 else None


if __name__ == "__main__":
    sys.exit(main())
