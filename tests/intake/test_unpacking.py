"""Archives: each file by itself, Chinese names right, bombs refused."""

from __future__ import annotations

import io
import random
import zipfile

from luoshi.intake.unpacking import unpack


def zipped(*files: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files:
            archive.writestr(name, body)
    return out.getvalue()


def test_a_plain_file_is_itself() -> None:
    assert [(one.name, one.data) for one in unpack("a.txt", b"x")] == [("a.txt", b"x")]


def test_an_office_file_is_no_archive() -> None:
    body = zipped(("[Content_Types].xml", b"<Types/>"))
    assert [(one.name, one.data) for one in unpack("a.docx", body)] == [("a.docx", body)]


def test_names_of_old_windows() -> None:
    """A name in GB18030 that does not say so."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("x" * len("报告".encode("gb18030")) + ".txt"), b"x")
    body = out.getvalue().replace(b"xxxx.txt", "报告".encode("gb18030") + b".txt")
    assert [one.name for one in unpack("a.zip", body)] == ["报告.txt"]


def test_what_is_refused() -> None:
    def slug(body: bytes) -> list[str]:
        return [one.error[0] for one in unpack("a.zip", body) if one.error]

    assert slug(zipped(("a.exe", b"x"))) == ["unknown-kind"]
    assert slug(zipped(*((f"{at}.txt", b"") for at in range(2001)))) == ["too-many-files"]
    assert slug(zipped(*((f"{at}.txt", b"0" * 60_000_000) for at in range(5)))) == ["zip-bomb"]
    assert slug(b"x" * (64 * 1024 * 1024 + 1)) == ["too-large"]


def test_a_member_that_lies_about_its_size() -> None:
    body = bytearray(zipped(("a.txt", b"0" * 1000)))
    at = body.rindex(b"PK\x01\x02")
    body[at + 24 : at + 28] = (10).to_bytes(4, "little")
    found = unpack("a.zip", bytes(body))
    assert len(found) == 1
    assert found[0].error is not None or len(found[0].data) <= 1000


def test_a_damaged_archive() -> None:
    body = zipped(("a.txt", random.Random(1).randbytes(4000)))  # noqa: S311 - bytes that do not pack, the same in each run
    middle = bytearray(body)
    middle[400:430] = b"\xff" * 30
    found = unpack("a.zip", bytes(middle))
    assert [one.error is not None for one in found] == [True]
