"""Files into the ledger: received at once, read by a worker, each document once, a new text of a known one as its next version."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from luoshi import __version__
from luoshi.errors import LuoshiError
from luoshi.ledger import models
from luoshi.ledger.entry import Draft
from luoshi.ledger.ids import family_id
from luoshi.ledger.reading import StoredReading
from luoshi.ledger.regions import Region, region_chain
from luoshi.ledger.store import Writer, blobs, writing


class Received(msgspec.Struct, frozen=True):
    """A file that lies in the store and waits, or was known before; ``file`` is its id."""

    file: str
    name: str
    known: bool


def receive(files: Sequence[tuple[str, bytes]], actor: str, *, batch: str = "") -> list[Received]:
    """Keeps the originals, then notes all of them in one go: once this returns, none of them can be lost.

    ``batch`` ties together what came in together.
    """
    keys = [blobs().put(data) for _, data in files]
    out = []
    with writing() as writer:
        for key, (told, data) in zip(keys, files, strict=True):
            name = _storable(told)
            row = writer.get("file", key)
            out.append(Received(key, name, known=row is not None and row["state"] == "read"))
            writer.append(actor, Draft("file.receive", key, {"name": name, "size": len(data), "batch": batch}))
    return out


def _storable(name: str) -> str:
    """A file's name as every database takes it: names in archives may hold anything."""
    return name.encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")[-300:]


def take_in(file: str, documents: Sequence[StoredReading], actor: str, *, form: str = "") -> list[str]:
    """Enters the documents that were read from a received file; the ids of those that are new to the ledger.

    The readings are packed into the store first; the entries follow in one transaction, so that a file is read whole or not at all. A file
    that another worker has read meanwhile is left as it is.
    """
    if not documents:
        refuse(file, LuoshiError("文件里没有可读的内容", remedy="请检查文件是否为空", slug="empty"), actor)
        return []
    chains = [_chain(document.recognised) for document in documents]
    documents = [_with_region(document, chain) for document, chain in zip(documents, chains, strict=True)]
    keys = [blobs().put_packed(msgspec.json.encode(document)) for document in documents]
    with writing() as writer:
        row = writer.get("file", file)
        if row is not None and row["state"] == "read":
            return []
        known = [document.id for document in documents if writer.get("document", document.id) is not None]
        new = []
        for document, key, chain in zip(documents, keys, chains, strict=True):
            if document.id not in known and document.id not in new:
                add_regions(writer, actor, chain)
                _enter(writer, file, document, key, actor)
                new.append(document.id)
        found = list(dict.fromkeys(document.id for document in documents))
        writer.append(actor, Draft("file.read", file, {"format": form, "documents": found, "known": known}))
    return new


def refuse(file: str, error: LuoshiError, actor: str) -> None:
    """Notes why a received file gives nothing."""
    with writing() as writer:
        writer.append(actor, Draft("file.refuse", file, {"slug": error.slug, "what": error.what, "remedy": error.remedy}))


def _enter(writer: Writer, file: str, document: StoredReading, key: str, actor: str) -> None:
    family, version, previous = place_in_family(writer, document.id, document.recognised)
    highest = models.Document.objects.order_by("-number").values_list("number", flat=True).first() or 0
    pending = sum(1 for entry in writer.entries if entry.act == "document.read")
    writer.append(actor, Draft("document.read", document.id, {
        "reading": key, "file": file, "number": highest + 1 + pending, "family": family, "version": version, "previous": previous, "rules": __version__,
    }, context=file))  # fmt: skip


def _chain(fields: dict[str, Any]) -> tuple[Region, ...]:
    """The regions that a document's own goes through; ``()`` where it names none."""
    year = fields.get("plan_year") or fields.get("review_year") or fields.get("plan_first")
    return region_chain(fields["region"], year, fields.get("level") or "") if fields.get("region") else ()


def _with_region(document: StoredReading, chain: tuple[Region, ...]) -> StoredReading:
    """The document with the code of its region: that of the last of the chain where a table has it or the reader gave none, else as read."""
    read = document.recognised.get("region_code") or ""
    code = chain[-1].code if chain and (chain[-1].kind != "place" or not read) else read
    return msgspec.structs.replace(document, recognised={**document.recognised, "region_code": code})


def add_regions(writer: Writer, actor: str, chain: tuple[Region, ...]) -> None:
    """Enters those regions of a chain that no table has."""
    for region in chain:
        if writer.get("region", region.code) is None:
            data = {"name": region.name, "full_name": region.full_name, "level": region.level, "kind": region.kind, "parent": region.parent}
            writer.append(actor, Draft("region.add", region.code, {**data, "source": "document"}))


def region_named(writer: Writer, actor: str, name: str, year: int | None, level: str) -> tuple[str, str, str]:
    """Code, full name and level of the region that a person names, entered where no table has it; three times ``""`` for no name."""
    chain = region_chain(name, year, level)  # type: ignore[arg-type]
    add_regions(writer, actor, chain)
    return (chain[-1].code, chain[-1].full_name, chain[-1].level) if chain else ("", "", "")


def place_in_family(writer: Writer, document: str, fields: dict[str, Any]) -> tuple[str, int, str]:
    """Family, version and previous version of a document with these fields. Withdrawn documents and the document itself do not count.

    A document whose place or years nobody knows is no version of another: every report is called 政府工作报告.
    """
    years = "-".join(str(fields.get(name) or "") for name in ("review_year", "plan_year", "plan_first", "plan_last"))
    region = fields.get("region_code") or fields.get("region") or ""
    if not region or not years.strip("-"):
        return family_id(document, "", ""), 1, ""
    family = family_id(fields.get("title") or document, region, years)
    others = [row for row in writer.rows.all("document", family=family) if row["id"] != document and row["state"] != "withdrawn"]
    if not others:
        return family, 1, ""
    last = max(others, key=lambda row: (row["version"], row["number"]))
    return family, last["version"] + 1, last["id"]
