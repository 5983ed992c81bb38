"""How far two readers have checked a document. What a fact is does not change with it: one word settles a fact in the ledger as ever."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from luoshi.ledger import models


def agreed(document: str) -> tuple[int, int]:
    """(facts on which two readers said the same or a third has decided, all facts) of a document."""
    rows = models.Fact.objects.filter(document=document).values_list("checks", "decision")
    done = sum(1 for checks, decision in rows if decision != "{}" or (checks != "{}" and two_agree(msgspec.json.decode(checks))))
    return done, len(rows)


def two_agree(checks: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether two readers or more have spoken, and all said the same.

    >>> accept = {"word": "accept", "fields": {}}
    >>> (
    ...     two_agree({"a1": accept}),
    ...     two_agree({"a1": accept, "a2": accept}),
    ...     two_agree({"a1": accept, "a2": {"word": "reject", "fields": {}}}),
    ... )
    (False, True, False)
    """
    words = [(check["word"], check["fields"]) for check in checks.values()]
    return len(words) > 1 and all(word == words[0] for word in words)
