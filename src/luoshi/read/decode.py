"""Bytes → text: which encoding the bytes are in is told from the bytes themselves."""

from __future__ import annotations

import codecs
import re
import unicodedata

import msgspec

from luoshi.errors import UnreadableFile

#: byte order marks, longest first
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_SAMPLE = 65536
#: what pages call an encoding, and what they are written in
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb-2312": "gb18030", "big5": "big5hkscs", "x-x-big5": "big5hkscs"}
#: the commonest characters of simplified and traditional official prose; frequency tells GB from Big5 and from chance
_COMMON = frozenset(
    "的和业发展建设工作实年市加中大国政全区会新经济人民进推化产一为不在了是以有社地提高城改服务力生重动管强理行点项目"
    "成农合创开上质保体到支入资持革要部制能公企、。，；：“”（）"
    "業發設實會經濟進產為務動強項農創開質體與資計劃個縣鎮鄉總場際關於對區"
)
_SURROGATES = re.compile("[\ud800-\udfff]")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_BINARY = re.compile(b"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


class Decoded(msgspec.Struct, frozen=True):
    """Decoded text without its byte order mark; ``damaged`` counts the places that could not be decoded (U+FFFD there)."""

    text: str
    encoding: str
    damaged: int = 0


def decode(data: bytes, name: str, *, declared: str = "") -> Decoded:
    """The text of ``data``; raises ``UnreadableFile`` (``binary``) where no encoding makes text of it.

    ``declared`` is what the file says of itself: believed where the bytes are no UTF-8 and fit it.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _marked(_lenient(data[len(bom) :], encoding, name), name)
    if b"\x00" not in data:
        try:
            return _whole(data.decode("utf-8"), "utf-8", name)
        except UnicodeDecodeError:
            pass
        paired = _paired(data)
        if paired is not None:
            return Decoded(paired, "utf-8", paired.count("\ufffd"))
    try:
        told = codecs.lookup(_WIDER.get(declared.lower().replace("_", "-"), declared)).name if declared else ""
        if told and told not in ("utf-8", "ascii", "latin-1", "iso8859-1") and not told.startswith("utf-"):
            return _whole(data.decode(told), told, name)
    except (LookupError, UnicodeDecodeError):
        pass
    return _guess(data, name)


def plain_surrogates(text: str) -> tuple[str, int]:
    """The text with every lone surrogate as U+FFFD (one for one, so offsets stay), and how many there were."""
    if not _SURROGATES.search(text):
        return text, 0
    return _SURROGATES.subn("\ufffd", text)


def _whole(text: str, encoding: str, name: str) -> Decoded:
    sample = text[:_SAMPLE]
    controls = sum(sample.count(chr(code)) for code in (*range(9), *range(14, 27), *range(28, 32)))
    if controls > max(8, len(sample) // 50):
        raise not_text(name)
    return Decoded(text, encoding)


#: a sample shorter than this says nothing of how common its characters are
_TELLING = 100


def _marked(decoded: Decoded, name: str) -> Decoded:
    """What stands behind a byte order mark: chance bytes may begin like one, so it must look like text (``binary`` where it does not).

    Of two bytes taken by chance one in seven is no assigned character; of text in a wrong width none is common or ASCII.
    """
    _whole(decoded.text, decoded.encoding, name)
    sample = decoded.text[:_SAMPLE]
    if not sample or not decoded.encoding.startswith(("utf-16", "utf-32")):
        return decoded
    foreign = sum(unicodedata.category(char) in ("Cn", "Co", "Cs") for char in sample) + sample.count("\ufffd")
    known = sum(char in _COMMON or char < "\x7f" for char in sample)
    if foreign > max(2, len(sample) // 20) or (len(sample) >= _TELLING and known * 100 < len(sample)):
        raise not_text(name)
    return decoded


def not_text(name: str) -> UnreadableFile:
    return UnreadableFile(
        "内容不是文字（二进制数据）", where=name, slug="binary", remedy="请确认文件没有损坏，或另存为 docx、pdf、html、txt 后再读"
    )


def _guess(data: bytes, name: str) -> Decoded:
    """The best of the candidate encodings by how much of a sample turns into common Chinese characters."""
    best = max(_candidates(data), key=lambda encoding: _score(data[:_SAMPLE], encoding))
    if _score(data[:_SAMPLE], best) < 0.08:
        raise not_text(name)
    return _lenient(data, best, name)


def _candidates(data: bytes) -> tuple[str, ...]:
    """Encodings worth trying, likeliest first."""
    if b"\x00" in data[:_SAMPLE] or len(_BINARY.findall(data[:_SAMPLE])) > 8:
        return ("utf-16-le", "utf-16-be", "utf-8", "gb18030")
    return ("utf-8", "gb18030", "big5hkscs", "utf-16-le", "utf-16-be")


def _score(sample: bytes, encoding: str) -> float:
    """Share of common characters among the non-ASCII ones (ASCII text in UTF-16 counts too), less what cannot be decoded."""
    text = sample.decode(encoding, errors="replace")
    if not text:
        return 0.0
    bad = text.count("\ufffd") + len(_PRIVATE.findall(text)) + len(_BINARY.findall(text.encode("latin-1", errors="ignore"))) * 2
    wide = [char for char in text if char > "\x7f"]
    common = sum(char in _COMMON for char in wide)
    if encoding.startswith("utf-16"):
        common += len(text) - len(wide)
        return (common - 3 * bad) / len(text)
    return (common - 3 * bad) / max(1, len(wide))


def _lenient(data: bytes, encoding: str, name: str) -> Decoded:
    """Decodes whatever is there; what is broken becomes U+FFFD, and where that is a third of it, it is no text."""
    try:
        return Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError:
        text = data.decode(encoding, errors="replace")
    damaged = text.count("\ufffd")
    if damaged * 3 > len(text):
        raise not_text(name)
    return Decoded(text, encoding, damaged)


def _paired(data: bytes) -> str | None:
    """UTF-8 in which surrogates are written (CESU-8): pairs put together, lone ones U+FFFD; ``None`` where it is something else."""
    try:
        text = data.decode("utf-8", errors="surrogatepass")
    except UnicodeDecodeError:
        return None
    return text.encode("utf-16-le", errors="surrogatepass").decode("utf-16-le", errors="replace")
