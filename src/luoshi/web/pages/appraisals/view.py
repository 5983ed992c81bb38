"""The list of appraisals and the drawing up of one; the table of an appraisal, a unit's sheet, what if, and what may be done."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase

from luoshi.desk.appraisal import bringing, comparing, deciding, drawing, seeing
from luoshi.desk.appraisal.period import period_of
from luoshi.desk.appraisal.ruling import all_schemes, scheme_for
from luoshi.desk.appraisal.scoring import rows_of, score_of
from luoshi.desk.done import NotFound, WrongValue
from luoshi.desk.matters.evidence import Kept
from luoshi.desk.matters.evidence import keep as keep_files
from luoshi.ledger import models
from luoshi.ledger.appraised import Appraisal, Objection, Score
from luoshi.ledger.places import tree
from luoshi.ledger.store import blobs, now
from luoshi.web.page import Page, Route, allowed, go, note, show
from luoshi.web.pages.appraisals import book, notices
from luoshi.web.pages.appraisals.telling import groups_of, in_words, lines_of, number
from luoshi.web.pages.organisation.view import actor_for
from luoshi.web.seen import scope_of, zone
from luoshi.web.words import current_lang, say

SIZE: Final = 20
#: rows of a table on one page; the workbook has all
_ROWS: Final = 200
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_GROUP: Final = "group_"
_MOST_FILES: Final = 5


def view(request: HttpRequest) -> HttpResponseBase:
    """The appraisals that one sees, the newest first."""
    found = seeing.appraisals(scope_of(request), actor_for(request))
    if kind := request.GET.get("kind", ""):
        found = found.filter(kind=kind)
    page = Paginator(found, SIZE).get_page(request.GET.get("page"))
    keys = [row.id for row in page.object_list]
    open_ = {key: Objection.objects.filter(appraisal=key, state="open").count() for key in keys}
    rows = [{"row": row, "scheme": _title(row), "open": open_[row.id], "said": _said(row.period)} for row in page.object_list]
    return show(request, {"rows": rows, "page_obj": page, "kind": kind, "may_draw": allowed(request, "score.draw")})


def _title(row: Appraisal) -> str:
    return in_words(msgspec.json.decode(row.about).get("scheme", {"zh": row.scheme}))


def _said(key: str) -> str:
    return period_of(key).said if current_lang() == "zh" else key


def new(request: HttpRequest) -> HttpResponseBase:
    """The form: scheme and period first, then the units with their groups; drawn up where it is sent."""
    actor, scope = actor_for(request), scope_of(request)
    region = _region(request)
    if request.method == "POST":
        post = request.POST
        groups = {key.removeprefix(_GROUP): str(value) for key, value in post.items() if key.startswith(_GROUP)}
        wanted = drawing.Wanted(post.get("scheme", ""), post.get("period", ""), region, groups, post.get("title", ""))
        done = drawing.draw_up(actor, wanted, scope)
        note(request, say("appraisals.drawn"))
        return go(request, "appraisals.one", key=done.subjects[0])
    given = request.GET
    schemes = all_schemes()
    found = next((one for one in schemes if one.id == given.get("scheme")), None)
    values: dict[str, Any] = {
        "schemes": [(one.id, in_words(one.title), one.period, one.for_) for one in schemes], "found": found, "period": given.get("period", ""),
        "title": found and in_words(found.title), "periods": _periods(found.period) if found else [],
    }  # fmt: skip
    if found is not None and given.get("period"):
        values |= {
            "candidates": drawing.candidates(found, given["period"], region, scope), "table": found.subject != "unit",
            "groups": [(one.key, in_words(one.title)) for one in found.groups],
        }  # fmt: skip
    return show(request, values, template="new.html")


def _region(request: HttpRequest) -> str:
    """The region of the office that draws up: the actor's own, else that of the matters in the ledger."""
    actor = actor_for(request)
    if actor.region:
        return actor.region
    found = models.Matter.objects.exclude(region_code="").order_by("region_code").values_list("region_code", flat=True).first()
    return found or models.Document.objects.exclude(region_code="").values_list("region_code", flat=True).first() or ""


