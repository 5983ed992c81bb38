"""Papers: the layout is that of the standard by their own verifier, templates are checked, what has no value is left out."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import docx
import pytest

from luoshi.errors import BadUsage, UnreadableFile
from luoshi.publish.papers import (
    KINDS,
    BadTemplate,
    BadValues,
    check,
    check_template,
    default_template,
    filled,
    kind_for,
    kind_of,
    problems,
    sample_values,
)
from luoshi.publish.papers import blocks as b
from luoshi.publish.papers.packing import packed, parts_of
from luoshi.publish.papers.write import written

DAY = "2026年3月5日"
PLAIN = {"unit": "区住建局", "matter": "重2026-000007", "title": "新建公园3个", "day": DAY, "office": "区政府督查室"}


def changed(data: bytes, part: str, old: str, new: str) -> bytes:
    parts = parts_of(data, "x")
    text = parts[part].decode()
    assert re.search(old, text), old
    return packed({**parts, part: re.sub(old, new, text).encode()})


def words_of(data: bytes) -> list[str]:
    return [one.text for one in docx.Document(io.BytesIO(data)).paragraphs]


# --- layout


@pytest.mark.parametrize("key", KINDS)
def test_every_default_template_is_in_layout_and_asks_for_nothing_unknown(key: str) -> None:
    kind = kind_of(key)
    assert problems(kind, default_template(key)) == ()
    paper = filled(key, sample_values(kind))
    assert check(paper) == ()
    assert "{{" not in "".join(words_of(paper))
    assert filled(key, sample_values(kind)) == paper


def test_the_page_as_another_library_reads_it() -> None:
    section = docx.Document(io.BytesIO(filled("chase", PLAIN))).sections[0]
    read = [
        round(getattr(section, name).mm)
        for name in ("page_width", "page_height", "top_margin", "bottom_margin", "left_margin", "right_margin")
    ]
    assert read == [210, 297, 37, 35, 28, 26]
    wide = docx.Document(io.BytesIO(filled("breakdown", sample_values(kind_of("breakdown"))))).sections[-1]
    sizes = [wide.page_width, wide.page_height, wide.left_margin]
    assert [round(size.mm) for size in sizes if size is not None] == [297, 210, 35]


@pytest.mark.parametrize(
    ("part", "old", "new", "says", "where"),
    [
        ("word/document.xml", r'w:top="\d+"', 'w:top="1440"', "上边距 25.4 mm", "第1节页面"),
        ("word/document.xml", r'w:w="11906" w:h="16838"', 'w:w="12240" w:h="15840"', "纸张是 215.9×279.4 mm", "第1节页面"),
        ("word/document.xml", r'w:linePitch="579"', 'w:linePitch="312"', "网格每页 40 行", "第1节页面"),
        ("word/settings.xml", r"<w:evenAndOddHeaders/>", "", "单双页的页码没有分开", "页脚"),
        ("word/footer2.xml", r'w:jc w:val="left"', 'w:jc w:val="center"', "页码居中", "双页页码"),
        ("word/footer1.xml", r"— ", "", "页码写作", "单页页码"),
        ("word/footer1.xml", r"<w:fldSimple.*?</w:fldSimple>", "", "没有页码", "单页页码"),
        ("word/styles.xml", r'(w:styleId="LsTitle".*?w:sz w:val=)"44"', r'\1"40"', "标题 20 磅", "第1段“催办通知”"),
        ("word/styles.xml", r'(w:styleId="LsTitle".*?)w:eastAsia="方正小标宋简体"', r'\1w:eastAsia="黑体"', "字体是黑体", "第1段“催办通知”"),
        ("word/styles.xml", r'(w:styleId="LsText".*?w:spacing w:val=)"-5"', r'\1"40"', "每行约 24 字", "你单位牵头的"),
        ("word/styles.xml", r'(w:styleId="LsText".*?w:line=)"579"', r'\1"400"', "行距固定 20 磅", "你单位牵头的"),
        ("word/styles.xml", r'(w:styleId="LsText".*?)w:eastAsia="仿宋_GB2312"', r'\1w:eastAsia="楷体"', "字体是楷体", "你单位牵头的"),
    ],
)  # fmt: skip
def test_what_deviates_is_named_with_its_place(part: str, old: str, new: str, says: str, where: str) -> None:
    paper = changed(filled("chase", PLAIN), part, f"(?s){old}", new)
    found = [one for one in check(paper) if says in one.what]
    assert found
    assert where in found[0].where
    assert found[0].should
    assert found[0].source


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('w:yAlign="bottom"', 'w:yAlign="top"', "不在页面底部"),
        ('w:line="20" w:lineRule="exact"', 'w:line="40" w:lineRule="exact"', "首条、末条"),
        ('w:line="14" w:lineRule="exact"', 'w:line="40" w:lineRule="exact"', "中间"),
    ],
)
def test_the_imprint_stands_at_the_foot_between_its_lines(old: str, new: str, says: str) -> None:
    bulletin = filled("bulletin", sample_values(kind_of("bulletin")))
    assert check(bulletin) == ()
    found = check(changed(bulletin, "word/document.xml", old, new))
    assert [one.where for one in found] == ["版记"] * len(found)
    assert any(says in one.what for one in found)
    without = filled("bulletin", sample_values(kind_of("bulletin")) | {"copies": ""})
    assert check(without) == ()
    xml = parts_of(without, "x")["word/document.xml"].decode()
    assert xml.count('w:fill="000000"') == 2, "a line above and one below what is left"


def test_an_annex_that_lists_papers_is_no_imprint() -> None:
    listed = ("《栖山区防汛方案》，2026年3月5日印发", "区政府办公室　2026年3月6日印发")
    blocks = (b.Title("关于清理文件的通知"), *(b.Text(one) for one in listed), b.Text("以上文件继续有效。"))
    assert [one for one in check(written(blocks, "plain")) if one.where == "版记"] == []
    assert [one for one in check(written((*blocks, b.Text(listed[0])), "plain")) if one.where == "版记"] == []
    table = docx.Document(io.BytesIO(written((*blocks, b.Text("附表")), "plain")))
    cells = table.add_table(rows=2, cols=1)
    for row, text in enumerate(listed):
        cells.cell(row, 0).text = text
    kept = io.BytesIO()
    table.save(kept)
    assert [one for one in check(kept.getvalue()) if one.where == "版记"] == []


def test_an_imprint_that_ends_the_text_is_still_looked_at() -> None:
    blocks = (b.Title("关于清理文件的通知"), b.Text("正文。"), b.Text("区政府办公室　2026年3月6日印发"))
    assert {one.what for one in check(written(blocks, "plain")) if one.where == "版记"} >= {"不在页面底部"}


@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice here")
@pytest.mark.slow
def test_libreoffice_shows_the_imprint_at_the_foot_of_the_last_page(tmp_path: Path) -> None:
    import pypdfium2

    paper = tmp_path / "bulletin.docx"
    paper.write_bytes(filled("bulletin", sample_values(kind_of("bulletin"))))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(paper)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    pages = pypdfium2.PdfDocument(tmp_path / "bulletin.pdf")
    last = pages[len(pages) - 1]
    text = last.get_textpage()
    at = text.search("印发").get_next()
    assert at is not None
    bottom = text.get_charbox(at[0])[1] / 72 * 25.4
    # the text area ends 35 mm above the sheet's edge
    assert 35 <= bottom <= 42


def test_the_verifier_reads_numbers_days_and_headings() -> None:
    blocks = (
        b.Title("关于情况的通报"), b.Number("栖督[2026]第07号"), b.Text("一、总体情况"), b.Text("正文。"), b.Text("二〇二六年三月五日"),
        b.Text("联系 {{电话}}"),
    )  # fmt: skip
    found = {one.what for one in check(written(blocks, "plain"))}
    assert {"发文字号写作“栖督[2026]第07号”", "日期写作“二〇二六年三月五日”", "占位符没有填上", "字体是仿宋_GB2312"} <= found


def test_a_long_table_must_repeat_its_head_and_keep_its_rows() -> None:
    values = sample_values(kind_of("breakdown"))
    row = values["tasks"][0]  # type: ignore[index]
    many = {**values, "tasks": [{**row, "n": n} for n in range(1, 41)], "total": 40, "with_due": 40, "open_due": 0}  # type: ignore[dict-item]
    paper = filled("breakdown", many)
    assert check(paper) == ()
    assert len(docx.Document(io.BytesIO(paper)).tables[0].rows) == 41
    assert [one.what for one in check(changed(paper, "word/document.xml", "<w:tblHeader/>", ""))] == ["表头不会在续页重复"]
    assert [one.what for one in check(changed(paper, "word/document.xml", "<w:cantSplit/>", ""))] == ["有的行会断在两页"]


# --- what is said, and what is left out


def test_what_has_no_value_is_left_out() -> None:
    short = "".join(words_of(filled("chase", PLAIN)))
    assert "你单位牵头的“新建公园3个”（重2026-000007）。" in short
    assert all(word not in short for word in ("逾期", "序时", "此前", "亮", "报送：", "{{"))
    full = "".join(
        words_of(
            filled(
                "chase", {**PLAIN, "step": "月报", "step_due": "2026年3月2日", "late": 3, "chased": 1, "progress": "20%", "planned": "25%"}
            )
        )
    )
    assert "月报的到期日是2026年3月2日，已逾期3天。此前已催办1次。" in full
    assert "目前报送的进度为20%，序时进度为25%。" in full


def test_words_of_several_lines_become_paragraphs() -> None:
    said = words_of(filled("chase", {**PLAIN, "text": "请说明原因。\n请报下一步措施。"}))
    assert "请说明原因。" in said
    assert said.index("请报下一步措施。") == said.index("请说明原因。") + 1


def test_what_a_value_says_is_never_a_placeholder_nor_markup() -> None:
    said = "".join(words_of(filled("chase", {**PLAIN, "title": "{{office}}<w:p/>&{{?x}}", "text": "a & b <c>"})))
    assert "“{{office}}<w:p/>&{{?x}}”" in said
    assert "a & b <c>" in said


def test_who_signs_stands_over_the_day_and_takes_text_along() -> None:
    paper = docx.Document(io.BytesIO(filled("chase", PLAIN)))
    sign, day = paper.paragraphs[-2:]
    assert (sign.text, day.text) == ("区政府督查室", DAY)
    assert round(day.paragraph_format.right_indent.pt / 15.75, 1) == 4
    assert round(sign.paragraph_format.right_indent.pt / 15.75, 1) == 4
    assert sign.paragraph_format.keep_with_next
    assert paper.paragraphs[-4].text == "请抓紧办理，并报送进展和下一步措施。"
    assert paper.paragraphs[-4].paragraph_format.keep_with_next


def test_a_paper_that_a_mechanism_names_has_its_kind() -> None:
    assert {paper: kind_for(paper) for paper in ("notice", "chase", "letter", "talk", "circular", "return", "reply", "acceptance")} == {
        "notice": "notice", "chase": "chase", "letter": "letter", "talk": "talk", "circular": "circular", "return": "return", "reply": "reply",
        "acceptance": "closing",
    }  # fmt: skip
    assert kind_for("no such") == ""
    with pytest.raises(BadUsage):
        kind_of("no such")


def test_values_that_a_kind_does_not_declare_are_refused() -> None:
    with pytest.raises(BadValues, match="phone"):
        filled("chase", {**PLAIN, "phone": "1"})


# --- templates of an office


def own(*lines: str, form: b.Form = "plain") -> bytes:
    return written([b.Title("通知"), *(b.Text(line) for line in lines)], form)


GOOD = "{{收文单位}}：{{事项}}（{{事项编号}}），{{成文日期}}"


def test_an_own_template_is_filled() -> None:
    assert "区住建局：新建公园3个（重2026-000007），2026年3月5日" in words_of(filled("chase", PLAIN, own(GOOD)))


@pytest.mark.parametrize(
    ("line", "what", "remedy"),
    [
        ("{{收文单们}}", "没有“收文单们”这一项", "收文单位"),
        ("{{事项", "花括号不成对", "两个左括号"),
        ("{{/}}", "{{/}} 前面没有 {{?名称}}", "{{/}}"),
        ("{{单位.名称}}", "没有“单位”这一项", "是不是"),
    ],
)
def test_what_is_wrong_with_a_template_is_told_with_its_place(line: str, what: str, remedy: str) -> None:
    found = problems(kind_of("chase"), own(GOOD, line))
    assert [one.what for one in found] == [what]
    assert remedy in found[0].remedy
    assert found[0].where.startswith("第4段")
    with pytest.raises(BadTemplate, match="第4段"):
        check_template(kind_of("chase"), own(GOOD, line))


def test_lists_ask_for_a_column_and_what_is_missing_is_told() -> None:
    found = problems(kind_of("bulletin"), own("{{单位}}{{单位.名字}}"))
    assert [one.what for one in found[:2]] == ["“单位”是清单，要写明哪一列", "“单位”没有“名字”这一列"]
    missing = {one.name for one in found if one.missing}
    assert {"总数", "红灯数", "单位.名称", "红灯.原因", "成文日期"} <= missing


def test_placeholders_that_word_has_torn_into_runs_are_found() -> None:
    template = changed(own(GOOD), "word/document.xml", "收文单位", "收</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>文单位")
    assert problems(kind_of("chase"), template) == ()
    assert words_of(filled("chase", PLAIN, template))[2].startswith("区住建局：")


def test_files_that_are_no_template_are_refused() -> None:
    with pytest.raises(UnreadableFile, match="damaged"):
        problems(kind_of("chase"), b"no zip")
    macros = packed({**parts_of(own(GOOD), "x"), "word/vbaProject.bin": b"x"})
    with pytest.raises(UnreadableFile, match="宏"):
        problems(kind_of("chase"), macros)
    fetching = changed(
        own(GOOD), "word/_rels/document.xml.rels", "</Relationships>",
        '<Relationship Id="x" Type="http://x/attachedTemplate" Target="http://evil" TargetMode="External"/></Relationships>',
    )  # fmt: skip
    with pytest.raises(UnreadableFile, match="别处"):
        problems(kind_of("chase"), fetching)
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<a>" + b" " * 70_000_000)
    with pytest.raises(UnreadableFile, match="zip-bomb"):
        problems(kind_of("chase"), bomb.getvalue())
