"""``luoshi text``, ``eval``, ``verify`` and ``doctor``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click
import msgspec

from luoshi.errors import BadUsage, UnreadableFile
from luoshi.evaluate import STRICT, Gold, Pair, Record, Score, has_digits, is_right, load_gold, merge, score
from luoshi.inputs import STDIN
from luoshi.messages import Speaker
from luoshi.pipeline import read_document
from luoshi.publish.table import harmless
from luoshi.read import open_file, read_bytes, read_file, read_stream
from luoshi.verify import load_records, verify

_SHOWN = 10


def show_text(path: str) -> int:
    """Writes the source text that every offset counts in, as it is: no line is added, none changed."""
    stream = sys.stdin.buffer if sys.stdin else None
    text = read_bytes(read_stream(stream, STDIN), STDIN) if path == STDIN else read_file(path)
    sys.stdout.flush()
    sys.stdout.buffer.write(text.source.encode("utf-8", "surrogatepass"))
    sys.stdout.buffer.flush()
    return 0


def show_verdict(facts: str, source: str, say: Speaker) -> int:
    """Checks every quotation; 1 where one does not hold, with the first of them."""
    try:
        with open_file(facts) as stream:
            records = load_records(stream.read(), facts)
    except UnreadableFile as error:
        raise BadUsage(error.what, where=facts, remedy=error.remedy, slug="cannot-open") from error
    verdict = verify(records, read_file(source).source)
    for one in verdict.differences[:_SHOWN]:
        there = say("verify.outside") if one.source is None else say("verify.there", words=repr(one.source[:60]))
        line = say(
            "verify.differs", record=one.record, key=one.key, start=one.start, end=one.end, quoted=repr(one.quoted[:60]), source=there
        )
        click.echo(harmless(line))
    click.echo(say("verify.total", records=verdict.records, quotes=verdict.quotes, wrong=len(verdict.differences)))
    return 1 if verdict.differences else 0


def show_findings(say: Speaker) -> int:
    """What Luoshi stands on here; 1 where it cannot work."""
    from luoshi.doctor import examine, is_broken

    findings = examine(say)
    for finding in findings:
        click.echo(f"{say.word('state', finding.state)}  {finding.what}：{finding.words}" if say.lang == "zh" else
                   f"{say.word('state', finding.state):8} {finding.what}: {finding.words}")  # fmt: skip
    click.echo(say("doctor.broken" if is_broken(findings) else "doctor.well"))
    return 1 if is_broken(findings) else 0


def show_scores(paths: Sequence[Path], kind: str, root: Path | None, source: Path | None, errors: int, say: Speaker) -> int:
    """Reads the document of each gold file and shows how what was read compares; the total stands last."""
    golds = [load_gold(path, root=root, source=source) for path in paths]
    columns = ("gold", "predicted", "precision", "recall", "found", "exact", "strict")
    click.echo("\t".join((*(say(f"score.{name}") for name in columns), say("column.file"))))
    digits: list[Score] = []
    words: list[Score] = []
    for gold in golds:
        if not gold.records.get(kind):
            continue
        records = _facts_of(gold, kind)
        wanted = gold.records[kind]
        if kind == "measure":
            words.append(score([r for r in wanted if not has_digits(r)], [r for r in records if not has_digits(r)], kind))
            wanted, records = [r for r in wanted if has_digits(r)], [r for r in records if has_digits(r)]
        digits.append(score(wanted, records, kind))
        click.echo(_figures(digits[-1], gold.path.name))
        _show_errors(digits[-1], errors, say)
    if not digits:
        raise BadUsage(
            f"标注里没有“{say.word('fact', kind)}”", where=" ".join(map(str, paths)), remedy="请用 --kind 选另一种", slug="no-gold"
        )
    click.echo(_figures(merge(digits), say("score.total")))
    if any(one.gold or one.predicted for one in words):
        click.echo(_figures(merge(words), say("score.words")))
    click.echo("  ".join(f"{name} {merge(digits).attribute(name):.3f}" for name in _attributes(kind)))
    return 0


def _attributes(kind: str) -> tuple[str, ...]:
    return (*STRICT[kind], "strength") if kind == "measure" else STRICT[kind]


def _facts_of(gold: Gold, kind: str) -> list[Record]:
    """The facts of the gold's document, as they are written."""
    facts = read_document(gold.source, kinds={kind}).facts
    return gold.predicted([msgspec.json.decode(msgspec.json.encode(fact), type=dict) for fact in facts], kind)


def _figures(one: Score, name: str) -> str:
    figures = (one.precision, one.recall, one.found, one.exact, one.strict)
    return "\t".join((str(one.gold), str(one.predicted), *(f"{figure:.3f}" for figure in figures), name))


def _show_errors(one: Score, limit: int, say: Speaker) -> None:
    for word, records in (("score.missed", one.missed), ("score.extra", one.extra)):
        for record in records[:limit]:
            click.echo(f"  {say(word)}  {harmless(record_line(record))}")
    wrong = [pair for pair in one.pairs if not is_right(pair, one.kind)]
    for pair in wrong[:limit]:
        click.echo(f"  {say('score.differs')}  {harmless(record_line(pair.gold))}  {_differences(pair, one.kind)}")


def record_line(record: Record) -> str:
    """A record in one line: its place, its words, what it measures."""
    indicator = (record.get("indicator") or {}).get("text", "")
    return " ".join(str(word) for word in (record["start"], indicator, " ".join(record.get("text", "").split())[:60]) if word != "")


def _differences(pair: Pair, kind: str) -> str:
    def shown(record: Record, key: str) -> object:
        value = record.get(key) if key != "year" else record.get("years") or record.get("year")
        if isinstance(value, list):
            return "、".join(unit["text"] if isinstance(unit, dict) else str(unit) for unit in value)
        return value.get("text") if isinstance(value, dict) else value

    return "; ".join(f"{key}: {shown(pair.gold, key)} ≠ {shown(pair.found, key)}" for key in STRICT[kind] if not pair.agrees[key])
