"""Charts in pages: the drawing first, its data beside it, and the library that makes it interactive, served only to who wants it.

A page puts ``figure(…)`` into its template; that is all: style sheet and script come with it.
"""

from __future__ import annotations

import gzip
import logging
import os
import re
from collections.abc import Callable, Mapping
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import brotli  # type: ignore[import-untyped]
import msgspec
from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from luoshi.errors import NotDrawn
from luoshi.messages import Lang
from luoshi.publish.chart import Table, Teller, draw_svg, heading_of
from luoshi.publish.chart.studio import Artist
from luoshi.web.locks import held
from luoshi.web.words import current_lang

#: what the library hands to ``chart.js``
_SNIPPET: Final = "export { vegaEmbed as embed };"
_NAME: Final = re.compile(r"vega-[0-9a-f]{16}\.js")
_YEAR: Final = 365 * 24 * 3600
_SAID: Final = ("interactive", "static", "loading", "failed", "hint", "hint_zoom", "open")

log = logging.getLogger(__name__)
Draw = Callable[[bool], dict[str, Any]]


def figure(draw: Draw, *, table: Table | None = None, beside: str = "", level: int = 3) -> SafeString:
    """The chart as HTML: heading, drawing for desk and phone, button, data.

    ``draw(narrow)`` gives the description: ``lambda narrow: indicator_chart(title, series, lang=…, narrow=narrow)``. ``table`` is put
    under the chart, closed until it is asked for (``table_of``); a page that shows the same data itself says the id of that element by
    ``beside``. ``level`` is that of the heading.
    """
    lang = current_lang()
    tell, wide, narrow = Teller(lang), draw(False), draw(True)
    values = {
        "mark": "c" + sha256(msgspec.json.encode(wide)).hexdigest()[:10],
        "heading": heading_of(wide),
        "level": level,
        "drawings": _drawings(wide, narrow, lang),
        "not_drawn": tell("not_drawn"),
        "payload": {"datasets": wide["datasets"], "wide": _bare(wide), "narrow": _bare(narrow), "words": {key: tell(key) for key in _SAID}},
        "library": reverse("chart", args=[library_name()]),
        "interactive": tell("interactive"),
        "data_words": tell("data"),
        "quote_words": tell("column.quote"),
        "table": table,
        "has_quotes": table is not None and any(line.quote for line in table.lines),
        "beside": beside,
    }
    return mark_safe(render_to_string("layout/parts/chart.html", values))  # noqa: S308 - made by a template, which escapes


def _drawings(wide: dict[str, Any], narrow: dict[str, Any], lang: Lang) -> tuple[SafeString, SafeString] | None:
    """Both drawings; None where they fail: the page has the data all the same."""
    shelf = settings.LUOSHI.data / "charts" / "drawn"
    try:
        # cleaned, element by element (publish/chart/clean.py)
        first, second = (mark_safe(draw_svg(one, lang, titled=False, shelf=shelf)) for one in (wide, narrow))  # noqa: S308
    except NotDrawn as error:
        log.warning("chart: %s", error.slug)
        return None
    return first, second


def _bare(description: Mapping[str, Any]) -> dict[str, Any]:
    """What the script needs besides the data; the heading stands in the page."""
    return {key: value for key, value in description.items() if key not in {"$schema", "datasets", "title", "description", "usermeta"}}


def library_name() -> str:
    """The name of the library's file, another for each version of it."""
    told = f"{version('vl-convert-python')} {_SNIPPET}"
    return f"vega-{sha256(told.encode()).hexdigest()[:16]}.js"


def library_file(data: Path) -> Path:
    """The library in the data folder, made there if it is not (in about two seconds), with a ``.gz`` and a ``.br`` beside it."""
    folder = data / "charts"
    found = folder / library_name()
    if not found.is_file():
        with held(data / "run" / "charts.lock"):
            if not found.is_file():
                _make_library(folder, found)
    return found


def _make_library(folder: Path, wanted: Path) -> None:
    """The file itself comes last: where it is, all three are whole."""
    folder.mkdir(parents=True, exist_ok=True)
    artist = Artist()
    try:
        made = artist.ask("bundle", snippet=_SNIPPET)
    finally:
        artist.close()
    for ending, content in ((".br", brotli.compress(made, quality=9)), (".gz", gzip.compress(made, mtime=0)), ("", made)):
        whole = wanted.with_name(wanted.name + ending)
        part = whole.with_name(f"{whole.name}.{os.getpid()}.part")
        part.write_bytes(content)
        part.replace(whole)


def library(request: HttpRequest, name: str) -> HttpResponseBase:
    """The library, packed as the browser likes it; a browser keeps it for ever, for another version has another name."""
    if not _NAME.fullmatch(name) or name != library_name():
        raise Http404
    found = library_file(settings.LUOSHI.data)
    packing = _packing(request.headers.get("Accept-Encoding", ""))
    response = FileResponse(
        found.with_name(found.name + _ENDINGS[packing]).open("rb"),
        content_type="text/javascript; charset=utf-8",
    )
    if packing:
        response["Content-Encoding"] = packing
    response["Cache-Control"] = f"public, max-age={_YEAR}, immutable"
    response["Vary"] = "Accept-Encoding"
    return response


_ENDINGS: Final = {"br": ".br", "gzip": ".gz", "": ""}


def _packing(accepted: str) -> str:
    """The packing that a browser takes, the tightest first.

    >>> _packing("gzip, deflate, br;q=0.9"), _packing("gzip"), _packing("br;q=0, identity"), _packing("")
    ('br', 'gzip', '', '')
    """
    taken = {name.strip().lower() for name, _, quality in (part.partition(";") for part in accepted.split(",")) if not _is_refused(quality)}
    return next((packing for packing in ("br", "gzip") if packing in taken), "")


def _is_refused(quality: str) -> bool:
    return bool(re.fullmatch(r"\s*q=0(\.0*)?\s*", quality))
