"""Splits HTML into tags and text in one pass over it. No tree: time and memory stay linear whatever the nesting."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import msgspec

#: a tag ends at the next ``>``; where a quote is still open there, at the ``>`` behind its end
_TOKEN = re.compile(r"<(?:!--|(/?)([A-Za-z][A-Za-z0-9:-]{0,40})([^<>]*+)>|[!?][^<>]*+>)")
_QUOTE_REACH = 4000
_ATTRIBUTE = re.compile(r"""([A-Za-z_:][\w:.-]{0,60})\s{0,20}=\s{0,20}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))|([A-Za-z_:][\w:.-]{0,60})""")
_RAW = frozenset({"script", "style", "textarea", "title", "noscript", "template", "iframe", "svg", "xmp"})


class Tag(msgspec.Struct, frozen=True, gc=False):
    """A tag: lower-case ``name``, ``closing`` for an end tag, the ``attributes`` as written; for raw elements the ``text`` inside."""

    name: str
    closing: bool = False
    attributes: str = ""
    text: str = ""

    def get(self, name: str) -> str:
        """The value of an attribute, ``""`` where it has none; a name alone counts as its own value."""
        if name not in self.attributes.lower():
            return ""
        for found in _ATTRIBUTE.finditer(self.attributes):
            if (found[1] or found[5] or "").lower() == name:
                return unescape(found[2] or found[3] or found[4] or found[5] or "")
        return ""


def split_tags(page: str) -> Iterator[Tag | str]:
    """The tags of a page and the text between them (entities resolved), in order; comments and declarations left out."""
    at, end = 0, len(page)
    while at < end:
        found = _TOKEN.search(page, at)
        if found is None:
            yield unescape(page[at:])
            return
        if found.start() > at:
            yield unescape(page[at : found.start()])
        at = found.end()
        if found[0] == "<!--":
            stop = page.find("-->", at)
            at = stop + 3 if stop >= 0 else end
            continue
        if not found[2]:
            continue
        name, attributes = found[2].lower(), found[3]
        if attributes.count('"') % 2:
            stop = page.find('">', at, at + _QUOTE_REACH)
            if stop >= 0:
                attributes, at = page[found.start(3) : stop + 1], stop + 2
        if name in _RAW and not found[1] and not attributes.endswith("/"):
            stop = _raw_end(page, name, at)
            yield Tag(name, attributes=attributes, text=unescape(page[at:stop]) if name == "title" else "")
            at = page.find(">", stop) + 1 if page.find(">", stop, stop + 200) >= 0 else stop
            continue
        yield Tag(name, bool(found[1]), attributes)


def _raw_end(page: str, name: str, at: int) -> int:
    """Where a raw element ends: at its end tag, else at the end of the page."""
    found = re.compile(f"</{name}", re.IGNORECASE).search(page, at)
    return found.start() if found else len(page)
