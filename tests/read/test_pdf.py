"""Pdf: what the eye reads is what is read."""

from __future__ import annotations

import zlib
from typing import Any

import pytest

from luoshi.errors import UnreadableFile
from luoshi.read import read_bytes

pytest.importorskip("reportlab")
from tests.read.printing import BODY, HEIGHT, PLAIN, TITLE, drawn, flowed

SENTENCE = "过去一年，全区生产总值完成1250.5亿元，增长8.2%，一般公共预算收入增长6%，新增城镇就业2.3万人。"
HEADS = ("序号", "工作任务", "牵头单位", "责任单位", "完成时限")
WIDTHS = (36, 180, 70, 110, 70)


def tasks(count: int) -> list[tuple[str, ...]]:
    return [
        HEADS,
        *(
            (
                str(number),
                f"实施第{number}项工程，改造老旧小区{number + 1}个，完成投资{number + 2}亿元，年内建成投用，让群众满意",
                "区住建局",
                "区财政局、区自然资源局、各街道",
                f"2024年{number % 12 + 1}月底",
            )
            for number in range(1, count + 1)
        ),
    ]


def test_report_over_pages() -> None:
    paragraphs = [f"（{number}）" + SENTENCE * (1 + number % 4) for number in range(1, 15)]
    data = flowed(
        [
            ("青石区政府工作报告", TITLE),
            ("各位代表：", PLAIN),
            *((words, BODY) for words in paragraphs),
            tasks(40),
            ("三、工作要求", BODY),
            (SENTENCE, BODY),
        ],
        header="青石区人民政府公报 2024年第1期",
        widths=WIDTHS,
    )
    text = read_bytes(data, "x.pdf")
    half = [words.translate(str.maketrans("，（）：", ",():")) for words in (*paragraphs, SENTENCE)]
    lines = text.clean.split("\n")
    assert lines[:2] == ["青石区政府工作报告", "各位代表:"]
    assert lines[2:16] == half[:-1]
    assert lines[-3:] == ["三、工作要求", half[-1], ""]
    (table,) = text.tables
    assert table.header == ("number", "task", "lead", "unit", "deadline")
    assert len(table.cells) == 41 * 5
    assert {cell.row for cell in table.cells} == set(range(41))
    assert {mark.kind for mark in text.marks} == {"header", "page_number"}
    assert text.place(text.source.index("（1）")) == "第1页"
    assert text.place(table.cells[-1].start).endswith("表1 第41行 第5列")


def test_amount_cut_by_the_end_of_a_page() -> None:
    def first(page: Any) -> None:
        page.drawString(72, 100, "完成固定资产投资超过预期目标，全年累计完成投资额达到创纪录的12")
        page.drawCentredString(300, 40, "- 1 -")

    def second(page: Any) -> None:
        page.drawString(72, HEIGHT - 72, "50亿元，增长百分之八。")
        page.drawCentredString(300, 40, "- 2 -")

    text = read_bytes(drawn(first, second), "x.pdf")
    at = text.clean.index("1250亿元")
    assert text.quote(at, at + 6).text == "12\n-1-\n50亿元"
    assert [mark.kind for mark in text.marks] == ["page_number", "page_number"]


def test_row_cut_by_the_end_of_a_page() -> None:
    rows = [[HEADS[0], HEADS[1], HEADS[2]], ["1", "修建道路" * 300, "区交通局"], ["2", "植树", "区林业局"]]
    text = read_bytes(flowed([rows], widths=(36, 300, 80), numbered=False), "x.pdf")
    (table,) = text.tables
    cells = {(cell.row, cell.column): text.source[cell.start : cell.end] for cell in table.cells}
    assert cells[1, 1].replace("\n", "") == "修建道路" * 300
    assert cells[2, 2] == "区林业局"
    assert (1, 0) in cells
    assert (3, 0) not in cells


