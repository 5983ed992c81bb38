"""One item: the words it rests on, who answers for it, its history, and how it was on a day."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponseBase

from luoshi.desk import items as desk
from luoshi.desk import matters
from luoshi.desk.actor import Actor
from luoshi.desk.days import is_past
from luoshi.desk.done import Done, NotFound, WrongValue
from luoshi.desk.matters import Try
from luoshi.desk.matters.acting import is_open
from luoshi.desk.matters.evidence import LARGEST, BadEvidence, keep
from luoshi.desk.matters.evidence import withdraw as withdraw_evidence
from luoshi.desk.papers import drafts_for
from luoshi.errors import LuoshiError
from luoshi.ledger import models
from luoshi.ledger.knowing import names_in
from luoshi.ledger.places import tree
from luoshi.ledger.store import state_at
from luoshi.ledger.titles import title_of
from luoshi.loop.engine import Refused
from luoshi.publish.papers import kind_of
from luoshi.web.asked import in_words, known_posts, known_units
from luoshi.web.kept_files import kept_of
from luoshi.web.page import Page, Route, actor_of, address, allowed, go, go_back, note, show, wants_json
from luoshi.web.pages.document.past import end_of
from luoshi.web.pages.item.acting import Tried, forms, others
from luoshi.web.pages.item.given import read
from luoshi.web.pages.item.matter import live_of, told
from luoshi.web.pages.item.past import past_of
from luoshi.web.pages.item.proof import note_unmasked, people_of, proofs, sent
from luoshi.web.pages.item.steering import steering_told
from luoshi.web.pages.item.story import entries_of, steps_of, story
from luoshi.web.pages.item.tale import tale
from luoshi.web.pages.item.telling import ROLES, duties_told, facts_beside, source_parts
from luoshi.web.pages.promote.doubts import doubts_of
from luoshi.web.pages.promote.rows import known_names
from luoshi.web.seen import scope_of
from luoshi.web.suggested import ASSIGNING, suggestion_for
from luoshi.web.veil import Veil
from luoshi.web.words import current_lang, say, say_error
from luoshi.web.writing import read_whole

_PLAIN: Final = ("number", "title", "due")
#: so many entries of the story are shown at once
_STORY: Final = 200
#: a reason of fewer characters is none
_LEAST: Final = 2


class Seen(msgspec.Struct, frozen=True):
    """An item as it is, or as it was on a day."""

    item: models.Item
    duties: tuple[models.Duty, ...]


def view(request: HttpRequest, item: str) -> HttpResponseBase:
    """The item; ``?at=2026-03-05`` as it was at the end of that day, ``?edit=1`` with its form."""
    now = seen_item(request, item)
    at = request.GET.get("at", "").strip()
    shown = _was(item, at) if at else now
    values = _told(request, shown or now, today=at or _today()) | {"at": at, "was": shown, "edit": False}
    if at:
        return show(request, values | _past_values(request, (shown or now).item, at))
    values |= matter_values(request, now.item)
    if request.GET.get("edit") == "1" and _may_change(request, now.item):
        values["edit"] = _may_edit(request, now.item, values["title_shown"])
    return show(request, values)


def _past_values(request: HttpRequest, was: models.Item, at: str) -> dict[str, Any]:
    """The matter as it was at the end of the day, masked as on the page of now and by the names that it held then too."""
    past = past_of(was.id, end_of(at), scope_of(request))
    return past.values | _shown(was, past.veil) if past else {}


def _shown(item: models.Item, veil: Veil) -> dict[str, str]:
    """The title and the words of a matter; those of a task are its document's, which says them to everybody who sees it."""
    plain = bool(item.document)
    return {"title_shown": item.title if plain else veil.words(item.title), "text_shown": item.text if plain else veil.words(item.text)}


def _may_edit(request: HttpRequest, item: models.Item, title: str) -> bool:
    """Whether the form may be shown, which has the title as it is: where that is masked, to whom may see it, and the access log has it."""
    if title == item.title:
        return True
    if not allowed(request, "matter.unmask"):
        return False
    note_unmasked(request, item.id, say("item.edit"))
    return True


