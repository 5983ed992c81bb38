"""The board: how many matters stand how, grouped as one likes, the list of those chosen, and chasing one or many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, cast

import msgspec
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase

from luoshi.desk import matters
from luoshi.desk.actor import Actor
from luoshi.desk.done import WrongValue
from luoshi.desk.matters import Try
from luoshi.desk.matters.ruling import all_current, lights_now, rules_for
from luoshi.ledger import models
from luoshi.ledger.acts.matters import life_of
from luoshi.ledger.called import names_of
from luoshi.ledger.entry import moment
from luoshi.ledger.matters import GROUPS, NOBODY, STATES, Group, InOrder, Wish, chosen, groups, items_of, seen, wish_of
from luoshi.ledger.places import tree
from luoshi.ledger.settings_now import now as settings_now
from luoshi.ledger.veiling import veiled
from luoshi.loop.clock import day_of, overdue_days
from luoshi.loop.matter import Matter
from luoshi.loop.mechanism import LIVE, Mechanism
from luoshi.publish.paper_draft import Chased, chase_text
from luoshi.web.deeds import clock_titles, handled, in_words
from luoshi.web.page import Page, Route, actor_of, address, allowed, go_back, note, show
from luoshi.web.seen import scope_of, zone
from luoshi.web.words import say, say_word
from luoshi.web.writing import read_whole

SIZE: Final = 30
#: one click chases so many at most
MOST_CHASED: Final = 200


class Line(msgspec.Struct, frozen=True):
    """A matter on the board."""

    row: models.Matter
    title: str
    unit: str
    leader: str
    stage: str
    mechanism: str
    why: str
    late: int
    due: str
    may_chase: bool


class Counted(msgspec.Struct, frozen=True):
    """A group on the board with the addresses of what it counts; ``lights`` in the order of the rule, the worst last."""

    name: str
    group: Group
    address: str
    lights: tuple[tuple[str, int, str], ...]
    overdue: str
    unreported: str


def view(request: HttpRequest) -> HttpResponseBase:
    """The groups with their counts, and the matters that the filters leave."""
    wish, scope, now = wish_of(request.GET.dict()), scope_of(request), datetime.now(UTC)
    # of mechanisms that stay inside not even the name is offered to who sees nothing of them
    known = [one for one in all_current() if scope.internal or not one.internal]
    found = groups(wish, scope, moment(now))
    page: Any = Paginator(cast("Any", InOrder(chosen(wish, scope, moment(now)), found)), SIZE).get_page(request.GET.get("page"))
    names = _Names(known, [group.key for group in found], page.object_list, wish)
    known_colours = [colour.key for colour in lights_now().colours][::-1]
    # what is not lit, or was lit by the rule before, is counted too
    colours = list(dict.fromkeys((*known_colours, *sorted({light for group in found for light in group.lights}))))
    if wish.by == "light":
        # the worst first: that is what one looks for
        found = sorted(found, key=lambda group: colours.index(group.key[0]))
    return show(request, {
        "wish": wish, "page_obj": page, "lines": lines(list(page.object_list), names, now), "total": page.paginator.count,
        "groups": [_counted(group, wish, names, colours) for group in found], "colours": colours,
        "ways": [(key, say(f"board.by_{key}"), _to(wish, by=key)) for key in GROUPS], "filters": _filters(wish, names),
        "mechanisms": [(one.id, in_words(one.title)) for one in known], "states": [(state, say(f"board.state_{state}")) for state in STATES],
        "stages": [(stage.key, in_words(stage.title)) for one in known if one.id == wish.mechanism for stage in one.stages],
        "may_chase": allowed(request, "checking"), "here": request.get_full_path(),
    })  # fmt: skip


class _Names:
    """The names of what a board shows by id."""

    def __init__(self, known: Sequence[Mechanism], keys: Sequence[tuple[str, ...]], rows: Sequence[models.Matter], wish: Wish) -> None:
        wanted = (
            {part for key in keys for part in key} | {row.unit for row in rows} | {row.leader for row in rows} | {wish.unit, wish.leader}
        )
        self.holders = names_of(wanted, datetime.now(zone()).date().isoformat())
        self.mechanisms = {one.id: one for one in known}

    def mechanism(self, key: str) -> str:
        return in_words(self.mechanisms[key].title) if key in self.mechanisms else key

    def stage(self, mechanism: str, key: str) -> str:
        found = self.mechanisms.get(mechanism)
        title = next((stage.title for stage in found.stages if stage.key == key), None) if found else None
        return in_words(title) if title else key

    def may_chase(self, row: models.Matter) -> bool:
        """Whether a matter in this stage can be chased."""
        found = self.mechanisms.get(row.mechanism)
        chases = [act.at for act in found.acts if act.effect == "chase"] if found else []
        return row.state == "live" and any(row.stage in at or LIVE in at for at in chases)

    def title(self, row: models.Matter, item: models.Item | None) -> str:
        """The title of a matter, masked where its mechanism knows of people."""
        if item is None:
            return row.number
        return veiled(row.mechanism, row.life, item.title, "")[0]

    def of(self, by: str, key: tuple[str, ...]) -> str:
        """The name of a group."""
        match by:
            case "light":
                return say_word("light", key[0])
            case "mechanism":
                return self.mechanism(key[0])
            case "stage":
                return f"{self.mechanism(key[0])} · {self.stage(*key)}"
            case "region":
                return tree().name(key[0]) or say("board.no_region")
        return self.holders.get(key[0], "") or key[0] or say(f"board.no_{by}")


def _to(wish: Wish, **changes: Any) -> str:
    return address("board", query=msgspec.structs.replace(wish, **changes).query())


def _counted(group: Group, wish: Wish, names: _Names, colours: Sequence[str]) -> Counted:
    keys = ("mechanism", "stage") if wish.by == "stage" else (wish.by,)
    chosen_ = {key: value or NOBODY for key, value in zip(keys, group.key, strict=True)}
    lights = tuple(
        (colour, group.lights.get(colour, 0), _to(wish, **{**chosen_, "light": colour})) for colour in colours if wish.by != "light"
    )
    return Counted(
        names.of(wish.by, group.key),
        group,
        _to(wish, **chosen_),
        lights,
        _to(wish, **chosen_, overdue=True),
        _to(wish, **chosen_, unreported=True),
    )


def _filters(wish: Wish, names: _Names) -> list[tuple[str, str]]:
    """The filters that have no field in the form, told by name, each with the address without it."""
    told = [
        (key, names.of(key, ("" if getattr(wish, key) == NOBODY else getattr(wish, key),)))
        for key in ("light", "unit", "leader", "region")
        if getattr(wish, key)
    ]
    return [(name, _to(wish, **{key: ""})) for key, name in told]


def lines(rows: Sequence[models.Matter], names: _Names, now: datetime) -> list[Line]:
    """The matters as the board's list shows them."""
    items = items_of([row.id for row in rows])
    return [_line(row, items.get(row.id), names, now) for row in rows]


