"""Measures the search of a large ledger: how long a page of hits takes, by kind of question, and how long a report takes to come in.

1,000 documents with 350 passages and 300 facts each and 10,000 items, made of fictional words (a few frequent, very many rare, as in real
text), or of the paragraphs of ``--corpus``. On SQLite, and on PostgreSQL where LUOSHI_TEST_DATABASE_URL names a server. Each kind of
question is asked with many different words and conditions. Writes ``bench/results/search.json``.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import re
import subprocess
import sys
import tempfile
from bisect import bisect
from collections.abc import Callable, Iterator
from itertools import accumulate
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any
from urllib.parse import urlsplit, urlunsplit

RESULTS = Path(__file__).parent / "results" / "search.json"
PASSAGES, FACTS, ITEMS = 350, 300, 10
#: a report as it comes in
REPORT_FACTS = 900
DATABASE = "luoshi_bench_search"
#: ordinary words, the most frequent first; made-up ones follow
WORDS: list[str] = re.findall(
    r"\S+",
    """
    发展 建设 推进 经济 加快 工作 社会 加强 服务 全面 政府 企业 实施 提高 重点 创新 产业 推动 完善 管理 实现 增长 项目 改革 城市 体系 提升 农业 促进 投资 完成
    生态 保障 机制 高质量发展 项目建设 安全 教育 文化 群众 工业 科技 治理 环境 居民 农村 收入 就业 能力 水平 基本 公共 支持 新增 达到 以上 亿元 万元 万人
    公里 平方米 增长率 地区生产总值 一般公共预算收入 固定资产投资 社会消费品零售总额 规上工业增加值 城镇新增就业 居民人均可支配收入 森林覆盖率 粮食产量
    单位生产总值能耗 空气质量优良天数
    """,
)
ROLES = ("target", "result", "requirement", "reference", "other")
KINDS = ("measure",) * 6 + ("task",) * 3 + ("project",)


class Text:
    """Random text: words by Zipf's law, or paragraphs as they are in a corpus."""

    def __init__(self, seed: int, corpus: Path | None) -> None:
        self.random: random.Random = random.Random(seed)  # noqa: S311 - texts, no secrets
        signs = [chr(0x4E00 + place * 8) for place in range(2500)]
        made = ["".join(self.random.choices(signs, k=self.random.choice((2, 2, 2, 3, 4)))) for _ in range(12_000)]
        self.words = [*WORDS, *made]
        self.weights = list(accumulate(1 / (place + 6) for place in range(len(self.words))))
        self.paragraphs = [] if corpus is None else _paragraphs(corpus)
        self.clauses = [clause for paragraph in self.paragraphs for clause in re.split("[。；]", paragraph) if 12 <= len(clause) <= 80]

    def word(self) -> str:
        return self.words[bisect(self.weights, self.random.random() * self.weights[-1])]

    def clause(self) -> str:
        if self.clauses:
            return self.random.choice(self.clauses)
        words = "".join(self.word() for _ in range(self.random.randint(5, 18)))
        return f"{words}{self.random.randint(1, 999)}.{self.random.randint(0, 9)}%" if self.random.random() < 0.4 else words

    def passage(self) -> str:
        if self.paragraphs:
            return self.random.choice(self.paragraphs)
        length, out = self.random.choice((8, 20, 100, 100, 220, 350, 600)), ""
        while len(out) < length:
            out += self.clause() + self.random.choice("，，，。；、")
        return out


def _paragraphs(corpus: Path) -> list[str]:
    lines = (
        line.strip() for path in sorted(corpus.rglob("*.txt")) for line in path.read_text(encoding="utf-8", errors="replace").split("\n")
    )
    return [line for line in lines if len(line) > 1]


