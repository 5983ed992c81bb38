"""The tables of facts and of items: filters, order, columns, saved views, acts on many rows, files of exactly what is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.functional import cached_property

from luoshi.desk import facts as fact_acts
from luoshi.desk import views as view_acts
from luoshi.desk.actor import Actor
from luoshi.desk.done import WrongValue
from luoshi.ledger import models
from luoshi.ledger.cells import lines
from luoshi.ledger.overview import region_choices
from luoshi.ledger.places import tree
from luoshi.ledger.scope import Scope
from luoshi.ledger.tables import MOST_WITH_WORDS, SHEETS, Column, Wish, chosen, wish_of
from luoshi.publish.grid import Head, Value, to_csv, to_xlsx
from luoshi.web.page import Page, Route, actor_of, address, go_back, note, show
from luoshi.web.pages.ledger.cells import Shown
from luoshi.web.seen import scope_of
from luoshi.web.words import say, say_word

SIZE: Final = 50
#: rows are counted up to here; nobody pages further, and counting all of a large ledger takes long
COUNTED: Final = 10_000
#: one act changes so many facts at most
MOST_AT_ONCE: Final = 2_000
_KINDS: Final = ("measure", "task", "project", "term")
_CHOICES: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "kind": ("fact", _KINDS),
    "role": ("role", ("target", "result", "attribute")),
    "state": ("state", ("open", "accepted", "corrected", "rejected", "disputed")),
    "part": ("part", ("review", "problems", "plan", "outlook", "self", "other")),
    "document_kind": ("kind", ("report", "plan", "breakdown", "other")),
    "stage": ("stage", ("planned", "signed", "started", "building", "built", "running")),
}
_ITEM_STATES: Final = ("open", "dropped")


class Counted(Paginator):
    """Pages of rows of which ``most`` are counted and no more."""

    def __init__(self, found: QuerySet[Any], most: int) -> None:
        super().__init__(found, SIZE)
        self.most = most

    @cached_property
    def count(self) -> int:
        found: QuerySet[Any] = self.object_list  # type: ignore[assignment]
        # the ordinal stands in most indexes, so that few rows themselves are read
        return found.order_by().values("ordinal")[: self.most + 1].count()


def view(request: HttpRequest) -> HttpResponseBase:
    """The table of facts."""
    return table(request, "facts")


def table(request: HttpRequest, name: str) -> HttpResponseBase:
    """The table of this name as the address asks for it."""
    wish = wish_of(name, dict(request.GET.lists()))
    actor, places = _actor(request), tree()
    pages = _pages(wish, chosen(wish, scope_of(request), places))
    page = pages.get_page(request.GET.get("page"))
    shown = list(lines(page.object_list, places))
    columns = _columns(wish)
    return show(request, {
        "table": name, "wish": wish, "page_obj": page, "lines": [Shown(line, columns) for line in shown],
        "heads": [_head(column, on=True) for column in columns],
        "all_heads": [_head(column, on=column.name in wish.columns) for column in SHEETS[name].columns],
        "others": [(key, values) for key, values in request.GET.lists() if key not in ("columns", "page", "lang")],
        "many": pages.count > pages.most, "total": min(pages.count, pages.most), "choices": _choices(name, wish),
        "regions": region_choices(scope_of(request), places), "region": (wish.filters.get("region") or ("",))[0],
        "filters": {key: " ".join(values) for key, values in wish.filters.items()}, "chosen": _told(wish), "query": wish.query(),
        "views": view_acts.views_for(actor, name), "actor_id": actor.id, "here": request.get_full_path(),
    }, template="../ledger/page.html")  # fmt: skip


def _pages(wish: Wish, found: QuerySet[Any]) -> Counted:
    """The rows in pages. A database that has an index of the order likes to walk along it until it has enough, which is long where what is

    looked for stands at the end; where not many rows fit the filters, they are better found first and sorted then.
    """
    # words are looked for in the rows themselves where many have them
    pages = Counted(found, MOST_WITH_WORDS if "q" in wish.filters else COUNTED)
    if wish.filters and not wish.sort and pages.count <= pages.most:
        pages.object_list = found.order_by(F("ordinal") + 0)
    return pages


def _columns(wish: Wish) -> list[Column]:
    known = {column.name: column for column in SHEETS[wish.table].columns}
    return [known[name] for name in wish.columns]


def _head(column: Column, *, on: bool) -> dict[str, Any]:
    kind = "number" if column.shown in ("amount", "year") else ""
    return {"name": column.name, "label": say(f"ledger.column_{column.name}"), "sort": bool(column.sort), "kind": kind, "on": on}


def _choices(name: str, wish: Wish) -> list[dict[str, Any]]:
    """The closed lists that are offered as filters."""
    given = _CHOICES if name == "facts" else {"state": ("item_state", _ITEM_STATES)}
    return [
        {
            "name": key,
            "options": [{"value": value, "label": say_word(group, value), "on": value in wish.filters.get(key, ())} for value in values],
        }
        for key, (group, values) in given.items()
    ]


def _told(wish: Wish) -> list[dict[str, str]]:
    """Filters by id, told by name, each with the address without it."""
    names = ("document", "organisation", "post")
    return [{"name": name, "label": _name_of(name, value), "value": value} for name in names for value in wish.filters.get(name, ())]


def _name_of(name: str, value: str) -> str:
    if name == "document":
        from luoshi.ledger.titles import title_of

        found = models.Document.objects.filter(pk=value).first()
        return title_of(found) if found else value
    if name == "organisation":
        unit = models.Organisation.objects.filter(pk=value).first()
        return unit.name if unit else value
    return value


def _actor(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    assert actor is not None  # noqa: S101 - the door has asked
    return actor


# --- files


def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The table of facts as a file."""
    return export_table(request, "facts", form)


