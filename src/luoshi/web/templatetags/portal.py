"""Tags of the public record: addresses on a server or in a folder of files, sentences with their words marked, how a promise stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec
from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from luoshi.publish.opendata import FileAbout, about_files
from luoshi.publish.portal.site import End, Site, slug
from luoshi.publish.release.content import Chain, Content, Document, Fact, Item, Picture, Unit, digest
from luoshi.web import writing
from luoshi.web.words import current_lang, say

register = template.Library()
#: the picture's ending by its type
ENDINGS: Final = {"image/png": ".png", "image/jpeg": ".jpg"}
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


class Way(msgspec.Struct, frozen=True):
    """How pages name each other: below ``/public`` on a server, by relative paths in a folder of files; ``here`` is the page that names."""

    static: bool
    here: str = ""

    def to(self, path: str) -> str:
        """The address of a page."""
        if not self.static:
            return f"/public/{path}" if path else "/public"
        return f"{self.root()}{path or 'index'}.html"

    def root(self) -> str:
        """How many folders up the first page lies."""
        return "../" * self.here.count("/")

    def file(self, path: str) -> str:
        """The address of a file of the record."""
        return f"{self.root()}{path}" if self.static else f"/public/{path}"


@register.simple_tag(takes_context=True)
def to(context: Mapping[str, Any], *parts: object) -> str:
    """``{% to "item/" item.id %}``: the address of a page."""
    way: Way = context["way"]
    return way.to("".join(map(str, parts)))


@register.simple_tag(takes_context=True)
def asset(context: Mapping[str, Any], name: str) -> str:
    """``{% asset "layout/css/base.css" %}``: the address of a style or a mark."""
    way: Way = context["way"]
    return way.file(f"assets/{name.rpartition('/')[2]}") if way.static else static(name)


@register.simple_tag(takes_context=True)
def picture(context: Mapping[str, Any], one: Picture) -> str:
    """The address of a picture."""
    way: Way = context["way"]
    return way.file(f"pictures/{one.file[:32]}{ENDINGS[one.media]}")


@register.simple_tag(takes_context=True)
def datafile(context: Mapping[str, Any], release: str, path: str) -> str:
    """The address of a file of open data."""
    way: Way = context["way"]
    return way.file(f"data/{release}/{path}")


@register.simple_tag
def sentence(fact: Fact) -> SafeString:
    """The sentence with the words of the fact marked."""
    clause, text = fact.clause, fact.text
    at = fact.at if clause[fact.at : fact.at + len(text)] == text and fact.at >= 0 else clause.find(text)
    if at < 0:
        return format_html("<mark>{}</mark>", text)
    return format_html("{}<mark>{}</mark>{}", clause[:at].lstrip(), text, clause[at + len(text) :].rstrip())


@register.simple_tag
def standing(item: Item) -> SafeString:
    """How a promise stands, in a word that does not need its colour."""
    kind, word = ("wrong", "late") if item.late else _STATES.get(item.state, ("calm", "running"))
    return format_html('<span class="chip {}">{}</span>', kind, say(f"portal.{word}"))


_STATES: Final = {"live": ("open", "running"), "hung": ("warn", "hung"), "closed": ("good", "done"), "ended": ("calm", "ended")}
_VERDICTS: Final = {
    "met": "good",
    "strengthened": "good",
    "near": "warn",
    "carried_over": "warn",
    "weakened": "warn",
    "missed": "wrong",
    "dropped": "wrong",
}


@register.simple_tag
def verdict(end: End) -> SafeString:
    """What became of a target, in a word."""
    return format_html(
        '<span class="chip {}">{}</span>', _VERDICTS.get(end.chain.verdict, "calm"), say(f"portal.verdict_{end.chain.verdict}")
    )


@register.simple_tag
def why(chain: Chain) -> str:
    """Why it cannot be told, in words."""
    return say(f"portal.why_{chain.why}")


@register.simple_tag
def distance(chain: Chain) -> str:
    """How far the result is from the target: above it or below, in the wanted direction."""
    number = writing.as_decimal(chain.distance)
    if not number:
        return say("portal.exact")
    return say("portal.beyond" if number > 0 else "portal.short", amount=writing.show_amount(abs(number), chain.unit, current_lang()))


@register.simple_tag
def counted(number: float | None, unit: str = "") -> str:
    """``{% counted item.target item.unit %}``: 40000 with the unit 万元 is 4亿元, not 4万万元."""
    scale = next((power for word, power in _SCALES.items() if unit.startswith(word) and len(unit) > 1), None)
    if scale is None or number is None:
        return writing.show_amount(number, unit, current_lang())
    return writing.show_amount(number * scale, unit[1:], current_lang())


_SCALES: Final = {"万": 10_000, "亿": 100_000_000}


@register.filter
def dated(value: str) -> str:
    """A value as it is, a day as people write it."""
    return writing.show_day(value, current_lang()) if _DAY.fullmatch(value) else value


@register.filter
def at(found: Mapping[str, object], key: str) -> object:
    """What a mapping has under a key; nothing where it has none."""
    return found.get(key)


@register.filter
def document_of(site: Site, key: str) -> Document | None:
    """A published document."""
    return site.documents.get(key)


@register.filter
def slug_of(item: Item) -> str:
    """The part of an address for the item's field."""
    return slug(item.field)


@register.filter
def unit_key(unit: Unit) -> str:
    """The part of an address for a unit."""
    return unit.id or slug(unit.name)


@register.filter
def digest_of(content: Content) -> str:
    """The SHA-256 of a release's content."""
    return digest(content)


@register.filter
def files_of(content: Content) -> tuple[FileAbout, ...]:
    """The files of open data of a release, and what stands in each."""
    return about_files(content)
