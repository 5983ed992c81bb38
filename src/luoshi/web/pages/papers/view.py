"""The page of papers: bulletins by month and quarter looked at before they go out, a leader's page, tables, drafts; files of all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from luoshi.desk import papers
from luoshi.desk.actor import Actor, Role
from luoshi.desk.done import WrongValue
from luoshi.desk.papers import About, Asked, Paper, Wanted
from luoshi.desk.papers.bulletin import unit_lights
from luoshi.ledger import models
from luoshi.ledger.belonging import today
from luoshi.ledger.holding import posts_of
from luoshi.ledger.tables import items_seen
from luoshi.ledger.titles import title_of
from luoshi.publish.chart import UnitLights, lights_chart, progress_chart
from luoshi.publish.papers import Values, check, gaps, kind_of, table_gaps
from luoshi.web.chart import figure
from luoshi.web.page import Page, Route, actor_of, allowed, go, note, show
from luoshi.web.pages.papers.progress import progress_of
from luoshi.web.seen import scope_of, zone
from luoshi.web.words import current_lang, say

#: what is looked through by the check of a docx
_LARGEST: Final = 20_000_000
_SHOWN: Final = 40
_DOCUMENTS: Final = 100


def view(request: HttpRequest) -> HttpResponseBase:
    """What can be taken: of the period that the address names, else of the last month that is over."""
    scope, day = scope_of(request), datetime.now(zone()).date()
    first = papers.first_filed(scope)
    months, quarters = papers.periods(first, day) if first else ([], [])
    wanted, regions = _period(request, months, day), papers.regions(scope)
    region = request.GET.get("region", "")
    values: dict[str, Any] = {
        "months": months, "quarters": quarters, "wanted": wanted, "years": papers.years(scope), "documents": _documents(request), "issued": _issued(request),
        "regions": regions if len(regions) > 1 else [], "region": region, "region_name": dict(regions).get(region, ""),
        "appraisals": papers.shown_appraisals(scope, _actor(request)),
        "may_issue": allowed(request, "paper.issue"), "number": request.GET.get("number", ""), "text": request.GET.get("text", ""), "today": today(),
        "may_templates": allowed(request, "admin.papers"), **_looked_of(request),
    }  # fmt: skip
    return show(request, values | (_preview(request, wanted.key, region) if wanted else {}))


def _period(request: HttpRequest, months: Sequence[papers.Period], day: date) -> papers.Period | None:
    """The period that is looked at: the one asked for, else the last that is over, else the one that runs."""
    if key := request.GET.get("period", ""):
        return papers.period_of(key, day)
    return next((one for one in months if one.last < day), months[0] if months else None)


def _preview(request: HttpRequest, period: str, region: str) -> dict[str, Any]:
    """The numbers of a bulletin and whether they add up, with the charts that it shows."""
    values, _ = papers.bulletin_values(_actor(request), Asked(period, region), scope_of(request), drawn=False)
    units: Any = values["units"]
    return {
        "values": values, "gaps": gaps(kind_of("bulletin"), values), "reds": _some(values, "reds"), "dues": _some(values, "dues"),
        "lights": _lights(str(values["period"]), [one for one in units if one["live"]]), "progress": _progress(request),
    }  # fmt: skip


def _some(values: Values, key: str) -> list[Mapping[str, Any]]:
    rows: Any = values[key]
    return list(rows)[:_SHOWN]


def _lights(period: str, units: Sequence[Mapping[str, Any]]) -> Any:
    if not units:
        return None
    heading = say("papers.lights", period=period)
    shown: list[UnitLights] = unit_lights(units[:_SHOWN])
    return figure(lambda narrow: lights_chart(heading, shown, lang=current_lang(), narrow=narrow), beside="units", level=3)


def _progress(request: HttpRequest) -> Any:
    """Progress against what should be reached by now, of the matters that are furthest behind."""
    found = progress_of(scope_of(request))
    if not found:
        return None
    heading = say("papers.progress")
    return figure(lambda narrow: progress_chart(heading, found, lang=current_lang(), narrow=narrow), level=3)


def _documents(request: HttpRequest) -> list[tuple[str, str]]:
    """The documents that have items."""
    scope = scope_of(request)
    with_items = models.Item.objects.filter(id__in=items_seen(scope).values("id"), state="open").exclude(document="").values("document")
    found = models.Document.objects.filter(pk__in=with_items, newest=True).exclude(state="withdrawn").order_by("-number")[:_DOCUMENTS]
    return [(row.id, title_of(row, current_lang())) for row in found if scope.sees_document(row.region_code)]


def _issued(request: HttpRequest) -> list[tuple[papers.Issued, str]]:
    found = papers.issued(scope_of(request))[:_SHOWN]
    names = dict(models.Account.objects.filter(pk__in={one.by for one in found}).values_list("id", "name"))
    return [(one, names.get(one.by, "")) for one in found]


# --- files


def bulletin(request: HttpRequest, form: str) -> HttpResponseBase:
    """The bulletin as docx or xlsx; refused where its numbers do not add up."""
    actor, scope, asked = _actor(request), scope_of(request), _asked(request.POST or request.GET)
    return sent(papers.bulletin_book(actor, asked, scope) if form == "xlsx" else papers.bulletin(actor, asked, scope))


def _asked(given: Mapping[str, Any]) -> Asked:
    return Asked(
        str(given.get("period", "")),
        str(given.get("region", ""))[:64],
        number=str(given.get("number", "")).strip()[:40],
        text=str(given.get("text", "")).strip()[:5000],
    )


def issue(request: HttpRequest) -> HttpResponseBase:
    """The bulletin is on record as issued, its file kept."""
    actor, asked, scope = _actor(request), _asked(request.POST), scope_of(request)
    paper = papers.bulletin(actor, asked, scope)
    title = say("papers.bulletin_title", period=papers.period_of(asked.period, datetime.now(zone()).date()).title)
    place = dict(papers.regions(scope)).get(asked.region, "")
    about = About(asked.period, asked.region or actor.region, asked.number, f"{title}（{place}）" if place else title)
    done = papers.issue(actor, "bulletin", about, paper)
    note(request, say("papers.issued_done" if done.count else "papers.issued_before"), kind="done" if done.count else "warn")
    return go(request, "papers", query={"period": asked.period, **({"region": asked.region} if asked.region else {})})


def issued(request: HttpRequest, key: str) -> HttpResponseBase:
    """An issued paper as it was issued."""
    return sent(papers.issued_paper(scope_of(request), key))


def brief(request: HttpRequest) -> HttpResponseBase:
    """A leader's page: of a leader the matters of the own posts, of others all."""
    actor = _actor(request)
    posts = posts_of(actor.id, today()) if Role.LEADER in actor.roles and request.GET.get("all") != "1" else frozenset[str]()
    return sent(papers.brief(actor, scope_of(request), posts=posts, who=actor.name if posts else ""))


