"""The pages of papers: a bulletin looked at before it goes out, files of every kind, the check of a docx, templates that are administered."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from luoshi.desk import matters, papers
from luoshi.desk.actor import Role
from luoshi.desk.matters import Form
from luoshi.ledger import models
from luoshi.publish.papers import blocks as b
from luoshi.publish.papers import check, default_template
from luoshi.publish.papers.packing import parts_of
from luoshi.publish.papers.write import written
from tests.web.living import ALL, REGION, District, account, person, unit
from tests.web.looking import assert_accessible, assert_fits, screenshot
from tests.web.test_desk import client_of, text

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def district(db: None) -> District:
    found = District()
    found.handling("新建幼儿园 3 所", due=-3, ago=70)
    found.handling("修缮老旧管网", due=60, ago=40)
    matters.tick()
    return found


def saved(client: Client, path: str) -> bytes:
    answer = client.get(path)
    assert answer.status_code == 200, answer.content[:300]
    assert "attachment" in answer["Content-Disposition"]
    return bytes(answer.content)


def words(data: bytes) -> str:
    file = docx.Document(io.BytesIO(data))
    return "\n".join(
        [*(one.text for one in file.paragraphs), *(cell.text for table in file.tables for row in table.rows for cell in row.cells)]
    )


def this_month() -> str:
    return f"{datetime.now(UTC):%Y-%m}"


def test_the_page_shows_the_bulletin_before_it_goes_out(district: District) -> None:
    page = text(client_of("ducha").get(f"/papers?period={this_month()}"))
    assert "合计已重算，全部对得上。" in page
    assert "发展和改革局" in page
    assert "各单位亮灯" in page
    paper = saved(client_of("ducha"), f"/papers/bulletin.docx?period={this_month()}&number=栖督〔2026〕7号")
    assert check(paper) == ()
    assert "栖督〔2026〕7号" in words(paper)
    assert "督办事项共2件" in words(paper)
    assert saved(client_of("ducha"), f"/papers/bulletin.xlsx?period={this_month()}").startswith(b"PK")
    for period in ("2026-99", "0000-01", "0000-Q1", "9999-12"):
        assert "不是月份或季度" in text(client_of("ducha").get(f"/papers?period={period}"), 400)
        assert client_of("ducha").get(f"/papers/bulletin.docx?period={period}").status_code == 400
    assert "不是发文字号" in text(client_of("ducha").get(f"/papers/bulletin.docx?period={this_month()}&number=7号"), 400)


def test_an_office_of_several_regions_chooses_one(district: District) -> None:
    client = client_of("ducha")
    assert 'name="region"><option' not in text(client.get("/papers")), "of one region nothing is to be chosen"
    form = Form(
        "疏浚下游河道", text="疏浚下游河道", region_code="330102", units={"lead": [unit("发展和改革局")]}, fields={"due": "2026-12-20"}
    )
    matters.file_form(district.clerk, "M01", form, ALL)
    models.Account.objects.filter(username="ducha").update(region="")
    client = client_of("ducha")
    page = text(client.get(f"/papers?period={this_month()}"))
    assert 'name="region"><option' in page
    one = f"/papers/bulletin.docx?period={this_month()}&region="
    assert "督办事项共3件" in words(saved(client, one))
    assert "督办事项共2件" in words(saved(client, one + REGION))
    assert "督办事项共1件" in words(saved(client, one + "330102"))
    assert client.get(one + "110101").status_code == 404
    client.post("/papers/issue", {"period": this_month(), "region": "330102"})
    assert papers.issued(ALL)[0].region == "330102"
    assert client_of("fagai").get(one + "330102").status_code == 403


def test_who_may_not_gets_no_papers(district: District) -> None:
    for path in ("/papers", f"/papers/bulletin.docx?period={this_month()}", "/papers/brief.docx", "/papers/review.docx?year=2026"):
        assert client_of("fagai").get(path).status_code == 403
    assert client_of("ducha").get("/admin/papers").status_code == 200
    assert client_of("lingdao").get("/admin/papers").status_code == 403
    assert client_of("lingdao").post("/papers/issue", {"period": this_month()}).status_code == 403


def test_issued_papers_are_kept(district: District) -> None:
    client = client_of("ducha")
    client.post("/papers/issue", {"period": this_month(), "number": "栖督〔2026〕7号", "text": "请对照整改。"})
    found = papers.issued(ALL)[0]
    page = text(client.get("/papers"))
    assert found.title in page
    assert "请对照整改。" in words(saved(client, f"/papers/issued/{found.id}.docx"))
    assert client.get("/papers/issued/none.docx").status_code == 404


def test_a_matter_gives_its_papers(district: District) -> None:
    item = models.Matter.objects.order_by("number").first()
    assert item is not None
    page = text(client_of("ducha").get(f"/item/{item.id}"))
    assert f"/papers/matter/{item.id}/chase.docx" in page
    rungs = models.Entry.objects.filter(subject=item.id, data__contains='"paper":"chase"').order_by("seq")
    seq = rungs[0].seq
    assert f"/papers/matter/{item.id}/entry/{seq}.docx" in page
    assert "催办通知" in words(saved(client_of("fagai"), f"/papers/matter/{item.id}/entry/{seq}.docx"))
    assert client_of("caizheng").get(f"/papers/matter/{item.id}/entry/{seq}.docx").status_code == 404
    assert client_of("ducha").get(f"/papers/matter/{item.id}/closing.docx").status_code == 404
    chase = text(client_of("ducha").post("/board/chase", {"id": [item.id]}))
    assert f"/papers/matter/{item.id}/chase.docx" in chase


def test_a_unit_gets_its_papers_and_writes_none_in_the_offices_name(district: District) -> None:
    item = models.Matter.objects.order_by("number").first()
    assert item is not None
    for kind in ("notice", "circular", "talk", "chase"):
        assert client_of("fagai").get(f"/papers/matter/{item.id}/{kind}.docx").status_code == 403
    page = text(client_of("fagai").get(f"/item/{item.id}"))
    assert f"/papers/matter/{item.id}/circular.docx" not in page
    seq = models.Entry.objects.filter(subject=item.id, data__contains='"paper":"chase"').order_by("seq")[0].seq
    path = f"/papers/matter/{item.id}/entry/{seq}.docx?number=栖督〔2026〕99号"
    assert "99号" not in words(saved(client_of("fagai"), path))
    assert "99号" in words(saved(client_of("ducha"), path))


def test_a_leaders_page_and_the_draft_of_the_next_report(district: District) -> None:
    assert "在办2件" in words(saved(client_of("lingdao"), "/papers/brief.docx?all=1"))
    models.Item.objects.update(year=2026)
    assert "2026年工作回顾" in words(saved(client_of("ducha"), "/papers/review.docx?year=2026"))
    assert client_of("ducha").get("/papers/review.docx?year=x").status_code == 400
    assert client_of("ducha").get("/papers/breakdown.docx?document=none").status_code == 404


def test_a_complaint_is_no_way_to_a_name(district: District) -> None:
    fields = {"channel": "phone", "category": "city", "subcategory": "路灯", "caller": "陆远山", "phone": "13900001207"}
    form = Form("陆远山反映路灯不亮", text="我叫陆远山", region_code=REGION, fields=fields, units={"lead": [unit("发展和改革局")]})
    item = matters.file_form(district.clerk, "M08", form, ALL).subjects[0]
    assert "陆远山" not in words(saved(client_of("ducha"), f"/papers/matter/{item}/notice.docx"))
    for path in (f"/papers/bulletin.docx?period={this_month()}", "/papers/brief.docx"):
        assert "陆远山" not in words(saved(client_of("ducha"), path))
    assert "陆远山" not in text(client_of("ducha").get(f"/papers?period={this_month()}"))


# --- the check


def upload(data: bytes, name: str = "文稿.docx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, DOCX)


def test_a_docx_is_checked(district: District) -> None:
    client = client_of("ducha")
    good = saved(client, f"/papers/bulletin.docx?period={this_month()}")
    assert "版式符合，合计对得上。" in text(client.post("/papers/check", {"file": upload(good)}))
    file = docx.Document(io.BytesIO(good))
    file.sections[0].top_margin = 914400
    file.tables[0].rows[1].cells[2].paragraphs[0].runs[0].text = "9"
    wrong = io.BytesIO()
    file.save(wrong)
    page = text(client.post("/papers/check", {"file": upload(wrong.getvalue())}))
    assert "上边距 25.4 mm" in page
    assert "件数" in page
    assert "各项相加是 9" in page or "各项相加是 10" in page
    assert client.post("/papers/check", {"file": upload(b"x")}).status_code == 400
    assert client.post("/papers/check", {}).status_code == 400


# --- templates


def test_templates_are_administered(district: District) -> None:
    person("xitong", Role.SYSTEM_ADMIN, name="石砚生")
    client = client_of("xitong")
    assert "催办通知" in text(client.get("/admin/papers"))
    assert "{{收文单位}}" in text(client.get("/admin/papers/chase"))
    assert "{{红灯.原因}}" in text(client.get("/admin/papers/bulletin"))
    assert saved(client, "/admin/papers/chase/template.docx") == default_template("chase")
    wrong = written([b.Title("催办"), b.Text("{{收文单位}}{{事项}}{{事项编号}}{{成文日期}}{{电话}}")], "plain")
    refused = text(client.post("/admin/papers/chase/keep", {"file": upload(wrong)}), 400)
    assert "没有“电话”这一项" in refused
    assert papers.own_templates() == {}
    own = written([b.Title("催办"), b.Text("{{收文单位}}：请办{{事项}}（{{事项编号}}），{{成文日期}}")], "plain")
    assert client.post("/admin/papers/chase/keep", {"file": upload(own, "我们的.docx")}).status_code == 302
    assert "我们的.docx" in text(client.get("/admin/papers/chase"))
    item = models.Matter.objects.order_by("number")[0].id
    assert "请办新建幼儿园 3 所" in words(saved(client_of("ducha"), f"/papers/matter/{item}/chase.docx"))
    client.post("/admin/papers/chase/reset")
    assert papers.own_templates() == {}
    assert client.get("/admin/papers/nothing").status_code == 400


def test_a_picture_goes_along(district: District) -> None:
    parts = parts_of(saved(client_of("ducha"), f"/papers/bulletin.docx?period={this_month()}"), "x")
    assert any(name.endswith(".png") for name in parts)


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_papers_in_a_browser(browse: Callable[..., Any], site: str, phone: bool) -> None:
    found = District()
    found.handling("新建幼儿园 3 所", due=-3, ago=70)
    matters.tick()
    person("xitong", Role.SYSTEM_ADMIN, name="石砚生")
    size = "phone" if phone else "wide"
    page = browse("supervisor", f"/papers?period={this_month()}", phone=phone, account=account("ducha"))
    assert_accessible(page)
    assert_fits(page)
    screenshot(page, f"papers-{size}")
    with page.expect_download() as taken:
        page.get_by_role("button", name="下载 docx").first.click()
    assert taken.value.suggested_filename.endswith(".docx")
    page = browse("system_admin", "/admin/papers/bulletin", phone=phone, account=account("xitong"))
    assert_accessible(page)
    assert_fits(page)
    screenshot(page, f"admin-papers-{size}")
