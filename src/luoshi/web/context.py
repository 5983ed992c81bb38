"""What every template knows besides its own values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgspec
from django.contrib import messages as notes
from django.db import DatabaseError
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from luoshi.desk.rights import RIGHTS
from luoshi.ledger.settings_now import now
from luoshi.notify.inside import unread
from luoshi.web.page import Page, actor_of, allowed, has_file
from luoshi.web.words import HTML_NAMES, current_lang, words_for_script


class Entry(msgspec.Struct, frozen=True):
    """An entry of the navigation: its words are ``nav.<name>``; the first page of ``pages`` that is there and allowed is its address."""

    name: str
    icon: str
    pages: tuple[str, ...]
    #: pages that belong to it without being its address
    inside: tuple[str, ...] = ()


class Group(msgspec.Struct, frozen=True):
    """A menu of the navigation: its words are ``nav.<name>``; one that has a single entry for whoever looks is shown as that entry."""

    name: str
    icon: str
    entries: tuple[Entry, ...]


#: What stands in the head, in the order in which a promise runs: read, kept, worked on, accounted for, scored, made public.
GROUPS: Final = (
    Group("home", "home", (Entry("home", "home", ("home",)),)),
    Group("desk", "clock", (Entry("desk", "clock", ("desk",)),)),
    Group("leader", "star", (Entry("leader", "star", ("leader",)),)),
    Group("reading", "document", (
        Entry("intake", "intake", ("intake",)),
        Entry("all_documents", "document", ("documents",), ("document", "room", "promote")),
        Entry("search", "search", ("search",)),
    )),
    Group("ledger", "table", (
        Entry("facts", "table", ("ledger",), ("views", "export")),
        Entry("indicators", "chart", ("indicators",), ("indicator", "chart")),
        Entry("organisations", "building", ("organisations",), ("organisation",)),
        Entry("regions", "map", ("regions",), ("region",)),
    )),
    Group("working", "check", (
        Entry("items", "check", ("items",), ("item", "matter_new", "matter_file")),
        Entry("board", "columns", ("board",)),
        Entry("checking", "eye", ("checking",)),
        Entry("lookback", "history", ("lookback",)),
        Entry("orders", "bell", ("orders",)),
        Entry("rates", "chart", ("rates",)),
        Entry("sheet", "table", ("sheet",)),
        Entry("papers", "document", ("papers",)),
        Entry("calendar", "calendar", ("calendar",)),
        Entry("burden", "people", ("burden",)),
    )),
    Group("accounting", "done", (
        Entry("record", "done", ("record",), ("promise",)),
        Entry("compare", "chart", ("compare",)),
        Entry("orphans", "link", ("orphans",)),
        Entry("contradictions", "warning", ("contradictions",)),
    )),
    Group("scoring", "star", (
        Entry("appraisals", "star", ("appraisals",)),
        Entry("schemes", "columns", ("schemes",)),
    )),
    Group("publishing", "eye", (
        Entry("release", "upload", ("release",)),
        Entry("portal", "eye", ("portal",)),
    )),
    Group("admin", "settings", (
        Entry("admin_accounts", "people", ("admin_accounts",)),
        Entry("admin_units", "building", ("admin_units",)),
        Entry("admin_posts", "person", ("admin_posts",)),
        Entry("admin_regions", "map", ("admin_regions",)),
        Entry("admin_aliases", "edit", ("admin_aliases",)),
        Entry("mechanisms", "history", ("mechanisms",)),
        Entry("admin_settings", "settings", ("admin_settings",)),
        Entry("admin_papers", "document", ("admin_papers",)),
        Entry("admin_channels", "bell", ("admin_channels",)),
        Entry("admin_open311", "info", ("admin_open311",)),
        Entry("admin_api", "link", ("admin_api",)),
        Entry("admin_audit", "lock", ("admin_audit",)),
    )),
)  # fmt: skip


class Link(msgspec.Struct, frozen=True):
    """An entry as it is shown."""

    name: str
    icon: str
    address: str
    current: bool


class Menu(msgspec.Struct, frozen=True):
    """A group as it is shown; without ``name`` it is its only link."""

    name: str
    icon: str
    links: tuple[Link, ...]
    current: bool


class Note(msgspec.Struct, frozen=True):
    """A note of the request before, shown as a toast."""

    words: str
    kind: str
    undo: str


def frame(request: HttpRequest) -> dict[str, Any]:
    """The values of the frame: language, page, actor, navigation, notes, the page's own style and script."""
    page: Page | None = getattr(request, "page", None)
    name = page.name if page else ""
    lang = current_lang()
    return {
        "lang": lang,
        "html_lang": HTML_NAMES[lang],
        "other_lang": "en" if lang == "zh" else "zh",
        "other_lang_address": _with_lang(request, "en" if lang == "zh" else "zh"),
        "page": page,
        "page_name": name,
        "page_style": f"pages/{name}/page.css" if name and has_file(name, "page.css") else "",
        "page_script": f"pages/{name}/page.js" if name and has_file(name, "page.js") else "",
        "script_words": words_for_script(name),
        "actor": actor_of(request),
        # made when a template asks: a part of a page has neither, and a note that was read is gone
        "navigation": lambda: tuple(_navigation(request, name)) if actor_of(request) else (),
        "notes": lambda: tuple(_notes(request)),
        "search_address": _reverse("search") if actor_of(request) and allowed(request, "search") else "",
        "own_links": [
            (own, address) for own in ("profile", "password", "tokens", "undo") if allowed(request, own) and (address := _reverse(own))
        ],
        "notices_address": _reverse("notices") if actor_of(request) else "",
        "unread_notices": lambda: _unread(request),
        "signout_address": _reverse("signout"),
        "office_name": _office_name,
        "request_number": getattr(request, "number", ""),
    }


