"""Appraisals at the desk: counted from the ledger, tables in, announced, objected to, decided by who did not score, corrected with trace, final."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from luoshi.appraise.rules import scheme_of, scheme_text
from luoshi.desk import matters
from luoshi.desk.actor import Actor, Role
from luoshi.desk.appraisal import bringing, deciding
from luoshi.desk.appraisal.bringing import bring, read_table
from luoshi.desk.appraisal.comparing import others, what_if_under
from luoshi.desk.appraisal.deciding import Correction, Objecting, announce, decide, make_final, object_to, withdraw
from luoshi.desk.appraisal.drawing import Wanted, candidates, draw_up
from luoshi.desk.appraisal.ruling import keep_own, scheme_for
from luoshi.desk.appraisal.scoring import score_of, subject_of
from luoshi.desk.appraisal.seeing import appraisals, sheet_for
from luoshi.desk.done import Conflict, NotFound, WrongValue
from luoshi.desk.rights import Forbidden
from luoshi.errors import BadTable, LuoshiError
from luoshi.ledger.appraised import Appraisal, Objection, SchemeFile, Score
from luoshi.ledger.belonging import units_for
from luoshi.ledger.scope import Scope
from luoshi.ledger.store import history, rebuild, verify_chain
from tests.web.living import ALL, CHECKS, PNG, REGION, District, account, person, unit

pytestmark = pytest.mark.usefixtures("db")
_ZONE = ZoneInfo("Asia/Shanghai")
#: the quarter that is scored, and the day on which it is drawn up
_QUARTER = "2026-Q1"


def _on(day: str, hour: int = 10) -> Callable[[], datetime]:
    return lambda: datetime.combine(date.fromisoformat(day), datetime.min.time(), _ZONE).astimezone(UTC) + timedelta(hours=hour)


class Quarter:
    """A quarter of two units: one closes in time what it leads, the other late."""

    def __init__(self) -> None:
        self.who = District()
        self.appraiser = person("kaohe", Role.APPRAISER, name="云归鹤")
        self.second = person("kaohe2", Role.APPRAISER, name="秦照水")
        self.matters = [
            self.matter("续建云溪书院", "发展和改革局", "2026-02-27", "2026-02-20"),
            self.matter("改造竹里市场", "财政局", "2026-02-27", "2026-03-12"),
        ]

    def matter(self, title: str, lead: str, due: str, closed: str) -> str:
        who = self.who
        form = matters.Form(title, text=f"{title}，二月底前完成。", region_code=REGION, fields={"due": due}, units={"lead": [unit(lead)]})
        item = matters.file_form(who.clerk, "M01", form, ALL, clock=_on("2026-01-05")).subjects[0]
        liaison = who.wang if lead == "发展和改革局" else who.zhao
        self.act(who.leader, item, "approve", "2026-01-05", 11)
        self.act(who.clerk, item, "assign", "2026-01-05", 12)
        self.act(liaison, item, "sign", "2026-01-06")
        for day in ("2026-01-25", "2026-02-25"):
            if day < closed:
                self.act(liaison, item, "report", day, progress=60, text="按计划推进")
        matters.tick(clock=_on(closed, 8))
        self.act(liaison, item, "apply-close", closed, 10, text="已建成", progress=100, evidence=[("竣工.png", PNG)])
        self.act(who.checker, item, "pass", closed, 11, checks=CHECKS)
        self.act(who.leader, item, "close", closed, 12)
        return item

    def act(self, actor: Actor, item: str, act: str, day: str, hour: int = 10, *, evidence: Any = (), **inputs: Any) -> None:
        from luoshi.desk.matters import Try
        from luoshi.desk.matters.evidence import keep

        matters.act(actor, item, Try(act, inputs, evidence=tuple(keep(list(evidence)))), ALL, clock=_on(day, hour))

    def drawn(self, **changes: Any) -> str:
        groups = {unit("发展和改革局"): "economy", unit("财政局"): "economy"}
        wanted = msgspec.structs.replace(Wanted("A12", _QUARTER, REGION, groups), **changes)
        return draw_up(self.appraiser, wanted, ALL, clock=_on("2026-04-03")).subjects[0]

    def announced(self) -> str:
        key = self.drawn()
        announce(self.appraiser, key, "2026-04-10", ALL, clock=_on("2026-04-03", 14))
        return key


@pytest.fixture
def quarter() -> Quarter:
    return Quarter()


def _row(key: str, name: str) -> Score:
    return Score.objects.get(appraisal=key, subject=unit(name))


def _liaison_scope(actor: Actor) -> Scope:
    return Scope(regions=frozenset({REGION}), item_regions=None, units=units_for([actor.unit]), internal=True)


def test_units_are_counted_from_the_ledger_down_to_their_clocks(quarter: Quarter) -> None:
    key = quarter.drawn()
    assert {one.id: one.group for one in candidates(scheme_for("A12"), _QUARTER, REGION, ALL, clock=_on("2026-04-03"))} == {
        unit("发展和改革局"): "economy", unit("财政局"): "economy",
    }  # fmt: skip
    good, late = score_of(_row(key, "发展和改革局")), score_of(_row(key, "财政局"))
    assert good.rank == 1
    assert late.rank == 2
    line = late.line("met")
    assert line is not None
    given = {use.key: use for use in line.uses}
    assert [ref.item for ref in given["late"].refs] == [quarter.matters[1]] * int(given["late"].value or 0)
    assert given["late"].value == Decimal(1)
    assert "应于 2026年2月27日，2026年3月12日 完成" in given["late"].refs[0].note
    assert given["due"].value == Decimal(1), "it signed in time"
    assert (line.points, line.arithmetic) == (Decimal(0), "50 < 60，低于下限，得 0")
    best = good.line("met")
    assert best is not None
    assert (best.points, best.arithmetic) == (Decimal(60), "60 × 100 ÷ 100 = 60")
    assert next(use.value for use in good.load if use.key == "load") == Decimal(1)
    assert all(use.value == 0 for one in (good,) for use in (one.line("met") or line).uses if use.key == "late")


def test_the_same_quarter_drawn_up_again_replaces_the_first(quarter: Quarter) -> None:
    key = quarter.drawn()
    assert quarter.drawn() == key
    row = Appraisal.objects.get(pk=key)
    assert (row.state, row.subjects, row.scored) == ("drawn", 2, 2)
    assert Score.objects.filter(appraisal=key).count() == 2


def test_a_rebuild_makes_the_same_rows_without_the_scheme(quarter: Quarter, monkeypatch: pytest.MonkeyPatch) -> None:
    """The entries carry the scores whole: no scheme is read and nothing is worked out again."""
    key = quarter.announced()
    object_to(quarter.who.zhao, key, Objecting(unit("财政局"), "met", "竹里市场停电五天"), ALL, clock=_on("2026-04-04"))
    before = [list(model.objects.order_by("pk").values()) for model in (Appraisal, Score, Objection, SchemeFile)]
    monkeypatch.setattr("luoshi.appraise.scoring.appraise", lambda *_: pytest.fail("worked out again"))
    rebuild()
    assert [list(model.objects.order_by("pk").values()) for model in (Appraisal, Score, Objection, SchemeFile)] == before
    verify_chain()


def test_an_objection_is_upheld_and_the_correction_leaves_a_trace(quarter: Quarter) -> None:
    key = quarter.announced()
    before = score_of(_row(key, "财政局"))
    made = object_to(
        quarter.who.zhao,
        key,
        Objecting(unit("财政局"), "met", "延期已经批准，漏记了"),
        _liaison_scope(quarter.who.zhao),
        clock=_on("2026-04-04"),
    )
    objection = Objection.objects.get(appraisal=key)
    assert (objection.state, objection.by) == ("open", quarter.who.zhao.id)
    with pytest.raises(Conflict, match="没有处理"):
        make_final(quarter.second, key, ALL, clock=_on("2026-04-11"))
    with pytest.raises(Forbidden, match="回避"):
        decide(quarter.appraiser, objection.id, True, "属实", ALL, correction=Correction("late", "0"), clock=_on("2026-04-06"))
    decide(quarter.second, objection.id, True, "查到了批准延期的记录", ALL, correction=Correction("late", "0"), clock=_on("2026-04-06"))
    row = _row(key, "财政局")
    after = score_of(row)
    assert before.points is not None
    assert after.points is not None
    assert after.points > before.points
    assert row.changed
    change = msgspec.json.decode(Objection.objects.get(pk=objection.id).change)
    assert (change["before"], change["after"]) == ("1", "0")
    assert change["points"] == [str(before.points), str(after.points)]
    line = after.line("met")
    assert line is not None
    late = next(use for use in line.uses if use.key == "late")
    assert late.refs[-1].id == objection.id, "the corrected value says by which decision"
    assert {entry.act for entry in history(key)} >= {"score.draw", "score.announce", "score.object", "score.decide"}
    assert made.count == 1
    with pytest.raises(Conflict, match="已经处理"):
        decide(quarter.second, objection.id, False, "再办一次", ALL, clock=_on("2026-04-06"))
    make_final(quarter.second, key, ALL, clock=_on("2026-04-11"))
    assert Appraisal.objects.get(pk=key).state == "final"


def test_a_correction_moves_the_places_of_the_others_too(quarter: Quarter) -> None:
    key = quarter.announced()
    object_to(quarter.who.zhao, key, Objecting(unit("财政局"), "", "全部重核"), ALL, clock=_on("2026-04-04"))
    objection = Objection.objects.get(appraisal=key)
    for value in ("0",):
        decide(quarter.second, objection.id, True, "属实", ALL, correction=Correction("late", value), clock=_on("2026-04-05"))
    rows = {row.name: row for row in Score.objects.filter(appraisal=key)}
    points = {name: Decimal(row.points) for name, row in rows.items()}
    best = max(points.values())
    assert all((row.place == 1) == (points[name] == best) for name, row in rows.items())


def test_rejected_with_words_and_nothing_changes(quarter: Quarter) -> None:
    key = quarter.announced()
    object_to(quarter.who.zhao, key, Objecting(unit("财政局"), "", "分太低"), ALL, clock=_on("2026-04-04"))
    objection = Objection.objects.get(appraisal=key)
    before = list(Score.objects.filter(appraisal=key).values("points", "place"))
    with pytest.raises(WrongValue, match="理由"):
        decide(quarter.second, objection.id, False, " ", ALL)
    decide(quarter.second, objection.id, False, "台账记录无误", ALL)
    assert list(Score.objects.filter(appraisal=key).values("points", "place")) == before
    assert Objection.objects.get(pk=objection.id).words == "台账记录无误"


def test_who_may_object_and_until_when(quarter: Quarter) -> None:
    key = quarter.announced()
    with pytest.raises(Forbidden, match="本单位"):
        object_to(quarter.who.wang, key, Objecting(unit("财政局"), "", "替别人提"), ALL, clock=_on("2026-04-04"))
    with pytest.raises(NotFound):
        object_to(
            quarter.who.wang, key, Objecting(unit("财政局"), "", "替别人提"), _liaison_scope(quarter.who.wang), clock=_on("2026-04-04")
        )
    object_to(quarter.who.zhao, key, Objecting(unit("财政局"), "", "最后一天"), ALL, clock=_on("2026-04-10", 23))
    with pytest.raises(Conflict, match="异议期"):
        object_to(quarter.who.zhao, key, Objecting(unit("财政局"), "", "晚了一天"), ALL, clock=_on("2026-04-11"))
    with pytest.raises(WrongValue, match="没有这一项"):
        object_to(quarter.who.zhao, key, Objecting(unit("财政局"), "nothing", "没有的项"), ALL, clock=_on("2026-04-05"))


def test_a_liaison_sees_what_is_announced_and_only_the_own_sheet(quarter: Quarter) -> None:
    key, scope = quarter.drawn(), _liaison_scope(quarter.who.zhao)
    assert not appraisals(scope, quarter.who.zhao).exists()
    announce(quarter.appraiser, key, "2026-04-10", ALL, clock=_on("2026-04-03"))
    assert [row.id for row in appraisals(scope, quarter.who.zhao)] == [key]
    assert sheet_for(key, unit("财政局"), scope).name == "财政局"
    with pytest.raises(NotFound):
        sheet_for(key, unit("发展和改革局"), scope)


def test_what_stays_inside_is_not_counted(quarter: Quarter) -> None:
    from luoshi.ledger import models

    before = score_of(_row(quarter.drawn(), "财政局")).line("met")
    models.Matter.objects.filter(pk=quarter.matters[1]).update(internal=True)
    key = quarter.drawn(title="另一次")
    after = score_of(_row(key, "财政局"))
    assert before is not None
    assert before.points is not None
    assert after.points is None
    assert "到期环节为 0" in after.why


def test_what_if_another_scheme(quarter: Quarter) -> None:
    key = quarter.drawn()
    compared = what_if_under(Appraisal.objects.get(pk=key), "A11", clock=_on("2026-04-03"))
    rows = {row.name: row for row in compared.rows}
    other = rows["发展和改革局"].other
    assert other is not None
    assert other.points is not None, other.why
    assert compared.lacking == ()
    met = other.line("met")
    assert met is not None
    assert met.points == Decimal(400)
    late = rows["财政局"].other
    assert late is not None
    missed = late.line("met")
    assert missed is not None
    assert missed.points == 0


def test_a_scheme_that_scores_what_is_forbidden_cannot_be_kept_nor_used(quarter: Quarter) -> None:
    text = (
        scheme_text("A12")
        .replace("version: 1", "version: 2")
        .replace("title: {zh: 退回重办, en: sent back}", "title: {zh: 获得领导批示, en: praise}")
    )
    with pytest.raises(LuoshiError) as caught:
        keep_own(quarter.appraiser, text)
    assert caught.value.slug == "forbidden-scheme"
    with pytest.raises(BadTable):
        keep_own(quarter.appraiser, "id: [")
    with pytest.raises(Conflict):
        keep_own(quarter.appraiser, scheme_text("A12"))
    keep_own(quarter.appraiser, scheme_text("A12").replace("version: 1", "version: 2"))
    key = quarter.drawn()
    assert Appraisal.objects.get(pk=key).scheme == "A12@2"


def test_only_who_may(quarter: Quarter) -> None:
    with pytest.raises(Forbidden):
        draw_up(quarter.who.leader, Wanted("A12", _QUARTER, REGION, {unit("财政局"): "economy"}), ALL)
    key = quarter.drawn()
    with pytest.raises(Forbidden):
        announce(quarter.who.zhao, key, "2026-04-10", ALL)
    with pytest.raises(WrongValue, match="季度"):
        quarter.drawn(period="2026-03")
    with pytest.raises(WrongValue, match="没有这一组"):
        quarter.drawn(groups={unit("财政局"): "planets"})
    for near in ("2026-04-02", "2026-04-03", "2026-04-05"):
        with pytest.raises(WrongValue, match="至少 3 天"):
            announce(quarter.appraiser, key, near, ALL, clock=_on("2026-04-03"))
    withdraw(quarter.appraiser, key, "口径有误", ALL)
    with pytest.raises(Conflict):
        announce(quarter.appraiser, key, "2030-04-02", ALL)


def test_nobody_alone_makes_a_result_final(quarter: Quarter) -> None:
    key = quarter.announced()
    with pytest.raises(Forbidden, match="不能自己确定"):
        make_final(quarter.appraiser, key, ALL, clock=_on("2026-04-11"))
    make_final(quarter.second, key, ALL, clock=_on("2026-04-11"))
    assert Appraisal.objects.get(pk=key).state == "final"


def test_of_a_unit_a_quarter_has_one_result(quarter: Quarter) -> None:
    key = quarter.announced()
    again = quarter.drawn(title="另一个题目")
    other = quarter.drawn(scheme="A23")
    for twice in (again, other):
        with pytest.raises(Conflict, match="已经有这个期间的结果"):
            announce(quarter.appraiser, twice, "2026-04-10", ALL, clock=_on("2026-04-03"))
    withdraw(quarter.appraiser, key, "口径有误", ALL, clock=_on("2026-04-04"))
    announce(quarter.appraiser, again, "2026-04-10", ALL, clock=_on("2026-04-04"))


def test_units_of_one_quarter_may_be_scored_in_two_appraisals_and_the_year_finds_both(quarter: Quarter) -> None:
    for name in ("发展和改革局", "财政局"):
        key = quarter.drawn(title=f"{name}的一季度", groups={unit(name): "economy"})
        announce(quarter.appraiser, key, "2026-04-10", ALL, clock=_on("2026-04-03"))
        make_final(quarter.second, key, ALL, clock=_on("2026-04-11"))
    wanted = Wanted("A13", "2026", REGION, {unit("发展和改革局"): "economy", unit("财政局"): "economy"})
    year = draw_up(quarter.appraiser, wanted, ALL, clock=_on("2026-12-30")).subjects[0]
    assert all(subject_of(_row(year, name)).number("q1") is not None for name in ("发展和改革局", "财政局"))


def test_what_was_withdrawn_stays_on_record_and_its_objections_with_it(quarter: Quarter) -> None:
    key = quarter.announced()
    object_to(quarter.who.zhao, key, Objecting(unit("财政局"), "met", "停电五天"), ALL, clock=_on("2026-04-04"))
    withdraw(quarter.appraiser, key, "口径有误", ALL, clock=_on("2026-04-05"))
    again = quarter.drawn()
    assert again != key
    assert quarter.drawn() == again
    assert Appraisal.objects.get(pk=key).state == "withdrawn"
    assert not Objection.objects.filter(appraisal=again).exists()
    announce(quarter.second, again, "2026-04-20", ALL, clock=_on("2026-04-06"))
    object_to(quarter.who.zhao, again, Objecting(unit("财政局"), "met", "停电五天"), ALL, clock=_on("2026-04-07"))
    assert Objection.objects.filter(appraisal=key).count() == 1


def test_units_of_another_place_are_not_scored(quarter: Quarter) -> None:
    from luoshi.ledger.entry import Draft
    from luoshi.ledger.organisations import organisation_id
    from luoshi.ledger.store import append

    foreign = organisation_id("330100", "财政局")
    values = {"region_code": "330100", "name": "外地财政局", "kind": "body", "plates": []}
    append("asys", [Draft("organisation.add", foreign, values)])
    with pytest.raises(WrongValue, match="不是本地区的单位"):
        quarter.drawn(groups={foreign: "economy", unit("财政局"): "economy"})


def test_the_same_quarter_under_another_version_of_its_scheme(quarter: Quarter) -> None:
    key = quarter.drawn()
    keep_own(quarter.appraiser, scheme_text("A12").replace("version: 1", "version: 2").replace("减 1 分", "减 2 分"))
    row = Appraisal.objects.get(pk=key)
    ids = [one for one, _ in others(row)]
    assert "A12" in ids, "the version that is in force now"
    assert "A12@1" not in ids, "the one by which it was scored"
    assert len(what_if_under(row, "A12", clock=_on("2026-04-03")).rows) == 2
    later = quarter.drawn(title="按新办法")
    assert "A12@1" in [one for one, _ in others(Appraisal.objects.get(pk=later))]
    with pytest.raises(WrongValue, match="同一类对象"):
        what_if_under(row, "A17")


_MARKS = "单位,主要领导评议,分管领导评议,单位互评,服务对象评议\n发展和改革局,95,90,80,92\n财政局,88,九十,85,90\n".encode()


def test_a_year_of_quarters_and_marks(quarter: Quarter) -> None:
    keys = []
    for at in (1, 2, 3):
        groups = {unit("发展和改革局"): "economy", unit("财政局"): "economy"}
        keys.append(draw_up(quarter.appraiser, Wanted("A12", f"2026-Q{at}", REGION, groups), ALL, clock=_on("2026-10-02")).subjects[0])
        announce(quarter.appraiser, keys[-1], "2026-10-10", ALL, clock=_on("2026-10-02"))
        make_final(quarter.second, keys[-1], ALL, clock=_on("2026-10-11"))
    year = draw_up(
        quarter.appraiser,
        Wanted("A13", "2026", REGION, {unit("发展和改革局"): "economy", unit("财政局"): "economy"}),
        ALL,
        clock=_on("2026-12-30"),
    ).subjects[0]
    row = score_of(_row(year, "发展和改革局"))
    assert row.points is None, "only the first quarter had anything to score, and nobody has given marks"
    done, brought = bring(quarter.second, year, _MARKS, "评分.csv", ALL, clock=_on("2026-12-30"))
    assert done.count == 1
    assert brought.wrong == ("财政局，分管领导评议（C3）：“九十”不是数字",)
    final = score_of(_row(year, "发展和改革局")).line("final")
    assert final is not None
    assert final.points == Decimal("54.06")
    assert final.uses[0].refs[0].kind == "cell"
    assert final.uses[0].refs[0].note == "csv!B2"
    assert quarter.second.id in msgspec.json.decode(Appraisal.objects.get(pk=year).scorers)
    wanted = Wanted("A13", "2026", REGION, {unit("发展和改革局"): "economy", unit("财政局"): "economy"})
    assert draw_up(quarter.appraiser, wanted, ALL, clock=_on("2026-12-31")).subjects[0] == year
    assert score_of(_row(year, "发展和改革局")).line("final") == final, "what the raters gave is not lost"


def _firms() -> bytes:
    head = "企业名称,统一社会信用代码,评价税收（万元）,销售收入,用地面积,综合能耗,加分,减分,企业类别\n"
    lines = [
        f"栖山{at:02d}号机械有限公司,91990102MA{at:08d},{400 - at * 10},4000,10,400,,,{'水电气供应' if at == 20 else ''}"
        for at in range(21)
    ]
    return (head + "\n".join(lines)).encode("gb18030")


def _columns(data: bytes, **filled: float) -> bytes:
    """The sample as somebody fills it in: one value in each row under a heading."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data))
    sheet = book.active
    assert sheet is not None
    heads: list[Any] = []
    for row in sheet.iter_rows():
        values = [cell.value for cell in row]
        if "企业名称" in values:
            heads = values
        elif heads and values[0]:
            for cell, head in zip(row, heads, strict=True):
                cell.value = next((value for key, value in filled.items() if str(head).startswith(key)), cell.value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_sample_filled_in_and_a_new_drawing_up_double_nobody(quarter: Quarter) -> None:
    from openpyxl import load_workbook

    from luoshi.web.pages.appraisals import book

    wanted = Wanted("A17", "2025", REGION)
    key = draw_up(quarter.appraiser, wanted, ALL, clock=_on("2026-05-06")).subjects[0]
    bring(quarter.appraiser, key, _firms(), "亩均.csv", ALL, clock=_on("2026-05-06"))
    sample = book.sample(Appraisal.objects.get(pk=key), scheme_for("A17"), list(Score.objects.filter(appraisal=key)))
    lists = [one.formula1 for one in load_workbook(io.BytesIO(sample)).worksheets[0].data_validations.dataValidation]
    assert any("水电气供应" in str(one) for one in lists), "what may stand there is offered"
    bring(quarter.appraiser, key, _columns(sample, 加分=1), "加分.xlsx", ALL, clock=_on("2026-05-06"))
    rows = list(Score.objects.filter(appraisal=key).order_by("name"))
    assert len(rows) == 21
    tax = [subject_of(row).number("tax") for row in rows]
    assert None not in tax, "what the first table said stays"
    assert draw_up(quarter.appraiser, wanted, ALL, clock=_on("2026-05-07")).subjects[0] == key
    assert Score.objects.filter(appraisal=key).count() == 21
    assert [subject_of(row).number("tax") for row in Score.objects.filter(appraisal=key).order_by("name")] == tax
    huge = bring(quarter.appraiser, key, _columns(sample, 加分=1e40), "大.xlsx", ALL, clock=_on("2026-05-08"))[1]
    assert len(huge.wrong) == 21


def test_of_two_enterprises_with_one_name_the_code_says_which(quarter: Quarter) -> None:
    key = draw_up(quarter.appraiser, Wanted("A17", "2025", REGION), ALL, clock=_on("2026-05-06")).subjects[0]
    head = "企业名称,统一社会信用代码,评价税收（万元）\n"
    two = f"{head}栖山一号机械有限公司,91990102MA00000001,10\n栖山一号机械有限公司,91990102MA00000002,20"
    bring(quarter.appraiser, key, two.encode(), "税.csv", ALL, clock=_on("2026-05-06"))
    assert Score.objects.filter(appraisal=key).count() == 2
    with pytest.raises(WrongValue, match="2 家都叫"):
        bring(quarter.appraiser, key, f"{head}栖山一号机械有限公司,,30".encode(), "税.csv", ALL, clock=_on("2026-05-06"))


def test_enterprises_come_with_a_table_and_are_graded_by_share(quarter: Quarter) -> None:
    key = draw_up(quarter.appraiser, Wanted("A17", "2025", REGION), ALL, clock=_on("2026-05-06")).subjects[0]
    with pytest.raises(Conflict, match="导入"):
        announce(quarter.appraiser, key, "2026-05-20", ALL, clock=_on("2026-05-06"))
    _, brought = bring(quarter.appraiser, key, _firms(), "亩均.csv", ALL, clock=_on("2026-05-06"))
    assert (len(brought.lines), brought.wrong, brought.unknown) == (21, (), ())
    rows = {row.name: row for row in Score.objects.filter(appraisal=key)}
    grades = [rows[f"栖山{at:02d}号机械有限公司"].grade for at in range(21)]
    assert grades == ["A"] * 4 + ["B"] * 8 + ["C"] * 7 + ["D", "T"]
    assert "不适合评价" in rows["栖山20号机械有限公司"].why
    announce(quarter.appraiser, key, "2026-05-20", ALL, clock=_on("2026-05-06"))
    firm = rows["栖山19号机械有限公司"]
    object_to(quarter.appraiser, key, Objecting(firm.subject, "tax", "税收少计了一百万元"), ALL, clock=_on("2026-05-08"))
    objection = Objection.objects.get(appraisal=key)
    decide(quarter.second, objection.id, True, "税务局证明属实", ALL, correction=Correction("tax", "400"), clock=_on("2026-05-09"))
    change = msgspec.json.decode(Objection.objects.get(pk=objection.id).change)
    assert change["grade"] == ["D", "A"]
    assert len(change["others"]) >= 18, "whoever was behind is told too"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a,b\n1,2\n", "表头"), ("单位,别的\n甲,2\n".encode(), "没有方案要的数据项"), ("单位,主要领导评议\n".encode(), "没有数据"),
        ("单位,主要领导评议\n甲局,1\n甲局,2\n".encode(), "有两行"), (b"\x00\x01\x02", "表格"), (b"PK\x03\x04broken", "工作簿"),
    ],
)  # fmt: skip
def test_a_wrong_table_says_what(data: bytes, said: str) -> None:
    scheme = scheme_of("A13")
    assert scheme is not None
    with pytest.raises(LuoshiError, match=said):
        read_table(data, "表.xlsx", scheme)


