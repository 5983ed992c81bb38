"""The ledger as a workbook: out, filled in, and in again. Only what was changed becomes acts; who was first is not overwritten; reasons are told."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luoshi.desk.actor import Actor
from luoshi.desk.matters import Try, sheets
from luoshi.desk.matters.acting import act_rows
from luoshi.desk.matters.sheets import CONFLICT, REFUSED, SAME, TAKEN, Taken
from luoshi.desk.rights import Forbidden
from luoshi.errors import UnreadableFile
from luoshi.ledger import models
from luoshi.ledger.scope import Scope
from luoshi.ledger.store import rebuild, verify_chain
from tests.desk.test_matters import ALL, CHEN, LI, WANG, ZHAO, at, do, handling, laid, made, person, row, unit

pytestmark = pytest.mark.usefixtures("db")

OURS = Scope(units=frozenset({unit("发展和改革局")}))
SOFFICE = shutil.which("soffice")


def out(who: Actor = WANG, scope: Scope = OURS, day: float = 1) -> bytes:
    return sheets.take_out(who, models.Matter.objects.all(), scope, clock=at(day))


class Filled:
    """A workbook being filled in: cells by the heading of the column and the row (from 2)."""

    def __init__(self, data: bytes) -> None:
        self.book = openpyxl.load_workbook(BytesIO(data))
        self.sheet = self.book["台账"]

    def column(self, head: str) -> int:
        return next(cell.column for cell in self.sheet[1] if cell.value == head)

    def set(self, row: int, head: str, value: Any, *, form: str = "") -> Filled:
        cell = self.sheet.cell(row, self.column(head))
        cell.value = value
        if form:
            cell.number_format = form
        return self

    def get(self, row: int, head: str) -> Any:
        return self.sheet.cell(row, self.column(head)).value

    def data(self) -> bytes:
        file = BytesIO()
        self.book.save(file)
        return file.getvalue()


VALUE, TEXT, EXTEND, REASON, SIGN = "本期进度（%）或数量", "一句话进展", "申请延期至", "延期理由", "签收"


def look(data: bytes, who: Actor = WANG, scope: Scope = OURS, day: float = 2) -> Taken:
    return sheets.take(who, data, scope, clock=at(day))


def bring(data: bytes, who: Actor = WANG, scope: Scope = OURS, day: float = 2) -> sheets.Answer:
    return sheets.apply(who, data, scope, clock=at(day))


def kinds(taken: Taken) -> list[str]:
    return [one.kind for one in taken.rows]


@pytest.fixture
def three(db: None) -> list[str]:
    """A matter that is being handled, one with a target in numbers, one to be signed for."""
    laid("发展和改革局", "财政局")
    first, second = handling(made()), handling(made("改造老旧小区 28 个", target=28, target_unit="个"))
    third = made("建设石砚大桥")
    do(LI, third, "approve", 0.4)
    do(CHEN, third, "assign", 0.5)
    return [first, second, third]


def entries() -> int:
    return models.Entry.objects.count()


# --- what goes out


def test_what_may_be_filled_is_open_and_the_rest_is_locked(three: list[str]) -> None:
    filled = Filled(out())
    assert [filled.get(line, "编号") for line in (2, 3, 4)] == [row(item).number for item in three]
    assert filled.sheet.protection.sheet
    assert not filled.sheet.cell(2, filled.column(VALUE)).protection.locked
    assert filled.sheet.cell(2, filled.column(SIGN)).protection.locked
    assert not filled.sheet.cell(4, filled.column(SIGN)).protection.locked
    assert filled.sheet.column_dimensions["A"].hidden
    assert filled.book["取出时的状态"].sheet_state == "hidden"
    assert filled.get(3, "已完成／目标") == "0／28个"


def test_only_what_is_seen_goes_out_and_nothing_that_stays_inside(three: list[str]) -> None:
    from luoshi.desk.done import WrongValue

    with pytest.raises(WrongValue, match="没有可以取出"):
        out(ZHAO, Scope(units=frozenset({unit("财政局")})))
    models.Matter.objects.filter(pk=three[0]).update(internal=True)
    assert {cell.value for cell in Filled(out()).sheet["A"][1:]} == set(three[1:])


def test_a_leader_takes_nothing_out(three: list[str]) -> None:
    with pytest.raises(Forbidden):
        out(LI, ALL)


# --- what comes back


def test_untouched_changes_nothing(three: list[str]) -> None:
    data, before = out(), entries()
    assert kinds(bring(data).taken) == [SAME] * 3
    assert kinds(bring(Filled(data).data()).taken) == [SAME] * 3
    assert entries() == before


def test_only_changed_cells_become_acts(three: list[str]) -> None:
    filled = Filled(out()).set(2, VALUE, 0.4, form="0.0%").set(2, TEXT, "主体完工").set(3, VALUE, 12)
    looked = look(filled.data())
    assert kinds(looked) == [TAKEN, TAKEN, SAME]
    assert row(three[0]).progress is None
    answer = bring(filled.data())
    assert kinds(answer.taken) == [TAKEN, TAKEN, SAME]
    assert (row(three[0]).progress, row(three[1]).progress, row(three[2]).stage) == (40.0, round(12 / 28 * 100, 4), "assigned")
    assert verify_chain()
    before = list(models.Matter.objects.order_by("id").values())
    rebuild()
    assert list(models.Matter.objects.order_by("id").values()) == before


def test_signing_and_reporting_in_one_row(three: list[str]) -> None:
    answer = bring(Filled(out()).set(4, SIGN, "签收").set(4, VALUE, "5%").data())
    assert kinds(answer.taken) == [SAME, SAME, TAKEN]
    assert (row(three[2]).stage, row(three[2]).progress) == ("handling", 5.0)


def test_a_row_is_done_whole_or_not_at_all(three: list[str]) -> None:
    before = list(models.Entry.objects.filter(subject=three[2]).values_list("seq", flat=True))
    seen = row(three[2]).acts
    rows = {
        three[2]: (Try("sign", seen=seen), Try("report", {"progress": 5}, seen=seen + 2)),
        three[0]: (Try("report", {"progress": 30, "text": "主体完工"}), Try("ask-extension", {"date": "2026-08-31", "reason": "雨期长"})),
    }
    done, refused = act_rows(WANG, rows, OURS, clock=at(1))
    assert set(refused) == {three[2]}
    assert "别人已办了别的" in refused[three[2]]
    assert list(models.Entry.objects.filter(subject=three[2]).values_list("seq", flat=True)) == before
    assert (row(three[2]).stage, row(three[0]).stage, row(three[0]).progress) == ("assigned", "extending", 30.0)
    assert set(done.subjects) == {three[0]}
    assert verify_chain()


def test_an_extension_needs_both(three: list[str]) -> None:
    data = out()
    assert "理由" in look(Filled(data).set(2, EXTEND, date(2026, 8, 31)).data()).rows[0].why
    bring(Filled(data).set(2, EXTEND, "2026年8月31日").set(2, REASON, "雨期长").data())
    assert row(three[0]).stage == "extending"


def test_who_was_first_is_not_overwritten(three: list[str]) -> None:
    data = out()
    do(WANG, three[0], "report", 1.5, progress=55, text="已封顶")
    before = entries()
    answer = bring(Filled(data).set(2, VALUE, 40).set(3, VALUE, 3).data())
    assert kinds(answer.taken) == [CONFLICT, TAKEN, SAME]
    assert "您填“40%”，现在是“55%”" in answer.taken.rows[0].why
    assert row(three[0]).progress == 55.0
    assert entries() > before


def test_what_others_did_elsewhere_in_the_matter_is_no_conflict(three: list[str]) -> None:
    data = out()
    do(CHEN, three[0], "chase", 1.5, text="请抓紧")
    assert kinds(bring(Filled(data).set(2, VALUE, 40).data()).taken) == [TAKEN, SAME, SAME]


def test_twice_is_once(three: list[str]) -> None:
    data = Filled(out()).set(2, VALUE, 40).data()
    answer, count = bring(data), entries()
    again = bring(data)
    assert kinds(again.taken) == [CONFLICT, SAME, SAME]
    assert kinds(bring(answer.data).taken) == [SAME] * 3
    assert entries() == count


def test_the_answer_is_the_same_file_with_a_column(three: list[str]) -> None:
    filled = Filled(out()).set(2, VALUE, 40).set(3, VALUE, "很多")
    filled.sheet.cell(1, 30).value = "我的备注"
    filled.sheet.cell(2, 30).value = "勿忘"
    back = Filled(bring(filled.data()).data)
    assert back.get(2, "结果") == "已采纳：4000% 按 40% 读"
    assert back.get(3, "结果").startswith("被退回：本期进度（%）或数量：“很多”不是数")
    assert back.get(4, "结果") == "未改动"
    assert back.get(2, "我的备注") == "勿忘"
    colours = {back.sheet.cell(line, back.column("结果")).fill.fgColor.rgb for line in (2, 3, 4)}
    assert len(colours) == 3
    mended = bring(back.set(3, VALUE, 7).data())
    assert kinds(mended.taken) == [SAME, TAKEN, SAME]
    assert Filled(mended.data).get(3, "结果") == "已采纳"


# --- as people leave files


@pytest.mark.parametrize(
    ("value", "form", "progress"),
    [
        (40, "General", 40),
        (0.4, "0%", 40),
        ("40%", "@", 40),
        ("４０％", "@", 40),
        (0.4, "General", 40),
        (1, "0%", 100),
        (40, "0%", 40),
        ("12.5", "@", 12.5),
        ("=20+20", "General", None),
    ],
)
def test_a_percentage_however_written(three: list[str], value: Any, form: str, progress: float | None) -> None:
    answer = bring(Filled(out()).set(2, VALUE, value, form=form).data())
    assert row(three[0]).progress == progress
    assert answer.taken.rows[0].kind == (REFUSED if progress is None else TAKEN)


@pytest.mark.parametrize("value", [140, -3, "约四成", 1.4])
def test_what_no_percentage_can_be(three: list[str], value: Any) -> None:
    answer = bring(Filled(out()).set(2, VALUE, value, form="0%").data())
    assert answer.taken.rows[0].kind == REFUSED
    assert row(three[0]).progress is None


@pytest.mark.parametrize(
    "value", [date(2026, 8, 31), "2026年8月31日", "2026-8-31", "2026/08/31", "2026.8.31", "２０２６年８月３１日", "20260831", 46265]
)
def test_a_day_however_written(three: list[str], value: Any) -> None:
    filled = Filled(out()).set(2, EXTEND, value, form="yyyy-mm-dd" if isinstance(value, date) else "General").set(2, REASON, "雨期长")
    assert bring(filled.data()).taken.rows[0].kind == TAKEN
    asked = models.Entry.objects.filter(subject=three[0], act="loop.act").order_by("-seq").first()
    assert asked is not None
    assert '"date":"2026-08-31"' in asked.data.replace(" ", "")


@pytest.mark.parametrize("value", ["8月31日", "年底", "2026年2月30日", "2026"])
def test_no_whole_day(three: list[str], value: str) -> None:
    assert "不是完整的日期" in look(Filled(out()).set(2, EXTEND, value).set(2, REASON, "雨期长").data()).rows[0].why


def test_a_formula_counts_by_its_result(three: list[str]) -> None:
    data = with_part(out(), "xl/worksheets/sheet1.xml", lambda text: fill_in(text, "L2", "<f>20+20</f><v>40</v>"))
    answer = bring(data)
    assert answer.taken.rows[0].kind == TAKEN
    assert "公式" in answer.taken.rows[0].changes[0].note


def with_part(data: bytes, name: str, change: Callable[[str], str]) -> bytes:
    """The package with one part changed."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            body = old.read(info)
            new.writestr(info.filename, change(body.decode()).encode() if info.filename == name else body)
    return file.getvalue()


