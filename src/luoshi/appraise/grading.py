"""Places and grades: who is first in its peer group, who belongs to the first fifth, and what vetoes make of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import msgspec

from luoshi.appraise.measure import Amounts
from luoshi.appraise.number import plain
from luoshi.appraise.place import places
from luoshi.appraise.scheme import Grade, Grades, Scheme, Veto
from luoshi.appraise.score import Score


def ranked(scheme: Scheme, scores: Sequence[Score], found: Mapping[str, Amounts]) -> list[Score]:
    """The scores with their places; who has no points, or is exempt, has none."""
    rule = scheme.ranking
    exempt = {one.key for one in scheme.exempt}
    out = {score.subject: score for score in scores}
    for group in dict.fromkeys(score.group for score in scores) if rule.within == "group" else [None]:
        peers = {
            one.subject: one.points for one in scores
            if (group is None or one.group == group) and one.points is not None and not exempt & {mark.key for mark in one.marks}
        }  # fmt: skip
        then = {one: tuple(_value(found[one], key) for key in rule.then) for one in peers}
        for subject, place in places(peers, ties=rule.ties, then=then).items():
            out[subject] = msgspec.structs.replace(out[subject], rank=place, of=len(peers))
    return list(out.values())


def _value(amounts: Amounts, key: str) -> Decimal:
    amount = amounts.get(key)
    return amount.value if amount is not None and amount.value is not None else Decimal("-Infinity")


def graded(scheme: Scheme, scores: Sequence[Score]) -> list[Score]:
    """The scores with their grades: by score or by share, then what vetoes make of them."""
    if scheme.grades is None:
        return list(scores)
    return [_vetoed(scheme, scheme.grades, _grade(scheme.grades, score)) for score in scores]


def _grade(grades: Grades, score: Score) -> Score:
    if score.points is None or score.grade:
        return score
    if grades.by == "score":
        grade = next((one for one in grades.grades if one.low is None or score.points >= one.low), grades.grades[-1])
        why = f"得分 {score.points} ≥ {plain(grade.low)}" if grade.low is not None else f"得分 {score.points} 低于各档"
        return msgspec.structs.replace(score, grade=grade.key, grade_why=why)
    if score.rank is None:
        return score
    grade, why = _by_share(grades, score.rank, score.of)
    return msgspec.structs.replace(score, grade=grade.key, grade_why=why)


def _by_share(grades: Grades, rank: int, of: int) -> tuple[Grade, str]:
    """The grade of a place: the first whose heads reach so far."""
    for grade in grades.grades:
        heads = quota(grades, grade, of)
        if grade.share is None or rank <= heads:
            upto = "其余" if grade.share is None else f"前 {plain(grade.share)}%，{of} 个中 {heads} 个"
            return grade, f"第 {rank} 位；{grade.key} 到{upto}"
    last = grades.grades[-1]
    return last, f"第 {rank} 位；其余为 {last.key}"


def quota(grades: Grades, grade: Grade, of: int) -> int:
    """How many heads from the first a share reaches."""
    exact = Decimal(of) * (grade.share if grade.share is not None else Decimal(100)) / 100
    whole = int(exact)
    if grades.count == "up":
        return whole + (exact > whole)
    if grades.count == "half-up":
        return int(exact + Decimal("0.5"))
    return whole


def _vetoed(scheme: Scheme, grades: Grades, score: Score) -> Score:
    keys = [grade.key for grade in grades.grades]
    hit = {mark.key for mark in score.marks}
    for veto in scheme.vetoes:
        if veto.key in hit and score.grade in keys and veto.effect != "zero":
            after = _after(veto, keys, score.grade)
            if after != score.grade:
                score = msgspec.structs.replace(
                    score, grade=after, grade_why=f"{score.grade_why}；{veto.title.zh}，{score.grade} 改为 {after}"
                )
    return score


def _after(veto: Veto, keys: list[str], grade: str) -> str:
    at = keys.index(grade)
    if veto.effect == "grade":
        return veto.grade
    if veto.effect == "lower":
        return keys[min(at + veto.by, len(keys) - 1)]
    return keys[max(at, keys.index(veto.grade))]