def test_a_unit_that_is_not_appraised_is_refused_with_its_row(quarter: Quarter) -> None:
    key = quarter.drawn(scheme="A13", period="2026")
    with pytest.raises(WrongValue, match="教育局"):
        bring(quarter.appraiser, key, "单位,主要领导评议\n教育局,90\n".encode(), "评分.csv", ALL)
    assert account("kaohe").name == "云归鹤"


def test_a_horse_race_shows_the_load_of_whom_the_ledger_knows(quarter: Quarter) -> None:
    """Places come with a table; what they have in hand is counted where they are units of the ledger, and nothing is said of the others."""
    key = draw_up(quarter.appraiser, Wanted("A10", "2026-02", REGION), ALL, clock=_on("2026-03-05")).subjects[0]
    table = "名称,分组,生产总值增速,固定资产投资增速,规上工业增加值增速,社会消费品零售总额增速\n财政局,开发区,9,8,7,6\n远山园区,开发区,8,9,6,5\n"
    bring(quarter.appraiser, key, table.encode(), "指标.csv", ALL, clock=_on("2026-03-05"))
    rows = {row.name: row for row in Score.objects.filter(appraisal=key)}
    assert rows["财政局"].unit == unit("财政局")
    known, other = (score_of(rows[name]).load[0] for name in ("财政局", "远山园区"))
    assert (known.value, [ref.id for ref in known.refs]) == (Decimal(1), [quarter.matters[1]])
    assert (other.value, other.why) == (None, "承办事项没有数据（台账里没有这个单位承办的事项）")
    assert (rows["财政局"].place, rows["远山园区"].place) == (1, 2)
    assert Decimal(rows["财政局"].points) == Decimal("98.5")


