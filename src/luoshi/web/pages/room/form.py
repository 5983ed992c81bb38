"""The form in which a fact is corrected: its fields with choices, and what a person wrote in it as values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import msgspec

from luoshi.desk.days import read_day
from luoshi.desk.done import WrongValue
from luoshi.extract.catalogue import indicator_id, indicators
from luoshi.web.pages.room.wording import LISTS, NAMES, as_read, indicator_name, label, shown
from luoshi.web.words import say, say_word
from luoshi.web.writing import as_decimal, show_amount

#: the fields of the form, by kind of fact, in their order
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "measure": ("name", "indicator_id", "role", "measure", "direction", "comparator", "value", "value_max", "unit", "year", "year_last", "strength"),
    "task": ("name", "leaders", "lead_units", "support_units", "due"),
    "project": ("name", "stage", "role", "year"),
    "term": ("name",),
}  # fmt: skip
#: fields that may be chosen but not left open
_NEEDED: Final = frozenset({"role", "measure", "comparator", "strength", "stage"})
#: the values of closed lists in the order of the form
CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "role": ("target", "result", "attribute"), "measure": ("level", "growth", "change", "rank"), "direction": ("up", "down"),
    "comparator": ("eq", "ge", "le", "approx", "range", "above", "below", "with", "all", "zero", "both_down", "both_up", "assigned", "unchanged"),
    "strength": ("firm", "plain", "strive", "forecast"), "stage": ("planned", "signed", "started", "building", "built", "running"),
}  # fmt: skip
_SCALES: Final = {"": 1, "万亿": 10**12, "亿": 10**8, "千万": 10**7, "百万": 10**6, "万": 10**4, "千": 1000, "百": 100}
_NUMBER: Final = re.compile(r"([-+−]?\d[\d,，]*(?:\.\d+)?)\s*(万亿|亿|千万|百万|万|千|百)?\s*(\D*)")


class Field(msgspec.Struct, frozen=True):
    """One field: ``kind`` text number year names indicator day choice; ``read`` what the rule said, in words; ``choices`` (value, word)."""

    name: str
    label: str
    kind: str
    value: str
    read: str
    choices: tuple[tuple[str, str], ...] = ()
    help: str = ""
    #: whether it begins with something else than what the rule said
    changed: bool = False


def fields_of(kind: str, record: Mapping[str, Any], says: Mapping[str, Any]) -> list[Field]:
    """The form's fields; ``says``: what a person put already, which is what the form begins with."""
    read = as_read(kind, record)
    now = {**read, **says}
    return [_field(name, read, now) for name in FIELDS[kind]]


def _field(name: str, read: Mapping[str, Any], now: Mapping[str, Any]) -> Field:
    kind = _kind(name)
    return Field(
        name, label(name), kind, _written(name, now), shown(name, read.get(name), read), _choices(name) if kind == "choice" else (),
        say(f"room.help_{kind}") if kind in ("number", "names", "indicator", "day") and name != "value_max" else "",
        not _same(now.get(name), read.get(name)),
    )  # fmt: skip


def _kind(name: str) -> str:
    if name in LISTS:
        return "choice"
    if name in NAMES:
        return "names"
    return {"value": "number", "value_max": "number", "year": "year", "year_last": "year", "indicator_id": "indicator", "due": "day"}.get(
        name, "text"
    )


def _choices(name: str) -> tuple[tuple[str, str], ...]:
    none = () if name in _NEEDED else (("", say("word.none")),)
    return (*none, *((value, say_word(name, value)) for value in CHOICES[name]))


def _written(name: str, now: Mapping[str, Any]) -> str:
    """The value as the field shows it: numbers with 万 and 亿 and without their unit."""
    value = now.get(name)
    if value in (None, ""):
        return ""
    if name in ("value", "value_max"):
        unit = str(now.get("unit") or "")
        return show_amount(value, unit, "zh").removesuffix(unit)
    if name in NAMES:
        return "、".join(value)
    return indicator_name(str(value)) if name == "indicator_id" else str(value)


def read_form(kind: str, record: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, Any]:
    """What the person says otherwise than the rule; only that. Raises ``WrongValue`` where a value cannot be read.

    A unit written behind the number is the unit.
    """
    read, found, behind = as_read(kind, record), dict[str, Any](), ""
    for name in FIELDS[kind]:
        if name in given:
            found[name], unit = _value(name, str(given[name]).strip())
            behind = behind or unit
    if behind:
        found["unit"] = behind
    return {name: value for name, value in found.items() if not _same(value, read.get(name))}


def _same(value: Any, read: Any) -> bool:
    return bool(value == read) or (value in (None, "", []) and read in (None, "", []))


def _value(name: str, text: str) -> tuple[Any, str]:
    """The value of a field and, of a number, the unit written behind it."""
    if name in ("value", "value_max"):
        return _number(name, text)
    if name in ("year", "year_last"):
        return _year(name, text), ""
    if name in NAMES:
        return [one.strip() for one in re.split(r"[、，,;；\n]", text) if one.strip()], ""
    if name == "indicator_id":
        return _indicator(text), ""
    return (read_day(text, label("due")) if name == "due" else text), ""


def _number(name: str, text: str) -> tuple[int | float | None, str]:
    if not text:
        return None, ""
    match = _NUMBER.fullmatch(text)
    number = as_decimal(match[1].replace(",", "").replace("，", "").replace("−", "-")) if match else None
    if match is None or number is None:
        raise WrongValue(f"“{text[:40]}”不是数", where=label(name), remedy="请写数字，例如 1250亿 或 6.5")
    number *= Decimal(_SCALES[match[2] or ""])
    return (int(number) if number == number.to_integral_value() else float(number)), match[3].strip()


def _year(name: str, text: str) -> int | None:
    digits = text.removesuffix("年")
    if not digits:
        return None
    if not (digits.isascii() and digits.isdigit() and len(digits) == 4):
        raise WrongValue(f"“{text[:40]}”不是年份", where=label(name), remedy="请写四位年份，例如 2026")
    return int(digits)


def _indicator(text: str) -> str:
    """The id of the indicator that the words name; raises ``WrongValue`` where the catalogue has none of that name."""
    if not text:
        return ""
    if any(text == known.id for known in indicators()):
        return text
    found = indicator_id(text)
    if not found:
        raise WrongValue(f"指标目录里没有“{text[:40]}”", where=label("indicator_id"), remedy="请从提示中选择，或留空")
    return found


def suggestions(words: str, limit: int = 10) -> list[dict[str, str]]:
    """Indicators of the catalogue whose name or another name holds these words, the closest first: ``{id, name, unit}``."""
    wanted = "".join(words.split()).lower()
    if not wanted:
        return []
    found = []
    for order, known in enumerate(indicators()):
        names = (known.name, *known.aliases, known.id)
        ranks = [_rank(wanted, name.lower()) + (1 if at else 0) for at, name in enumerate(names) if wanted in name.lower()]
        if ranks:
            found.append((min(ranks), len(known.name), order, known))
    exact = indicator_id(words)
    best = sorted(found, key=lambda entry: (entry[3].id != exact, *entry[:3]))[:limit]
    return [{"id": known.id, "name": known.name, "unit": known.unit} for *_, known in best]


def _rank(wanted: str, name: str) -> int:
    return 0 if name == wanted else 2 if name.startswith(wanted) else 4
