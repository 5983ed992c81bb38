"""Web pages: the words in reading order, with headings, paragraphs and tables; what belongs to the site is marked.

A page is read as a stream of tags with a stack of the elements that are open. The tree of a general parser is not needed,
and the one tried (lexbor) takes a time that grows with the square of the nesting.
"""

from __future__ import annotations

import re
from functools import cache

import msgspec

from luoshi.read.decode import decode
from luoshi.read.grid import GridCell, find_header
from luoshi.read.source import MAX_COLUMNS, Source
from luoshi.read.tags import Tag, split_tags
from luoshi.read.text import Loss, Text
from luoshi.tables import load_table

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s{0,4}=\s{0,4}["']?([A-Za-z0-9_-]{2,20})""", re.IGNORECASE)
_BLOCKS = frozenset(
    (
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "ul",
        "caption",
        "option",
        "select",
        "button",
        "table",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "td",
        "th",
    )
)
_VOID = frozenset(
    (
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    )
)
#: elements that end where another of their kind begins
_ALIKE = {
    "li": {"li"},
    "p": {"p"},
    "td": {"td", "th"},
    "th": {"td", "th"},
    "tr": {"tr", "td", "th"},
    "option": {"option"},
    "dt": {"dt", "dd"},
    "dd": {"dt", "dd"},
}
_WALLS = {"li": {"ul", "ol"}, "td": {"table"}, "th": {"table"}, "tr": {"table"}, "p": {"td", "th", "li", "div", "table"}}
_SITE_TAGS = {
    "nav": "navigation",
    "aside": "navigation",
    "footer": "footer",
    "select": "furniture",
    "button": "furniture",
    "option": "furniture",
}
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f]+")
_BROKEN = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef]) (?=[\u3000-\u9fff\uff00-\uffef])")
_NEWLINE = re.compile(r"[\r\n]")
_FILE = re.compile(r"^附件|\.(?:docx?|pdf|xlsx?|wps|ofd|zip|rar)$", re.IGNORECASE)
#: a line as long as this, or with a whole sentence, is no menu whatever the element it stands in is called
_SENTENCE = 60
_METAS = {"articletitle": "标题", "pubdate": "发布时间", "contentsource": "信息来源", "sitename": "网站名称", "columnname": "栏目"}
_MOST_SPAN = 500


class Element(msgspec.Struct):
    """An open element: its tag and the kind of mark that it gives to the lines in it."""

    name: str
    kind: str = ""
    count: int = 0


class Piece(msgspec.Struct, gc=False):
    """A line read: ``links`` is how many of its characters are links."""

    text: str
    kind: str
    links: int


class Grid(msgspec.Struct):
    """A table while it is read; each cell holds what is in it."""

    cells: list[tuple[int, int, int, int, list[Piece | Grid]]]
    row: int = -1
    column: int = 0
    taken: dict[int, int] = msgspec.field(default_factory=dict)  # column → rows still covered from above


def read_html(data: bytes, name: str) -> Text:
    """The text of a web page, not yet cleaned."""
    declared = _CHARSET.search(data[:8192])
    decoded = decode(data, name, declared=declared[1].decode("ascii") if declared else "")
    page = _Page(Source(name, "html"))
    for token in split_tags(decoded.text):
        if isinstance(token, str):
            page.text(token)
        else:
            page.tag(token)
    source = page.finish()
    if decoded.damaged:
        source.losses.append(Loss("全文", f"有 {decoded.damaged} 处字节无法解码，以 U+FFFD 代替"))
    return source.finish(encoding=decoded.encoding)


