"""Facts as a page: one self-contained file with the source, every fact marked in it, and the facts beside it. No network."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from importlib.resources import files
from pathlib import PurePath
from typing import BinaryIO

import msgspec

from luoshi.errors import BadUsage
from luoshi.extract.fact import DocumentFact
from luoshi.extract.reading import Reading
from luoshi.messages import Lang, Speaker
from luoshi.publish.page.items import Piece, counts, details, head_html, list_html, sections_html
from luoshi.publish.page.source import shown, source_html
from luoshi.publish.part import Part
from luoshi.publish.wording import headline, years_of, years_shown

#: so many files at most share a page
FILES = 50
_KINDS = ("measure", "task", "project", "term")
_ROLES = ("target", "result", "attribute")
_LABELS = ("page.also_here", "page.none", "page.shown", "page.nothing", "page.facts_tab")


def encode(reading: Reading, lang: Lang) -> bytes:
    """What one reading gives to the page, packed."""
    say = Speaker(lang)
    found = counts(reading)
    piece = Piece(
        title=shown(_title(reading, say)), source=source_html(reading, say), facts=list_html(reading, say),
        sections=sections_html(reading, say), head=head_html(reading, say),
        details=[[(label, _seen(value)) for label, value in rows] for rows in details(reading, say)],
        counts={kind: found[kind] for kind in (*_KINDS, "section")},
        gaps=sum(len(document.gaps) for document in reading.outline.documents) + len(reading.text.losses),
    )  # fmt: skip
    return msgspec.msgpack.encode(piece)


def _title(reading: Reading, say: Speaker) -> str:
    """The title and years of the one document of a file, else the file's name."""
    found = [fact for fact in reading.facts if isinstance(fact, DocumentFact)]
    if len(found) != 1 or not found[0].title:
        return PurePath(reading.text.name).name
    return " · ".join(word for word in (headline(found[0], say), years_shown(years_of(found[0]))) if word)


def _seen(value: str) -> str:
    return value.encode("utf-8", "replace").decode()


def write(parts: Iterable[Part], out: BinaryIO, *, lang: Lang, several: bool) -> None:
    """Writes the page. More than ``FILES`` files raise ``BadUsage``: a page each is what serves then."""
    pieces: list[Piece] = []
    for part in parts:
        if len(pieces) == FILES:
            raise BadUsage(f"一页最多放 {FILES} 个文件", remedy="请把 --out 指到一个文件夹，每个文件一页", slug="too-many-for-a-page")
        pieces.append(msgspec.msgpack.decode(part.body, type=Piece))
    out.write(_page(pieces, Speaker(lang)).encode("utf-8"))


def _page(pieces: list[Piece], say: Speaker) -> str:
    home = files("luoshi.publish.page")
    style = home.joinpath("page.css").read_text(encoding="utf-8")
    script = home.joinpath("page.js").read_text(encoding="utf-8")
    values = {
        "lang": "zh-Hans" if say.lang == "zh" else "en",
        "title": pieces[0].title if len(pieces) == 1 else shown(say("page.title", count=len(pieces))),
        "script-hash": _hash(script), "style-hash": _hash(style), "style": style, "script": script,
        "documents": _documents(pieces, say), "filters": _filters(say), "sources": _sources(pieces), "lists": _lists(pieces, say),
        "data": _data(pieces, say),
    }  # fmt: skip
    page = home.joinpath("page.html").read_text(encoding="utf-8")
    out: list[str] = []
    for at, piece in enumerate(page.split("⟦")):
        name, closed, rest = piece.partition("⟧") if at else ("", "", piece)
        out.append((values[name] if name in values else shown(say(f"page.{name}"))) if closed else "")
        out.append(rest)
    return "".join(out)


def _hash(words: str) -> str:
    return "sha256-" + b64encode(sha256(words.encode()).digest()).decode()


def _documents(pieces: list[Piece], say: Speaker) -> str:
    options = "".join(f'<option value="{at}">{piece.title}</option>' for at, piece in enumerate(pieces))
    hidden = " hidden" if len(pieces) < 2 else ""
    return f'<label class="pick"{hidden}><span>{shown(say("page.document"))}</span> <select id="document">{options}</select></label>'


def _filters(say: Speaker) -> str:
    kinds = "".join(
        f'<label class="toggle k-{kind}"><input type="checkbox" name="kind" value="{kind}" checked> '
        f'<span>{shown(say.word("fact", kind))}</span> <b data-count="{kind}"></b></label>'
        for kind in _KINDS
    )
    roles = "".join(f'<option value="{role}">{shown(say.word("role", role))}</option>' for role in _ROLES)
    return (
        f'<div class="toggles" role="group" aria-label="{shown(say("page.kinds"))}">{kinds}</div>'
        f'<label class="pick"><span>{shown(say("page.role"))}</span> '
        f'<select id="role"><option value="">{shown(say("page.all_roles"))}</option>{roles}</select></label>'
    )


def _sources(pieces: list[Piece]) -> str:
    return "".join(
        f'<article data-document="{at}" aria-label="{piece.title}"{" hidden" if at else ""}>{piece.head}'
        f'<div class="source">{piece.source}</div></article>'
        for at, piece in enumerate(pieces)
    )


def _lists(pieces: list[Piece], say: Speaker) -> str:
    label = shown(say("page.facts"))
    return "".join(
        f'<ol class="facts" data-document="{at}" aria-label="{label}"{" hidden" if at else ""}>{piece.facts}</ol>'
        for at, piece in enumerate(pieces)
    )


def _data(pieces: list[Piece], say: Speaker) -> str:
    """The data that the script reads, as JSON that cannot close its element."""
    data = {
        "labels": {key.removeprefix("page."): say(key) for key in _LABELS},
        "documents": [{"details": p.details, "counts": p.counts, "sections": p.sections} for p in pieces],
    }
    return (
        json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    )
