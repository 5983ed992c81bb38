"""Parts of a docx in and out: read with the bounds of every file that comes in, written so that the same parts give the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Any, Final

from lxml import etree

from luoshi.errors import UnreadableFile
from luoshi.read.package import Package

W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES: Final = "http://schemas.openxmlformats.org/package/2006/content-types"
BODY: Final = "word/document.xml"
#: what Word itself writes in a zip without a clock
_STAMP: Final = (1980, 1, 1, 0, 0, 0)
#: what a paper never has: what runs by itself, what is fetched from elsewhere
_BARRED: Final = ("word/vbaProject.bin", "word/vbaData.xml")
_FETCHED: Final = frozenset({"attachedTemplate", "oleObject", "image", "frame", "subDocument", "package"})


def w(tag: str) -> str:
    """The name of an element or attribute of Word."""
    return f"{{{W}}}{tag}"


def parts_of(data: bytes, name: str) -> dict[str, bytes]:
    """All parts of a docx by name.

    Raises ``UnreadableFile`` for what is no docx, is damaged, hostile or too large, holds macros, or fetches anything from elsewhere.
    """
    package = Package(data, name)
    if BODY not in package:
        raise UnreadableFile("不是 docx 文档", where=name, slug="not-docx", remedy="请用 Word 或 WPS 另存为 .docx")
    if any(part in package for part in _BARRED):
        raise UnreadableFile("文档里有宏", where=name, slug="has-macros", remedy="请另存为不带宏的 .docx")
    found: dict[str, bytes] = {}
    for part in package.names():
        if part.endswith("/"):
            continue
        if part.startswith("/") or ".." in part.split("/"):
            raise package.damaged("部件的名字不对")
        if part.endswith((".xml", ".rels")):
            package.xml(part)
        if part.endswith(".rels"):
            _refuse_fetched(package.xml(part), name)
        found[part] = package.read(part)
    return found


def _refuse_fetched(root: Any, name: str) -> None:
    for one in root if root is not None else ():
        kind = str(one.get("Type", "")).rpartition("/")[2]
        if one.get("TargetMode") == "External" and kind in _FETCHED:
            raise UnreadableFile(
                f"文档要从别处取内容（{kind}）", where=name, slug="fetches", remedy="请把图片等嵌入文档、去掉外部模板，再上传"
            )


def packed(parts: Mapping[str, bytes]) -> bytes:
    """The docx of these parts; the list of types comes first, as Word wants it."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(parts, key=lambda name: (name != "[Content_Types].xml", not name.startswith("_rels/"), name)):
            info = zipfile.ZipInfo(name, _STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            archive.writestr(info, parts[name])
    return file.getvalue()


def tree(data: bytes) -> Any:
    """The root of a part that was read before."""
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))


def xml(root: Any) -> bytes:
    """A part's bytes."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
