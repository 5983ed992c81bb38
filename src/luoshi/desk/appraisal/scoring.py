"""Between the ledger's rows and the values of ``appraise``: subjects and scores written down whole, and read again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec

from luoshi.appraise.given import Given, Subject
from luoshi.appraise.scheme import Scheme
from luoshi.appraise.score import Outcome, Score, Use
from luoshi.appraise.scoring import appraise
from luoshi.ledger.appraised import Appraisal
from luoshi.ledger.appraised import Score as Row
from luoshi.ledger.entry import Draft, canonical
from luoshi.ledger.store import Writer

#: so many subjects in one entry
AT_ONCE: Final = 100
_givens: Final = msgspec.json.Decoder(dict[str, Given])
_scores: Final = msgspec.json.Decoder(Score)


def scored(scheme: Scheme, subjects: Sequence[Subject], units: frozenset[str] = frozenset()) -> list[dict[str, Any]]:
    """The subjects with their scores, as an entry carries them."""
    outcome, by = appraise(scheme, subjects), {one.id: one for one in subjects}
    return [told(by[score.subject], score, unit=score.subject if score.subject in units else "") for score in outcome.scores]


def told(subject: Subject, score: Score, *, unit: str = "") -> dict[str, Any]:
    """A subject and its score as plain data; the entries that a value rests on stand once, with the value."""
    return {
        "subject": subject.id, "unit": unit, "name": subject.name, "peers": score.group or subject.group,
        "points": "" if score.points is None else f"{score.points:f}", "place": score.rank, "among": score.of, "grade": score.grade,
        "why": score.why, "given": msgspec.to_builtins(subject.given), "score": msgspec.to_builtins(_bare(score)),
    }  # fmt: skip


def _bare(score: Score) -> Score:
    lines = tuple(msgspec.structs.replace(line, uses=tuple(_without(use) for use in line.uses)) for line in score.lines)
    return msgspec.structs.replace(score, lines=lines, load=tuple(_without(use) for use in score.load))


def _without(use: Use) -> Use:
    return msgspec.structs.replace(use, refs=())


def subject_of(row: Row) -> Subject:
    """The subject of a row, with its values and their entries."""
    return Subject(row.subject, row.name, row.peers, _givens.decode(row.given))


def score_of(row: Row) -> Score:
    """The score of a row, with the entries put back to the values."""
    score = _scores.decode(row.score)
    given = subject_of(row).given

    def whole(use: Use) -> Use:
        return msgspec.structs.replace(use, refs=given[use.key].refs) if use.key in given else use

    lines = tuple(msgspec.structs.replace(line, uses=tuple(whole(use) for use in line.uses)) for line in score.lines)
    return msgspec.structs.replace(score, lines=lines, load=tuple(whole(use) for use in score.load))


def rows_of(appraisal: str, *, bare: bool = False) -> list[Row]:
    """The scores of an appraisal, by group, place and name; ``bare``: without values and lines, for a list of thousands."""
    found = Row.objects.filter(appraisal=appraisal)
    rows = list(found.defer("given", "score") if bare else found)
    return sorted(rows, key=lambda row: (row.peers, row.place if row.place is not None else 10**9, row.name, row.subject))


def outcome_of(appraisal: Appraisal, scheme: Scheme, rows: Sequence[Row]) -> Outcome:
    """The outcome as it was recorded."""
    about = msgspec.json.decode(appraisal.about)
    return Outcome(
        scheme.id, scheme.version, scheme.title, about.get("rounding", ""), about.get("ties", ""), tuple(score_of(row) for row in rows)
    )


def put(writer: Writer, actor: str, appraisal: str, scores: Sequence[dict[str, Any]]) -> None:
    """Appends the scores, some hundred to an entry."""
    for at in range(0, len(scores), AT_ONCE):
        writer.append(actor, Draft("score.put", appraisal, {"scores": list(scores[at : at + AT_ONCE])}))


def changed(before: Iterable[Row], after: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those of the scores that differ from what the rows say."""
    known = {row.subject: row for row in before}
    return [one for one in after if (row := known.get(one["subject"])) is None or _differs(row, one)]


def _differs(row: Row, one: dict[str, Any]) -> bool:
    return any(getattr(row, name) != one[name] for name in ("points", "place", "among", "grade", "why")) or (
        row.given != canonical(one["given"]) or row.score != canonical(one["score"])
    )
