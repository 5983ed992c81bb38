"""Luoshi 落实: reads published government documents into facts that each show the words they come from.

``read_document(path)`` and ``extract_facts(text)`` give a ``Reading``; its ``facts`` are described in ``docs/facts.md``.
Names are loaded when they are first used, so that ``import luoshi`` costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from luoshi.errors import BadSpan, BadTable, BadUsage, LuoshiError, UnreadableFile
    from luoshi.extract.fact import DocumentFact, Fact, MeasureFact, ProjectFact, SectionFact, TaskFact, TermFact
    from luoshi.extract.reading import Reading
    from luoshi.pipeline import extract_facts, read_data, read_document
    from luoshi.span import Quote, Span

__version__ = "0.1.0"

_HOMES: Final = {
    "luoshi.errors": ("BadSpan", "BadTable", "BadUsage", "LuoshiError", "UnreadableFile"),
    "luoshi.extract.fact": ("DocumentFact", "Fact", "MeasureFact", "ProjectFact", "SectionFact", "TaskFact", "TermFact"),
    "luoshi.extract.reading": ("Reading",),
    "luoshi.pipeline": ("extract_facts", "read_data", "read_document"),
    "luoshi.span": ("Quote", "Span"),
}

__all__ = [
    "BadSpan", "BadTable", "BadUsage", "DocumentFact", "Fact", "LuoshiError", "MeasureFact", "ProjectFact", "Quote", "Reading",
    "SectionFact", "Span", "TaskFact", "TermFact", "UnreadableFile", "__version__", "extract_facts", "read_data", "read_document",
]  # fmt: skip


def __getattr__(name: str) -> object:
    for home, names in _HOMES.items():
        if name in names:
            from importlib import import_module

            value: object = getattr(import_module(home), name)
            globals()[name] = value
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
