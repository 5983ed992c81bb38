"""Which kind of file bytes are: told from the bytes first, then from the name."""

from __future__ import annotations

import io
import re
from pathlib import PurePath

from luoshi.errors import UnreadableFile

_HEAD = 4096
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: the first bytes of files that are no documents with text, what they are, what to do
_FOREIGN = (
    (b"\x89PNG", "PNG 图片", "image"),
    (b"\xff\xd8\xff", "JPEG 图片", "image"),
    (b"GIF8", "GIF 图片", "image"),
    (b"BM", "BMP 图片", "image"),
    (b"II*\x00", "TIFF 图片", "image"),
    (b"MM\x00*", "TIFF 图片", "image"),
    (b"Rar!", "RAR 压缩包", "archive"),
    (b"7z\xbc\xaf", "7z 压缩包", "archive"),
    (b"\x1f\x8b", "gzip 压缩包", "archive"),
    (b"{\\rtf", "RTF 文档", "rtf"),
    (b"\x7fELF", "程序文件", "binary"),
    (b"MZ\x90", "程序文件", "binary"),
)
_REMEDIES = {
    "image": "图片和扫描件要先做文字识别（OCR），本工具还不做；请找文字版",
    "archive": "请先解压，再读里面的文件",
    "rtf": "请用 Word 或 WPS 另存为 docx 再读",
    "binary": "请换成 txt、html、docx、pdf、xlsx 或 csv 文件",
}
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|meta|title|div|p|table|span|br|script|link)[\s/>]", re.IGNORECASE)
_BY_NAME = {
    ".csv": "csv",
    ".tsv": "csv",
    ".htm": "html",
    ".html": "html",
    ".shtml": "html",
    ".xhtml": "html",
    ".mht": "mht",
    ".mhtml": "mht",
}


def find_kind(data: bytes, name: str) -> str:
    """``txt`` ``html`` ``docx`` ``pdf`` ``xlsx`` or ``csv``; raises ``UnreadableFile`` for what is known to be none of them."""
    ending = PurePath(name).suffix.lower()
    if data.startswith(b"PK"):
        return _zip_kind(data, name, ending)
    if data[:1024].lstrip().startswith(b"%PDF-") or b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(_OLE):
        raise _ole(data, name, ending)
    for head, what, slug in _FOREIGN:
        if data.startswith(head) and (head != b"BM" or b"\x00" in data[:64]):
            raise UnreadableFile(f"这是{what}，不是文字文件", where=name, slug=slug, remedy=_REMEDIES[slug])
    kind = _BY_NAME.get(ending, "")
    if kind == "mht" or data[:200].lower().startswith((b"mime-version:", b"from: <saved by")):
        raise UnreadableFile("这是单个网页文件（mht）", where=name, slug="mht", remedy="请在浏览器里另存为“仅网页，html”再读")
    if kind:
        return kind
    opening = _ascii_head(data).lstrip()
    return "html" if opening.startswith("<") and _HTML.search(opening) else "txt"


def _ascii_head(data: bytes) -> str:
    """The beginning of the bytes with only what is ASCII in it, whatever the encoding."""
    return data[:_HEAD].replace(b"\x00", b"").decode("ascii", errors="ignore")


def _zip_kind(data: bytes, name: str, ending: str) -> str:
    import zipfile  # only where there is a package: plain text is to be there at once

    try:
        parts = set(zipfile.ZipFile(io.BytesIO(data)).namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise UnreadableFile("文件已损坏，压缩结构不完整", where=name, slug="damaged", remedy="请重新下载，或打开后另存一份再读") from error
    if "xl/workbook.xml" in parts:
        return "xlsx"
    if any(part.startswith("word/") for part in parts) or ending == ".docx":
        return "docx"
    if ending in (".xlsx", ".xlsm"):
        return "xlsx"
    if "OFD.xml" in parts:
        raise UnreadableFile("这是 OFD 版式文件", where=name, slug="ofd", remedy="请用 OFD 阅读器另存为 pdf 或 docx 再读")
    if "mimetype" in parts or "content.xml" in parts:
        raise UnreadableFile("这是 OpenDocument 文件（odt、ods）", where=name, slug="opendocument", remedy="请另存为 docx 或 xlsx 再读")
    if any(part.startswith("ppt/") for part in parts):
        raise UnreadableFile("这是演示文稿（pptx）", where=name, slug="pptx", remedy="请另存为 pdf 再读")
    raise UnreadableFile("这是压缩包，不是文档", where=name, slug="archive", remedy=_REMEDIES["archive"])


def _ole(data: bytes, name: str, ending: str) -> UnreadableFile:
    """What an OLE container is: an encrypted Office file, or an old one."""
    if "EncryptedPackage".encode("utf-16-le") in data or "EncryptionInfo".encode("utf-16-le") in data:
        return UnreadableFile("文件有打开密码", where=name, slug="encrypted", remedy="请输入密码打开，去掉密码另存后再读")
    if "Workbook".encode("utf-16-le") in data or ending in (".xls", ".et"):
        return UnreadableFile("这是旧版 Excel 文件（xls、et）", where=name, slug="xls", remedy="请用 Excel 或 WPS 另存为 xlsx 再读")
    if ending == ".wps":
        return UnreadableFile("这是 WPS 旧格式（wps）", where=name, slug="wps", remedy="请用 WPS 另存为 docx 再读")
    return UnreadableFile("这是旧版 Word 文件（doc、wps）", where=name, slug="doc", remedy="请用 Word 或 WPS 另存为 docx 再读")
