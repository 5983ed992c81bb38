"""The numbers of a paper's page: sheet, margins, lines, signs, sizes and fonts, each with the clause that sets it."""

from __future__ import annotations

from typing import Final

import msgspec

#: where every number below comes from, unless it says otherwise
SOURCE: Final = "GB/T 9704-2012《党政机关公文格式》"
TWIPS_PER_MM: Final = 1440 / 25.4
#: what a point of the page's edge may be off: the standard allows 1 mm (5.2.1)
TOLERANCE_MM: Final = 1.0


class Sheet(msgspec.Struct, frozen=True):
    """A sheet and its margins in millimetres.

    >>> (PORTRAIT.body_width, PORTRAIT.body_height), (LANDSCAPE.body_width, LANDSCAPE.body_height)
    ((156, 225), (225, 156))
    """

    width: int
    height: int
    top: int
    bottom: int
    left: int
    right: int

    @property
    def body_width(self) -> int:
        return self.width - self.left - self.right

    @property
    def body_height(self) -> int:
        return self.height - self.top - self.bottom


#: A4, 天头 37 mm, 订口 28 mm, 版心 156 mm × 225 mm (5.1, 5.2.1); what is left are 35 mm below and 26 mm at the right
PORTRAIT: Final = Sheet(210, 297, 37, 35, 28, 26)
#: the same sheet on its side, bound at its head: a wide table (8.3 横排表格)
LANDSCAPE: Final = Sheet(297, 210, 28, 26, 35, 37)
#: 每面排 22 行，每行排 28 个字 (5.2.2)
LINES: Final = 22
SIGNS: Final = 28
#: from line to line: 225 mm in 22 lines are 28.99 pt; in twentieths of a point rounded down, or the last line goes over the page
PITCH: Final = 579
#: signs of 16 pt stand so much closer, in twentieths of a point, that 28 fit 156 mm (442.2 pt): said of the signs and not of the page's grid,
#: on which a sign wider than its cell takes one and a half in LibreOffice
CLOSER: Final = -5
#: the lower end of the page number's line stands so far from the sheet's edge that its dashes are 7 mm below the text (7.5)
FOOTER: Final = 1447

#: the lines of the imprint in twentieths of a point: the first and the last 0.35 mm, those between 0.25 mm (7.4.1)
RULE_EDGE, RULE_INSIDE = 20, 14
#: sizes in points: 二号, 三号, 四号, 小四, 五号
TITLE, BODY, SMALL, TABLE, FINE = 22.0, 16.0, 14.0, 12.0, 10.5


class Font(msgspec.Struct, frozen=True):
    """A font by the names under which machines have it, the one that is asked for first; ``kind`` is what Word goes by where none is there."""

    names: tuple[str, ...]
    kind: str = "roman"
    source: str = SOURCE

    @property
    def name(self) -> str:
        return self.names[0]


#: The fonts that the standard asks for are sold by their makers: a machine without them takes the next of the line (Word reads it as altName)
FONTS: Final[dict[str, Font]] = {
    "title": Font(("方正小标宋简体", "方正小标宋_GBK", "小标宋", "华文中宋", "STZhongsong", "Noto Serif CJK SC", "宋体"), source=f"{SOURCE} 7.3.1"),
    "body": Font(("仿宋_GB2312", "仿宋", "FangSong", "华文仿宋", "STFangsong", "方正仿宋_GBK", "Noto Serif CJK SC"), source=f"{SOURCE} 5.2.2"),
    "hei": Font(("黑体", "SimHei", "方正黑体_GBK", "华文黑体", "STHeiti", "Noto Sans CJK SC"), "swiss", f"{SOURCE} 7.3.3"),
    "kai": Font(("楷体_GB2312", "楷体", "KaiTi", "华文楷体", "STKaiti", "方正楷体_GBK", "Noto Serif CJK SC"), source=f"{SOURCE} 7.3.3"),
    "song": Font(("宋体", "SimSun", "NSimSun", "华文宋体", "STSong", "Noto Serif CJK SC"), source=f"{SOURCE} 7.5"),
}  # fmt: skip


class Style(msgspec.Struct, frozen=True):
    """A style of paragraphs: its name as Word shows it, font and size, and how it stands. ``indent`` in signs; ``pitch`` in lines of the grid."""

    id: str
    name: str
    font: str
    size: float
    indent: float = 0
    align: str = "both"
    #: exactly so high, in twentieths of a point
    line: int = PITCH
    level: int = 0
    colour: str = ""
    source: str = SOURCE


