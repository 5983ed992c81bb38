"""What the form of an act gave, as the act wants it, and what is wrong beside which field."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from django.http import QueryDict

from luoshi.desk.actor import Actor
from luoshi.desk.matters.taking import parts_of
from luoshi.ledger import models
from luoshi.loop import engine
from luoshi.loop.mechanism import Act
from luoshi.web.asked import is_day, known_posts, number, post_ids, read_fields, unit_ids
from luoshi.web.pages.item.acting import outside, units_of
from luoshi.web.pages.item.matter import Live
from luoshi.web.words import say

#: so many parts at most at once
_MOST_PARTS: Final = 100


class Deed(msgspec.Struct):
    """What a form gave: inputs as the act wants them, what is wrong by field, the part of somebody outside."""

    inputs: dict[str, Any] = {}
    errors: dict[str, str] = {}
    part: str = ""


def read(actor: Actor, live: Live, act: Act, post: QueryDict) -> Deed:
    """What the form of an act gave. What the engine will refuse is not refused here; only what cannot be read is told beside its field."""
    deed = Deed({}, {}, _part(actor, live, act))
    for name in ("reason", "text", "person", "method", "class"):
        if post.get(name, "").strip():
            deed.inputs[name] = post.get(name, "").strip()
    if post.getlist("checks"):
        deed.inputs["checks"] = list(dict.fromkeys(post.getlist("checks")))
    ratings = {name.removeprefix("rating."): post[name] for name in post if name.startswith("rating.") and post[name]}
    if ratings:
        deed.inputs["ratings"] = ratings
    for reader in (
        _read_numbers,
        _read_date,
        _read_units,
        _read_posts,
        _read_matter,
        _read_unit,
        _read_fields,
        _read_children,
        _read_milestones,
    ):
        reader(_Reading(actor, live, act, post), deed)
    return deed


class _Reading(msgspec.Struct, frozen=True):
    actor: Actor
    live: Live
    act: Act
    post: QueryDict


def _part(actor: Actor, live: Live, act: Act) -> str:
    """The part of somebody outside for whom this is written down; nothing where the actor has a part of their own in it."""
    if parts_of(actor, live.matter, live.mechanism).intersection(act.by):
        return ""
    return next((part for one, part in outside(actor, live) if one.act.key == act.key), "")


def _read_numbers(reading: _Reading, deed: Deed) -> None:
    for name in ("progress", "count"):
        if reading.post.get(name, "").strip():
            found, problem = number(reading.post.get(name, ""))
            if problem:
                deed.errors[name] = problem
            else:
                deed.inputs[name] = found


def _read_date(reading: _Reading, deed: Deed) -> None:
    written = reading.post.get("date", "").strip()
    if written and is_day(written):
        deed.inputs["date"] = written
    elif written:
        deed.errors["date"] = say("asked.no_day")


def _read_units(reading: _Reading, deed: Deed) -> None:
    """The parts that become others than they are now; where the act must name units, those that stay too."""
    must = "units" in reading.act.needs
    given: dict[str, list[str]] = {}
    for part in reading.live.mechanism.parts:
        name = f"units.{part.key}"
        if part.held != "duty" or name not in reading.post:
            continue
        found, unknown = unit_ids(reading.post.get(name, ""), reading.live.row.region_code)
        if unknown:
            deed.errors[name] = say("asked.no_unit", names="、".join(unknown)[:80])
        elif found != reading.live.matter.parts.get(part.key, ()) or (must and found):
            given[part.key] = list(found)
    if given:
        deed.inputs["units"] = given


def _read_posts(reading: _Reading, deed: Deed) -> None:
    if "posts" not in reading.post:
        return
    found, unknown = post_ids(reading.post.get("posts", ""), known_posts(reading.live.row.region_code))
    if unknown:
        deed.errors["posts"] = say("asked.no_post", names="、".join(unknown)[:80])
    elif found and ("posts" in reading.act.needs or found != reading.live.matter.parts.get("leader", ())):
        deed.inputs["posts"] = list(found)


def _read_matter(reading: _Reading, deed: Deed) -> None:
    """The matter is named by its number; the one itself is none to go into."""
    written = reading.post.get("matter", "").strip()
    if not written:
        return
    row = models.Matter.objects.filter(number=written, region_code=reading.live.row.region_code).exclude(pk=reading.live.row.id).first()
    if row is None:
        deed.errors["matter"] = say("asked.no_matter")
    else:
        deed.inputs["matter"] = row.id


def _read_unit(reading: _Reading, deed: Deed) -> None:
    """Nobody speaks for a unit that is not theirs."""
    unit = reading.post.get("unit", "")
    if not reading.act.each or not unit:
        return
    open_now = {one.act.key: one for one in engine.open_acts(reading.live.matter, reading.live.rules, reading.live.at, by=reading.actor.id)}
    one = open_now.get(reading.act.key)
    mine = parts_of(reading.actor, reading.live.matter, reading.live.mechanism)
    able = tuple(part for part in one.parts if part in mine) if one else ()
    if one is not None and able and unit not in units_of(msgspec.structs.replace(one, parts=able), reading.actor):
        deed.errors["unit"] = say("item.not_your_unit")
    else:
        deed.inputs["unit"] = unit


def _read_fields(reading: _Reading, deed: Deed) -> None:
    now = reading.live.matter.fields
    given = read_fields(reading.live.mechanism, reading.act.fields, reading.post, reading.live.row.region_code)
    deed.errors |= given.errors
    fields = {}
    for key, value in given.values.items():
        field = reading.live.mechanism.field(key)
        kept = value is None and (field is None or field.masked or key not in now)
        if not kept and value != now.get(key):
            fields[key] = "" if value is None else value
    if fields:
        deed.inputs["fields"] = fields


def _read_children(reading: _Reading, deed: Deed) -> None:
    if reading.act.effect != "split":
        return
    children = []
    shares = reading.post.getlist("child.target")
    columns = (reading.post.getlist("child.title")[:_MOST_PARTS], reading.post.getlist("child.lead"))
    for at, (title, names) in enumerate(zip(*columns, strict=False)):
        found, unknown = unit_ids(names, reading.live.row.region_code)
        if unknown:
            deed.errors["children"] = say("asked.no_unit", names="、".join(unknown)[:80])
        share, problem = number(shares[at]) if at < len(shares) and shares[at].strip() else (None, "")
        if problem:
            deed.errors["children"] = problem
        if title.strip():
            children.append({"title": title.strip()[:500], "lead": list(found), **({} if share is None else {"target": share})})
    deed.inputs["children"] = children


def _read_milestones(reading: _Reading, deed: Deed) -> None:
    """Rows with a day; a schedule that stays as it is is not given."""
    columns = [reading.post.getlist(f"milestone.{name}")[:_MOST_PARTS] for name in ("day", "percent", "title")]
    given = list[dict[str, Any]]()
    for day, written, title in zip(*columns, strict=False):
        if not (day.strip() or written.strip() or title.strip()):
            continue
        percent, problem = number(written)
        if problem or not is_day(day.strip()):
            deed.errors["milestones"] = problem or say("asked.no_day")
            return
        given.append({"day": day.strip(), "percent": percent, "title": title.strip()[:100]})
    now = [{"day": one.day, "percent": one.percent, "title": one.title} for one in reading.live.matter.milestones]
    if given and given != now:
        deed.inputs["milestones"] = given
