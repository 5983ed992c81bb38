"""Fuzzes the reader: damages good files of every format, and asks of each answer what is promised of every text.

    python bench/fuzz.py --minutes 30

Files are made on the fly (``tests/read/making.py``, ``printing.py``), then damaged byte by byte, piece by piece, and for packages also
inside their parts. Each must give one ``UnreadableFile`` with a remedy, or a text whose map, marks, tables and anchors hold, within
seconds and within memory. The work is done in child processes, so that a crash of a library is seen; whatever fails is kept under
``out/fuzz`` once for each place where it fails. The same ``--seed`` gives the same files.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import multiprocessing
import random
import resource
import signal
import sys
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType

sys.path.insert(0, str(Path(__file__).parents[1]))

from luoshi.errors import UnreadableFile
from luoshi.read import read_bytes
from luoshi.read.text import Text
from tests.read import making

BATCH = 150
SECONDS = 20
MEMORY = 2 * 1024**3
PROSE = (
    "标题：青石区2024年政府工作报告\r\n首页 > 要闻\n　　各位代表：\n现在，我向大会报告工作，全区生产总值完成1 2 5 0亿元，增长８.２％。\n- 12 -\n一、工作回顾\n"
    "&nbsp;&nbsp;（一）项目建设。全年新开工项目30个，总投资超26\n0亿元，“双招双引”成效明显;????完成投资\\r\\n年度任务。（责任单位：区发改局）\n某ICP备1234号\n"
)
PAGE = (
    "<html><head><meta charset='gbk'><title>报告</title></head><body><div class='nav'><a href=x>首页</a></div><h1>政府工作报告</h1><p>　　各位代表：<br>增长8％。</p>"
    "<ol><li>修路</li></ol><table><tr><th>序号</th><th>任务</th><th>牵头单位</th></tr><tr><td rowspan=2>1</td><td>植树</td><td>区林业局</td></tr></table><!-- x --></body></html>"
)
BITS = [
    b"<",
    b">",
    b"</",
    b"<!--",
    b"-->",
    b"&#",
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"\n",
    b"\r",
    b"\t",
    b"%PDF-",
    b"PK\x03\x04",
    b"stream",
    b"9" * 40,
    b"-1",
    b"0",
    b"4294967296",
    b"\xe2\x80\xa8",
    b"(",
    b"[",
    b"<table>",
    b"<td colspan=999>",
    b"<w:p>",
    b"</w:tbl>",
    b'w:val="9999999"',
    b"&nbsp;",
]


def good_files() -> list[tuple[str, bytes]]:
    """A good file of each format, several of some."""
    rows = (
        [making.cell("序号"), making.cell("任务"), making.cell("牵头单位")],
        [making.cell("1"), making.cell("植树"), making.cell("区林业局")],
    )
    levels = [making.level(0, "chineseCounting", "%1、"), making.level(1, "decimal", "%1.%2")]
    body = (
        making.listed("回顾", 1)
        + making.listed("经济", 1, 1)
        + making.paragraph("增长8%。", making.run("藏", "<w:vanish/>"))
        + making.table(*rows)
        + f"<w:p><w:r><w:txbxContent>{making.paragraph('框')}</w:txbxContent></w:r></w:p>"
    )
    note = f'<w:footnotes {making.W}><w:footnote w:id="1">{making.paragraph("注")}</w:footnote></w:footnotes>'
    cells = [["序号", "任务", "责任单位", "完成时限"], [1, "修路", "区交通局", 45473], [2, "架桥", "区交通局", 0.5]]
    found = [
        (f"a{index}.txt", (PROSE * 3).encode(encoding))
        for index, encoding in enumerate(("utf-8", "gb18030", "utf-16", "utf-16-be", "big5", "utf-8-sig"))
        if encoding != "big5"
    ]
    found += [
        ("a.html", PAGE.encode("gbk")),
        ("b.html", PAGE.encode()),
        ("a.csv", '序号,任务,牵头单位\n1,"修路\n架桥",区交通局\n'.encode("gbk")),
        ("a.docx", making.docx(body, numbering=making.numbering({1: levels}), footnotes=note)),
        ("a.xlsx", making.xlsx(cells, merges=["A1:A2", "C2:D3"])),
    ]
    try:
        from tests.read import printing
    except ImportError:
        return found
    words = "过去一年，全区生产总值完成1250.5亿元，增长8.2%。"
    table = [["序号", "任务", "牵头单位"], *([str(number), "修路架桥", "区交通局"] for number in range(1, 30))]
    found.append(
        (
            "a.pdf",
            printing.flowed([("政府工作报告", printing.TITLE), (words * 20, printing.BODY), table, (words, printing.BODY)], header="公报"),
        )
    )
    found.append(("b.pdf", printing.drawn(lambda paper: paper.drawString(72, 700, words), lambda paper: paper.line(1, 1, 99, 1))))
    return found


def damage(data: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    """A damaged copy."""
    out = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 16, 64))):
        if not out:
            return bytes(out)
        at = chance.randrange(len(out))
        size = min(chance.choice((1, 1, 2, 8, 64, 512)), len(out) - at)
        act = chance.randrange(8)
        if act == 0:
            out[at] ^= 1 << chance.randrange(8)
        elif act == 1:
            out[at] = chance.randrange(256)
        elif act == 2:
            del out[at : at + size]
        elif act == 3:
            out[at:at] = out[at : at + size] * chance.choice((1, 2, 50))
        elif act == 4:
            out[at:at] = chance.choice(BITS) * chance.choice((1, 1, 3, 200))
        elif act == 5:
            out[at : at + size] = bytes(chance.randrange(256) for _ in range(size))
        elif act == 6:
            other = chance.choice(others)
            start = chance.randrange(len(other)) if other else 0
            out[at : at + size] = other[start : start + size]
        else:
            del out[at + chance.randrange(len(out) - at) :]
    return bytes(out[:400_000])


def damage_inside(data: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    """A package with one of its parts damaged and packed again."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    name = chance.choice(sorted(parts))
    parts[name] = damage(parts[name], chance, others)
    if not chance.randrange(20):
        del parts[name]
    return making.zip_of(parts)


