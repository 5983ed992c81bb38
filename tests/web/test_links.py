"""Promises, the record of a place, comparisons and orphans: what became of targets, with both quotations, and what a person settles."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl
import pyarrow.parquet
import pytest

from tests.ledger.making import enter
from tests.ledger.test_linking import REPORTS
from tests.web.filled import clerk
from tests.web.looking import assert_accessible, assert_fits, assert_small

COUNTY, CITY = "340828", "340800"
BREAKDOWN = """岳西县人民政府办公室关于印发2023年政府工作报告重点工作任务分解的通知

岳西县人民政府办公室
2023年1月20日

2023年政府工作报告重点工作任务分解
一、重点工作
1.改造老旧小区9个。（牵头负责领导：竹知节；牵头责任单位：县住建局；完成时限：2023年11月底前）
2.深入推进作风建设。（牵头负责领导：松问渠；牵头责任单位：县府办；完成时限：持续推进）
"""


@pytest.fixture
def linked(db: None) -> dict[str, str]:
    """Three years of a county and two of its city, linked; the ids of the documents."""
    from luoshi.ledger.linking import link_waiting

    found = {name: enter(text, f"{name}.txt")[1][0] for name, text in REPORTS.items()}
    link_waiting()
    return found


def end(document: str, name: str) -> Any:
    from luoshi.ledger.linked import Link

    return Link.objects.get(document=document, name__contains=name)


def body(client: Any, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return str(response.content.decode())


def off() -> list[str]:
    """Two reports more of the county, whose growth does not follow from their levels."""
    found = []
    for year, level in (("2022", "1200"), ("2023", "1250")):
        text = REPORTS[year].replace("全年地区生产总值增长", f"全年一般公共预算收入达到{level}亿元，增长6.5%。地区生产总值增长")
        found.append(text.replace("各位代表", "各位代表、同志们"))
    return found


def test_the_record_of_a_place_shows_what_is_not_done_first(linked: dict[str, str], client_as: Any) -> None:
    page = body(client_as("reader"), f"/record/{COUNTY}")
    assert "承诺记录" in page
    assert page.index(">未完成<", page.index('id="list"')) < page.index(">未到期<", page.index('class="end-list"'))
    narrowed = body(client_as("reader"), f"/record/{COUNTY}?year=2022&verdict=missed")
    assert "老旧小区" in narrowed
    assert narrowed.count('class="end-row"') == 1
    assert "没有符合条件的目标" in body(client_as("reader"), f"/record/{COUNTY}?year=1999")
    assert COUNTY in body(client_as("reader"), "/record")
    assert client_as("reader").get("/record/nowhere").status_code == 404


def test_the_record_is_taken_out_in_three_forms(linked: dict[str, str], client_as: Any) -> None:
    client = client_as("reader")
    rows = list(csv.DictReader(io.StringIO(client.get(f"/record/{COUNTY}/export.csv?year=2022").content.decode("utf-8-sig"))))
    assert {row["结论"] for row in rows} >= {"完成", "未完成"}
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/record/{COUNTY}/export.xlsx?year=2022").content))
    assert book.worksheets[0].max_row == len(rows) + 1
    table = pyarrow.parquet.read_table(io.BytesIO(client.get(f"/record/{COUNTY}/export.parquet?year=2022").content))
    assert table.column("explained").to_pylist() == [row["说明"] for row in rows]
    assert client.get(f"/record/{COUNTY}/export.docx").status_code == 404


def test_a_promise_shows_both_quotations_the_reason_and_the_years(linked: dict[str, str], client_as: Any) -> None:
    row = end(linked["2022"], "老旧小区")
    page = body(client_as("reader"), f"/promises/{row.id}")
    assert "改造老旧小区<mark>12个</mark>" in page
    assert "改造老旧小区<mark>10个</mark>" in page
    assert "低于目标" in page
    assert "-2" in page
    line = page[page.index('class="years"') :]
    assert line.index("2022年") < line.index("2023年") < line.index("2024年")
    assert f'href="/documents/{linked["2022"]}/room#{row.fact}"' in page or f"#{row.fact}" in page
    assert client_as("reader").get("/promises/nothing").status_code == 404
    assert client_as("reader").get(f"/promises/of/{row.fact}").headers["Location"].endswith(f"/promises/{row.id}")


def test_the_years_of_a_promise_are_drawn(linked: dict[str, str], client_as: Any) -> None:
    page = body(client_as("reader"), f"/promises/{end(linked['2022'], '老旧小区').id}")
    assert "<svg" in page[page.index('id="line-heading"') : page.index('id="line"')]
    assert 'aria-describedby="line"' in page
    alone = body(client_as("reader"), f"/promises/{end(linked['2023-city'], '可支配收入').id}")
    assert 'id="line"' in alone


def test_a_relative_target_shows_what_it_is_measured_by(linked: dict[str, str], client_as: Any) -> None:
    page = body(client_as("reader"), f"/promises/{end(linked['2023'], '可支配收入').id}")
    assert "参照" in page
    assert "<mark>7.2%</mark>" in page


def test_a_person_settles_a_verdict_once_and_may_take_it_back(linked: dict[str, str], client_as: Any) -> None:
    from luoshi.ledger.linked import Link
    from luoshi.ledger.settling import verdict_id

    row = Link.objects.filter(doubtful=True).order_by("id").first()
    assert row is not None, "some verdict of the reports may be read otherwise"
    wanted = "cannot_tell"
    client = client_as("supervisor")
    assert "应判为" in body(client, f"/promises/{row.id}")
    assert client.post(f"/promises/{row.id}/verdict", {"verdict": wanted, "note": "看过附表"}).status_code == 302
    row.refresh_from_db()
    assert (row.verdict, row.settled) == (wanted, True)
    page = body(client, f"/promises/{row.id}")
    assert "看过附表" in page
    assert "已确认的结论" in page
    assert client.post(f"/promises/{row.id}/unsettle", {"settlement": "none"}).status_code == 409
    assert client.post(f"/promises/{row.id}/unsettle", {"settlement": verdict_id(row.fact)}).status_code == 302
    row.refresh_from_db()
    assert (row.verdict, row.settled) == (row.judged, False)
    assert client.post(f"/promises/{row.id}/verdict", {"verdict": "certainly"}).status_code == 400
    assert client_as("reader").post(f"/promises/{row.id}/verdict", {"verdict": wanted}).status_code == 403


def test_against_the_rules_a_verdict_needs_its_reason(linked: dict[str, str], client_as: Any) -> None:
    row, client = end(linked["2022"], "老旧小区"), client_as("supervisor")
    assert (row.judged, row.doubtful, row.likely) == ("missed", False, False)
    page = body(client, f"/promises/{row.id}")
    assert "要写明看了哪份材料" in page
    assert 'value="near"' not in page, "12个 was not said to be 左右"

    def settle(verdict: str, note: str = "") -> int:
        found = client.post(f"/promises/{row.id}/verdict", {"verdict": verdict, "note": note})
        row.refresh_from_db()
        return int(found.status_code)

    assert settle("met") == 400
    assert settle("met", " 对 ") == 400
    for verdict in ("not_yet", "near", "restated", "weakened", "certainly", ""):
        assert settle(verdict, "看过附表三第12行") == 400, verdict
    assert (row.verdict, row.settled) == ("missed", False)
    assert settle("met", "看过附表三第12行") == 302
    assert (row.verdict, row.judged, row.settled) == ("met", "missed", True)
    # what was settled once opens no other verdict
    assert settle("near", "看过附表三第12行") == 400
    assert settle("carried_over") == 400
    assert settle("missed") == 302
    waits = end(linked["2024"], "老旧小区")
    assert waits.judged == "not_yet"
    assert client.post(f"/promises/{waits.id}/verdict", {"verdict": "met", "note": "看过附表三第12行"}).status_code == 400
    assert "应判为" not in body(client, f"/promises/{waits.id}")


def test_two_names_are_settled_only_where_they_are_in_question(linked: dict[str, str], client_as: Any) -> None:
    row = end(linked["2022"], "老旧小区")
    assert not row.likely
    assert client_as("supervisor").post(f"/promises/{row.id}/names", {"same": "yes"}).status_code == 409


def test_places_are_compared(linked: dict[str, str], client_as: Any) -> None:
    client = client_as("reader")
    assert "选一个指标" in body(client, "/compare")
    page = body(client, f"/compare?indicator=gdp&region={COUNTY}&region={CITY}&first=2022&last=2023")
    assert "<svg" in page
    assert "岳西县" in page
    assert "安庆市" in page
    assert "6.2%" in page
    rows = list(csv.DictReader(io.StringIO(client.get(f"/compare/export.csv?indicator=gdp&region={COUNTY}").content.decode("utf-8-sig"))))
    assert [(row["年份"], row["目标"], row["结果"], row["结论"]) for row in rows] == [
        ("2021", "", "5%", ""), ("2022", "6%", "6.2%", "完成"), ("2023", "7%", "6.5%", "未完成"), ("2024", "6%", "", "未到期"),
    ]  # fmt: skip
    assert client.get("/compare?indicator=nothing").status_code == 404
    assert "安庆市" in body(client, f"/compare?indicator=gdp&region={CITY}&peers=parent")


def test_orphans_are_targets_without_a_task_and_tasks_without_a_target(linked: dict[str, str], client_as: Any) -> None:
    from luoshi.desk import documents
    from luoshi.ledger.orphans import orphans_of
    from luoshi.ledger.scope import Scope

    assert orphans_of(COUNTY, Scope.whole(), year=2023).breakdowns == ()
    [breakdown] = enter(BREAKDOWN, "breakdown.txt")[1]
    documents.correct(clerk(), breakdown, {"region": "安徽省安庆市岳西县"}, Scope.whole())
    found = orphans_of(COUNTY, Scope.whole(), year=2023)
    names = {fact.name for fact in found.targets}
    assert "地区生产总值" in names
    assert not any("小区" in name for name in names)
    assert len(found.tasks) == 1
    assert "作风" in found.tasks[0].text
    page = body(client_as("reader"), f"/orphans?region={COUNTY}&year=2023")
    assert "没有任务的目标" in page
    rows = client_as("reader").get(f"/orphans/export.csv?region={COUNTY}&year=2023").content.decode("utf-8-sig")
    assert "作风" in rows


def test_who_sees_other_places_only_sees_nothing_of_this_one(linked: dict[str, str], client_as: Any) -> None:
    row = end(linked["2022"], "老旧小区")
    client = client_as("supervisor", region=CITY[:3] + "100")
    assert client.get(f"/promises/{row.id}").status_code == 404
    assert "老旧小区" not in client.get(f"/record/{COUNTY}").content.decode()


def test_in_a_browser(browse: Any) -> None:
    from luoshi.ledger.linking import link_waiting

    for name, text in REPORTS.items():
        enter(text, f"{name}.txt")
    for at, text in enumerate(off()):
        newer = enter(text, f"{at}-又.txt")[1][0]
    link_waiting()
    promise = end(newer, "可支配收入").id
    for address in (
        "/record",
        f"/record/{COUNTY}",
        f"/promises/{promise}",
        f"/compare?indicator=gdp&region={COUNTY}",
        f"/orphans?region={COUNTY}",
        f"/contradictions?region={COUNTY}",
    ):
        page = browse("supervisor", address)
        assert_accessible(page)
        assert_small(page, page.url)
        assert_fits(browse("supervisor", address, phone=True))


def test_other_pages_lead_to_what_became_of_a_target(linked: dict[str, str], client_as: Any) -> None:
    client = client_as("reader")
    assert f'href="/record/{COUNTY}"' in body(client, f"/regions/{COUNTY}")
    assert 'href="/compare?indicator=gdp"' in body(client, "/indicators/gdp")
    address = f"/record/{COUNTY}?document={linked['2022']}"
    assert f'href="{address}"' in body(client, f"/documents/{linked['2022']}")
    assert body(client, address).count('class="end-row"') == 3
    assert '"promise": "/promises/of/-"' in body(client, f"/documents/{linked['2022']}/room").replace('":"', '": "')


def test_figures_that_do_not_fit_are_shown_with_both_quotations(linked: dict[str, str], client_as: Any) -> None:
    client = client_as("reader")
    assert "没有发现对不上的数" in body(client, f"/contradictions?region={COUNTY}")
    for at, text in enumerate(off()):
        enter(text, f"{at}-又.txt")
    page = body(client, f"/contradictions?region={COUNTY}")
    assert "1250亿元 ÷ 1200亿元 − 1 = 4.17%" in page
    assert "<mark>6.5%</mark>" in page
    taken = f"/contradictions/export.csv?region={COUNTY}"
    assert "1250亿元" in client.get(taken).content.decode("utf-8-sig")
    assert "1250亿元" in client.get(f"{taken}&kind=growth_off&year=2022").content.decode("utf-8-sig")
    assert "1250亿元" not in client.get(f"{taken}&kind=sum_off").content.decode("utf-8-sig")
    assert "没有符合条件的" in body(client, f"/contradictions?region={COUNTY}&year=1999")


@pytest.mark.parametrize(
    "address",
    [f"/record/{COUNTY}?year=", f"/record/{COUNTY}/export.csv?year=", f"/contradictions?region={COUNTY}&year=", "/contradictions/export.csv?year=",
     f"/orphans?region={COUNTY}&year=", "/orphans/export.csv?year=", "/compare?indicator=gdp&first=", "/compare/export.csv?indicator=gdp&last="],
)  # fmt: skip
def test_what_is_no_year_is_refused_and_not_passed_over(db: None, client_as: Any, address: str) -> None:
    client = client_as("supervisor")
    for year in ("20260", "二〇二六", "²026", "x"):
        told = client.get(address + year, HTTP_ACCEPT="application/json")
        assert (told.status_code, told.json()["error"]["slug"]) == (400, "wrong-value"), address
    assert client.get(f"/record/{COUNTY}?verdict=certainly", HTTP_ACCEPT="application/json").json()["error"]["where"] == "verdict"
    assert client.get(f"/contradictions?region={COUNTY}&kind=certainly").status_code == 400


def test_what_was_settled_is_undone_like_any_other_act(linked: dict[str, str], client_as: Any) -> None:
    from luoshi.ledger.linked import Link
    from luoshi.ledger.models import Entry

    row = Link.objects.filter(doubtful=True).order_by("id").first()
    assert row is not None
    client = client_as("supervisor")
    client.post(f"/promises/{row.id}/verdict", {"verdict": "cannot_tell"})
    last = Entry.objects.order_by("-seq").first()
    assert last is not None
    assert last.act == "link.settle"
    assert client.post(f"/undo/{last.seq}-{last.seq}").status_code == 302
    body(client, f"/promises/{row.id}")
    row.refresh_from_db()
    assert (row.verdict, row.settled) == (row.judged, False)
    undone = Entry.objects.order_by("-seq").first()
    assert undone is not None
    assert undone.act == "link.unsettle"
    assert client.post(f"/undo/{undone.seq}-{undone.seq}").status_code == 302
    body(client, f"/promises/{row.id}")
    row.refresh_from_db()
    assert (row.verdict, row.settled) == ("cannot_tell", True)


def test_the_worker_links_when_nothing_waits_to_be_read(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from luoshi.intake.confined import Confined
    from luoshi.ledger.linked import Link
    from luoshi.ledger.linking import waiting
    from luoshi.web import worker

    # the connection is that of the test
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)

    class Linked(worker.Stop):
        def __bool__(self) -> bool:
            return waiting() == 0

    enter(REPORTS["2022"], "2022.txt")
    enter(REPORTS["2023"], "2023.txt")
    assert waiting() == 2
    assert worker._loop(Confined(), Linked(), 0) == 0
    assert Link.objects.filter(verdict="met").exists()
