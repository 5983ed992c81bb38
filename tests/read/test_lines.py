"""Lines broken in mid-sentence are joined, headings and items are not; page numbers and what is the site's are left out."""

from __future__ import annotations

import pytest

from luoshi.read import read_string

LONG = "一年来，我们坚持稳中求进，着力稳增长、促改革、惠民生。全区经济运行总体平稳"


def clean(*lines: str, end: str = "\n") -> list[str]:
    return read_string(end.join(lines)).clean.split("\n")[:-1]


def wrapped(text: str, width: int, indent: str = "") -> list[str]:
    text = indent + text
    return [text[at : at + width] for at in range(0, len(text), width)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n"])
@pytest.mark.parametrize(
    ("a", "b"),
    [
        (LONG + "，新增市场主体12", "00户，增长8%。"),
        (LONG + "，城镇化率达到65.2%", "，比上年提高1个百分点。"),
        (LONG + "，认真实施《", "城乡规划条例》。"),
        (LONG + "、", "稳中提质。"),
        (LONG + "，打造“青石", "”品牌。"),
        (LONG + "，为", "高质量发展打下基础。"),
        (LONG + "，人民生活水平进一步提", "高，社会大局保持稳定。"),
        ("二、", "加强施工的技术指导。"),
        ("一是", "加快项目建设。"),
        ("认真贯彻各级决策部署", "，各项事业取得新进步。"),
    ],
)
def test_joined(a: str, b: str, end: str) -> None:
    half = (a + b).replace("，", ",")
    assert clean(a, b, end=end) == [half]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("一、2023年工作回顾", "过去一年，我们砥砺前行。"),
        ("（一）聚焦项目建设，增强发展后劲", "全年新开工项目30个。"),
        (LONG + "。", "（二）优化营商环境。"),
        ("让建设成果更多更好惠及全区人民，让城市更有温度", "推动教育优质均衡发展。"),
        (LONG + "。（责任单位：区发改局）", "全面加强监督。"),
        (LONG, "二、2024年工作安排"),
        (LONG, "（三）保障和改善民生"),
        (LONG, "1.推进老旧小区改造"),
        (LONG, "2024年主要工作"),
        (LONG, "附件：名词解释"),
        ("青石区人民政府区长", "某某某"),
        ("今年要抓好三件事：", "——修路。"),
        ("社会消费品零售总额\t增长8%", "出口总额\t增长5%"),
    ],
)
def test_kept_apart(a: str, b: str) -> None:
    assert len(clean(a, b)) == 2


def test_indented_paragraph_begins_anew() -> None:
    body = [f"　　{LONG}。", f"　　{LONG}"] * 3
    assert len(clean(*body, "　　全面加强监督，确保任务落实。")) == 7


@pytest.mark.parametrize("indent", ["　　", ""])
def test_hard_wrapped(indent: str) -> None:
    paragraphs = [
        (LONG + "，全年实现地区生产总值1250.5亿元，增长8.2%，其中第三产业增加值占比提高到56.3%。") * count for count in (1, 2, 3, 2)
    ]
    lines = ["一、2023年工作回顾"]
    for paragraph in paragraphs:
        lines += wrapped(paragraph, 31, indent)
    assert clean(*lines) == ["一、2023年工作回顾", *(paragraph.replace("，", ",") for paragraph in paragraphs)]


def test_words_of_links_on_lines_of_their_own() -> None:
    lines = []
    for count in range(8):
        lines += [f"{LONG}，第{count}次推进民主", "法制", "建设取得新成效。", "深入落实", "《行政许可法》", "，提高办事效率。"]
    assert all(line.endswith("。") for line in clean(*lines))


@pytest.mark.parametrize("number", ["- 12 -", "—12—", "— 12 —", "第3页 共20页", "第 3 页", "3/20", "·7·"])
def test_page_number_inside_an_amount(number: str) -> None:
    text = read_string(f"{LONG}，全年完成投资12\n{number}\n50亿元，增长8%。\n")
    at = text.clean.index("1250亿元")
    assert text.quote(at, at + 6).text == f"12\n{number}\n50亿元"
    assert [mark.kind for mark in text.marks] == ["page_number"]


def test_lone_numbers_that_count_pages() -> None:
    page = (LONG + "。\n") * 10
    text = read_string("".join(f"{page}{number}\n" for number in range(1, 6)))
    assert [text.source[mark.start : mark.end] for mark in text.marks] == ["1", "2", "3", "4", "5"]


def test_numbers_of_rows_are_no_pages() -> None:
    rows = "".join(f"{number}\n修建道路{number}条\n区交通局\n" for number in range(1, 30))
    assert not read_string("序号\n任务\n单位\n" + rows).marks


