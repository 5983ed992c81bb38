"""Blocks written as a docx in the layout of GB/T 9704: what the program ships as the template of a paper, until an office has its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, assert_never
from xml.sax.saxutils import escape

from luoshi.publish.papers import blocks as b
from luoshi.publish.papers.layout import (
    BODY,
    CLOSER,
    FONTS,
    LANDSCAPE,
    PITCH,
    PORTRAIT,
    RULE_EDGE,
    RULE_INSIDE,
    SMALL,
    STYLES,
    Font,
    Sheet,
    Style,
    twips,
)
from luoshi.publish.papers.layout import FOOTER as FOOTER_FROM_EDGE
from luoshi.publish.papers.packing import RELS, TYPES, R, W, packed

_OFFICE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_REL: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_NS: Final = (
    f'xmlns:w="{W}" xmlns:r="{R}" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
RED: Final = "C8000A"
#: the lines of a letter are 170 mm long and stand in the middle of the sheet (10.1)
_LETTER_LINE, _LETTER_TOP, _LETTER_FOOT = 170, 30, 20
#: the parts besides the text itself, and how it refers to them
PARTS: Final = (
    ("rId1", "styles", "styles.xml"), ("rId2", "settings", "settings.xml"), ("rId3", "fontTable", "fontTable.xml"), ("rId4", "footnotes", "footnotes.xml"),
    ("rId5", "footer", "footer1.xml"), ("rId6", "footer", "footer2.xml"), ("rId7", "header", "header1.xml"), ("rId8", "footer", "footer3.xml"),
)  # fmt: skip


def written(blocks: Sequence[b.Block], form: b.Form) -> bytes:
    """The docx of these blocks. The same blocks give the same bytes."""
    letter = form == "letter"
    body = _Body(form)
    for block in blocks:
        body.add(block)
    parts = {
        "[Content_Types].xml": _types(letter), "_rels/.rels": _rels((("rId1", "officeDocument", "word/document.xml"),)),
        "word/_rels/document.xml.rels": _rels(part for part in PARTS if letter or part[0] not in {"rId7", "rId8"}),
        "word/document.xml": f"{_HEAD}<w:document {_NS}><w:body>{''.join(body.done())}</w:body></w:document>",
        "word/styles.xml": _styles(), "word/settings.xml": _settings(), "word/fontTable.xml": _fonts(), "word/footnotes.xml": _footnotes(),
        "word/footer1.xml": _footer("right"), "word/footer2.xml": _footer("left"),
    }  # fmt: skip
    if letter:
        marks = [block.text for block in blocks if isinstance(block, b.Mark)]
        parts |= {"word/header1.xml": _letter_head(marks[0] if marks else ""), "word/footer3.xml": _letter_foot()}
    return packed({name: text.encode() for name, text in parts.items()})


# --- the body


class _Body:
    """The elements of the body in their order, section by section."""

    def __init__(self, form: b.Form) -> None:
        self._form: b.Form = form
        self._sheet = LANDSCAPE if form == "wide" else PORTRAIT
        self._made: list[str] = []
        self._sections = 0

    def add(self, block: b.Block) -> None:
        if isinstance(block, b.Annex):
            self._annex(block)
        elif not (isinstance(block, b.Mark) and self._form == "letter"):
            self._made += _elements(block, self._form, self._sheet)

    def _annex(self, block: b.Annex) -> None:
        """An annex begins a page, on its side a section."""
        new = LANDSCAPE if block.wide else PORTRAIT
        if new != self._sheet:
            self._made.append(f"<w:p><w:pPr>{style_of('LsSmall')}{self._section()}</w:pPr></w:p>")
            self._sheet = new
            self._made.append(paragraph("LsAnnex", block.mark))
        else:
            self._made.append(paragraph("LsAnnex", block.mark, "<w:pageBreakBefore/>"))
        self._made += [paragraph("LsText", ""), paragraph("LsTitle", block.title), paragraph("LsText", "")]

    def _section(self) -> str:
        self._sections += 1
        return section(self._sheet, letter=self._form == "letter" and self._sections == 1)

    def done(self) -> list[str]:
        if self._made and self._made[-1].startswith("<w:tbl>"):
            self._made.append(paragraph("LsSmall", ""))
        return [*self._made, self._section()]


def _elements(block: b.Block, form: b.Form, sheet: Sheet) -> list[str]:
    """The elements of a block."""
    match block:
        case b.Mark():
            return [paragraph("LsMark", block.text, f'<w:spacing w:before="{twips(35)}" w:after="0" w:line="1100" w:lineRule="exact"/>')]
        case b.Number():
            return _number(block.text, form)
        case b.Title():
            gap = [paragraph("LsText", "")] * (2 if form in {"red", "letter"} else 0)
            return [*gap, paragraph("LsTitle", block.text), paragraph("LsText", "")]
        case b.To():
            return [paragraph("LsTo", block.text)]
        case b.Text():
            return [paragraph("LsText", block.text)]
        case b.Head():
            return [paragraph(f"LsHead{min(max(block.level, 1), 4)}", block.text, "<w:keepNext/>")]
        case b.Table():
            return [table(block, twips(sheet.body_width))]
        case b.Sheet():
            return [form_table(block, twips(sheet.body_width))]
        case b.Picture():
            return [paragraph("LsPicture", block.text)]
        case b.Small():
            return [paragraph("LsSmall", block.text)]
        case _:
            return _closing(block, sheet)


def _closing(block: b.Block, sheet: Sheet) -> list[str]:
    """The elements of what stands below the text."""
    match block:
        case b.Sign():
            return [paragraph("LsText", ""), paragraph("LsSign", block.office, "<w:keepNext/>"), paragraph("LsDay", block.day)]
        case b.AnnexNote():
            return [paragraph("LsText", "", "<w:keepNext/>"), paragraph("LsAnnexNote", block.text)]
        case b.Remark():
            return [paragraph("LsRemark", block.text)]
        case b.Copies():
            return copies(block, twips(sheet.body_width))
        case (
            b.Mark() | b.Number() | b.Title() | b.To() | b.Text() | b.Head() | b.Table() | b.Sheet() | b.Picture() | b.Small() | b.Annex()
        ):  # pragma: no cover - drawn elsewhere
            return []
    assert_never(block)


def _number(text: str, form: b.Form) -> list[str]:
    """The number: below a red head in the middle with the red line 4 mm below it (7.2.5, 7.2.7), of a letter at the right (10.1)."""
    if form == "letter":
        return [paragraph("LsNumber", text, '<w:jc w:val="right"/>')]
    line = f'<w:pBdr><w:bottom w:val="single" w:sz="12" w:space="11" w:color="{RED}"/></w:pBdr>'
    gap = [paragraph("LsText", "")] if form == "red" else []
    return [*gap, paragraph("LsNumber", text, line if form == "red" else "")]


def style_of(style: str) -> str:
    return f'<w:pStyle w:val="{style}"/>'


def paragraph(style: str, text: str, more: str = "") -> str:
    """A paragraph of one run. ``more``: what it is told besides its style, in Word's order."""
    return f"<w:p><w:pPr>{style_of(style)}{more}</w:pPr>{run(text) if text else ''}</w:p>"


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


