"""Matters for boards: which of them somebody sees, filtered, counted by a group, page by page. Counts are one question to the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Concat

from luoshi.ledger import models
from luoshi.ledger.scope import Scope

#: by what a board may be grouped, and the columns that make a group
GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "light": ("light",), "unit": ("unit",), "leader": ("leader",), "mechanism": ("mechanism",), "stage": ("mechanism", "stage"),
    "region": ("region_code",),
}  # fmt: skip
STATES: Final = ("live", "hung", "closed", "ended")
#: filters that are columns of the table
_COLUMNS: Final = {
    "light": "light",
    "mechanism": "mechanism",
    "stage": "stage",
    "unit": "unit",
    "leader": "leader",
    "region": "region_code",
}
#: columns with an index of their own: grouped by one, a database likes to walk along it, which is to read every row; so by words made of it
_INDEXED: Final = frozenset({"unit", "leader", "region_code"})
#: what is asked for where nobody has said who: a filter cannot be empty
NOBODY: Final = "-"


class Wish(msgspec.Struct, frozen=True):
    """What a board shows. ``overdue``: a clock has run out; ``unreported``: reports are owed. ``-`` as unit or leader: none is named."""

    state: str = "live"
    light: str = ""
    mechanism: str = ""
    stage: str = ""
    unit: str = ""
    leader: str = ""
    region: str = ""
    overdue: bool = False
    unreported: bool = False
    by: str = "light"

    def query(self) -> dict[str, str]:
        """As an address says it, without what is left open."""
        told = {key: value for key, value in msgspec.structs.asdict(self).items() if isinstance(value, str) and value}
        if self.state == "live":
            del told["state"]
        return told | {key: "1" for key in ("overdue", "unreported") if getattr(self, key)}


def wish_of(given: Mapping[str, str]) -> Wish:
    """The wish that an address asks for; what it cannot mean is left out.

    >>> wish_of({"light": "red", "by": "colour", "overdue": "1"}).query()
    {'light': 'red', 'by': 'light', 'overdue': '1'}
    """
    texts = {key: given.get(key, "").strip()[:64] for key in ("mechanism", "stage", "unit", "leader", "region", "light")}
    state, by = given.get("state", ""), given.get("by", "")
    if not texts["mechanism"]:
        texts["stage"] = ""
    return Wish(
        **texts, state=state if state in STATES else "live", by=by if by in GROUPS else "light",
        overdue=given.get("overdue") == "1", unreported=given.get("unreported") == "1",
    )  # fmt: skip


class Group(msgspec.Struct, frozen=True):
    """A row of a board: its key (one value, or mechanism and stage), how many, by light, how many overdue, owing a report, with a date."""

    key: tuple[str, ...]
    total: int
    lights: dict[str, int]
    overdue: int
    unreported: int
    dated: int = 0


def seen(found: QuerySet[models.Matter], scope: Scope) -> QuerySet[models.Matter]:
    """The matters of these that the scope sees."""
    if scope.item_regions is not None:
        found = found.filter(region_code__in=scope.item_regions)
    if not scope.internal:
        found = found.filter(internal=False)
    if scope.units is not None:
        found = found.filter(id__in=models.Duty.objects.filter(organisation__in=scope.units, live=True).values("item"))
    return found


def chosen(wish: Wish, scope: Scope, now: str) -> QuerySet[models.Matter]:
    """The matters that a board shows at a moment, in no order."""
    found = seen(models.Matter.objects.filter(state=wish.state), scope)
    for name, column in _COLUMNS.items():
        if value := getattr(wish, name):
            held = _HELD.get(name) if value != NOBODY else None
            found = found.filter(_held(column, value, held) if held else Q(**{column: "" if value == NOBODY else value}))
    if wish.overdue:
        found = found.filter(next_due__gt="", next_due__lt=now)
    return found.filter(missed__gt=0) if wish.unreported else found


#: units and leaders are those of the duties, be it beside others; role and column of a duty
_HELD: Final = {"unit": ("lead", "organisation"), "leader": ("leader", "post")}


def _held(column: str, value: str, held: tuple[str, str]) -> Q:
    """The matters that this unit leads, or this post, alone or beside others; under a mechanism without that part, those that are found by it."""
    role, holder = held
    return Q(**{column: value}) | Q(pk__in=models.Duty.objects.filter(**{holder: value}, role=role, live=True).values("item"))


def groups(wish: Wish, scope: Scope, now: str) -> list[Group]:
    """The rows of the board, the largest first; of lights in no order of severity, which the light rule says."""
    columns = [*dict.fromkeys((*GROUPS[wish.by], "light"))]
    keys = {f"key_{column}": Concat(F(column), Value("")) if column in _INDEXED else F(column) for column in columns}
    rows: Any = chosen(wish, scope, now).order_by().values(**keys).annotate(
        total=Count("*"), late=_sum(Q(next_due__gt="", next_due__lt=now)), owing=_sum(Q(missed__gt=0)), dated=_sum(_DATED)
    )  # fmt: skip
    found: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(tuple(row[f"key_{column}"] for column in GROUPS[wish.by]), []).append(row)
    made = [_group(key, part) for key, part in found.items()]
    return sorted(made, key=lambda group: (-group.total, group.key))


def _group(key: tuple[str, ...], rows: Sequence[Mapping[str, Any]]) -> Group:
    return Group(
        key=key, total=sum(row["total"] for row in rows), lights={row["key_light"]: row["total"] for row in rows},
        overdue=sum(row["late"] or 0 for row in rows), dated=sum(row["dated"] or 0 for row in rows), unreported=sum(row["owing"] or 0 for row in rows),
    )  # fmt: skip


def _sum(when: Q) -> Sum:
    return Sum(Case(When(when, then=Value(1)), default=Value(0), output_field=IntegerField()))


_DATED: Final = Q(next_due__gt="")


class InOrder:
    """Matters by their next due date, those without any last, as a paginator takes them. Counted beforehand, or as their groups say."""

    def __init__(self, found: QuerySet[models.Matter], counted: Sequence[Group] | None = None) -> None:
        self._found = found
        if counted is not None:
            self._total, self._dated = sum(group.total for group in counted), sum(group.dated for group in counted)
            return
        told = found.order_by().aggregate(total=Count("*"), dated=_sum(_DATED))
        self._total, self._dated = int(told["total"]), int(told["dated"] or 0)

    def count(self) -> int:
        return self._total

    def __len__(self) -> int:
        return self._total

    def __getitem__(self, cut: slice) -> list[models.Matter]:
        """The matters of a page."""
        start, stop = cut.start or 0, min(self._total if cut.stop is None else cut.stop, self._total)
        # sorted by what the index holds: whole rows are long, and a database would sort them on its disk
        keys: list[str] = []
        if start < self._dated:
            dated = self._found.filter(next_due__gt="").order_by("next_due", "id").values_list("id", flat=True)
            keys += dated[start : min(stop, self._dated)]
        if stop > self._dated:
            keys += (
                self._found.filter(next_due="")
                .order_by("id")
                .values_list("id", flat=True)[max(0, start - self._dated) : stop - self._dated]
            )
        rows = models.Matter.objects.using(self._found.db).in_bulk(keys)
        return [rows[key] for key in keys if key in rows]


def turns(scope: Scope, parts: Mapping[str, Sequence[str]]) -> QuerySet[models.Matter]:
    """The live matters whose turn is one of these parts, which are given by mechanism."""
    mine = Q(pk__in=[])
    for mechanism, keys in parts.items():
        mine |= Q(mechanism=mechanism, turn__in=list(keys))
    every = sorted({key for keys in parts.values() for key in keys})
    return seen(models.Matter.objects.filter(state="live", turn__in=every).filter(mine), scope)


def items_of(keys: Sequence[str]) -> dict[str, models.Item]:
    """The items of these matters by id: titles, words, where they come from."""
    return models.Item.objects.in_bulk(keys)
