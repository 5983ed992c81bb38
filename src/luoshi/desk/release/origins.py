"""Why the document that an item was made from does not leave: then the item, which has its words, does not either."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import msgspec

from luoshi.desk.release.sealing import Finding
from luoshi.ledger import models
from luoshi.ledger.store import blobs
from luoshi.publish.release.content import Checker
from luoshi.publish.release.reasons import kinds

#: so much of a document's beginning and end is looked at for marks: letterhead, grade of secrecy, draft, note on release
_EDGE: Final = 600


def text_of(row: models.Document) -> str:
    """The text of a document; ``""`` for one that was never read."""
    text: str = msgspec.json.decode(blobs().get_packed(row.reading))["text"] if row.reading else ""
    return text


def edge_stops(row: models.Document, text: str, check: Checker) -> tuple[Finding, ...]:
    """What the letterhead, the beginning and the end of a document say against publishing it."""
    edges = "\n".join((row.letterhead, text[:_EDGE], text[-_EDGE:]))
    return tuple(
        Finding(stop.reason, stop.what, stop.shown, edges) for stop in check(edges) if stop.reason not in ("personal", "informant")
    )


class Origins:
    """The documents that items of one gathering were made from, each looked at once."""

    def __init__(self, leave: Collection[str], documents: Collection[str], check: Checker, using: str) -> None:
        self.leave, self.chosen, self.check, self.using = frozenset(leave), frozenset(documents), check, using
        #: the documents that were to leave and do not, with the reason
        self.held: dict[str, str] = {}
        self._known: dict[str, tuple[Finding, ...]] = {}

    def stops(self, document: str, released: Collection[str]) -> tuple[Finding, ...]:
        """Why an item made from this document does not leave; nothing for one made by hand or from one that is released."""
        if not document or document in released:
            return ()
        if document not in self._known:
            self._known[document] = tuple(self._why(document))
        return self._known[document]

    def _why(self, document: str) -> list[Finding]:
        """What it says itself comes first: of one that is marked as secret nobody lets an item pass, whether or not it was chosen."""
        row = models.Document.objects.using(self.using).filter(pk=document).first()
        if row is None:
            return [Finding("internal", "document", "", document)]
        marked = edge_stops(row, text_of(row), self.check)
        if marked:
            return [Finding(one.reason, "document", "", f"{document} {one.what}") for one in marked]
        if row.state != "withdrawn" and document not in self.held and self._is_public(row):
            return []
        return [Finding(self.held.get(document, "internal"), "document", "", document)]

    def _is_public(self, row: models.Document) -> bool:
        """Whether it would be published but for its region, or for a newer version in its place."""
        keys = {row.id} if row.newest else {row.id, *self._newest(row)}
        if keys & self.leave:
            return False
        return bool(keys & self.chosen) if self.chosen else row.kind in kinds().documents

    def _newest(self, row: models.Document) -> list[str]:
        if not row.family:
            return []
        return list(models.Document.objects.using(self.using).filter(family=row.family, newest=True).values_list("id", flat=True))
