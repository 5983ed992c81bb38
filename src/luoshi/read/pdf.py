"""Pdf files with text: rows in reading order, paragraphs over rows and pages, tables over pages; headers, footers, page numbers marked.

Pages without text are named in the losses. A pdf that has no text at all is a scan: an error, since no characters are recognised here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from luoshi.errors import UnreadableFile
from luoshi.read.glyphs import MAX_GLYPHS, MAX_PAGES, Glyph, Sheet, is_garbled, open_pdf, read_sheets
from luoshi.read.grid import GridCell, find_header
from luoshi.read.layout import Margins, Row, find_margins, find_rows, in_reading_order, is_one_title, join_words, runs_on
from luoshi.read.pages import is_page_number
from luoshi.read.ruled import PageTable, find_aligned, find_ruled
from luoshi.read.source import Source
from luoshi.read.text import Text

#: the share of a page's height in which headers and footers stand
_EDGE = 0.13
_DIGITS = re.compile(r"[\d一二三四五六七八九十]+")
_NEAR = 8.0


class Block(msgspec.Struct, frozen=True):
    """What stands on a page (``width`` points wide), in reading order: a column's rows, a table, or a line at the page's edge with its kind."""

    page: int
    width: float = 0.0
    rows: tuple[Row, ...] = ()
    table: PageTable | None = None
    edge: str = ""
    kind: str = ""


class Page(msgspec.Struct, frozen=True):
    """A page with its rows parted into body and edges."""

    number: int
    width: float
    height: float
    rows: list[Row]
    tables: list[PageTable]


def read_pdf(data: bytes, name: str) -> Text:
    """The text of a pdf, not yet cleaned."""
    document = open_pdf(data, name)
    try:
        source = Source(name, "pdf")
        pages = list(_pages(document, source))
    finally:
        document.close()
    if not pages:
        _refuse(source, name)
    blocks = [block for page in _without_edges(pages) for block in page]
    _write(_joined_tables(blocks), source, _text_size(pages))
    return source.finish()


def _refuse(source: Source, name: str) -> None:
    if any(loss.what.startswith("字体") for loss in source.losses):
        raise UnreadableFile(
            "pdf 的字体没有文字编码，读不出字", where=name, slug="pdf-garbled", remedy="请找 Word 原件，或做文字识别（OCR）后再读"
        )
    if any("没有文字" in loss.what for loss in source.losses):
        raise UnreadableFile(
            "pdf 里没有文字，是扫描件", where=name, slug="pdf-no-text", remedy="要先做文字识别（OCR），本工具还不做；请找文字版"
        )
    raise UnreadableFile("pdf 里没有可读的页", where=name, slug="damaged", remedy="请重新下载，或用阅读器打开后另存一份再读")


def _pages(document: object, source: Source) -> Iterator[Page]:
    """The pages with text; what is not read is named in the losses."""
    beyond = 0
    for sheet in read_sheets(document):
        if isinstance(sheet, int):
            beyond += 1
            if beyond <= 20:
                source.lose(f"第{sheet}页", f"未读（超过 {MAX_PAGES} 页或 {MAX_GLYPHS} 字的上限，或本页已损坏）")
            continue
        if not sheet.glyphs:
            source.lose(f"第{sheet.number}页", "没有文字，是图片或扫描件，未读" if sheet.pictures else "没有文字，是空白页")
        elif is_garbled(sheet.glyphs):
            source.lose(f"第{sheet.number}页", "字体没有文字编码，读不出字")
        else:
            if sheet.turned:
                source.lose(f"第{sheet.number}页", f"斜排文字 {sheet.turned} 个（水印等）未读")
            yield _page(sheet)


def _page(sheet: Sheet) -> Page:
    tables = find_ruled(sheet.glyphs, sheet.rules) if len(sheet.rules) > 4 else []
    loose = [glyph for glyph in sheet.glyphs if not any(_is_in(glyph, table) for table in tables)]
    return Page(sheet.number, sheet.width, sheet.height, find_rows(loose), tables)


def _is_in(glyph: Glyph, table: PageTable) -> bool:
    x, y = (glyph.x0 + glyph.x1) / 2, (glyph.y0 + glyph.y1) / 2
    return table.x0 - 3 < x < table.x1 + 3 and table.y0 - 3 < y < table.y1 + 3


def _without_edges(pages: Sequence[Page]) -> Iterator[list[Block]]:
    """The blocks of each page: its headers, its body, its footers."""
    counts = Counter(key for page in pages for key in {_key(page, row) for row in _edge_rows(page)})
    needed = max(2, round(len(pages) * 0.3)) if len(pages) < 12 else 4
    margins = _common_margins(pages)
    for page in pages:
        kinds: dict[int, str] = {}
        for row in _edge_rows(page):
            top = row.y1 < page.height / 2
            if is_page_number(row.text, lone=len(pages) > 1):
                kinds[id(row)] = "page_number"
            elif counts[_key(page, row)] >= needed:
                kinds[id(row)] = "header" if top else "footer"
        heads = [
            Block(page.number, edge=row.text, kind=kinds[id(row)]) for row in page.rows if id(row) in kinds and row.y1 < page.height / 2
        ]
        feet = [
            Block(page.number, edge=row.text, kind=kinds[id(row)]) for row in page.rows if id(row) in kinds and row.y1 >= page.height / 2
        ]
        body = [row for row in page.rows if id(row) not in kinds]
        yield [*heads, *_body(page, body, margins), *feet]


def _edge_rows(page: Page) -> list[Row]:
    """The first and last rows that stand in the page's margins."""
    top = [row for row in page.rows[:3] if row.y1 < page.height * _EDGE]
    bottom = [row for row in page.rows[-3:] if row.y0 > page.height * (1 - _EDGE)]
    return [*top, *(row for row in bottom if row not in top)]


