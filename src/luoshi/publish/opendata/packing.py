"""The files of open data of a release: csv, jsonl and parquet of each table, the codebook, Data Package, SDMX, check sums. The same bytes each time."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from luoshi.publish.opendata import sdmx
from luoshi.publish.opendata.codebook import Column, Table, tables
from luoshi.publish.opendata.rows import Row, rows_of
from luoshi.publish.release.content import Content, encode, guard

_MEDIA: Final = {
    ".csv": "text/csv; charset=utf-8", ".jsonl": "application/x-ndjson; charset=utf-8", ".parquet": "application/vnd.apache.parquet",
    ".json": "application/json; charset=utf-8", ".md": "text/markdown; charset=utf-8", "": "text/plain; charset=utf-8",
}  # fmt: skip
_LICENCES: Final = {
    "CC-BY-4.0": ("Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "CC0-1.0": ("Creative Commons Zero 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
    "ODC-By-1.0": ("Open Data Commons Attribution 1.0", "https://opendatacommons.org/licenses/by/1-0/"),
    "ODbL-1.0": ("Open Database License 1.0", "https://opendatacommons.org/licenses/odbl/1-0/"),
}
_JSON: Final = msgspec.json.Encoder(order="sorted")


class FileAbout(msgspec.Struct, frozen=True):
    """A file of open data before it is made: its path, what stands in it, how many rows."""

    path: str
    about: str
    about_en: str
    rows: int | None = None


def about_files(content: Content) -> tuple[FileAbout, ...]:
    """The files that a release has."""
    found = []
    for name, table in tables().items():
        count = len(rows_of(content, name))
        for ending, kind in ((".csv", "CSV"), (".jsonl", "JSON Lines"), (".parquet", "Parquet")):
            found.append(FileAbout(name + ending, f"{table.about.zh}（{kind}）", f"{table.about.en} ({kind})", count))
    found += [FileAbout(path, zh, en) for path, (zh, en) in _OTHERS.items()]
    return tuple(found)


_OTHERS: Final = {
    "codebook.csv": ("数据字典：每张表每一栏", "Codebook: every column of every table"),
    "datapackage.json": ("Data Package 描述", "Data Package descriptor"),
    "sdmx-structure.json": ("指标的 SDMX 结构（SDMX-JSON 2.0）", "SDMX structure of the indicators (SDMX-JSON 2.0)"),
    "sdmx-data.csv": ("指标的 SDMX 数据（SDMX-CSV 2.0）", "SDMX data of the indicators (SDMX-CSV 2.0)"),
    "release.json": ("整个发布", "The whole release"),
    "README.md": ("说明", "Read me"),
    "SHA256SUMS": ("校验值", "Check sums"),
}


def media_of(path: str) -> str:
    """The media type of a file by its ending."""
    dot = path.rfind(".")
    return _MEDIA.get(path[dot:] if dot >= 0 else "", "application/octet-stream")


def files_of(content: Content, *, checked: bool = False) -> dict[str, bytes]:
    """All files by path; the same content gives the same bytes with the same version of this program.

    Every word is checked once more unless it just was (``checked``). Raises ``ReleaseStopped``.
    """
    if not checked:
        guard(content)
    rows = {name: rows_of(content, name) for name in tables()}
    files: dict[str, bytes] = {}
    for name, table in tables().items():
        files[f"{name}.csv"] = write_csv(rows[name], [column.name for column in table.columns])
        files[f"{name}.jsonl"] = b"".join(msgspec.json.encode(row) + b"\n" for row in rows[name])
        files[f"{name}.parquet"] = write_parquet(rows[name], table.columns)
    files["codebook.csv"] = _codebook()
    files["sdmx-structure.json"] = sdmx.structure(content)
    files["sdmx-data.csv"] = sdmx.data(content)
    files["release.json"] = encode(content)
    files["README.md"] = _readme(content, rows)
    files["datapackage.json"] = _package(content, files)
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {path}\n" for path, data in sorted(files.items()))
    return {**files, "SHA256SUMS": sums.encode()}


def write_csv(rows: Sequence[Row], names: Sequence[str]) -> bytes:
    """RFC 4180 in UTF-8 with line feeds of CR LF; nothing is an empty cell, a truth is ``true`` or ``false``."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows([_cell(row[name]) for name in names] for row in rows)
    return out.getvalue().encode()


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return "" if value is None else value