def _periods(kind: str) -> list[tuple[str, str]]:
    """The periods that may be drawn up: this one and those before it, the newest first."""
    today = now().astimezone(zone()).date()
    keys: list[str] = []
    for back in range(8):
        year, month = divmod(today.year * 12 + today.month - 1 - back * {"month": 1, "quarter": 3, "half": 6, "year": 12}[kind], 12)
        forms = {
            "month": f"{year}-{month + 1:02d}",
            "quarter": f"{year}-Q{month // 3 + 1}",
            "half": f"{year}-H{month // 6 + 1}",
            "year": str(year),
        }
        keys.append(forms[kind])
    return [(key, _said(key)) for key in dict.fromkeys(keys)]


def one(request: HttpRequest, key: str) -> HttpResponseBase:
    """An appraisal: the table by peer group, what it rests on, objections, and what may be done."""
    actor, scope = actor_for(request), scope_of(request)
    row = seeing.appraisal_for(key, scope, actor)
    rows = rows_of(key, bare=True)
    page = Paginator(rows, _ROWS).get_page(request.GET.get("page"))
    scheme = scheme_for(row.scheme)
    objections = [_objection(one, request) for one in Objection.objects.filter(appraisal=key).order_by("at", "id")]
    values = {
        "row": row, "title": _title(row), "said": _said(row.period), "groups": groups_of(row, list(page.object_list), rows), "page_obj": page, "about": msgspec.json.decode(row.about),
        "objections": [one for one in objections if one is not None], "open": sum(one is not None and one["row"].state == "open" for one in objections),
        "own": {one.subject for one in rows if seeing.sees_sheet(one, scope)}, "scheme": scheme, "brings": [in_words(one.title) for one in scheme.inputs if one.by in {"table", "rater"}],
        "until": drawing.until_of(now), "until_least": drawing.until_of(now, deciding.LEAST), "others": _others(row) if scope.units is None else [],
        "region": tree().name(row.region_code) if row.region_code else "", "lacking": row.subjects - row.scored, "may_if": scope.units is None,
        "by": _names([row.by, row.announced_by, row.final_by, *msgspec.json.decode(row.scorers, type=list[str])]),
        "may_not_finish": deciding.may_finish(actor, row), "scorers": msgspec.json.decode(row.scorers, type=list[str]),
    }  # fmt: skip
    return show(request, values, template="one.html")


def _names(keys: list[str]) -> dict[str, str]:
    return dict(models.Account.objects.filter(pk__in=keys).values_list("id", "name"))


def _objection(found: Objection, request: HttpRequest) -> dict[str, Any] | None:
    """An objection as the page shows it; None where it is another unit's and the viewer is bound to units."""
    score = Score.objects.filter(appraisal=found.appraisal, subject=found.subject).first()
    if score is None or not seeing.sees_sheet(score, scope_of(request)):
        return None
    row = Appraisal.objects.get(pk=found.appraisal)
    change = msgspec.json.decode(found.change)
    line = score_of(score).line(found.line)
    may_not = ""
    if found.state == "open" and allowed(request, "score.decide"):
        may_not = deciding.may_decide(actor_for(request), row, found, score)
    scheme = scheme_for(row.scheme)
    return {
        "row": found, "score": score, "line": in_words(line.title) if line else "", "change": change, "by": _names([found.by, found.decided_by]),
        "kept": msgspec.json.decode(found.kept), "may_not": may_not,
        "inputs": [(one.key, in_words(one.title), _now_of(score, one.key)) for one in scheme.inputs],
    }  # fmt: skip


def _now_of(score: Score, key: str) -> str:
    given = msgspec.json.decode(score.given).get(key, {})
    return str(given.get("value") or given.get("word") or "")


def sheet(request: HttpRequest, key: str, subject: str) -> HttpResponseBase:
    """The sheet of a unit: every line with its rule, the arithmetic, and the entries down to the sentence."""
    actor, scope = actor_for(request), scope_of(request)
    row = seeing.appraisal_for(key, scope, actor)
    found = seeing.sheet_for(key, subject, scope)
    score = score_of(found)
    objections = [_objection(one, request) for one in Objection.objects.filter(appraisal=key, subject=subject).order_by("at", "id")]
    may_object = (
        row.state == "announced"
        and allowed(request, "score.object")
        and (seeing.is_own(found, actor) or (not found.unit and scope.units is None))
    )
    values = {
        "row": row, "found": found, "score": score, "title": _title(row), "said": _said(row.period), "about": msgspec.json.decode(row.about),
        "lines": lines_of(score, scope), "load": [(in_words(use.title), number(use.value)) for use in score.load],
        "marks": [(in_words(one.title), one.said, one.source) for one in score.marks], "may_object": may_object,
        "objections": [one for one in objections if one is not None], "late": row.until and now().astimezone(zone()).date().isoformat() > row.until,
    }  # fmt: skip
    return show(request, values, template="sheet.html")


