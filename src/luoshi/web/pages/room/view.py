"""The reading room: a document's text and its facts side by side, and the word of whoever checks them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import msgspec
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from luoshi.desk import facts as desk
from luoshi.desk.actor import Actor
from luoshi.desk.done import Done, NotFound, WrongValue
from luoshi.desk.undo import undo
from luoshi.ledger import models
from luoshi.ledger.reading import SectionRow
from luoshi.ledger.store import blobs
from luoshi.ledger.titles import title_of
from luoshi.web.page import Page, Route, actor_of, address, answer, go_back, note, show, wants_json
from luoshi.web.pages.room.form import CHOICES, fields_of, read_form, suggestions
from luoshi.web.pages.room.rows import (
    KINDS,
    PARTS,
    READ,
    STATES,
    Viewer,
    compact,
    facts_of,
    live,
    names_of,
    progress_of,
    script_places,
    sees_words,
)
from luoshi.web.pages.room.wording import indicator_name, label, shown
from luoshi.web.seen import scope_of
from luoshi.web.words import current_lang, say, say_word

#: facts on a page without scripts
_PLAIN: Final = 40
#: facts that one request may speak of
_MOST: Final = 2000
#: a page that holds more than so many bytes of values lets its script fetch them
LARGEST: Final = 250_000
_KEYS: Final = ("accept", "reject", "reopen", "decide", "correct")


class Body(msgspec.Struct, frozen=True):
    """What the room needs of a stored reading; the facts in it are taken from their table."""

    text: str
    sections: tuple[SectionRow, ...]


class Wish(msgspec.Struct, frozen=True):
    """What a script or a form asks for: facts by id, the fields of a correction, the word of a decision, the entries to undo."""

    facts: tuple[str, ...] = ()
    fields: dict[str, str] = {}
    word: str = ""
    note: str = ""
    span: str = ""


def view(request: HttpRequest, document: str) -> HttpResponse:
    """The room; ``?plain=1`` the same without scripts."""
    found = document_seen(request, document)
    if request.GET.get("plain"):
        return _plain(request, found)
    viewer, data = viewer_of(request, found), room_of(request, found)
    later = len(msgspec.json.encode(data)) > LARGEST
    shown_now = {"later": address("room.data", document=found.id), "kinds": KINDS} if later else data
    return show(request, {"document": found, "title": title_of(found, current_lang()), "room": shown_now, "viewer": viewer})


def values(request: HttpRequest, document: str) -> HttpResponse:
    """What the script of a very long document fetches, which would make the page too heavy."""
    return answer(room_of(request, document_seen(request, document)))


def room_of(request: HttpRequest, found: models.Document) -> dict[str, Any]:
    """All that the script needs: text, sections, facts, progress, words."""
    viewer, body = viewer_of(request, found), body_of(found)
    place = script_places(body.text)
    rows = compact(facts_of(found.id), body.text, viewer)
    data = {
        **rows, "text": body.text, "document": found.id, "kinds": KINDS, "parts": PARTS, "columns": READ, "states": [*STATES, "checked"],
        "sections": [[place(row.start), place(row.end), row.level, row.part, row.parent] for row in body.sections],
        "gaps": [[place(gap["start"]), gap["what"]] for gap in msgspec.json.decode(found.gaps)],
        "progress": progress_of(found.id), "viewer": viewer, "indicators": _indicators(rows["pool"]), "words": _words(body.sections),
        "actions": _addresses(found.id),
    }  # fmt: skip
    told: dict[str, Any] = msgspec.to_builtins(data)
    return told


def document_seen(request: HttpRequest, document: str) -> models.Document:
    """The document, if it is there, not withdrawn, and seen by who asks; raises ``NotFound`` else."""
    found = models.Document.objects.filter(pk=document).exclude(state="withdrawn").first()
    if found is None or not scope_of(request).sees_document(found.region_code):
        raise NotFound("没有这份文件", where=document[:40], remedy="它可能已被撤回，或不在您能看的范围内；请回到文件列表")
    return found


def viewer_of(request: HttpRequest, document: models.Document) -> Viewer:
    """Who looks at this document, and what this person may say of its facts."""
    return Viewer.of(_actor(request), changes=scope_of(request).changes_document(document.region_code))


def body_of(document: models.Document) -> Body:
    return msgspec.json.decode(blobs().get_packed(document.reading), type=Body)


def _actor(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    assert actor is not None  # noqa: S101 - the door has asked
    return actor


def _indicators(pool: Sequence[str]) -> dict[str, str]:
    """The names of the indicators among these words."""
    names = {word: indicator_name(word) for word in pool}
    return {word: name for word, name in names.items() if name != word}


def _words(sections: Sequence[SectionRow]) -> dict[str, dict[str, str]]:
    """The words of closed lists that the script shows."""
    groups = {"fact": KINDS, "state": STATES, "part": sorted({row.part for row in sections if row.part}), **CHOICES}
    found = {group: {value: say_word(group, value) for value in values} for group, values in groups.items()}
    found["state"]["checked"] = say("room.state_checked")
    found["word"] = {word: say(f"room.word_{word}") for word in ("accept", "correct", "reject")}
    found["column"] = {name: label(name) for columns in READ.values() for name in columns if name not in ("open", "year_last")}
    found["column"] |= {
        name: label(name) for name in ("reference", "leaders", "lead_units", "support_units", "deadline", "definition", "rule", "doubt")
    }
    return found


def _addresses(document: str) -> dict[str, str]:
    keys = (*_KEYS, "undo", "form", "indicators")
    return {
        **{key: address(f"room.{key}", document=document) for key in keys},
        "item": address("item", item="-"),
        "promise": address("promise.fact", fact="-"),
    }


# --- words on facts


def _acting(act: Callable[[HttpRequest, Wish, str], Done]) -> Callable[..., HttpResponseBase]:
    """The view of an act: what is asked for, the act through the desk, then the facts as they are now (or back to the list for a form)."""

    def acted(request: HttpRequest, document: str) -> HttpResponseBase:
        found = document_seen(request, document)
        wish = _wish(request)
        if not wish.facts and not wish.span:
            raise WrongValue("没有说是哪些事实", where="facts", remedy="请刷新页面再试")
        if models.Fact.objects.filter(pk__in=wish.facts[:_MOST], document=document).count() < len(set(wish.facts)):
            raise NotFound("没有这条事实", where=document[:40], remedy="请刷新页面")
        done = act(request, wish, document)
        if wants_json(request):
            return answer(_now(viewer_of(request, found), document, wish.facts or done.subjects, done))
        note(request, say("room.saved", count=done.count), undo=address("undo.back", done.undo) if done.count else "")
        return go_back(request, "room", document=document)

    return acted


def _wish(request: HttpRequest) -> Wish:
    """What is asked for, from JSON or from a form. Raises ``WrongValue`` for what is neither."""
    if "json" in (request.content_type or ""):
        try:
            wish = msgspec.json.decode(request.body, type=Wish)
        except msgspec.MsgspecError as error:
            raise WrongValue("请求的内容不对", where="JSON", remedy="请刷新页面再试") from error
    else:
        post = request.POST
        fields = {name.removeprefix("field_"): str(post[name]) for name in post if name.startswith("field_")}
        wish = Wish(tuple(post.getlist("fact")), fields, post.get("word", ""), post.get("note", ""), post.get("span", ""))
    if len(wish.facts) > _MOST:
        raise WrongValue(f"一次最多核对 {_MOST} 条", where="facts", remedy="请分几次做")
    return wish


def _now(viewer: Viewer, document: str, facts: Sequence[str], done: Done) -> dict[str, Any]:
    """The facts as this reader sees them now, the progress, and the word for undoing."""
    rows = facts_of(document, facts)
    names = names_of(rows)
    return {
        "facts": {row["id"]: live(row, viewer, names) for row in rows},
        "progress": progress_of(document),
        "undo": done.undo,
        "count": done.count,
    }


def _accept(request: HttpRequest, wish: Wish, document: str) -> Done:
    return desk.accept(_actor(request), wish.facts, scope_of(request), note=wish.note)


def _reject(request: HttpRequest, wish: Wish, document: str) -> Done:
    return desk.reject(_actor(request), wish.facts, scope_of(request), note=wish.note)


def _reopen(request: HttpRequest, wish: Wish, document: str) -> Done:
    return desk.reopen(_actor(request), wish.facts, scope_of(request))


def _correct(request: HttpRequest, wish: Wish, document: str) -> Done:
    fact = _one(wish, document)
    return desk.correct(_actor(request), fact.id, _read(fact, wish), scope_of(request), note=wish.note)


def _decide(request: HttpRequest, wish: Wish, document: str) -> Done:
    fact = _one(wish, document)
    fields = _read(fact, wish) if wish.word == "correct" else {}
    return desk.decide(_actor(request), fact.id, wish.word, fields, scope_of(request), note=wish.note)


def _undo(request: HttpRequest, wish: Wish, document: str) -> Done:
    return undo(_actor(request), wish.span)


def _one(wish: Wish, document: str) -> models.Fact:
    fact = models.Fact.objects.filter(pk__in=wish.facts[:1], document=document).first()
    if fact is None:
        raise NotFound("没有这条事实", where=document[:40], remedy="请刷新页面")
    return fact


def _read(fact: models.Fact, wish: Wish) -> dict[str, Any]:
    return read_form(fact.kind, msgspec.json.decode(fact.data), wish.fields)


# --- what the script asks for


def form(request: HttpRequest, document: str) -> HttpResponse:
    """The form of one fact (``?fact=``), a part of a page; it begins with what is in force, or with what ``?like=`` says instead."""
    viewer = viewer_of(request, document_seen(request, document))
    rows = facts_of(document, [request.GET.get("fact", "")])
    if not rows:
        raise NotFound("没有这条事实", where=document[:40], remedy="请刷新页面")
    fact = rows[0]
    says = _begun(fact, viewer, request.GET.get("like", ""))
    fields = fields_of(fact["kind"], msgspec.json.decode(fact["data"]), says)
    values = {"fact": fact, "document": document, "fields": fields, "decides": decides(fact, viewer)}
    return show(request, values, template="form.html")


def decides(fact: Mapping[str, Any], viewer: Viewer) -> bool:
    """Whether the word of this person on the fact is the third one's."""
    return fact["state"] == "disputed" and viewer.may_decide and viewer.id not in msgspec.json.decode(fact["checks"])


