"""``luoshi record`` and ``luoshi compare``: what became of the targets of a place, and an indicator over places and years, out of the ledger."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, BinaryIO, cast

import click
import msgspec

from luoshi.errors import BadUsage, LuoshiError
from luoshi.extract import catalogue
from luoshi.messages import Lang, Speaker
from luoshi.publish.chain import compared, kept
from luoshi.publish.chain.explaining import sentence, word
from luoshi.publish.chain.files import ENDINGS, Form, write_table
from luoshi.publish.grid import Value
from luoshi.screens.ledger import Meter, open_ledger
from luoshi.screens.link import FORMS, form_of, lang_of, write_ends, write_out
from luoshi.screens.tables import Shown, table

#: so many places are named where a name may mean several
_NAMED = 8
_YEARS = re.compile(r"(?P<first>\d{4})?(?:[-–—~至](?P<last>\d{4})?)?")


class Out(msgspec.Struct, frozen=True):
    """Where the table goes; ``format`` ``None``: by the ending of ``out``, else a table."""

    format: str | None = None
    out: str | None = None

    @property
    def form(self) -> str:
        return self.format or form_of(self.out, FORMS)


def link_all(say: Speaker, meter: Meter, *, quiet: bool = False) -> None:
    """Links what waits in the ledger that is open, and says how many documents that were."""
    from luoshi.ledger.linking import link_waiting

    count = link_waiting(progress=lambda done, left: meter("linked", done, done + left))
    meter.clear()
    if count and not quiet:
        meter.line(say("linked.total", count=count))


def record(place: str, out: Out, say: Speaker, *, year: int | None, verdict: str, field: str) -> int:
    """Writes the targets of a place with their ends, what is not done first. Raises ``BadUsage`` for a place that is not known or not one."""
    form = out.form
    open_ledger(say)
    link_all(say, Meter(say), quiet=True)
    from luoshi.ledger.promises import kept as told
    from luoshi.ledger.promises import tally, totals, unfinished_first, visible
    from luoshi.ledger.scope import Scope

    region = _region(place)
    found = visible(Scope.whole()).filter(region_code=region.id)
    wanted = {name: value for name, value in (("year", year), ("verdict", verdict), ("field", field)) if value}
    rows = told(unfinished_first(found.filter(**wanted)), lang_of(form, say))
    ends = [kept.end_of(row, region.full_name, lang_of(form, say)) for row in rows]
    write_out(out.out, lambda file: write_ends(form, ends, file, say))
    counts = totals(tally(found.filter(**wanted), "verdict"))
    told_counts = " ".join(f"{word('verdict', slug, say.lang)} {count}" for slug, count in counts.items())
    click.echo(say("record.total", place=region.full_name, targets=len(ends), told=told_counts or say("page.nothing")), err=True)
    return 0


def _region(words: str) -> Any:
    from luoshi.ledger.comparing import region_named

    found = region_named(words.strip())
    if not found:
        raise BadUsage("没有这个地区", where=words, remedy="请写全称，如“云川省澜州市栖山区”，或区划代码", slug="no-region")
    if len(found) > 1:
        raise _several(words, found)
    return found[0]


def _several(words: str, found: Sequence[Any]) -> LuoshiError:
    names = "、".join(f"{row.full_name}（{row.id}）" for row in found[:_NAMED])
    return BadUsage("有几个地区叫这个名字", where=words, remedy=f"请写全称或代码：{names}", slug="several-regions")


def compare(name: str, out: Out, say: Speaker, *, places: Sequence[str], years: str, measure: str) -> int:
    """Writes an indicator over places and years. Raises ``BadUsage`` for an indicator, place or span that is none."""
    form, (first, last) = out.form, _span(years)
    key = _indicator(name)
    open_ledger(say)
    link_all(say, Meter(say), quiet=True)
    from luoshi.ledger import comparing
    from luoshi.ledger.places import tree
    from luoshi.ledger.scope import Scope

    regions = [_region(place).id for place in places]
    found = comparing.compare(key, Scope.whole(), tree(), regions=regions, first=first, last=last, measure=measure)
    write_out(out.out, lambda file: _write(form, found.cells, file, say))
    told = say("compare.total", indicator=catalogue.indicator(key).name, places=len(found.places), years=len(found.years))
    click.echo(told, err=True)
    return 0


def _span(words: str) -> tuple[int | None, int | None]:
    match = _YEARS.fullmatch(words.strip()) if words else None
    if words and match is None:
        raise BadUsage(f"“{words[:20]}”不是年份", where="--years", remedy="请写 2023 或 2019-2024", slug="wrong-value")
    if match is None:
        return None, None
    first, last = match["first"], match["last"]
    one = not re.search(r"[-–—~至]", words)
    return int(first) if first else None, int(last) if last else int(first) if first and one else None


def _indicator(name: str) -> str:
    """The id of an indicator by its id or one of its names."""
    words = name.strip()
    if any(one.id == words for one in catalogue.indicators()):
        return words
    found = catalogue.indicator_id(words)
    if not found:
        raise BadUsage("没有这个指标", where=words, remedy="请写指标目录里的名称，如“地区生产总值”，或编号，如 gdp", slug="no-indicator")
    return found


def _write(form: str, cells: Sequence[Any], out: BinaryIO, say: Speaker) -> None:
    lang = lang_of(form, say)
    rows = [compared.cells(cell, lang) for cell in cells]
    if form == "jsonl":
        keys = [column.key for column in compared.columns(lang)]
        out.writelines(msgspec.json.encode(dict(zip(keys, row, strict=True))) + b"\n" for row in rows)
    elif form in ENDINGS:
        write_table(cast("Form", form), sentence("table.compared", lang), compared.columns(lang), rows, out)
    else:
        out.write(_shown(rows, lang, terminal=out.isatty()))


#: the columns that a terminal shows, with the share of the width that each may take
_SHOWN = (("place", 4), ("year", None), ("comparator", None), ("target", 2), ("result", 2), ("verdict", None))


def _shown(rows: Sequence[list[Value]], lang: Lang, *, terminal: bool) -> bytes:
    keys = [column.key for column in compared.columns(lang)]
    wanted = [(keys.index(key), sentence(f"column.{key}", lang), ratio) for key, ratio in _SHOWN]
    heads = [Shown(title, ratio) for _, title, ratio in wanted]
    lines = [[str(row[at] if row[at] is not None else "") for at, _, _ in wanted] for row in rows]
    return table(heads, lines, terminal=terminal)
