"""Organisations and regions by what somebody types: suggestions while typing, and what the words name when they are sent."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Final

from django.db.models import Q

from luoshi.desk.done import WrongValue
from luoshi.ledger import models
from luoshi.ledger.places import Tree, tree

_MOST: Final = 12


def label(name: str, region_code: str, places: Tree) -> str:
    """An organisation as it is written in an input: its name, and its region in brackets.

    >>> label("财政局", "z1", Tree([("z1", "", "栖山区", "澜州市栖山区")]))
    '财政局（澜州市栖山区）'
    """
    region = places.name(region_code)
    return f"{name}（{region}）" if region else name


def organisations_like(words: str, *, groups: bool = True) -> list[str]:
    """Some organisations whose name, or a name under which they are written, holds the words."""
    places, word = tree(), words.partition("（")[0].strip()
    if not word:
        return []
    named = models.Alias.objects.filter(live=True, name__contains=word).values("organisation")
    found = models.Organisation.objects.filter(Q(name__contains=word) | Q(pk__in=named), successor="")
    if not groups:
        found = found.exclude(kind="group")
    rows = list(found.values_list("name", "region_code")[:200])
    rows.sort(key=lambda row: (not row[0].startswith(word), len(row[0]), row))
    return [label(name, code, places) for name, code in rows[:_MOST]]


def organisation_named(words: str, where: str = "organisation") -> str:
    """The id of the organisation that the words name; ``WrongValue`` where none or several are called so."""
    text = words.strip()
    if not text:
        raise WrongValue("没有写单位", where=where, remedy="请输入单位名称，从列表中选择")
    name, _, rest = text.rpartition("（")
    places = tree()
    if name and rest.endswith("）"):
        rows = models.Organisation.objects.filter(name=name).values_list("id", "region_code")
        found = [key for key, code in rows if places.name(code) == rest[:-1]]
        if found:
            return found[0]
    found = list(models.Organisation.objects.filter(Q(name=text) | Q(pk=text)).values_list("id", flat=True)[:3])
    if len(found) == 1:
        return found[0]
    if found:
        raise WrongValue(f"叫“{text[:60]}”的单位不止一个", where=where, remedy="请从列表中选择带地区的那一个")
    raise WrongValue(f"没有叫“{text[:60]}”的单位", where=where, remedy="请从列表中选择，或先添加这个单位")


def regions_like(words: str) -> list[str]:
    """Full names of some regions in force that hold the words; those that the ledger has documents or organisations of come first."""
    word = "".join(words.split())
    if not word:
        return []
    found = models.Region.objects.filter(full_name__contains=word, valid_to=None, successor="")
    used = set(models.Organisation.objects.order_by().values_list("region_code", flat=True).distinct())
    rows = list(found.values_list("full_name", "id")[:500])
    rows.sort(key=lambda row: (row[1] not in used, not row[0].endswith(word), len(row[0]), row[0]))
    return list(dict.fromkeys(name for name, _ in rows))[:_MOST]


def region_named(words: str, where: str = "region") -> str:
    """The code of the region that the words name, by its full name or its code."""
    text = "".join(words.split())
    if not text:
        raise WrongValue("没有写地区", where=where, remedy="请输入地区全称，从列表中选择")
    rows = models.Region.objects.filter(Q(full_name=text) | Q(pk=text)).values("id", "valid_to", "source", "successor")
    ordered = sorted(rows, key=lambda row: (bool(row["successor"]), row["valid_to"] is not None, row["id"]))
    if not ordered:
        raise WrongValue(f"没有叫“{text[:60]}”的地区", where=where, remedy="请写全称，例如“某省某市某区”，从列表中选择")
    return str(ordered[0]["id"])


def region_choices(codes: Iterable[str]) -> list[dict[str, Any]]:
    """These regions and those above, as a tree: code, name, indent."""
    places = tree()
    own: Collection[str] = {code for code in codes if code}
    paths = {code: tuple(reversed([code, *places.ancestors(code)])) for one in own for code in (one, *places.ancestors(one))}
    ordered = sorted(paths, key=lambda code: paths[code])
    return [{"code": code, "name": places.short(code) or code, "indent": "　" * (len(paths[code]) - 1)} for code in ordered]