def what_if(request: HttpRequest, key: str) -> HttpResponseBase:
    """The appraisal beside what the same period gives under another scheme."""
    actor, scope = actor_for(request), scope_of(request)
    row = seeing.appraisal_for(key, scope, actor)
    if scope.units is not None:
        raise WrongValue("换方案试算由考核单位看", where="under", remedy="请看本单位的得分单")
    others = _others(row)
    under = request.GET.get("under", "")
    values: dict[str, Any] = {"row": row, "title": _title(row), "said": _said(row.period), "others": others, "under": under}
    if under:
        compared = comparing.what_if_under(row, under)
        about = msgspec.json.decode(row.about).get("groups", {})
        rows = [
            {
                "one": one,
                "by": number(one.by),
                "group": in_words(about[one.group]) if one.group in about else one.group,
                "lines": _lines(one),
            }
            for one in compared.rows
        ]
        values |= {
            "compared": compared,
            "rows": rows,
            "other": in_words(compared.other.title),
            "regraded": sum(one.is_regraded for one in compared.rows),
        }
    return show(request, values, template="what_if.html")


def _others(row: Appraisal) -> list[tuple[str, str]]:
    """The other schemes and versions by id, with their titles."""
    return [(key, in_words(one.title) if key == one.id else f"{in_words(one.title)}（{key}）") for key, one in comparing.others(row)]


def _lines(one: Any) -> list[dict[str, str]]:
    """The lines of the other scheme with their arithmetic."""
    if one.other is None:
        return []
    return [
        {"title": in_words(line.title), "points": number(line.points), "arithmetic": line.arithmetic, "why": line.why}
        for line in one.other.lines
    ]


def bring(request: HttpRequest, key: str) -> HttpResponseBase:
    """Takes a table in."""
    file = request.FILES.get("file")
    if file is None or not file.size:
        raise WrongValue("请选一个文件", where="file", remedy="请选填好的表（xlsx 或 csv）")
    _, brought = bringing.bring(actor_for(request), key, bytes(file.read()), str(file.name or "")[:200], scope_of(request))
    note(request, say("appraisals.brought", rows=len(brought.lines), columns=len(brought.keys)))
    if brought.unknown:
        note(request, say("appraisals.unknown_columns", names="、".join(brought.unknown[:6])), kind="warn")
    for words in brought.wrong[:5]:
        note(request, words, kind="warn")
    return go(request, "appraisals.one", key=key)


def sample(request: HttpRequest, key: str) -> HttpResponseBase:
    """The table to fill in: the subjects with empty columns."""
    row = seeing.appraisal_for(key, scope_of(request), actor_for(request))
    return _file(book.sample(row, scheme_for(row.scheme), rows_of(key)), say("appraisals.sample_name", title=row.title))


def take(request: HttpRequest, key: str) -> HttpResponseBase:
    """The appraisal as a workbook; whoever is bound to units gets the table of all and the explanation of the own."""
    scope = scope_of(request)
    row = seeing.appraisal_for(key, scope, actor_for(request))
    rows = rows_of(key)
    return _file(
        book.appraisal(row, rows, [one for one in rows if seeing.sees_sheet(one, scope)], scope),
        say("appraisals.file_name", title=row.title),
    )


def _file(data: bytes, name: str) -> HttpResponse:
    from urllib.parse import quote

    answer = HttpResponse(data, content_type=_XLSX)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer


def announce(request: HttpRequest, key: str) -> HttpResponseBase:
    """Announces."""
    deciding.announce(actor_for(request), key, request.POST.get("until", ""), scope_of(request))
    notices.announced(Appraisal.objects.get(pk=key))
    note(request, say("appraisals.announced_note"))
    return go(request, "appraisals.one", key=key)


