"""The public record under load: ``python bench/load/portal.py``, with LUOSHI_DATA a ledger whose record is switched on (that of ``luoshi demo``).

The server as a user starts it; requests begin at a steady rate whether earlier ones are answered or not, so that a slow answer makes no room
for itself. Every page of the record is asked for in turn; half of the askers have a page already and ask whether it is still the same.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import platform
import re
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec

RESULT = Path(__file__).parent.parent / "results" / "load-portal.json"
_LINK = re.compile(rb'href="(/public[^"#?]*)"')


class Answer(msgspec.Struct, frozen=True):
    """One answer: its status, how long from when it was due until all of it was there (ms), how many bytes."""

    status: int
    took: float
    size: int


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench/load/portal.py", description=__doc__)
    parser.add_argument("--rate", type=float, default=200, help="requests a second")
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--senders", type=int, default=32, help="connections at once")
    parser.add_argument("--result", type=Path, default=RESULT)
    options = parser.parse_args()
    from measure import served

    with served() as (_, port):
        pages = crawl(port)
        answers = drive(port, pages, options.rate, options.seconds, options.senders)
    told = figures(answers, options, len(pages))
    print(json.dumps(told, ensure_ascii=False, indent=1))
    options.result.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return int(told["errors"] > 0)


def crawl(port: int) -> dict[str, str]:
    """Every page that the first one leads to, with its tag; which also puts it among those that are kept."""
    found, waiting = dict[str, str](), ["/public"]
    door = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    while waiting:
        path = waiting.pop()
        if path in found or "/data/" in path or path.endswith("/clue"):
            continue
        door.request("GET", path)
        answer = door.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}; is the record switched on?")
        found[path] = answer.headers.get("ETag", "")
        waiting += {link.decode() for link in _LINK.findall(body)} - set(found)
    return found


def drive(port: int, pages: dict[str, str], rate: float, seconds: float, senders: int) -> list[Answer]:
    """The answers to requests that began at a steady rate."""
    asked, total, lock = iter(range(int(rate * seconds))), int(rate * seconds), threading.Lock()
    paths, answers, begun = list(pages.items()), list[Answer](), time.monotonic() + 0.5

    def send() -> None:
        door = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while True:
            with lock:
                number = next(asked, None)
            if number is None:
                return
            due = begun + number / rate
            time.sleep(max(0, due - time.monotonic()))
            path, tag = paths[number * 7919 % len(paths)]
            try:
                door.request("GET", path, headers={"If-None-Match": tag} if number % 2 else {})
                answer = door.getresponse()
                size, status = len(answer.read()), answer.status
            except OSError:
                door.close()
                size, status = 0, 0
            answers.append(Answer(status, (time.monotonic() - due) * 1000, size))

    threads = [threading.Thread(target=send) for _ in range(senders)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(answers) != total:
        raise RuntimeError("not every request was answered or given up")
    return answers


def figures(answers: list[Answer], options: argparse.Namespace, pages: int) -> dict[str, Any]:
    """Percentiles in milliseconds, errors, what was answered."""
    took = sorted(one.took for one in answers)
    codes = Counter(one.status for one in answers)
    percent = {f"p{share}": round(took[min(len(took) - 1, len(took) * share // 100)], 1) for share in (50, 95, 99)}
    return {
        "when": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()), "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "load of the machine at the end": [round(one, 1) for one in os.getloadavg()], "pages": pages, "requests a second": options.rate,
        "requests": len(answers), "statuses": {str(code): count for code, count in sorted(codes.items())},
        "errors": sum(count for code, count in codes.items() if code not in (200, 304)), "ms": {**percent, "max": round(took[-1], 1)},
        "largest page, KB": round(max(one.size for one in answers) / 1000, 1),
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
