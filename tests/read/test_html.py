"""Web pages: the document's words in order, the site's marked."""

from __future__ import annotations

import pytest

from luoshi.read import read_bytes

PAGE = """<!DOCTYPE html><html><head><meta charset="gb2312"><meta name="ArticleTitle" content="青石区2024年政府工作报告">
<title>政府工作报告_青石区人民政府</title><script>var a = "<p>不是正文</p>";</script></head><body><!-- <p>注释</p> -->
<div class="top-nav"><ul><li><a href="/">首页</a></li><li><a href="/zw">政务公开</a></li></ul></div>
<div class="dqwz">当前位置：<a>首页</a> &gt; <a>政府工作报告</a></div>
<div class="main_right"><h1>青石区2024年政府工作报告</h1>
<p>　　各位代表：</p><p>　　现在，我向大会报告工作，请予
审议。全年完成投资<span>120</span><b>亿元</b>，增长8％。</p>
<p>认真贯彻《<a href="1">统计法</a>》。<br>第一，抓项目。<br/>第二，抓创新。</p>
<table><tr><th>序号</th><th>任务</th><th>责任单位</th></tr><tr><td>1</td><td rowspan="2">植树</td><td>区林业局</td></tr><tr><td>2</td><td>各镇</td></tr></table>
<p>附件：<a href="a.docx">名词解释.docx</a></p></div>
<div class="prevnext">上一篇：<a>去年的报告</a></div><div style="display:none">看不见</div>
<div class="footer"><p>主办：青石区人民政府办公室</p><p>某ICP备12345678号</p></div></body></html>"""


def test_page() -> None:
    text = read_bytes(PAGE.encode("gb18030"), "x.html")
    assert text.encoding == "gb18030"
    assert text.format == "html"
    assert text.clean == (
        "青石区2024年政府工作报告\n各位代表:\n现在,我向大会报告工作,请予审议。全年完成投资120亿元,增长8%。\n认真贯彻《统计法》。\n第一,抓项目。\n"
        "第二,抓创新。\n序号\t任务\t责任单位\n1\t植树\t区林业局\n2\t\t各镇\n附件:名词解释.docx\n"
    )
    marked = "".join(text.source[mark.start : mark.end] + "\n" for mark in text.marks)
    for words in ("政务公开", "当前位置", "上一篇", "看不见", "主办", "ICP", "标题：青石区2024年政府工作报告"):
        assert words in marked
    assert "不是正文" not in text.source
    assert "注释</p>" not in text.source
    (table,) = text.tables
    assert table.header == ("number", "task", "unit")
    assert text.place(text.source.index("各镇")) == "表1 第3行 第3列"


OLD = """<HTML><HEAD><TITLE>青石县政府网</TITLE><META http-equiv=Content-Type content="text/html; charset=gb2312"></HEAD>
<BODY><TABLE width=780><TR><TD><A href=a><IMG src=x></A></TD><TD>首页 | 政务公开 | <A>联系我们</A></TD></TR></TABLE>
<TABLE><TR><TD width=180><TABLE><TR><TD><A>领导之窗</A></TD></TR><TR><TD><A>机构设置</A></TD></TR></TABLE></TD>
<TD><TABLE><TR><TD align=middle><FONT size=5><B>青石县人民政府工作报告</B></FONT></TD></TR>
<TR><TD>2008-1-15 &nbsp; 来源：县政府办 &nbsp;【<A>大</A> <A>中</A> <A>小</A>】 <A>打印</A></TD></TR>
<TR><TD>　　各位代表：<BR><BR>　　<STRONG>一、2007年工作回顾</STRONG><BR>　　全县生产总值完成45.6亿元，增
长12.8%。<BR><TABLE border=1><TR><TD>指标</TD><TD>完成</TD></TR><TR><TD>财政收入</TD><TD>3.2亿元</TD></TR></TABLE><BR>　　二、2008年工作安排<P>　　加快发展。</TD></TR>
</TABLE></TD></TR></TABLE><HR><CENTER>版权所有：青石县人民政府</CENTER></BODY></HTML>"""


def test_page_laid_out_with_tables() -> None:
    text = read_bytes(OLD.encode("gb18030"), "x.htm")
    assert text.clean == (
        "青石县人民政府工作报告\n各位代表:\n一、2007年工作回顾\n全县生产总值完成45.6亿元,增长12.8%。\n指标\t完成\n财政收入\t3.2亿元\n"
        "二、2008年工作安排\n加快发展。\n"
    )
    assert len(text.tables) == 1


def test_sentence_in_a_site_element_is_kept() -> None:
    page = "<html><body><div id='sidebar'><p>全区上下团结一心，完成了全年目标任务，各项事业取得新进步。</p></div></body></html>"
    assert "新进步" in read_bytes(page.encode(), "x.html").clean


@pytest.mark.parametrize("charset", ["utf-8", "gbk", "big5"])
def test_declared_charset_is_believed_only_where_it_fits(charset: str) -> None:
    page = f"<html><meta charset='{charset}'><body><p>各位代表，全区经济社会发展取得新成效。</p></body></html>"
    assert "新成效" in read_bytes(page.encode("utf-8"), "x.html").clean


@pytest.mark.parametrize(
    "page",
    [
        "<html>" + "<div>" * 10_000 + "各位代表" + "</div>" * 10_000,
        "<html>" + "<table><tr><td>" * 10_000 + "各位代表",
        "<html><p>各位代表" + "<a " * 100_000,
        "<html><p>各位代表<a x='" + "<!-- " * 100_000,
        "<html><p>各位代表</p>" + "<tr><td rowspan=999999 colspan=999999>" * 3000,
        "<html><p>各位代表</p><table>" + "<tr><td rowspan=500 colspan=500>甲<td>乙</tr>" * 3000,
        "<html><p>各位代表</p>" + "".join(f"<font a={number}>" for number in range(20_000)) + "<p>字" * 20_000,
        "<html>" + "（" * 10_000 + "各位代表" + "）" * 10_000,
        "<html><p>各位代表</p>" + "<" * 200_000,
        "<html><p>各位代表&#xD800;&#1114112;&bogus;" + "&amp" * 1000,
    ],
)
def test_hostile(page: str) -> None:
    text = read_bytes(page.encode(), "x.html")
    assert "各位代表" in text.clean
    assert len(text.source) < 3 * len(page) + 1000
