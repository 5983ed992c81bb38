"""Readers and documents for tests of the desk."""

from __future__ import annotations

from typing import Any

import msgspec

from luoshi.desk.actor import Actor, Role
from luoshi.ledger.scope import Scope

#: the region of the documents that ``tests.ledger.making.report`` makes has no code in any table; whoever sees all sees it
ALL = Scope.whole()


def reader(name: str, *roles: Role) -> Actor:
    """Somebody with these roles; a supervisor where none is named."""
    return Actor(id=f"a{name}", username=name, name=name, roles=roles or (Role.SUPERVISOR,))


ONE, TWO, THREE = reader("one"), reader("two"), reader("three")


def row(fact: str) -> dict[str, Any]:
    """A fact as it stands, its JSON decoded."""
    from luoshi.ledger.models import Fact

    found: dict[str, Any] = Fact.objects.filter(pk=fact).values()[0]
    return {**found, **{name: msgspec.json.decode(found[name]) for name in ("data", "fields", "checks", "decision")}}


def document(key: str) -> Any:
    from luoshi.ledger.models import Document

    return Document.objects.get(pk=key)


def last_acts(many: int) -> list[tuple[str, str]]:
    """The last entries as (actor, act), oldest first."""
    from luoshi.ledger.models import Entry

    return [(entry.actor, entry.act) for entry in Entry.objects.order_by("-seq")[:many]][::-1]