class Ledger:
    """Rows of a fictional ledger."""

    def __init__(self, text: Text) -> None:
        from luoshi.ledger.search import SearchRow, tag

        self.text, self.random = text, text.random
        self.row: Callable[..., SearchRow] = SearchRow
        self.tag: Callable[[str, object], str] = tag

    def region(self) -> str:
        return f"{self.random.randint(11, 40)}{self.random.randint(1, 12):02}{self.random.randint(1, 15):02}"

    def document(self, number: int, facts: int) -> Iterator[Any]:
        region, year, key = self.region(), self.random.randint(2010, 2026), f"d{number:06x}"
        regions = (self.tag("region", f"{region[:2]}0000"), self.tag("region", f"{region[:4]}00"), self.tag("region", region))
        same: dict[str, Any] = {"document": key, "region": region, "year": year}
        yield self.row("document", key, name=f"{self.text.word()}{number}县{year}年政府工作报告", words="", tags=regions, **same)
        for place in range(PASSAGES):
            yield self.row("passage", f"{key}:{place}", name="", words=self.text.passage(), tags=regions, rank=5, **same)
        for place in range(facts):
            state = self.random.choice(("open", "open", "accepted"))
            own = (self.tag("role", self.random.choice(ROLES)), self.tag("state", state), self.tag("indicator", self.rare(3000)))
            name, rank = self.text.clause()[: self.random.randint(4, 14)], 1 if state == "accepted" else 2
            yield self.row(
                self.random.choice(KINDS), f"f{key}:{place}", name=name, words=self.text.clause(), tags=(*regions, *own), rank=rank, **same
            )
        for place in range(ITEMS):
            units = tuple(self.tag("organisation", self.rare(5000)) for _ in range(3))
            yield self.row("item", f"i{key}:{place}", name=self.text.clause(), words=self.text.clause(), tags=(*regions, *units), **same)

    def rare(self, most: int) -> int:
        return min(int(self.random.paretovariate(0.7)), most)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--corpus", type=Path, help="paragraphs of real texts instead of made-up ones; nothing of them is kept")
    parser.add_argument("--times", type=int, default=40, help="how often each kind of question is asked, each time otherwise")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--without-result", action="store_true", help="print only")
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(options), ensure_ascii=False))
        return 0
    result: dict[str, Any] = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "documents": options.documents, "text": "corpus" if options.corpus else "fictional",
    }  # fmt: skip
    for name, url in {"sqlite": "", "postgresql": os.environ.get("LUOSHI_TEST_DATABASE_URL", "")}.items():
        if name == "sqlite" or url:
            result[name] = in_own_process(url)
            show(name, result[name])
    if not options.without_result:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


def in_own_process(url: str) -> dict[str, Any]:
    """The figures on one database: settings are read once a process."""
    with tempfile.TemporaryDirectory() as folder, own_database(url) as own:
        environment = {**os.environ, "LUOSHI_DATA": folder, "DATABASE_URL": own, "DJANGO_SETTINGS_MODULE": "luoshi.web.settings"}
        command = [sys.executable, __file__, "--one", *sys.argv[1:]]
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
        figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return figures


class own_database:  # noqa: N801 - used as a function
    """A database of its own on the server, gone afterwards; nothing for SQLite."""

    def __init__(self, url: str) -> None:
        self.server, self.own = url, urlunsplit(urlsplit(url)._replace(path=f"/{DATABASE}")) if url else ""

    def __enter__(self) -> str:
        self._say(f"DROP DATABASE IF EXISTS {DATABASE}", f"CREATE DATABASE {DATABASE}")
        return self.own

    def __exit__(self, *_: object) -> None:
        self._say(f"DROP DATABASE IF EXISTS {DATABASE}")

    def _say(self, *statements: str) -> None:
        if self.server:
            import psycopg

            with psycopg.connect(self.server, autocommit=True) as connection:
                for statement in statements:
                    connection.execute(statement)