def export_table(request: HttpRequest, name: str, form: str) -> HttpResponseBase:
    """Exactly what the address shows, all pages of it, in the order and with the columns of the page."""
    wish = wish_of(name, dict(request.GET.lists()))
    if form not in ("csv", "xlsx"):
        raise WrongValue(f"不能导出为“{form}”", where="form", remedy="可选：csv xlsx")
    places, scope = tree(), scope_of(request)
    columns, heads, title = heads_of(wish)
    rows = file_rows(wish, columns, scope, places)
    if form == "xlsx":
        return FileResponse(to_xlsx(title, heads, rows), as_attachment=True, filename=f"{title}.xlsx")
    response = StreamingHttpResponse(to_csv(heads, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f"attachment; filename=\"{name}.csv\"; filename*=UTF-8''{_quoted(title)}.csv"
    return response


def heads_of(wish: Wish) -> tuple[list[Column], list[Head], str]:
    """The columns of a table, their headings and the table's title in the language of the request."""
    columns = _columns(wish)
    return columns, [Head(say(f"ledger.column_{column.name}"), column.shown) for column in columns], say(f"ledger.title_{wish.table}")


def _quoted(title: str) -> str:
    from urllib.parse import quote

    return quote(title)


def file_rows(wish: Wish, columns: Sequence[Column], scope: Scope, places: Any) -> Iterator[list[Value]]:
    """The rows for a file: numbers as numbers, days and moments as such, words of closed lists in the language of the request."""
    for line in lines(chosen(wish, scope, places).iterator(chunk_size=1000), places):
        yield [_for_file(column, line.value(column.name)) for column in columns]


def _for_file(column: Column, value: Any) -> Value:
    if column.shown == "word":
        return say_word(column.words, str(value)) if value else ""
    if column.shown == "moment":
        # as on the page: in the time of the office; a file knows no zones
        return datetime.fromisoformat(value).astimezone(ZoneInfo(settings.TIME_ZONE)).replace(tzinfo=None) if value else ""
    if column.shown == "day":
        return _day(value or "")
    return value if isinstance(value, int | float) or value is None else str(value)


def _day(value: str) -> Value:
    """A day as such; a month or a year, and what no spreadsheet takes for a day, stays text."""
    try:
        return date.fromisoformat(value) if len(value) == len("2026-03-05") and value >= "1900-03" else value
    except ValueError:
        return value


# --- views


def save_view(request: HttpRequest) -> HttpResponseBase:
    """Keeps the table as it is set up."""
    name = request.POST.get("table", "facts")
    from urllib.parse import parse_qs

    wish = wish_of(name, parse_qs(request.POST.get("query", "")))
    done = view_acts.save(_actor(request), request.POST.get("name", ""), wish, shared=request.POST.get("shared") == "1")
    note(request, say("ledger.view_saved"), undo=address("undo.back", span=done.undo))
    return _to(name, wish.query())


def _page(name: str) -> str:
    return "ledger" if name == "facts" else "items"


def _to(name: str, query: str) -> HttpResponseBase:
    from django.http import HttpResponseRedirect

    return HttpResponseRedirect(f"{address(_page(name))}?{query}")


def open_view(request: HttpRequest, key: str) -> HttpResponseBase:
    """The table as a saved view has it: the link that can be shared. A view that is not shared is its owner's alone."""
    found = models.SavedView.objects.filter(pk=key, live=True).first()
    if found is None or (not found.shared and found.owner != _actor(request).id):
        from luoshi.desk.done import NotFound

        raise NotFound("没有这个视图", where=key, remedy="它可能已被删除，或没有共享")
    return _to(found.table, found.query)


def share_view(request: HttpRequest, key: str) -> HttpResponseBase:
    """Shares a view, or keeps it to oneself again."""
    shared = request.POST.get("shared") == "1"
    view_acts.share(_actor(request), key, shared=shared)
    note(request, say("ledger.view_shared" if shared else "ledger.view_private"))
    return go_back(request, "ledger")


def remove_view(request: HttpRequest, key: str) -> HttpResponseBase:
    """Puts a view away."""
    done = view_acts.remove(_actor(request), key)
    note(request, say("ledger.view_removed"), undo=address("undo.back", span=done.undo))
    return go_back(request, "ledger")


# --- acts on many rows

_BULK: Final[Mapping[str, Callable[..., Any]]] = {"accept": fact_acts.accept, "reject": fact_acts.reject, "reopen": fact_acts.reopen}


def bulk(request: HttpRequest, word: str) -> HttpResponseBase:
    """One word on all chosen facts; with ``all=1`` on all that the filters show."""
    if word not in _BULK:
        raise WrongValue(f"不能批量“{word}”", where="word", remedy="请刷新页面")
    scope, keys = scope_of(request), request.POST.getlist("id")
    if request.POST.get("all") == "1":
        from urllib.parse import parse_qs

        wish = wish_of("facts", parse_qs(request.POST.get("query", "")))
        keys = list(chosen(wish, scope, tree()).values_list("id", flat=True)[: MOST_AT_ONCE + 1])
    if len(keys) > MOST_AT_ONCE:
        raise WrongValue(f"一次最多处理 {MOST_AT_ONCE} 条", where=f"{len(keys)} 条", remedy="请再筛选一下")
    if not keys:
        raise WrongValue("没有选中任何一条", where="id", remedy="请先勾选")
    done = _BULK[word](_actor(request), keys, scope)
    if done.count:
        note(request, say("ledger.bulk_done", count=done.count), undo=address("undo.back", span=done.undo))
    else:
        note(request, say("ledger.bulk_nothing"), kind="warn")
    return go_back(request, "ledger")


PAGE = Page(
    "ledger", "ledger", view,
    routes=(
        Route("export", "ledger/export.<str:form>", export, right="export.table"),
        Route("bulk", "ledger/bulk/<str:word>", bulk, right="fact.accept", method="POST"),
        Route("save_view", "ledger/views", save_view, right="view.save", method="POST"),
        Route("open_view", "ledger/views/<str:key>", open_view),
        Route("share_view", "ledger/views/<str:key>/share", share_view, right="view.share", method="POST"),
        Route("remove_view", "ledger/views/<str:key>/remove", remove_view, right="view.save", method="POST"),
    ),
)  # fmt: skip