class _Page:
    """Collects lines and tables while tags come in."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.open: list[Element] = []
        self.counts: dict[str, int] = {}
        self.root: list[Piece | Grid] = []
        self.sinks: list[list[Piece | Grid]] = [self.root]
        self.grids: list[Grid] = []
        self.words: list[str] = []
        self.links = self.link = self.paragraphs = self.tables = 0

    # -- what comes in

    def text(self, text: str) -> None:
        if self.counts.get("pre"):
            for index, line in enumerate(text.split("\n")):
                if index:
                    self.flush()
                self.words.append(line)
            return
        broken = bool(_NEWLINE.search(text))
        text = _SPACE.sub(" ", text)
        if broken and " " in text:
            text = _BROKEN.sub("", text)
        if text == " " and not self.words:
            return
        self.words.append(text)
        if self.link:
            self.links += len(text.strip())

    def tag(self, tag: Tag) -> None:
        name = tag.name
        if name in _VOID or (tag.closing and name in ("br", "p") and not self.counts.get(name)):
            self.void(tag)
        elif tag.text or name == "title":
            self.line(f"网页标题：{_SPACE.sub(' ', tag.text).strip()}", "metadata") if tag.text.strip() and not self.counts.get(
                "body"
            ) else None
        elif name == "a":
            self.link = 0 if tag.closing else 1
        elif name in _BLOCKS:
            self.flush()
            if tag.closing:
                self.close(name)
            else:
                self.begin(tag)
        elif name == "span" and not tag.closing and _HIDDEN.search(tag.get("style")):
            self.words.append("")

    def void(self, tag: Tag) -> None:
        if tag.name in ("br", "hr", "p"):
            self.flush()
        elif tag.name == "meta":
            label = _METAS.get(tag.get("name").lower(), "")
            value = _SPACE.sub(" ", tag.get("content")).strip()
            if label and value:
                self.line(f"{label}：{value}", "metadata")

    def begin(self, tag: Tag) -> None:
        name = tag.name
        for alike in _ALIKE.get(name, ()):
            self.close_alike(alike, _WALLS.get(name, set()))
        kind = self.kind() or _kind(tag)
        self.open.append(Element(name, kind))
        self.counts[name] = self.counts.get(name, 0) + 1
        if name == "table":
            self.grids.append(Grid([]))
        elif name == "tr" and self.grids:
            _next_row(self.grids[-1])
        elif name in ("td", "th") and self.grids:
            self.sinks.append(_next_cell(self.grids[-1], _span(tag, "rowspan"), _span(tag, "colspan")))
        elif name == "li":
            self.number()

    def close(self, name: str) -> None:
        """Ends an element and all that is open within it; an end tag without a start is passed over."""
        if not self.counts.get(name):
            return
        if (
            name != "table"
            and self.grids
            and name not in ("tr", "td", "th", "thead", "tbody", "tfoot", "caption")
            and self.beyond_cell(name)
        ):
            return
        while self.open:
            element = self.open.pop()
            self.counts[element.name] -= 1
            self.leave(element)
            if element.name == name:
                return

    def beyond_cell(self, name: str) -> bool:
        """True where the element to be ended was opened outside the cell that is open."""
        for element in reversed(self.open[-64:]):
            if element.name == name:
                return False
            if element.name in ("td", "th", "table"):
                return True
        return False

    def close_alike(self, name: str, walls: set[str]) -> None:
        """Ends an element of this name unless a wall (the list or table of its own) stands between."""
        if not self.counts.get(name):
            return
        for element in reversed(self.open[-64:]):
            if element.name == name:
                self.close(name)
                return
            if element.name in walls:
                return

    def leave(self, element: Element) -> None:
        if element.name in ("td", "th") and self.grids and len(self.sinks) > 1:
            self.sinks.pop()
        elif element.name == "table" and self.grids:
            self.sinks[-1].append(self.grids.pop())

    # -- what is made of it

    def kind(self) -> str:
        return self.open[-1].kind if self.open else ""

    def number(self) -> None:
        """The number that a browser writes before an item of an ordered list."""
        for element in reversed(self.open[-4:-1]):
            if element.name == "ol":
                element.count += 1
                self.words.append(f"{element.count}.")
                return
            if element.name == "ul":
                return

    def flush(self) -> None:
        if self.words:
            text = "".join(self.words).strip(" \t")
            self.words = []
            links, self.links = self.links, 0
            if text and not (text[:-1].isdigit() and text[-1] == "."):
                self.line(text, self.kind(), links)

    def line(self, text: str, kind: str = "", links: int = 0) -> None:
        self.sinks[-1].append(Piece(text, kind, links))

    def finish(self) -> Source:
        self.flush()
        while self.open:
            self.leave(self.open.pop())
        self.write(self.root)
        return self.source

    def write(self, items: list[Piece | Grid]) -> None:
        pending = items[::-1]
        items.clear()
        while pending:
            item = pending.pop()
            if isinstance(item, Piece):
                self.paragraphs += 1
                self.source.line(item.text, f"第{self.paragraphs}段", _line_kind(item))
                continue
            cells = _data_cells(item)
            if cells:
                self.tables += 1
                item.cells.clear()
                self.source.table(cells, f"表{self.tables}")
            else:
                pending.extend(reversed([inner for cell in item.cells for inner in cell[4]]))


def _line_kind(piece: Piece) -> str:
    """The kind of a line: its element's unless it is a sentence; a line that is all links is navigation."""
    text = piece.text.strip()
    if piece.kind == "metadata":
        return piece.kind
    if len(text) >= _SENTENCE or ("。" in text and len(text) > 20):
        return ""
    if piece.links * 5 >= len(text) * 4 and not _FILE.search(text):
        return piece.kind or "navigation"
    return piece.kind