# --- tables

_EDGE: Final = '<w:tblBorders>' + "".join(
    f'<w:{side} w:val="single" w:sz="6" w:space="0" w:color="000000"/>' for side in ("top", "left", "bottom", "right", "insideH", "insideV")
) + "</w:tblBorders>"  # fmt: skip
_MARGINS: Final = '<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>'


def table(block: b.Table, width: int) -> str:
    """A table: heads that repeat, rows that are not torn, widths that are kept (8.3)."""
    style, widths = "LsFine" if block.fine else "LsCell", _shared([column.width for column in block.columns], width)
    heads = [_cell(column.head, wide, f"{style}Head", "center") for column, wide in zip(block.columns, widths, strict=True)]
    cells = [[column.cell for column in block.columns], [column.total for column in block.columns]]
    made = [
        [_cell(text, wide, style, column.align) for text, column, wide in zip(told, block.columns, widths, strict=True)]
        for told in (cells if any(cells[1]) else cells[:1])
    ]
    rows = [_row(heads, "<w:tblHeader/>"), *map(_row, made)]
    return _table(widths, rows)


def form_table(block: b.Sheet, width: int) -> str:
    """A form."""
    widths = _shared(block.widths, width)
    rows = []
    for cells in block.rows:
        at, made = 0, []
        for cell in cells:
            wide = sum(widths[at : at + cell.span])
            made.append(_cell(cell.text, wide, "LsCellHead" if cell.head else "LsCell", "center" if cell.head else "left", span=cell.span))
            at += cell.span
        rows.append(_row(made, height=680))
    return _table(widths, rows)


