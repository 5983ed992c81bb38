"""Archives of documents: the files in a zip, each by itself, with bounds on what it may unpack to."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import Final

import msgspec

from luoshi.errors import LuoshiError, UnreadableFile
from luoshi.inputs import ENDINGS
from luoshi.read import LIMIT

#: files in one archive, and bytes that all of them unpack to
MOST_FILES: Final = 2_000
MOST_BYTES: Final = 256 * 1024 * 1024
#: what systems put into archives and folders for themselves
_OWN: Final = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
_OFFICE: Final = ("[Content_Types].xml", "OFD.xml")


class Unpacked(msgspec.Struct, frozen=True):
    """A file that came in: by itself or out of an archive; ``error`` where it cannot even be kept."""

    name: str
    data: bytes = b""
    error: tuple[str, str, str] | None = None


def unpack(name: str, data: bytes, *, files: int = MOST_FILES, size: int = MOST_BYTES) -> list[Unpacked]:
    """The files that ``data`` stands for: those of a zip with a readable ending, or the file itself. Nothing is raised: an error is a result.

    So many ``files`` and bytes (``size``) an archive may unpack to here: what is left to it of a whole upload.

    >>> [(file.name, file.error) for file in unpack("报告.txt", b"x")]
    [('报告.txt', None)]
    """
    try:
        if not is_archive(data):
            if len(data) > LIMIT:
                raise _too_large(name)
            return [Unpacked(name, data)]
        return _members(name, data, files, size)
    except LuoshiError as error:
        return [Unpacked(name, error=(error.slug, error.what, error.remedy))]


def is_archive(data: bytes) -> bool:
    """Whether it is a zip that is no document itself."""
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return not any(part in archive.NameToInfo for part in _OFFICE)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False


def _members(name: str, data: bytes, files: int, size: int) -> list[Unpacked]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        infos = [info for info in archive.infolist() if not info.is_dir() and not any(own in info.filename for own in _OWN)]
        if len(infos) > MOST_FILES:
            raise UnreadableFile(
                f"压缩包里有 {len(infos)} 个文件，超过 {MOST_FILES} 个", where=name, slug="too-many-files", remedy="请分成几个压缩包"
            )
        told = sum(info.file_size for info in infos)
        if told > MOST_BYTES:
            raise UnreadableFile(
                "压缩包解开后大得不合理，拒绝解压", where=name, slug="zip-bomb", remedy="请确认文件来源，或分成几个较小的压缩包"
            )
        if len(infos) > files or told > size:
            raise UnreadableFile(
                f"这一次导入的压缩包合计超过 {MOST_FILES} 个文件或 {MOST_BYTES // 1048576} MB",
                where=name,
                slug="too-large",
                remedy="请分几次导入",
            )
        found, left = [], size
        for info in infos:
            one = _member(archive, info, left)
            left -= len(one.data)
            found.append(one)
    if not found:
        raise UnreadableFile("压缩包里没有文件", where=name, slug="empty", remedy="请检查压缩包")
    return found


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, left: int) -> Unpacked:
    name = _name(info)
    if PurePosixPath(name).suffix.lower() not in ENDINGS:
        return Unpacked(name, error=("unknown-kind", "不认识的文件种类", f"支持的文件：{' '.join(sorted(ENDINGS))}"))
    if info.flag_bits & 1:
        return Unpacked(name, error=("encrypted", "压缩包有密码", "请去掉密码后再导入"))
    try:
        with archive.open(info) as stream:
            data = stream.read(min(LIMIT, left) + 1)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError, zlib.error):
        return Unpacked(name, error=("damaged", "压缩包已损坏", "请重新压缩后再导入"))
    if len(data) > min(LIMIT, left):
        return Unpacked(name, error=("zip-bomb", "压缩包解开后大得不合理，拒绝解压", "请确认文件来源，或单独导入这个文件"))
    return Unpacked(name, data)


def _name(info: zipfile.ZipInfo) -> str:
    """The member's name; archives made on Chinese Windows write it in GB18030 without saying so."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _too_large(name: str) -> UnreadableFile:
    return UnreadableFile(f"文件超过 {LIMIT // 1048576} MB 的上限", where=name, slug="too-large", remedy="请拆成较小的文件再导入")
