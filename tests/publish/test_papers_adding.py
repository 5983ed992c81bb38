"""Numbers of a paper: re-added before it goes out, refused with the place; footnotes stand behind every number of a draft."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import docx
import openpyxl
import pytest
from lxml import etree

from luoshi.publish.papers import DoesNotAdd, Picture, Piece, book, filled, gaps, kind_of, sample_values, table_gaps, unfounded
from luoshi.publish.papers.packing import parts_of, w

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000002000000010802000000" "7b40e8dd0000000d49444154789c63f8ffff3f0305000cfe02fea7352d810000000049454e44ae426082"
)  # fmt: skip


def bulletin(**changes: Any) -> dict[str, Any]:
    """A bulletin of two units whose numbers add up."""
    units = [
        {"n": 1, "name": "区住建局", "total": 5, "live": 4, "hung": 0, "closed": 1, "ended": 0, "green": 2, "middle": 1, "red": 1, "overdue": 1},
        {"n": 2, "name": "区水利局", "total": 3, "live": 2, "hung": 1, "closed": 0, "ended": 0, "green": 2, "middle": 0, "red": 0, "overdue": 0},
    ]  # fmt: skip
    values = {
        **sample_values(kind_of("bulletin")), "total": 8, "live": 6, "hung": 1, "closed": 1, "ended": 0, "green": 4, "middle": 1, "red": 1, "overdue": 1,
        "units": units, "mechanisms": [{"n": 1, "name": "重点任务督办", "total": 8, "live": 6, "closed": 1, "red": 1}], "race": [], "dues": [],
        "dues_shown": 0, "dues_total": 0, "chart": Picture(PNG, "各单位亮灯"),
    }  # fmt: skip
    return {**values, **changes}


def test_a_bulletin_that_adds_up_goes_out() -> None:
    assert gaps(kind_of("bulletin"), bulletin()) == ()
    paper = docx.Document(io.BytesIO(filled("bulletin", bulletin())))
    said = "".join(one.text for one in paper.paragraphs)
    assert "督办事项共8件，其中在办6件，挂起1件，办结1件，终止0件。" in said
    assert "赛马" not in said
    assert [cell.text for cell in paper.tables[0].rows[-1].cells] == ["", "合计", "8", "6", "1", "4", "1", "1", "1"]
    assert len(paper.inline_shapes) == 1


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"total": 9}, "总数写的是 9，各项相加是 8"),
        ({"green": 5}, "在办件数与各灯写的是 6，各项相加是 7"),
        ({"reds": []}, "红灯数与红灯清单写的是 1，各项相加是 0"),
        ({"overdue": 2}, "逾期数与分单位逾期写的是 2，各项相加是 1"),
        ({"dues_shown": 1}, "列出的到期件数与清单写的是 1，各项相加是 0"),
    ],
)
def test_a_bulletin_that_does_not_add_up_is_refused_with_the_place(changes: Mapping[str, Any], where: str) -> None:
    with pytest.raises(DoesNotAdd) as caught:
        filled("bulletin", bulletin(**changes))
    assert where in caught.value.what
    assert caught.value.slug == "does-not-add"
    with pytest.raises(DoesNotAdd):
        book("bulletin", bulletin(**changes))


def test_a_row_that_does_not_add_up_is_named() -> None:
    values = bulletin()
    values["units"][1]["live"] = 3
    told = [str(gap) for gap in gaps(kind_of("bulletin"), values)]
    assert "分单位表“区水利局”写的是 3，各项相加是 4" in told
    assert "在办与分单位在办写的是 6，各项相加是 7" in told


def test_a_paper_that_somebody_edited_is_re_added() -> None:
    paper = docx.Document(io.BytesIO(filled("bulletin", bulletin())))
    whole = io.BytesIO()
    paper.save(whole)
    assert table_gaps(whole.getvalue()) == ()
    paper.tables[0].rows[1].cells[2].paragraphs[0].runs[0].text = "6"
    whole = io.BytesIO()
    paper.save(whole)
    assert [str(gap) for gap in table_gaps(whole.getvalue())] == ["表1“件数”列合计写的是 8，各项相加是 9"]


def test_the_same_as_a_workbook() -> None:
    made = openpyxl.load_workbook(io.BytesIO(book("bulletin", bulletin(), heading="2026年3月督查通报")))
    sheet = made["单位"]
    assert sheet["A1"].value == "2026年3月督查通报"
    assert [cell.value for cell in sheet[2]][:4] == ["序号", "名称", "件数", "在办"]
    assert [cell.value for cell in sheet[4]][:3] == [2, "区水利局", 3]
    assert sheet.freeze_panes == "A3"
    assert sheet.auto_filter.ref == "A2:L4"
    assert sheet.print_title_rows == "$1:$2"
    assert made["说明"]["A1"].value == "红头"


# --- footnotes


def test_footnotes_stand_behind_what_they_found() -> None:
    text = (
        Piece("新建公园"),
        Piece("3个", "《2026年栖山区政府工作报告》：“新建公园3个”"),
        Piece("，已建成"),
        Piece("2个", "重2026-000007，区住建局2026年3月2日报送"),
        Piece("。"),
    )
    values = {
        "day": "2026年3月5日",
        "year": "2026",
        "summary": (Piece("任务"), Piece("1项", "台账"), Piece("。")),
        "paragraphs": [{"text": text}],
    }
    parts = parts_of(filled("review", values), "x")
    notes = {one.get(w("id")): "".join(one.itertext()).strip() for one in etree.fromstring(parts["word/footnotes.xml"])}
    told = etree.fromstring(parts["word/document.xml"]).iter(w("t"), w("footnoteReference"))
    order = [notes[one.get(w("id"))] if one.tag == w("footnoteReference") else one.text for one in told]
    at = order.index("3个")
    assert order[at : at + 4] == ["3个", "《2026年栖山区政府工作报告》：“新建公园3个”", "，已建成", "2个"]
    assert order[order.index("1项") + 1] == "台账"
    assert unfounded(text) == ()
    assert unfounded((*text, Piece("投入1200万元"))) == ("1200",)


def test_a_template_without_footnotes_gets_them() -> None:
    from luoshi.publish.papers import default_template
    from luoshi.publish.papers.packing import packed

    parts = parts_of(default_template("review"), "x")
    del parts["word/footnotes.xml"]
    bare = {
        name: data.replace(b'<Override PartName="/word/footnotes.xml"', b'<Override PartName="/word/none.xml"')
        for name, data in parts.items()
    }
    values = {"day": "2026年3月5日", "year": "2026", "summary": (Piece("3项", "台账"),), "paragraphs": []}
    paper = parts_of(filled("review", values, packed(bare)), "x")
    assert "台账" in paper["word/footnotes.xml"].decode()
    assert b"/word/footnotes.xml" in paper["[Content_Types].xml"]