def seen_item(request: HttpRequest, item: str) -> Seen:
    """The item and its duties as they are now, if who asks may see it; raises ``NotFound`` else."""
    found = models.Item.objects.filter(pk=item).first()
    duties = tuple(models.Duty.objects.filter(item=item, live=True).order_by("place")) if found else ()
    internal = models.Matter.objects.filter(pk=item, internal=True).exists()
    if found is None or not scope_of(request).sees_item(found.region_code, {duty.organisation for duty in duties}, internal=internal):
        raise NotFound("没有这个事项", where=item[:40], remedy="它可能不在您能看的范围内；请回到事项台账")
    return Seen(found, duties)


def _was(item: str, at: str) -> Seen | None:
    """The item as it was at the end of a day in the office's time; nothing where it was not there yet."""
    rows = state_at(item, end_of(at))
    row = rows.get(("item", item))
    if row is None:
        return None
    duties = [models.Duty(**value) for (table, _), value in rows.items() if table == "duty" and value["live"]]
    return Seen(models.Item(**row), tuple(sorted(duties, key=lambda duty: duty.place)))


def _today() -> str:
    return datetime.now(ZoneInfo(settings.TIME_ZONE)).date().isoformat()


def _may_change(request: HttpRequest, item: models.Item) -> bool:
    return allowed(request, "item.correct") and item.state == "open"


def _told(request: HttpRequest, seen: Seen, *, today: str) -> dict[str, Any]:
    item = seen.item
    document = models.Document.objects.filter(pk=item.document).first()
    readable = document is not None and document.state != "withdrawn" and scope_of(request).sees_document(document.region_code)
    fact = models.Fact.objects.filter(pk=item.fact).first() if item.fact else None
    then = (document.date if document else "") or item.created_at[:10]
    duties = duties_told(seen.duties, then=then, now=today)
    return {
        "item": item, "title_shown": item.title, "text_shown": item.text, "section": item.section_title if item.section_title != item.title else "",
        "document": document, "readable": readable, "document_title": title_of(document, current_lang()) if document else "",
        "fact": fact, "source": source_parts(fact, seen.duties) if fact else [], "then": then,
        "leaders": [duty for role, found in duties for duty in found if role == "leader"], "units": [pair for pair in duties if pair[0] != "leader"],
        "beside": facts_beside(fact) if fact and readable else None, "doubts": doubts_of(item.doubt), "history": partial(story, item.id),
        "region": tree().name(item.region_code), "may_file": item.state == "open" and allowed(request, "matter.file"), "may_change": _may_change(request, item),
        "may_drop": allowed(request, "item.drop"), "may_units": allowed(request, "organisation"), "form": _form(item, seen.duties), "error": None,
        "known": known_names(item.region_code) if request.GET.get("edit") else [], "late": is_past(item.due, _today()),
    }  # fmt: skip


def _form(item: models.Item, duties: tuple[models.Duty, ...]) -> dict[str, Any]:
    names = {role: "、".join(duty.name for duty in duties if duty.role == role) for role in ROLES}
    return {"number": item.number, "title": item.title, "due": item.due, "open_ended": item.open_ended, **names}


# --- acts


def correct(request: HttpRequest, item: str) -> HttpResponseBase:
    """What the item says instead; a value that cannot be is shown in the form."""
    given = {name: request.POST[name] for name in (*_PLAIN, *ROLES) if name in request.POST}
    fields: dict[str, Any] = {name: given[name] for name in _PLAIN if name in given}
    if "due" in given:
        fields["open_ended"] = request.POST.get("open_ended") == "1" and not given["due"].strip()
    duties: dict[str, list[str]] = {role: names_in(given[role]) for role in ROLES if role in given}
    try:
        done = desk.correct(_actor(request), item, fields, scope_of(request), duties=duties or None)
    except WrongValue as error:
        return _again(request, item, given, error)
    return _done(request, item, done, "item.corrected")


