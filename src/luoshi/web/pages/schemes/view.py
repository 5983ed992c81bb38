"""The schemes of appraisal: the list, one in full with its forbidden-item check, and handing in one of the office's own."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from luoshi.appraise import how as hows
from luoshi.appraise.forbidden import forbidden, kinds
from luoshi.appraise.number import plain
from luoshi.appraise.reading import read_scheme
from luoshi.appraise.scheme import Scheme
from luoshi.desk.appraisal.ruling import all_schemes, keep_own, scheme_for, text_of
from luoshi.errors import LuoshiError
from luoshi.ledger.appraised import SchemeFile
from luoshi.web.page import Page, Route, go, note, show
from luoshi.web.pages.appraisals.telling import in_words
from luoshi.web.pages.organisation.view import actor_for
from luoshi.web.words import say, say_error

_LARGEST: Final = 200_000


def view(request: HttpRequest) -> HttpResponseBase:
    """The list."""
    own = set(SchemeFile.objects.filter(own=True, current=True).values_list("key", flat=True))
    rows = [
        {"one": one, "title": in_words(one.title), "about": in_words(one.about), "own": one.id in own, "lines": len(one.lines)}
        for one in all_schemes()
    ]
    return show(request, {"rows": rows})


def one(request: HttpRequest, scheme: str) -> HttpResponseBase:
    """A scheme in full."""
    return show(request, _told(scheme_for(scheme)) | {"key": scheme}, template="one.html")


def _told(found: Scheme) -> dict[str, Any]:
    hit = forbidden(found)
    return {
        "one": found, "title": in_words(found.title), "about": in_words(found.about), "unsaid": [in_words(one) for one in found.unsaid],
        "lines": [(line, in_words(line.title), plain(line.points) if line.points else "", _said(found, line.how)) for line in found.lines],
        "inputs": [(one, in_words(one.title), _by(one.by)) for one in found.inputs], "measures": [(one, in_words(one.title)) for one in found.measures],
        "groups": [(one, in_words(one.title), plain(one.full) if one.full else "") for one in found.groups],
        "grades": [(one.key, _bound(one.low, one.share)) for one in found.grades.grades] if found.grades else [],
        "overriding": [(in_words(one.title), one.source) for one in found.overriding],
        "factors": [(in_words(one.title), _table(one), one.source) for one in found.coefficients],
        "hit": hit, "kinds": [(in_words(one.title), one.rule, one.source, one.verified) for one in kinds()],
        "rounding": found.rounding, "ranking": found.ranking, "cases": [one.title for one in found.cases],
    }  # fmt: skip


def _by(by: str) -> str:
    return say(f"schemes.by_{by}")


def _bound(low: Decimal | None, share: Decimal | None) -> str:
    if low is not None:
        return f"≥ {plain(low)}"
    return say("schemes.first_share", share=plain(share)) if share is not None else say("schemes.the_rest")


def _table(one: Any) -> str:
    if one.first is not None:
        return f"{plain(one.first)}，+{plain(one.each)}"
    return "，".join(f"{key} {plain(value)}" for key, value in one.table.items())


def _said(found: Scheme, how: hows.How) -> str:
    """How a line turns its value into points, by its word and its numbers."""
    parts = [say(f"schemes.how_{how.__struct_config__.tag}")]
    for name, value in msgspec.structs.asdict(how).items():
        if isinstance(value, Decimal):
            parts.append(f"{say(f'schemes.part_{name}')} {plain(value)}")
        elif name == "of" and isinstance(value, str):
            parts.append(in_words(found.titled(value)))
    return "，".join(parts)


def text(request: HttpRequest, scheme: str) -> HttpResponseBase:
    """The file itself."""
    found = scheme_for(scheme)
    answer = HttpResponse(text_of(scheme), content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{found.id}-{found.version}.yaml"'
    return answer


def keep(request: HttpRequest) -> HttpResponseBase:
    """The form for a scheme of the office's own: checked first, with what of it must not be scored; taken where somebody says so."""
    if request.method != "POST":
        source = request.GET.get("from", "")
        return show(request, {"text": text_of(source) if source else ""}, template="keep.html")
    given = _given(request)
    try:
        if request.POST.get("do") == "keep":
            done = keep_own(actor_for(request), given)
            note(request, say("schemes.kept"))
            return go(request, "schemes.one", scheme=done.subjects[0])
        found = read_scheme(given, "scheme.yaml")
    except LuoshiError as error:
        return show(request, {"text": given, "trouble": say_error(error)}, template="keep.html", status=getattr(error, "status", 400))
    return show(request, {"text": given, "found": found, "title": in_words(found.title), "hit": forbidden(found)}, template="keep.html")


def _given(request: HttpRequest) -> str:
    file = request.FILES.get("file")
    if file is not None and file.size:
        return bytes(file.read(_LARGEST + 1)).decode("utf-8-sig", errors="replace")
    return request.POST.get("text", "").replace("\r\n", "\n")


PAGE = Page(
    "schemes", "schemes", view,
    routes=(
        Route("keep", "schemes/keep", keep, right="scheme.keep"),
        Route("one", "schemes/<str:scheme>", one),
        Route("text", "schemes/<str:scheme>/text", text),
    ),
)  # fmt: skip
