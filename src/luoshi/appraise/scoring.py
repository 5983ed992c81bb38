"""The scores of all subjects under a scheme: lines, sum, vetoes, places in the peer group, grades."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, localcontext

import msgspec

from luoshi.appraise.given import Given, Subject
from luoshi.appraise.grading import graded, ranked
from luoshi.appraise.how import keys_of
from luoshi.appraise.measure import Amounts, amounts, coefficient, completed, used
from luoshi.appraise.number import DIGITS, plain, rounded, summed
from luoshi.appraise.points import Asked, Peers, Points, points
from luoshi.appraise.scheme import Exempt, Line, Scheme
from luoshi.appraise.score import Mark, Outcome, Score, Scored, Use
from luoshi.appraise.when import holds, said

_ZERO = Decimal(0)
_TIES = {
    "competition": "同分并列，后面的名次空出（1-2-2-4）",
    "dense": "同分并列，后面的名次不空（1-2-2-3）",
    "ordinal": "同分的按所列次序再比，仍相同的并列",
}


def appraise(scheme: Scheme, subjects: Sequence[Subject]) -> Outcome:
    """The scores of these subjects, by peer group and place; a subject without one comes last in its group and its score says why.

    The same scheme and the same values give the same scores for ever. What cannot be told gives no score, never 0.
    """
    with localcontext() as context:
        context.prec = DIGITS
        subjects = [completed(scheme, one) for one in subjects]
        found = {one.id: amounts(scheme, one) for one in subjects}
        scores = [score for group in _groups(scheme, subjects) for score in _group(scheme, group, found)]
        scores = graded(scheme, ranked(scheme, scores, found))
    return Outcome(
        scheme.id, scheme.version, scheme.title, scheme.rounding.said, _TIES[scheme.ranking.ties], tuple(_ordered(scheme, scores))
    )


def _groups(scheme: Scheme, subjects: Iterable[Subject]) -> list[list[Subject]]:
    groups: dict[str, list[Subject]] = {}
    for subject in subjects:
        groups.setdefault(subject.group if scheme.groups else "", []).append(subject)
    return list(groups.values())


def _ordered(scheme: Scheme, scores: Iterable[Score]) -> list[Score]:
    order = {group.key: at for at, group in enumerate(scheme.groups)}
    return sorted(
        scores,
        key=lambda one: (
            order.get(one.group, len(order)), one.rank if one.rank is not None else 10**9, -(one.points if one.points is not None else -_BIG),
            one.name, one.subject,
        ),
    )  # fmt: skip


_BIG = Decimal(10**12)


def _group(scheme: Scheme, subjects: Sequence[Subject], found: Mapping[str, Amounts]) -> list[Score]:
    """The scores of a group, without places and grades."""
    exempt = {one.id: _exempt(scheme, one) for one in subjects}
    peers = [one for one in subjects if (why := exempt[one.id]) is None or why.scored]
    amounts_of = {one.id: found[one.id] for one in peers}
    lines: dict[str, list[Scored]] = {one.id: [] for one in peers}
    for line in scheme.lines:
        concerned = [one for one in peers if not line.groups or one.group in line.groups]
        for subject_id, scored in _line(scheme, line, concerned, Peers(amounts_of)).items():
            lines[subject_id].append(scored)
    return [_score(scheme, one, tuple(lines.get(one.id, ())), exempt[one.id], found[one.id]) for one in subjects]


def _exempt(scheme: Scheme, subject: Subject) -> Exempt | None:
    return next((one for one in scheme.exempt if holds(one.when, subject)), None)


def _line(scheme: Scheme, line: Line, subjects: Sequence[Subject], peers: Peers) -> dict[str, Scored]:
    """A line for all of a group: first who has the data, then what the rule says of those who have not."""
    own = Peers({one.id: peers.amounts[one.id] for one in subjects})
    first = {one.id: _times(scheme, line, one, points(Asked(scheme, line, one.id, peers.amounts[one.id], own))) for one in subjects}
    there = [found.value for found in first.values() if found.value is not None]
    mean = sum(there, _ZERO) / len(there) if there else None
    return {one.id: _scored(scheme, line, one, first[one.id], mean, peers.amounts[one.id]) for one in subjects}


def _times(scheme: Scheme, line: Line, subject: Subject, found: Points) -> Points:
    """The points times the coefficient of the line."""
    if not line.times or found.value is None:
        return found
    by = coefficient(scheme, line.times, subject)
    if by.value is None:
        return Points(None, why=by.why)
    value = found.value * by.value
    return Points(value, f"{found.arithmetic}；× {by.arithmetic} = {plain(value)}")


def _scored(scheme: Scheme, line: Line, subject: Subject, found: Points, mean: Decimal | None, amounts_: Amounts) -> Scored:
    value, arithmetic, note = found.value, found.arithmetic, ""
    if value is None:
        value, arithmetic = _instead(line, mean)
        note = f"{found.why}；按“{line.missing_rule}”办" if line.missing != "none" else ""
    if value is not None and scheme.rounding.at != "total":
        short = rounded(value, scheme.rounding)
        arithmetic = arithmetic if short == value else f"{arithmetic} → {plain(short)}"
        value = short
    keys = keys_of(line.how) + ((by.by,) if (by := scheme.coefficient(line.times)) else ())
    return Scored(
        line.key, line.title, line.rule, line.source, line.side, line.points, value, arithmetic, used(scheme, subject, amounts_, keys),
        why="" if value is not None or line.missing == "aside" else found.why or "没有数据", note=note,
    )  # fmt: skip


def _instead(line: Line, mean: Decimal | None) -> tuple[Decimal | None, str]:
    """What a line gives without data, as its rule says."""
    if line.missing == "full":
        return line.points, f"满分 {plain(line.points)}"
    if line.missing == "zero":
        return _ZERO, "0"
    if line.missing == "group-mean" and mean is not None:
        return mean, f"同组平均 {plain(mean)}"
    return None, ""


def _score(scheme: Scheme, subject: Subject, lines: tuple[Scored, ...], exempt: Exempt | None, found: Amounts) -> Score:
    """The score of a subject without its place and grade."""
    load = tuple(_use(scheme, subject, found, key) for key in scheme.load)
    plain_score = Score(subject.id, subject.name, subject.group if scheme.groups else "", lines, load=load)
    marks = (Mark(exempt.key, exempt.title, exempt.source, said(exempt.when, scheme, subject)),) if exempt else ()
    if exempt is not None:
        plain_score = msgspec.structs.replace(plain_score, grade=exempt.grade, grade_why=exempt.title.zh, marks=marks)
        if not exempt.scored:
            return msgspec.structs.replace(plain_score, why=f"不参加评价：{exempt.title.zh}")
    if scheme.groups and scheme.group(subject.group) is None:
        return msgspec.structs.replace(plain_score, why="没有分组" if not subject.group else f"没有“{subject.group}”这一组")
    lacking = [f"{line.title.zh}：{line.why}" for line in lines if line.why]
    if lacking:
        return msgspec.structs.replace(plain_score, why="；".join(lacking))
    return _summed(scheme, subject, plain_score)


def _use(scheme: Scheme, subject: Subject, found: Amounts, key: str) -> Use:
    amount, given = found.get(key), subject.given.get(key, Given())
    return Use(
        key,
        scheme.titled(key),
        amount.value if amount else given.value,
        given.word,
        refs=given.refs,
        why=amount.why if amount else given.why,
    )


def _summed(scheme: Scheme, subject: Subject, score: Score) -> Score:
    """The score with its sum, rounded, and what a veto makes of it."""
    total = scheme.total
    parts, said_parts = _parts(score.lines)
    adds, said_adds = _side(score.lines, "add", total.add_most, "加分")
    offs, said_offs = _side(score.lines, "off", total.off_most, "减分")
    values = [total.base] if total.base else []
    exact = total.base + parts + adds + offs
    arithmetic = summed([*values, *_written(score.lines)]) if said_parts is None else said_parts
    arithmetic += "".join(one for one in (said_adds, said_offs) if one) + f" = {plain(exact)}"
    if total.times:
        by = coefficient(scheme, total.times, subject)
        if by.value is None:
            return msgspec.structs.replace(score, why=by.why)
        exact *= by.value
        arithmetic += f"；× {by.arithmetic} = {plain(exact)}"
    kept = _kept(scheme, exact)
    if kept != exact:
        arithmetic += f"，{'最多' if exact > kept else '最低'} {plain(kept)}"
    points_ = rounded(kept, scheme.rounding) if scheme.rounding.at != "line" else kept
    if points_ != kept:
        arithmetic += f" → {points_}（{scheme.rounding.said}）"
    hit = [one for one in scheme.vetoes if holds(one.when, subject)]
    marks = (*score.marks, *(Mark(one.key, one.title, one.source, said(one.when, scheme, subject)) for one in hit))
    zero = next((one for one in hit if one.effect == "zero"), None)
    if zero is not None:
        arithmetic += f"；{zero.title.zh}，得 0"
        points_ = rounded(_ZERO, scheme.rounding)
    return msgspec.structs.replace(score, points=points_, exact=exact, arithmetic=arithmetic, marks=marks)


def _written(lines: tuple[Scored, ...]) -> list[Decimal]:
    return [line.points for line in lines if line.side == "part" and line.points is not None]


def _parts(lines: tuple[Scored, ...]) -> tuple[Decimal, str | None]:
    """The sum of the parts; with words where lines were left aside and the rest is scaled up."""
    parts = [line for line in lines if line.side == "part"]
    there = [line for line in parts if line.points is not None]
    value = sum((line.points for line in there if line.points is not None), _ZERO)
    if len(there) == len(parts):
        return value, None
    # no scheme has both a base and lines that may be left aside; ``reading`` refuses it
    whole = sum((line.full for line in parts), _ZERO)
    counted = sum((line.full for line in there), _ZERO)
    if not counted:
        return _ZERO, "0"
    scaled = value / counted * whole
    return scaled, f"（{summed(_written(tuple(there)))}）÷ {plain(counted)} × {plain(whole)}"


def _side(lines: tuple[Scored, ...], side: str, most: Decimal | None, title: str) -> tuple[Decimal, str]:
    """Additions or deductions, up to their most; with their words in the sum."""
    values = [line.points for line in lines if line.side == side and line.points is not None]
    exact = sum(values, _ZERO)
    if not values:
        return _ZERO, ""
    kept = exact if most is None else max(min(exact, most), -most)
    sign = "−" if kept < 0 or side == "off" else "+"
    capped = f"（{plain(abs(exact))}，最多 {plain(abs(kept))}）" if kept != exact else ""
    return kept, f" {sign} {title} {plain(abs(kept))}{capped}"


def _kept(scheme: Scheme, exact: Decimal) -> Decimal:
    kept = exact if scheme.total.most is None else min(exact, scheme.total.most)
    return kept if scheme.total.floor is None else max(kept, scheme.total.floor)
