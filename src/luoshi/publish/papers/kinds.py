"""The kinds of paper: each a file that declares its values, what must add up, and the draft of its template."""

from __future__ import annotations

from functools import cache
from typing import Final

from msgspec.structs import replace

from luoshi.errors import BadUsage
from luoshi.publish.papers.blocks import Field, Kind
from luoshi.publish.papers.write import written
from luoshi.tables import load_table

#: in the order in which pages list them
KINDS: Final = (
    "notice", "remind", "chase", "letter", "talk", "circular", "return", "conclusion", "decision", "announcement", "closing", "reply", "bulletin",
    "breakdown", "brief", "appraisal", "review",
)  # fmt: skip


@cache
def kind_of(key: str) -> Kind:
    """The kind of this key; ``BadUsage`` where there is none."""
    if key not in KINDS:
        raise BadUsage("没有这种文书", where=key[:40], remedy=f"有：{'、'.join(KINDS)}", slug="no-paper")
    kind = load_table("luoshi.publish.papers", f"drafts/{key}.yaml", Kind)
    shared = {field.key: field for field in _shared()}
    fields = tuple(field if field.name else replace(shared[field.key], needed=field.needed) for field in kind.fields)
    return replace(kind, fields=fields)


@cache
def _shared() -> tuple[Field, ...]:
    """What papers on one matter say alike."""
    return load_table("luoshi.publish.papers", "drafts/shared.yaml", tuple[Field, ...])


@cache
def default_template(key: str) -> bytes:
    """The template that the program ships, made of the kind's draft at its first use."""
    kind = kind_of(key)
    return written(kind.blocks, kind.form)


def kind_for(paper: str) -> str:
    """The kind that is made for a paper that a mechanism's file names (``chase``); ``""`` where none is.

    >>> kind_for("letter"), kind_for("acceptance"), kind_for("")
    ('letter', 'closing', '')
    """
    return next((key for key in KINDS if paper and paper in kind_of(key).papers), "")
