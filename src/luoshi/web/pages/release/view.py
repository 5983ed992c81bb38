"""Releases: what is held back and why, treatment of what was stopped, a second person's approval, publishing and withdrawing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict

from luoshi.desk import release as desk
from luoshi.desk.actor import Actor
from luoshi.desk.done import Conflict, NotFound, WrongValue
from luoshi.desk.release import Chosen, Held, Treatment, Wanted
from luoshi.ledger import models
from luoshi.ledger.appraised import Appraisal
from luoshi.ledger.places import tree
from luoshi.ledger.released import Release
from luoshi.ledger.scope import Scope
from luoshi.ledger.settings_now import now as settings_now
from luoshi.ledger.store import blobs
from luoshi.ledger.titles import title_of
from luoshi.publish.release.content import Content
from luoshi.publish.release.reasons import kinds, reasons
from luoshi.web.page import Page, Route, actor_of, allowed, go, note, show
from luoshi.web.seen import scope_of
from luoshi.web.words import current_lang, say
from luoshi.web.writing import read_whole

SIZE: Final = 20
#: so many of a kind of held things at most on a page; the numbers count all
_SHOWN: Final = 300
_OPEN: Final = ("drawn", "approved")


class Line(msgspec.Struct, frozen=True):
    """Something held back, as the page shows it: ``may_mask`` and ``may_let`` say what a person can do."""

    held: Held
    reason: str
    source: str
    may_mask: bool
    may_let: bool
    done: str
    why: str


def view(request: HttpRequest) -> HttpResponseBase:
    """The releases so far, the newest first, and the form for another."""
    scope = scope_of(request)
    rows = Release.objects.order_by("-seq")
    if scope.item_regions is not None:
        rows = rows.filter(region_code__in=scope.item_regions)
    page = Paginator(rows, SIZE).get_page(request.GET.get("page"))
    return show(request, {
        "rows": page.object_list, "page_obj": page, "may_draw": allowed(request, "release.draw"), "regions": _regions(scope), "licences": desk.LICENCES,
        "documents": _documents(scope), "appraisals": _appraisals(scope), "portal": settings_now().portal == "1",
    })  # fmt: skip


def _regions(scope: Scope) -> list[tuple[str, str]]:
    """The regions that have something to publish."""
    codes = set(models.Matter.objects.values_list("region_code", flat=True).distinct()) | set(
        models.Document.objects.exclude(region_code="").values_list("region_code", flat=True).distinct()
    )
    seen = sorted(code for code in codes if code and (scope.item_regions is None or code in scope.item_regions))
    return [(code, tree().name(code) or code) for code in seen]


def _documents(scope: Scope) -> list[tuple[str, str, bool]]:
    """The documents that may be chosen, and whether they are by default."""
    found = models.Document.objects.filter(newest=True).exclude(state="withdrawn").exclude(region_code="")
    if scope.item_regions is not None:
        found = found.filter(region_code__in=scope.item_regions)
    return [
        (row.id, title_of(row, current_lang()), row.kind in kinds().documents) for row in found.order_by("-year", "kind", "id")[:_SHOWN]
    ]


def _appraisals(scope: Scope) -> list[tuple[str, str]]:
    """The appraisals that are final, whose scores may be published too."""
    found = Appraisal.objects.filter(state="final")
    if scope.item_regions is not None:
        found = found.filter(region_code__in=scope.item_regions)
    return list(found.order_by("-last", "id").values_list("id", "title")[:_SHOWN])


def draw(request: HttpRequest) -> HttpResponseBase:
    """Draws up a release, or the one named anew."""
    post, release = request.POST, request.POST.get("release", "")
    if release:
        row = _row(request, release)
        if post.get("seen") and read_whole(post["seen"]) != row.seq:
            raise Conflict("它刚被重新拟定", where=row.title, remedy="请刷新，看过新留下的再处理")
        wanted = Wanted(row.title, _treated(row, post), row.about, row.licence)
    else:
        chosen = Chosen(post.get("region", ""), documents=_ticked(post, scope_of(request)), appraisals=tuple(post.getlist("appraisals")))
        wanted = Wanted(post.get("title", ""), chosen, post.get("about", ""), post.get("licence", desk.LICENCES[0]))
    done = desk.draw(_actor(request), wanted, scope_of(request), release=release)
    note(request, say("release.drew"))
    return go(request, "release.one", key=done.subjects[0])


def _ticked(post: QueryDict, scope: Scope) -> tuple[str, ...]:
    """The documents that were ticked: ``()``, which is all reports and plans, where those of the form are, one that is no document for none."""
    ticked, plain = post.getlist("documents"), [key for key, _, by_default in _documents(scope) if by_default]
    if "documents_asked" not in post or sorted(ticked) == sorted(plain):
        return ()
    return tuple(ticked) or ("-",)


def _chosen(row: Release) -> Chosen:
    return msgspec.convert(msgspec.json.decode(row.chosen), Chosen)


def _treated(row: Release, post: QueryDict) -> Chosen:
    """The choice with what the form says of held things: masked, passed with a reason, pictures that were looked at, items left out.

    What is let pass is bound to what was found in it; a passing that was never bound is not taken over.
    """
    chosen, why = _chosen(row), " ".join(post.get("why", "").split())
    seals = {one.id: one.seal for one in desk.held_of(row)}
    treat = {key: one for key, one in chosen.treat.items() if one.do != "let" or one.on}
    for key in post.getlist("mask"):
        treat[key] = Treatment("mask")
    for key in post.getlist("let"):
        # what was not held back when somebody looked is not let pass unseen
        if seals.get(key):
            treat[key] = Treatment("let", why, on=seals[key])
    for key in post.getlist("plain"):
        treat.pop(key, None)
    pictures = tuple(dict.fromkeys((*chosen.pictures, *post.getlist("pictures"))))
    leave = tuple(dict.fromkeys((*chosen.leave, *post.getlist("leave"))))
    return msgspec.structs.replace(chosen, treat=treat, pictures=pictures, leave=leave)


def one(request: HttpRequest, key: str) -> HttpResponseBase:
    """A release: what leaves, what was held back and why, who looked at it."""
    row = _row(request, key)
    content, held = desk.content_of(row), desk.held_of(row)
    actor = _actor(request)
    names = dict(models.Account.objects.filter(pk__in=[row.by, row.approved_by, row.published_by]).values_list("id", "name"))
    return show(request, {
        "row": row, "content": content, "counts": msgspec.json.decode(row.counts), "region": tree().name(row.region_code) or row.region_code,
        "names": names, "by": names.get(row.by, row.by), "approver": names.get(row.approved_by, row.approved_by),
        "groups": _groups(held, _chosen(row)), "sums": _sums(held), "items": content.items[:_SHOWN],
        "pictures": [(item, one) for item in content.items for one in item.pictures], "passed": _passed(content),
        "may_redraw": row.state in _OPEN and allowed(request, "release.draw"),
        "may_approve": row.state == "drawn" and allowed(request, "release.approve") and actor.id not in msgspec.json.decode(row.drawers),
        "own": actor.id in msgspec.json.decode(row.drawers), "may_publish": row.state == "approved" and allowed(request, "release.publish"),
        "may_withdraw": row.state == "published" and allowed(request, "release.withdraw"), "portal": settings_now().portal == "1",
        "also": desk.also_public(row),
    }, template="one.html")  # fmt: skip


def _groups(held: Sequence[Held], chosen: Chosen) -> list[tuple[str, int, list[Line]]]:
    """What was held back by kind: documents, items, facts, chains, scores, pictures, fields."""
    found = []
    for kind in ("document", "item", "picture", "score", "chain", "fact", "field"):
        mine = [one for one in held if one.kind == kind]
        if mine:
            found.append((kind, sum(one.count for one in mine), [_line(one, chosen) for one in mine[:_SHOWN]]))
    return found


def _line(one: Held, chosen: Chosen) -> Line:
    reason = reasons()[one.reason]
    title = reason.title.zh if current_lang() == "zh" else reason.title.en
    treatment = chosen.treat.get(one.id)
    texts = one.kind in ("item", "fact", "document", "chain", "score") and one.what not in ("", "kind")
    return Line(
        one, title, reason.source, texts and one.reason == "personal" and one.what != "document", texts and reason.force != "never",
        treatment.do if treatment else "", treatment.why if treatment else "",
    )  # fmt: skip


def _sums(held: Sequence[Held]) -> list[tuple[str, str, int]]:
    """How many were held back by each reason, with the law."""
    counts = Counter[str]()
    for one in held:
        counts[one.reason] += one.count
    lang = current_lang()
    return [
        (reason.title.zh if lang == "zh" else reason.title.en, reason.source, counts[key])
        for key, reason in reasons().items()
        if counts[key]
    ]


def _passed(content: Content) -> list[tuple[str, str, str]]:
    """What a person let pass: the record, why it had been stopped, what of it is shown."""
    return [(one.record, reasons()[one.reason].title.zh, one.shown) for one in content.passed[:_SHOWN]]


def _row(request: HttpRequest, key: str) -> Release:
    row = Release.objects.filter(pk=key).first()
    if row is None or not scope_of(request).sees_item(row.region_code, ()):
        raise NotFound("没有这次发布", where=key[:64], remedy="它可能不在您能看的范围内；请回到发布一览")
    return row


def picture(request: HttpRequest, key: str, file: str) -> HttpResponseBase:
    """A picture of a release, for those who look at it before it leaves."""
    content = desk.content_of(_row(request, key))
    one = next((one for item in content.items for one in item.pictures if one.file == file), None)
    if one is None:
        raise NotFound("没有这张图片", where=file[:64], remedy="请刷新页面")
    return HttpResponse(blobs().get(one.file), content_type=one.media)


def approve(request: HttpRequest, key: str) -> HttpResponseBase:
    """A second person has looked at it."""
    _row(request, key)
    seen = read_whole(request.POST.get("seen", ""))
    if seen is None:
        raise WrongValue("没有写明看的是哪一次拟定", where="seen", remedy="请刷新页面，看过再审核")
    desk.approve(_actor(request), key, scope_of(request), seen=seen)
    return _told(request, key, "approved")


def send_back(request: HttpRequest, key: str) -> HttpResponseBase:
    """It is to be drawn up otherwise."""
    desk.send_back(_actor(request), key, request.POST.get("why", ""), scope_of(request))
    return _told(request, key, "returned")


def publish(request: HttpRequest, key: str) -> HttpResponseBase:
    """It is what the public sees from now on."""
    desk.publish(_actor(request), key, scope_of(request))
    return _told(request, key, "published")


def withdraw(request: HttpRequest, key: str) -> HttpResponseBase:
    """Nobody outside sees it from now on."""
    desk.withdraw(_actor(request), key, request.POST.get("why", ""), scope_of(request))
    if also := desk.also_public(_row(request, key)):
        note(request, say("release.told_also", names="、".join(one.release.title for one in also[:5])), kind="warn")
    return _told(request, key, "withdrawn")


def drop(request: HttpRequest, key: str) -> HttpResponseBase:
    """It will not be published."""
    desk.drop(_actor(request), key, scope_of(request))
    return _told(request, key, "dropped")


def _told(request: HttpRequest, key: str, word: str) -> HttpResponseBase:
    note(request, say(f"release.told_{word}"))
    return go(request, "release.one", key=key)


def _actor(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    assert actor is not None  # noqa: S101 - the door has asked
    return actor


def _post(name: str, view: Any, right: str) -> Route:
    return Route(name, f"releases/<str:key>/{name}", view, right=right, method="POST")


PAGE = Page(
    "release", "releases", view,
    routes=(
        Route("draw", "releases/draw", draw, right="release.draw", method="POST"), Route("one", "releases/<str:key>", one),
        Route("picture", "releases/<str:key>/pictures/<str:file>", picture),
        _post("approve", approve, "release.approve"), _post("return", send_back, "release.approve"),
        _post("publish", publish, "release.publish"), _post("withdraw", withdraw, "release.withdraw"), _post("drop", drop, "release.draw"),
    ),
)  # fmt: skip