def _again(request: HttpRequest, item: str, given: dict[str, str], error: LuoshiError) -> HttpResponseBase:
    """The form with what was written and what is wrong with it."""
    seen = seen_item(request, item)
    values = _told(request, seen, today=_today())
    form = {**values["form"], **given, "open_ended": request.POST.get("open_ended") == "1"}
    return show(
        request,
        {**values, **matter_values(request, seen.item), "edit": True, "form": form, "error": say_error(error), "at": "", "was": seen},
        status=400,
    )


def settle(request: HttpRequest, item: str) -> HttpResponseBase:
    """What is doubtful was looked at."""
    return _done(request, item, desk.settle(_actor(request), item, scope_of(request)), "item.settled")


def drop(request: HttpRequest, item: str) -> HttpResponseBase:
    """The item was made by mistake."""
    return _done(request, item, desk.drop(_actor(request), [item], scope_of(request), why=request.POST.get("why", "")), "item.dropped")


def restore(request: HttpRequest, item: str) -> HttpResponseBase:
    """A dropped item is taken up again."""
    return _done(request, item, desk.restore(_actor(request), item, scope_of(request)), "item.restored")


def _done(request: HttpRequest, item: str, done: Done, words: str) -> HttpResponseBase:
    if done.count:
        note(request, say(words), undo=address("undo.back", span=done.undo))
    else:
        note(request, say("item.nothing"), kind="warn")
    return go(request, "item", item=item)


