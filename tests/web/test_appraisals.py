"""The pages of appraisals: the list, drawing up, the table, a sheet down to the sentence, objections, what if, files; and the schemes."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from openpyxl import load_workbook

from luoshi.appraise.rules import scheme_text, schemes
from luoshi.desk import matters
from luoshi.desk.actor import Role
from luoshi.desk.appraisal.bringing import bring
from luoshi.desk.appraisal.deciding import Objecting, announce, object_to
from luoshi.desk.appraisal.drawing import Wanted, draw_up
from luoshi.ledger import models
from luoshi.ledger.appraised import Appraisal, Objection, Score
from luoshi.web.words import say
from tests.desk.test_appraisal import Quarter, _firms, _on
from tests.web.living import ALL, REGION, account, person, unit
from tests.web.looking import assert_accessible, assert_fits, assert_small
from tests.web.test_desk import client_of, text

_NEXT = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()


@pytest.fixture
def quarter(db: None) -> Quarter:
    return Quarter()


def _announced(quarter: Quarter) -> str:
    key = quarter.drawn()
    announce(quarter.appraiser, key, _NEXT, ALL)
    return key


def test_drawn_up_on_the_page_and_told_in_groups(quarter: Quarter) -> None:
    client = client_of("kaohe")
    page = text(client.get("/appraisals/new", {"scheme": "A12", "period": "2026-Q1"}))
    assert "发展和改革局" in page
    sent = {"scheme": "A12", "period": "2026-Q1", f"group_{unit('发展和改革局')}": "economy", f"group_{unit('财政局')}": "economy"}
    answer = client.post("/appraisals/new", sent, follow=True)
    page = text(answer)
    assert "2026年一季度" in page
    assert "经济部门" in page
    assert "得分单" in page
    assert Appraisal.objects.get().state == "drawn"
    assert Score.objects.filter(unit=unit("财政局")).exists()


def test_a_sheet_leads_to_the_matter_and_its_sentence(quarter: Quarter) -> None:
    key = _announced(quarter)
    page = text(client_of("caizheng").get(f"/appraisals/{key}/{unit('财政局')}"))
    assert "改造竹里市场，二月底前完成。" in page
    assert quarter.matters[1] in page, "it leads to the matter"
    assert "÷" in page
    assert "实际÷目标×基础分" in page
    assert client_of("caizheng").get(f"/appraisals/{key}/{unit('发展和改革局')}").status_code == 404


def test_an_objection_on_the_page_is_decided_by_another(quarter: Quarter) -> None:
    key = _announced(quarter)
    client_of("caizheng").post(f"/appraisals/{key}/{unit('财政局')}/object", {"line": "met", "text": "延期已批准"})
    objection = Objection.objects.get()
    own = text(client_of("kaohe").get(f"/appraisals/{key}"))
    assert "回避" in own
    refused = client_of("kaohe").post(f"/appraisals/{key}/objections/{objection.id}", {"state": "rejected", "words": "不改"})
    assert refused.status_code == 403
    client_of("kaohe2").post(
        f"/appraisals/{key}/objections/{objection.id}", {"state": "upheld", "words": "属实", "input": "late", "value": "0"}
    )
    objection.refresh_from_db()
    assert objection.state == "upheld"
    page = text(client_of("caizheng").get(f"/appraisals/{key}/{unit('财政局')}"))
    assert "已更正" in page or "更正" in page
    assert "属实" in page


def test_units_are_told_and_whoever_may_decide_too(quarter: Quarter) -> None:
    key = quarter.drawn()
    client_of("kaohe").post(f"/appraisals/{key}/announce", {"until": _NEXT})
    own = text(client_of("caizheng").get("/notices"))
    assert "2026年一季度考核已公示" in own
    assert Score.objects.get(appraisal=key, subject=unit("财政局")).points in own
    client_of("caizheng").post(f"/appraisals/{key}/{unit('财政局')}/object", {"line": "", "text": "请复核"})
    assert "异议待处理" in text(client_of("kaohe2").get("/notices"))
    assert "异议待处理" not in text(client_of("kaohe").get("/notices")), "who scored decides nothing"
    objection = Objection.objects.get()
    client_of("kaohe2").post(f"/appraisals/{key}/objections/{objection.id}", {"state": "rejected", "words": "核对无误"})
    assert "核对无误" in text(client_of("caizheng").get("/notices"))


def test_proof_comes_along_and_only_those_concerned_open_it(quarter: Quarter) -> None:
    key = _announced(quarter)
    file = io.BytesIO("批准延期的通知".encode())
    file.name = "批复.txt"
    client_of("caizheng").post(f"/appraisals/{key}/{unit('财政局')}/object", {"line": "met", "text": "延期已批准", "files": file})
    address = f"/appraisals/{key}/objections/{Objection.objects.get().id}/0"
    for who in ("kaohe2", "caizheng"):
        answer = client_of(who).get(address)
        assert b"".join(answer.streaming_content).decode() == "批准延期的通知"
        assert "attachment" in answer["Content-Disposition"]
    assert client_of("fagai").get(address).status_code == 404
    assert client_of("kaohe2").get(address[:-1] + "1").status_code == 404


def test_a_liaison_sees_nothing_before_it_is_announced(quarter: Quarter) -> None:
    key = quarter.drawn()
    client = client_of("caizheng")
    assert client.get(f"/appraisals/{key}").status_code == 404
    assert key not in text(client.get("/appraisals"))
    assert client.get("/appraisals/new").status_code == 403
    assert client.get(f"/appraisals/{key}/sample.xlsx").status_code == 403


def test_what_if_side_by_side(quarter: Quarter) -> None:
    key = quarter.drawn()
    page = text(client_of("kaohe").get(f"/appraisals/{key}/what-if", {"under": "A11"}))
    assert "千分制" in page
    assert "按期办结" in page
    assert client_of("caizheng").get(f"/appraisals/{key}/what-if").status_code == 404


def test_the_workbook_explains_every_point(quarter: Quarter) -> None:
    key = _announced(quarter)
    book = load_workbook(io.BytesIO(client_of("kaohe").get(f"/appraisals/{key}/table.xlsx").content))
    table, explained, entries = (book[name] for name in book.sheetnames)
    shown = {row[0]: row[3] for row in table.iter_rows(min_row=5, values_only=True)}
    recorded = {row.name: float(row.points) for row in Score.objects.filter(appraisal=key)}
    assert shown == recorded
    lines = list(explained.iter_rows(min_row=2, values_only=True))
    assert any("÷" in str(row[4]) for row in lines)
    assert any("改造竹里市场，二月底前完成。" in str(row) for row in entries.iter_rows(values_only=True))
    own = load_workbook(io.BytesIO(client_of("caizheng").get(f"/appraisals/{key}/table.xlsx").content))
    names = {row[0] for row in own[own.sheetnames[1]].iter_rows(min_row=2, values_only=True)}
    assert names == {"财政局"}, "the explanation of other units is theirs"


def test_whoever_complained_stays_veiled_on_the_sheet_and_in_the_workbook(quarter: Quarter) -> None:
    said = "住翠湖路8号2栋301室，电话13900001207"
    form = matters.Form(
        "魏松年反映楼下噪音",
        text=f"魏松年，{said}",
        region_code=REGION,
        fields={"channel": "phone", "caller": "魏松年", "phone": "13900001207"},
    )
    seen = {"demand": "complaint", "urgency": "normal", "location": "柳溪街道", "category": "city", "subcategory": "路灯"}
    item = matters.file_form(quarter.who.clerk, "M08", form, ALL, clock=_on("2026-01-10")).subjects[0]
    quarter.act(quarter.who.clerk, item, "accept", "2026-01-10", 11, checks=["place", "course"], fields=seen)
    quarter.act(quarter.who.clerk, item, "dispatch", "2026-01-10", 12, units={"lead": [unit("财政局")]})
    key = _announced(quarter)
    for who in ("kaohe", "caizheng"):
        client = client_of(who)
        page = text(client.get(f"/appraisals/{key}/{unit('财政局')}"))
        book = load_workbook(io.BytesIO(client.get(f"/appraisals/{key}/table.xlsx").content))
        cells = "\n".join(str(cell) for sheet in book.worksheets for row in sheet.iter_rows(values_only=True) for cell in row if cell)
        for shown in (page, cells):
            assert "楼下噪音" in shown
            assert "13900001207" not in shown
            assert "魏松年" not in shown


def test_the_workbook_names_only_matters_that_are_seen(quarter: Quarter) -> None:
    key = _announced(quarter)
    models.Duty.objects.filter(item=quarter.matters[1]).update(live=False)
    own = load_workbook(io.BytesIO(client_of("caizheng").get(f"/appraisals/{key}/table.xlsx").content))
    cells = "\n".join(str(cell) for row in own.worksheets[2].iter_rows(values_only=True) for cell in row if cell)
    assert "改造竹里市场" not in cells
    assert say("appraisals.unseen") in cells


def test_an_objection_is_decided_under_its_own_appraisal_and_no_value_is_too_great(quarter: Quarter) -> None:
    key = _announced(quarter)
    object_to(quarter.who.zhao, key, Objecting(unit("财政局"), "met", "延期已批准"), ALL)
    objection, client = Objection.objects.get(), client_of("kaohe2")
    assert client.post(f"/appraisals/nope/objections/{objection.id}", {"state": "rejected", "words": "不改"}).status_code == 404
    sent = {"state": "upheld", "words": "属实", "input": "late", "value": "1E+40"}
    assert client.post(f"/appraisals/{key}/objections/{objection.id}", sent).status_code == 400
    objection.refresh_from_db()
    assert objection.state == "open"


def test_enterprises_in_by_a_workbook_that_was_filled_in(quarter: Quarter) -> None:
    key = draw_up(quarter.appraiser, Wanted("A17", "2025", REGION), ALL, clock=_on("2026-05-06")).subjects[0]
    client = client_of("kaohe")
    book = load_workbook(io.BytesIO(client.get(f"/appraisals/{key}/sample.xlsx").content))
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    values = {
        "企业名称": "青石轴承有限公司",
        "统一社会信用代码": "91990102MA0000001X",
        "评价税收（万元）": 200,
        "销售收入（万元）": 4000,
        "用地面积（亩）": 10,
        "综合能耗（吨标准煤）": 400,
    }
    for at, head in enumerate(heads, 1):
        if head in values:
            sheet.cell(2, at, values[head])
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    out.name = "亩均.xlsx"
    page = text(client.post(f"/appraisals/{key}/bring", {"file": out}, follow=True))
    assert "青石轴承有限公司" in page
    assert "100.00" in page
    score = Score.objects.get(appraisal=key)
    assert (score.points, score.grade) == ("100.00", "D"), "one of one is behind the first fifth"


def test_the_schemes_are_told_with_their_sources(quarter: Quarter) -> None:
    client = client_of("kaohe")
    page = text(client.get("/schemes"))
    assert all(one.title.zh in page for one in schemes())
    for one in schemes():
        page = text(client.get(f"/schemes/{one.id}"))
        assert one.lines[0].rule.split("÷")[0][:8] in page
        assert one.sources[0].title[:10] in page


def test_a_scheme_of_ones_own_is_checked_and_taken(quarter: Quarter) -> None:
    client = client_of("kaohe")
    bad = (
        scheme_text("A12")
        .replace("version: 1", "version: 2")
        .replace("title: {zh: 退回重办, en: sent back}", "title: {zh: 信息采用篇数, en: articles}")
    )
    page = text(client.post("/schemes/keep", {"text": bad, "do": "check"}))
    assert "不能使用" in page
    assert "信息采用篇数" in page
    assert client.post("/schemes/keep", {"text": bad, "do": "keep"}).status_code == 400
    good = scheme_text("A12").replace("version: 1", "version: 2")
    assert "没有发现" in text(client.post("/schemes/keep", {"text": good, "do": "check"}))
    client.post("/schemes/keep", {"text": good, "do": "keep"})
    assert "本单位自定" in text(client.get("/schemes"))
    assert client_of("caizheng").get("/schemes/keep").status_code == 403


@pytest.mark.parametrize("query", [{"scheme": "A99"}, {"scheme": "A12", "period": "soon"}, {"scheme": "A12", "period": "2026-03"}])
def test_a_strange_address_is_told(quarter: Quarter, query: dict[str, str]) -> None:
    assert client_of("kaohe").get("/appraisals/new", query).status_code in {200, 400}


@pytest.mark.browser
@pytest.mark.parametrize("phone", [False, True])
def test_looks_and_reads_well(site: str, browse: Callable[..., Any], phone: bool) -> None:
    quarter = Quarter()
    key = _announced(quarter)
    object_to(quarter.who.zhao, key, Objecting(unit("财政局"), "met", "延期已批准，漏记了"), ALL)
    land = draw_up(quarter.appraiser, Wanted("A17", "2025", REGION), ALL, clock=_on("2026-05-06")).subjects[0]
    bring(quarter.appraiser, land, _firms(), "亩均.csv", ALL, clock=_on("2026-05-06"))
    person("kaohe", Role.APPRAISER)
    paths = [
        "/appraisals",
        f"/appraisals/{key}",
        f"/appraisals/{key}/{unit('财政局')}",
        f"/appraisals/{key}/what-if?under=A11",
        f"/appraisals/{land}",
        "/appraisals/new?scheme=A12&period=2026-Q1",
        "/schemes",
        "/schemes/A12",
        "/schemes/keep",
    ]
    for path in paths:
        page = browse("appraiser", path, account=account("kaohe"), phone=phone)
        assert_accessible(page)
        assert_fits(page)
        if not phone:
            assert_small(page, page.url)
