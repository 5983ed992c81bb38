"""Word documents: what Word shows is what is read."""

from __future__ import annotations

import pytest

from luoshi.errors import UnreadableFile
from luoshi.read import read_bytes
from luoshi.read.numbering import format_number
from tests.read.making import W, cell, docx, level, listed, numbering, paragraph, run, table, zip_of


def source(body: str, **parts: str) -> str:
    return read_bytes(docx(body, **parts), "x.docx").source


def test_paragraphs_and_places() -> None:
    text = read_bytes(docx(paragraph("各位代表：") + "<w:p/>" + paragraph("生产总值完成", run("120"), "亿元。")), "x.docx")
    assert text.source == "各位代表：\n生产总值完成120亿元。\n"
    assert text.clean == "各位代表:\n生产总值完成120亿元。\n"
    assert text.place(text.source.index("亿元")) == "第2段"


def test_numbers_that_word_writes() -> None:
    lists = numbering(
        {
            1: [
                level(0, "chineseCountingThousand", "%1、"),
                level(1, "chineseCounting", "（%2）"),
                level(2, "decimal", "%3．"),
                level(3, "decimal", "%1.%4", "<w:isLgl/>"),
            ]
        }
    )
    body = (
        listed("回顾", 1)
        + listed("经济", 1, 1)
        + listed("投资", 1, 2)
        + listed("消费", 1, 2)
        + listed("民生", 1, 1)
        + listed("就业", 1, 2)
        + listed("安排", 1)
        + listed("项目", 1, 1)
        + listed("细项", 1, 3)
    )
    assert source(body, numbering=lists).split("\n")[:-1] == [
        "一、回顾",
        "（一）经济",
        "1．投资",
        "2．消费",
        "（二）民生",
        "1．就业",
        "二、安排",
        "（一）项目",
        "2.1 细项",
    ]


def test_number_restarts_where_overridden() -> None:
    override = (
        '<w:num w:numId="7"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
    )
    lists = numbering({1: [level(0, "decimal", "%1.")]}, override)
    assert source(listed("甲", 1) + listed("乙", 1) + listed("丙", 7) + listed("丁", 7), numbering=lists) == "1.甲\n2.乙\n5.丙\n6.丁\n"


def test_number_of_a_style() -> None:
    styles = (
        f'<w:styles {W}><w:style w:styleId="a"><w:name w:val="标题甲"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="b"><w:name w:val="标题乙"/><w:basedOn w:val="a"/></w:style></w:styles>'
    )
    body = (
        paragraph("总则", properties='<w:pStyle w:val="b"/>') + paragraph("正文。") + paragraph("附则", properties='<w:pStyle w:val="a"/>')
    )
    assert (
        source(body, styles=styles, numbering=numbering({1: [level(0, "chineseCounting", "第%1章 ")]}))
        == "第一章 总则\n正文。\n第二章 附则\n"
    )


@pytest.mark.parametrize(
    ("number", "form", "text"),
    [
        (3, "decimal", "3"),
        (21, "chineseCounting", "二十一"),
        (105, "chineseCountingThousand", "一百零五"),
        (20, "ideographDigital", "二〇"),
        (3, "ideographTraditional", "丙"),
        (28, "upperLetter", "BB"),
        (2, "lowerLetter", "b"),
        (1994, "upperRoman", "MCMXCIV"),
        (4, "lowerRoman", "iv"),
        (5, "decimalEnclosedCircleChinese", "⑤"),
        (7, "decimalZero", "07"),
        (12, "decimalFullWidth", "１２"),
        (3, "chineseLegalSimplified", "叁"),
        (9, "no such form", "9"),
        (-1, "upperRoman", "-1"),
        (0, "upperLetter", ""),
    ],
)
def test_forms_of_numbers(number: int, form: str, text: str) -> None:
    assert format_number(number, form) == text


def test_table_with_joined_cells() -> None:
    down, on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    rows = [
        [cell("序号"), cell("任务"), cell("牵头单位"), cell("完成时限")],
        [cell("1"), cell("新建公园", properties=down), cell("区住建局", "区城管局"), cell("6月底")],
        [cell("2"), cell(properties=on), cell("各街道"), cell("12月底")],
        [cell("合计两项", properties='<w:gridSpan w:val="4"/>')],
    ]
    text = read_bytes(docx(paragraph("分工如下") + table(*rows)), "x.docx")
    (grid,) = text.tables
    assert grid.header == ("number", "task", "lead", "deadline")
    assert grid.header_rows == 1
    assert (
        text.source == "分工如下\n序号\t任务\t牵头单位\t完成时限\n1\t新建公园\t区住建局\n区城管局\t6月底\n2\t\t各街道\t12月底\n合计两项\n"
    )
    shown = {(item.row, item.column): (text.source[item.start : item.end], item.rows, item.columns) for item in grid.cells}
    assert shown[1, 1] == ("新建公园", 2, 1)
    assert shown[3, 0] == ("合计两项", 1, 4)
    assert text.place(text.source.index("各街道")) == "表1 第3行 第3列"


