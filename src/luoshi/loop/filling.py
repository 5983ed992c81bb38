"""The fields of a matter: which an act wants, and whether what was given fits them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, TypeGuard

from luoshi.loop.mechanism import Field, Mechanism
from luoshi.loop.timing import day_given

LONGEST: Final = 20_000
_GREATEST: Final = 10**15


def missing_fields(mechanism: Mechanism, act: str, fields: Mapping[str, Any], variant: str = "") -> str:
    """The fields that this act wants and that are not there; ``""`` where none is missing."""
    more = found.required if (found := mechanism.variant(variant)) else ()
    chosen = {**fields, "variant": variant}
    wanted = [
        field
        for field in mechanism.fields
        if (field.required == act and all(chosen.get(key) in values for key, values in field.when.items()))
        or (act == "file" and field.key in more)
    ]
    missing = [field.title.zh for field in wanted if fields.get(field.key) in (None, "", [], ())]
    return f"请填：{'、'.join(missing)}" if missing else ""


def wrong_fields(mechanism: Mechanism, fields: Mapping[str, Any]) -> str:
    """What is wrong with these fields; ``""`` where nothing is."""
    wrong = []
    for key, value in fields.items():
        field = mechanism.field(key)
        if field is None:
            wrong.append(f"没有“{key}”这一项")
        elif not _fits(field, value):
            wrong.append(f"{field.title.zh}的值不对")
    return "；".join(wrong)


def is_number(value: object) -> TypeGuard[int | float]:
    """Whether it is a number that can be written down and counted with; larger ones are slips of the pen."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= _GREATEST


def _fits(field: Field, value: Any) -> bool:
    if value in (None, ""):
        return True
    kind = field.type
    if kind in {"number", "money", "percent", "integer"}:
        return is_number(value) and (kind != "integer" or isinstance(value, int))
    if kind == "date":
        return day_given(value) is not None
    if kind == "choice":
        return isinstance(value, str) and value in {choice.key for choice in field.choices}
    if kind == "yes":
        return isinstance(value, bool)
    if kind == "list":
        return isinstance(value, list | tuple) and len(value) <= 1000
    if field.pattern and not (isinstance(value, str) and re.fullmatch(field.pattern, value[:200])):
        return False
    return isinstance(value, str) and len(value) <= LONGEST