def _begun(fact: Mapping[str, Any], viewer: Viewer, like: str) -> dict[str, Any]:
    """The values that a form begins with: the own correction, that of another reader whose word is seen, what is in force."""
    checks = msgspec.json.decode(fact["checks"])
    if viewer.id in checks and not like:
        return dict(checks[viewer.id]["fields"])
    if not sees_words(fact, viewer):
        return {}
    told = sorted(checks.items(), key=lambda check: (check[1].get("at", ""), check[0]))
    if like.isascii() and like.isdigit() and len(like) < 6 and int(like) < len(told):
        return dict(told[int(like)][1]["fields"])
    return dict(msgspec.json.decode(fact["fields"]))


def indicators_like(request: HttpRequest, document: str) -> HttpResponse:
    """Indicators of the catalogue for words being typed (``?q=``)."""
    return answer({"found": suggestions(request.GET.get("q", "")[:60])})


# --- without scripts


def _plain(request: HttpRequest, document: models.Document) -> HttpResponse:
    """The facts as a list with forms."""
    viewer = viewer_of(request, document)
    found = models.Fact.objects.filter(document=document.id).order_by("ordinal")
    kind = request.GET.get("kind", "")
    if kind in KINDS:
        found = found.filter(kind=kind)
    pages = Paginator(found.values_list("id", flat=True), _PLAIN).get_page(request.GET.get("page"))
    rows = facts_of(document.id, list(pages))
    names = names_of(rows)
    told = {
        "document": document, "title": title_of(document, current_lang()), "pages": pages, "kind": kind, "kinds": KINDS, "viewer": viewer,
        "facts": [_told(row, viewer, names, edit=request.GET.get("edit", "")) for row in rows],
    }  # fmt: skip
    return show(request, told, template="plain.html")