def test_table_without_lines() -> None:
    def page(paper: Any) -> None:
        for row, words in enumerate(
            [
                ("序号", "任务名称", "牵头单位", "完成时限"),
                ("1", "建设青石公园", "区城管局", "6月底"),
                ("2", "改造东风路", "区交通局", "9月底"),
                ("", "和人民路", "", ""),
                ("3", "开办托育园", "区教育局", "年底"),
            ]
        ):
            for column, word in zip((72, 130, 320, 430), words, strict=True):
                paper.drawString(column, HEIGHT - 100 - row * 20, word)

    text = read_bytes(drawn(page), "x.pdf")
    assert (
        text.source
        == "序号\t任务名称\t牵头单位\t完成时限\n1\t建设青石公园\t区城管局\t6月底\n2\t改造东风路和人民路\t区交通局\t9月底\n3\t开办托育园\t区教育局\t年底\n"
    )
    assert text.tables[0].header == ("number", "task", "lead", "deadline")


def test_two_columns() -> None:
    left = [f"左栏第{number}行文字一直写到栏的右边缘处为止了" for number in range(20)]
    right = [f"右栏第{number}行文字一直写到栏的右边缘处为止了" for number in range(20)]

    def page(paper: Any) -> None:
        paper.drawCentredString(300, HEIGHT - 60, "两栏排印的公报")
        for row, (a, b) in enumerate(zip(left, right, strict=True)):
            paper.drawString(50, HEIGHT - 100 - row * 20, a)
            paper.drawString(315, HEIGHT - 100 - row * 20, b)

    source = read_bytes(drawn(page), "x.pdf").source
    assert source.index("左栏第19行") < source.index("右栏第0行")


def test_title_broken_over_rows() -> None:
    title = "青石区国民经济和社会发展第十四个五年规划和二〇三五年远景目标纲要的报告"
    data = flowed([(title, TITLE), ("——2024年1月3日在青石区第十届人民代表大会上", PLAIN), *[(SENTENCE * 3, BODY)] * 5])
    lines = read_bytes(data, "x.pdf").source.split("\n")
    assert lines[:2] == [title, "——2024年1月3日在青石区第十届人民代表大会上"]


def test_turned_page_bold_and_watermark() -> None:
    def page(paper: Any) -> None:
        paper.setPageRotation(90)
        paper.saveState()
        paper.translate(100, 100)
        paper.rotate(90)
        for shift in (0, 0.3):
            paper.drawString(shift, 0, "横排表格的标题")
        paper.rotate(-45)
        paper.drawString(0, -200, "内部资料")
        paper.restoreState()

    text = read_bytes(drawn(page), "x.pdf")
    assert text.source == "横排表格的标题\n"
    assert "斜排文字 4 个" in text.losses[0].what


def test_pages_without_text_are_named() -> None:
    text = read_bytes(drawn(lambda paper: paper.drawString(72, 700, "第一页的文字。"), lambda paper: None), "x.pdf")
    assert [(loss.place, loss.what) for loss in text.losses] == [("第2页", "没有文字，是空白页")]


def bomb() -> bytes:
    """A pdf of a few kilobytes whose page unpacks to 60 MB."""
    stream = zlib.compress(b"q Q " * 15_000_000, 9)
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
        b"<</Length " + str(len(stream)).encode() + b"/Filter/FlateDecode>>stream\n" + stream + b"\nendstream",
    )
    numbered = b"".join(str(number).encode() + b" 0 obj" + content + b" endobj\n" for number, content in enumerate(objects, 1))
    return b"%PDF-1.4\n" + numbered + b"trailer<</Root 1 0 R>>"


@pytest.mark.parametrize(
    ("data", "slug"),
    [
        (bomb(), "zip-bomb"),
        (drawn(lambda paper: paper.rect(100, 100, 200, 200)), "pdf-no-text"),
        (drawn(lambda paper: paper.drawString(72, 700, "文字"), password="青石".encode().hex()), "encrypted"),
        (b"%PDF-1.4\n" + b"\x00\xff" * 500, "damaged"),
        (drawn(lambda paper: paper.drawString(72, 700, "文字"))[:300], "damaged"),
    ],
)
def test_hostile(data: bytes, slug: str) -> None:
    with pytest.raises(UnreadableFile) as raised:
        read_bytes(data, "x.pdf")
    assert raised.value.slug == slug
    assert raised.value.remedy
