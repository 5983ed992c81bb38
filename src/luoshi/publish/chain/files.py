"""Tables as csv, xlsx and parquet, from columns that know their key, their heading and how they are shown."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO, Final, Literal

import msgspec

from luoshi.publish.grid import Head, Value, batched, to_csv, to_xlsx

Form = Literal["csv", "xlsx", "parquet"]
ENDINGS: Final = {"csv": ".csv", "xlsx": ".xlsx", "parquet": ".parquet"}
_WHOLE: Final = frozenset({"year", "number"})
_BATCH: Final = 10_000


class Column(msgspec.Struct, frozen=True):
    """A column: its key in parquet, its heading for people, and how its values are shown (``grid.Head.shown``)."""

    key: str
    title: str
    shown: str


def write_table(form: Form, title: str, columns: Sequence[Column], rows: Iterable[Sequence[Value]], out: BinaryIO) -> None:
    """Writes the table. A parquet file has the keys as names and the headings in the metadata of its fields."""
    heads = [Head(one.title, one.shown) for one in columns]
    if form == "csv":
        out.writelines(to_csv(heads, rows))
    elif form == "xlsx":
        with to_xlsx(title, heads, rows) as made:
            shutil.copyfileobj(made, out)
    else:
        _write_parquet(columns, rows, out)


def _write_parquet(columns: Sequence[Column], rows: Iterable[Sequence[Value]], out: BinaryIO) -> None:
    import pyarrow  # type: ignore[import-untyped]
    from pyarrow import parquet

    schema = pyarrow.schema([pyarrow.field(one.key, _type(pyarrow, one.shown), metadata={"title": one.title}) for one in columns])
    with parquet.ParquetWriter(out, schema, compression="zstd") as writer:
        for some in batched(rows, _BATCH):
            arrays = [
                pyarrow.array(list(_plain(values)), type=field.type) for values, field in zip(zip(*some, strict=True), schema, strict=True)
            ]
            writer.write_table(pyarrow.Table.from_arrays(arrays, schema=schema))


def _type(pyarrow: Any, shown: str) -> Any:
    return pyarrow.int64() if shown in _WHOLE else pyarrow.float64() if shown == "amount" else pyarrow.string()


def _plain(values: Iterable[Value]) -> Iterator[Value]:
    """Text that UTF-8 cannot hold has a question mark in its place."""
    return (value.encode("utf-8", "replace").decode() if isinstance(value, str) else value for value in values)