def fill_in(text: str, reference: str, inside: str) -> str:
    """A blank cell of a sheet's XML, filled."""
    at = text.index(f'<c r="{reference}"')
    end = text.index("/>", at)
    return f"{text[:end]}>{inside}</c>{text[end + 2 :]}"


def test_rows_and_columns_may_move(three: list[str]) -> None:
    filled = Filled(out()).set(2, VALUE, 40).set(4, SIGN, "签收")
    sheet = filled.sheet
    sheet.insert_cols(5)
    sheet.cell(1, 5).value = "处室"
    rows = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=2)]
    for line, values in zip(range(2, 5), reversed(rows), strict=True):
        for column, value in enumerate(values, start=1):
            sheet.cell(line, column).value = value
    sheet.insert_rows(1)
    sheet.insert_rows(4)
    assert sorted(kinds(bring(filled.data()).taken)) == sorted([TAKEN, SAME, TAKEN])
    assert (row(three[0]).progress, row(three[2]).stage) == (40.0, "handling")


def test_rows_may_be_left_out_and_none_can_be_added(three: list[str]) -> None:
    filled = Filled(out()).set(4, SIGN, "签收")
    filled.sheet.delete_rows(2)
    filled.set(5, "事项", "新的事项")
    taken = bring(filled.data()).taken
    assert kinds(taken) == [SAME, TAKEN, REFUSED]
    assert "新事项请在网页上立项" in taken.rows[2].why


