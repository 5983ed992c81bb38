"""The tables of facts and items as somebody wants to see them: filters, order, columns. One description for page, link and file."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode

import msgspec
from django.db import connections
from django.db.models import BooleanField, F, Func, Q, QuerySet, Value

from luoshi.errors import BadUsage
from luoshi.extract.catalogue import indicator_id, indicators
from luoshi.ledger import models
from luoshi.ledger.belonging import units_for
from luoshi.ledger.places import Tree
from luoshi.ledger.scope import Scope
from luoshi.ledger.search.keys import keys


class Column(msgspec.Struct, frozen=True):
    """A column: ``field`` of the row, how it is ``shown`` (text number year day word link), the field it is sorted by (``""``: not)."""

    name: str
    shown: str = "text"
    sort: str = ""
    #: the closed list that its values are words of
    words: str = ""


class Filter(msgspec.Struct, frozen=True):
    """A filter: several values mean any of them."""

    name: str
    apply: Callable[[tuple[str, ...], Tree], Q]


class Sheet(msgspec.Struct, frozen=True):
    """One of the tables."""

    name: str
    columns: tuple[Column, ...]
    default: tuple[str, ...]
    filters: tuple[Filter, ...]
    order: tuple[str, ...]


class Wish(msgspec.Struct, frozen=True):
    """What somebody wants to see of a table; all of it fits into an address."""

    table: str
    filters: Mapping[str, tuple[str, ...]] = {}
    sort: str = ""
    columns: tuple[str, ...] = ()

    def query(self) -> str:
        """The wish as the query of an address, always in the same order."""
        pairs = [(name, value) for name in sorted(self.filters) for value in self.filters[name]]
        pairs += [("sort", self.sort)] if self.sort else []
        pairs += [("columns", ",".join(self.columns))] if self.columns != SHEETS[self.table].default else []
        return urlencode(pairs)


def _any(field: str) -> Callable[[tuple[str, ...], Tree], Q]:
    return lambda values, _: Q(**{f"{field}__in": values})


def indicator_ids(values: tuple[str, ...]) -> tuple[str, ...]:
    """The ids of indicators that are given by id or by any of their names; a name that the catalogue does not know stays, and fits nothing."""
    ids = {one.id for one in indicators()}
    return tuple(value if value in ids else indicator_id(value) or value for value in values)


def _indicators(values: tuple[str, ...], _: Tree) -> Q:
    return Q(indicator_id__in=indicator_ids(values))


def _year(low: str, high: str) -> Callable[[tuple[str, ...], Tree], Q]:
    """A year, or ``2021-2025``."""

    def apply(values: tuple[str, ...], _: Tree) -> Q:
        found = Q()
        for value in values:
            first, _dash, last = value.partition("-")
            if not all(re.fullmatch("[0-9]{1,4}", year) for year in (first, last or first)):
                raise BadUsage(f"“{value}”不是年份", where="year", remedy="请写 2026 或 2021-2025", slug="wrong-value")
            found |= Q(**{f"{low}__gte": int(first), f"{low}__lte": int(last)}) if last else Q(**{low: int(first)})
            if high and not last:
                # of the few that are about several years; each side has an index
                found |= Q(**{f"{low}__lt": int(first), f"{high}__gte": int(first)})
        return found

    return apply


def _region(field: str, *, through: bool) -> Callable[[tuple[str, ...], Tree], Q]:
    """A region with all that lies under it."""

    def apply(values: tuple[str, ...], tree: Tree) -> Q:
        codes = {code for value in values for code in tree.subtree(value)}
        if through:
            return Q(document__in=models.Document.objects.filter(region_code__in=codes).values("id"))
        return Q(**{f"{field}__in": codes})

    return apply


def _of_documents(field: str) -> Callable[[tuple[str, ...], Tree], Q]:
    return lambda values, _: Q(document__in=models.Document.objects.filter(**{f"{field}__in": values}).values("id"))


def _contains(*fields: str) -> Callable[[tuple[str, ...], Tree], Q]:
    """Every one of the words, in one of the fields."""

    def apply(values: tuple[str, ...], _: Tree) -> Q:
        found = Q()
        for word in (word for value in values for word in value.split()):
            one = Q()
            for field in fields:
                one |= Q(**{f"{field}__contains": word})
            found &= one
        return found

    return apply


def _shown(*fields: str) -> Callable[[tuple[str, ...], Tree], Q]:
    """Every one of the words, in one of the fields as they are shown: what is masked there answers to nobody who tries names and numbers.

    The index of the search holds each item as it is shown; of an item that is no matter nothing is masked.
    """
    plain = _contains(*fields)

    def apply(values: tuple[str, ...], tree: Tree) -> Q:
        found = plain(values, tree)
        for word in (word for value in values for word in value.split()):
            like = "%" + re.sub(r"([\\%_])", r"\\\1", word) + "%"
            found &= Q(_InIndex(F("id"), Value(like)))
        return found

    return apply


class _InIndex(Func):
    """True where the row of the search that shows an item has the words, and for an item that is no matter.

    The item's column is named by whoever asks: within another question its table has another name.
    """

    output_field = BooleanField()

    def as_sql(
        self,
        compiler: Any,
        connection: Any,
        function: str | None = None,
        template: str | None = None,
        arg_joiner: str | None = None,
        **_: Any,
    ) -> tuple[str, tuple[Any, ...]]:
        """The condition with its parameters."""
        column, of_column = compiler.compile(self.source_expressions[0])
        like, words = compiler.compile(self.source_expressions[1])
        condition = (
            f"(NOT EXISTS(SELECT 1 FROM ledger_matter m WHERE m.id = {column}) OR EXISTS("  # noqa: S608 - a column, and parameters
            f"SELECT 1 FROM ledger_search s WHERE s.kind = 'item' AND s.key = {column} AND (s.name LIKE {like} ESCAPE '\\' OR s.words LIKE {like} ESCAPE '\\')))"
        )
        return condition, (*of_column, *of_column, *words, *words)


def _flag(yes: Q) -> Callable[[tuple[str, ...], Tree], Q]:
    return lambda values, _: yes if "1" in values else ~yes


def _units(values: tuple[str, ...], _: Tree) -> Q:
    return Q(id__in=models.Duty.objects.filter(organisation__in=units_for(values), live=True).values("item"))


def _posts(values: tuple[str, ...], _: Tree) -> Q:
    return Q(id__in=models.Duty.objects.filter(post__in=values, live=True).values("item"))


FACTS: Final = Sheet(
    "facts",
    columns=(
        Column("kind", "word", "kind", "fact"), Column("name", "text", "name"), Column("role", "word", "role", "role"),
        Column("measure", "word", "", "measure"), Column("direction", "word", "", "direction"), Column("comparator", "word", "", "comparator"),
        Column("value", "amount", "value"), Column("value_max", "amount"), Column("unit", "text"), Column("year", "year", "year"),
        Column("strength", "word", "", "strength"), Column("stage", "word", "", "stage"), Column("lead", "text"), Column("due", "day"),
        Column("text", "quote"), Column("clause", "quote"), Column("part", "word", "", "part"), Column("section_title", "text"),
        Column("region", "text"), Column("document_title", "link"), Column("document_year", "year"), Column("state", "word", "state", "state"),
        Column("checked_by", "person"), Column("checked_at", "moment"), Column("doubt", "text"), Column("indicator_id", "text", "indicator_id"),
        Column("rule", "text"), Column("id", "text"),
    ),
    default=("kind", "name", "role", "comparator", "value", "year", "clause", "document_title", "state"),
    filters=(
        Filter("kind", _any("kind")), Filter("role", _any("role")), Filter("state", _any("state")), Filter("year", _year("year", "year_last")),
        Filter("indicator", _indicators), Filter("document", _any("document")), Filter("region", _region("", through=True)),
        Filter("document_kind", _of_documents("kind")), Filter("document_year", _of_documents("year")), Filter("part", _any("part")),
        Filter("measure", _any("measure")), Filter("comparator", _any("comparator")), Filter("unit", _any("unit")), Filter("stage", _any("stage")),
        Filter("doubt", _flag(~Q(doubt=""))), Filter("item", _flag(~Q(item=""))), Filter("q", _contains("name", "clause")),
    ),
    order=("ordinal",),
)  # fmt: skip
ITEMS: Final = Sheet(
    "items",
    columns=(
        Column("number", "text"), Column("title", "text", "title"), Column("text", "quote"), Column("leaders", "text", "leaders"),
        Column("lead", "text", "lead"), Column("support", "text"), Column("due", "day", "due"), Column("due_text", "text"),
        Column("year", "year", "year"), Column("section_title", "text"), Column("region", "text"), Column("document_title", "link"),
        Column("state", "word", "state", "item_state"), Column("doubt", "text"), Column("created_at", "moment", "created_at"),
        Column("changed_at", "moment", "changed_at"), Column("id", "text"),
    ),
    default=("number", "title", "leaders", "lead", "support", "due", "region", "document_title", "state"),
    filters=(
        Filter("state", _any("state")), Filter("year", _year("year", "")), Filter("document", _any("document")),
        Filter("region", _region("region_code", through=False)), Filter("organisation", _units), Filter("post", _posts),
        Filter("doubt", _flag(~Q(doubt=""))), Filter("due", _any("due")), Filter("lead", _contains("lead")), Filter("leader", _contains("leaders")),
        Filter("q", _shown("title", "text", "leaders", "lead", "support")),
    ),
    order=("ordinal",),
)  # fmt: skip
SHEETS: Final[Mapping[str, Sheet]] = {"facts": FACTS, "items": ITEMS}


def wish_of(table: str, query: Mapping[str, Sequence[str]]) -> Wish:
    """The wish that an address holds; raises ``BadUsage`` for a table, an order or a column that there is not. Unknown parameters are no filters."""
    sheet = SHEETS.get(table)
    if sheet is None:
        raise BadUsage(f"没有“{table}”这张表", where="table", remedy="可选：facts items", slug="wrong-value")
    filters = {one.name: tuple(value for value in query.get(one.name, ()) if value) for one in sheet.filters}
    sort = (query.get("sort") or [""])[0]
    names = {column.name for column in sheet.columns}
    if sort and sort.lstrip("-") not in {column.name for column in sheet.columns if column.sort}:
        raise BadUsage(f"不能按“{sort}”排序", where="sort", remedy="请点表头排序", slug="wrong-value")
    columns = tuple(name for value in query.get("columns", ()) for name in value.split(",") if name) or sheet.default
    unknown = [name for name in columns if name not in names]
    if unknown:
        raise BadUsage(f"没有“{'、'.join(unknown)}”这一列", where="columns", remedy="请重新选择要显示的列", slug="wrong-value")
    return Wish(table, {name: values for name, values in filters.items() if values}, sort, tuple(dict.fromkeys(columns)))


def chosen(wish: Wish, scope: Scope, tree: Tree) -> QuerySet[Any]:
    """The rows of the wish that the scope sees, in their order. Withdrawn and superseded documents' facts and dropped items are left out,

    unless a document or the state is asked for by name.
    """
    sheet = SHEETS[wish.table]
    found = _with_words(_visible_facts(wish, scope), wish).defer(*_UNSEEN) if wish.table == "facts" else _visible_items(wish, scope)
    for one in sheet.filters:
        if one.name in wish.filters:
            found = found.filter(one.apply(wish.filters[one.name], tree))
    order = sheet.order
    if wish.sort:
        field = next(column.sort for column in sheet.columns if column.name == wish.sort.lstrip("-"))
        down = wish.sort.startswith("-")
        order = (f"-{field}", *(f"-{name}" for name in sheet.order)) if down else (field, *sheet.order)
    return found.order_by(*order)


#: what no column shows; a third of each row
_UNSEEN: Final = ("data", "fields", "checks", "decision")
#: words that more facts have than this are common: reading the facts in their order finds enough of them soon
MOST_WITH_WORDS: Final = 1_000
_KINDS: Final = ("measure", "task", "project", "term")


def _with_words(found: QuerySet[Any], wish: Wish) -> QuerySet[Any]:
    """The facts that can have the words asked for, by the index of the search, so that not each of a large ledger is read.

    Of a document that is asked for by name all are read: the index has the newest version only.
    """
    if "q" not in wish.filters or "document" in wish.filters:
        return found
    words = [word for value in wish.filters["q"] for word in value.split()]
    known = keys(connections[found.db], words, wish.filters.get("kind", _KINDS), MOST_WITH_WORDS)
    return found if known is None else found.filter(id__in=known)


def _visible_facts(wish: Wish, scope: Scope) -> QuerySet[Any]:
    found = models.Fact.objects.all()
    hidden = models.Document.objects.filter(state="withdrawn")
    if "document" not in wish.filters:
        hidden = models.Document.objects.filter(Q(state="withdrawn") | Q(newest=False))
    if hidden.exists():
        found = found.exclude(document__in=hidden.values("id"))
    if scope.regions is not None:
        found = found.filter(document__in=models.Document.objects.filter(region_code__in=scope.regions).values("id"))
    return found


def _visible_items(wish: Wish, scope: Scope) -> QuerySet[Any]:
    found = items_seen(scope)
    return found if "state" in wish.filters else found.exclude(state="dropped")


def items_seen(scope: Scope) -> QuerySet[models.Item]:
    """The items that the scope sees, dropped ones too. Whoever lists or counts items asks this, so that what stays inside is shown nowhere."""
    found = models.Item.objects.all()
    if scope.item_regions is not None:
        found = found.filter(region_code__in=scope.item_regions)
    if scope.units is not None:
        found = found.filter(id__in=models.Duty.objects.filter(organisation__in=scope.units, live=True).values("item"))
    return found if scope.internal else found.exclude(id__in=models.Matter.objects.filter(internal=True).values("id"))