def _table(widths: Sequence[int], rows: Iterable[str]) -> str:
    grid = "".join(f'<w:gridCol w:w="{wide}"/>' for wide in widths)
    told = f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>{_EDGE}<w:tblLayout w:type="fixed"/>{_MARGINS}'
    return f"<w:tbl><w:tblPr>{told}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


def _shared(shares: Sequence[float], width: int) -> list[int]:
    """The width by shares; the last column takes what is left of rounding."""
    found = [round(width * share / sum(shares)) for share in shares]
    return [*found[:-1], width - sum(found[:-1])]


def _row(cells: Sequence[str], more: str = "", *, height: int = 0) -> str:
    tall = f'<w:trHeight w:val="{height}"/>' if height else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{tall}{more}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(text: str, width: int, style: str, align: str, *, span: int = 1) -> str:
    spans = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    told = f'<w:tcW w:w="{width}" w:type="dxa"/>{spans}<w:vAlign w:val="center"/>'
    return f'<w:tc><w:tcPr>{told}</w:tcPr>{paragraph(style, text, f"""<w:jc w:val="{align}"/>""")}</w:tc>'


def copies(block: b.Copies, width: int) -> list[str]:
    """The foot of the last page: copies, who printed it and when, between lines of 0.35 mm and 0.25 mm (7.4).

    Paragraphs of one frame, the lines too: what has borders, and a floating table, LibreOffice puts behind the text and not at the foot.
    """
    frame = f'<w:framePr w:w="{width}" w:hSpace="0" w:vSpace="0" w:wrap="around" w:vAnchor="margin" w:hAnchor="margin" w:xAlign="left" w:yAlign="bottom"/>'
    side, tabs = '<w:ind w:left="280" w:right="280"/>', f'<w:tabs><w:tab w:val="right" w:pos="{width - 280}"/></w:tabs>'
    printed = f"{run(block.office)}<w:r><w:tab/></w:r>{run(block.day)}"
    return [
        _rule(RULE_EDGE, frame),
        paragraph("LsCopies", block.to, f"{frame}{side}"),
        _rule(RULE_INSIDE, frame),
        f"<w:p><w:pPr>{style_of('LsCopies')}{frame}{tabs}{side}</w:pPr>{printed}</w:p>",
        _rule(RULE_EDGE, frame),
        # a frame stands on the page of the paragraph behind it, which takes no room
        paragraph("LsRule", ""),
    ]


def _rule(high: int, frame: str) -> str:
    """A line over the whole width, so many twentieths of a point thick."""
    spacing = f'<w:spacing w:before="0" w:after="0" w:line="{high}" w:lineRule="exact"/>'
    return paragraph("LsRule", "", f'{frame}<w:shd w:val="clear" w:color="auto" w:fill="000000"/>{spacing}')


# --- sections, heads and feet


