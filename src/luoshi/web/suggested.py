"""The suggestion to whom a complaint should go, as pages show it: ``layout/parts/suggestion.html`` takes it."""

from __future__ import annotations

import msgspec

from luoshi.desk.matters.dispatch import Assigned, Unclear, suggest
from luoshi.desk.matters.public import MECHANISM
from luoshi.ledger.called import names_of
from luoshi.loop.matter import Matter

#: acts that give a complaint to a unit
ASSIGNING = frozenset({"dispatch", "final-assign", "transfer"})


class Suggestion(msgspec.Struct, frozen=True):
    """A suggestion with names: the unit that leads and those that assist, or the doubt with who it may be."""

    reason: str
    lead: str = ""
    lead_name: str = ""
    support: tuple[str, ...] = ()
    support_names: tuple[str, ...] = ()
    candidates: tuple[tuple[str, str], ...] = ()

    @property
    def is_sure(self) -> bool:
        return bool(self.lead)

    @property
    def units(self) -> str:
        """The ids of the units as one word, the first leads."""
        return " ".join((self.lead, *self.support))


def suggestion_for(matter: Matter, region: str) -> Suggestion | None:
    """The suggestion for a matter; None where its mechanism has none."""
    return named(suggest(matter.fields, region)) if matter.mechanism == MECHANISM else None


def named(found: Assigned | Unclear) -> Suggestion:
    """The same with the names of the units."""
    if isinstance(found, Unclear):
        names = names_of(found.candidates)
        return Suggestion(found.reason, candidates=tuple((key, names.get(key, key)) for key in found.candidates))
    names = names_of((found.lead, *found.support))
    return Suggestion(
        found.reason, found.lead, names.get(found.lead, found.lead), found.support, tuple(names.get(key, key) for key in found.support)
    )