@pytest.mark.parametrize(
    ("dirty", "tidy"),
    [
        ("存款达到4 6 2 8 0 亿元，比1 9 9 3 年增长8 .4 %。", "存款达到46280亿元,比1993年增长8.4%。"),
        ("推动 万元 GDP 能耗下降 3%，新建 4 家医院。", "推动万元GDP能耗下降3%,新建4家医院。"),
        (
            "过 去的一年，全区 上下团结一心，取得了来之不易的成绩，值得倍加珍惜。",
            "过去的一年,全区上下团结一心,取得了来之不易的成绩,值得倍加珍惜。",
        ),
        ("区  长  某某某", "区  长  某某某"),
        ("打造World Bank样板。", "打造World Bank样板。"),
        ("时间2024-12-31 10:19。", "时间2024-12-31 10:19。"),
        ("????全区????经济????平稳。", "全区经济平稳。"),
        ("困难吗？？我们有信心!", "困难吗??我们有信心!"),
        ("落实?“十五”计划。", "落实?“十五”计划。"),
        ("&emsp;&emsp;全区&nbsp;经济&mdash;&mdash;平稳&#12290;", "全区经济——平稳。"),
        ('贯彻\\"三个代表\\"思想。\\r\\n　　第二段。', '贯彻"三个代表"思想。\n第二段。'),
        (
            "二、2005年主要任务 今年是全面落实发展规划的关键一年，做好各项工作意义十分重大，必须坚定信心、真抓实干、开拓进取、再创佳绩。",
            "二、2005年主要任务\n今年是全面落实发展规划的关键一年,做好各项工作意义十分重大,必须坚定信心、真抓实干、开拓进取、再创佳绩。",
        ),
        ("\ufeff全\u200b区⽣产总值。", "全区生产总值。"),
        ("第一段。\x0c第二段。\u2028第三段。\r第四段。", "第一段。\n第二段。\n第三段。\n第四段。"),
    ],
)
def test_spelling(dirty: str, tidy: str) -> None:
    text = read_string(dirty)
    assert text.clean == tidy + "\n"
    last = len(tidy)
    assert text.quote(0, last).text.strip("&emsp;\u3000?\ufeff") in dirty
    assert not text.marks


SITE = """标题：青石区2024年政府工作报告
发文单位：青石区人民政府
来源URL：http://www.example.gov.cn/a/b.html

正文：

青石区人大
政务公开
长者模式
当前位置：
首页
>>
要闻
2024年01月05日
【
字体：
大
中
小
】
政府工作报告
——2024年1月3日在青石区第十届人民代表大会第四次会议上
区长 某某某
各位代表：
现在，我代表区人民政府向大会报告工作，请予审议，并请各位政协委员提出意见。
过去一年，全区经济运行总体平稳，城乡面貌发生新变化，人民生活得到新改善。
让我们团结一心，为建设现代化新青石而努力奋斗！
（责任编辑：某某）
上一篇：青石区召开常务会议
某ICP备12345678号-1
主办：青石区人民政府办公室
版权所有
"""


def test_site() -> None:
    text = read_string(SITE)
    assert text.clean.split("\n")[:-1] == [
        "政府工作报告",
        "——2024年1月3日在青石区第十届人民代表大会第四次会议上",
        "区长 某某某",
        "各位代表:",
        "现在,我代表区人民政府向大会报告工作,请予审议,并请各位政协委员提出意见。",
        "过去一年,全区经济运行总体平稳,城乡面貌发生新变化,人民生活得到新改善。",
        "让我们团结一心,为建设现代化新青石而努力奋斗!",
    ]
    metadata = [text.source[mark.start : mark.end] for mark in text.marks if mark.kind == "metadata"]
    assert metadata[0] == "标题：青石区2024年政府工作报告"
    assert {"navigation", "furniture", "footer", "metadata"} == {mark.kind for mark in text.marks}


@pytest.mark.parametrize(
    "line",
    [
        "打印机产业加快发展，全年实现产值30亿元，增长12%。",
        "分享改革发展成果，办好民生实事。",
        "信息来源更加多元，发布时间更加及时，办事群众更加满意。",
        "下一步，我们将继续推进。",
        "首页改版后，政务网站访问量突破100万次，群众满意度明显提高。",
        "主办全国性赛事3场，承办省级展会5个。",
        "网站地图、关于我们等栏目更加规范，政务公开水平持续提升。",
        "责任编辑制度不断完善，新闻出版业健康发展。",
        "主办单位：区文旅局",
        "承办单位：区教育局、各街道",
        "分享发展成果，增进民生福祉",
        "当前位置优越、交通便利，发展空间广阔",
        "编辑出版工作",
        "联系电话：12345",
        "来源：区统计局",
    ],
)
def test_sentences_of_the_body_are_never_marked(line: str) -> None:
    body = "过去一年，全区经济运行总体平稳，城乡面貌发生新变化，人民生活得到新改善。\n"
    assert not read_string(body * 3 + line + "\n" + body * 3).marks


@pytest.mark.parametrize(
    "text",
    [
        (
            "附件\n序号\n\t任务名称\n\t牵头单位\n\t协办单位\n1\n\t修建公园\n\t区城管局\n\t各街道\n"
            "2\n\t改造学校\n\t区教育局\n区住建局\n\t \n3\n\t办好节会\n\t区文旅局\n\t区商务局\n　　附件2\n　　名词解释\n"
        ),
        (
            "附件\r\n　　序号\t　　任务名称\t　　牵头单位\t　　协办单位\r\n　　1\t　　修建公园\r\n\t　　区城管局\t　　各街道\r\n　　2\t　　改造学校\t　　区教育局\r\n区住建局\t\r\n"
            "　　3\t　　办好节会\t　　区文旅局\t　　区商务局\r\n　　附件2\r\n　　名词解释\r\n"
        ),
    ],
)
def test_table_copied_as_text(text: str) -> None:
    read = read_string(text)
    (table,) = read.tables
    assert table.header == ("number", "task", "lead", "support")
    cells = {(cell.row, cell.column): read.source[cell.start : cell.end].replace("\r", "") for cell in table.cells}
    assert cells[2, 2] == "区教育局\n区住建局"
    assert cells[3, 3] == "区商务局"
    assert (2, 3) not in cells
    assert max(cell.row for cell in table.cells) == 3
    assert read.clean.endswith("附件2\n名词解释\n")


@pytest.mark.parametrize(
    "text", ["社会消费品\t增长8%\n出口\t增长5%\n税收\t增长3%\n", "序号\t\t\n1\t2\t3\n2\t3\t4\n3\t4\t5\n", "一\t二\n" * 5]
)
def test_no_table_without_header_words(text: str) -> None:
    assert not read_string(text).tables