def measure(options: argparse.Namespace) -> dict[str, Any]:
    import django

    django.setup()
    from django.db import connection, transaction

    from luoshi.ledger import search

    text = Text(11, options.corpus)
    ledger = Ledger(text)
    begun, seconds, count = perf_counter(), 0.0, 0
    with transaction.atomic():
        search.create(connection)
        with search.bulk(connection):
            batch: list[Any] = []
            for number in range(options.documents):
                batch += ledger.document(number, FACTS)
                if number % 10 == 9 or number == options.documents - 1:
                    at = perf_counter()
                    search.put(connection, batch)
                    seconds, count, batch = seconds + perf_counter() - at, count + len(batch), []
            at = perf_counter()
        seconds += perf_counter() - at
    print(f"{connection.vendor}: {count} rows made and put in {perf_counter() - begun:.0f} s", file=sys.stderr)
    figures: dict[str, Any] = {"rows": count, "filled, s": round(seconds, 1), "MB": sizes(connection)}
    figures["questions, ms"] = {
        name: asked(connection, ask, options.times) for name, ask in questions(text, ledger, options.documents).items()
    }
    figures["writing, ms"] = writing(connection, ledger, options.documents)
    figures["questions after writing, ms"] = {
        name: asked(connection, ask, options.times) for name, ask in list(questions(text, ledger, options.documents).items())[:3]
    }
    return figures


Ask = Callable[[], dict[str, Any]]


def questions(text: Text, ledger: Ledger, documents: int) -> dict[str, Ask]:
    """Each kind of question as what makes one."""
    from luoshi.ledger.scope import Scope

    made, tag = text.random, ledger.tag
    common = list(WORDS[:40])
    pairs = ["高质量发展", "项目建设", "地区生产总值", "一般公共预算收入"]

    def rare() -> str:
        if not text.paragraphs:
            return made.choice(text.words[2000:])
        clause = made.choice(text.clauses)
        at = made.randrange(len(clause) - 6)
        return "".join(clause[at : at + 5].split()) or clause[:4]

    def stretch() -> str:
        whole = text.passage()
        at = made.randrange(max(1, len(whole) - 24))
        return f'"{whole[at : at + 24]}"'

    def of(words: Callable[[], str], *filters: Callable[[], str], **more: Callable[[], Any]) -> Ask:
        return lambda: {"words": words(), "filters": tuple((one(),) for one in filters), **{name: value() for name, value in more.items()}}

    def frequent() -> str:
        return made.choice(common)

    def county() -> str:
        return tag("region", ledger.region())

    def province() -> str:
        return tag("region", f"{made.randint(11, 40)}0000")

    def year() -> str:
        return tag("year", made.randint(2010, 2026))

    def scope(count: int) -> Callable[[], Scope]:
        return lambda: Scope(regions=frozenset(ledger.region() for _ in range(count)), item_regions=frozenset(), units=frozenset())

    return {
        "most frequent word": of(lambda: "发展"),
        "frequent word": of(frequent),
        "frequent words, two": of(lambda: " ".join(made.sample(common, 2))),
        "frequent long word": of(lambda: made.choice(pairs)),
        "one character": of(lambda: frequent()[0]),
        "rare word": of(rare),
        "word that is nowhere": of(lambda: "钀讻"),
        "stretch of 24 characters": of(stretch),
        "rare and frequent word": of(lambda: f"{rare()} {frequent()}"),
        "frequent word, kind passage": of(frequent, kinds=lambda: ("passage",)),
        "frequent word, open facts": of(frequent, lambda: tag("state", "open"), kinds=lambda: ("measure", "task")),
        "frequent word, province": of(frequent, province),
        "frequent word, province and year": of(frequent, province, year),
        "frequent word, county": of(frequent, county),
        "frequent word, year and role": of(frequent, year, lambda: tag("role", made.choice(ROLES))),
        "frequent word, any indicator": of(frequent, lambda: tag("indicator", made.randint(1, 3000))),
        "frequent word, any organisation": of(frequent, lambda: tag("organisation", made.randint(1, 5000))),
        "frequent word, one document": of(frequent, lambda: tag("document", f"d{made.randrange(documents):06x}")),
        "rare word, kind passage": of(rare, kinds=lambda: ("passage",)),
        "rare word, year": of(rare, year),
        "frequent word, seen 1 region": of(frequent, scope=scope(1)),
        "frequent word, seen 20 regions": of(frequent, scope=scope(20)),
        "frequent word, seen 200 regions": of(frequent, scope=scope(200)),
        "rare word, seen 200 regions": of(rare, scope=scope(200)),
        "no word, province": of(str, province),
        "no word, kind passage": of(str, kinds=lambda: ("passage",)),
        "no word, role, year, state": of(str, lambda: tag("role", "target"), year, lambda: tag("state", "open")),
        "frequent word, page 40": of(frequent, offset=lambda: 780),
    }