def section(sheet: Sheet, *, letter: bool = False) -> str:
    """The page of a section: sheet, margins, grid of lines and signs, page numbers."""
    wide = sheet.width > sheet.height
    foot = FOOTER_FROM_EDGE - twips(PORTRAIT.bottom - sheet.bottom)
    first = '<w:headerReference w:type="first" r:id="rId7"/><w:footerReference w:type="first" r:id="rId8"/>' if letter else ""
    grid = f'<w:docGrid w:type="lines" w:linePitch="{PITCH}"/>'
    return (
        f'<w:sectPr>{first}<w:footerReference w:type="default" r:id="rId5"/><w:footerReference w:type="even" r:id="rId6"/>'
        f'<w:pgSz w:w="{twips(sheet.width)}" w:h="{twips(sheet.height)}"{" w:orient=" + chr(34) + "landscape" + chr(34) if wide else ""}/>'
        f'<w:pgMar w:top="{twips(sheet.top)}" w:right="{twips(sheet.right)}" w:bottom="{twips(sheet.bottom)}" w:left="{twips(sheet.left)}" '
        f'w:header="{twips(_LETTER_TOP if letter else 15)}" w:footer="{foot}" w:gutter="0"/>{"<w:titlePg/>" if letter else ""}{grid}</w:sectPr>'
    )


def _footer(side: str) -> str:
    """The page number, a dash at each side, one sign from the edge: at the right on odd pages, at the left on even ones (7.5)."""
    place = f'<w:ind w:{side}="280"/><w:jc w:val="{side}"/>'
    number = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    told = f"<w:p><w:pPr>{style_of('LsPage')}{place}</w:pPr>{run('— ')}{number}{run(' —')}</w:p>"
    return f"{_HEAD}<w:ftr {_NS}>{told}</w:ftr>"


def _letter_head(text: str) -> str:
    """The head of a letter's first page: its name 30 mm from the sheet's edge, a double red line 4 mm below (10.1)."""
    left, right = (
        twips((PORTRAIT.width - _LETTER_LINE) / 2) - twips(PORTRAIT.left),
        twips((PORTRAIT.width - _LETTER_LINE) / 2) - twips(PORTRAIT.right),
    )
    told = (
        f'<w:pBdr><w:bottom w:val="thickThinSmallGap" w:sz="24" w:space="11" w:color="{RED}"/></w:pBdr>'
        f'<w:spacing w:line="860" w:lineRule="exact"/><w:ind w:left="{left}" w:right="{right}"/>'
    )
    return f"{_HEAD}<w:hdr {_NS}>{paragraph('LsMark', text, told)}</w:hdr>"


def _letter_foot() -> str:
    """The foot of a letter's first page: a double red line 20 mm from the sheet's edge, and no number (10.1)."""
    x, y = twips((PORTRAIT.width - _LETTER_LINE) / 2), twips(PORTRAIT.height - _LETTER_FOOT)
    told = (
        f'<w:framePr w:w="{twips(_LETTER_LINE)}" w:h="120" w:hRule="exact" w:wrap="around" w:vAnchor="page" w:hAnchor="page" w:x="{x}" w:y="{y}"/>'
        f'<w:pBdr><w:top w:val="thinThickSmallGap" w:sz="24" w:space="0" w:color="{RED}"/></w:pBdr><w:spacing w:line="100" w:lineRule="exact"/>'
    )
    return f"{_HEAD}<w:ftr {_NS}>{paragraph('LsPage', '', told)}{paragraph('LsPage', '')}</w:ftr>"


# --- styles, fonts, settings


def _styles() -> str:
    body = FONTS["body"]
    defaults = (
        f'<w:docDefaults><w:rPrDefault><w:rPr>{_fonts_of(body)}<w:sz w:val="{int(BODY * 2)}"/><w:szCs w:val="{int(BODY * 2)}"/>'
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>'
    )
    plain = '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>'
    mark = (
        '<w:style w:type="character" w:styleId="LsRef"><w:name w:val="公文脚注号"/><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/></w:tblPr></w:style>'
    )
    return f"{_HEAD}<w:styles {_NS}>{defaults}{plain}{''.join(_style(style) for style in STYLES)}{mark}</w:styles>"


