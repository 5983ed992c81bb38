"""Tags and filters; every template knows them without loading. All that they write is escaped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from django import template
from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from luoshi.web import page as pages
from luoshi.web import writing
from luoshi.web.words import current_lang
from luoshi.web.words import say as say_words
from luoshi.web.words import say_word as word_of

register = template.Library()
#: characters that could end a script element or be read as markup, written so that JSON reads the same
_HARMLESS: Final = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


@register.simple_tag
def say(key: str, **values: object) -> str:
    """``{% say "home.title" count=3 %}``: the words in the language of the request."""
    return say_words(key, **values)


@register.filter
def word(value: object, group: str) -> str:
    """``{{ fact.role|word:"role" }}``: the word for a value of a closed list."""
    return word_of(group, value) if value not in (None, "") else writing.NOTHING


@register.filter
def day(value: object) -> str:
    """``{{ date|day }}``: 2026年3月5日."""
    return writing.show_day(value, current_lang())


@register.filter
def moment(value: object) -> str:
    """``{{ entry.at|moment }}``: 2026年11月22日 10:36."""
    return writing.show_moment(value, current_lang(), settings.TIME_ZONE)


@register.filter
def amount(value: object, unit: str = "") -> str:
    """``{{ fact.value|amount:fact.unit }}``: 1250亿元."""
    return writing.show_amount(value, unit, current_lang())


@register.filter
def count(value: object) -> str:
    """``{{ total|count }}``: 300,000."""
    return writing.show_count(value)


@register.filter
def share(part: object, whole: object) -> str:
    """``{{ checked|share:all }}``: 33%."""
    return writing.show_share(part, whole)


@register.filter
def quote(words: object) -> str:
    """``{{ fact.text|quote }}``: the source's words between quotation marks of the language."""
    return f"“{words}”" if words else writing.NOTHING


@register.filter
def or_dash(value: object) -> object:
    """The value, or — where there is none."""
    return writing.NOTHING if value in (None, "", (), []) else value


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """``{% icon "search" %}``: a picture of ``layout/icons.svg``; silent for a screen reader unless it has a label."""
    address = f"{static('layout/icons.svg')}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, address)
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>', address)


@register.simple_tag
def data(identity: str, value: object) -> SafeString:
    """``{% data "facts" facts %}``: values for the page's script, read there by ``read("facts")`` of ``layout/js/data.js``."""
    text = msgspec.json.encode(value, enc_hook=str).decode().translate(_HARMLESS)
    return format_html('<script type="application/json" id="{}">{}</script>', identity, mark_safe(text))  # noqa: S308 - no < > & is left


@register.simple_tag(takes_context=True)
def query(context: Mapping[str, Any], **changes: object) -> str:
    """``{% query page=2 kind="" %}``: the query of this address with these changes; an empty value takes the name away."""
    request: HttpRequest = context["request"]
    values = request.GET.copy()
    values.pop("lang", None)
    for name, value in changes.items():
        if value in (None, ""):
            values.pop(name, None)
        else:
            values[name] = str(value)
    text = values.urlencode()
    return f"?{text}" if text else request.path


@register.simple_tag(takes_context=True)
def may(context: Mapping[str, Any], right: str) -> bool:
    """``{% may "fact.accept" as can_accept %}``: whether who is signed in has this right."""
    return pages.allowed(context["request"], right)


@register.inclusion_tag("layout/parts/sort.html", takes_context=True)
def sort(context: Mapping[str, Any], column: str, label: str, kind: str = "") -> dict[str, object]:
    """``{% sort "year" "年份" %}``: the head cell of a column that sorts by ``?sort=year`` and ``?sort=-year``; kind ``number``."""
    request: HttpRequest = context["request"]
    now = request.GET.get("sort") or str(context.get("default_sort", ""))
    state = "ascending" if now == column else "descending" if now == f"-{column}" else "none"
    wanted = f"-{column}" if state == "ascending" else column
    return {"label": label, "state": state, "kind": kind, "address": query(context, sort=wanted, page="")}
