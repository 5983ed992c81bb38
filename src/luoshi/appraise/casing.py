"""Runs the cases of a scheme file: values in, scores out; what does not hold is said in words."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from luoshi.appraise.given import Given, Subject
from luoshi.appraise.measure import amounts, completed
from luoshi.appraise.scheme import Case, Scheme
from luoshi.appraise.score import Score
from luoshi.appraise.scoring import appraise
from luoshi.errors import BadTable


def run(case: Case, scheme: Scheme) -> Iterator[str]:
    """What does not hold of a case, in words; nothing where all of it does."""
    subjects = [subject_of(scheme, name, values) for name, values in case.given.items()]
    outcome = appraise(scheme, subjects)
    for name, wanted in case.then.items():
        score, subject = outcome.of(name), next((one for one in subjects if one.id == name), None)
        if score is None or subject is None:
            raise BadTable(f"then 里的“{name}”不在 given 里", where=case.title, remedy="请改成 given 里有的名字")
        for key, value in wanted.items():
            found = _found(key, value, score, subject, scheme)
            if found != _wanted(key, value):
                yield f"{case.title}：{name} 的 {key} 应为 {_wanted(key, value)}，是 {found}"


def subject_of(scheme: Scheme, name: str, values: dict[str, Any]) -> Subject:
    """A subject with plain values, as cases and demonstrations write them."""
    unknown = [key for key in values if key != "group" and scheme.input(key) is None]
    if unknown:
        raise BadTable(f"没有这个数据项：{'、'.join(unknown)}", where=name, remedy="given 里写方案 inputs 里有的 key")
    given = {key: _given(value) for key, value in values.items() if key != "group"}
    return Subject(name, name, values.get("group", ""), given)


def _given(value: Any) -> Given:
    if value is None:
        return Given()
    return Given(word=value) if isinstance(value, str) else Given(Decimal(str(value)))


def _wanted(key: str, value: Any) -> Any:
    """What a case wants: numbers as decimals, also those written as text since they have more digits than a float."""
    head = key.partition(".")[0]
    if value is not None and head in {"points", "exact", "rank", "of", "line", "measure"}:
        return Decimal(str(value))
    return value


def _found(key: str, wanted: Any, score: Score, subject: Subject, scheme: Scheme) -> Any:
    head, _, name = key.partition(".")
    if head == "line":
        line = score.line(name)
        return line.points if line else None
    if head == "measure":
        return amounts(scheme, completed(scheme, subject))[name].value
    if head in {"says", "missing"}:
        line = score.line(name)
        said = (score.why if head == "missing" else score.arithmetic) if not name else (line.arithmetic + line.note if line else "")
        return wanted if wanted in said else said
    if head in {"rank", "of"}:
        number = getattr(score, head)
        return None if number is None else Decimal(number)
    return getattr(score, head)
