"""Look backs: drawn by a rule and a seed that are shown and kept; each draw can be drawn again by whoever doubts it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

import msgspec
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase

from luoshi.desk.actor import Actor
from luoshi.desk.done import NotFound, WrongValue
from luoshi.desk.matters import lookback as desk
from luoshi.desk.matters.ruling import all_current, rules_for
from luoshi.ledger import models
from luoshi.ledger.called import names_of
from luoshi.ledger.entry import moment
from luoshi.ledger.matters import items_of, seen
from luoshi.ledger.scope import Scope
from luoshi.loop.mechanism import Mechanism
from luoshi.loop.sampling import digest
from luoshi.loop.sampling import draw as drawn_of
from luoshi.web.deeds import Deed, Handled, acted, handled, in_words
from luoshi.web.page import Page, Route, actor_of, allowed, go, note, show
from luoshi.web.seen import scope_of, zone
from luoshi.web.words import say

SIZE: Final = 20
_AT_ONCE: Final = 5000


class Drawn(msgspec.Struct, frozen=True):
    """A matter that was drawn: what the look back found so far, and the acts that say it. ``mark``: the beginning of its hash."""

    handled: Handled | None
    item: str
    title: str
    unit: str
    mark: str
    found: str
    at: str
    words: str
    deeds: tuple[Deed, ...]


def view(request: HttpRequest) -> HttpResponseBase:
    """The draws so far, the newest first, and the form for another."""
    known = [one for one in all_current() if one.look_back is not None and (scope_of(request).internal or not one.internal)]
    rows = models.LookBack.objects.filter(mechanism__in=[one.id for one in known]).order_by("-seq")
    page = Paginator(_seen_of(list(rows), scope_of(request)), SIZE).get_page(request.GET.get("page"))
    titles = {one.id: in_words(one.title) for one in known}
    draws = [(row, titles.get(row.mechanism, row.mechanism), len(_keys(row.candidates)), len(_keys(row.drawn))) for row in page.object_list]
    wanted = next((one for one in known if one.id == request.GET.get("mechanism")), known[0] if known else None)
    return show(request, {
        "draws": draws, "page_obj": page, "mechanisms": [(one.id, in_words(one.title)) for one in known], "wanted": wanted,
        "form": _form(wanted) if wanted else None, "may_draw": allowed(request, "lookback.draw"),
    })  # fmt: skip


def _seen_of(rows: Sequence[models.LookBack], scope: Scope) -> list[models.LookBack]:
    """The draws of these by which a matter was drawn that the scope sees: what was drawn in another region is that region's."""
    drawn = {row.id: _keys(row.drawn) for row in rows}
    wanted = sorted({key for keys in drawn.values() for key in keys})
    found = set[str]()
    for at in range(0, len(wanted), _AT_ONCE):
        found.update(seen(models.Matter.objects.filter(pk__in=wanted[at : at + _AT_ONCE]), scope).values_list("id", flat=True))
    return [row for row in rows if not found.isdisjoint(drawn[row.id])]


def _form(mechanism: Mechanism) -> dict[str, Any]:
    """What the form begins with: the mechanism's own rule, and the last quarter of a year that may be drawn from."""
    rule, now = desk.rule_of(mechanism), datetime.now(UTC)
    last = desk.latest(rules_for(mechanism.id), moment(now))
    first = date.fromordinal(date.fromisoformat(last).toordinal() - 90).isoformat()
    return {
        "share": rule.share, "least": rule.least, "after": desk.told(rule.after), "source": rule.source, "first": first, "last": last,
        "seed": now.astimezone(zone()).date().isoformat(),
    }  # fmt: skip


def draw(request: HttpRequest) -> HttpResponseBase:
    """Draws."""
    post = request.POST
    wanted = desk.Wanted(
        post.get("mechanism", ""), post.get("first", ""), post.get("last", ""), post.get("seed", ""), _whole(post.get("share", ""), "share"),
        _whole(post.get("least", ""), "least"),
    )  # fmt: skip
    done = desk.draw(_actor(request), wanted, scope_of(request))
    note(request, say("lookback.drew", count=len(_keys(models.LookBack.objects.get(pk=done.subjects[0]).drawn))))
    return go(request, "lookback.one", key=done.subjects[0])


