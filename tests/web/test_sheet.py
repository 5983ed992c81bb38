"""The ledger as a sheet on the web: out, a look, in, and the answered file; by role and by unit."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from luoshi.desk import matters
from luoshi.desk.actor import Actor, Role
from luoshi.desk.matters import Form, Try
from luoshi.ledger import models
from luoshi.ledger.entry import Draft
from luoshi.ledger.organisations import organisation_id
from luoshi.ledger.scope import Scope
from luoshi.ledger.store import append
from tests.web.looking import assert_accessible, assert_fits, screenshot

REGION = "990102"
UNIT, OTHER = organisation_id(REGION, "发展和改革局"), organisation_id(REGION, "财政局")
CHEN = Actor("achen", "chen", "chen", (Role.SUPERVISOR,), "", REGION)
LI = Actor("ali", "li", "li", (Role.LEADER,), "", REGION)
WANG = Actor("awang", "wang", "wang", (Role.LIAISON,), UNIT, REGION)
VALUE = "本期进度（%）或数量"


def lay() -> list[str]:
    """Two matters in hand of one unit, with a target in numbers the second."""
    for key, name in ((UNIT, "发展和改革局"), (OTHER, "财政局")):
        append("asys", [Draft("organisation.add", key, {"region_code": REGION, "name": name, "kind": "body", "plates": []})])
    found = []
    for title, more in (("新建幼儿园 3 所", {}), ("改造老旧小区 28 个", {"target": 28, "target_unit": "个"})):
        form = Form(title, region_code=REGION, fields={"due": "2099-06-30", **more}, units={"lead": [UNIT]})
        item = matters.file_form(CHEN, "M01", form, Scope.whole()).subjects[0]
        for who, act in ((LI, "approve"), (CHEN, "assign"), (WANG, "sign")):
            matters.act(who, item, Try(act), Scope.whole())
        found.append(item)
    return found


@pytest.fixture
def liaison(client_as: Any) -> Any:
    return client_as("liaison", unit=UNIT, region=REGION, username="wang")


def filled(data: bytes, **cells: Any) -> bytes:
    """The workbook with these cells, by ``r<row>``, in the column of progress."""
    book = openpyxl.load_workbook(BytesIO(data))
    sheet = book["台账"]
    column = next(cell.column for cell in sheet[1] if cell.value == VALUE)
    for key, value in cells.items():
        sheet.cell(int(key[1:]), column).value = value
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def send(client: Any, data: bytes, name: str = "台账.xlsx") -> Any:
    return client.post("/matters/sheet/look", {"file": SimpleUploadedFile(name, data)})


def token_of(response: Any) -> str:
    text = response.content.decode()
    begin = text.index('name="token" value="') + len('name="token" value="')
    return str(text[begin : begin + 32])


def test_out_look_in_and_back(liaison: Any) -> None:
    first, second = lay()
    page = liaison.get("/matters/sheet").content.decode()
    assert "发展和改革局" in page
    assert "取出 2 件" in page
    out = liaison.get("/matters/sheet/out.xlsx")
    assert out["Content-Type"].endswith("spreadsheetml.sheet")
    looked = send(liaison, filled(out.content, r2="40%", r3="很多"))
    assert looked.status_code == 200
    assert "“很多”不是数" in looked.content.decode()
    assert models.Matter.objects.get(pk=first).progress is None
    token = token_of(looked)
    done = liaison.post("/matters/sheet/apply", {"token": token})
    assert done.status_code == 200
    assert models.Matter.objects.get(pk=first).progress == 40.0
    count = models.Entry.objects.count()
    liaison.post("/matters/sheet/apply", {"token": token})
    assert models.Entry.objects.count() == count
    back = openpyxl.load_workbook(BytesIO(liaison.get(f"/matters/sheet/{token}/answered.xlsx").content))["台账"]
    told = next(cell.column for cell in back[1] if cell.value == "结果")
    assert str(back.cell(3, told).value).startswith("被退回")
    assert models.Matter.objects.get(pk=second).progress is None


def test_what_was_brought_in_is_its_owners_alone(liaison: Any, client_as: Any) -> None:
    lay()
    token = token_of(send(liaison, filled(liaison.get("/matters/sheet/out.xlsx").content, r2="40%")))
    other = client_as("liaison", unit=UNIT, region=REGION, username="sun")
    assert other.get(f"/matters/sheet/{token}/answered.xlsx").status_code == 404
    assert other.post("/matters/sheet/apply", {"token": token}).status_code == 404
    assert liaison.get("/matters/sheet/..%2f..%2fx/answered.xlsx").status_code == 404


def test_another_unit_has_another_ledger(client_as: Any) -> None:
    lay()
    client = client_as("liaison", unit=OTHER, region=REGION, username="zhao")
    assert "没有可以取出的在办事项" in client.get("/matters/sheet").content.decode()
    assert client.get("/matters/sheet/out.xlsx").status_code == 400


def test_the_office_takes_out_what_the_filters_leave(client_as: Any) -> None:
    lay()
    client = client_as("supervisor")
    for query, count in (("", 2), ("?q=幼儿园", 1), ("?mechanism=M01&light=green", 2), ("?mechanism=M08", 0), ("?year=1999", 0)):
        page = client.get(f"/matters/sheet{query}").content.decode()
        assert (f"取出 {count} 件" in page) == bool(count), query
    book = openpyxl.load_workbook(BytesIO(client.get("/matters/sheet/out.xlsx?q=幼儿园").content))
    assert book["台账"].max_row == 2
    assert "催办内容" in [cell.value for cell in book["台账"][1]]


def test_no_file_or_a_wrong_one(liaison: Any) -> None:
    lay()
    assert liaison.post("/matters/sheet/look", {}).status_code == 400
    answer = send(liaison, b"nothing", "a.xls")
    assert answer.status_code == 400
    assert "另存为 .xlsx" in answer.content.decode()


def test_files_are_kept_for_a_day_and_few_of_each(tmp_path: Path) -> None:
    import os

    from luoshi.desk.done import NotFound
    from luoshi.web.pages.sheet.keeping import keep, kept

    old = keep(tmp_path, "aone", b"old")
    os.utime(next(tmp_path.glob(f"*-{old}.xlsx")), (1, 1))
    tokens = [keep(tmp_path, "atwo", str(at).encode()) for at in range(7)]
    assert kept(tmp_path, "atwo", tokens[-1]) == b"6"
    assert len(list(tmp_path.iterdir())) == 5
    for owner, token in (("aone", old), ("aone", tokens[-1]), ("atwo", "../x"), ("atwo", "")):
        with pytest.raises(NotFound):
            kept(tmp_path, owner, token)


@pytest.mark.parametrize("phone", [False, True])
def test_in_a_browser(browse: Any, make_account: Any, tmp_path: Path, phone: bool) -> None:
    first, _ = lay()
    account = make_account("liaison", unit=UNIT, region=REGION, username="wang")
    page = browse("liaison", "/matters/sheet", account=account, phone=phone)
    assert_accessible(page)
    assert_fits(page)
    screenshot(page, f"sheet-{'phone' if phone else 'wide'}")
    with page.expect_download() as got:
        page.get_by_role("link", name="取出 2 件").click()
    file = tmp_path / "台账.xlsx"
    file.write_bytes(filled(Path(got.value.path()).read_bytes(), r2="40%", r3="很多"))
    page.set_input_files("#file", str(file))
    page.get_by_role("button", name="看看会改动什么").click()
    page.get_by_role("heading", name="将要改动的内容", level=1).wait_for()
    assert_accessible(page)
    assert_fits(page)
    screenshot(page, f"sheet-look-{'phone' if phone else 'wide'}")
    page.get_by_role("button", name="确认，采纳 1 行").click()
    page.get_by_role("heading", name="填报结果", level=1).wait_for()
    assert_fits(page)
    with page.expect_download() as got:
        page.get_by_role("link", name="取回带结果的文件").click()
    assert openpyxl.load_workbook(BytesIO(Path(got.value.path()).read_bytes()))["台账"].max_row == 3
    assert models.Matter.objects.get(pk=first).progress == 40.0