def test_two_decisions_at_once_both_stand(quarter: Quarter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is decided between looking at an objection and writing is worked into the scores."""
    key = quarter.announced()
    for line, at in (("met", "2026-04-04"), ("", "2026-04-05")):
        object_to(quarter.who.zhao, key, Objecting(unit("财政局"), line, "漏记了"), ALL, clock=_on(at))
    first, second = Objection.objects.filter(appraisal=key).order_by("at")
    real = scheme_for

    def meanwhile(scheme: str) -> Any:
        monkeypatch.setattr(deciding, "scheme_for", real)
        decide(quarter.second, second.id, True, "属实", ALL, correction=Correction("returned", "1"), clock=_on("2026-04-06"))
        return real(scheme)

    monkeypatch.setattr(deciding, "scheme_for", meanwhile)
    decide(quarter.second, first.id, True, "属实", ALL, correction=Correction("late", "0"), clock=_on("2026-04-06"))
    given = subject_of(_row(key, "财政局")).given
    assert (given["late"].value, given["returned"].value) == (Decimal(0), Decimal(1))


def test_two_tables_at_once_both_stand(quarter: Quarter, monkeypatch: pytest.MonkeyPatch) -> None:
    year = quarter.drawn(scheme="A13", period="2026")
    real = bringing.read_table

    def meanwhile(data: bytes, name: str, scheme: Any) -> Any:
        monkeypatch.setattr(bringing, "read_table", real)
        bring(quarter.second, year, "单位,主要领导评议\n财政局,91\n".encode(), "一.csv", ALL)
        return real(data, name, scheme)

    monkeypatch.setattr(bringing, "read_table", meanwhile)
    bring(quarter.appraiser, year, "单位,服务对象评议\n财政局,82\n".encode(), "二.csv", ALL)
    given = subject_of(_row(year, "财政局")).given
    assert (given["head"].value, given["served"].value) == (Decimal(91), Decimal(82))