def test_two_rows_with_one_key(three: list[str]) -> None:
    filled = Filled(out()).set(2, VALUE, 40)
    for column in range(1, filled.sheet.max_column + 1):
        filled.sheet.cell(5, column).value = filled.sheet.cell(2, column).value
    filled.set(5, VALUE, 60)
    taken = bring(filled.data()).taken
    assert [taken.rows[0].kind, taken.rows[3].kind] == [REFUSED, REFUSED]
    assert row(three[0]).progress is None


def test_sorted_in_part_is_seen(three: list[str]) -> None:
    filled = Filled(out())
    numbers = [filled.get(line, "编号") for line in (2, 3)]
    filled.set(2, "编号", numbers[1]).set(3, "编号", numbers[0]).set(2, VALUE, 40)
    assert "对不上" in bring(filled.data()).taken.rows[0].why
    assert row(three[0]).progress is None


def test_joined_cells_are_not_guessed(three: list[str]) -> None:
    filled = Filled(out()).set(2, VALUE, 40)
    column = filled.column(VALUE)
    filled.sheet.merge_cells(start_row=2, end_row=3, start_column=column, end_column=column)
    assert "合并" in bring(filled.data()).taken.rows[0].why


def test_what_is_only_shown_cannot_be_changed(three: list[str]) -> None:
    assert "不能在表里改" in bring(Filled(out()).set(2, "办结期限", date(2026, 12, 31)).data()).taken.rows[0].why
    assert "灰色" in bring(Filled(out()).set(2, SIGN, "签收").data()).taken.rows[0].why
    assert row(three[0]).due == "2026-06-30"


