"""A workbook that somebody sent, given back with some cells written: everything else of the file stays byte for byte as it was."""

from __future__ import annotations

import copy
import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import Any, Final, Literal

import msgspec
from lxml import etree

from luoshi.read.book import row_of
from luoshi.read.package import Package
from luoshi.read.sheet import column_of

Look = Literal["", "good", "same", "conflict", "refused", "head"]
_NS: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_S: Final = f"{{{_NS}}}"
_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_FILLS: Final[Mapping[Look, str]] = {
    "good": "FFDFF2E1",
    "same": "FFF4F6F7",
    "conflict": "FFFFE0C2",
    "refused": "FFF9D7D5",
    "head": "FF1F4E5F",
}
#: what may stand before these in the parts, in the order that the format wants
_BEFORE_DATA: Final = ("sheetPr", "dimension", "sheetViews", "sheetFormatPr")
_BEFORE_FILLS: Final = ("numFmts", "fonts")
_BEFORE_XFS: Final = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs")


class Written(msgspec.Struct, frozen=True):
    """What a cell is to say, and how it looks."""

    text: str
    look: Look = ""


#: cells by part of the package and by (row, column) from 0
Cells = Mapping[str, Mapping[tuple[int, int], Written]]


def with_cells(data: bytes, name: str, cells: Cells, *, widths: Mapping[tuple[str, int], float] | None = None) -> bytes:
    """The workbook with these cells; ``widths`` of columns by part and number.

    Raises ``UnreadableFile`` where the package is damaged.
    """
    package = Package(data, name)
    parts = dict[str, bytes]()
    styles = package.xml("xl/styles.xml")
    looks = _add_looks(styles) if styles is not None else {}
    if styles is not None:
        parts["xl/styles.xml"] = _bytes(styles)
    for part, written in cells.items():
        root = package.xml(part)
        _write_cells(root, written, looks)
        for (of, column), width in (widths or {}).items():
            if of == part:
                _widen(root, column, width)
        parts[part] = _bytes(root)
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for one in package.names():
            packed.writestr(one, parts[one] if one in parts else package.read(one))
    return out.getvalue()


def _bytes(root: Any) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


# --- looks


def _add_looks(styles: Any) -> dict[Look, str]:
    """The number of the style of each look, after they were added."""
    fills, forms, fonts = (
        _child(styles, "fills", _BEFORE_FILLS),
        _child(styles, "cellXfs", _BEFORE_XFS),
        _child(styles, "fonts", ("numFmts",)),
    )
    white = etree.SubElement(fonts, f"{_S}font")
    for tag, value in (("b", {}), ("sz", {"val": "10"}), ("color", {"rgb": "FFFFFFFF"}), ("name", {"val": "Microsoft YaHei"})):
        etree.SubElement(white, f"{_S}{tag}", value)
    found: dict[Look, str] = {}
    for look, colour in _FILLS.items():
        fill = etree.SubElement(fills, f"{_S}fill")
        pattern = etree.SubElement(fill, f"{_S}patternFill", patternType="solid")
        etree.SubElement(pattern, f"{_S}fgColor", rgb=colour)
        font = str(len(fonts) - 1) if look == "head" else "0"
        form = etree.SubElement(
            forms, f"{_S}xf", numFmtId="49", fontId=font, fillId=str(len(fills) - 1), borderId="0", xfId="0",
            applyNumberFormat="1", applyFont="1", applyFill="1", applyAlignment="1",
        )  # fmt: skip
        etree.SubElement(form, f"{_S}alignment", vertical="top", wrapText="1")
        found[look] = str(len(forms) - 1)
    for group in (fills, forms, fonts):
        group.set("count", str(len(group)))
    return found


def _child(root: Any, tag: str, before: tuple[str, ...]) -> Any:
    """The child of this name; a new one at its place where there is none."""
    found = root.find(f"{_S}{tag}")
    if found is None:
        found = etree.Element(f"{_S}{tag}")
        at = sum(1 for one in root if etree.QName(one).localname in before)
        root.insert(at, found)
    return found


# --- cells


def _write_cells(root: Any, cells: Mapping[tuple[int, int], Written], looks: Mapping[Look, str]) -> None:
    data = root.find(f"{_S}sheetData")
    if data is None:
        return
    if (dimension := root.find(f"{_S}dimension")) is not None:
        root.remove(dimension)
    wanted: dict[int, dict[int, Written]] = {}
    for (row, column), written in cells.items():
        wanted.setdefault(row, {})[column] = written
    row = -1
    for element in data.iterchildren(f"{_S}row"):
        row = row_of(element, row + 1)
        for column, written in wanted.get(row, {}).items():
            _put(element, row, column, written, looks)


def _put(element: Any, row: int, column: int, written: Written, looks: Mapping[Look, str]) -> None:
    """The cell, in place of the one that is there, else between its neighbours."""
    cell = etree.Element(f"{_S}c", r=f"{letters(column)}{row + 1}", t="inlineStr")
    if written.look in looks:
        cell.set("s", looks[written.look])
    text = etree.SubElement(etree.SubElement(cell, f"{_S}is"), f"{_S}t")
    text.text = _sayable(written.text)
    text.set(_SPACE, "preserve")
    # what says where the row ends is only a hint, and would be wrong now
    element.attrib.pop("spans", None)
    number, at = -1, len(element)
    for place, one in enumerate(element):
        number = column_of(one.get("r", ""), number + 1)
        if number == column:
            if not written.look and one.get("s"):
                cell.set("s", one.get("s"))
            element.replace(one, cell)
            return
        if number > column:
            at = place
            break
    element.insert(at, cell)


def _sayable(text: str) -> str:
    """The text without what no file of XML can hold."""
    return "".join(
        mark
        for mark in text
        if mark in "\n\t" or (ord(mark) >= 32 and not 0xD800 <= ord(mark) < 0xE000 and ord(mark) not in (0xFFFE, 0xFFFF))
    )


def letters(column: int) -> str:
    """The letters of a column, from 0.

    >>> letters(0), letters(25), letters(26)
    ('A', 'Z', 'AA')
    """
    found = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


def _widen(root: Any, column: int, width: float) -> None:
    """The column is so wide, and shown; what was said of it together with others is said of the others only."""
    group, number = _child(root, "cols", _BEFORE_DATA), column + 1
    for one in list(group):
        first, last = int(one.get("min", "0")), int(one.get("max", "0"))
        if not first <= number <= last:
            continue
        for start, end in ((first, number - 1), (number + 1, last)):
            if start <= end:
                rest = copy.deepcopy(one)
                rest.set("min", str(start))
                rest.set("max", str(end))
                one.addprevious(rest)
        group.remove(one)
    new = etree.Element(f"{_S}col", min=str(number), max=str(number), width=f"{width:g}", customWidth="1")
    group.insert(sum(1 for one in group if int(one.get("min", "0")) < number), new)
