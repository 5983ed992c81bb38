"""What of a docx deviates from the layout of GB/T 9704, with its place: read from the file's bytes alone, whoever wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import msgspec

from luoshi.publish.papers.deviation import Deviation
from luoshi.publish.papers.imprint import imprint
from luoshi.publish.papers.layout import BODY as BODY_SIZE
from luoshi.publish.papers.layout import FONTS, LANDSCAPE, LINES, PORTRAIT, SIGNS, SMALL, SOURCE, TITLE, TOLERANCE_MM, Sheet, mm
from luoshi.publish.papers.marks import MARK, text_of
from luoshi.publish.papers.packing import BODY, R, parts_of, tree, w
from luoshi.publish.papers.words import amount

#: 机关代字、年份、发文顺序号：年份用六角括号，序号不编虚位 (7.2.5)
NUMBER: Final = re.compile(r"[\u4e00-\u9fff]+〔(?:19|20)\d{2}〕[1-9]\d*号")
_LIKE_NUMBER: Final = re.compile(r"^\s*[\u4e00-\u9fff]{1,12}\s*[〔\[［(（【]\s*(?:19|20)\d{2}\s*[〕\]］)）】]\s*[第0-9]*\s*号\s*$")
_DAY: Final = re.compile(r"^\s*[〇○零一二三四五六七八九十\d]{4}年.{1,3}月.{1,3}日\s*$")
_GOOD_DAY: Final = re.compile(r"^\s*(?:19|20)\d{2}年(?:[1-9]|1[0-2])月(?:[1-9]|[12]\d|3[01])日\s*$")
_HEADS: Final = {1: re.compile(r"^\s*[一二三四五六七八九十]+、"), 2: re.compile(r"^\s*（[一二三四五六七八九十]+）")}
#: as it stands in papers made here, and as others write it: no grid, no check of lines
_PITCH: Final = (28.0, 30.0)
_MARGINS: Final = ("top", "bottom", "left", "right")
_NAMES: Final = {"top": "上", "bottom": "下", "left": "左", "right": "右"}
_SHOWN: Final = 24
_LONGEST_HEAD: Final = 40


def check(data: bytes, name: str = "文稿") -> tuple[Deviation, ...]:
    """What deviates, in the order of the document; nothing where the layout is as it should be.

    Raises ``UnreadableFile`` for what is no docx.
    """
    parts = parts_of(data, name)
    root, styles = tree(parts[BODY]), _Styles(parts.get("word/styles.xml"))
    found = [*_sections(root), *_numbers(root, parts), *_lines(root, styles), *_texts(root, styles), *_tables(root), *imprint(root)]
    return tuple(dict.fromkeys(found))


# --- the page


def _sections(root: Any) -> Iterator[Deviation]:
    for number, section in enumerate(root.iter(w("sectPr")), 1):
        where = f"第{number}节页面"
        size, margins = section.find(w("pgSz")), section.find(w("pgMar"))
        if size is None or margins is None:
            yield Deviation("没有写明纸张或页边距", where, "A4，天头 37 mm、订口 28 mm", f"{SOURCE} 5.1、5.2.1")
            continue
        wide, high = _mm(size, "w"), _mm(size, "h")
        sheet = LANDSCAPE if wide > high else PORTRAIT
        if not (_near(wide, sheet.width) and _near(high, sheet.height)):
            yield Deviation(f"纸张是 {amount(wide)}×{amount(high)} mm", where, f"A4（{sheet.width}×{sheet.height} mm）", f"{SOURCE} 5.1")
            continue
        yield from _margins(margins, sheet, where)
        yield from _grid(section, sheet, where)


def _margins(margins: Any, sheet: Sheet, where: str) -> Iterator[Deviation]:
    for side in _MARGINS:
        stands, should = _mm(margins, side), getattr(sheet, side)
        if not _near(stands, should):
            yield Deviation(
                f"{_NAMES[side]}边距 {amount(stands)} mm",
                where,
                f"{should} mm（版心 {sheet.body_width}×{sheet.body_height} mm）",
                f"{SOURCE} 5.2.1",
            )


def _grid(section: Any, sheet: Sheet, where: str) -> Iterator[Deviation]:
    """Twenty-two lines a page by the grid, where the section has one; a section on its side holds tables."""
    grid = section.find(w("docGrid"))
    if sheet is not PORTRAIT or grid is None or grid.get(w("type")) in (None, "default"):
        return
    pitch = float(grid.get(w("linePitch"), "0")) / 20
    lines = int(sheet.body_height / 25.4 * 72 / pitch) if pitch else 0
    if lines != LINES:
        yield Deviation(f"网格每页 {lines} 行（行距 {amount(pitch)} 磅）", where, f"每页 {LINES} 行", f"{SOURCE} 5.2.2")
    space = grid.get(w("charSpace"))
    if grid.get(w("type")) == "linesAndChars" and space is not None:
        signs = int(sheet.body_width / 25.4 * 72 / (BODY_SIZE + int(space) / 4096) + 0.01)
        if signs != SIGNS:
            yield Deviation(f"网格每行 {signs} 字", where, f"每行 {SIGNS} 字", f"{SOURCE} 5.2.2")


def _near(found: float, wanted: float) -> bool:
    return abs(found - wanted) <= TOLERANCE_MM


def _mm(element: Any, name: str) -> float:
    try:
        return mm(float(element.get(w(name), "0")))
    except ValueError:
        return 0.0


# --- page numbers


def _numbers(root: Any, parts: Mapping[str, bytes]) -> Iterator[Deviation]:
    """Number between dashes at the outer side: at the right on odd pages, at the left on even ones."""
    source = f"{SOURCE} 7.5"
    settings = parts.get("word/settings.xml")
    even = settings is not None and tree(settings).find(w("evenAndOddHeaders")) is not None
    targets = _targets(parts)
    kinds = {one.get(w("type"), "default"): targets.get(one.get(f"{{{R}}}id"), "") for one in root.iter(w("footerReference"))}
    wanted = (("default", "单页", "right"), ("even", "双页", "left")) if even else (("default", "页脚", "right"),)
    if not even:
        yield Deviation("单双页的页码没有分开", "页脚", "单页码居右、双页码居左（奇偶页不同）", source)
    for kind, where, side in wanted:
        part = parts.get(kinds.get(kind, ""), b"")
        yield from _number(tree(part) if part else None, f"{where}页码", side if even else "", source)


def _number(root: Any, where: str, side: str, source: str) -> Iterator[Deviation]:
    fields = (
        []
        if root is None
        else [*(one.get(w("instr"), "") for one in root.iter(w("fldSimple"))), *(one.text or "" for one in root.iter(w("instrText")))]
    )
    if not any("PAGE" in one.upper() for one in fields):
        yield Deviation("没有页码", where, "4号半角数字，左右各一条一字线", source)
        return
    holder = next(one for one in root.iter(w("p")) if text_of(one).strip())
    if len(re.findall("[—－–-]", text_of(holder))) < 2:
        yield Deviation(f"页码写作“{text_of(holder).strip()}”", where, "左右各一条一字线：— 1 —", source)
    align = holder.find(f"{w('pPr')}/{w('jc')}")
    stands = "left" if align is None else str(align.get(w("val"), "left"))
    if side and {"start": "left", "end": "right"}.get(stands, stands) != side:
        yield Deviation(f"页码{_side(stands)}", where, _side(side), source)


def _side(align: str) -> str:
    return {"left": "居左", "start": "居左", "right": "居右", "end": "居右", "center": "居中"}.get(align, align)


def _targets(parts: Mapping[str, bytes]) -> dict[str, str]:
    found = parts.get("word/_rels/document.xml.rels")
    return {} if found is None else {str(one.get("Id")): f"word/{one.get('Target')}" for one in tree(found)}


# --- text


class _Look(msgspec.Struct, frozen=True):
    """How a paragraph's words look: font, size, line, alignment, and how much closer than plain its signs stand."""

    font: str = ""
    size: float = 0
    line: float = 0
    rule: str = ""
    align: str = "left"
    indent: float = 0
    closer: float = 0


