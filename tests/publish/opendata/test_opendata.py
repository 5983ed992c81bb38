"""Open data: the same content gives the same bytes; Data Package and SDMX say what is in the files; nothing leaves unchecked."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from typing import Any

import msgspec
import pyarrow.parquet as pq
import pytest

from luoshi.publish.opendata import about_files, files_of
from luoshi.publish.opendata.codebook import tables
from luoshi.publish.opendata.rows import rows_of
from luoshi.publish.opendata.sdmx import ATTRIBUTES, DIMENSIONS, codes_of, observations
from luoshi.publish.release.content import (
    Chain,
    Content,
    Document,
    Fact,
    Item,
    Passed,
    ReleaseStopped,
    Shown,
    Told,
    Unit,
    decode,
    encode,
    guard,
)

REPORT = Document(
    "dreport", "云川省澜州市栖山区2026年政府工作报告", "report", "云川省澜州市栖山区", "990102", level="county", year=2026, file="ab" * 32
)


def fact(key: str, role: str, value: float | None, year: int, **more: Any) -> Fact:
    told: dict[str, Any] = {"name": "地区生产总值", "indicator_id": "gdp", "measure": "growth", "unit": "%", "comparator": "eq", **more}
    return Fact(key, "dreport", "measure", 10, 14, "6.1%", "地区生产总值增长6.1%，=好于预期。", role=role, value=value, year=year, **told)


FACTS = (
    fact("f1", "result", 6.1, 2025), fact("f2", "result", 6.2, 2025), fact("f3", "target", 6.0, 2026, comparator="approx", value_max=6.5),
    fact("f4", "target", 30.0, 2026, year_last=2030), fact("f5", "target", None, 2026),
    fact("f6", "result", 4_260_000_000.0, 2025, name="一般公共预算收入", indicator_id="fiscal_revenue", measure="level", unit="元"),
    fact("f7", "target", 1200.0, 2026, name="快递驿站", indicator_id="", measure="level", unit="处"),
)  # fmt: skip
ITEM = Item(
    "ipark", "民2026-000001", "新建口袋公园", "M13", "民生实事", "990102", "云川省澜州市栖山区", "实施中", "live", text="新建口袋公园 9 个。\n“一街一园”",
    field="环境", year=2026, lead=(Unit("o1", "区城管局"),), support=(Unit("o2", "鹭渚街道办事处"),), leaders=("副区长（城建和交通）",),
    due="2026-12-31", original="2026-10-31", opened="2026-01-20", count=4.0, target=9.0, unit="个", percent=44.4444, late=False,
    fields=(Shown("votes", "票决结果", "vote", "票决通过"),), told=(Told("2026-02-01", "公布清单", "清单已公布"),),
)  # fmt: skip
CONTENT = Content(
    id="rtest", title="2026年目标任务和民生实事", about="演示", region="云川省澜州市栖山区", region_code="990102", version="2026.1", licence="CC-BY-4.0",
    as_of=1204, day="2026-03-05", documents=(REPORT,), facts=FACTS, items=(ITEM,),
    chains=(Chain("c1", "f3", "not_yet", year=2026, indicator="gdp"),), held={"personal": 2},
)  # fmt: skip
FILES = files_of(CONTENT)
PACKAGE = json.loads(FILES["datapackage.json"])


def sheet(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(FILES[name].decode(), newline="")))


def test_the_same_release_gives_the_same_bytes() -> None:
    assert files_of(decode(encode(CONTENT))) == FILES
    assert {about.path for about in about_files(CONTENT)} == set(FILES)
    sums = dict(line.split("  ")[::-1] for line in FILES["SHA256SUMS"].decode().splitlines())
    assert sums == {path: hashlib.sha256(data).hexdigest() for path, data in FILES.items() if path != "SHA256SUMS"}


@pytest.mark.parametrize("name", tables())
def test_csv_jsonl_and_parquet_hold_the_same_rows(name: str) -> None:
    rows = rows_of(CONTENT, name)
    lines = [msgspec.json.decode(line) for line in FILES[f"{name}.jsonl"].splitlines()]
    assert lines == rows
    parquet = pq.read_table(io.BytesIO(FILES[f"{name}.parquet"]))
    assert parquet.to_pylist() == rows
    assert parquet.schema.names == [column.name for column in tables()[name].columns]
    told = sheet(f"{name}.csv")
    assert len(told) == len(rows)
    for cells, row in zip(told, rows, strict=True):
        for column in tables()[name].columns:
            assert _read(cells[column.name], column.type) == row[column.name]


def _read(cell: str, type_: str) -> Any:
    if cell == "":
        return None
    return {"integer": int, "year": int, "number": float, "boolean": lambda text: text == "true"}.get(type_, str)(cell)


def test_targets_and_results_are_those_of_the_facts() -> None:
    assert [row["id"] for row in rows_of(CONTENT, "targets")] == ["f3", "f4", "f5", "f7"]
    assert [row["id"] for row in rows_of(CONTENT, "results")] == ["f1", "f2", "f6"]
    assert [(row["role"], row["unit"]) for row in rows_of(CONTENT, "duties")] == [("lead", "区城管局"), ("support", "鹭渚街道办事处")]


# --- Data Package and Table Schema 1.0, rule by rule


def test_the_package_keeps_the_rules_of_data_package() -> None:
    assert re.fullmatch(r"[a-z0-9._-]+", PACKAGE["name"])
    assert PACKAGE["profile"] == "data-package"
    assert PACKAGE["version"] == "2026.1"
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", PACKAGE["created"])
    assert [set(one) for one in PACKAGE["licenses"]] == [{"name", "title", "path"}]
    names = [resource["name"] for resource in PACKAGE["resources"]]
    assert len(names) == len(set(names))
    for resource in PACKAGE["resources"]:
        assert re.fullmatch(r"[a-z0-9._-]+", resource["name"])
        assert not resource["path"].startswith(("/", ".", "http"))
        data = FILES[resource["path"]]
        assert resource["bytes"] == len(data)
        assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        assert resource["profile"] in ("data-resource", "tabular-data-resource")


def test_every_table_keeps_its_schema() -> None:
    tabular = {one["name"]: one for one in PACKAGE["resources"] if one["profile"] == "tabular-data-resource"}
    assert set(tabular) == set(tables())
    ids = {
        name: {row["id"] for row in rows_of(CONTENT, name)}
        for name in tables()
        if "id" in [column.name for column in tables()[name].columns]
    }
    for name, resource in tabular.items():
        schema, rows = resource["schema"], sheet(f"{name}.csv")
        assert (resource["encoding"], schema["missingValues"]) == ("utf-8", [""])
        assert FILES[f"{name}.csv"].decode().splitlines()[0].split(",") == [field["name"] for field in schema["fields"]]
        for field in schema["fields"]:
            assert field["type"] in {"string", "integer", "number", "boolean", "year", "date"}
            for row in rows:
                assert _fits(row[field["name"]], field), (name, field["name"], row[field["name"]])
        if "primaryKey" in schema:
            keys = [row[schema["primaryKey"]] for row in rows]
            assert len(keys) == len(set(keys))
        for key in schema.get("foreignKeys", ()):
            assert {row[key["fields"]] for row in rows} - {""} <= ids[key["reference"]["resource"]]


def _fits(cell: str, field: dict[str, Any]) -> bool:
    constraints = field.get("constraints", {})
    if cell == "":
        return not constraints.get("required")
    forms = {
        "integer": r"-?\d+",
        "number": r"-?\d+(\.\d+)?(e[+-]?\d+)?",
        "boolean": "true|false",
        "year": r"\d{4}",
        "date": r"\d{4}-\d{2}-\d{2}",
    }
    return bool(re.fullmatch(forms.get(field["type"], r"(?s).*"), cell)) and ("enum" not in constraints or cell in constraints["enum"])


# --- SDMX


def test_the_structure_is_read_back_by_pysdmx_and_every_code_of_the_data_is_in_its_list() -> None:
    from pysdmx.io.json.sdmxjson2.messages import JsonStructureMessage

    message = msgspec.json.decode(FILES["sdmx-structure.json"], type=JsonStructureMessage).to_model()
    (structure,) = message.get_data_structure_definitions()
    assert [one.id for one in structure.components.dimensions] == [*DIMENSIONS, "TIME_PERIOD"]
    assert [one.id for one in structure.components.measures] == ["OBS_VALUE"]
    assert {one.id for one in structure.components.attributes} == set(ATTRIBUTES)
    lists = {one.id: {code.id for code in one.items} for one in message.get_codelists()}
    rows = sheet("sdmx-data.csv")
    assert [one.id for one in message.get_dataflows()] == ["LUOSHI_INDICATORS"]
    assert {row["STRUCTURE_ID"] for row in rows} == {"LUOSHI:LUOSHI_INDICATORS(1.0.0)"}
    for row in rows:
        for dimension, codelist in DIMENSIONS.items():
            assert row[dimension] in lists[codelist], (dimension, row[dimension])
        assert re.fullmatch(r"\d{4}(-01-01/P\d+Y)?", row["TIME_PERIOD"])
        float(row["OBS_VALUE"])
    assert all(re.fullmatch(r"[A-Za-z0-9_@$-]+", code) for codes in codes_of(CONTENT).values() for code in codes)


def test_observations_have_one_value_a_key_and_say_what_else_was_said() -> None:
    found = {one.attributes["FACT"]: one for one in observations(CONTENT)}
    assert set(found) == {"f1", "f3", "f4", "f6"}
    at = {name: place for place, name in enumerate(DIMENSIONS)}
    assert found["f1"].attributes["OTHER_VALUES"] == "6.2"
    assert [found["f1"].key[at[name]] for name in ("TRANSFORMATION", "PRICE", "OBS_STATUS", "ROLE", "UNIT_MEASURE")] == [
        "GY",
        "L",
        "A",
        "R",
        "PCT",
    ]
    assert [found["f6"].key[at[name]] for name in ("TRANSFORMATION", "PRICE", "UNIT_MEASURE")] == ["N", "_X", "CNY"]
    assert (found["f4"].time, found["f4"].key[at["TRANSFORMATION"]]) == ("2026-01-01/P5Y", "GS")
    assert found["f3"].attributes["OBS_VALUE_MAX"] == "6.5"


# --- nothing leaves unchecked


@pytest.mark.parametrize("place", ["title", "about", "fact", "item", "field", "told", "unit"])
def test_a_secret_put_into_the_content_is_found_wherever_it_is(place: str) -> None:
    mark = "机密★10年"
    changed: dict[str, Any] = {
        "title": {"title": mark}, "about": {"about": mark}, "fact": {"facts": (msgspec.structs.replace(FACTS[0], clause=mark),)},
        "item": {"items": (msgspec.structs.replace(ITEM, text=mark),)},
        "field": {"items": (msgspec.structs.replace(ITEM, fields=(Shown("x", "备注", "note", mark),)),)},
        "told": {"items": (msgspec.structs.replace(ITEM, told=(Told("2026-01-01", "公布", mark),)),)},
        "unit": {"items": (msgspec.structs.replace(ITEM, lead=(Unit("o1", mark),)),)},
    }[place]  # fmt: skip
    with pytest.raises(ReleaseStopped, match="国家秘密"):
        files_of(msgspec.structs.replace(CONTENT, **changed))


def test_what_a_person_let_pass_passes_and_a_state_secret_never_does() -> None:
    item = msgspec.structs.replace(ITEM, text="业主方启明投诉电梯停用")
    stopped = msgspec.structs.replace(CONTENT, items=(item,))
    with pytest.raises(ReleaseStopped, match="个人信息"):
        guard(stopped)
    guard(msgspec.structs.replace(stopped, passed=(Passed("ipark", "personal", "name", "方*"),)))
    secret = msgspec.structs.replace(CONTENT, items=(msgspec.structs.replace(ITEM, text="机密★10年"),))
    with pytest.raises(ReleaseStopped, match="不能放行"):
        guard(msgspec.structs.replace(secret, passed=(Passed("ipark", "state-secret", "密级和保密期限", "机密★"),)))
