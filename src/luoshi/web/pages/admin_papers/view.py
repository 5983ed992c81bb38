"""Administration of templates: each kind of paper with the program's template or the office's own; an upload is checked before it is kept."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponseBase

from luoshi.desk import papers
from luoshi.desk.done import WrongValue
from luoshi.desk.papers.templates import LARGEST
from luoshi.ledger import models
from luoshi.publish.papers import KINDS, BadTemplate, kind_of
from luoshi.web.page import Page, Route, go, note, show
from luoshi.web.pages.organisation.view import actor_for
from luoshi.web.pages.papers.view import sent
from luoshi.web.words import current_lang, say


def view(request: HttpRequest) -> HttpResponseBase:
    """The kinds with whose template each has."""
    own = papers.own_templates()
    names = dict(models.Account.objects.filter(pk__in={one.by for one in own.values()}).values_list("id", "name"))
    rows = [
        (kind, _said(kind.title), _said(kind.about), own.get(kind.key), names.get(own[kind.key].by, "") if kind.key in own else "")
        for kind in map(kind_of, KINDS)
    ]
    return show(request, {"rows": rows})


def one(request: HttpRequest, kind: str) -> HttpResponseBase:
    """A kind: its placeholders, its template, where another is brought in."""
    return show(request, _told(kind), template="one.html")


def _told(kind: str) -> dict[str, Any]:
    found = kind_of(kind)
    return {
        "kind": found, "title": _said(found.title), "about": _said(found.about), "own": papers.own_templates().get(kind), "most": LARGEST // 1_000_000,
        "singles": [field for field in found.fields if not field.of], "lists": [field for field in found.fields if field.of],
    }  # fmt: skip


def _said(words: Any) -> str:
    return str(words.zh if current_lang() == "zh" else words.en)


def template(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The template as a file; ``?shipped=1`` the program's own."""
    return sent(papers.download(actor_for(request), kind, shipped=request.GET.get("shipped") == "1"))


def keep(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The template is the office's from now on, where it can be filled; what deviates from the layout is told and no hindrance."""
    file: UploadedFile | None = request.FILES.get("file")
    if file is None:
        raise WrongValue("没有选文件", where="file", remedy="请选改好的 .docx 模板")
    if (file.size or 0) > LARGEST:
        raise WrongValue("文件太大", where=(file.name or "")[:80], remedy=f"不超过 {LARGEST // 1_000_000} MB")
    data, name = file.read(), (file.name or "")[:80]
    looked = papers.look(kind, data)
    try:
        papers.keep(actor_for(request), kind, name, data)
    except BadTemplate:
        return show(request, _told(kind) | {"looked": looked, "name": name, "refused": True}, template="one.html", status=400)
    note(request, say("admin_papers.kept"))
    if looked.deviations:
        return show(request, _told(kind) | {"looked": looked, "name": name, "refused": False}, template="one.html")
    return go(request, "admin_papers.one", kind=kind)


def reset(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The program's own template again."""
    papers.reset(actor_for(request), kind)
    note(request, say("admin_papers.was_reset"))
    return go(request, "admin_papers.one", kind=kind)


PAGE = Page(
    "admin_papers", "admin/papers", view, right="admin.papers",
    routes=(
        Route("one", "admin/papers/<str:kind>", one),
        Route("template", "admin/papers/<str:kind>/template.docx", template),
        Route("keep", "admin/papers/<str:kind>/keep", keep, right="paper.template", method="POST"),
        Route("reset", "admin/papers/<str:kind>/reset", reset, right="paper.template", method="POST"),
    ),
)  # fmt: skip
