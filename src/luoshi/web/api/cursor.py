"""Where a list goes on: the key of the last row told, as one word that means nothing to anybody else."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any, Final, TypeVar

import msgspec
from django.db.models import Model, Q, QuerySet

from luoshi.errors import LuoshiError

Row = TypeVar("Row", bound=Model)
#: rows of a page where nothing is said, and at most
USUAL: Final = 50
MOST: Final = 200
_GREATEST: Final = 2**62


class WrongCursor(LuoshiError):
    """A word that is no cursor of this list."""

    slug = "wrong-cursor"
    status = 400


def write(of: str, *key: int | str) -> str:
    """The cursor after the row with this key.

    >>> read("items", write("items", 7, "ia"), int, str)
    (7, 'ia')
    """
    return urlsafe_b64encode(msgspec.json.encode([of, *key])).decode().rstrip("=")


def read(of: str, cursor: str, *kinds: type) -> tuple[Any, ...]:
    """The key that the cursor holds; ``()`` without one. Raises ``WrongCursor``."""
    if not cursor:
        return ()
    try:
        told = msgspec.json.decode(urlsafe_b64decode(f"{cursor}{'=' * (-len(cursor) % 4)}"), type=list[int | str])
    except (ValueError, msgspec.DecodeError):
        told = []
    fits = len(told) == len(kinds) + 1 and told[0] == of and all(type(one) is kind for one, kind in zip(told[1:], kinds, strict=True))
    if not fits or any(isinstance(one, int) and not -_GREATEST < one < _GREATEST or isinstance(one, str) and "\0" in one for one in told):
        raise WrongCursor("不是这一列表的续页标记", where="cursor", remedy="请原样带回上一页的 next；不带就从头开始")
    return tuple(told[1:])


def page(of: str, found: QuerySet[Row], order: Sequence[str], cursor: str, limit: int) -> tuple[list[Row], str | None]:
    """(rows, the cursor after them or None where there are no more). ``order``: columns that tell every row from every other, ``-`` for down."""
    names = [name.removeprefix("-") for name in order]
    kinds = [int if _is_number(found, name) else str for name in names]
    key = read(of, cursor, *kinds)
    if key:
        found = found.filter(_after(order, key))
    rows = list(found.order_by(*order)[: limit + 1])
    if len(rows) <= limit:
        return rows, None
    return rows[:limit], write(of, *(getattr(rows[limit - 1], name) for name in names))


def _is_number(found: QuerySet[Any], name: str) -> bool:
    return "Integer" in found.model._meta.get_field(name).get_internal_type()  # noqa: SLF001 - Django's public meta


def _after(order: Sequence[str], key: Sequence[Any]) -> Q:
    """The rows behind a key: greater in the first column in which they differ."""
    beyond, same = Q(pk__in=[]), Q()
    for name, value in zip(order, key, strict=True):
        plain = name.removeprefix("-")
        beyond |= same & Q(**{f"{plain}__{'lt' if name.startswith('-') else 'gt'}": value})
        same &= Q(**{plain: value})
    return beyond


def cut(of: str, rows: Sequence[Any], cursor: str, limit: int) -> tuple[Sequence[Any], str | None]:
    """The same of a list that is made whole, by the place in it."""
    (at,) = read(of, cursor, int) or (0,)
    if at < 0:
        raise WrongCursor("不是这一列表的续页标记", where="cursor", remedy="请原样带回上一页的 next；不带就从头开始")
    return rows[at : at + limit], write(of, at + limit) if at + limit < len(rows) else None