def promised(text: Text) -> str:
    """What is not as promised of every text, ``""`` where all is."""
    source, clean = text.source, text.clean
    gone = at = 0
    for edit in text.edits:
        if not gone <= edit.start <= edit.end <= len(source) or edit.start - gone != edit.at - at:
            return f"edit {edit}"
        gone, at = edit.end, edit.at + edit.size
    if len(source) - gone != len(clean) - at:
        return "lengths"
    last = 0
    for start in range(0, len(clean), max(1, len(clean) // 500)):
        quote = text.quote(start, min(len(clean), start + 9))
        if not last <= quote.start <= quote.end <= len(source) or source[quote.start : quote.end] != quote.text:
            return f"quote {start}"
        last = quote.start
        text.place(quote.start)
    for marks in (text.marks, text.tables):
        end = 0
        for mark in marks:
            if not end <= mark.start <= mark.end <= len(source):
                return f"order of {type(mark).__name__}"
            end = mark.end
    for table in text.tables:
        if any(not table.start <= cell.start <= cell.end <= table.end or cell.rows < 1 or cell.columns < 1 for cell in table.cells):
            return "cells"
        if table.header_rows > len({cell.row for cell in table.cells}) + 8:
            return "header"
    if any(b.start < a.start for a, b in zip(text.anchors, text.anchors[1:], strict=False)):
        return "anchors"
    if "\uffff" in clean or "\r" in clean or "\n\n" in clean or any("\ud800" <= char <= "\udfff" for char in clean[:2000]):
        return "characters"
    source.encode()
    return ""


class TooSlow(BaseException):
    """A file took longer than ``SECONDS``."""


def _too_slow(_signal: int, _frame: FrameType | None) -> None:
    raise TooSlow


def attempt(name: str, data: bytes) -> str:
    """How reading went: ``""`` as promised, ``-`` refused, else what went wrong and where."""
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        wrong = promised(read_bytes(data, name))
    except UnreadableFile as error:
        return "-" if error.remedy and error.slug != "unreadable" else f"no remedy: {error}"
    except (Exception, TooSlow) as error:  # noqa: BLE001 - whatever a library may raise is what is looked for
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "luoshi" in frame.filename]
        return f"{type(error).__name__} at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else repr(error)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return f"broken promise: {wrong}" if wrong else ""


def work(seed: int, batch: int, folder: Path, queue: multiprocessing.Queue[dict[str, int]]) -> None:
    """Reads one batch of damaged files."""
    signal.signal(signal.SIGALRM, _too_slow)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    chance = random.Random(seed * 1_000_003 + batch)  # noqa: S311 - files are to be the same for the same seed
    files = good_files()
    others = [data for _, data in files]
    counts: Counter[str] = Counter()
    for _ in range(BATCH):
        name, data = chance.choice(files)
        inside: Callable[[bytes, random.Random, list[bytes]], bytes] = (
            damage_inside if name.endswith("x") and chance.randrange(4) else damage
        )
        bad = inside(data, chance, others)
        (folder / "last.bin").write_bytes(name.encode() + b"\n" + bad)
        answer = attempt(name, bad)
        counts[{"": "read", "-": "refused"}.get(answer, answer)] += 1
        if answer not in ("", "-"):
            keep(folder, name, bad, answer)
    counts["peak MiB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    queue.put(dict(counts))


def keep(folder: Path, name: str, data: bytes, answer: str) -> None:
    """Keeps a file that fails, one for each way of failing."""
    path = folder / f"{hashlib.sha256(answer.encode()).hexdigest()[:12]}-{name}"
    if not path.exists():
        path.write_bytes(data)
        print(f"{answer}: {path}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path("out/fuzz"))
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    end, batch, total = time.monotonic() + options.minutes * 60, 0, Counter[str]()
    context = multiprocessing.get_context("spawn")
    while time.monotonic() < end:
        queue: multiprocessing.Queue[dict[str, int]] = context.Queue()
        child = context.Process(target=work, args=(options.seed, batch, options.out, queue))
        child.start()
        child.join(SECONDS * BATCH)
        if child.exitcode == 0:
            found = queue.get(timeout=10)
            peak = found.pop("peak MiB")
            total.update(found)
            total["peak MiB"] = max(total["peak MiB"], peak)
        else:
            child.kill()
            total["crashes"] += 1
            name, _, data = (options.out / "last.bin").read_bytes().partition(b"\n")
            keep(options.out, name.decode(), data, f"process ended with {child.exitcode}")
        batch += 1
    failures = {key: count for key, count in total.items() if key not in ("read", "refused", "peak MiB")}
    print(
        json.dumps(
            {
                "minutes": options.minutes,
                "seed": options.seed,
                "read": total["read"],
                "refused": total["refused"],
                "peak MiB": total["peak MiB"],
                "failures": failures,
            },
            ensure_ascii=False,
            indent=1,
        )
    )
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