def _actor(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    assert actor is not None  # noqa: S101 - the door has asked
    return actor


# --- the matter


def matter_values(request: HttpRequest, item: models.Item, *, tried: Tried | None = None, lifted: bool = False) -> dict[str, Any]:
    """What the page tells of the matter that the item is; nothing where it is none."""
    live = live_of(item.id)
    if live is None:
        return {}
    actor, veil = _actor(request), Veil(live.mechanism, lifted=lifted, fields=live.matter.fields)
    entries = entries_of(item.id, limit=_STORY, before=_number(request.GET.get("before", "")))
    handles = allowed(request, "matter.act") and item.state == "open"
    acts = forms(actor, live, tried=tried) if handles else []
    lines = tale(live, entries, steps_of(entries), veil, whole=_number(request.GET.get("whole", "")) or 0)
    asks_units = any(one.kind in {"units", "rows"} for form in acts for one in form.inputs)
    asks_posts = any(one.kind == "posts" for form in acts for one in form.inputs)
    matter = told(live, veil, scope_of(request))
    return {
        "live": live, "matter": matter, "bar": {"done": _part(matter["progress"]), "planned": _part(matter["planned"], most=99)}, "acts": acts,
        "rare": [form for form in acts if form.rare], "rare_open": any(form.rare and form.error for form in acts), "others": others(actor, live) if handles else [], "tale": lines,
        "older": entries[-1].seq if len(entries) == _STORY else 0, "newest_shown": "before" not in request.GET, "evidence": proofs(item.id),
        "evidence_names": people_of(item.id), "known": known_units(item.region_code) if asks_units else [], "actor_id": actor.id,
        "drafts": [(kind, in_words(kind_of(kind).title)) for kind in drafts_for(actor, live.mechanism)],
        "known_posts": list(known_posts(item.region_code)) if asks_posts else [], "lifted": lifted,
        **_shown(item, veil),
        "steering": steering_told(live),
        "may_unmask": veil.hides and not lifted and allowed(request, "matter.unmask"), "back": request.GET.get("back", ""),
        "suggestion": suggestion_for(live.matter, item.region_code) if any(form.key in ASSIGNING for form in acts) else None, "assigning": ASSIGNING,
    }  # fmt: skip


def _part(share: float | None, *, most: int = 100) -> int | None:
    """A share as a length of the bar, which ends at its end."""
    return None if share is None else round(min(max(share, 0), most))


def _number(text: str) -> int | None:
    return read_whole(text)


def act(request: HttpRequest, item: str, act: str) -> HttpResponseBase:
    """An act on the matter; what is refused is told in its form, with all that was written and the files that were sent."""
    seen, actor = seen_item(request, item), _actor(request)
    live = live_of(item)
    declared = live.mechanism.act(act) if live else None
    if live is None or declared is None:
        raise NotFound("没有这个动作", where=act[:40], remedy="请刷新页面，看现在可以办什么")
    deed = read(actor, live, declared, request.POST)
    kept = kept_of(request.POST.getlist("kept"), actor)
    try:
        # nothing is kept for what cannot be done; why not is told below
        files = request.FILES.getlist("evidence") if is_open(actor, item, act, scope_of(request)) else []
        kept += keep([(file.name or "?", _bytes(file)) for file in files])
        if deed.errors:
            raise WrongValue("有的内容读不懂", where=in_words(declared.title), remedy="请看标出的地方，改好再交；已写的内容都在")
        matters.act(actor, item, Try(act, deed.inputs, tuple(kept), _number(request.POST.get("seen", "")), deed.part), scope_of(request))
    except (Refused, BadEvidence, WrongValue) as error:
        if wants_json(request):
            raise
        tried = Tried(act, request.POST, deed.errors, tuple(kept), {**say_error(error), "what": error.what, "remedy": error.remedy})
        values = _told(request, seen, today=_today()) | {"at": "", "was": seen, "edit": False}
        return show(request, values | matter_values(request, seen.item, tried=tried), status=getattr(error, "status", 0) or 400)
    note(request, say("item.act_done", act=in_words(declared.title)))
    return _after(request, item)


def _after(request: HttpRequest, item: str) -> HttpResponseBase:
    """To where the form says, else to the matter; whoever gave it away sees it no more and goes home."""
    if request.POST.get("next"):
        return go_back(request, "item", item=item)
    try:
        seen_item(request, item)
    except NotFound:
        return go(request, "home")
    return go(request, "item", item=item)


def _bytes(file: UploadedFile) -> bytes:
    """The file's bytes; of one that is too large no more than tells so."""
    found: bytes = file.read(LARGEST + 1)
    return found


def withdraw(request: HttpRequest, item: str, file: str) -> HttpResponseBase:
    """The file was attached by mistake."""
    seen_item(request, item)
    withdraw_evidence(_actor(request), item, file, scope_of(request))
    note(request, say("item.evidence_off"))
    return go(request, "item", item=item)


def evidence(request: HttpRequest, item: str, file: str) -> HttpResponseBase:
    """A file as it came in, to be saved; ``?show=1`` a picture as such, ``?small=1`` a small one for the page. Nothing in it is ever run."""
    seen_item(request, item)
    row = models.Evidence.objects.filter(item=item, file=file, live=True).first()
    return sent(row, shown=request.GET.get("show") == "1", small=request.GET.get("small") == "1")


def unmask(request: HttpRequest, item: str) -> HttpResponseBase:
    """The page once without masks. Who looked, when and why stands in the access log before anything is shown."""
    seen = seen_item(request, item)
    why = request.POST.get("why", "").strip()
    if len(why) < _LEAST:
        raise WrongValue("没有写理由", where="why", remedy="请写明为什么要看，如“回访群众”")
    note_unmasked(request, item, why)
    values = _told(request, seen, today=_today()) | {"at": "", "was": seen, "edit": False}
    return show(request, values | matter_values(request, seen.item, lifted=True))


PAGE = Page(
    "item", "item/<str:item>", view,
    routes=(
        Route("correct", "item/<str:item>/correct", correct, right="item.correct", method="POST"),
        Route("settle", "item/<str:item>/settle", settle, right="item.correct", method="POST"),
        Route("drop", "item/<str:item>/drop", drop, right="item.drop", method="POST"),
        Route("restore", "item/<str:item>/restore", restore, right="item.drop", method="POST"),
        Route("act", "item/<str:item>/act/<str:act>", act, right="matter.act", method="POST"),
        Route("evidence", "item/<str:item>/evidence/<str:file>", evidence),
        Route("withdraw", "item/<str:item>/evidence/<str:file>/withdraw", withdraw, right="matter.act", method="POST"),
        Route("unmask", "item/<str:item>/unmask", unmask, right="matter.unmask", method="POST"),
    ),
)  # fmt: skip
