"""The codebook of open data: its tables and columns, as data."""

from __future__ import annotations

from functools import cache
from typing import Final, Literal

import msgspec

from luoshi.errors import BadTable
from luoshi.loop.mechanism import Words
from luoshi.tables import load_table

Type = Literal["string", "integer", "number", "boolean", "year", "date"]
_WHERE: Final = "luoshi/publish/opendata/codebook.yaml"


class Column(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A column: name, type of Table Schema, what it holds; ``to`` the table whose id it names, ``values`` a closed list."""

    name: str
    type: Type
    zh: str
    en: str
    to: str = ""
    values: tuple[str, ...] = ()


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table; ``of`` another whose columns it has."""

    title: Words
    about: Words
    columns: tuple[Column, ...] = ()
    of: str = ""


class _Codebook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    tables: dict[str, Table]


@cache
def tables() -> dict[str, Table]:
    """All tables by name, in order; each with its columns."""
    found = load_table("luoshi.publish.opendata", "codebook.yaml", _Codebook).tables
    for name, table in found.items():
        if table.of and table.of not in found:
            raise BadTable(f"没有“{table.of}”这张表", where=f"{_WHERE}/{name}", remedy="请改正 of")
    return {name: msgspec.structs.replace(table, columns=found[table.of].columns) if table.of else table for name, table in found.items()}