def _whole(text: str, where: str) -> int:
    if not text.strip().isascii() or not text.strip().isdigit() or len(text) > 6:
        raise WrongValue(f"“{text[:20]}”不是整数", where=where, remedy="请填一个整数")
    return int(text)


def one(request: HttpRequest, key: str) -> HttpResponseBase:
    """A draw: the rule, the seed, the proof, and the matters that were drawn with what was found."""
    row = models.LookBack.objects.filter(pk=key).first()
    if row is None or not _seen_of([row], scope_of(request)):
        raise NotFound("没有这次抽查", where=key[:64], remedy="它可能不在您能看的范围内；请回到回头看一览")
    rules = rules_for(row.mechanism)
    candidates, drawn = _keys(row.candidates), _keys(row.drawn)
    again = drawn_of(candidates, row.share, row.least, row.seed)
    by = models.Account.objects.filter(pk=row.by).values_list("name", flat=True).first() or row.by
    return show(request, {
        "row": row, "by": by, "mechanism": in_words(rules.mechanism.title), "candidates": len(candidates), "drawn": _drawn(request, row, drawn),
        "same": again == drawn, "here": request.get_full_path(), "lines": [(candidate, digest(row.seed, candidate)) for candidate in again],
    }, template="one.html")  # fmt: skip


def _drawn(request: HttpRequest, row: models.LookBack, keys: Sequence[str]) -> list[Drawn]:
    """The matters that were drawn, in the order of their hashes; of one that the scope does not see only that it is there."""
    rows = {matter.id: matter for matter in seen(models.Matter.objects.filter(pk__in=keys), scope_of(request))}
    shown = {one.row.id: one for one in handled([rows[key] for key in keys if key in rows], _actor(request), datetime.now(UTC))}
    items, found, units = items_of(list(rows)), results(row, list(rows)), names_of({matter.unit for matter in rows.values()})
    made = []
    for key in keys:
        mark, one = digest(row.seed, key)[:12], shown.get(key)
        if one is None:
            made.append(Drawn(None, key, say("lookback.unseen"), "", mark, "", "", "", ()))
            continue
        effect, at, words = found.get(key, ("", "", ""))
        deeds = () if effect else tuple(deed for deed in one.deeds() if deed.effect in _EFFECTS)
        unit = units.get(one.row.unit, "") or (items[key].lead if key in items else "")
        made.append(Drawn(one, key, one.title(items), unit, mark, effect, at, one.shown(words), deeds))
    return made


_EFFECTS: Final = ("look-back", "reopen")


def results(row: models.LookBack, keys: Sequence[str]) -> dict[str, tuple[str, str, str]]:
    """What was found after the draw: the effect of the act, its moment and its words, by matter."""
    effects: Mapping[str, str] = {act.key: act.effect for act in rules_for(row.mechanism).mechanism.acts if act.effect in _EFFECTS}
    found: dict[str, tuple[str, str, str]] = {}
    entries = models.Entry.objects.filter(act="loop.act", subject__in=keys, seq__gt=row.seq).order_by("seq")
    for subject, at, data in entries.values_list("subject", "at", "data"):
        move = msgspec.json.decode(data)["move"]
        if subject not in found and move["act"] in effects:
            inputs = move.get("inputs", {})
            found[subject] = (effects[move["act"]], at, str(inputs.get("text") or inputs.get("reason") or ""))
    return found


def act(request: HttpRequest, item: str, act: str) -> HttpResponseBase:
    """What a look back found."""
    return acted(request, item, act, "lookback")


def _keys(text: str) -> list[str]:
    return msgspec.json.decode(text, type=list[str])


def _actor(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    assert actor is not None  # noqa: S101 - the door has asked
    return actor


PAGE = Page(
    "lookback", "lookback", view,
    routes=(
        Route("draw", "lookback/draw", draw, right="lookback.draw", method="POST"),
        Route("one", "lookback/draws/<str:key>", one),
        Route("act", "lookback/<str:item>/<str:act>", act, right="matter.act", method="POST"),
    ),
)  # fmt: skip
