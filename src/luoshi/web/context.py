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


ENTRIES: Final = (
    Entry("home", "home", ("home",)),
    Entry("desk", "clock", ("desk",)),
    Entry("leader", "star", ("leader",)),
    Entry("board", "columns", ("board",), ("burden",)),
    Entry("calendar", "calendar", ("calendar",)),
    Entry("checking", "eye", ("checking",), ("lookback",)),
    Entry("papers", "document", ("papers",)),
    Entry("appraisals", "done", ("appraisals",), ("schemes",)),
    Entry("orders", "bell", ("orders",), ("rates",)),
    Entry("intake", "intake", ("intake",)),
    Entry("documents", "document", ("documents",), ("document", "room", "promote")),
    Entry("ledger", "table", ("ledger",), ("views", "export")),
    Entry("items", "check", ("items",), ("item", "matter_new", "matter_file", "sheet")),
    Entry("release", "eye", ("release",)),
    Entry("mechanisms", "link", ("mechanisms",)),
    Entry("indicators", "chart", ("indicators",), ("indicator",)),
    Entry("record", "done", ("record",), ("promise", "compare", "orphans", "contradictions")),
    Entry("organisations", "building", ("organisations",), ("organisation",)),
    Entry("regions", "map", ("regions",), ("region",)),
    Entry("search", "search", ("search",)),
    Entry(
        "admin",
        "settings",
        (
            "admin_accounts",
            "admin_units",
            "admin_posts",
            "admin_regions",
            "admin_aliases",
            "admin_settings",
            "admin_channels",
            "admin_papers",
            "admin_open311",
            "admin_api",
            "admin_audit",
        ),
    ),
)


class Link(msgspec.Struct, frozen=True):
    """An entry as it is shown."""

    name: str
    icon: str
    address: str
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
        "own_links": [(own, address) for own in ("profile", "password") if (address := _reverse(own))],
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


def _navigation(request: HttpRequest, current: str) -> Iterator[Link]:
    for entry in ENTRIES:
        for name in entry.pages:
            address = _reverse(name)
            if address and allowed(request, _right(name)):
                yield Link(entry.name, entry.icon, address, current in entry.pages or current in entry.inside)
                break


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
