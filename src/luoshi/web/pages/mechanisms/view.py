"""The mechanisms under which matters live: each one's stages, acts, clocks and cases; handing in a file; moving matters to a new version."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from luoshi.desk.done import NotFound
from luoshi.desk.matters import mechanisms, ruling
from luoshi.desk.matters.mechanisms import Preview
from luoshi.errors import LuoshiError
from luoshi.ledger import models
from luoshi.ledger.scope import Scope
from luoshi.ledger.veiling import titles_of
from luoshi.loop.diagram import svg
from luoshi.loop.mechanism import Mechanism
from luoshi.loop.reading import read_mechanism
from luoshi.web.page import Page, Route, address, go, note, show
from luoshi.web.pages.mechanisms import telling
from luoshi.web.pages.organisation.view import actor_for
from luoshi.web.seen import scope_of
from luoshi.web.words import say, say_error
from luoshi.web.writing import read_whole

_LARGEST: Final = 1_000_000
_STAGE: Final = "stage_"


def view(request: HttpRequest) -> HttpResponseBase:
    """The list: which there are, which version counts, how many matters live under each."""
    live = _counts(request, "mechanism", state__in=("live", "hung"))
    closed = _counts(request, "mechanism", state__in=("closed", "ended"))
    own = set(models.MechanismFile.objects.filter(own=True).values_list("key", flat=True))
    rows = [
        {"one": one, "title": telling.told(one.title), "about": telling.told(one.about), "live": live.get(one.id, 0), "closed": closed.get(one.id, 0),
         "own": one.id in own}
        for one in ruling.all_current()
    ]  # fmt: skip
    return show(request, {"rows": rows})


def _counts(request: HttpRequest, column: str, **where: Any) -> dict[str, int]:
    """How many matters that the scope sees there are by a column."""
    found = _seen(request).filter(**where).order_by().values_list(column).annotate(n=Count("id"))
    return {str(key): count for key, count in found}


def _seen(request: HttpRequest) -> Any:
    scope, found = scope_of(request), models.Matter.objects.all()
    if scope.item_regions is not None:
        found = found.filter(region_code__in=scope.item_regions)
    if scope.units is not None:
        found = found.filter(pk__in=models.Duty.objects.filter(organisation__in=scope.units, live=True).values("item"))
    return found if scope.internal else found.filter(internal=False)


def one(request: HttpRequest, mechanism: str) -> HttpResponseBase:
    """A mechanism: its stages drawn and with how many matters in each, its acts, clocks, sources and cases."""
    found, newest = _version(request, mechanism), ruling.current(mechanism)
    counts = _counts(request, "stage", mechanism=found.id, version=found.version)
    older = mechanisms.older(newest, scope_of(request)).count()
    values = {
        "one": found, "title": telling.told(found.title), "about": telling.told(found.about), "stages": list(telling.stages(found, counts)),
        "acts": telling.acts(found), "limits": telling.limits(found), "cases": telling.cases(found), "older": older, "newest": newest,
        "versions": [version.version for version in reversed(mechanisms.versions(found.id))],
        "parts": [(telling.told(part.title), part.held) for part in found.parts],
    }  # fmt: skip
    return show(request, values, template="one.html")


def _version(request: HttpRequest, mechanism: str) -> Mechanism:
    wanted = request.GET.get("version", "")
    return ruling.rules_for(mechanism, number).mechanism if (number := read_whole(wanted)) is not None else ruling.current(mechanism)


def drawing(request: HttpRequest, mechanism: str) -> HttpResponseBase:
    """The stages as a drawing."""
    return HttpResponse(svg(_version(request, mechanism)), content_type="image/svg+xml; charset=utf-8")


def text(request: HttpRequest, mechanism: str) -> HttpResponseBase:
    """The file itself, to take away."""
    found = _version(request, mechanism)
    answer = HttpResponse(mechanisms.text_of(found.id, found.version), content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{found.id}-{found.version}.yaml"'
    return answer


def keep(request: HttpRequest) -> HttpResponseBase:
    """The form for a file; checked first, with what it would change; taken where somebody says so."""
    if request.method != "POST":
        source = request.GET.get("from", "")
        return show(request, {"text": mechanisms.text_of(source, ruling.current(source).version) if source else ""}, template="keep.html")
    given = _given(request)
    try:
        if request.POST.get("do") == "keep":
            mechanisms.keep(actor_for(request), given)
            found = read_mechanism(given, "")
            note(request, say("mechanisms.kept", title=telling.told(found.title), version=found.version))
            return go(request, "mechanisms.one", mechanism=found.id)
        found = mechanisms.checked(given)
    except LuoshiError as error:
        return show(request, {"text": given, "trouble": say_error(error)}, template="keep.html", status=getattr(error, "status", 400))
    # who hands a file in counts all matters, but sees none of them
    seen = mechanisms.preview(found, Scope.whole())
    return show(request, {"text": given, "found": found, "title": telling.told(found.title), **_told(seen)}, template="keep.html")


def _given(request: HttpRequest) -> str:
    """The text of the form, else of the file that came with it."""
    file = request.FILES.get("file")
    if file is not None and file.size:
        return bytes(file.read(_LARGEST + 1)).decode("utf-8-sig", errors="replace")
    return request.POST.get("text", "").replace("\r\n", "\n")


def _told(seen: Preview) -> dict[str, Any]:
    """What would change, for a page."""
    kinds = [(kind, [(telling.told(one.title), one) for one in differs]) for kind, differs in seen.differs.items()]
    return {
        "seen": seen, "kinds": kinds, "counts": list(seen.counts.items()), "total": sum(seen.counts.values()),
        "goals": [(stage.key, telling.told(stage.title)) for stage in seen.mechanism.stages if stage.kind in {"open", "waiting", "hung"}],
    }  # fmt: skip


def move(request: HttpRequest, mechanism: str) -> HttpResponseBase:
    """What would be otherwise for the matters under older versions, and the form by which they go over."""
    found = ruling.current(mechanism)
    stages = {key.removeprefix(_STAGE): str(value) for key, value in request.POST.items() if key.startswith(_STAGE) and value}
    if request.method == "POST":
        items = request.POST.getlist("item")
        if not items:
            raise NotFound(say("mechanisms.none_chosen"), where="item", remedy=say("mechanisms.choose"))
        done = mechanisms.move(actor_for(request), found.id, found.version, items, stages, scope_of(request))
        moved = sum(subject in set(items) for subject in set(done.subjects))
        note(request, say("mechanisms.moved", count=moved, version=found.version))
        return go(request, "mechanisms.one", mechanism=found.id)
    seen = mechanisms.preview(found, scope_of(request))
    titles = titles_of([one.item for one in seen.matters])
    names = _stage_names(found)
    matters = [(one, titles.get(one.item, ""), names.get(one.stage, one.stage), names.get(one.to, "")) for one in seen.matters]
    gone = [(key, names.get(key, key), count) for key, count in seen.gone.items()]
    values = {
        "one": found,
        "title": telling.told(found.title),
        "matters": matters,
        "gone": gone,
        "back": address("mechanisms.one", mechanism=found.id),
    }
    return show(request, {**values, **_told(seen)}, template="move.html")


def _stage_names(mechanism: Mechanism) -> dict[str, str]:
    """The titles of the stages of all versions, those of the newest before those of older ones."""
    found: dict[str, str] = {}
    for version in mechanisms.versions(mechanism.id):
        found |= {stage.key: telling.told(stage.title) for stage in version.stages}
    return found


PAGE = Page(
    "mechanisms", "mechanisms", view,
    routes=(
        Route("keep", "mechanisms/keep", keep, right="mechanism.keep"),
        Route("one", "mechanism/<str:mechanism>", one),
        Route("drawing", "mechanism/<str:mechanism>/stages.svg", drawing),
        Route("text", "mechanism/<str:mechanism>/text", text),
        Route("move", "mechanism/<str:mechanism>/move", move, right="mechanism.move"),
    ),
)  # fmt: skip