def asked(connection: Any, ask: Ask, times: int) -> dict[str, float]:
    from luoshi.ledger.search import Query, find

    took, found, cpu = [], [], processor(connection)
    for _ in range(times):
        query = Query(**ask())
        at = perf_counter()
        found.append(find(connection, query).total)
        took.append((perf_counter() - at) * 1000)
    took.sort()
    spent = (processor(connection) - cpu) * 1000 / times
    figures = {"median": median(took), "p95": took[int(len(took) * 0.95)], "max": took[-1], "cpu": spent, "found": median(found)}
    return {name: round(value, 1) for name, value in figures.items()}


def processor(connection: Any) -> float:
    """Seconds of processor time that this process and its server process have used: what a question costs, whatever else the machine does."""
    spent = process_time()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            file = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
        spent += int(file.read_text().split()[0]) / 1e9 if file.exists() else 0
    return spent


def writing(connection: Any, ledger: Ledger, documents: int) -> dict[str, float]:
    """A report that comes in, is given again as it is, has 20 facts accepted one by one, and goes."""
    from django.db import transaction
    from msgspec.structs import replace

    from luoshi.ledger import search

    took: dict[str, list[float]] = {}

    def timed(name: str, act: Callable[[], None]) -> None:
        at, cpu = perf_counter(), processor(connection)
        with transaction.atomic():
            act()
        took.setdefault(name, []).append((perf_counter() - at) * 1000)
        took.setdefault(f"{name}, cpu", []).append((processor(connection) - cpu) * 1000)

    for number in range(documents, documents + 8):
        rows = list(ledger.document(number, REPORT_FACTS))
        timed("report of 350 passages and 900 facts", lambda rows=rows: search.put(connection, rows))  # type: ignore[misc]
        timed("the same again", lambda rows=rows: search.put(connection, rows))  # type: ignore[misc]
        for row in [row for row in rows if row.rank == 2][:20]:
            tags = tuple(ledger.tag("state", "accepted") if one == ledger.tag("state", "open") else one for one in row.tags)
            accepted = replace(row, rank=1, tags=tags)
            timed("one fact accepted", lambda row=accepted: search.put(connection, [row]))  # type: ignore[misc]
        if number % 4 == 3:
            timed("report taken out", lambda rows=rows: search.remove(connection, [(row.kind, row.key) for row in rows]))  # type: ignore[misc]
    return {f"{name}, {what}": round(of(times), 1) for name, times in took.items() for what, of in (("median", median), ("max", max))}


def sizes(connection: Any) -> dict[str, float]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sum(length(block)) FROM ledger_search_index_data")
            index = cursor.fetchone()[0]
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
            return {"index": round(index / 1e6), "rows and keys": round((cursor.fetchone()[0] - index) / 1e6)}
        cursor.execute("SELECT pg_relation_size('ledger_search_index'), pg_total_relation_size('ledger_search')")
        index, whole = cursor.fetchone()
        return {"index": round(index / 1e6), "rows and keys": round((whole - index) / 1e6)}


def show(name: str, figures: dict[str, Any]) -> None:
    print(f"{name}: {figures['rows']:,} rows, filled in {figures['filled, s']} s, MB: {figures['MB']}")
    for part in ("questions, ms", "questions after writing, ms"):
        print(f"  {part:36} {'median':>8} {'p95':>8} {'max':>8} {'cpu':>8} {'found':>8}")
        for kind, row in figures[part].items():
            print(f"  {kind:36} {row['median']:8} {row['p95']:8} {row['max']:8} {row['cpu']:8} {row['found']:8}")
    for act, took in figures["writing, ms"].items():
        print(f"  {act:48} {took:8}")


if __name__ == "__main__":
    sys.exit(main())
