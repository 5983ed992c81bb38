"""From items to matters: a look before (who would be asked, by when, what is doubtful first), then all of them in one go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec
from django.http import HttpRequest, HttpResponseBase, QueryDict

from luoshi.desk import matters
from luoshi.desk.actor import Actor
from luoshi.desk.done import NotFound, WrongValue
from luoshi.desk.matters.fanning import members_of
from luoshi.desk.matters.filing import last_day
from luoshi.desk.matters.ruling import all_current, current, usual_variant
from luoshi.errors import LuoshiError
from luoshi.ledger import models, tables
from luoshi.loop.engine import Refused
from luoshi.loop.mechanism import Mechanism
from luoshi.web.asked import Asked, ask_field, ask_variant, in_words, read_fields, required_now
from luoshi.web.page import Page, Route, actor_of, go, note, show, wants_json
from luoshi.web.seen import scope_of
from luoshi.web.words import say, say_error

#: so many items at once
_MOST: Final = 1000
#: what an item itself says, so that nobody is asked for it
_KNOWN: Final = frozenset({"due", "basis"})
_DEFAULT: Final = "M01"


class Line(msgspec.Struct, frozen=True):
    """An item as it would be filed: who would be asked, by when, what is doubtful."""

    item: models.Item
    leaders: str
    lead: str
    support: str
    due: str
    members: int
    doubts: tuple[str, ...]


def view(request: HttpRequest) -> HttpResponseBase:
    """The look before: of the items sent (``id``), or of all of a document (``?document=``) that are no matters yet."""
    return _look(request, request.POST if request.method == "POST" else request.GET, None, {})


def _look(request: HttpRequest, sent: QueryDict, error: LuoshiError | None, errors: dict[str, str]) -> HttpResponseBase:
    mechanism = _mechanism(sent)
    rows, filed = _rows(request, sent)
    lines = _lines(rows)
    variant = sent.get("variant", usual_variant(mechanism))
    asked = [
        *ask_variant(mechanism, variant, errors.get("variant", "")),
        *(_asked(mechanism, key, sent, errors) for key in sorted(required_now(mechanism, "file", {}, variant) - _KNOWN)),
    ]
    chosen = set(sent.getlist("chosen")) if "looked" in sent else {line.item.id for line in lines}
    values: dict[str, Any] = {
        "lines": lines, "doubtful": sum(bool(line.doubts) for line in lines), "filed": filed, "chosen": chosen, "asked": asked,
        "units": len({duty for line in lines for duty in line.lead.split("、") if duty}), "mechanism": mechanism, "title_words": in_words(mechanism.title),
        "about": in_words(mechanism.about), "document": sent.get("document", ""),
        "mechanisms": [(one.id, in_words(one.title), one.id == mechanism.id) for one in all_current() if "item" in one.from_],
        "error": {**say_error(error), "what": error.what, "remedy": error.remedy} if error else None,
    }  # fmt: skip
    return show(request, values, status=(getattr(error, "status", 0) or 400) if error else 200)


def _mechanism(sent: QueryDict) -> Mechanism:
    found = current(sent.get("mechanism", "") or _DEFAULT)
    if "item" not in found.from_:
        raise NotFound(f"{in_words(found.title)}不从文件立项", where=found.id, remedy="请用“新登记事项”")
    return found


def _rows(request: HttpRequest, sent: QueryDict) -> tuple[list[models.Item], int]:
    """(the open items that are no matters yet, how many are; a closed one is reopened, not filed again)."""
    keys = list(dict.fromkeys(sent.getlist("id")))
    document = sent.get("document", "")
    if not keys and not document:
        raise WrongValue("没有选中任何事项", where="id", remedy="请在事项台账里勾选，再点“立项督办”")
    found = tables.items_seen(scope_of(request)).filter(state="open")
    found = found.filter(pk__in=keys[: _MOST + 1]) if keys else found.filter(document=document)
    rows = list(found.order_by("ordinal")[: _MOST + 1])
    if len(rows) > _MOST or len(keys) > _MOST:
        raise WrongValue(f"一次最多立项 {_MOST} 件", where=f"{max(len(rows), len(keys))} 件", remedy="请分几次选")
    filed = set(models.Matter.objects.filter(pk__in=[row.id for row in rows]).values_list("id", flat=True))
    return [row for row in rows if row.id not in filed], len(filed)


def _lines(rows: Sequence[models.Item]) -> list[Line]:
    """The items, doubtful ones first."""
    duties: dict[str, list[models.Duty]] = {}
    for duty in models.Duty.objects.filter(item__in=[row.id for row in rows], live=True).order_by("place"):
        duties.setdefault(duty.item, []).append(duty)
    ids = {duty.organisation for held in duties.values() for duty in held if duty.organisation}
    units = models.Organisation.objects.in_bulk(list(ids))
    found = [_line(row, duties.get(row.id, []), units) for row in rows]
    return sorted(found, key=lambda line: not line.doubts)


def _line(row: models.Item, duties: Sequence[models.Duty], units: dict[str, models.Organisation]) -> Line:
    lead = [units[duty.organisation] for duty in duties if duty.role == "lead" and duty.organisation in units]
    groups = [unit.id for unit in lead if unit.kind == "group"]
    members = len(members_of(groups)) if groups else 0
    unknown = [duty.name for duty in duties if duty.role in {"lead", "support"} and duty.organisation not in units]
    doubts = (
        [say("matter_file.no_lead")] * (not lead) + [say("matter_file.unknown", names="、".join(unknown))] * bool(unknown)
        + [say("matter_file.no_due")] * (not last_day(row.due) and not row.open_ended)
        + [say("matter_file.no_members")] * (bool(groups) and not members) + [say("matter_file.item_doubt")] * bool(row.doubt)
    )  # fmt: skip
    return Line(
        row, "、".join(duty.name for duty in duties if duty.role == "leader"), _names(duty for duty in duties if duty.role == "lead"),
        _names(duty for duty in duties if duty.role == "support"), last_day(row.due), members, tuple(doubts),
    )  # fmt: skip


def _names(duties: Iterable[models.Duty]) -> str:
    return "、".join(duty.name for duty in duties)


def _asked(mechanism: Mechanism, key: str, sent: QueryDict, errors: dict[str, str]) -> Asked:
    """A field that the mechanism wants and no item says: asked for once, for all of them."""
    field = mechanism.field(key)
    assert field is not None  # noqa: S101 - the keys are those of the mechanism
    name = f"field.{key}"
    one = ask_field(field, needed=True, error=errors.get(name, ""))
    options = tuple(msgspec.structs.replace(option, on=option.value == sent.get(name, "")) for option in one.options)
    return msgspec.structs.replace(one, value=sent.get(name, ""), options=options)


def file(request: HttpRequest) -> HttpResponseBase:
    """The chosen items as matters, all or none."""
    sent, mechanism = request.POST, _mechanism(request.POST)
    keys = list(dict.fromkeys(sent.getlist("chosen")))
    actor = actor_of(request)
    assert actor is not None  # noqa: S101 - the door has asked
    variant, errors = sent.get("variant", ""), dict[str, str]()
    try:
        fields = _fields(actor, mechanism, variant, sent, errors)
        if not keys:
            raise WrongValue("没有选中任何事项", where="chosen", remedy="请先勾选")
        if len(keys) > _MOST:
            raise WrongValue(f"一次最多立项 {_MOST} 件", where=f"{len(keys)} 件", remedy="请分几次选")
        done = matters.file(actor, keys, mechanism.id, scope_of(request), variant=variant, fields=dict.fromkeys(keys, fields))
    except (Refused, WrongValue, NotFound) as error:
        if wants_json(request):
            raise
        return _look(request, sent, error, errors)
    if done.count:
        note(request, say("matter_file.done", count=done.count, mechanism=in_words(mechanism.title)))
    else:
        note(request, say("matter_file.nothing"), kind="warn")
    if len(keys) == 1:
        return go(request, "item", item=keys[0])
    return go(request, "items", query={"document": sent["document"]} if sent.get("document") else None)


def _fields(actor: Actor, mechanism: Mechanism, variant: str, sent: QueryDict, errors: dict[str, str]) -> dict[str, Any]:
    """What is said of all the items at once; raises ``WrongValue`` with ``errors`` by field where something is missing or wrong."""
    wanted = sorted(required_now(mechanism, "file", {}, variant) - _KNOWN)
    given = read_fields(mechanism, wanted, sent, actor.region)
    errors |= given.errors
    errors |= {
        f"field.{key}": say("asked.missing") for key in wanted if f"field.{key}" not in errors and given.values.get(key) in (None, "", [])
    }
    if variant and mechanism.variant(variant) is None:
        errors["variant"] = say("matter_new.no_variant")
    if errors:
        raise WrongValue("还有没填好的", where=in_words(mechanism.title), remedy="请看标出的地方，改好再交")
    return {key: value for key, value in given.values.items() if value is not None}


PAGE = Page("matter_file", "matters/file", view, routes=(Route("file", "matters/file/all", file, right="matter.file", method="POST"),))