def _line(row: models.Matter, item: models.Item | None, names: _Names, now: datetime) -> Line:
    next_due = datetime.fromisoformat(row.next_due) if row.next_due else None
    return Line(
        row, names.title(row, item), names.holders.get(row.unit, "") or (item.lead if item else ""), names.holders.get(row.leader, ""),
        names.stage(row.mechanism, row.stage), names.mechanism(row.mechanism), why_lit(life_of(row.life)),
        overdue_days(next_due, now, zone()) if next_due and now > next_due else 0, day_of(next_due, zone()).isoformat() if next_due else "", names.may_chase(row),
    )  # fmt: skip


def why_lit(matter: Matter) -> str:
    """Why the light of a matter is not the best one, in the words of the rule."""
    rule, lights = lights_now(), matter.lights
    if lights.whole == rule.best:
        return ""
    lit = [key for name, key in sorted(lights.why.items()) if name != "whole" and getattr(lights, name, "") not in (rule.best, "none")]
    lit = lit or [key for name, key in lights.why.items() if name == "whole"]
    return "；".join(dict.fromkeys(in_words(rule.reason(key)) for key in lit))


# --- chasing


class Draft(msgspec.Struct, frozen=True):
    """The paper that chasing a matter makes, before it is made; ``wrong``: why the matter cannot be chased now."""

    item: str
    title: str
    text: str
    seen: int
    wrong: str = ""