def write_parquet(rows: Sequence[Row], columns: Sequence[Column]) -> bytes:
    """The rows as parquet; every column may be empty, texts are never dates."""
    import pyarrow as pa  # type: ignore[import-untyped]
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    types = {
        "string": pa.string(),
        "date": pa.string(),
        "integer": pa.int64(),
        "year": pa.int32(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
    }
    schema = pa.schema([pa.field(column.name, types[column.type], metadata={"zh": column.zh, "en": column.en}) for column in columns])
    arrays = [pa.array([row[column.name] for row in rows], types[column.type]) for column in columns]
    out = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), out, compression="zstd", version="2.6")
    return out.getvalue()


def _codebook() -> bytes:
    names = ("table", "column", "type", "to", "values", "zh", "en")
    rows = [
        {"table": name, "column": column.name, "type": column.type, "to": column.to, "values": "|".join(column.values), "zh": column.zh, "en": column.en}
        for name, table in tables().items() for column in table.columns
    ]  # fmt: skip
    return write_csv(rows, names)


# --- Data Package


def _package(content: Content, files: Mapping[str, bytes]) -> bytes:
    """``datapackage.json`` as Data Package 1.0 has it; the parquet and SDMX files are resources too, without a schema of rows."""
    title, address = _LICENCES[content.licence]
    package = {
        "profile": "data-package", "name": f"luoshi-{content.id}", "id": f"{content.id}@{content.version}", "title": content.title,
        "description": content.about or content.title, "version": content.version, "created": f"{content.day}T00:00:00Z",
        "licenses": [{"name": content.licence, "title": title, "path": address}], "sources": [{"title": content.region or content.region_code}],
        "luoshi": {"entry": content.as_of, "region_code": content.region_code, "check": content.checked_by, "held": content.held},
        "resources": [resource for name, table in tables().items() for resource in _resources(name, table, files)] + list(_loose(files)),
    }  # fmt: skip
    return msgspec.json.format(_JSON.encode(package), indent=1) + b"\n"


def _resources(name: str, table: Table, files: Mapping[str, bytes]) -> Iterator[dict[str, Any]]:
    yield {
        **_resource(name, f"{name}.csv", files), "profile": "tabular-data-resource", "title": table.title.zh, "description": table.about.zh,
        "encoding": "utf-8", "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "header": True}, "schema": _schema(table),
    }  # fmt: skip
    for ending in ("jsonl", "parquet"):
        yield {**_resource(f"{name}-{ending}", f"{name}.{ending}", files), "profile": "data-resource", "title": table.title.zh}


def _loose(files: Mapping[str, bytes]) -> Iterator[dict[str, Any]]:
    for path in ("codebook.csv", "sdmx-structure.json", "sdmx-data.csv"):
        yield {**_resource(path.partition(".")[0], path, files), "profile": "data-resource", "title": _OTHERS[path][0]}


def _resource(name: str, path: str, files: Mapping[str, bytes]) -> dict[str, Any]:
    data = files[path]
    return {
        "name": name, "path": path, "format": path.rpartition(".")[2], "mediatype": media_of(path).partition(";")[0], "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
    }  # fmt: skip


def _schema(table: Table) -> dict[str, Any]:
    fields = []
    for column in table.columns:
        field: dict[str, Any] = {"name": column.name, "type": column.type, "title": column.zh, "description": column.en}
        if column.values:
            field["constraints"] = {"enum": list(column.values)}
        if column.name == "id":
            field["constraints"] = {"required": True, "unique": True}
        fields.append(field)
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if any(column.name == "id" for column in table.columns):
        schema["primaryKey"] = "id"
    keys = [{"fields": column.name, "reference": {"resource": column.to, "fields": "id"}} for column in table.columns if column.to]
    return {**schema, "foreignKeys": keys} if keys else schema


def _readme(content: Content, rows: Mapping[str, Sequence[Row]]) -> bytes:
    lines = [
        f"# {content.title}", "", content.about or "", "",
        f"{content.region} · {content.version} · {content.licence} · {content.day} · entry {content.as_of}", "",
        "| 表 · table | 行 · rows | |", "|---|---|---|",
        *(f"| {name} | {len(rows[name])} | {table.about.zh} · {table.about.en} |" for name, table in tables().items()), "",
        "每一栏的意思见 codebook.csv。CSV 是 UTF-8（没有 BOM）：用电子表格打开时，请用“从文本导入”并选 UTF-8。",
        "Columns are told in codebook.csv. The csv files are UTF-8 without a byte-order mark.", "",
        "没有公开的，按理由计数 · held back, by reason: " + ("、".join(f"{key} {count}" for key, count in content.held.items()) or "0"), "",
    ]  # fmt: skip
    return "\n".join(lines).encode()
