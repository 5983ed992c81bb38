"""Papers out of the ledger: as things stood when they were made, masked, re-added, within what the actor sees; templates that are kept."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import Any

import docx
import openpyxl
import pytest

from luoshi.desk import items, matters, papers
from luoshi.desk.actor import Actor, Role
from luoshi.desk.appraisal import deciding, drawing, ruling
from luoshi.desk.done import Conflict, NotFound, WrongValue
from luoshi.desk.matters import Form
from luoshi.desk.papers import About, Asked, Wanted
from luoshi.desk.rights import Forbidden
from luoshi.ledger import models
from luoshi.ledger.appraised import Appraisal
from luoshi.ledger.entry import Draft
from luoshi.ledger.scope import Scope
from luoshi.ledger.store import append, rebuild, verify_chain
from luoshi.publish.papers import BadTemplate, check, default_template, gaps, kind_of, unfounded
from luoshi.publish.papers import blocks as b
from luoshi.publish.papers.packing import parts_of
from luoshi.publish.papers.write import written
from tests.desk.making import ONE
from tests.desk.tasks import breakdown
from tests.desk.test_matters import ALL, CHECKS, CHEN, LI, PNG, REGION, WANG, at, do, handling, laid, made, person, unit

pytestmark = pytest.mark.usefixtures("db")

CLERK = Actor("asys", "sys", "sys", (Role.SYSTEM_ADMIN,))
READER = Actor("area", "rea", "rea", (Role.READER,))


@pytest.fixture
def late() -> str:
    """A matter in hand whose due date is over, two month-ends later."""
    laid("发展和改革局", "财政局", "住建局")
    append("asys", [Draft("setting.change", "office", {"value": "栖山区政府督查室"})])
    item = handling(made(due="2026-04-15"))
    do(WANG, item, "report", 20, progress=80, text="选址已定，联系人陆远山 13800138000")
    matters.tick(clock=at(70))
    return item


def words(paper: Any) -> str:
    file = docx.Document(io.BytesIO(paper.data))
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in file.paragraphs), *cells])


def entry_with(item: str, paper: str) -> models.Entry:
    rows = models.Entry.objects.filter(subject=item, data__contains=f'"paper":"{paper}"').order_by("seq")
    found = rows.first()
    assert found is not None
    return found


# --- one matter


def test_each_rung_gives_its_paper_as_it_was_then(late: str) -> None:
    matters.tick(clock=at(80))
    said = {}
    for paper in ("notice", "chase", "letter", "talk"):
        seq = entry_with(late, paper).seq
        made_ = papers.paper_of(CHEN, late, Wanted(seq=seq), ALL)
        assert check(made_.data) == ()
        said[paper] = words(made_)
    assert "督办通知单" in said["notice"]
    assert "2026年4月15日" in said["notice"]
    assert "发展和改革局：" in said["chase"]
    assert "新建幼儿园 3 所" in said["letter"]
    assert "栖山区政府督查室" in said["talk"]
    assert "已逾期" in said["letter"]
    before = papers.paper_of(CHEN, late, Wanted(seq=entry_with(late, "letter").seq), ALL).data
    do(WANG, late, "report", 81, progress=90, text="已开工")
    assert papers.paper_of(CHEN, late, Wanted(seq=entry_with(late, "letter").seq), ALL).data == before


def test_a_draft_is_of_the_matter_as_it_stands(late: str) -> None:
    paper = papers.paper_of(CHEN, late, Wanted("chase", number="栖督〔2026〕7号", text="请说明原因。"), ALL, clock=at(70))
    said = words(paper)
    assert "目前报送的进度为80%" in said
    assert "已逾期" in said
    assert "请说明原因。" in said
    assert "栖督〔2026〕7号" in said
    assert "选址已定" in said
    assert paper.name.startswith("催办通知-")
    assert check(paper.data) == ()
    with pytest.raises(WrongValue, match="发文字号"):
        papers.paper_of(CHEN, late, Wanted("chase", number="栖督[2026]07号"), ALL, clock=at(70))
    with pytest.raises(NotFound):
        papers.paper_of(CHEN, late, Wanted("closing"), ALL)
    with pytest.raises(NotFound):
        papers.paper_of(CHEN, late, Wanted(seq=1), ALL)


def test_papers_stay_within_the_scope(late: str) -> None:
    elsewhere = Scope(regions=frozenset({"990103"}), item_regions=frozenset({"990103"}))
    with pytest.raises(NotFound):
        papers.paper_of(CHEN, late, Wanted("chase"), elsewhere)
    own = Scope(regions=None, item_regions=None, units=frozenset({unit("财政局")}), internal=True)
    with pytest.raises(NotFound):
        papers.paper_of(WANG, late, Wanted("chase"), own)


def test_who_complained_is_masked_in_a_reply() -> None:
    laid("住建局")
    fields = {"channel": "phone", "category": "city", "subcategory": "路灯", "caller": "陆远山", "phone": "13800138000"}
    form = Form("东风路12号陆远山反映路灯不亮", text="我叫陆远山，电话13800138000，路灯不亮", region_code=REGION, fields=fields)
    item = matters.file_form(CHEN, "M08", form, ALL, clock=at(0)).subjects[0]
    for kind in papers.drafts_of(matters.rules_for("M08").mechanism):
        said = words(papers.paper_of(CHEN, item, Wanted(kind), ALL, clock=at(0.1)))
        assert "陆远山" not in said, kind
        assert "13800138000" not in said, kind


# --- the bulletin


def test_a_bulletin_says_what_was_true_at_the_month_end(late: str) -> None:
    do(WANG, late, "apply-close", 72, text="建成", progress=100, evidence=tuple(matters.evidence.keep([("a.png", PNG)])))
    do(person("zhou", Role.SUPERVISOR), late, "pass", 73, checks=CHECKS)
    do(LI, late, "close", 74)
    values, period = papers.bulletin_values(CHEN, Asked("2026-04"), ALL, clock=at(80), drawn=False)
    assert gaps(kind_of("bulletin"), values) == ()
    assert (period.title, values["until"]) == ("2026年4月", "2026年4月30日")
    assert (values["total"], values["live"], values["red"], values["overdue"]) == (1, 1, 1, 1)
    assert values["units"][0]["name"] == "发展和改革局"  # type: ignore[index,call-overload]
    assert "逾期15天" in values["reds"][0]["why"]  # type: ignore[index,call-overload]
    now_, _ = papers.bulletin_values(CHEN, Asked("2026-05"), ALL, clock=at(80), drawn=False)
    assert (now_["total"], now_["closed"], now_["newly_closed"], now_["red"]) == (1, 1, 1, 0)
    march, _ = papers.bulletin_values(CHEN, Asked("2026-03"), ALL, clock=at(80), drawn=False)
    assert (march["live"], march["red"], march["newly_filed"], march["overdue"]) == (1, 0, 1, 0)
    quarter, found = papers.bulletin_values(CHEN, Asked("2026-Q1"), ALL, clock=at(80), drawn=False)
    assert found.title == "2026年第一季度"
    assert [quarter[key] for key in ("total", "live", "red")] == [march[key] for key in ("total", "live", "red")]


def test_the_bulletin_as_paper_and_workbook(late: str) -> None:
    paper = papers.bulletin(CHEN, Asked("2026-04", number="栖督〔2026〕8号", text="请对照整改。"), ALL, clock=at(80))
    assert check(paper.data) == ()
    said = words(paper)
    assert "督办事项共1件，其中在办1件" in said
    assert "栖山区政府督查室文件" in said
    assert any(name.startswith("word/media/") for name in parts_of(paper.data, "x"))
    sheets = openpyxl.load_workbook(io.BytesIO(papers.bulletin_book(CHEN, Asked("2026-04"), ALL, clock=at(80)).data))
    assert sheets["红灯"]["C3"].value == "新建幼儿园 3 所"
    with pytest.raises(Forbidden):
        papers.bulletin(READER, Asked("2026-04"), ALL, clock=at(80))
    for wrong in ("2026-13", "2026", "2030-01"):
        with pytest.raises(WrongValue):
            papers.bulletin(CHEN, Asked(wrong), ALL, clock=at(80))


def test_what_stays_inside_is_in_no_bulletin(late: str) -> None:
    models.Matter.objects.filter(pk=late).update(internal=True)
    values, _ = papers.bulletin_values(CHEN, Asked("2026-04"), ALL, clock=at(80), drawn=False)
    assert values["total"] == 0
    assert gaps(kind_of("bulletin"), values) == ()


def test_a_leaders_page(late: str) -> None:
    said = words(papers.brief(LI, ALL, clock=at(70)))
    assert "在办1件" in said
    assert "新建幼儿园 3 所" in said
    assert check(papers.brief(LI, ALL, clock=at(70)).data) == ()


def test_an_issued_paper_is_kept_as_it_was(late: str) -> None:
    paper = papers.bulletin(CHEN, Asked("2026-04"), ALL, clock=at(80))
    about = About("2026-04", REGION, "栖督〔2026〕8号", "2026年4月督查通报")
    assert papers.issue(CHEN, "bulletin", about, paper, clock=at(80)).count == 1
    assert papers.issue(CHEN, "bulletin", about, paper, clock=at(81)).count == 0
    found = papers.issued(ALL)[0]
    assert (found.title, found.number, found.by) == ("2026年4月督查通报", "栖督〔2026〕8号", "achen")
    assert papers.issued_paper(ALL, found.id).data == paper.data
    assert papers.issued(Scope(regions=frozenset({"990103"}))) == []
    with pytest.raises(NotFound):
        papers.issued_paper(Scope.nothing(), found.id)
    with pytest.raises(Forbidden):
        papers.issue(LI, "bulletin", about, paper)
    rebuild()
    verify_chain()
    assert papers.issued(ALL)[0].id == found.id


# --- appraisals


def test_the_notice_of_an_appraisal(late: str) -> None:
    judge = person("kaohe", Role.APPRAISER)
    group = ruling.scheme_for("A12").groups[0].key
    groups = {unit(name): group for name in ("发展和改革局", "财政局")}
    wanted = drawing.Wanted(scheme="A12", period="2026-Q2", region=REGION, title="二季度考核", groups=groups)
    key = drawing.draw_up(judge, wanted, ALL, clock=at(130)).subjects[0]
    with pytest.raises(Conflict, match="公示"):
        papers.appraisal_notice(judge, key, ALL)
    deciding.announce(judge, key, at(140)().date().isoformat(), ALL, clock=at(130))
    values, _ = papers.appraisal_values(judge, key, ALL, clock=at(131))
    assert gaps(kind_of("appraisal"), values) == ()
    assert {row["name"] for row in values["places"]} == {"发展和改革局", "财政局"}  # type: ignore[union-attr,index,call-overload]
    paper = papers.appraisal_notice(judge, key, ALL, number="栖考〔2026〕1号", clock=at(131))
    assert check(paper.data) == ()
    said = words(paper)
    assert "2026年二季度考核2个单位" in said
    assert "对结果有异议的，请在2026年7月20日前书面提出" in said
    assert papers.appraisal_book(judge, key, ALL, clock=at(131)).data.startswith(b"PK")
    assert [one.id for one in papers.shown_appraisals(ALL, judge)] == [key]


# --- tables and the draft of the next report


@pytest.fixture
def report() -> str:
    """A breakdown with items made of its tasks."""
    document = breakdown(ONE)
    items.create(ONE, document, [one.fact for one in items.plan(document, ALL)], ALL)
    return document


def test_a_breakdown_says_each_item_with_its_sentence(report: str) -> None:
    values, title = papers.breakdown_values(ONE, report, ALL, clock=at(0))
    rows: Any = values["tasks"]
    assert values["total"] == len(rows) == models.Item.objects.filter(document=report).count() > 0
    assert rows[0]["quote"] in " ".join(models.Item.objects.filter(document=report).order_by("ordinal")[0].text.split())
    paper = papers.breakdown(ONE, report, ALL, clock=at(0))
    assert check(paper.data) == ()
    assert title in words(paper).replace("\n", "")
    assert (values["with_due"], values["open_due"]) == (3, 1)
    sheet = openpyxl.load_workbook(io.BytesIO(papers.breakdown_book(ONE, report, ALL, clock=at(0)).data))["任务"]
    assert sheet.max_row == len(rows) + 2
    with pytest.raises(NotFound):
        papers.breakdown(ONE, report, Scope.nothing(), clock=at(0))


def test_every_number_of_the_draft_has_a_footnote(late: str) -> None:
    models.Item.objects.filter(pk=late).update(year=2026)
    values = papers.review_values(CHEN, 2026, ALL, clock=at(80))
    told: Any = [values["summary"], *(row["text"] for row in values["paragraphs"] if row["text"])]  # type: ignore[union-attr,index,call-overload]
    assert all(unfounded(pieces) == () for pieces in told)
    notes = [piece.note for pieces in told for piece in pieces if piece.note]
    number = models.Matter.objects.get(pk=late).number
    assert any(note.startswith(f"{number}，发展和改革局2026年3月22日报送") for note in notes)
    paper = papers.review(CHEN, 2026, ALL, clock=at(80))
    assert check(paper.data) == ()
    found = parts_of(paper.data, "x")["word/footnotes.xml"].decode()
    assert all(note in found for note in notes)
    assert papers.years(ALL) == [2026]
    with pytest.raises(NotFound):
        papers.review(CHEN, 2019, ALL)


# --- templates


def test_an_own_template_is_kept_used_and_put_away(late: str) -> None:
    own = written([b.Title("催办单"), b.Text("{{收文单位}}：请办{{事项}}（{{事项编号}}）。{{成文日期}}")], "plain")
    papers.keep(CLERK, "chase", "我们的催办.docx", own)
    assert papers.own_templates()["chase"].name == "我们的催办.docx"
    assert "请办新建幼儿园 3 所" in words(papers.paper_of(CHEN, late, Wanted("chase"), ALL, clock=at(70)))
    assert papers.download(CLERK, "chase").data == own
    assert papers.download(CLERK, "chase", shipped=True).data == default_template("chase")
    rebuild()
    assert papers.own_templates()["chase"].name == "我们的催办.docx"
    papers.reset(CLERK, "chase")
    assert papers.own_templates() == {}
    assert "请抓紧办理" in words(papers.paper_of(CHEN, late, Wanted("chase"), ALL, clock=at(70)))


def test_a_template_that_cannot_be_filled_is_not_kept() -> None:
    wrong = written([b.Text("{{收文单位}}{{事项}}{{事项编号}}{{成文日期}}{{电话}}")], "plain")
    with pytest.raises(BadTemplate, match="电话"):
        papers.keep(CLERK, "chase", "x.docx", wrong)
    assert [one.name for one in papers.look("chase", wrong).problems] == ["电话"]
    with pytest.raises(Forbidden):
        papers.keep(LI, "chase", "x.docx", wrong)
    with pytest.raises(WrongValue, match="太大"):
        papers.keep(CLERK, "chase", "x.docx", bytes(6_000_000))
    assert papers.own_templates() == {}


def test_days_of_periods() -> None:
    months, quarters = papers.periods(datetime(2025, 11, 3, tzinfo=UTC).date(), datetime(2026, 2, 3, tzinfo=UTC).date())
    assert [one.key for one in months] == ["2026-02", "2026-01", "2025-12", "2025-11"]
    assert [one.key for one in quarters] == ["2026-Q1", "2025-Q4"]
    today = datetime(2027, 1, 1, tzinfo=UTC).date()
    assert papers.period_of("2026-Q4", today).last.isoformat() == "2026-12-31"
    # the last day of the month or quarter after it, however long those are
    ends = {"2026-01": "2026-02-28", "2026-12": "2027-01-31", "2026-Q1": "2026-06-30", "2026-Q3": "2026-12-31", "2026-Q4": "2027-03-31"}
    assert {key: papers.period_of(key, today).next_last.isoformat() for key in ends} == ends
    for key in ("0000-01", "0000-Q1", "1969-12", "9999-12", "9999-Q4", "2200-01"):
        with pytest.raises(WrongValue):
            papers.period_of(key, today)


def test_what_falls_due_in_the_period_after_stands_once_by_its_first_date() -> None:
    laid("发展和改革局", "财政局", "住建局")
    handling(made())
    do(WANG, handling(made("改造排涝站 2 座")), "report", 20, progress=80, text="选址已定")
    for period, days in {"2026-03": ["4月25日", "4月25日"], "2026-Q1": ["4月25日", "4月25日"]}.items():
        values, _ = papers.bulletin_values(CHEN, Asked(period), ALL, clock=at(40), drawn=False)
        assert [one["day"] for one in values["dues"]] == [f"2026年{day}" for day in days], period  # type: ignore[union-attr,index,call-overload]


def race(key: str, region: str) -> None:
    about = {"scheme": {"zh": f"{key}部赛马"}}
    Appraisal.objects.create(id=key, kind="M05", period="2026-Q2", region_code=region, state="announced", about=json.dumps(about))


def test_the_race_is_that_of_the_region_itself(late: str) -> None:
    race("南", f"{REGION}001")
    assert papers.race_of(CHEN, "2026-Q2", REGION, ALL) == ((), "")
    assert papers.race_of(CHEN, "2026-Q2", "", ALL)[1] == "南部赛马"
    race("北", REGION)
    assert papers.race_of(CHEN, "2026-Q2", REGION, ALL)[1] == "北部赛马"
    # which of two is meant nobody can tell
    assert papers.race_of(CHEN, "2026-Q2", "", ALL) == ((), "")