def chase(request: HttpRequest) -> HttpResponseBase:
    """The drafts of the notes to those chosen; sent on with ``go=1``, they are chased."""
    keys = list(dict.fromkeys(request.POST.getlist("id")))
    if not keys:
        raise WrongValue("没有选中任何一件", where="id", remedy="请先勾选")
    if len(keys) > MOST_CHASED:
        raise WrongValue(f"一次最多催办 {MOST_CHASED} 件", where=f"{len(keys)} 件", remedy="请再筛选一下")
    if request.POST.get("go") == "1":
        return _chased(request, keys)
    back = request.POST.get("next", "")
    known = drafts(request, keys)
    values = {
        "drafts": known,
        "open": sum(not draft.wrong for draft in known),
        "next": back if back.startswith(address("board")) else address("board"),
    }
    return show(request, values, template="chase.html")


def drafts(request: HttpRequest, keys: Sequence[str]) -> list[Draft]:
    """The note to each unit as it would be written."""
    actor, now = _actor(request), datetime.now(UTC)
    found = handled(chosen_rows(request, keys), actor, now)
    items, today = items_of(keys), now.astimezone(zone()).date().isoformat()
    units = names_of({one.row.unit for one in found}, today)
    made = []
    for one in found:
        item, able = items.get(one.row.id), one.effect("chase")
        title, (due, asked) = one.title(items), _asked(one.matter, one.rules.mechanism)
        unit = units.get(one.row.unit, "") or (item.lead if item else "")
        text = chase_text(Chased(one.row.number, title, unit, due, asked, settings_now().office, one.row.chased), today)
        made.append(Draft(one.row.id, title, text, one.matter.acts, "" if able else say("board.not_now", stage=one.stage)))
    return made


def _asked(matter: Matter, mechanism: Mechanism) -> tuple[str, str]:
    """Until when which step is due for the unit: the one that is due first."""
    duty = {part.key for part in mechanism.parts if part.held == "duty"}
    waiting = sorted((clock.due, clock.key) for clock in matter.clocks if clock.runs and clock.paused is None and clock.owner in duty)
    titles = {key: words.zh for key, words in clock_titles(mechanism).items()}
    return (day_of(waiting[0][0], zone()).isoformat(), titles.get(waiting[0][1], "")) if waiting else ("", "")


def _chased(request: HttpRequest, keys: Sequence[str]) -> HttpResponseBase:
    known: Mapping[str, Draft] = {draft.item: draft for draft in drafts(request, keys)}
    rows = {row.id: row for row in chosen_rows(request, keys)}
    wanted = {}
    for key, draft in known.items():
        able = next((one for one in rules_for(rows[key].mechanism, rows[key].version).mechanism.acts if one.effect == "chase"), None)
        if able and not draft.wrong:
            seen, text = request.POST.get(f"{key}.seen", ""), request.POST.get(f"{key}.text", "").strip()
            wanted[key] = Try(able.key, {"text": text or draft.text}, seen=read_whole(seen))
    _, refused = matters.act_many(_actor(request), wanted, scope_of(request)) if wanted else (None, {})
    count = len(wanted) - len(refused)
    note(request, say("board.chased", count=count), kind="done" if count else "warn")
    for why in dict.fromkeys(refused.values()):
        note(request, why, kind="wrong")
    return go_back(request, "board")


def chosen_rows(request: HttpRequest, keys: Sequence[str]) -> list[models.Matter]:
    """These matters, as far as the scope sees them, in this order."""
    found = {row.id: row for row in seen(models.Matter.objects.filter(pk__in=keys), scope_of(request))}
    return [found[key] for key in keys if key in found]


def _actor(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    assert actor is not None  # noqa: S101 - the door has asked
    return actor


PAGE = Page(
    "board", "board", view,
    routes=(Route("chase", "board/chase", chase, right="checking", method="POST"),),
)  # fmt: skip
