"""Makes small files of each format, good and broken, for the tests and the fuzz run; nothing of a real document is in them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'


def zip_of(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip package with these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def run(text: str, properties: str = "") -> str:
    return f'<w:r>{f"<w:rPr>{properties}</w:rPr>" if properties else ""}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(*runs: str, properties: str = "") -> str:
    """A paragraph of runs (or of plain words)."""
    inner = "".join(item if item.startswith("<") else run(item) for item in runs)
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{inner}</w:p>"


def listed(text: str, number: int, level: int = 0) -> str:
    return paragraph(text, properties=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def cell(*paragraphs: str, properties: str = "") -> str:
    inner = "".join(item if item.startswith("<") else paragraph(item) for item in paragraphs) or "<w:p/>"
    return f"<w:tc>{f'<w:tcPr>{properties}</w:tcPr>' if properties else ''}{inner}</w:tc>"


def table(*rows: Sequence[str]) -> str:
    return "<w:tbl>" + "".join(f"<w:tr>{''.join(cells)}</w:tr>" for cells in rows) + "</w:tbl>"


def level(number: int, form: str, text: str, extra: str = "") -> str:
    return f'<w:lvl w:ilvl="{number}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{extra}<w:lvlText w:val="{text}"/></w:lvl>'


def numbering(lists: Mapping[int, Sequence[str]], overrides: str = "") -> str:
    """``numbering.xml`` with a list for each key."""
    abstract = "".join(f'<w:abstractNum w:abstractNumId="{key}">{"".join(levels)}</w:abstractNum>' for key, levels in lists.items())
    numbers = "".join(f'<w:num w:numId="{key}"><w:abstractNumId w:val="{key}"/></w:num>' for key in lists)
    return f"<w:numbering {W}>{abstract}{numbers}{overrides}</w:numbering>"


def docx(body: str, **parts: str) -> bytes:
    """A Word document with this body; further parts by name (``numbering``, ``styles``, ``footnotes``, ``header1`` …)."""
    named: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>",
    }
    named |= {f"word/{name}.xml": content for name, content in parts.items()}
    return zip_of(named)


def xlsx(
    rows: Sequence[Sequence[str | float | None]],
    *,
    merges: Sequence[str] = (),
    name: str = "Sheet1",
    styles: str = "",
    styled: Mapping[tuple[int, int], int] | None = None,
) -> bytes:
    """A spreadsheet with one sheet; ``styled`` gives cells (row, column) a style of ``styles``."""
    lines = []
    for row, values in enumerate(rows, 1):
        cells = []
        for column, value in enumerate(values):
            at = f"{chr(65 + column)}{row}"
            style = f' s="{(styled or {})[row - 1, column]}"' if (row - 1, column) in (styled or {}) else ""
            if isinstance(value, str):
                cells.append(f'<c r="{at}" t="inlineStr"{style}><is><t>{escape(value)}</t></is></c>')
            elif value is not None:
                cells.append(f'<c r="{at}"{style}><v>{value}</v></c>')
        lines.append(f'<row r="{row}">{"".join(cells)}</row>')
    joined = f"<mergeCells>{''.join(f'<mergeCell ref={chr(34)}{ref}{chr(34)}/>' for ref in merges)}</mergeCells>" if merges else ""
    return zip_of(
        {
            "xl/workbook.xml": f'<workbook {SHEET}><sheets><sheet name="{escape(name)}" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            '<Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": f"<worksheet {SHEET}><sheetData>{''.join(lines)}</sheetData>{joined}</worksheet>",
            "xl/styles.xml": styles or f"<styleSheet {SHEET}/>",
        }
    )
