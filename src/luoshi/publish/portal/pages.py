"""Which pages there are, and what stands on each: the values for its template."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec

from luoshi.publish.portal.site import LIVELIHOOD, PROJECTS, Site
from luoshi.publish.release.reasons import reasons

#: so many promises on a page
SIZE: Final = 50


class Found(msgspec.Struct, frozen=True):
    """A page: the template and its values."""

    template: str
    values: dict[str, Any]


class Part(msgspec.Struct, frozen=True):
    """One page of a long list: what stands on it, which it is of how many, addresses of its neighbours."""

    rows: tuple[Any, ...]
    number: int
    last: int
    before: str
    after: str
    total: int


def _parts(path: str, rows: Sequence[Any]) -> Iterator[tuple[str, Part]]:
    """The pages of a list by address; the first has the plain one."""
    last = max(1, -(-len(rows) // SIZE))
    for number in range(1, last + 1):
        before = "" if number == 1 else _numbered(path, number - 1)
        after = "" if number == last else _numbered(path, number + 1)
        yield _numbered(path, number), Part(tuple(rows[(number - 1) * SIZE : number * SIZE]), number, last, before, after, len(rows))


def _numbered(path: str, number: int) -> str:
    return path if number == 1 else f"{path}/p{number}"


def paths(site: Site) -> list[str]:
    """The addresses of all pages, sorted; the search and the form for clues are none of them, for they answer somebody."""
    found = ["", "about", "data", "documents", "fields", "livelihood", "units"]
    lists = {"promises": site.whole().items, "targets": site.targets, "projects": site.of(PROJECTS).items}
    lists |= {f"place/{key}": group.items for key, group in site.places.items()}
    lists |= {f"field/{key}": group.items for key, group in site.fields.items()}
    lists |= {f"unit/{key}": group.items for key, group in site.units.items()}
    lists |= {f"year/{year}": site.of_year(year) for year in site.years()}
    lists |= {f"document/{key}": site.facts_of(key) for key in site.documents}
    found += [path for base, rows in lists.items() for path, _ in _parts(base, rows)]
    found += [f"item/{key}" for key in site.items]
    found += [f"target/{fact.id}" for fact in site.targets]
    return sorted(found)


def page_of(site: Site, path: str) -> Found | None:
    """The page at an address; None where there is none."""
    base, _, number = path.rpartition("/p") if "/p" in path and path.rpartition("/p")[2].isdigit() else (path, "", "1")
    kind, _, key = base.partition("/")
    if not key and number == "1":
        found = _single(site, kind)
        if found is not None:
            return found
    if number == "1" and kind in ("item", "target"):
        return _item(site, key) if kind == "item" else _target(site, key)
    return _listed(site, kind, key, base, int(number))


def _single(site: Site, kind: str) -> Found | None:
    match kind:
        case "":
            return Found("home.html", {"livelihood": site.of(LIVELIHOOD), "projects": site.of(PROJECTS), "whole": site.whole()})
        case "about":
            held = [(reasons()[key], count) for content in site.contents for key, count in content.held.items() if key in reasons()]
            return Found("about.html", {"held": _summed(held)})
        case "data":
            return Found("data.html", {})
        case "documents":
            order = sorted(site.documents.values(), key=lambda one: (-(one.year or 0), one.region_code, one.kind, one.id))
            return Found("documents.html", {"documents": order})
        case "livelihood":
            return Found("livelihood.html", {"group": site.of(LIVELIHOOD)})
        case "fields":
            return Found("groups.html", {"kind": "field", "groups": tuple(site.fields.values())})
        case "units":
            return Found("groups.html", {"kind": "unit", "groups": tuple(site.units.values())})
    return None


def _summed(held: Sequence[tuple[Any, int]]) -> list[tuple[Any, int]]:
    """Each reason once, in the order of the table of reasons."""
    counts = {reason.key: 0 for reason, _ in held}
    for reason, count in held:
        counts[reason.key] += count
    return [(reason, counts[key]) for key, reason in reasons().items() if key in counts]


def _item(site: Site, key: str) -> Found | None:
    item = site.items.get(key)
    if item is None:
        return None
    fact = site.facts.get(item.fact)
    values = {"item": item, "fact": fact, "document": site.documents.get(item.document), "end": site.end_of(item.fact)}
    return Found("item.html", values)


def _target(site: Site, key: str) -> Found | None:
    fact = site.facts.get(key)
    if fact is None or fact.role != "target":
        return None
    values = {"fact": fact, "document": site.documents.get(fact.document), "end": site.end_of(key), "items": site.items_of(key)}
    return Found("target.html", values)


def _listed(site: Site, kind: str, key: str, base: str, number: int) -> Found | None:
    rows: Sequence[Any]
    values: dict[str, Any] = {"kind": kind, "key": key}
    groups = {"place": site.places, "field": site.fields, "unit": site.units}
    if kind in groups and key in groups[kind]:
        values["group"] = group = groups[kind][key]
        rows, template = group.items, "promises.html"
    elif base in ("promises", "projects"):
        values["group"] = whole = site.whole() if base == "promises" else site.of(PROJECTS)
        rows, template = whole.items, "promises.html"
    elif base == "targets":
        rows, template = site.targets, "targets.html"
    elif kind == "year" and key.isdigit() and int(key) in site.years():
        rows, template = site.of_year(int(key)), "targets.html"
    elif kind == "document" and key in site.documents:
        values["document"] = site.documents[key]
        rows, template = site.facts_of(key), "document.html"
    else:
        return None
    part = dict(_parts(base, rows)).get(_numbered(base, number))
    if part is None:
        return None
    if template in ("targets.html", "document.html"):
        values["ends"] = {fact.id: site.end_of(fact.id) for fact in part.rows}
    return Found(template, {**values, "part": part})
