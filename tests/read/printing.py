"""Prints small pdf files for the tests: text flowed over pages, or set where it is wanted. Needs reportlab."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table, TableStyle

FONT = "STSong-Light"
WIDTH, HEIGHT = A4
pdfmetrics.registerFont(UnicodeCIDFont(FONT))
BODY = ParagraphStyle("body", fontName=FONT, fontSize=14, leading=26, firstLineIndent=28, wordWrap="CJK")
PLAIN = ParagraphStyle("plain", parent=BODY, firstLineIndent=0)
TITLE = ParagraphStyle("title", parent=PLAIN, fontSize=20, leading=40, alignment=1)
CELL = ParagraphStyle("cell", fontName=FONT, fontSize=10, leading=14, wordWrap="CJK")


def flowed(
    items: Sequence[tuple[str, ParagraphStyle] | Sequence[Sequence[str]]],
    *,
    header: str = "",
    numbered: bool = True,
    widths: Sequence[float] = (),
    lines: bool = True,
) -> bytes:
    """Paragraphs (words and style) and tables (rows of words) flowed over as many pages as they need."""
    out = io.BytesIO()

    def edges(page: Any, document: Any) -> None:
        page.setFont(FONT, 9)
        page.drawCentredString(WIDTH / 2, HEIGHT - 30, header)
        if numbered:
            page.drawCentredString(WIDTH / 2, 30, f"— {document.page} —")

    story: list[Any] = []
    for item in items:
        if isinstance(item, tuple) and isinstance(item[0], str):
            story.append(Paragraph(item[0], item[1]))
        else:
            rows = [[Paragraph(words, CELL) for words in row] for row in item]
            style = [("VALIGN", (0, 0), (-1, -1), "TOP"), *([("GRID", (0, 0), (-1, -1), 0.5, colors.black)] if lines else [])]
            story.append(Table(rows, colWidths=list(widths) or None, repeatRows=1, style=TableStyle(style)))
    SimpleDocTemplate(out, pagesize=A4).build(story, onFirstPage=edges, onLaterPages=edges)
    return out.getvalue()


def drawn(*pages: Callable[[Any], None], password: str = "") -> bytes:
    """Pages drawn one by one: each function gets the canvas with the font set."""
    out = io.BytesIO()
    paper = canvas.Canvas(out, pagesize=A4, encrypt=StandardEncryption(password) if password else None)
    for page in pages:
        paper.setFont(FONT, 12)
        page(paper)
        paper.showPage()
    paper.save()
    return out.getvalue()
