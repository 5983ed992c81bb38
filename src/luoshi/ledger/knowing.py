"""What the ledger knows about names beyond the rules: places that no list holds, and names that persons have decided."""

from __future__ import annotations

from collections.abc import Sequence

from luoshi.ledger import models
from luoshi.ledger.holding import is_in_force
from luoshi.ledger.naming import parse_unit
from luoshi.ledger.organisations import Identified, Known, identify
from luoshi.ledger.places import tree
from luoshi.ledger.regions import Region

#: the reason of an alias that a person has decided; the others only repeat what the rules say
DECIDED = "person"


def known() -> Known:
    """The places and the decided names as they are now."""
    places = {
        row.id: Region(code=row.id, name=row.name, full_name=row.full_name, level=row.level, parent=row.parent, kind=row.kind)  # type: ignore[arg-type]
        for row in models.Region.objects.filter(id__startswith="z")
    }
    decided = models.Alias.objects.filter(live=True, reason=DECIDED)
    owners = models.Organisation.objects.in_bulk([alias.organisation for alias in decided])
    aliases = {
        (alias.region_code, parse_unit(alias.name).main): (owner.region_code, owner.name)
        for alias in decided
        if (owner := owners.get(alias.organisation)) is not None
    }
    return Known(places=places, aliases=aliases)


class Units:
    """Finds the organisation of a name in the context of a region, with what a merge or a new name has made of it since; remembers."""

    def __init__(self) -> None:
        self._known = known()
        self._found: dict[tuple[str, str], Identified] = {}
        heirs = models.Organisation.objects.exclude(successor="").values_list("id", "successor")
        self._successors = dict(heirs)

    def find(self, name: str, region_code: str) -> Identified:
        """The body that the name means."""
        if (region_code, name) not in self._found:
            self._found[region_code, name] = identify(name, region_code, self._known)
        return self._found[region_code, name]

    def current(self, organisation: str) -> str:
        """The id under which an organisation goes on today."""
        seen = {organisation}
        while (heir := self._successors.get(organisation, "")) and heir not in seen:
            organisation = heir
            seen.add(heir)
        return organisation


def names_in(text: str) -> list[str]:
    """Names as people write them in one field.

    >>> names_in("发改局、财政局，；住建局")
    ['发改局', '财政局', '住建局']
    """
    for mark in "，,;；\n":
        text = text.replace(mark, "、")
    return list(dict.fromkeys(name.strip() for name in text.split("、") if name.strip()))


def ids_of(names: Sequence[str], region: str, units: Units | None = None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(ids of the units of these names in the region or above it, names that mean none that the ledger knows), in the order of the names.

    ``units``: what remembers names, where many are asked for.
    """
    places = [region, *tree().ancestors(region)]
    rows = models.Organisation.objects.filter(name__in=names, successor="", region_code__in=places).values_list("name", "region_code", "id")
    found = {name: key for name, code, key in sorted(rows, key=lambda row: -places.index(row[1]))}
    left = [name for name in names if name not in found]
    if left:
        units = units or Units()
        told = {name: units.current(units.find(name, region).id) for name in left}
        there = set(models.Organisation.objects.filter(pk__in=set(told.values()), successor="").values_list("id", flat=True))
        found |= {name: key for name, key in told.items() if key in there}
    return tuple(dict.fromkeys(found[name] for name in names if name in found)), tuple(name for name in names if name not in found)


class Posts:
    """Finds the post that a person holds in a region: duties belong to posts, documents name persons."""

    def __init__(self) -> None:
        self._posts = {post.id: post for post in models.Post.objects.filter(live=True)}
        self._holders: dict[str, list[models.Holding]] = {}
        for holding in models.Holding.objects.filter(live=True, post__in=self._posts):
            self._holders.setdefault(holding.person, []).append(holding)

    def find(self, person: str, region_code: str, day: str) -> tuple[str, str]:
        """(post, doubt): the post that the person held on that day (any day where none is given); a doubt where none or several are known."""
        held = [
            holding.post
            for holding in self._holders.get(person, ())
            if self._posts[holding.post].region_code == region_code and (not day or is_in_force(holding, day))
        ]
        if len(set(held)) == 1:
            return held[0], ""
        return "", "several-posts" if held else ""