class _Styles:
    """The looks of styles, each with what it is based on."""

    def __init__(self, data: bytes | None) -> None:
        self._styles: dict[str, Any] = {}
        self._default: Any = None
        self._plain = ""
        for one in tree(data) if data else ():
            if one.tag == w("docDefaults"):
                self._default = one
            elif one.tag == w("style") and one.get(w("type")) == "paragraph":
                self._styles[one.get(w("styleId"))] = one
                self._plain = one.get(w("styleId")) if one.get(w("default")) == "1" else self._plain

    def look(self, paragraph: Any) -> _Look:
        """Of a paragraph: its own, of its first run with words, else of its style and what that is based on."""
        told = paragraph.find(w("pPr"))
        named = told.find(w("pStyle")) if told is not None else None
        runs = [one for one in paragraph.iter(w("r")) if text_of(one).strip()]
        found = self._of(self._plain if named is None else named.get(w("val")))
        return _over(_over(found, told, None), None, runs[0].find(w("rPr")) if runs else None)

    def _of(self, key: str) -> _Look:
        chain, seen = [], set[str]()
        while key in self._styles and key not in seen:
            seen.add(key)
            chain.append(self._styles[key])
            based = self._styles[key].find(w("basedOn"))
            key = "" if based is None else str(based.get(w("val")))
        look = _Look()
        if self._default is not None:
            look = _over(look, self._default.find(f".//{w('pPr')}"), self._default.find(f".//{w('rPr')}"))
        for style in reversed(chain):
            look = _over(look, style.find(w("pPr")), style.find(w("rPr")))
        return look


