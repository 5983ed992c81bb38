"""The files that came in, as far as somebody sees them."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from luoshi.ledger import models
from luoshi.ledger.scope import Scope


def files_seen(account: str, scope: Scope) -> QuerySet[models.File]:
    """The files that an account received itself, those with a document of its own regions, and those that others of these regions received;

    of the last two none that has a document out of its sight.
    """
    found = models.File.objects.all()
    if scope.regions is None:
        return found
    own = scope.item_regions if scope.item_regions is not None else scope.regions
    mine = models.Entry.objects.filter(actor=account, act="file.receive").values("subject")
    # who has no region works for all of them, and the region "" is that of documents, not of people
    colleagues = models.Account.objects.filter(region__in=own - {""}).values("id")
    within = models.Document.objects.filter(region_code__in=own).values("file")
    beyond = models.Document.objects.exclude(region_code__in=scope.regions).values("file")
    return found.filter(Q(id__in=mine) | (Q(received_by__in=colleagues) | Q(id__in=within)) & ~Q(id__in=beyond))
