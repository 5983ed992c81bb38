"""Which mechanisms take matters by a form, and the form of one: title, words, kind, fields, units, leader, all as its file declares them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from django.http import HttpRequest, HttpResponseBase, QueryDict

from luoshi.desk import matters
from luoshi.desk.actor import Actor
from luoshi.desk.done import Conflict, NotFound, WrongValue
from luoshi.desk.matters import Form
from luoshi.desk.matters.ruling import all_current, current, usual_variant
from luoshi.errors import LuoshiError
from luoshi.ledger.overview import region_choices
from luoshi.ledger.places import tree
from luoshi.loop.engine import Refused
from luoshi.loop.mechanism import Mechanism
from luoshi.web.asked import (
    Asked,
    ask_field,
    ask_variant,
    in_words,
    known_posts,
    known_units,
    post_ids,
    read_fields,
    required_now,
    unit_ids,
)
from luoshi.web.page import Page, Route, actor_of, go, note, show, wants_json
from luoshi.web.seen import scope_of
from luoshi.web.words import say, say_error

#: fields that acts fill in, never whoever files
_LATER: Final = frozenset({"count", "conclusion", "merged_into"})


def view(request: HttpRequest) -> HttpResponseBase:
    """The mechanisms whose matters are written into a form, with what each is for."""
    found = [one for one in all_current() if "form" in one.from_]
    told = [{"id": one.id, "title": in_words(one.title), "about": in_words(one.about), "internal": one.internal,
             "variants": [in_words(variant.title) for variant in one.variants]} for one in found]  # fmt: skip
    return show(request, {"mechanisms": told})


def form(request: HttpRequest, mechanism: str) -> HttpResponseBase:
    """The form of a mechanism; sent, the matter."""
    found = current(mechanism)
    if "form" not in found.from_:
        raise Conflict(f"{in_words(found.title)}的事项来自文件，不能手工填报", where=mechanism, remedy="请在文件里选任务，再立项")
    if request.method != "POST":
        return _shown(request, found, request.GET, {}, None)
    return _filed(request, found)


def _filed(request: HttpRequest, mechanism: Mechanism) -> HttpResponseBase:
    """The matter, or the form with what was written and what is wrong beside each field."""
    actor, post = _actor(request), request.POST
    region = post.get("region", "") or actor.region
    given = read_fields(mechanism, [*_keys(mechanism), *_soon(mechanism)], post, region)
    fields = {key: value for key, value in given.values.items() if value is not None}
    variant, errors = post.get("variant", ""), dict(given.errors)
    units = _units(mechanism, post, region, errors)
    for key in required_now(mechanism, "file", fields, variant):
        if fields.get(key) in (None, "", []) and f"field.{key}" not in errors:
            errors[f"field.{key}"] = say("asked.missing")
    if not post.get("title", "").strip():
        errors["title"] = say("matter_new.no_title")
    if variant and mechanism.variant(variant) is None:
        errors["variant"] = say("matter_new.no_variant")
    try:
        if errors:
            raise WrongValue("还有没填好的", where=in_words(mechanism.title), remedy="请看标出的地方，改好再交")
        wanted = Form(post.get("title", ""), post.get("text", ""), region, variant, fields, units, source=post.get("source", ""))
        done = matters.file_form(actor, mechanism.id, wanted, scope_of(request))
    except (WrongValue, Refused, NotFound) as error:
        if wants_json(request):
            raise
        where = error.where if isinstance(error, WrongValue) and error.where in {"title", "text"} else ""
        return _shown(request, mechanism, post, errors | ({where: error.what} if where else {}), error)
    note(request, say("matter_new.filed", mechanism=in_words(mechanism.title)))
    return go(request, "item", item=done.subjects[0])


def _units(mechanism: Mechanism, post: QueryDict, region: str, errors: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """Who takes part, by part: units by their names, the leader by post or name."""
    found: dict[str, tuple[str, ...]] = {}
    for part in mechanism.parts:
        if part.held == "duty":
            ids, unknown = unit_ids(post.get(f"units.{part.key}", ""), region)
            if unknown:
                errors[f"units.{part.key}"] = say("asked.no_unit", names="、".join(unknown)[:80])
            found[part.key] = ids
    if post.get("posts", "").strip():
        found["leader"], unknown = post_ids(post.get("posts", ""), known_posts(region))
        if unknown:
            errors["posts"] = say("asked.no_post", names="、".join(unknown)[:80])
    return {key: ids for key, ids in found.items() if ids}


def _keys(mechanism: Mechanism) -> list[str]:
    """The fields that may be filled in when a matter begins: not those that an act asks for later and nothing else does."""
    asked = {key for act in mechanism.acts for key in act.fields if key not in _first_fields(mechanism)}
    return [field.key for field in mechanism.fields if field.key not in _LATER and (field.key not in asked or field.key == "due")]


def _soon(mechanism: Mechanism) -> list[str]:
    """The fields for which the office is asked at the first stage: whoever knows them already says them once, and is not asked again."""
    office = {part.key for part in mechanism.parts if part.held == "office"}
    acts = [
        act for act in mechanism.acts if mechanism.first.key in act.at and act.to and act.effect is None and office.intersection(act.by)
    ]
    first = dict.fromkeys(key for act in acts for key in act.fields)
    return [key for key in first if key not in _LATER and key not in _keys(mechanism)]


def _first_fields(mechanism: Mechanism) -> set[str]:
    """Fields that filing wants, of some variant at least, or that the first steps of the office set: they may be said at once."""
    wanted = {field.key for field in mechanism.fields if field.required == "file"} | {
        key for one in mechanism.variants for key in one.required
    }
    first = {key for act in mechanism.acts if act.effect == "assign" for key in act.fields}
    return wanted | first


def _shown(
    request: HttpRequest, mechanism: Mechanism, sent: QueryDict, errors: Mapping[str, str], error: LuoshiError | None
) -> HttpResponseBase:
    actor = _actor(request)
    region = sent.get("region", "") or actor.region
    variant = sent.get("variant", usual_variant(mechanism))
    needed = required_now(mechanism, "file", {}, variant)
    fields = [_field(mechanism, key, sent, errors, needed=key in needed) for key in _keys(mechanism)]
    wanted = [one for one in fields if one.needed or one.error]
    soon = [_field(mechanism, key, sent, errors, needed=False) for key in _soon(mechanism)]
    values: dict[str, Any] = {
        "mechanism": mechanism, "title_words": in_words(mechanism.title), "about": in_words(mechanism.about), "sent": sent, "errors": errors,
        "error": {**say_error(error), "what": error.what, "remedy": error.remedy} if error else None, "wanted": wanted,
        "fields": [one for one in fields if one not in wanted], "soon": soon, "soon_open": any(one.value or one.error for one in soon), "units": _parts(mechanism, sent, errors),
        "first": ask_variant(mechanism, variant, errors.get("variant", "")),
        "regions": region_choices(scope_of(request), tree()) if not actor.region else [], "region": region,
        "known": known_units(region), "known_posts": list(known_posts(region)) if _has_leader(mechanism) else [],
        "masks": mechanism.internal or any(field.masked for field in mechanism.fields),
    }  # fmt: skip
    return show(request, values, template="form.html", status=(getattr(error, "status", 0) or 400) if error else 200)


def _field(mechanism: Mechanism, key: str, sent: QueryDict, errors: Mapping[str, str], *, needed: bool) -> Asked:
    field = mechanism.field(key)
    assert field is not None  # noqa: S101 - the keys are those of the mechanism
    name = f"field.{key}"
    one = ask_field(field, needed=needed, error=errors.get(name, ""))
    written = sent.get(name, "")
    options = tuple(msgspec.structs.replace(option, on=option.value == written) for option in one.options)
    return msgspec.structs.replace(one, value=written, options=options)


def _parts(mechanism: Mechanism, sent: QueryDict, errors: Mapping[str, str]) -> list[Asked]:
    """A field for each part that units have, and for the leader."""
    units = [
        Asked(f"units.{part.key}", "units", in_words(part.title), value=sent.get(f"units.{part.key}", ""), help=say("item.help_names"),
              error=errors.get(f"units.{part.key}", ""))
        for part in mechanism.parts if part.held == "duty"
    ]  # fmt: skip
    if not _has_leader(mechanism):
        return units
    leader = Asked(
        "posts", "posts", say("matter_new.leader"), value=sent.get("posts", ""), help=say("item.help_posts"), error=errors.get("posts", "")
    )
    return [*units, leader]


def _has_leader(mechanism: Mechanism) -> bool:
    return any(part.role == "leader" for part in mechanism.parts)


def _actor(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    assert actor is not None  # noqa: S101 - the door has asked
    return actor


PAGE = Page("matter_new", "matters/new", view, routes=(Route("form", "matters/new/<str:mechanism>", form, right="matter.file"),))
