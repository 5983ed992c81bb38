"""The values of the tables' columns for rows of facts and items, with what stands in other tables looked up together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import msgspec

from luoshi.ledger import models
from luoshi.ledger.places import Tree
from luoshi.ledger.titles import title_of
from luoshi.ledger.veiling import shown

_AT_ONCE = 500


class Line(msgspec.Struct, frozen=True):
    """One row: the record, and its document's title, region and year."""

    record: Any
    document: Any
    document_title: str
    region: str
    document_year: int | None
    checked_by: str = ""

    def value(self, column: str) -> Any:
        """The value of a column; what the line itself does not know, the record does."""
        if column in ("document_title", "region", "document_year", "checked_by"):
            return getattr(self, column)
        return getattr(self.record, column)


def lines(records: Iterable[Any], tree: Tree) -> Iterator[Line]:
    """The records with what belongs to them, in their order; looked up for some hundred at a time."""
    stream = iter(records)
    while some := list(islice(stream, _AT_ONCE)):
        documents = models.Document.objects.in_bulk({record.document for record in some if record.document})
        readers = {record.checked_by for record in some if getattr(record, "checked_by", "")}
        people = dict(models.Account.objects.filter(id__in=readers).values_list("id", "name"))
        # what is personal in the titles and words of matters goes out in no table and in no file; the page of the item asks for a reason
        shown(record for record in some if isinstance(record, models.Item))
        for record in some:
            yield _line(record, documents.get(record.document), people, tree)


def _line(record: Any, document: Any, people: dict[str, str], tree: Tree) -> Line:
    by = getattr(record, "checked_by", "")
    if document is None:
        return Line(record, None, "", tree.name(getattr(record, "region_code", "")), None, people.get(by, ""))
    return Line(record, document, title_of(document), document.region or tree.name(document.region_code), document.year, people.get(by, ""))