def _key(page: Page, row: Row) -> tuple[str, int]:
    """What makes an edge row the same on several pages: its words without numbers, and its height."""
    return _DIGITS.sub("#", row.text.replace(" ", "")), round(row.y0 / page.height * 50)


def _common_margins(pages: Sequence[Page]) -> Margins:
    """The margins of the document as a whole, for pages with few rows."""
    rows = [row for page in pages[:200] for row in page.rows if page.height * _EDGE < row.y0 < page.height * (1 - _EDGE)]
    return find_margins(rows)


def _body(page: Page, rows: Sequence[Row], common: Margins) -> Iterator[Block]:
    """The body of a page from top to bottom: rows between the tables, the tables."""
    tables = [(table.y0, table) for table in page.tables]
    loose = list(rows)
    for start, end, table in reversed(find_aligned(loose)):
        tables.append((table.y0, table))
        del loose[start:end]
    at = 0
    for top, table in sorted(tables, key=lambda pair: pair[0]):
        band = [row for row in loose[at:] if row.y0 < top]
        at += len(band)
        yield from _columns(page, band, common)
        yield Block(page.number, table=table)
    yield from _columns(page, loose[at:], common)


def _columns(page: Page, rows: Sequence[Row], common: Margins) -> Iterator[Block]:
    for column in in_reading_order(rows, page.width) if rows else ():
        yield Block(page.number, page.width, rows=tuple(column))


def _joined_tables(blocks: Sequence[Block]) -> list[Block]:
    """Tables that go on over pages as one; the header that is repeated on each page once."""
    joined: list[Block] = []
    last = -1  # index of the table that may go on
    for block in blocks:
        if block.table is not None and last >= 0:
            above = joined[last]
            if above.table is not None and _goes_on(above.table, block.table):
                joined[last] = msgspec.structs.replace(above, table=_appended(above.table, block.table))
                continue
        if block.table is not None:
            last = len(joined)
        elif block.rows:
            last = -1
        joined.append(block)
    return joined


def _goes_on(a: PageTable, b: PageTable) -> bool:
    return len(a.edges) == len(b.edges) and all(abs(x - y) <= _NEAR for x, y in zip(a.edges[1:-1], b.edges[1:-1], strict=True))


def _appended(a: PageTable, b: PageTable) -> PageTable:
    """Table ``b`` below ``a``: its repeated header dropped, a row that the page's end cut in two made whole."""
    header, header_rows = find_header(a.cells)
    heads = [_row_text(a.cells, row) for row in range(header_rows)]
    last = max((cell.row for cell in a.cells), default=-1)
    skip = 0
    while skip < len(heads) and _row_text(b.cells, skip) == heads[skip]:
        skip += 1
    if not skip and heads and _row_text(b.cells, 0) == heads[-1]:
        skip = 1
    rest = [cell for cell in b.cells if cell.row >= skip]
    cut = (
        bool(header)
        and header[0] == "number"
        and last >= header_rows
        and not any(cell.text for cell in rest if cell.row == skip and cell.column == 0)
    )
    cells = list(a.cells)
    if cut:
        for cell in rest:
            if cell.row == skip and cell.text:
                at = next((index for index, above in enumerate(cells) if above.row + above.rows > last and above.column == cell.column), -1)
                if at >= 0:
                    cells[at] = msgspec.structs.replace(cells[at], text=_over_page(cells[at].text, cell.text))
        rest = [cell for cell in rest if cell.row > skip]
        skip += 1
    cells += [msgspec.structs.replace(cell, row=cell.row - skip + last + 1) for cell in rest]
    return msgspec.structs.replace(a, cells=tuple(cells))


def _over_page(above: str, below: str) -> str:
    return above + "\n" + below if not above or above[-1] in "。；;！？" else join_words(above, below)


def _row_text(cells: Sequence[GridCell], row: int) -> tuple[str, ...]:
    return tuple(cell.text.replace("\n", "") for cell in cells if cell.row == row)


def _text_size(pages: Sequence[Page]) -> float:
    """The em that most of the text is set in."""
    sizes: Counter[int] = Counter()
    for page in pages[:200]:
        for row in page.rows:
            sizes[round(row.em * 2)] += len(row.text)
    return sizes.most_common(1)[0][0] / 2 if sizes else 0.0


def _write(blocks: Sequence[Block], source: Source, em: float) -> None:
    """The blocks as lines and tables of the source; ``em`` is the size of the text."""
    paragraph, place = "", ""
    before: Row | None = None
    page = tables = 0
    margins = Margins(0, 0, 0)

    def flush() -> None:
        nonlocal paragraph
        source.line(paragraph, place)
        paragraph = ""

    for block in blocks:
        if block.table is not None:
            flush()
            before = None
            tables += 1
            source.table(block.table.cells, f"第{block.page}页 表{tables}")
            continue
        if block.edge:
            flush()
            source.line(block.edge, f"第{block.page}页", block.kind)
            continue
        own = (
            find_margins(block.rows)
            if len(block.rows) >= 6
            else margins
            if margins.right and len(block.rows) < 6
            else find_margins(block.rows)
        )
        for row in block.rows:
            if before is not None and page == block.page and is_one_title(before, row, block.width, em):
                paragraph = join_words(paragraph, row.text)
            elif before is not None and runs_on(before, row, own if page == block.page else margins, over_page=page != block.page):
                if page != block.page:
                    flush()
                    source.join()
                    paragraph, place = row.text, f"第{block.page}页"
                else:
                    paragraph = join_words(paragraph, row.text)
            else:
                flush()
                paragraph, place = row.text, f"第{block.page}页"
            before, page = row, block.page
        margins = own
    flush()
