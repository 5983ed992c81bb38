"""The simulated year scored by two schemes; every unit's score counted again by hand from the clocks, equal; one of them stands in the docs."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec
import pytest

from luoshi.desk.appraisal.comparing import what_if_under
from luoshi.desk.appraisal.drawing import Wanted, draw_up
from luoshi.desk.appraisal.scoring import rows_of, score_of, subject_of
from luoshi.ledger import models
from luoshi.ledger.acts.matters import life_of
from luoshi.ledger.appraised import Appraisal
from luoshi.ledger.scope import Scope
from tests.desk.test_year import tasks, year  # noqa: F401 - a fixture
from tests.web.living import person

DOCS = Path(__file__).parents[2] / "docs" / "appraise.md"
_ALL = Scope.whole()


def _clock() -> datetime:
    return datetime(2026, 4, 3, 2, tzinfo=UTC)


def _drawn(program: Any) -> Appraisal:
    """The first quarter of a small simulated year, scored."""
    from luoshi.desk.actor import Role

    simulation = program.Simulation(tasks(program), seed=7, units=8)
    simulation.run(4)
    region = models.Matter.objects.values_list("region_code", flat=True)[0]
    units = sorted(set(models.Matter.objects.filter(region_code=region).exclude(unit="").values_list("unit", flat=True)))
    appraiser = msgspec.structs.replace(person("kaohe", Role.APPRAISER, name="云归鹤"), region=region)
    key = draw_up(appraiser, Wanted("A12", "2026-Q1", region, dict.fromkeys(units, "general")), _ALL, clock=_clock).subjects[0]
    return Appraisal.objects.get(pk=key)


def _by_hand(unit: str) -> str:
    """The score of a unit, from the tables alone and without a line of the program that scores: whole numbers and fractions."""
    since, until = "2025-12-31T16:00:00.000000Z", "2026-03-31T16:00:00.000000Z"
    clocks = list(models.Clock.objects.filter(unit=unit, due_at__gte=since, due_at__lt=until).exclude(state="void"))
    steps = [clock for clock in clocks if not clock.period]
    reports = [clock for clock in clocks if clock.period]
    met, late = sum(clock.state == "met" for clock in steps), sum(clock.state in {"late", "running"} for clock in steps)
    if not met + late:
        return ""
    parts, full = [], 0
    share = Fraction(met, met + late)
    parts.append(Fraction(0) if share < Fraction(60, 100) else 60 * share)
    full += 60
    if reports:
        parts.append(20 * Fraction(sum(clock.state == "met" for clock in reports), len(reports)))
        full += 20
    lights = {"green": 0, "yellow": 0, "red": 0}
    returned = 0
    for row in models.Matter.objects.filter(unit=unit, opened_at__lt=until):
        ends = dict(end.split(" ") for end in life_of(row.life).ends)
        for month, day in (
            ("2026-01", "2026-01-31T15:59:59.999999Z"),
            ("2026-02", "2026-02-28T15:59:59.999999Z"),
            ("2026-03", "2026-03-31T15:59:59.999999Z"),
        ):
            if row.opened_at <= day and (not row.closed_at or day < row.closed_at):
                lights[ends.get(month, "green")] += 1
        entries = models.Entry.objects.filter(act="loop.act", subject=row.id, at__gte=since, at__lt=until)
        returned += sum(msgspec.json.decode(data)["move"]["act"] == "return" for data in entries.values_list("data", flat=True))
    if sum(lights.values()):
        parts.append(20 * (lights["green"] + Fraction(lights["yellow"], 2)) / sum(lights.values()))
        full += 20
    whole = sum(parts, Fraction(0)) * Fraction(100, full)
    whole -= min(Fraction(lights["yellow"], 2) + 2 * lights["red"], Fraction(10)) + min(returned, 5)
    exact = Decimal(max(whole, Fraction(0)).numerator) / Decimal(max(whole, Fraction(0)).denominator)
    return str(exact.quantize(Decimal("0.01"), ROUND_HALF_UP))


@pytest.mark.slow
@pytest.mark.usefixtures("db")
def test_every_score_of_the_simulated_quarter_is_the_one_counted_by_hand(year: Any) -> None:  # noqa: F811
    row = _drawn(year)
    rows = rows_of(row.id)
    assert {one.name: one.points for one in rows} == {one.name: _by_hand(one.subject) for one in rows}
    assert len({one.points for one in rows}) >= 3, "they differ"
    compared = what_if_under(row, "A11", clock=_clock)
    assert any(one.other is not None and one.other.points is not None for one in compared.rows)
    assert all(one.one is not None for one in compared.rows)
    _as_in_the_docs(rows)


def _as_in_the_docs(rows: list[Any]) -> None:
    """The unit of the docs: the values shown there are those of its sheet, and each line of arithmetic there is right."""
    words = DOCS.read_text(encoding="utf-8")
    shown = words.partition("<!-- 复算 -->")[2].partition("<!-- 复算完 -->")[0]
    name = re.search(r"单位：(\S+)", shown)
    assert name is not None
    row = next(one for one in rows if one.name == name[1])
    values = dict(re.findall(r"^\| ([^|]+?) \| ([0-9.]+) \|", shown, flags=re.MULTILINE))
    subject, score = subject_of(row), score_of(row)
    titles = {use.title.zh: use.key for line in score.lines for use in line.uses if use.key in subject.given}
    assert {titles[title]: Decimal(value) for title, value in values.items()} == {
        key: subject.number(key) for key in titles.values()
    }  # fmt: skip
    sums = re.findall(r"^    (.+?) = ([0-9.]+)$", shown, flags=re.MULTILINE)
    assert len(sums) >= 5
    for left, right in sums:
        assert _value(left).limit_denominator(10**9) == Fraction(right).limit_denominator(10**9) or abs(
            _value(left) - Fraction(right)
        ) < Fraction(1, 199), left
    assert sums[-1][1] == row.points


def _value(text: str) -> Fraction:
    """What a line of arithmetic with + − × ÷ and brackets gives."""
    tokens = re.findall(r"[0-9.]+|[+−×÷（）]", text)

    def total() -> Fraction:
        value = product()
        while tokens and tokens[0] in "+−":
            value = value + product() if tokens.pop(0) == "+" else value - product()
        return value

    def product() -> Fraction:
        value = one()
        while tokens and tokens[0] in "×÷":
            value = value * one() if tokens.pop(0) == "×" else value / one()
        return value

    def one() -> Fraction:
        first = tokens.pop(0)
        if first == "（":
            value = total()
            tokens.pop(0)
            return value
        return Fraction(first)

    return total()
