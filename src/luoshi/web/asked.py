"""What a form asks for, field by field, made from a mechanism's declarations; and what was given, read back with what is wrong beside each field."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

import msgspec

from luoshi.ledger import models
from luoshi.ledger.belonging import today
from luoshi.ledger.called import names_of
from luoshi.ledger.holding import people as people_of
from luoshi.ledger.knowing import ids_of, names_in
from luoshi.ledger.places import tree
from luoshi.loop.filling import wrong_fields
from luoshi.loop.mechanism import Field, Mechanism, Words
from luoshi.web.words import current_lang, say
from luoshi.web.writing import as_decimal

#: how a field of each type is asked for; the others are a line of text
_KINDS: Final[Mapping[str, str]] = {
    "long": "long", "number": "number", "integer": "number", "money": "number", "percent": "number", "date": "date", "moment": "moment",
    "choice": "choice", "yes": "yes", "list": "lines", "phone": "phone", "unit": "units",
}  # fmt: skip
_NUMBERS: Final = frozenset({"number", "integer", "money", "percent"})
_OFFERED: Final = 600


class Option(msgspec.Struct, frozen=True):
    """One of the values that may be chosen."""

    value: str
    label: str
    on: bool = False
    needed: bool = False


class Asked(msgspec.Struct, frozen=True):
    """A field of a form. ``kind`` says how it is asked for; ``value`` what stands in it."""

    name: str
    kind: str
    label: str
    needed: bool = False
    value: str = ""
    help: str = ""
    unit: str = ""
    options: tuple[Option, ...] = ()
    error: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


def in_words(words: Words | None) -> str:
    """The words in the language of the request."""
    return "" if words is None else words.zh if current_lang() == "zh" else words.en


# --- fields of a mechanism


def ask_field(field: Field, value: Any = None, *, needed: bool = False, error: str = "", kept: bool = False) -> Asked:
    """How a field of a mechanism is asked for; ``kept``: it has a value that is not shown, and stays where nothing is written."""
    helps = [in_words(field.help)]
    if field.masked:
        helps.append(say("asked.kept") if kept else say("asked.masked"))
    options = tuple(Option(choice.key, in_words(choice.title), value == choice.key) for choice in field.choices)
    if field.type == "yes":
        options = tuple(Option(key, say(f"word.{key}"), value is (key == "yes")) for key in ("yes", "no"))
    return Asked(
        f"field.{field.key}", _KINDS.get(field.type, "text") if field.type != "yes" else "choice", in_words(field.title),
        needed=needed and not kept, value="" if kept else _written(field, value), help=" ".join(part for part in helps if part),
        unit=field.unit or ("%" if field.type == "percent" else ""), options=options, error=error,
    )  # fmt: skip


def ask_variant(mechanism: Mechanism, chosen: str, error: str = "") -> tuple[Asked, ...]:
    """How the kind of a matter is asked for; nothing where the mechanism has none."""
    options = tuple(Option(one.key, in_words(one.title), one.key == chosen) for one in mechanism.variants)
    asked = Asked("variant", "choice", say("matter_new.variant"), help=say("matter_new.variant_help"), options=options, error=error)
    return (asked,) if options else ()


def _written(field: Field, value: Any) -> str:
    if value in (None, "") or isinstance(value, bool):
        return ""
    if field.type in _NUMBERS and isinstance(value, int | float):
        return f"{value:.12g}"
    if isinstance(value, list | tuple):
        return "\n".join(map(str, value))
    if field.type == "unit":
        return names_of([str(value)]).get(str(value), str(value))
    return str(value)


class Given(msgspec.Struct):
    """What a form gave: the values that could be read, and by the field's name what is wrong with the others."""

    values: dict[str, Any] = {}
    errors: dict[str, str] = {}


