"""Word documents: paragraphs with the numbers that Word writes, tables, text boxes, notes, headers and footers.

Tracked deletions and hidden text are left out (hidden text is named in the losses). The parts are read as a stream, so that
memory follows the longest paragraph or table and not the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from luoshi.errors import UnreadableFile
from luoshi.read.grid import GridCell
from luoshi.read.numbering import VAL, Numbering, W
from luoshi.read.package import Package
from luoshi.read.source import Source
from luoshi.read.text import Text

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_P, _TBL, _TR, _R, _T = W + "p", W + "tbl", W + "tr", W + "r", W + "t"
_BLIP = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
_BOX = W + "txbxContent"
_SKIPPED = frozenset(
    {
        W + tag
        for tag in (
            "del",
            "moveFrom",
            "pPr",
            "instrText",
            "delText",
            "sectPr",
            "tblPr",
            "tblGrid",
            "rt",
            "fldData",
            "commentReference",
            "annotationRef",
            "footnoteRef",
            "endnoteRef",
        )
    }
)
_SIGNS = {W + "tab": " ", W + "ptab": " ", W + "br": "\n", W + "cr": "\n", W + "noBreakHyphen": "-"}
_MOST_COLUMNS = 200


class Style(msgspec.Struct, frozen=True):
    """What a paragraph style brings: its list and level, and whether it is one of a table of contents."""

    name: str = ""
    parent: str = ""
    list_: str = ""
    level: int = 0


class _Found:
    """What is met inside a paragraph and belongs elsewhere."""

    def __init__(self) -> None:
        self.boxes: list[Any] = []
        self.hidden = self.pictures = 0


def read_docx(data: bytes, name: str) -> Text:
    """The text of a Word document, not yet cleaned."""
    package = Package(data, name)
    main = _main_part(package)
    return _Reader(package, main).read()


def _main_part(package: Package) -> str:
    for part in ("word/document.xml", "word/document2.xml"):
        if part in package:
            return part
    raise UnreadableFile(
        "没有正文部件 word/document.xml，不是完整的 Word 文件",
        where=package.name,
        slug="docx-no-document",
        remedy="请用 Word 或 WPS 打开后另存为 docx 再读",
    )


class _Reader:
    """Reads the parts of one document into a source."""

    def __init__(self, package: Package, main: str) -> None:
        self.package, self.main = package, main
        self.source = Source(package.name, "docx")
        self.numbering = Numbering(package.xml("word/numbering.xml"))
        self.styles = _styles(package.xml("word/styles.xml"))
        self.found = _Found()
        self.boxes: list[str] = []
        self.paragraphs = self.tables = 0

    def read(self) -> Text:
        rows: _Rows | None = None
        for element in _blocks(self.package, self.main):
            if element.tag == _P:
                self.paragraph(element)
            elif element.tag == _TR:
                rows = rows or _Rows()
                rows.add(element, self.cell_text)
                continue
            elif rows is not None:
                self.table(rows.cells())
                rows = None
            self.flush_boxes()
        self.notes("word/footnotes.xml", "footnote", "脚注")
        self.notes("word/endnotes.xml", "endnote", "尾注")
        self.edges()
        if self.found.hidden:
            self.source.lose("全文", f"隐藏文字 {self.found.hidden} 处未读")
        if self.found.pictures:
            self.source.lose("全文", f"图片 {self.found.pictures} 幅未读")
        return self.source.finish()

    def flush_boxes(self) -> None:
        """Text boxes follow the paragraph or the table that they hang on."""
        lines, self.boxes = self.boxes, []
        for text in lines[:2000]:
            self.paragraphs += 1
            self.source.line(text, f"第{self.paragraphs}段")

    def paragraph(self, element: Any) -> None:
        text, style = self.words(element)
        if text.strip():
            self.paragraphs += 1
            contents = style.name.lower().startswith(("toc ", "toc1", "toc2", "toc3", "目录"))
            self.source.line(text, f"第{self.paragraphs}段", "navigation" if contents else "")

    def words(self, element: Any) -> tuple[str, Style]:
        """The words of a paragraph with its number, and its style; its text boxes are put aside."""
        text = "".join(_inline(element, self.found))
        style = _style(element, self.styles)
        list_, level = _list(element, style)
        if list_ and list_ != "0" and text.strip():
            text = self.numbering.label(list_, level) + text.lstrip()
        boxes, self.found.boxes = self.found.boxes, []
        for box in boxes[:200]:
            for child in box.iter(_P):
                if not _inside_box(child, box):
                    inner = self.words(child)[0].strip()
                    self.boxes += [inner] if inner else []
        return text, style

    def table(self, cells: Sequence[GridCell]) -> None:
        if len({cell.column for cell in cells}) < 2:
            for cell in cells:
                if cell.text.strip():
                    self.paragraphs += 1
                    self.source.line(cell.text, f"第{self.paragraphs}段")
            return
        self.tables += 1
        self.source.table(cells, f"表{self.tables}")

    def cell_text(self, cell: Any) -> str:
        """The words of a cell, its paragraphs on lines of their own; a table within it row by row."""
        lines: list[str] = []
        for child in cell.iter(_P):
            if _inside_box(child, cell):
                continue
            text = self.words(child)[0].strip()
            if text:
                lines.append(text)
        return "\n".join(lines).replace("\t", " ")

    def notes(self, part: str, tag: str, label: str) -> None:
        root = self.package.xml(part)
        if root is None:
            return
        number = 0
        for note in root.iter(W + tag):
            if note.get(W + "type") in ("separator", "continuationSeparator", "continuationNotice"):
                continue
            number += 1
            text = "\n".join(filter(None, ("".join(_inline(child, self.found)).strip() for child in note.iter(_P))))
            if text:
                self.source.line(f"[{number}] {text}", f"{label}{number}")

    def edges(self) -> None:
        """Headers and footers, each wording once, marked."""
        for kind, label in (("header", "页眉"), ("footer", "页脚")):
            seen: set[str] = set()
            parts = sorted(part for part in self.package.names() if part.startswith(f"word/{kind}") and part.endswith(".xml"))
            for part in parts[:200]:
                root = self.package.xml(part)
                for child in root.iter(_P) if root is not None else ():
                    text = "".join(_inline(child, self.found)).strip()
                    if text and text not in seen:
                        seen.add(text)
                        self.source.line(text, label, kind)


class _Rows:
    """The rows of a table as they come; cells that Word joins downwards are one, with the rows that they cover."""

    def __init__(self) -> None:
        self._row = 0
        self._open: dict[int, GridCell] = {}
        self._done: list[GridCell] = []

    def add(self, line: Any, words: Callable[[Any], str]) -> None:
        """Takes in the next row."""
        if line.find(f"{W}trPr/{W}del") is not None:
            return
        column = _count(line.find(W + "trPr"), "gridBefore", 0)
        for cell in _cells(line):
            properties = cell.find(W + "tcPr")
            columns = _count(properties, "gridSpan", 1)
            merge = properties.find(W + "vMerge") if properties is not None else None
            above = self._open.get(column)
            if merge is not None and merge.get(VAL, "continue") != "restart" and above is not None:
                self._open[column] = msgspec.structs.replace(above, rows=self._row - above.row + 1)
            else:
                if above is not None:
                    self._done.append(above)
                self._open[column] = GridCell(self._row, column, words(cell), 1, columns)
            column += columns
        self._row += 1

    def cells(self) -> list[GridCell]:
        """All cells, row by row."""
        return sorted([*self._done, *self._open.values()], key=lambda cell: (cell.row, cell.column))


def _blocks(package: Package, part: str) -> Iterator[Any]:
    """The paragraphs, table rows and ends of tables of the body, in order, each let go once it has been read."""
    open_: list[str] = []
    for event, element in package.events(part, (_P, _TBL, _TR)):
        if event == "start":
            open_.append(element.tag)
            continue
        open_.pop()
        if open_ and not (element.tag == _TR and open_ == [_TBL]):
            continue
        if not _is_deleted(element):
            yield element
        element.clear()
        parent = element.getparent()
        while parent is not None and element.getprevious() is not None:
            del parent[0]


def _is_deleted(element: Any) -> bool:
    return any(above.tag in (_MC + "Fallback", W + "del", W + "moveFrom") for above in element.iterancestors())


def _inline(element: Any, found: _Found) -> Iterator[str]:
    """The words below an element, in order; text boxes and what is hidden go to ``found``."""
    for child in element.iterchildren("*"):
        tag = child.tag
        if tag in (_T, _MATH_TEXT):
            yield child.text or ""
        elif tag in _SIGNS:
            yield _SIGNS[tag]
        elif tag == W + "sym":
            yield "•" if child.get(W + "font", "").startswith(("Wingdings", "Symbol")) else _symbol(child.get(W + "char", ""))
        elif tag == _BOX:
            found.boxes.append(child)
        elif tag == _BLIP:
            found.pictures += 1
        elif tag in _SKIPPED or (tag == _MC + "Fallback" and child.getprevious() is not None):
            continue
        elif tag == _R and _is_hidden(child):
            found.hidden += any(True for _ in child.iter(_T))
        else:
            yield from _inline(child, found)


def _symbol(code: str) -> str:
    try:
        value = int(code, 16)
    except ValueError:
        return ""
    return chr(value) if 0x20 <= value < 0xD800 else ""


def _is_hidden(run: Any) -> bool:
    vanish = run.find(f"{W}rPr/{W}vanish")
    return vanish is not None and vanish.get(VAL, "1") not in ("0", "false", "off")


def _inside_box(element: Any, cell: Any) -> bool:
    """True for a paragraph of a text box that hangs in a cell: it is read with the boxes."""
    for above in element.iterancestors():
        if above is cell:
            return False
        if above.tag == _BOX:
            return True
    return False


def _cells(row: Any) -> Iterator[Any]:
    for child in row.iterchildren():
        if child.tag == W + "tc":
            yield child
        elif child.tag in (W + "sdt", W + "sdtContent", W + "ins", W + "customXml"):
            yield from _cells(child)


def _count(properties: Any, tag: str, default: int) -> int:
    found = properties.find(W + tag) if properties is not None else None
    text = found.get(VAL, "") if found is not None else ""
    return max(default, min(int(text), _MOST_COLUMNS)) if text.isascii() and text.isdigit() and len(text) < 6 else default


def _styles(root: Any) -> dict[str, Style]:
    styles: dict[str, Style] = {}
    for item in root.iter(W + "style") if root is not None else ():

        def value(path: str, item: Any = item) -> str:
            found = item.find(path)
            return "" if found is None else found.get(VAL, "")

        level = value(f"{W}pPr/{W}numPr/{W}ilvl")
        styles[item.get(W + "styleId", "")] = Style(
            value(W + "name"), value(W + "basedOn"), value(f"{W}pPr/{W}numPr/{W}numId"), int(level) if level in "012345678" and level else 0
        )
    return styles


def _style(paragraph: Any, styles: dict[str, Style]) -> Style:
    """The paragraph's style with the list that it inherits."""
    found = paragraph.find(f"{W}pPr/{W}pStyle")
    style = styles.get(found.get(VAL, "") if found is not None else "", Style())
    above, steps = style, 0
    while not above.list_ and above.parent in styles and steps < 20:
        above, steps = styles[above.parent], steps + 1
    return msgspec.structs.replace(style, list_=above.list_, level=above.level)


def _list(paragraph: Any, style: Style) -> tuple[str, int]:
    """List and level of a paragraph: its own, else its style's."""
    properties = paragraph.find(f"{W}pPr/{W}numPr")
    if properties is None:
        return style.list_, style.level
    number, level = properties.find(W + "numId"), properties.find(W + "ilvl")
    text = level.get(VAL, "") if level is not None else ""
    return (number.get(VAL, "") if number is not None else style.list_), (
        int(text) if len(text) == 1 and text in "012345678" else style.level
    )