def test_box_once_and_deletions_never() -> None:
    box = f"<w:txbxContent>{paragraph('文本框里的话。')}</w:txbxContent>"
    body = (
        f"<w:p>{run('正文')}<w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
        + paragraph("留下", "<w:del><w:r><w:delText>删去</w:delText></w:r></w:del>", "<w:ins><w:r><w:t>新增</w:t></w:r></w:ins>")
        + paragraph("看得见", run("看不见", "<w:vanish/>"))
    )
    text = read_bytes(docx(body), "x.docx")
    assert text.source == "正文\n文本框里的话。\n留下新增\n看得见\n"
    assert [loss.what for loss in text.losses] == ["隐藏文字 1 处未读"]


def test_box_in_a_cell_and_pictures() -> None:
    box = f"<w:p><w:r><w:txbxContent>{paragraph('框里的话。')}</w:txbxContent></w:r>{run('植树')}</w:p>"
    picture = '<w:p><w:r><w:drawing><a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"/></w:drawing></w:r></w:p>'
    text = read_bytes(docx(table([cell("任务"), cell("单位")], [cell(box), cell("区林业局")]) + picture + paragraph("完。")), "x.docx")
    assert text.source == "任务\t单位\n植树\t区林业局\n框里的话。\n完。\n"
    assert [loss.what for loss in text.losses] == ["图片 1 幅未读"]


def test_table_of_one_column_is_text() -> None:
    text = read_bytes(docx(table([cell("框起来的第一段。")], [cell("第二段。")])), "x.docx")
    assert text.source == "框起来的第一段。\n第二段。\n"
    assert not text.tables


def test_notes_headers_contents() -> None:
    notes = (
        f'<w:footnotes {W}><w:footnote w:type="separator" w:id="0">{paragraph("——")}</w:footnote>'
        f'<w:footnote w:id="1">{paragraph("双招双引：招商引资、招才引智。")}</w:footnote></w:footnotes>'
    )
    header = f"<w:hdr {W}>{paragraph('某区政府文件')}</w:hdr>"
    styles = f'<w:styles {W}><w:style w:styleId="t"><w:name w:val="toc 1"/></w:style></w:styles>'
    body = paragraph("一、回顾 3", properties='<w:pStyle w:val="t"/>') + paragraph("一、回顾") + paragraph("做了工作。")
    text = read_bytes(docx(body, footnotes=notes, header1=header, header2=header, styles=styles), "x.docx")
    assert text.clean == "一、回顾\n做了工作。\n[1] 双招双引:招商引资、招才引智。\n"
    assert [(mark.kind, text.source[mark.start : mark.end]) for mark in text.marks] == [
        ("navigation", "一、回顾 3"),
        ("header", "某区政府文件"),
    ]
    assert text.place(text.source.index("双招")) == "脚注1"


@pytest.mark.parametrize(
    ("data", "slug"),
    [
        (zip_of({"word/styles.xml": "<x/>"}), "docx-no-document"),
        (docx("").replace(b"PK", b"PK", 1)[:200], "damaged"),
        (docx("<w:p>"), "damaged"),
        (
            zip_of({"word/document.xml": f'<!DOCTYPE a [<!ENTITY b "{"哈" * 100}">]><w:document {W}><w:body>&b;</w:body></w:document>'}),
            "xml-entities",
        ),
        (zip_of({"word/document.xml": b"<a>" + b"0" * 9_000_000}), "zip-bomb"),
        (docx(""), "empty"),
        (zip_of({"a.txt": "字"}), "archive"),
        (zip_of({"OFD.xml": "<x/>"}), "ofd"),
    ],
)
def test_hostile(data: bytes, slug: str) -> None:
    with pytest.raises(UnreadableFile) as raised:
        read_bytes(data, "坏.zip")
    assert raised.value.slug == slug
    assert raised.value.remedy
    assert "坏.zip" in str(raised.value)
