"""Scores as values: explained down to their entries, missing data told, the same whatever the order; what if; places with ties."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.appraise.casing import subject_of
from luoshi.appraise.compare import what_if
from luoshi.appraise.given import Given, Ref, Subject
from luoshi.appraise.number import Rounding, plain, rounded
from luoshi.appraise.place import places
from luoshi.appraise.rules import scheme_of
from luoshi.appraise.scheme import Scheme
from luoshi.appraise.score import Outcome
from luoshi.appraise.scoring import appraise


def _scheme(key: str) -> Scheme:
    found = scheme_of(key)
    assert found is not None
    return found


_VALUES = {"load": 14, "due": 27, "late": 3, "reports_due": 20, "reports_on_time": 19, "green": 30, "yellow": 4, "red": 2, "returned": 2}


def _unit(name: str, group: str = "economy", **changes: float) -> Subject:
    return subject_of(_scheme("A12"), name, {"group": group, **_VALUES, **changes})


def test_a_score_says_what_it_rests_on() -> None:
    unit = _unit("甲局")
    refs = (Ref("clock", "k1", "办结，逾期", item="i1"), Ref("clock", "k2", "月报，逾期", item="i2"), Ref("matter", "i3"))
    unit = msgspec.structs.replace(unit, given={**unit.given, "late": Given(Decimal(3), refs=refs)})
    score = appraise(_scheme("A12"), [unit]).scores[0]
    line = score.line("met")
    assert line is not None
    assert line.arithmetic == "60 × 90 ÷ 100 = 54"
    assert line.rule.startswith("按期完成的环节")
    assert line.source
    rate, due, late = line.uses
    assert (rate.key, rate.value, rate.arithmetic) == ("met_rate", Decimal(90), "27 ÷ 30 × 100 = 90")
    assert (due.value, late.value, late.refs) == (Decimal(27), Decimal(3), refs)
    assert score.arithmetic == "54 + 19 + 17.777777… − 减分 8 = 82.777777… → 82.78（四舍五入，保留两位小数，只在总分）"
    assert (score.points, score.grade, score.grade_why) == (Decimal("82.78"), "良好", "得分 82.78 ≥ 80")


def test_an_outcome_survives_being_written_down() -> None:
    """The ledger keeps it whole: nothing is lost on the way, and no number turns into a float."""
    outcome = appraise(_scheme("A12"), [_unit("甲局"), _unit("乙局", red=0)])
    kept = msgspec.json.encode(outcome)
    assert msgspec.json.decode(kept, type=Outcome) == outcome
    assert b'"points":"82.78"' in kept


def test_missing_data_gives_no_score_and_says_why() -> None:
    unit = _unit("甲局")
    lacking = {**unit.given, "late": Given(why="台账在该季度还没有启用")}
    score = appraise(_scheme("A12"), [msgspec.structs.replace(unit, given=lacking), _unit("乙局")]).of("甲局")
    assert score is not None
    assert (score.points, score.rank, score.grade) == (None, None, "")
    assert "逾期环节没有数据（台账在该季度还没有启用）" in score.why
    whole = appraise(_scheme("A12"), [_unit("乙局")]).of("乙局")
    beside = appraise(_scheme("A12"), [msgspec.structs.replace(unit, given=lacking), _unit("乙局")]).of("乙局")
    assert whole == beside, "who has no data changes nothing for the others"


def test_groups_are_ranked_apart() -> None:
    outcome = appraise(_scheme("A12"), [_unit("甲局"), _unit("乙局", red=0), _unit("丙街", "place", red=5), _unit("丁局", "general")])
    assert [(score.name, score.rank, score.of) for score in outcome.scores] == [
        ("丙街", 1, 1),
        ("乙局", 1, 2),
        ("甲局", 2, 2),
        ("丁局", 1, 1),
    ]


def test_load_is_shown_beside() -> None:
    score = appraise(_scheme("A12"), [_unit("甲局")]).scores[0]
    assert [(use.title.zh, use.value) for use in score.load] == [("承办事项", Decimal(14))]


def test_what_if_another_years_benchmarks() -> None:
    values = {"tax": 482, "land": 20, "added": 2723.2, "energy": 1000, "emission": 0.5, "staff": 150, "research": 151, "income": 5000}
    last, this = _scheme("A15"), _scheme("A14")
    firms = [subject_of(this, "甲", {"group": "large", **values}), subject_of(this, "乙", {"group": "large", **values, "tax": 100})]
    compared = what_if(appraise(this, firms), last, firms)
    assert [row.name for row in compared.rows] == ["甲", "乙"]
    first = compared.rows[0]
    assert first.one is not None
    assert first.other is not None
    assert (first.one.points, first.other.points) == (Decimal("101.2765"), Decimal("101.3373"))
    assert first.by == Decimal("0.0608")
    assert (first.moved, first.is_regraded, compared.lacking) == (0, False, ())


def test_what_if_says_which_data_the_other_scheme_lacks() -> None:
    units = [_unit("甲局"), _unit("乙局", red=0)]
    compared = what_if(appraise(_scheme("A12"), units), _scheme("A11"), units)
    assert "平均进度" in compared.lacking
    assert all(row.other is not None and row.other.points is None for row in compared.rows)


def test_what_if_under_two_hotline_rules() -> None:
    """The same month by the rule of before and after August 2022: three points more are lost for the same satisfaction."""
    scheme = _scheme("A08")
    unit = subject_of(
        scheme, "某公司", {"group": "department", "orders": 30, "signed": 100, "closed": 100, "satisfied": 90, "replies": 10, "others": 35}
    )
    compared = what_if(appraise(scheme, [unit]), _scheme("A09"), [unit])
    row = compared.rows[0]
    assert row.one is not None
    assert row.other is not None
    assert (row.one.points, row.other.points, row.by) == (Decimal("97.50"), Decimal("96.00"), Decimal("-1.50"))


@pytest.mark.parametrize(("ties", "wanted"), [("competition", [1, 2, 2, 4]), ("dense", [1, 2, 2, 3])])
def test_ties(ties: str, wanted: list[int]) -> None:
    values = {"a": Decimal(9), "b": Decimal(8), "c": Decimal(8), "d": Decimal(7)}
    assert list(places(values, ties=ties).values()) == wanted  # type: ignore[arg-type]


def test_ties_are_split_by_what_the_rule_names() -> None:
    values = {"a": Decimal(8), "b": Decimal(8), "c": Decimal(8)}
    then = {"a": (Decimal(1),), "b": (Decimal(3),), "c": (Decimal(1),)}
    assert places(values, ties="ordinal", then=then) == {"b": 1, "a": 2, "c": 2}


@pytest.mark.parametrize(("how", "wanted"), [("half-up", "12.35"), ("half-even", "12.34"), ("down", "12.34"), ("up", "12.35")])
def test_rounding_is_as_stated(how: str, wanted: str) -> None:
    assert str(rounded(Decimal("12.345"), Rounding("试", how=how))) == wanted  # type: ignore[arg-type]


_counts = st.integers(min_value=0, max_value=40)


@st.composite
def _units(draw: st.DrawFn) -> list[Subject]:
    names = draw(st.lists(st.sampled_from("甲乙丙丁戊己庚辛"), min_size=1, max_size=6, unique=True))
    return [
        _unit(f"{name}局", draw(st.sampled_from(["economy", "general", "place"])), **{key: draw(_counts) for key in _VALUES})
        for name in names
    ]


@settings(max_examples=60, deadline=None)
@given(_units(), st.randoms())
def test_the_order_of_subjects_means_nothing(units: list[Subject], random: object) -> None:
    mixed = list(units)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert appraise(_scheme("A12"), units) == appraise(_scheme("A12"), mixed)


@settings(max_examples=60, deadline=None)
@given(_units())
def test_what_is_shown_adds_up(units: list[Subject]) -> None:
    """Whoever adds the lines of a sheet gets the total of the sheet, within what rounding to the end leaves."""
    for score in appraise(_scheme("A12"), units).scores:
        if score.points is None:
            assert score.why
            continue
        parts = [line for line in score.lines if line.side == "part"]
        there = [line for line in parts if line.points is not None]
        scale = sum(line.full for line in parts) / sum(line.full for line in there)
        own = sum((line.points or Decimal(0) for line in there), Decimal(0)) * scale
        off = sum((line.points or Decimal(0) for line in score.lines if line.side == "off"), Decimal(0))
        assert abs(max(own + off, Decimal(0)) - score.points) <= Decimal("0.005")


def test_numbers_are_written_as_people_write_them() -> None:
    assert [plain(Decimal(one)) for one in ("0.50", "1000", "-3.10", "0")] == ["0.5", "1000", "-3.1", "0"]