def _told(row: Mapping[str, Any], viewer: Viewer, names: Mapping[str, str], *, edit: str) -> dict[str, Any]:
    """One fact of the list."""
    record = msgspec.json.decode(row["data"])
    now = live(row, viewer, names) or {}
    says = _begun(row, viewer, "")
    fields = fields_of(row["kind"], record, says)
    told = [(field.label, field.read) for field in fields if field.read != shown("", None, {})]
    return {
        "id": row["id"], "kind": row["kind"], "text": row["text"], "doubt": row["doubt"], "rule": row["rule"], "told": told, "now": now,
        "state": now.get("state", "open"), "fields": fields if edit == row["id"] else (),
        "decides": decides(row, viewer),
    }  # fmt: skip


PAGE = Page(
    "room", "documents/<str:document>/room", view,
    routes=(
        Route("accept", "documents/<str:document>/room/accept", _acting(_accept), right="fact.accept", method="POST"),
        Route("reject", "documents/<str:document>/room/reject", _acting(_reject), right="fact.reject", method="POST"),
        Route("correct", "documents/<str:document>/room/correct", _acting(_correct), right="fact.correct", method="POST"),
        Route("reopen", "documents/<str:document>/room/reopen", _acting(_reopen), right="fact.reopen", method="POST"),
        Route("decide", "documents/<str:document>/room/decide", _acting(_decide), right="fact.decide", method="POST"),
        Route("undo", "documents/<str:document>/room/undo", _acting(_undo), right="undo", method="POST"),
        Route("data", "documents/<str:document>/room/data", values),
        Route("form", "documents/<str:document>/room/form", form),
        Route("indicators", "documents/<str:document>/room/indicators", indicators_like),
    ),
)  # fmt: skip