STYLES: Final[tuple[Style, ...]] = (
    Style("LsMark", "公文红头", "title", 44, align="center", line=1100, colour="C8000A", source=f"{SOURCE} 7.2.4；字号本系统缺省，请本单位核定"),
    Style("LsNumber", "公文字号", "body", BODY, align="center", source=f"{SOURCE} 7.2.5"),
    Style("LsTitle", "公文标题", "title", TITLE, align="center", line=PITCH, source=f"{SOURCE} 7.3.1"),
    Style("LsTo", "公文主送", "body", BODY, source=f"{SOURCE} 7.3.2"),
    Style("LsText", "公文正文", "body", BODY, indent=2, source=f"{SOURCE} 7.3.3"),
    Style("LsHead1", "公文一级标题", "hei", BODY, indent=2, level=1, source=f"{SOURCE} 7.3.3"),
    Style("LsHead2", "公文二级标题", "kai", BODY, indent=2, level=2, source=f"{SOURCE} 7.3.3"),
    Style("LsHead3", "公文三级标题", "body", BODY, indent=2, level=3, source=f"{SOURCE} 7.3.3"),
    Style("LsHead4", "公文四级标题", "body", BODY, indent=2, level=4, source=f"{SOURCE} 7.3.3"),
    Style("LsAnnexNote", "公文附件说明", "body", BODY, indent=2, source=f"{SOURCE} 7.3.4"),
    Style("LsSign", "公文署名", "body", BODY, align="right", source=f"{SOURCE} 7.3.5"),
    Style("LsDay", "公文日期", "body", BODY, align="right", source=f"{SOURCE} 7.3.5"),
    Style("LsRemark", "公文附注", "body", BODY, indent=2, source=f"{SOURCE} 7.3.6"),
    Style("LsAnnex", "公文附件", "hei", BODY, align="left", source=f"{SOURCE} 7.3.7"),
    Style("LsCopies", "公文版记", "body", SMALL, align="left", line=480, source=f"{SOURCE} 7.4"),
    Style("LsRule", "公文版记线", "body", SMALL, align="left", line=RULE_EDGE, source=f"{SOURCE} 7.4.1"),
    Style("LsCell", "公文表格", "body", TABLE, align="left", line=360, source="本系统缺省，请本单位核定"),
    Style("LsCellHead", "公文表头", "hei", TABLE, align="center", line=360, source="本系统缺省，请本单位核定"),
    Style("LsFine", "公文小表格", "body", FINE, align="left", line=300, source="本系统缺省，请本单位核定"),
    Style("LsFineHead", "公文小表头", "hei", FINE, align="center", line=300, source="本系统缺省，请本单位核定"),
    Style("LsSmall", "公文表注", "body", TABLE, align="left", line=360, source="本系统缺省，请本单位核定"),
    Style("LsPicture", "公文图", "body", BODY, align="center", line=0, source="本系统缺省，请本单位核定"),
    Style("LsNote", "公文脚注", "body", FINE, align="left", line=300, source="本系统缺省，请本单位核定"),
    Style("LsPage", "公文页码", "song", SMALL, align="left", line=280, source=f"{SOURCE} 7.5"),
)  # fmt: skip
STYLE: Final = {style.id: style for style in STYLES}


def twips(mm: float) -> int:
    """Millimetres in twentieths of a point.

    >>> twips(210), twips(297), twips(37), twips(28)
    (11906, 16838, 2098, 1587)
    """
    return round(mm * TWIPS_PER_MM)


def mm(of_twips: float) -> float:
    """Twentieths of a point in millimetres, to a hundredth: whole twentieths meet whole millimetres only nearly.

    >>> mm(1440), mm(11906)
    (25.4, 210.01)
    """
    return round(of_twips / TWIPS_PER_MM, 2)


def width_of(words: str) -> float:
    """How many signs wide words are: a Chinese sign one, a half-width one a half.

    >>> width_of("2026年3月5日"), width_of("区政府办公室")
    (6.0, 6.0)
    """
    return sum(1.0 if ord(mark) > 0x2E7F or mark in "“”‘’…—·" else 0.5 for mark in words)
