"""What of the ledger can be searched: documents with their passages, facts and items, as rows for the index."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec
from django.db import DEFAULT_DB_ALIAS, connections

from luoshi.ledger import models, search
from luoshi.ledger.acts.matters import life_of
from luoshi.ledger.reading import StoredReading
from luoshi.ledger.rows import Row, Rows
from luoshi.ledger.search import SearchRow, tag
from luoshi.ledger.titles import title_of
from luoshi.ledger.veiling import mechanism_in, veiled_by
from luoshi.loop.rules import mechanism_of

#: what comes first among rows that match equally well
_RANKS = {"accepted": 1, "corrected": 1, "open": 2, "disputed": 3, "rejected": 8}
_PASSAGE = 5
#: so many are indexed together when all are
_DOCUMENTS: Final = 10
_ITEMS: Final = 2000


def index_rows(rows: Rows) -> None:
    """Renews the search rows of all that the folds have marked; called before the transaction ends."""
    if not rows.indexed:
        return
    put, gone = list[SearchRow](), list[tuple[str, str]]()
    facts = [key for kind, key in rows.indexed if kind == "fact"]
    fresh = [key for kind, key in rows.indexed if kind == "document"]
    documents = set(fresh)
    for key in fresh:
        _document(key, rows, put, gone)
    put.extend(
        _title(row, rows) for kind, key in rows.indexed if kind == "title" and key not in documents and (row := rows.get("document", key))
    )
    items = [key for kind, key in rows.indexed if kind == "item"]
    rows.prefetch([("fact", key) for key in facts] + [(table, key) for key in items for table in ("item", "matter")])
    for key in facts:
        row = rows.get("fact", key)
        if row is not None and row["document"] not in documents:
            document = rows.get("document", row["document"])
            if document is not None and document["state"] != "withdrawn" and document["newest"]:
                put.append(_fact(row, _tags(document, rows), document))
    for key in items:
        row = rows.get("item", key)
        if row is not None and row["state"] == "dropped":
            gone.append(("item", key))
        elif row is not None:
            put.append(_item(row, rows))
    if gone:
        search.remove(connections[rows.using], gone)
    search.put(connections[rows.using], put)
    rows.indexed.clear()


def index_all(using: str, progress: Callable[[int], None] = lambda done: None) -> None:
    """Makes the whole index, which is empty, from the rows as they are: each thing once."""
    with search.bulk(connections[using]):
        documents = models.Document.objects.using(using)
        keys = list(documents.order_by("number", "id").values_list("id", flat=True))
        for at in range(0, len(keys), _DOCUMENTS):
            _index_some(using, [("document", key) for key in keys[at : at + _DOCUMENTS]])
            progress(at)
        alone = models.Item.objects.using(using).exclude(document__in=documents.exclude(state="withdrawn").values("id"))
        items = list(alone.order_by("id").values_list("id", flat=True))
        for at in range(0, len(items), _ITEMS):
            _index_some(using, [("item", key) for key in items[at : at + _ITEMS]])


def _index_some(using: str, places: list[tuple[str, str]]) -> None:
    rows = Rows(using=using)
    for kind, key in places:
        rows.index(kind, key)
    index_rows(rows)


def clear_index(using: str = DEFAULT_DB_ALIAS) -> None:
    search.clear(connections[using])


def _document(key: str, rows: Rows, put: list[SearchRow], gone: list[tuple[str, str]]) -> None:
    from luoshi.ledger.store import blobs

    document = rows.get("document", key)
    if document is None:
        return
    stored = msgspec.json.decode(blobs().get_packed(document["reading"]), type=StoredReading)
    passages = stored.passages()
    rows.prefetch(("fact", fact.id) for fact in stored.facts)
    facts = [row for fact in stored.facts if (row := rows.get("fact", fact.id)) is not None]
    if document["state"] == "withdrawn" or not document["newest"]:
        # the document itself stays to be found where only a later version took its place
        gone.extend(("passage", f"{key}:{start}") for start, _ in passages)
        gone.extend((fact["kind"], fact["id"]) for fact in facts)
        if document["state"] == "withdrawn":
            gone.append(("document", key))
            return
        facts, passages = [], []
    tags, region, year = _tags(document, rows), document["region_code"], document["year"]
    put.append(_title(document, rows))
    put.extend(
        SearchRow(kind="passage", key=f"{key}:{start}", document=key, name="", words=stored.text[start:end], tags=tags, year=year,
                  rank=_PASSAGE, region=region)
        for start, end in passages
    )  # fmt: skip
    put.extend(_fact(fact, tags, document) for fact in facts)
    for item in rows.all("item", document=key):
        rows.index("item", item["id"])


def _title(document: Row, rows: Rows) -> SearchRow:
    title = title_of(_Titled(document))
    return SearchRow(kind="document", key=document["id"], document=document["id"], name=title, words=f"{document['region']} {title}",
                     tags=(*_tags(document, rows), tag("state", document["state"])), year=document["year"], rank=0,
                     region=document["region_code"])  # fmt: skip


class _Titled:
    """A row of the table of documents, for what makes a title of it."""

    def __init__(self, row: Row) -> None:
        self.title, self.kind, self.region = str(row["title"]), str(row["kind"]), str(row["region"])
        self.review_year, self.plan_year = row["review_year"], row["plan_year"]
        self.plan_first, self.plan_last = row["plan_first"], row["plan_last"]


def above(code: str, rows: Rows) -> list[str]:
    """The codes of a region and of all above it, by the table of regions."""
    found: list[str] = []
    while code and code not in found:
        found.append(code)
        region = rows.get("region", code)
        code = region["parent"] if region else ""
    return found


def _tags(document: Row, rows: Rows) -> tuple[str, ...]:
    """The tags that a document gives to all that is in it: the regions it lies in, and its year."""
    regions = [tag("region", code) for code in above(document["region_code"], rows)] or [tag("region", "none")]
    year = [tag("year", document["year"])] if document["year"] else []
    return (*regions, *year)


def _fact(row: Row, tags: tuple[str, ...], document: Row) -> SearchRow:
    own = [tag("state", row["state"])]
    own += [tag("role", row["role"])] if row["role"] else []
    own += [tag("indicator", row["indicator_id"])] if row["indicator_id"] else []
    return SearchRow(
        kind=row["kind"], key=row["id"], document=row["document"], name=row["name"], words=row["text"] if row["kind"] == "task" else row["clause"],
        tags=(*tags, *own), year=row["year"] or document["year"], rank=_RANKS[row["state"]], region=document["region_code"],
    )  # fmt: skip


def _shown(row: Row, matter: Row, rows: Rows) -> tuple[str, str]:
    """Title and words without personal data, by the version of the mechanism under which the matter stands: folded again they are the same."""
    key = f"{matter['mechanism']}@{matter['version']}"
    kept = rows.get("mechanism", key)
    found = mechanism_in(kept["text"], key) if kept else mechanism_of(matter["mechanism"])
    return veiled_by(found, life_of(matter["life"]), row["title"], row["text"]) if matter["life"] else (row["title"], row["text"])


def _item(row: Row, rows: Rows) -> SearchRow:
    document = rows.get("document", row["document"]) if row["document"] else None
    tags = _tags(document, rows) if document else ()
    duties = rows.all("duty", item=row["id"])
    units = sorted({tag("organisation", duty["organisation"]) for duty in duties if duty["live"] and duty["organisation"]})
    matter = rows.get("matter", row["id"])
    title, text = (row["title"], row["text"]) if matter is None else _shown(row, matter, rows)
    words = " ".join(part for part in (text, row["leaders"], row["lead"], row["support"]) if part)
    return SearchRow(
        kind="item", key=row["id"], document=row["document"], name=title, words=words, tags=(*tags, *units, tag("state", row["state"])),
        year=row["year"], rank=0, region=row["region_code"], internal=matter is not None and bool(matter["internal"]),
    )  # fmt: skip
