"""Many documents → the end of every target. Deterministic: the order in which documents are given changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from luoshi.link import relative
from luoshi.link.account import Account
from luoshi.link.acting import answer_project, answer_task, projects_of, tasks_of, unanswered
from luoshi.link.answering import answer, beside_sibling, said_anew
from luoshi.link.assigning import assigned, claimed
from luoshi.link.fitting import Decisions, Settled
from luoshi.link.link import Outcome
from luoshi.link.scene import Scene
from luoshi.link.source import NATION, Acted, Source, Task
from luoshi.link.targets import targets_of
from luoshi.link.telling import outcome


def link(sources: Iterable[Source], settled: Settled | Callable[[Source], Settled] | None = None) -> tuple[Outcome, ...]:
    """The end of every target of the documents, by document and place in the text.

    ``settled`` are a person's decisions on two names, by their cores in order: ``True`` for one thing, ``False`` for two (``name_pair``); or
    which of them count for a document.
    """
    documents = sorted(sources, key=lambda one: (one.place, one.plan_year or 0, one.key))
    world = World(documents, settled)
    return tuple(one for source in documents for one in world.ends(source))


class World:
    """Documents that know each other: which report accounts for which year of which place, and which place lies above which."""

    def __init__(self, documents: Sequence[Source], settled: Settled | Callable[[Source], Settled] | None = None) -> None:
        """``settled`` are a person's decisions on pairs of names; or which of them count for a document."""
        self._accounts = {one.key: Account(one) for one in documents}
        self._reports = next_reports(documents)
        self._decisions: Callable[[Source], Settled] = settled if callable(settled) else lambda _: settled or {}
        self._decided: dict[str, Decisions] = {}
        self._of_place: dict[str, list[Source]] = {}
        for one in sorted(documents, key=lambda one: (_said_in(one), one.key)):
            self._of_place.setdefault(one.place, []).append(one)

    def ends(self, source: Source) -> list[Outcome]:
        """The ends of the targets of one document."""
        found = self._measured(source)
        found += [self._act(source, one) for one in projects_of(source)]
        found += [self._task(source, *one) for one in tasks_of(source)]
        return sorted(found, key=lambda one: (one.target.start, one.kind, one.target.end))

    def _settled(self, source: Source) -> Decisions:
        """The decisions that count for a document, made ready once."""
        found = self._decided.get(source.key)
        if found is None:
            found = self._decided[source.key] = Decisions(self._decisions(source))
        return found

    def _measured(self, source: Source) -> list[Outcome]:
        """The ends of the figures; what nothing answers is looked for beside what answers its neighbours in the sentence."""
        pairs = assigned(
            [(target, self._end(source, target)) for target in targets_of(source)], lambda target, taken: self._end(source, target, taken)
        )
        together: dict[tuple[int, int], list[Outcome]] = {}
        for _, end in pairs:
            if end.result is not None and end.verdict in _CLAIMED:
                together.setdefault(end.target.sentence, []).append(end)
        taken = {fact for _, end in pairs if (fact := claimed(end))}
        found = []
        for target, end in pairs:
            found.append(self._beside(source, target, end, together.get(end.target.sentence, ()), taken))
            taken.add(claimed(found[-1]))
        return found

    def _beside(self, source: Source, target: Scene, end: Outcome, siblings: Sequence[Outcome], taken: Collection[str]) -> Outcome:
        if not siblings or end.due is None or not _is_open(end):
            return end
        report = self._reports.get((source.place, end.due))
        if report is None:
            return end
        sentences = {one.result.sentence for one in siblings if one.result and one.result.document == report.key}
        return beside_sibling(target, end.due, self._accounts[report.key], sentences, taken) or end

    def _act(self, source: Source, target: Acted) -> Outcome:
        year, account = self._year_and_account(source)
        if account is None:
            return unanswered(source, target, year)
        return answer_project(source, target, year, account)

    def _task(self, source: Source, target: Task, thing: str) -> Outcome:
        year, account = self._year_and_account(source)
        if account is None:
            return unanswered(source, target, year, thing)
        return answer_task(source, target, thing, year, account)

    def _year_and_account(self, source: Source) -> tuple[int, Account | None]:
        year = source.plan_year or (source.plan_years[1] if source.plan_years else 0)
        found = self._reports.get((source.place, year))
        return year, self._accounts[found.key] if found and found.key != source.key else None

    def _end(self, source: Source, target: Scene, taken: Collection[str] = ()) -> Outcome:
        year = target.measure.last_year or source.plan_year or (source.plan_years[1] if source.plan_years else None)
        answering = self._reports.get((source.place, year)) if year else None
        if year is None or answering is None or answering.key == source.key:
            return self._unanswered(source, target, year)
        return answer(
            target,
            year,
            self._accounts[answering.key],
            self._accounts[source.key],
            lambda level: self.above(source, level, year),
            self._settled(source),
            taken,
        )

    def _unanswered(self, source: Source, target: Scene, year: int | None) -> Outcome:
        """The end of a target for whose year no report is known: said anew meanwhile, not yet, or not to be told."""
        later = [one for one in self._of_place.get(source.place, ()) if _said_in(one) > _said_in(source)]
        if year is not None:
            for one in reversed(later):
                anew = said_anew(target, year, self._accounts[one.key], self._settled(source))
                if anew is not None:
                    return anew
            if any(one.kind == "report" and (one.review_year or 0) > year for one in later):
                return outcome(target, year, "cannot_tell", why="no_result", reasons=("report-missing",))
            known = relative.resolved(target, year, lambda level: self.above(source, level, year))
            if known is not None:
                other, reason = known
                said = f"{other.source.region}{other.name} {other.measure.text}"
                return outcome(target, year, "not_yet", reasons=("no-report-yet", reason), worked=said, beside=other)
        return outcome(target, year, "not_yet", reasons=("no-report-yet",))

    def above(self, source: Source, level: str, year: int) -> Account | None:
        """The account of the place above at ``level`` for a year."""
        place = _ABOVE[level](source.region_code)
        found = self._reports.get((place, year)) if place else None
        return self._accounts[found.key] if found and found.key != source.key else None


_CLAIMED = frozenset({"met", "near", "missed"})


def _is_open(end: Outcome) -> bool:
    """True for an end that says only that nothing was found."""
    return end.verdict == "dropped" or (end.verdict == "cannot_tell" and end.why in {"no_result", "other_indicator"})


#: municipalities: their districts lie under them, and 全市 is the whole of them
_MUNICIPALITIES = frozenset({"11", "12", "31", "50"})


def _city_of(code: str) -> str:
    return code[:2] + "0000" if code[:2] in _MUNICIPALITIES else code[:4] + "00"


_ABOVE: Mapping[str, Callable[[str], str]] = {
    "national": lambda code: NATION,
    "province": lambda code: code[:2] + "0000" if code else "",
    "city": lambda code: _city_of(code) if code[2:] != "0000" else "",
}


def _said_in(source: Source) -> int:
    """The first year that a document plans; by it one is later than another."""
    return source.plan_year or (source.plan_years[0] if source.plan_years else 0) or (source.review_year or -1) + 1


def next_reports(documents: Sequence[Source]) -> Mapping[tuple[str, int], Source]:
    """(place, year) → the report that accounts for the year there; the fullest where several do."""
    found: dict[tuple[str, int], Source] = {}
    for one in documents:
        if one.kind == "report" and one.review_year is not None:
            held = found.get((one.place, one.review_year))
            if held is None or (one.accounts, len(one.measures), one.key) > (held.accounts, len(held.measures), held.key):
                found[one.place, one.review_year] = one
    return found