def _unread(request: HttpRequest) -> int:
    """How many notices whoever is signed in has not read; none where the database is what is broken."""
    actor = actor_of(request)
    try:
        return unread(actor.id) if actor else 0
    except DatabaseError:
        return 0


def _office_name() -> str:
    """The name of the office that an administrator has set; nothing where the database is what is broken."""
    try:
        return now().office
    except DatabaseError:
        return ""


def _navigation(request: HttpRequest, current: str) -> Iterator[Menu]:
    for group in GROUPS:
        links = tuple(link for entry in group.entries if (link := _link(request, entry, current)))
        if links:
            one = len(links) == 1
            yield Menu("" if one else group.name, group.icon, links, any(link.current for link in links))


def _link(request: HttpRequest, entry: Entry, current: str) -> Link | None:
    for name in entry.pages:
        address = _reverse(name)
        if address and allowed(request, _right(name)) and (name != "portal" or _is_public()):
            return Link(entry.name, entry.icon, address, current in entry.pages or current in entry.inside)
    return None


def _is_public() -> bool:
    """Whether the public record is switched on; not where the database is what is broken."""
    try:
        return now().portal == "1"
    except DatabaseError:
        return False


def _right(name: str) -> str:
    """The key of a page's right: pages of the administration lie in folders ``admin_…`` and are ``admin.…`` in the table of rights."""
    return name if name in RIGHTS else name.replace("_", ".", 1)


def _reverse(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _notes(request: HttpRequest) -> Iterator[Note]:
    for note in notes.get_messages(request) if hasattr(request, "_messages") else ():
        kind, _, undo = (note.extra_tags or "done").partition(" ")
        yield Note(str(note.message), kind, undo)


def _with_lang(request: HttpRequest, lang: str) -> str:
    """This address in the other language; after a form was sent, the address without it."""
    query = request.GET.copy()
    query["lang"] = lang
    return f"{request.path}?{query.urlencode()}"
