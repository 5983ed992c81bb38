"""Administration of settings: those that can be changed here, those that the installation is told, two readers, backup."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from luoshi.desk.api_keys import SUBJECT
from luoshi.desk.matters.ruling import VARIANTS, current, light_rule, light_rules
from luoshi.desk.settings import change
from luoshi.errors import LuoshiError
from luoshi.ledger import models
from luoshi.ledger.settings_now import SETTINGS, now
from luoshi.web.page import Page, Route, go, note, show
from luoshi.web.pages.organisation.view import actor_for
from luoshi.web.signin import config
from luoshi.web.words import current_lang, say

#: settings that the installation is told: name of the word and of the variable, value
_TOLD: Final = (
    ("strict", "LUOSHI_STRICT"), ("session_minutes", "LUOSHI_SESSION_MINUTES"), ("session_hours", "LUOSHI_SESSION_HOURS"),
    ("log_days", "LUOSHI_LOG_DAYS"), ("length", "LUOSHI_PASSWORD_LENGTH"), ("days", "LUOSHI_PASSWORD_DAYS"), ("history", "LUOSHI_PASSWORD_HISTORY"),
    ("failures", "LUOSHI_LOCK_FAILURES"), ("lock_minutes", "LUOSHI_LOCK_MINUTES"), ("lang", "LUOSHI_LANG"),
)  # fmt: skip
#: the settings that are on or off, in the order of the page
_SWITCHES: Final = ("notify_workdays", "notify_urgent")
_ON_OFF: Final = (*_SWITCHES, "open311", "api", "assistant_acts")
_RECORD: Final = ("portal", "clues")
_HALF_HOURS: Final = next(setting.choices for setting in SETTINGS if setting.name == "notify_quiet_from")


def view(request: HttpRequest) -> HttpResponseBase:
    """The settings as they are, each with what it does and where it is set."""
    changes = models.Entry.objects.filter(act="setting.change").order_by("-seq")[:20]
    people = dict(models.Account.objects.filter(pk__in={entry.actor for entry in changes}).values_list("id", "name"))
    set_now = now()
    values = {
        "now": set_now, "half_hours": _HALF_HOURS, "notify_switches": [(name, set_now.text(name) == "1") for name in _SWITCHES], "told": [(name, variable, _value(name)) for name, variable in _TOLD],
        "changes": [{"at": entry.at, "who": people.get(entry.actor, entry.actor), "name": entry.subject.partition(":")[0], "value": _shown(entry)} for entry in changes],
        "record_switches": [(name, set_now.text(name) == "1") for name in _RECORD], "database": settings.LUOSHI.database.engine, "rules": _rules(), "variants": _variants(),
    }  # fmt: skip
    return show(request, values)


def _rules() -> list[tuple[str, str, str, str]]:
    """The light rules that can be set: key, title, what it is about, where it is from. One of the office that cannot be read says why."""
    found = []
    for key in light_rules():
        try:
            rule = light_rule(key)
        except LuoshiError as error:
            found.append((key, key, error.what, ""))
            continue
        title, about = (rule.title.zh, rule.about.zh) if current_lang() == "zh" else (rule.title.en, rule.about.en)
        found.append((key, title, about, "；".join(source.title for source in rule.sources)))
    return found


def _variants() -> list[tuple[str, str, str, list[tuple[str, str]]]]:
    """The mechanisms whose usual variant can be set: name of the setting, title, what is set, keys and titles of the variants."""
    found, zh = [], current_lang() == "zh"
    for name, key in VARIANTS.items():
        mechanism = current(key)
        choices = [(one.key, one.title.zh if zh else one.title.en) for one in mechanism.variants]
        found.append((name, mechanism.title.zh if zh else mechanism.title.en, now().text(name), choices))
    return found


def _value(name: str) -> str:
    """A setting of the installation in words."""
    policy = config.current().policy
    value: Any = getattr(policy, name) if hasattr(policy, name) else getattr(settings.LUOSHI, name)
    if isinstance(value, bool):
        return say("admin_settings.switched_on" if value else "admin_settings.switched_off")
    if name == "days" and not value:
        return say("admin_settings.forever")
    return {"zh": "中文", "en": "English"}.get(value, str(value))


def _shown(entry: models.Entry) -> str:
    told = msgspec.json.decode(entry.data)["value"]
    if entry.subject.startswith(f"{SUBJECT}:"):
        return told["name"] if told["live"] else say("admin_settings.key_withdrawn", name=told["name"])
    if entry.subject == SUBJECT:
        return "、".join(key["name"] for key in told if key["live"]) or say("word.none")
    value = str(told)
    if entry.subject == "lights":
        return next((title for key, title, *_ in _rules() if key == value), value)
    if entry.subject in (*_ON_OFF, *_RECORD):
        return say("admin_settings.switched_on" if value == "1" else "admin_settings.switched_off")
    if value == "off" and entry.subject == "notify_digest":
        return say("admin_settings.never")
    return say(f"admin_settings.readers_{value}") if entry.subject == "readers" else value or say("word.none")


def save(request: HttpRequest) -> HttpResponseBase:
    """The settings have these values from now on."""
    given = {setting.name: request.POST[setting.name] for setting in SETTINGS if setting.name in request.POST}
    done = change(actor_for(request), given)
    note(request, say("admin_settings.saved" if done.count else "admin_settings.unchanged"))
    return go(request, "admin_settings")


PAGE = Page(
    "admin_settings", "admin/settings", view, right="admin.settings",
    routes=(Route("save", "admin/settings/save", save, right="settings.change", method="POST"),),
)  # fmt: skip
