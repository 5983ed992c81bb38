"""Chains of projects: what was promised of a named project and what was told of it, year by year, and how it stands at the end.

A project is found again by its whole name; 一期 and 二期 are two projects, and the place's own name in front makes no other one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from luoshi.extract import catalogue
from luoshi.link.acting import project_name
from luoshi.link.chain import Chain, State, Step
from luoshi.link.contradiction import region_of
from luoshi.link.measured_chains import said_in
from luoshi.link.naming import is_bare
from luoshi.link.source import Acted, Source
from luoshi.link.telling import quoted

_STAGES: Final = {"planned": 1, "signed": 2, "started": 3, "building": 4, "built": 5, "running": 6}
#: a stage from which a thing stands
_STANDS: Final = 5
_SHORTEST_NAME: Final = 4
#: so many signs of a name, met anywhere in a report, keep a project from having vanished
_BEGINNING: Final = 4
_NO_NAME = re.compile(r"^(?:大多数|各|一批|部分|若干|所有|全部|多个|国家重点|省重点|市重点|重点|重大|其他|有关|相关|新建|续建)|等$")


def project_chains(documents: Sequence[Source]) -> list[Chain]:
    """The projects of one place that two documents name, and those that one promised and the next does not name."""
    held: dict[str, list[Step]] = {}
    for document in documents:
        seen = set()
        for one in document.projects:
            name = _name(document, one)
            step = _step(document, one)
            mark = (name, step.role_of_stage, step.stage) if step else None
            if step is not None and mark not in seen and _is_name(name):
                seen.add(mark)
                held.setdefault(name, []).append(step)
    accounts = Accounts(documents)
    found = (_chain(accounts, name, steps) for name, steps in held.items())
    return [one for one in found if one.state == "vanished" or len({step.quoted.document for step in one.steps}) > 1]


class Accounts:
    """The reports of a place by the year that they account for, each with its words."""

    def __init__(self, documents: Sequence[Source]) -> None:
        self.first = documents[0]
        self._by_year = {one.review_year: one for one in reversed(documents) if one.kind == "report" and one.accounts}
        self._words: dict[str, str] = {}

    def of(self, year: int) -> Source | None:
        return self._by_year.get(year)

    def words(self, source: Source) -> str:
        """The words of a whole report in one spelling; a project may be named in passing anywhere."""
        if source.key not in self._words:
            self._words[source.key] = catalogue.spelled(re.sub(r"\s+", "", source.text))
        return self._words[source.key]


def _name(document: Source, one: Acted) -> str:
    name = project_name(one.text)
    for own in _own_names(document.region):
        if name.startswith(own) and len(name) - len(own) >= _SHORTEST_NAME:
            return name.removeprefix(own)
    return name


def _is_name(name: str) -> bool:
    return len(name) >= _SHORTEST_NAME and not is_bare(name) and not _NO_NAME.search(name)


@lru_cache(maxsize=1024)
def _own_names(region: str) -> tuple[str, ...]:
    parts = re.findall(r"[\u4e00-\u9fff]+?(?:省|自治区|市|自治州|州|盟|县|区|旗)", region)
    return (region, parts[-1]) if parts else ()


def _step(document: Source, one: Acted) -> Step | None:
    year = document.review_year if one.role == "result" else document.plan_year or (document.plan_years[1] if document.plan_years else None)
    if year is None or one.stage not in _STAGES or one.role not in {"target", "result"}:
        return None
    return Step(
        year=year, role="stage", quoted=quoted(document, one.start, one.end, one.id), years=None if document.plan_year else document.plan_years,
        said_year=said_in(document), stage=one.stage, role_of_stage=one.role,
        reason="outlook" if document.part_of(one.section) == "outlook" else "same-name",
    )  # fmt: skip


def _chain(accounts: Accounts, name: str, steps: list[Step]) -> Chain:
    steps.sort(key=_order)
    state, reasons = _stand(accounts, name, steps)
    first = accounts.first
    return Chain(
        key=f"project|{first.place}|{name}", kind="project", place=first.place, region=region_of(first), name=name, steps=tuple(steps),
        state=state, reasons=reasons,
    )  # fmt: skip


def _order(one: Step) -> tuple[int, bool, int, int, str, int]:
    return (one.year or 0, one.role_of_stage == "result", _STAGES[one.stage], one.said_year or 0, one.quoted.document, one.quoted.start)


def _stand(accounts: Accounts, name: str, steps: Sequence[Step]) -> tuple[State, tuple[str, ...]]:
    """How the project stands at the end, and why."""
    targets = [one for one in steps if one.role_of_stage == "target"]
    results = [one for one in steps if one.role_of_stage == "result"]
    stood = _stood(results)
    late = _slipped(accounts, targets, stood)
    if stood is not None:
        return "done", ("slipped",) if late else ()
    due = [one for one in targets if one.reason != "outlook"]
    if targets and not due and not results:
        return "not_yet", ("outlook",)
    last = max((one.year or 0 for one in due), default=0)
    account = accounts.of(last)
    if due and account is None:
        return ("slipped", ("promised-again",)) if late else ("not_yet", ("no-report-yet",))
    if account is not None and not any(one.quoted.document == account.key for one in steps):
        return _unnamed(accounts, account, name)
    if late:
        return "slipped", ("promised-again",)
    told = max((_STAGES[one.stage] for one in results), default=0)
    return ("planned" if told <= _STAGES["signed"] else "under_way"), ()


def _stood(results: Sequence[Step]) -> int | None:
    """The year since which the project stands; ``None`` where a later report still tells of its building."""
    years = [one.year or 0 for one in results if _STAGES[one.stage] >= _STANDS]
    building = max((one.year or 0 for one in results if _STAGES[one.stage] < _STANDS), default=0)
    return next((year for year in sorted(years) if year >= building), None)


def _unnamed(accounts: Accounts, account: Source, name: str) -> tuple[State, tuple[str, ...]]:
    """How a project stands of which the account of its year has no project: named in passing, in part, or nowhere."""
    words, spelled = accounts.words(account), catalogue.spelled(name)
    if spelled in words:
        return "under_way", ("named",)
    if spelled[:_BEGINNING] in words:
        return "not_accounted", ("named-in-part",)
    return "vanished", ("named-nowhere", *(() if account.complete else ("text-cut-off",)))


def _slipped(accounts: Accounts, targets: Sequence[Step], stood: int | None) -> bool:
    """True where it was to stand by a year (not some day: an outlook names no year), that year was accounted for, and it did not stand then but was promised again or stood later."""
    for one in targets:
        year = one.year or 0
        if (
            _STAGES[one.stage] < _STANDS
            or one.years
            or one.reason == "outlook"
            or accounts.of(year) is None
            or (stood is not None and stood <= year)
        ):
            continue
        if stood is not None or any((other.year or 0) > year for other in targets):
            return True
    return False
