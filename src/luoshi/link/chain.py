"""A chain: what one place said of one thing over the years, as a line in time with quotations."""

from __future__ import annotations

from typing import Literal

import msgspec

from luoshi.link.link import Quoted

ChainKind = Literal["measure", "project", "task"]
#: ``goal`` is the target of a plan of several years; ``order`` a sentence of a report that a task carries out, ``task`` the item of the breakdown,
#: ``account`` what the next report says of it; ``stage`` a stage of a project
StepRole = Literal["target", "goal", "result", "order", "task", "account", "stage"]
#: how a project or task stands at the end of the chain; "" for measures
State = Literal["", "planned", "under_way", "done", "slipped", "vanished", "not_yet", "accounted", "not_accounted"]


class Step(msgspec.Struct, frozen=True, omit_defaults=True):
    """One point of the line. ``year`` is the year it is for, ``years`` the span of a goal or of a sum over years, ``said_year`` the year of the document that says it.

    ``value`` and ``value_max`` are numbers as text, "" where no number is given. ``stage`` is that of a project; ``role_of_stage`` tells whether
    it was to come (``target``) or had come (``result``). ``reason`` is the slug of why the step belongs here.
    """

    year: int | None
    role: StepRole
    quoted: Quoted
    value: str = ""
    value_max: str = ""
    unit: str = ""
    comparator: str = ""
    direction: str = ""
    strength: str = ""
    years: tuple[int, int] | None = None
    said_year: int | None = None
    stage: str = ""
    role_of_stage: str = ""
    reason: str = ""


class Chain(msgspec.Struct, frozen=True, omit_defaults=True):
    """Steps in the order of years. ``key`` is the same for the same thing whenever documents are added: kind, place, identity, measure, unit."""

    key: str
    kind: ChainKind
    place: str
    region: str
    name: str
    indicator_id: str = ""
    measure: str = ""
    unit: str = ""
    steps: tuple[Step, ...] = ()
    state: State = ""
    reasons: tuple[str, ...] = ()


Gap = Literal["", "target_document_missing", "result_document_missing", "no_number", "no_target", "no_result"]


class Row(msgspec.Struct, frozen=True, omit_defaults=True):
    """One year of the table of an indicator: what was aimed at and what came of it; a slug for each quotation that is missing and its sentence."""

    year: int
    targets: tuple[Step, ...] = ()
    results: tuple[Step, ...] = ()
    target_gap: Gap = ""
    result_gap: Gap = ""
    said: str = ""
