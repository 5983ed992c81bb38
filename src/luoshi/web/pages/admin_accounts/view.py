"""Administration of accounts: who there is and how they stand; made, changed, given roles, new passwords, locks lifted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase

from luoshi.desk import accounts as desk
from luoshi.desk.actor import ADMINISTRATORS, Role, read_roles
from luoshi.desk.done import Conflict, NotFound, WrongValue
from luoshi.ledger import models
from luoshi.ledger.entry import moment
from luoshi.ledger.places import tree
from luoshi.ledger.store import history
from luoshi.web.page import Page, Route, allowed, go, note, show
from luoshi.web.pages.organisation.finding import label, organisation_named, region_named
from luoshi.web.pages.organisation.view import actor_for
from luoshi.web.signin import config, failures, office
from luoshi.web.signin.models import Credential, Failure
from luoshi.web.signin.moments import now
from luoshi.web.words import say, say_word

SIZE: Final = 50
STATES: Final = ("active", "inactive", "locked", "waiting")


def view(request: HttpRequest) -> HttpResponseBase:
    """The list with its filters."""
    wish = {name: request.GET.get(name, "").strip() for name in ("q", "role", "state")}
    found = _filtered(wish).order_by("-active", "username")
    pages = Paginator(found, SIZE).get_page(request.GET.get("page"))
    values = {
        "page_obj": pages, "rows": _told(list(pages.object_list)), "wish": wish, "filtered": any(wish.values()), "states": STATES,
        "roles": list(Role), "strict": settings.LUOSHI.strict, "single": config.current().is_single, "break_glass": config.current().break_glass,
    }  # fmt: skip
    return show(request, values)


def _filtered(wish: Mapping[str, str]) -> QuerySet[models.Account]:
    found = models.Account.objects.all()
    for word in wish["q"].split():
        found = found.filter(Q(username__icontains=word) | Q(name__icontains=word))
    if read_roles([wish["role"]]):
        found = found.filter(roles__contains=f'"{wish["role"]}"')
    if wish["state"] in ("active", "inactive"):
        found = found.filter(active=wish["state"] == "active")
    if wish["state"] == "waiting":
        found = found.filter(pk__in=Credential.objects.filter(must_change=True).values("id"))
    if wish["state"] == "locked":
        locked = set(Failure.objects.filter(until__gt=moment(now())).values_list("id", flat=True))
        names = [name for name in models.Account.objects.values_list("username", flat=True) if failures.key_of_user(name) in locked]
        found = found.filter(username__in=names)
    return found


def _told(rows: list[models.Account]) -> list[dict[str, Any]]:
    """Each account with its roles in words, unit and region by name, and how it stands."""
    places = tree()
    units = models.Organisation.objects.in_bulk([row.unit for row in rows if row.unit])
    standings = office.standings([row.id for row in rows], now())
    told = []
    for row in rows:
        standing = standings[row.id]
        unit = units.get(row.unit)
        told.append({
            "row": row, "roles": read_roles(msgspec.json.decode(row.roles)), "unit": unit.name if unit else "",
            "unit_label": label(unit.name, unit.region_code, places) if unit else "", "region": places.short(row.region),
            "region_full": places.name(row.region), "minutes": standing.locked,
            "must_change": standing.must_change, "without": not standing.has_password,
        })  # fmt: skip
    return told


def one(request: HttpRequest, account: str) -> HttpResponseBase:
    """One account: its forms and its history."""
    return show(request, _one(request, account), template="one.html")


def _one(request: HttpRequest, account: str) -> dict[str, Any]:
    row = _account(account)
    actor = actor_for(request)
    entries = history(account, limit=30)
    people = dict(models.Account.objects.filter(pk__in={entry.actor for entry in entries}).values_list("id", "name"))
    return {
        **_told([row])[0], "all_roles": [(role, role in ADMINISTRATORS) for role in Role], "strict": settings.LUOSHI.strict, "own": row.id == actor.id,
        "may_change": allowed(request, "account.change"), "may_roles": allowed(request, "account.roles"),
        "may_reset": allowed(request, "account.reset") and row.id != actor.id, "may_unlock": allowed(request, "account.unlock"),
        "elsewhere": not config.current().may_use_password(row.username),
        "history": [{"at": entry.at, "who": people.get(entry.actor, say("admin_accounts.the_system")), "act": say_word("act", entry.act),
                     "what": _what(entry.values)} for entry in entries],
    }  # fmt: skip


def _what(values: Mapping[str, Any]) -> str:
    """What an entry set, in words."""
    names = [name for name in ("username", "name", "unit", "region", "active", "roles") if name in values]
    return " · ".join(f"{say(f'admin_accounts.{name}')}: {_in_words(name, values[name])}" for name in names)


def _in_words(name: str, value: Any) -> str:
    if name == "active":
        return say("admin_accounts.state_active" if value else "admin_accounts.state_inactive")
    if name == "roles":
        return "、".join(say_word("role", role) for role in value) or say("word.none")
    if name == "region":
        return tree().name(value) or "—"
    if name == "unit":
        unit = models.Organisation.objects.filter(pk=value).first() if value else None
        return unit.name if unit else "—"
    return str(value)


def _account(key: str) -> models.Account:
    row = models.Account.objects.filter(pk=key).first()
    if row is None:
        raise NotFound("没有这个账号", where=key[:40], remedy="请回到账号列表")
    return row


# --- acts


def create(request: HttpRequest) -> HttpResponseBase:
    """A new account; roles at once where the one who makes it may give them."""
    actor = actor_for(request)
    roles = _roles(request) if allowed(request, "account.roles") else ()
    fields = {"username": request.POST.get("username", ""), "name": request.POST.get("name", ""), **_belonging(request)}
    key = desk.create(actor, fields, roles, strict=settings.LUOSHI.strict).subjects[0]
    note(request, say("admin_accounts.created" if allowed(request, "account.reset") else "admin_accounts.created_ask"))
    return go(request, "admin_accounts.one", account=key)


def change(request: HttpRequest, account: str) -> HttpResponseBase:
    """Name, unit, region, whether it may sign in."""
    fields = {"name": request.POST.get("name", ""), "active": request.POST.get("active") == "1", **_belonging(request)}
    done = desk.change(actor_for(request), account, fields)
    note(request, say("admin_accounts.changed" if done.count else "admin_accounts.unchanged"))
    return go(request, "admin_accounts.one", account=account)


def _belonging(request: HttpRequest) -> dict[str, str]:
    unit, region = request.POST.get("unit", "").strip(), request.POST.get("region", "").strip()
    return {"unit": organisation_named(unit, "unit") if unit else "", "region": region_named(region) if region else ""}


def give_roles(request: HttpRequest, account: str) -> HttpResponseBase:
    """These roles and no others."""
    _account(account)
    desk.give_roles(actor_for(request), account, _roles(request), strict=settings.LUOSHI.strict)
    note(request, say("admin_accounts.roles_given"))
    return go(request, "admin_accounts.one", account=account)


def _roles(request: HttpRequest) -> tuple[Role, ...]:
    asked = request.POST.getlist("roles")
    roles = read_roles(asked)
    if len(roles) != len(set(asked)):
        raise WrongValue("没有这个角色", where="roles", remedy="请刷新页面")
    return roles


def reset(request: HttpRequest, account: str) -> HttpResponseBase:
    """A new password, shown on this page and never again; it must be changed on the next sign-in."""
    row = _account(account)
    if not config.current().may_use_password(row.username):
        raise Conflict("这个账号由统一身份认证登录，这里没有密码", where=row.username, remedy="请在身份平台重置")
    password = office.reset(actor_for(request), account, now())
    return show(request, {**_one(request, account), "password": password}, template="one.html")


def unlock(request: HttpRequest, account: str) -> HttpResponseBase:
    """Lifts the lock of too many failures."""
    office.unlock(actor_for(request), account)
    note(request, say("admin_accounts.unlocked"))
    return go(request, "admin_accounts.one", account=account)


PAGE = Page(
    "admin_accounts", "admin/accounts", view, right="admin.accounts",
    routes=(
        Route("create", "admin/accounts/create", create, right="account.create", method="POST"),
        Route("one", "admin/accounts/<str:account>", one),
        Route("change", "admin/accounts/<str:account>/change", change, right="account.change", method="POST"),
        Route("roles", "admin/accounts/<str:account>/roles", give_roles, right="account.roles", method="POST"),
        Route("reset", "admin/accounts/<str:account>/reset", reset, right="account.reset", method="POST"),
        Route("unlock", "admin/accounts/<str:account>/unlock", unlock, right="account.unlock", method="POST"),
    ),
)  # fmt: skip