def _over(look: _Look, told: Any, run: Any) -> _Look:
    """The look with what properties say besides."""
    changed: dict[str, Any] = {}
    if told is not None:
        changed |= _of_paragraph(told)
    if run is not None:
        fonts, size, space = run.find(w("rFonts")), run.find(w("sz")), run.find(w("spacing"))
        if fonts is not None and fonts.get(w("eastAsia")):
            changed["font"] = fonts.get(w("eastAsia"))
        if size is not None:
            changed["size"] = float(size.get(w("val"), "0")) / 2
        if space is not None:
            changed["closer"] = float(space.get(w("val"), "0")) / 20
    return msgspec.structs.replace(look, **changed)


def _of_paragraph(told: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    spacing, align, indent = told.find(w("spacing")), told.find(w("jc")), told.find(w("ind"))
    if spacing is not None and spacing.get(w("line")):
        found |= {"line": float(spacing.get(w("line"))) / 20, "rule": spacing.get(w("lineRule"), "auto")}
    if align is not None:
        found["align"] = align.get(w("val"), "left")
    if indent is not None:
        chars, twips = indent.get(w("firstLineChars")), indent.get(w("firstLine"))
        found["indent"] = float(chars) / 100 if chars else float(twips or 0) / 320
    return found


def _outside(root: Any) -> list[tuple[int, Any]]:
    """The paragraphs with words that stand in no table, with their numbers."""
    body = root.find(w("body"))
    return [(number, one) for number, one in enumerate(body.findall(w("p")), 1) if text_of(one).strip()]


def _spot(number: int, text: str) -> str:
    text = text.strip()
    return f"第{number}段“{text if len(text) <= _SHOWN else text[:_SHOWN] + '……'}”"


def _lines(root: Any, styles: _Styles) -> Iterator[Deviation]:
    """Body lines as far apart as 22 a page are, and 28 signs a line; said once for all that are alike."""
    seen = set[str]()
    grid = next((one.get(w("type")) for one in root.iter(w("docGrid"))), None)
    for number, one in _outside(root):
        look, text = styles.look(one), text_of(one)
        if look.size != BODY_SIZE or look.indent == 0:
            continue
        if look.rule == "exact" and not _PITCH[0] <= look.line <= _PITCH[1] and "pitch" not in seen:
            seen.add("pitch")
            yield Deviation(f"行距固定 {amount(look.line)} 磅", _spot(number, text), "28.95 磅左右（每页 22 行）", f"{SOURCE} 5.2.2")
        signs = int(PORTRAIT.body_width / 25.4 * 72 / (BODY_SIZE + look.closer) + 0.01)
        if grid != "linesAndChars" and signs != SIGNS and "signs" not in seen:
            seen.add("signs")
            yield Deviation(f"每行约 {signs} 字", _spot(number, text), f"每行 {SIGNS} 字", f"{SOURCE} 5.2.2")


def _texts(root: Any, styles: _Styles) -> Iterator[Deviation]:
    paragraphs = _outside(root)
    for at, (number, one) in enumerate(paragraphs):
        text, where, look = text_of(one), _spot(number, text_of(one)), styles.look(one)
        if MARK.search(text):
            yield Deviation("占位符没有填上", where, "填写或删去", "本系统")
        if _LIKE_NUMBER.match(text) and not NUMBER.fullmatch(text.strip()):
            yield Deviation(f"发文字号写作“{text.strip()}”", where, "机关代字〔年份〕序号，如 栖督〔2026〕7号", f"{SOURCE} 7.2.5")
        if _DAY.match(text) and not _GOOD_DAY.match(text):
            yield Deviation(f"日期写作“{text.strip()}”", where, "阿拉伯数字，月、日不编虚位，如 2026年3月5日", f"{SOURCE} 7.3.5")
        yield from _heading(text, look, where)
        if _is_title(look, at):
            yield from _title(look, where)
        elif look.indent and look.size:
            yield from _body(text, look, where)


def _is_title(look: _Look, at: int) -> bool:
    return look.align == "center" and TITLE - 2 <= look.size <= TITLE + 2 and at < 6


def _title(look: _Look, where: str) -> Iterator[Deviation]:
    if look.size != TITLE:
        yield Deviation(f"标题 {amount(look.size)} 磅", where, "2号（22 磅）", f"{SOURCE} 7.3.1")
    yield from _font(look, "title", where, "2号小标宋体", "7.3.1")


def _heading(text: str, look: _Look, where: str) -> Iterator[Deviation]:
    """Headings of the first and second level, where the paragraph is no more than one."""
    for level, names, wanted in ((1, "hei", "黑体"), (2, "kai", "楷体")):
        if _HEADS[level].match(text) and len(text) < _LONGEST_HEAD and not text.rstrip().endswith(("。", "；")):
            yield from _font(look, names, where, f"3号{wanted}", "7.3.3")


def _body(text: str, look: _Look, where: str) -> Iterator[Deviation]:
    if any(pattern.match(text) for pattern in _HEADS.values()):
        return
    if look.size not in (BODY_SIZE, SMALL):
        yield Deviation(f"正文 {amount(look.size)} 磅", where, "3号（16 磅）", f"{SOURCE} 5.2.2")
    yield from _font(look, "body", where, "3号仿宋", "5.2.2")


def _font(look: _Look, key: str, where: str, should: str, clause: str) -> Iterator[Deviation]:
    names: Iterable[str] = FONTS[key].names
    if look.font and look.font not in names and not any(look.font.startswith(name) for name in names):
        yield Deviation(f"字体是{look.font}", where, should, f"{SOURCE} {clause}")


def _tables(root: Any) -> Iterator[Deviation]:
    """Tables that go over a page: heads that repeat, rows that are not torn; none wider than the text."""
    for number, table in enumerate(root.iter(w("tbl")), 1):
        rows = table.findall(w("tr"))
        if len(rows) < 3 or table.find(f"{w('tblPr')}/{w('tblpPr')}") is not None:
            continue
        where = f"表{number}"
        is_list = all(len(row.findall(w("tc"))) == len(rows[0].findall(w("tc"))) for row in rows)
        if is_list and rows[0].find(f"{w('trPr')}/{w('tblHeader')}") is None and len(rows) > LINES:
            yield Deviation("表头不会在续页重复", where, "勾选“在各页顶端以标题行形式重复出现”", "8.3 表格的通行要求，本系统缺省")
        if any(row.find(f"{w('trPr')}/{w('cantSplit')}") is None for row in rows) and len(rows) > LINES:
            yield Deviation("有的行会断在两页", where, "去掉“允许跨页断行”", "本系统缺省，请本单位核定")
        width = sum(float(one.get(w("w"), "0")) for one in table.findall(f"{w('tblGrid')}/{w('gridCol')}"))
        most = max(PORTRAIT.body_width, LANDSCAPE.body_width if _on_side(table) else 0)
        if mm(width) > most + TOLERANCE_MM:
            yield Deviation(f"表宽 {amount(mm(width))} mm", where, f"不宽于版心（{most} mm）", f"{SOURCE} 5.2.1")


def _on_side(table: Any) -> bool:
    """Whether the section in which a table stands is on its side: the first whose end comes after it."""
    body = table.getroottree().getroot().find(w("body"))
    after = False
    for child in body:
        after = after or child is table
        section = child if child.tag == w("sectPr") else child.find(f"{w('pPr')}/{w('sectPr')}")
        if after and section is not None:
            size = section.find(w("pgSz"))
            return size is not None and _mm(size, "w") > _mm(size, "h")
    return False