def without(data: bytes, change: Callable[[Any], None]) -> bytes:
    book = openpyxl.load_workbook(BytesIO(data))
    change(book)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def test_files_that_are_none_of_ours(three: list[str]) -> None:
    data = out()
    hidden = without(data, lambda book: book.remove(book["取出时的状态"]))
    keyless = without(data, lambda book: book["台账"].delete_cols(1))
    twice = without(data, lambda book: book.copy_worksheet(book["台账"]))
    for bad, slug in [
        (b"", "no-workbook"),
        (b"PK\x03\x04", "no-workbook"),
        (hidden, "not-our-sheet"),
        (keyless, "sheet-no-key"),
        (twice, "not-our-sheet"),
    ]:
        with pytest.raises(UnreadableFile) as caught:
            look(bad)
        assert caught.value.slug == slug


def test_files_that_mean_harm(three: list[str]) -> None:
    data, file = out(), BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, old.read(info))
        new.writestr("xl/media/image1.png", bytes(100 * 1024 * 1024))
    entity = with_part(data, "xl/worksheets/sheet1.xml", lambda text: text.replace("?>", '?><!DOCTYPE a [<!ENTITY b "c">]>', 1))
    macros = BytesIO(data)
    with zipfile.ZipFile(macros, "a") as new:
        new.writestr("xl/vbaProject.bin", b"x")
    for bad, slug in [(file.getvalue(), "zip-bomb"), (entity, "xml-entities"), (macros.getvalue(), "sheet-macros")]:
        with pytest.raises(UnreadableFile) as caught:
            look(bad)
        assert caught.value.slug == slug


def test_somebody_elses_file_does_nothing(three: list[str]) -> None:
    data, count = Filled(out()).set(2, VALUE, 40).data(), entries()
    taken = bring(data, ZHAO, Scope(units=frozenset({unit("财政局")}))).taken
    assert taken.rows[0].why == "台账里没有这件事项，或已不归您"
    assert entries() == count


