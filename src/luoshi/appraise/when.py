"""Whether a condition of a veto or an exemption holds for a subject, and on which values."""

from __future__ import annotations

from luoshi.appraise.given import Subject
from luoshi.appraise.number import plain
from luoshi.appraise.scheme import Bound, Scheme, When


def holds(when: When, subject: Subject) -> bool:
    """Whether all of it holds; what is not known does not hold."""
    return all(_one(key, wanted, subject) for key, wanted in when.items())


def _one(key: str, wanted: Bound | tuple[str, ...], subject: Subject) -> bool:
    if isinstance(wanted, Bound):
        value = subject.number(key)
        return value is not None and wanted.holds(value)
    return subject.word(key) in wanted


def said(when: When, scheme: Scheme, subject: Subject) -> str:
    """The values on which it held, in words."""
    parts = []
    for key in when:
        number = subject.number(key)
        declared = scheme.input(key)
        word = subject.word(key)
        shown = declared.choices[word].zh if declared and word in declared.choices else word
        parts.append(f"{scheme.titled(key).zh}：{plain(number) if number is not None else shown}")
    return "，".join(parts)
