"""Indicators as SDMX: structure by pysdmx in SDMX-JSON 2.0, observations in SDMX-CSV 2.0, one dataflow.

The source of each observation is a dimension: two documents may say different things of one year, and both are shown.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from fnmatch import fnmatch
from functools import cache
from typing import Any, Final

import msgspec

from luoshi.extract.catalogue import indicators
from luoshi.publish.release.content import Content, Document, Fact
from luoshi.tables import load_table

DATAFLOW: Final = "LUOSHI_INDICATORS"
VERSION: Final = "1.0.0"
#: the dimensions with their code lists, in order; the time comes last
DIMENSIONS: Final = {
    "FREQ": "CL_FREQ", "REF_AREA": "CL_AREA", "INDICATOR": "CL_INDICATOR", "ROLE": "CL_ROLE", "UNIT_MEASURE": "CL_UNIT_MEASURE",
    "UNIT_MULT": "CL_UNIT_MULT", "TRANSFORMATION": "CL_TRANSFORMATION", "PRICE": "CL_PRICE", "OBS_STATUS": "CL_OBS_STATUS", "SOURCE": "CL_SOURCE",
}  # fmt: skip
_TIME: Final = "TIME_PERIOD"
_MEASURE: Final = "OBS_VALUE"
#: what is said besides of an observation
ATTRIBUTES: Final = {
    "FACT": "事实编号 · id of the fact", "COMPARATOR": "比较词 · comparator", "OBS_VALUE_MAX": "区间上限 · upper end of a range",
    "OTHER_VALUES": "同一文件里的其他说法 · other values in the same document", "QUOTE": "原文 · the words",
}  # fmt: skip
_CODE: Final = re.compile(r"[A-Za-z0-9_@$-]+")
_PRICED: Final = frozenset({"元", "美元"})


class _List(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    zh: str
    en: str
    codes: dict[str, tuple[str, str]]


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    agency: str
    units: dict[str, str]
    constant: tuple[str, ...]
    codelists: dict[str, _List]


@cache
def _table() -> _Table:
    return load_table("luoshi.publish.opendata", "sdmx.yaml", _Table)


class Observation(msgspec.Struct, frozen=True):
    """One observation: its key by dimension, the year or span, the value, attributes."""

    key: tuple[str, ...]
    time: str
    value: float
    attributes: dict[str, str]


def observations(content: Content) -> list[Observation]:
    """The indicators of a release: the first fact of each key, others of the same document beside it; sorted."""
    documents = {one.id: one for one in content.documents}
    found: dict[tuple[tuple[str, ...], str], Observation] = {}
    for fact in content.facts:
        if (
            fact.kind != "measure"
            or fact.role not in ("target", "result")
            or not fact.indicator_id
            or fact.value is None
            or fact.year is None
        ):
            continue
        one = _observed(fact, documents[fact.document])
        known = found.get((one.key, one.time))
        found[one.key, one.time] = one if known is None else _beside(known, one)
    return [found[key] for key in sorted(found)]


def _observed(fact: Fact, document: Document) -> Observation:
    key = {
        "FREQ": "A", "REF_AREA": code_of(document.region_code), "INDICATOR": fact.indicator_id, "ROLE": "T" if fact.role == "target" else "R",
        "UNIT_MEASURE": unit_code(fact.unit), "UNIT_MULT": "0", "TRANSFORMATION": _transformation(fact), "PRICE": _price(fact),
        "OBS_STATUS": "F" if fact.role == "target" else "P" if fact.strength == "forecast" else "A", "SOURCE": code_of(document.id),
    }  # fmt: skip
    time = (
        f"{fact.year}"
        if not fact.year_last or fact.year_last == fact.year
        else f"{fact.year}-01-01/P{fact.year_last - (fact.year or 0) + 1}Y"
    )
    attributes = {
        "FACT": fact.id, "COMPARATOR": fact.comparator, "QUOTE": fact.text,
        "OBS_VALUE_MAX": _number(fact.value_max) if fact.value_max is not None else "", "OTHER_VALUES": "",
    }  # fmt: skip
    return Observation(tuple(key[name] for name in DIMENSIONS), time, float(fact.value or 0), attributes)


def _beside(known: Observation, other: Observation) -> Observation:
    """The first with the value of another fact of the same key noted, where it differs."""
    if known.value == other.value:
        return known
    values = [part for part in known.attributes["OTHER_VALUES"].split(";") if part]
    told = ";".join(dict.fromkeys([*values, _number(other.value)]))
    return msgspec.structs.replace(known, attributes={**known.attributes, "OTHER_VALUES": told})


def _transformation(fact: Fact) -> str:
    if fact.measure == "growth":
        return "GS" if fact.year_last and fact.year_last != fact.year else "GY"
    return {"change": "CY", "rank": "RK"}.get(fact.measure, "N")


def _price(fact: Fact) -> str:
    if any(fnmatch(fact.indicator_id, pattern) for pattern in _table().constant):
        return "L" if fact.measure == "growth" else "V"
    return "_X" if fact.unit in _PRICED or fact.measure == "growth" else "_Z"


def unit_code(unit: str) -> str:
    """The code of a unit: that of the table, or one made of its name.

    >>> unit_code("%"), unit_code(""), unit_code("万标箱")[:2]
    ('PCT', '_Z', 'U_')
    """
    if not unit:
        return "_Z"
    return _table().units.get(unit) or f"U_{hashlib.sha256(unit.encode()).hexdigest()[:8].upper()}"


def code_of(text: str) -> str:
    """A text as SDMX takes it for a code."""
    return text if _CODE.fullmatch(text) else f"X_{hashlib.sha256(text.encode()).hexdigest()[:12].upper()}"


def _number(value: float) -> str:
    return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def data(content: Content) -> bytes:
    """The observations as an SDMX-CSV 2.0 data message."""
    from luoshi.publish.opendata.packing import write_csv

    names = ["STRUCTURE", "STRUCTURE_ID", "ACTION", *DIMENSIONS, _TIME, _MEASURE, *ATTRIBUTES]
    fixed = {"STRUCTURE": "dataflow", "STRUCTURE_ID": f"{_table().agency}:{DATAFLOW}({VERSION})", "ACTION": "R"}
    rows = [
        {**fixed, **dict(zip(DIMENSIONS, one.key, strict=True)), _TIME: one.time, _MEASURE: _number(one.value), **one.attributes}
        for one in observations(content)
    ]  # fmt: skip
    return write_csv(rows, names)


def codes_of(content: Content) -> dict[str, dict[str, tuple[str, str]]]:
    """The codes of every list with their names: the whole of the fixed ones, of the others those that are used, and all indicators."""
    used = observations(content)
    at = {name: place for place, name in enumerate(DIMENSIONS)}
    areas = {code_of(one.region_code): (one.region or one.region_code, one.region or one.region_code) for one in content.documents}
    sources = {code_of(one.id): (one.title, one.title) for one in content.documents}
    names = {code: unit for unit, code in _table().units.items()} | {unit_code(fact.unit): fact.unit or "无" for fact in content.facts}
    units = {code: (names.get(code, code), names.get(code, code)) for code in sorted({one.key[at["UNIT_MEASURE"]] for one in used})}
    catalogue = {one.id: (one.name, one.id) for one in indicators()}
    unknown = {one.key[at["INDICATOR"]] for one in used} - set(catalogue)
    return {
        **{name: one.codes for name, one in _table().codelists.items()}, "CL_AREA": areas, "CL_SOURCE": sources, "CL_UNIT_MEASURE": units,
        "CL_INDICATOR": catalogue | {code: (code, code) for code in sorted(unknown)},
    }  # fmt: skip


def structure(content: Content) -> bytes:
    """The structures as an SDMX-JSON 2.0 message: code lists, concepts, data structure, dataflow."""
    from pysdmx.io.json.sdmxjson2.messages import JsonStructureMessage
    from pysdmx.model import encoders
    from pysdmx.model.__base import Organisation
    from pysdmx.model.message import Header, StructureMessage

    prepared = datetime.fromisoformat(content.day).replace(tzinfo=UTC) if content.day else datetime(1970, 1, 1, tzinfo=UTC)
    header = Header(id=f"{content.id}-{content.version}", prepared=prepared, sender=Organisation(id=_table().agency))
    message = JsonStructureMessage.from_model(StructureMessage(header, list(_structures(content))))
    return msgspec.json.format(msgspec.json.Encoder(enc_hook=encoders).encode(message), indent=1) + b"\n"


def _structures(content: Content) -> Iterator[Any]:
    from pysdmx.model import Agency, Code, Codelist, Concept, ConceptScheme, Dataflow
    from pysdmx.model.dataflow import DataStructureDefinition

    agency, codes = _table().agency, codes_of(content)
    for name, found in codes.items():
        title = _table().codelists[name].zh if name in _table().codelists else name
        items = [Code(id=code, name=zh, description=en) for code, (zh, en) in found.items()]
        yield Codelist(id=name, name=title, agency=agency, version=VERSION, items=items)
    concepts = [Concept(id=name, name=name) for name in (*DIMENSIONS, _TIME, _MEASURE)]
    concepts += [Concept(id=name, name=told) for name, told in ATTRIBUTES.items()]
    yield ConceptScheme(id="CS_LUOSHI", name="Luoshi", agency=agency, version=VERSION, items=concepts)
    components = _components(codes)
    yield DataStructureDefinition(
        id="DSD_LUOSHI", name="政府工作报告和规划的指标", agency=Agency(id=agency), version=VERSION, components=components
    )
    urn = f"urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure={agency}:DSD_LUOSHI({VERSION})"
    yield Dataflow(id=DATAFLOW, name=content.title, agency=Agency(id=agency), version=VERSION, structure=urn)


def _components(codes: dict[str, dict[str, tuple[str, str]]]) -> Any:
    from pysdmx.model import Component, Components, DataType, Role
    from pysdmx.util import ItemReference

    def concept(name: str) -> Any:
        return ItemReference(sdmx_type="Concept", agency=_table().agency, id="CS_LUOSHI", version=VERSION, item_id=name)

    def listed(name: str) -> str:
        return f"urn:sdmx:org.sdmx.infomodel.codelist.Codelist={_table().agency}:{name}({VERSION})"

    found = [
        Component(id=name, required=True, role=Role.DIMENSION, concept=concept(name), local_dtype=DataType.STRING, local_enum_ref=listed(codelist))
        for name, codelist in DIMENSIONS.items()
    ]  # fmt: skip
    found.append(Component(id=_TIME, required=True, role=Role.DIMENSION, concept=concept(_TIME), local_dtype=DataType.PERIOD))
    found.append(Component(id=_MEASURE, required=True, role=Role.MEASURE, concept=concept(_MEASURE), local_dtype=DataType.DOUBLE))
    found += [
        Component(id=name, required=False, role=Role.ATTRIBUTE, concept=concept(name), local_dtype=DataType.STRING, attachment_level="O")
        for name in ATTRIBUTES
    ]  # fmt: skip
    return Components(found)
