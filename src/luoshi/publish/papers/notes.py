"""Footnotes and pictures that are put into a docx: its parts, how the text refers to them, and the list of types."""

from __future__ import annotations

import struct
from typing import Any, Final
from xml.sax.saxutils import escape

from lxml import etree

from luoshi.publish.papers.layout import STYLE
from luoshi.publish.papers.packing import RELS, TYPES, R, W, tree, w, xml
from luoshi.publish.papers.words import Picture

NOTES: Final = "word/footnotes.xml"
_RELS: Final = "word/_rels/document.xml.rels"
_KIND: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_EMU_PER_MM: Final = 36_000
_FIRST: Final = 1
_EMPTY: Final = (
    f'<w:footnotes xmlns:w="{W}"><w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote></w:footnotes>'
)


class Extras:
    """The footnotes and pictures of a docx that is being filled. ``parts`` are changed when ``done`` is called."""

    def __init__(self, parts: dict[str, bytes]) -> None:
        self._parts = parts
        self._notes = tree(parts.get(NOTES) or _EMPTY.encode())
        self._next = max((int(one.get(w("id"), "0")) for one in self._notes), default=0)
        self._pictures: list[tuple[str, bytes]] = []
        self._noted = False

    def note(self, text: str) -> Any:
        """The run that refers to a new footnote."""
        self._next = max(self._next + 1, _FIRST)
        self._noted = True
        size = int(STYLE["LsNote"].size * 2)
        self._notes.append(etree.fromstring(
            f'<w:footnote xmlns:w="{W}" w:id="{self._next}"><w:p><w:pPr><w:pStyle w:val="LsNote"/><w:snapToGrid w:val="0"/></w:pPr>'
            f'<w:r><w:rPr><w:vertAlign w:val="superscript"/><w:sz w:val="{size}"/></w:rPr><w:footnoteRef/></w:r>'
            f'<w:r><w:rPr><w:sz w:val="{size}"/></w:rPr><w:t xml:space="preserve"> {escape(text)}</w:t></w:r></w:p></w:footnote>'
        ))  # fmt: skip
        return etree.fromstring(
            f'<w:r xmlns:w="{W}"><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="{self._next}"/></w:r>'
        )

    def picture(self, picture: Picture) -> Any:
        """The run that shows a picture."""
        number = len(self._pictures) + 1
        key = f"rIdPicture{number}"
        self._pictures.append((key, picture.png))
        wide, high = _size(picture.png)
        cx = round(picture.width * _EMU_PER_MM)
        cy = round(cx * high / wide)
        return etree.fromstring(
            _DRAWING.format(W=W, R=R, key=key, cx=cx, cy=cy, number=100 + number, about=escape(picture.about, {'"': "&quot;"}))
        )

    def done(self) -> None:
        """All of it is in the parts."""
        if self._noted:
            new = NOTES not in self._parts
            self._parts[NOTES] = xml(self._notes)
            if new:
                self._refer("rIdNotes", "footnotes", "footnotes.xml")
                self._type_of("/word/footnotes.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml")
        for key, png in self._pictures:
            name = f"luoshi-{key[10:]}.png"
            self._parts[f"word/media/{name}"] = png
            self._refer(key, "image", f"media/{name}")
        if self._pictures:
            self._png()

    def _refer(self, key: str, kind: str, target: str) -> None:
        root = tree(self._parts.get(_RELS) or f'<Relationships xmlns="{RELS}"/>'.encode())
        etree.SubElement(root, f"{{{RELS}}}Relationship", Id=key, Type=_KIND + kind, Target=target)
        self._parts[_RELS] = xml(root)

    def _type_of(self, part: str, kind: str) -> None:
        root = tree(self._parts["[Content_Types].xml"])
        etree.SubElement(root, f"{{{TYPES}}}Override", PartName=part, ContentType=kind)
        self._parts["[Content_Types].xml"] = xml(root)

    def _png(self) -> None:
        root = tree(self._parts["[Content_Types].xml"])
        if not any(one.get("Extension", "").lower() == "png" for one in root):
            root.insert(0, etree.Element(f"{{{TYPES}}}Default", Extension="png", ContentType="image/png"))
            self._parts["[Content_Types].xml"] = xml(root)


def _size(png: bytes) -> tuple[int, int]:
    """Width and height in pixels, as a PNG's head says them."""
    wide, high = struct.unpack(">II", png[16:24])
    return wide, high


_DRAWING: Final = (
    '<w:r xmlns:w="{W}" xmlns:r="{R}" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture">'
    '<w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{cx}" cy="{cy}"/><wp:docPr id="{number}" name="图{number}" descr="{about}"/>'
    '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="{number}" name="图{number}"/>'
    '<pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{key}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>'
    '<a:off x="0" y="0"/><a:ext cx="{cx}" cy="{cy}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData>'
    "</a:graphic></wp:inline></w:drawing></w:r>"
)
