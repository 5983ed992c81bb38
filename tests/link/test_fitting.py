"""Which figures are looked at for a target: a short cut that leaves none out, with a person's decisions too, and with an end."""

from __future__ import annotations

from importlib.resources import files

import msgspec
import pytest

from luoshi.ledger.linkable import source_of
from luoshi.ledger.reading import stored
from luoshi.link import fitting
from luoshi.link.account import Account
from luoshi.link.fitting import Decisions, candidates, name_pair
from luoshi.link.targets import targets_of
from luoshi.pipeline import extract_facts
from tests.link.documents import report


def demo(year: int):
    text = files("luoshi.demo").joinpath(f"documents/{year}-report.txt").read_text(encoding="utf-8")
    return source_of(stored(extract_facts(text, name=f"{year}.txt"))[0])


@pytest.fixture(scope="module")
def reports():
    return demo(2024), demo(2025)


def found(target, account, settled):
    return [(one.scene.measure.id, one.kin, one.bar) for one in candidates(target, 2024, account, settled)]


def test_the_index_leaves_no_figure_out(reports, monkeypatch):
    targets, account = list(targets_of(reports[0])), Account(reports[1])
    assert len(targets) > 40
    short = [found(one, account, {}) for one in targets]
    monkeypatch.setattr(fitting, "_looked_at", lambda target, account, settled: account.results)
    assert short == [found(one, account, {}) for one in targets]


def test_a_decision_adds_the_two_names_and_no_others(reports):
    account = Account(reports[1])
    target = next(one for one in targets_of(reports[0]) if len(account.near(one)) < len(account.results) / 2)
    near = account.near(target)
    elsewhere = Decisions({name_pair("甲指标", "乙指标"): True})
    assert list(fitting._looked_at(target, account, elsewhere)) == near
    far = next(one for one in account.results if one not in near and one.name)
    told = {name_pair(target.name, far.name): True}
    looked = list(fitting._looked_at(target, account, told))
    assert far in looked
    assert [one for one in looked if one in near] == near
    assert {one.name for one in looked if one not in near} == {far.name}
    assert candidates(target, 2024, account, told) == candidates(target, 2024, account, Decisions(told))


def test_a_table_of_thousands_is_not_compared_line_by_line():
    source = report(2026, review="新建公园4个。")
    [one] = [one for one in source.measures if one.role == "result"]
    many = [
        msgspec.structs.replace(one, id=f"f{at}", value=float(100 + at), name="湖心公园", name_start=-1, indicator_id="")
        for at in range(2000)
    ]
    target = next(targets_of(report(2025, plan="新建公园3个。")))
    account = Account(msgspec.structs.replace(source, measures=(*many, one)))
    looked = list(fitting._looked_at(target, account, {}))
    assert len(looked) <= fitting._MOST
    # the figure of the same words is among them, though it is the last of them
    assert one.id in {each.measure.id for each in looked}