def _style(style: Style) -> str:
    indent = f'<w:ind w:firstLineChars="{int(style.indent * 100)}" w:firstLine="{int(style.indent * 316)}"/>' if style.indent else ""
    line = (
        f'<w:spacing w:before="0" w:after="0" w:line="{style.line}" w:lineRule="exact"/>'
        if style.line
        else '<w:spacing w:before="0" w:after="0"/>'
    )
    level = f'<w:outlineLvl w:val="{style.level - 1}"/>' if style.level else ""
    free = "" if style.size == BODY else '<w:snapToGrid w:val="0"/>'
    plain = '<w:widowControl w:val="0"/><w:kinsoku/><w:overflowPunct/><w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/><w:adjustRightInd w:val="0"/>'
    paragraph_ = f'{plain}{free}{line}{indent}<w:jc w:val="{style.align}"/>{level}'
    close = f'<w:spacing w:val="{CLOSER}"/>' if style.size == BODY else ""
    colour = f'<w:color w:val="{style.colour}"/>' if style.colour else ""
    run_ = f'{_fonts_of(FONTS[style.font])}{colour}{close}<w:sz w:val="{int(style.size * 2)}"/><w:szCs w:val="{int(style.size * 2)}"/>'
    return (
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{style.id}"><w:name w:val="{style.name}"/><w:basedOn w:val="Normal"/>'
        f"<w:qFormat/><w:pPr>{paragraph_}</w:pPr><w:rPr>{run_}</w:rPr></w:style>"
    )


def _fonts_of(font: Font) -> str:
    return f'<w:rFonts w:ascii="{font.name}" w:hAnsi="{font.name}" w:eastAsia="{font.name}" w:cs="{font.name}"/>'


def _fonts() -> str:
    """Each font with the names under which machines have it or the next best (altName)."""
    made = "".join(
        f'<w:font w:name="{font.name}"><w:altName w:val="{",".join(font.names[1:])}"/><w:charset w:val="86"/><w:family w:val="{font.kind}"/>'
        '<w:pitch w:val="variable"/></w:font>' for font in FONTS.values()
    )  # fmt: skip
    return f"{_HEAD}<w:fonts {_NS}>{made}</w:fonts>"


def _settings() -> str:
    told = (
        '<w:zoom w:percent="100"/><w:evenAndOddHeaders/><w:drawingGridVerticalSpacing w:val="290"/><w:characterSpacingControl w:val="doNotCompress"/>'
        '<w:footnotePr><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr>'
        '<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/>'
    )
    return f"{_HEAD}<w:settings {_NS}>{told}</w:settings>"


def _footnotes() -> str:
    told = "".join(
        f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:pPr>{style_of("LsNote")}</w:pPr><w:r><w:{mark}/></w:r></w:p></w:footnote>'
        for kind, number, mark in (("separator", -1, "separator"), ("continuationSeparator", 0, "continuationSeparator"))
    )
    return f"{_HEAD}<w:footnotes {_NS}>{told}</w:footnotes>"


def _types(letter: bool) -> str:
    kinds = {"document": "document.main", "styles": "styles", "settings": "settings", "fontTable": "fontTable", "footnotes": "footnotes"}
    kinds |= {"footer1": "footer", "footer2": "footer"} | ({"header1": "header", "footer3": "footer"} if letter else {})
    named = "".join(f'<Override PartName="/word/{name}.xml" ContentType="{_OFFICE}{kind}+xml"/>' for name, kind in kinds.items())
    plain = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
    return f'{_HEAD}<Types xmlns="{TYPES}">{plain}<Default Extension="png" ContentType="image/png"/>{named}</Types>'


def _rels(parts: Iterable[tuple[str, str, str]]) -> str:
    told = "".join(f'<Relationship Id="{key}" Type="{_REL}{kind}" Target="{target}"/>' for key, kind, target in parts)
    return f'{_HEAD}<Relationships xmlns="{RELS}">{told}</Relationships>'


def texts(blocks: Iterable[b.Block]) -> Iterator[str]:
    """All words of blocks, in which placeholders stand."""
    for block in blocks:
        match block:
            case b.Table():
                for column in block.columns:
                    yield from (column.cell, column.total)
            case b.Sheet():
                yield from (cell.text for row in block.rows for cell in row)
            case b.Sign():
                yield from (block.office, block.day)
            case b.Annex():
                yield from (block.mark, block.title)
            case b.Copies():
                yield from (block.to, block.office, block.day)
            case _:
                yield block.text


__all__ = ["PARTS", "SMALL", "paragraph", "run", "section", "table", "texts", "written"]
