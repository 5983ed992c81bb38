"""Renders pages of the public record: the same words on a server and in a folder of files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.template.loader import render_to_string
from django.utils import translation

from luoshi.messages import Lang
from luoshi.publish.portal import Site, page_of
from luoshi.web.templatetags.portal import Way
from luoshi.web.words import DJANGO_NAMES, HTML_NAMES

#: the sections in the head: the key of the words and the address
MENU: Final = (
    ("portal.home", ""), ("portal.promises", "promises"), ("portal.livelihood", "livelihood"), ("portal.targets", "targets"),
    ("portal.documents", "documents"), ("portal.data", "data"),
)  # fmt: skip


def render_path(site: Site, way: Way, lang: Lang, *, office: str = "", clues: bool = False) -> bytes | None:
    """The page at an address; None where there is none."""
    found = page_of(site, way.here)
    if found is None:
        return None
    return render(site, way, lang, found.template, {**found.values, "office": office, "clues": clues})


def render(site: Site, way: Way, lang: Lang, template: str, values: Mapping[str, Any]) -> bytes:
    """A page with these values; without anything of whoever asks."""
    known = {
        "site": site, "contents": site.contents, "site_day": site.day, "way": way, "here": way.here, "menu": MENU, "lang": lang,
        "html_lang": HTML_NAMES[lang], "other_lang": "en" if lang == "zh" else "zh", "q": "",
    }  # fmt: skip
    with translation.override(DJANGO_NAMES[lang]):
        return render_to_string(f"pages/portal/{template}", {**known, **values}).encode()
