"""How long papers take: 3,000 items as a workbook written and read, a bulletin of 100 units with 300 red matters, a draft with 1,000 footnotes.

python bench/papers.py
"""

from __future__ import annotations

import io
from collections.abc import Callable
from time import perf_counter
from typing import Any

import openpyxl

from luoshi.publish.ledger_sheet import About, Line, ledger_book
from luoshi.publish.papers import Piece, book, check, default_template, filled, kind_of, sample_values

MANY = 3_000


def timed(said: str, make: Callable[[], bytes]) -> bytes:
    begun = perf_counter()
    data = make()
    print(f"{said}\t{perf_counter() - begun:.2f} s\t{len(data) / 1024:.0f} KB")
    return data


def tasks() -> dict[str, Any]:
    row = dict(kind_of("breakdown").fields[-1].of and sample_values(kind_of("breakdown"))["tasks"][0])  # type: ignore[index,call-overload,arg-type]
    rows = [{**row, "n": n, "title": f"任务{n}：新建口袋公园{n % 9 + 1}个，年底前建成开放"} for n in range(1, MANY + 1)]
    return {"day": "2026年3月5日", "document": "报告", "total": MANY, "with_due": MANY, "open_due": 0, "tasks": rows}


def bulletin() -> dict[str, Any]:
    unit = {"total": 30, "live": 25, "hung": 1, "closed": 4, "ended": 0, "green": 20, "middle": 2, "red": 3, "dark": 0, "overdue": 3}
    whole = {key: value * 100 for key, value in unit.items()}
    red = {"title": "新建口袋公园3个，年底前建成开放", "unit": "区住房和城乡建设局", "why": "已过办结期限（月报逾期12天）"}
    return {
        **sample_values(kind_of("bulletin")), **whole, "units": [{"n": n, "name": f"单位{n}", **unit} for n in range(1, 101)],
        "mechanisms": [{"n": 1, "name": "重点任务督办", **whole}], "reds": [{**red, "n": n, "matter": f"重2026-{n:06}"} for n in range(1, 301)],
        "race": [], "dues": [], "dues_shown": 0, "dues_total": 0, "chart": None,
    }  # fmt: skip


def main() -> None:
    for key in ("bulletin", "review"):
        default_template(key)
    values = tasks()
    data = timed(f"任务分解表 {MANY} 行 xlsx 写", lambda: book("breakdown", values))
    timed(
        f"任务分解表 {MANY} 行 xlsx 读",
        lambda: str(len(list(openpyxl.load_workbook(io.BytesIO(data), read_only=True)["任务"].values))).encode(),
    )
    lines = [
        Line(f"i{n}", {"number": f"重2026-{n:06}", "title": f"新建幼儿园 {n} 所", "due": "2026-06-30"}, "yellow", n, {})
        for n in range(MANY)
    ]
    timed(
        f"台账 {MANY} 件 xlsx 写",
        lambda: ledger_book(lines, "unit", About("台账", "督查室", "2026年3月5日", "2026-03-05T02:00:00.000000Z")),
    )
    timed(f"任务分解表 {MANY} 行 docx", lambda: filled("breakdown", values))
    paper = timed("通报 100 个单位、300 件红灯 docx", lambda: filled("bulletin", bulletin()))
    timed("核对这份通报的版式", lambda: repr(check(paper)).encode())
    notes = [{"head": "", "text": (Piece(f"新建公园{n}个", f"《报告》：“新建公园{n}个”"), Piece("。"))} for n in range(1000)]
    timed(
        "回顾初稿 1000 个脚注 docx",
        lambda: filled("review", {"day": "2026年3月5日", "year": "2026", "summary": "见下。", "paragraphs": notes}),
    )


if __name__ == "__main__":
    main()