def make_final(request: HttpRequest, key: str) -> HttpResponseBase:
    """Makes it final."""
    deciding.make_final(actor_for(request), key, scope_of(request))
    note(request, say("appraisals.final_note"))
    return go(request, "appraisals.one", key=key)


def withdraw(request: HttpRequest, key: str) -> HttpResponseBase:
    """Withdraws it."""
    deciding.withdraw(actor_for(request), key, request.POST.get("why", ""), scope_of(request))
    note(request, say("appraisals.withdrawn_note"), kind="warn")
    return go(request, "appraisals.one", key=key)


def object_to(request: HttpRequest, key: str, subject: str) -> HttpResponseBase:
    """Takes an objection, with its files."""
    wanted = deciding.Objecting(subject, request.POST.get("line", ""), request.POST.get("text", ""), tuple(_kept(request)))
    deciding.object_to(actor_for(request), key, wanted, scope_of(request))
    row = Appraisal.objects.get(pk=key)
    notices.objected(row, Objection.objects.filter(appraisal=key, subject=subject).order_by("-seq")[0])
    note(request, say("appraisals.objected"))
    return go(request, "appraisals.sheet", key=key, subject=subject)


def _kept(request: HttpRequest) -> list[Kept]:
    files = [(str(file.name or ""), bytes(file.read())) for file in request.FILES.getlist("files")[:_MOST_FILES] if file.size]
    return list(keep_files(files)) if files else []


def proof(request: HttpRequest, key: str, objection: str, number: int) -> HttpResponseBase:
    """A file that came with an objection, for those who see the sheet; always to take away, never shown in the page."""
    found = Objection.objects.filter(pk=objection, appraisal=key).first()
    if found is not None:
        seeing.appraisal_for(key, scope_of(request), actor_for(request))
        seeing.sheet_for(key, found.subject, scope_of(request))
    kept = msgspec.json.decode(found.kept) if found is not None else []
    path = blobs().path(kept[number]["file"]) if number < len(kept) else None
    if path is None or not path.is_file():
        raise NotFound("没有这份材料", where=objection[:64], remedy="请回到异议一览")
    answer = FileResponse(path.open("rb"), as_attachment=True, filename=kept[number]["name"], content_type="application/octet-stream")
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def decide(request: HttpRequest, key: str, objection: str) -> HttpResponseBase:
    """Decides an objection of this appraisal."""
    if not Objection.objects.filter(pk=objection, appraisal=key).exists():
        raise NotFound("没有这条异议", where=objection[:64], remedy="请回到异议一览")
    post = request.POST
    upheld = post.get("state") == "upheld"
    correction = deciding.Correction(post.get("input", ""), post.get("value", "")) if upheld and post.get("input") else None
    deciding.decide(actor_for(request), objection, upheld, post.get("words", ""), scope_of(request), correction=correction)
    notices.decided(Appraisal.objects.get(pk=key), Objection.objects.get(pk=objection))
    note(request, say("appraisals.decided"))
    return go(request, "appraisals.one", key=key)


PAGE = Page(
    "appraisals", "appraisals", view,
    routes=(
        Route("new", "appraisals/new", new, right="score.draw"),
        Route("one", "appraisals/<str:key>", one),
        Route("what_if", "appraisals/<str:key>/what-if", what_if),
        Route("bring", "appraisals/<str:key>/bring", bring, right="score.bring", method="POST"),
        Route("sample", "appraisals/<str:key>/sample.xlsx", sample, right="score.bring"),
        Route("take", "appraisals/<str:key>/table.xlsx", take),
        Route("announce", "appraisals/<str:key>/announce", announce, right="score.announce", method="POST"),
        Route("final", "appraisals/<str:key>/final", make_final, right="score.final", method="POST"),
        Route("withdraw", "appraisals/<str:key>/withdraw", withdraw, right="score.withdraw", method="POST"),
        Route("proof", "appraisals/<str:key>/objections/<str:objection>/<int:number>", proof),
        Route("decide", "appraisals/<str:key>/objections/<str:objection>", decide, right="score.decide", method="POST"),
        Route("object", "appraisals/<str:key>/<str:subject>/object", object_to, right="score.object", method="POST"),
        Route("sheet", "appraisals/<str:key>/<str:subject>", sheet),
    ),
)  # fmt: skip
