"""Zip packages (docx, xlsx): parts read with a bound on what they unpack to, XML without entities or network."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Any, cast

from lxml import etree

from luoshi.errors import UnreadableFile

#: most bytes that one part may unpack to, and that a package may in all
PART_LIMIT = 64 * 1024 * 1024
#: a part larger than this that unpacks to more than ``RATIO`` times its size is taken for a bomb
_SUSPECT, RATIO = 8 * 1024 * 1024, 200
_MAX_PARTS = 20_000
_DOCTYPES = (b"<!DOCTYPE", "<!DOCTYPE".encode("utf-16-le"), "<!DOCTYPE".encode("utf-16-be"))


class Package:
    """The parts of a zip package by name."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            self._infos = {info.filename: info for info in self._zip.infolist()}
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise self.damaged("压缩结构不完整") from error
        if len(self._infos) > _MAX_PARTS:
            raise self.bomb()

    def __contains__(self, part: str) -> bool:
        return part in self._infos

    def names(self) -> list[str]:
        return list(self._infos)

    def damaged(self, why: str) -> UnreadableFile:
        return UnreadableFile(f"文件已损坏：{why}", where=self.name, slug="damaged", remedy="请用 Word、WPS 或 Excel 打开后另存一份再读")

    def _bad_xml(self, part: str, error: Exception) -> UnreadableFile:
        if "depth" in str(error):
            return UnreadableFile(
                f"{part} 嵌套太深，拒绝展开",
                where=self.name,
                slug="too-deep",
                remedy="正常的 Office 文件不会这样；请把文字复制到新文件再读",
            )
        line = getattr(error, "lineno", None)
        return self.damaged(f"{part} 的 XML {f'第 {line} 行' if line else ''}有误")

    def bomb(self) -> UnreadableFile:
        return UnreadableFile(
            "压缩包解开后大得不合理，拒绝解压", where=self.name, slug="zip-bomb", remedy="请确认文件来源；如确有必要，请另存为较小的文件"
        )

    def open(self, part: str) -> IO[bytes]:
        """A stream of a part that stops with an error where it unpacks to more than it may."""
        info = self._infos[part]
        if info.flag_bits & 1:
            raise UnreadableFile("文件有密码", where=self.name, slug="encrypted", remedy="请去掉密码另存后再读")
        if info.file_size > PART_LIMIT or (info.file_size > _SUSPECT and info.file_size > RATIO * max(1, info.compress_size)):
            raise self.bomb()
        try:
            return cast("IO[bytes]", _Bounded(self._zip.open(info), self))
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
            raise self.damaged("压缩结构不完整") from error

    def read(self, part: str) -> bytes:
        """A part as bytes, ``b""`` where there is none."""
        if part not in self:
            return b""
        with self.open(part) as stream:
            return stream.read()

    def xml(self, part: str) -> Any:
        """The root of a part's XML, ``None`` where there is no such part."""
        data = self.read(part)
        if not data:
            return None
        self._refuse_doctype(data[:4096])
        try:
            return etree.fromstring(data, _parser())
        except (etree.XMLSyntaxError, ValueError) as error:
            raise self._bad_xml(part, error) from error

    def events(self, part: str, tags: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
        """The starts and ends of the elements with these tags, while the part is being unpacked."""
        with self.open(part) as head:
            self._refuse_doctype(head.read(4096))
        with self.open(part) as stream:
            try:
                yield from etree.iterparse(
                    stream,
                    events=("start", "end"),
                    tag=tags,
                    resolve_entities=False,
                    no_network=True,
                    load_dtd=False,
                    huge_tree=False,
                    remove_comments=True,
                    remove_pis=True,
                )
            except (etree.XMLSyntaxError, ValueError) as error:
                raise self._bad_xml(part, error) from error

    def _refuse_doctype(self, head: bytes) -> None:
        if any(mark in head for mark in _DOCTYPES):
            raise UnreadableFile(
                "XML 里有实体声明，拒绝展开", where=self.name, slug="xml-entities", remedy="正常的 Office 文件不会这样；请确认文件来源"
            )


class _Bounded(io.RawIOBase):
    """A stream that counts what it gives and stops at ``PART_LIMIT``."""

    def __init__(self, stream: IO[bytes], package: Package) -> None:
        self._stream, self._package, self._given = stream, package, 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        try:
            data = self._stream.read(min(size, PART_LIMIT + 1) if size >= 0 else PART_LIMIT + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
            raise self._package.damaged("压缩结构不完整") from error
        self._given += len(data)
        if self._given > PART_LIMIT:
            raise self._package.bomb()
        return data

    def close(self) -> None:
        self._stream.close()
        super().close()


def _parser() -> Any:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True)