def breakdown(request: HttpRequest, form: str) -> HttpResponseBase:
    """The breakdown of a document."""
    make = papers.breakdown_book if form == "xlsx" else papers.breakdown
    return sent(make(_actor(request), request.GET.get("document", ""), scope_of(request)))


def appraisal(request: HttpRequest, key: str, form: str) -> HttpResponseBase:
    """The notice of an appraisal."""
    actor, scope = _actor(request), scope_of(request)
    if form == "xlsx":
        return sent(papers.appraisal_book(actor, key, scope))
    return sent(papers.appraisal_notice(actor, key, scope, number=request.GET.get("number", "").strip()[:40]))


def review(request: HttpRequest) -> HttpResponseBase:
    """The draft of the review part."""
    year = request.GET.get("year", "")
    if not (year.isascii() and year.isdigit() and len(year) == 4):
        raise WrongValue(f"“{year[:10]}”不是年度", where="年度", remedy="请从列表里选一个年度")
    return sent(papers.review(_actor(request), int(year), scope_of(request), region=_actor(request).region))


def matter(request: HttpRequest, item: str, kind: str) -> HttpResponseBase:
    """The draft of a paper on a matter as it stands."""
    number, text = request.GET.get("number", "").strip()[:40], request.GET.get("text", "").strip()[:5000]
    return sent(papers.paper_of(_actor(request), item, Wanted(kind, number=number, text=text), scope_of(request)))


def entry(request: HttpRequest, item: str, seq: int) -> HttpResponseBase:
    """The paper that an entry made, as it was then."""
    return sent(
        papers.paper_of(_actor(request), item, Wanted(seq=seq, number=request.GET.get("number", "").strip()[:40]), scope_of(request))
    )


def sent(paper: Paper) -> HttpResponse:
    """The paper as a file to be saved."""
    from django.utils.http import content_disposition_header

    response = HttpResponse(paper.data, content_type=paper.media)
    response["Content-Disposition"] = content_disposition_header(True, paper.name) or "attachment"
    response["Cache-Control"] = "no-store"
    return response


# --- the check of a docx


def look(request: HttpRequest) -> HttpResponseBase:
    """What of a docx is not in layout, and which of its tables do not add up."""
    file: UploadedFile | None = request.FILES.get("file")
    if file is None:
        raise WrongValue("没有选文件", where="file", remedy="请选一份 .docx 文稿")
    if (file.size or 0) > _LARGEST:
        raise WrongValue("文件太大", where=(file.name or "")[:80], remedy=f"不超过 {_LARGEST // 1_000_000} MB")
    data, name = file.read(), (file.name or "文稿")[:80]
    request.luoshi_looked = {"looked": name, "deviations": check(data, name), "table_gaps": table_gaps(data, name)}  # type: ignore[attr-defined]
    return view(request)


def _looked_of(request: HttpRequest) -> dict[str, Any]:
    found: dict[str, Any] = getattr(request, "luoshi_looked", {})
    return found


def _actor(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    assert actor is not None  # noqa: S101 - the door has asked
    return actor


PAGE = Page(
    "papers", "papers", view,
    routes=(
        Route("bulletin", "papers/bulletin.<str:form>", bulletin),
        Route("issue", "papers/issue", issue, right="paper.issue", method="POST"),
        Route("issued", "papers/issued/<str:key>.docx", issued),
        Route("brief", "papers/brief.docx", brief),
        Route("breakdown", "papers/breakdown.<str:form>", breakdown),
        Route("appraisal", "papers/appraisal/<str:key>.<str:form>", appraisal),
        Route("review", "papers/review.docx", review),
        Route("matter", "papers/matter/<str:item>/<str:kind>.docx", matter, right="item"),
        Route("entry", "papers/matter/<str:item>/entry/<int:seq>.docx", entry, right="item"),
        Route("look", "papers/check", look, method="POST"),
    ),
)  # fmt: skip