# --- the office


def test_the_office_assigns_and_chases(three: list[str]) -> None:
    new = made("办好半程马拉松")
    do(LI, new, "approve", 0.6)
    filled = Filled(out(CHEN, ALL))
    filled.set(5, "交办", "交办").set(5, "交办：协同单位", "财政局").set(5, "交办：办结期限", "2026年9月30日").set(2, "催办内容", "请抓紧")
    answer = bring(filled.data(), CHEN, ALL)
    assert kinds(answer.taken) == [TAKEN, SAME, SAME, TAKEN]
    assert (row(new).stage, row(new).due, row(three[0]).chased) == ("assigned", "2026-09-30", 1)
    assert models.Duty.objects.filter(item=new, role="support", live=True, organisation=unit("财政局")).exists()


def test_the_office_is_told_what_is_missing(three: list[str]) -> None:
    new = made("办好半程马拉松")
    do(LI, new, "approve", 0.6)
    data = out(CHEN, ALL)
    assert "没有选“交办”" in look(Filled(data).set(5, "交办：协同单位", "财政局").data(), CHEN, ALL).rows[3].why
    assert (
        "没有这个单位：天文馆" in look(Filled(data).set(5, "交办", "交办").set(5, "交办：协同单位", "天文馆").data(), CHEN, ALL).rows[3].why
    )
    assert kinds(bring(data, CHEN, ALL).taken) == [SAME] * 4


def test_a_supporting_unit_reports_in_words(three: list[str]) -> None:
    do(CHEN, three[0], "transfer", 0.8, reason="调整", units={"lead": [unit("发展和改革局")], "support": [unit("财政局")]})
    do(WANG, three[0], "sign", 0.9)
    scope = Scope(units=frozenset({unit("财政局")}))
    filled = Filled(out(ZHAO, scope))
    assert filled.sheet.cell(2, filled.column(VALUE)).protection.locked
    assert kinds(bring(filled.set(2, TEXT, "资金已到位").data(), ZHAO, scope).taken) == [TAKEN]
    assert row(three[0]).progress is None


# --- properties


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations([2, 3, 4]), drop=st.integers(0, 2), above=st.integers(0, 3), beside=st.integers(0, 2))
def test_however_it_is_shuffled_an_untouched_sheet_changes_nothing(
    laid_once: bytes, order: list[int], drop: int, above: int, beside: int
) -> None:
    filled = Filled(laid_once)
    sheet = filled.sheet
    rows = [[cell.value for cell in sheet[line]] for line in order][drop:]
    for line in (2, 3, 4):
        for column in range(1, sheet.max_column + 1):
            found = rows[line - 2][column - 1] if line - 2 < len(rows) else None
            sheet.cell(line, column).value = found
    for _ in range(beside):
        sheet.insert_cols(3)
    for _ in range(above):
        sheet.insert_rows(1)
    count = entries()
    assert set(kinds(bring(filled.data()).taken)) <= {SAME}
    assert entries() == count


@pytest.fixture
def laid_once(three: list[str]) -> bytes:
    return out()


@pytest.mark.skipif(SOFFICE is None, reason="no LibreOffice here")
def test_saved_by_another_program_it_still_changes_nothing(three: list[str], tmp_path: Path) -> None:
    do(WANG, three[0], "report", 0.9, progress=30, text="=已开工\n二期 <未定>")
    (tmp_path / "a.xlsx").write_bytes(out())
    subprocess.run(
        [str(SOFFICE), "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "out"), str(tmp_path / "a.xlsx")],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    saved, count = (tmp_path / "out" / "a.xlsx").read_bytes(), entries()
    answer = bring(saved)
    assert kinds(answer.taken) == [SAME] * 3
    assert entries() == count
    assert Filled(answer.data).get(2, "结果") == "未改动"
    assert kinds(bring(Filled(saved).set(3, VALUE, 9).data()).taken) == [SAME, TAKEN, SAME]


def test_nobody_but_who_takes_part(three: list[str]) -> None:
    from luoshi.desk.actor import Role

    with pytest.raises(Forbidden):
        look(out(), person("du", Role.READER))