def read_fields(mechanism: Mechanism, keys: Iterable[str], post: Mapping[str, str], region: str) -> Given:
    """The fields ``field.<key>`` of a form as the mechanism wants them; those left empty are ``None``."""
    given = Given({}, {})
    for key in keys:
        field = mechanism.field(key)
        name = f"field.{key}"
        if field is None or name not in post:
            continue
        written = post[name].strip()
        value, problem = _read(field, written, region) if written else (None, "")
        problem = problem or wrong_fields(mechanism, {key: value})
        if problem:
            given.errors[name] = problem
        else:
            given.values[key] = value
    return given


def _read(field: Field, written: str, region: str) -> tuple[Any, str]:
    if field.type in _NUMBERS:
        return number(written, whole=field.type == "integer")
    if field.type == "yes":
        return written == "yes", ""
    if field.type == "list":
        return [line.strip() for line in written.splitlines() if line.strip()], ""
    if field.type == "date":
        return (written, "") if is_day(written) else (None, say("asked.no_day"))
    if field.type == "unit":
        found, unknown = unit_ids(written, region)
        return (found[0], "") if found and not unknown else (None, say("asked.no_unit", names=written[:60]))
    return written, ""


def number(written: str, *, whole: bool = False) -> tuple[int | float | None, str]:
    """The number that somebody wrote, ``30%`` and ``1,200`` too; what is wrong where it is none."""
    found = as_decimal(written.strip().rstrip("%％").replace(",", "").replace("，", ""))
    if found is None or (whole and found != found.to_integral_value()):
        return None, say("asked.no_number")
    return (int(found) if found == found.to_integral_value() else float(found)), ""


def is_day(written: str) -> bool:
    """Whether it is a day as forms send it."""
    try:
        return date.fromisoformat(written) is not None and len(written) == len("2026-03-05")
    except ValueError:
        return False


def required_now(mechanism: Mechanism, act: str, fields: Mapping[str, Any], variant: str) -> frozenset[str]:
    """The keys of the fields that this act wants, as far as the fields given so far say."""
    chosen = {**fields, "variant": variant}
    found = {
        field.key for field in mechanism.fields
        if field.required == act and all(chosen.get(key) in values for key, values in field.when.items())
    }  # fmt: skip
    more = mechanism.variant(variant) if act == "file" else None
    return frozenset(found | set(more.required if more else ()))


# --- units and posts


def unit_ids(text: str, region: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(ids of the units named, names that mean none that the ledger knows), in their order; places above the region count too."""
    return ids_of(names_in(text), region)


def known_units(region: str) -> list[str]:
    """The names of the units of a region and of those above it, to be offered while somebody types."""
    rows = models.Organisation.objects.filter(region_code__in=[region, *tree().ancestors(region)], successor="")
    return sorted(set(rows.order_by("id").values_list("name", flat=True)[:_OFFERED]), key=lambda name: (len(name), name))


def known_posts(region: str) -> dict[str, str]:
    """The posts of leaders of a region as they are offered, ``副区长（松问渠）``, with their ids."""
    rows = list(models.Post.objects.filter(region_code=region, live=True).order_by("title", "id")[:_OFFERED])
    found: dict[str, str] = {}
    for row in rows:
        people = "、".join(sorted(people_of([row.id], today())))
        found.setdefault(f"{row.title}（{people}）" if people else row.title, row.id)
    return found


def post_ids(text: str, known: Mapping[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(ids of the posts named, by title, by holder or as they are offered; names that mean none, or more than one)."""
    found, unknown = list[str](), list[str]()
    for name in names_in(text):
        fits = [key for label, key in known.items() if label == name] or [key for label, key in known.items() if name in _parts(label)]
        if len(set(fits)) == 1:
            found.append(fits[0])
        else:
            unknown.append(name)
    return tuple(dict.fromkeys(found)), tuple(unknown)


def _parts(label: str) -> Collection[str]:
    # a title may have brackets of its own (副区长（城建和交通）): who holds the post stands in the last ones
    title, _, people = label.rpartition("（")
    return {title, *people.removesuffix("）").split("、")}


def labels_of(posts: Sequence[str], known: Mapping[str, str]) -> str:
    """The posts as they are offered, for a field in which they stand already."""
    by_id = {key: label for label, key in known.items()}
    return "、".join(by_id[post] for post in posts if post in by_id)