def _kind(tag: Tag) -> str:
    """What the element says of itself: a site's part by its tag or by the words of its class and id, or hidden."""
    if tag.name in _SITE_TAGS:
        return _SITE_TAGS[tag.name]
    if not tag.attributes or tag.name in ("html", "body"):
        return ""
    if "style" in tag.attributes and _HIDDEN.search(tag.get("style")):
        return "furniture"
    words = f"{tag.get('class')} {tag.get('id')}"
    if words == " ":
        return ""
    found = _names().fullmatch(words.lower()) if len(words) > 200 else _names().search(words.lower())
    return (found.lastgroup or "") if found else ""


@cache
def _names() -> re.Pattern[str]:
    """The words of classes and ids (``furniture.yaml``, ``elements``), whole words only."""
    words = load_table("luoshi.read", "elements.yaml", dict[str, list[str]])
    return re.compile("|".join(rf"(?P<{kind}>(?<![a-z])(?:{'|'.join(names)})(?![a-z]))" for kind, names in words.items()))


def _span(tag: Tag, name: str) -> int:
    text = tag.get(name).strip()
    return min(max(int(text), 1), _MOST_SPAN) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def _next_row(grid: Grid) -> None:
    grid.row += 1
    grid.column = 0
    grid.taken = {column: left - 1 for column, left in grid.taken.items() if left > 1}


def _next_cell(grid: Grid, rows: int, columns: int) -> list[Piece | Grid]:
    """Opens the next cell of a table, past those that reach down from above; gives the list that takes its content."""
    if grid.row < 0:
        _next_row(grid)
    while grid.column in grid.taken:
        grid.column += 1
    if grid.column >= MAX_COLUMNS and grid.cells:
        return grid.cells[-1][4]
    columns = min(columns, MAX_COLUMNS - grid.column)
    content: list[Piece | Grid] = []
    grid.cells.append((grid.row, grid.column, rows, columns, content))
    for column in range(grid.column, grid.column + columns):
        if rows > 1:
            grid.taken[column] = rows
    grid.column += columns
    return content


def _data_cells(grid: Grid) -> list[GridCell]:
    """The cells of a table of data; empty for one that only lays out the page."""
    if len({cell[0] for cell in grid.cells}) < 2 or len({cell[1] for cell in grid.cells}) < 2:
        return []
    cells = []
    for row, column, rows, columns, content in grid.cells:
        if any(isinstance(item, Grid) for item in content):
            return []
        lines = [item.text.strip() for item in content if isinstance(item, Piece)]
        cells.append(GridCell(row, column, "\n".join(filter(None, lines)).replace("\t", " "), rows, columns))
    filled = [cell for cell in cells if cell.text]
    links = sum(item.links for cell in grid.cells for item in cell[4] if isinstance(item, Piece))
    size = sum(len(cell.text) for cell in filled)
    if find_header(cells)[1]:
        return cells
    plain = len(filled) * 2 >= len(cells) and links * 2 < size and max((len(cell.text) for cell in filled), default=0) < 800
    return cells if plain else []
