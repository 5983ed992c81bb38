"""What becomes of an appraisal: announced, objected to, objections decided by persons who did not score, corrected with trace, final, withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings

from luoshi.appraise.given import Given, Ref
from luoshi.appraise.scheme import Scheme
from luoshi.desk.actor import Actor
from luoshi.desk.appraisal.bringing import TOO_MUCH
from luoshi.desk.appraisal.ruling import scheme_for
from luoshi.desk.appraisal.scoring import changed, rows_of, scored, subject_of
from luoshi.desk.appraisal.seeing import appraisal_for, is_own, sheet_for
from luoshi.desk.done import Conflict, Done, NotFound, WrongValue
from luoshi.desk.matters.evidence import Kept
from luoshi.desk.matters.evidence import bring as bring_files
from luoshi.desk.rights import Forbidden, require
from luoshi.ledger.appraised import Appraisal, Objection, Score
from luoshi.ledger.entry import Draft
from luoshi.ledger.ids import ident
from luoshi.ledger.scope import Scope
from luoshi.ledger.store import Clock, Writer, now, writing

_LONGEST: Final = 2000
#: so many days at least there are for objections. Luoshi's own default: 本系统缺省，请本单位核定
LEAST: Final = 3
_AGAIN: Final = "请刷新后再办"


class Objecting(msgspec.Struct, frozen=True):
    """What somebody objects to: whose score, which line (empty: the whole), in which words, with which files."""

    subject: str
    line: str
    text: str
    kept: tuple[Kept, ...] = ()


class Correction(msgspec.Struct, frozen=True):
    """The value that is put right: the input and its new number or word."""

    input: str
    value: str


def _today(clock: Clock) -> str:
    return clock().astimezone(ZoneInfo(settings.TIME_ZONE)).date().isoformat()


def _held(writer: Writer, key: str, *states: str) -> dict[str, Any]:
    """The row of the appraisal as it is now; raises ``Conflict`` where it is in another state."""
    row = writer.get("appraisal", key)
    if row is None or row["state"] not in states:
        raise Conflict("这次考核不在可以这样办的状态", where=row["title"] if row else key[:64], remedy=_AGAIN)
    return row


def _words(text: str, where: str) -> str:
    words = text.strip()
    if not words:
        raise WrongValue("没有写理由", where=where, remedy="请写明理由")
    if len(words) > _LONGEST:
        raise WrongValue(f"超过 {_LONGEST} 字", where=where, remedy="请写得短些，材料作为附件")
    return words


def announce(actor: Actor, key: str, until: str, scope: Scope, *, clock: Clock = now) -> Done:
    """Shows the appraisal to the units; they may object up to and with the day ``until``, which is not too near."""
    require(actor, "score.announce")
    row = appraisal_for(key, scope, actor)
    try:
        day = date.fromisoformat(until)
    except ValueError as error:
        raise WrongValue(f"“{until[:20]}”不是日期", where="until", remedy="请写日期，如 2026-04-15") from error
    first = date.fromisoformat(_today(clock)) + timedelta(days=LEAST)
    if day < first:
        raise WrongValue(f"异议期至少 {LEAST} 天", where="until", remedy=f"请填 {first.isoformat()} 或以后的日期")
    if not row.subjects:
        raise Conflict("还没有参评对象", where=row.title, remedy="请先导入表格")
    with writing(clock=clock) as writer:
        _held(writer, key, "drawn")
        _alone(row)
        return Done.of([writer.append(actor.id, Draft("score.announce", key, {"until": day.isoformat()}))])


def _alone(row: Appraisal) -> None:
    """Nothing; raises ``Conflict`` where one of its subjects has another result of the period that is announced or final."""
    out = Appraisal.objects.filter(region_code=row.region_code, kind=row.kind, period=row.period, state__in=("announced", "final"))
    mine = Score.objects.filter(appraisal=row.id).values("subject")
    for other in out.exclude(pk=row.id).order_by("seq"):
        both = Score.objects.filter(appraisal=other.id, subject__in=mine).order_by("name").first()
        if both is not None:
            raise Conflict(
                f"{both.name}在“{other.title}”里已经有这个期间的结果",
                where=row.title,
                remedy="一个期间只有一个结果：请先撤销那一次，或不把它列入",
            )


def object_to(actor: Actor, key: str, wanted: Objecting, scope: Scope, *, clock: Clock = now) -> Done:
    """An objection of the unit to its own score, within the time that was announced. For an enterprise the appraisal office takes it in."""
    require(actor, "score.object")
    row, score = appraisal_for(key, scope, actor), sheet_for(key, wanted.subject, scope)
    if score.unit and not is_own(score, actor):
        raise Forbidden("只能对本单位的得分提出异议", where=score.name, remedy="请由该单位的联络员提出")
    if not score.unit and scope.units is not None:
        raise Forbidden("企业和地方的异议由考核单位登记", where=score.name, remedy="请把书面材料交给考核单位")
    if row.state != "announced":
        raise Conflict("现在不能提出异议", where=row.title, remedy="公示期间才能提出")
    if _today(clock) > row.until:
        raise Conflict(f"异议期到 {row.until} 为止，已经过了", where=row.title, remedy="请与考核单位联系")
    if wanted.line and all(one.key != wanted.line for one in scheme_for(row.scheme).lines):
        raise WrongValue("没有这一项", where=wanted.line[:40], remedy="请从得分单里选一项")
    words = _words(wanted.text, "text")
    with writing(clock=clock) as writer:
        _held(writer, key, "announced")
        made = ident("ob", key, wanted.subject, wanted.line, words)
        if writer.get("objection", made) is not None:
            raise Conflict("同样的异议已经提过", where=score.name, remedy="请等待处理")
        bring_files(wanted.kept)
        files = [{"file": one.file, "name": one.name, "media": one.media} for one in wanted.kept]
        data = {"key": made, "subject": wanted.subject, "line": wanted.line, "text": words, "kept": files}
        return Done.of([writer.append(actor.id, Draft("score.object", key, data))])


def may_decide(actor: Actor, row: Appraisal, objection: Objection, score: Score) -> str:
    """Why the actor may not decide this objection; empty where they may. Whoever scored, objected or is of the unit recuses."""
    if actor.id in msgspec.json.decode(row.scorers, type=list[str]):
        return "参加拟定、导入或评分的人回避，不能处理异议"
    if actor.id == objection.by:
        return "提出异议的人不能自己处理"
    return "本单位的人回避" if is_own(score, actor) else ""


def decide(
    actor: Actor, objection: str, upheld: bool, words: str, scope: Scope, *, correction: Correction | None = None, clock: Clock = now
) -> Done:
    """Decides an objection; where it is upheld with a value put right, all scores that follow from it are worked out anew and the old stay on record."""
    require(actor, "score.decide")
    found = Objection.objects.filter(pk=objection).first()
    if found is None:
        raise NotFound("没有这条异议", where=objection[:64], remedy="请回到异议一览")
    row = appraisal_for(found.appraisal, scope, actor)
    score = sheet_for(row.id, found.subject, scope)
    if why := may_decide(actor, row, found, score):
        raise Forbidden(why, where=score.name, remedy="请由没有参加评分的考核员或领导处理")
    reason = _words(words, "words")
    if upheld and correction is None:
        raise WrongValue("异议成立，要写明哪个数据改成多少", where="value", remedy="请选数据项并填更正后的值；不改分的请选“不成立”并说明")
    scheme = scheme_for(row.scheme)
    with writing(clock=clock) as writer:
        _held(writer, row.id, "announced")
        held = writer.get("objection", objection)
        if held is None or held["state"] != "open":
            raise Conflict("这条异议已经处理", where=score.name, remedy=_AGAIN)
        # read when nobody else can write: another decision may have corrected a value a moment ago
        change, scores = _corrected(scheme, rows_of(row.id), found, correction) if upheld and correction else ({}, [])
        data = {"key": objection, "state": "upheld" if upheld else "rejected", "words": reason, "change": change, "scores": scores}
        return Done.of([writer.append(actor.id, Draft("score.decide", row.id, data))])


def _corrected(
    scheme: Scheme, rows: Sequence[Score], objection: Objection, correction: Correction
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What is put right, and the scores that are otherwise then."""
    declared = scheme.input(correction.input)
    if declared is None:
        raise WrongValue("没有这个数据项", where=correction.input[:40], remedy="请从得分单里选")
    subjects = {row.subject: subject_of(row) for row in rows}
    before = subjects[objection.subject]
    given = before.given.get(correction.input, Given())
    mark = Ref("entry", objection.id, "异议成立，更正")
    if declared.type == "choice":
        if correction.value not in declared.choices:
            raise WrongValue("没有这个选项", where=correction.input, remedy=f"请选：{'、'.join(declared.choices)}")
        right = Given(word=correction.value, refs=(*given.refs, mark))
    else:
        right = Given(_number(correction.value, declared.least, declared.most), refs=(*given.refs, mark))
    if (right.value, right.word) == (given.value, given.word):
        raise WrongValue("更正后的值与原来一样", where="value", remedy="请填更正后的值")
    subjects[objection.subject] = msgspec.structs.replace(before, given={**before.given, correction.input: right})
    after = scored(scheme, list(subjects.values()), frozenset(row.subject for row in rows if row.unit))
    known = {row.subject: row for row in rows}
    changes = [{**one, "changed": _is_moved(known[one["subject"]], one)} for one in changed(rows, after)]
    was = next(row for row in rows if row.subject == objection.subject)
    now_ = next(one for one in after if one["subject"] == objection.subject)
    return {
        "input": correction.input, "title": declared.title.zh, "before": str(given.value) if given.value is not None else given.word,
        "after": str(right.value) if right.value is not None else right.word, "points": [was.points, now_["points"]],
        "place": [was.place, now_["place"]], "grade": [was.grade, now_["grade"]],
        "others": [one["name"] for one in changes if one["changed"] and one["subject"] != objection.subject],
    }, changes  # fmt: skip


def _is_moved(row: Score, one: dict[str, Any]) -> bool:
    """Whether points, place or grade are otherwise now, and not only the arithmetic behind them."""
    return (row.points, row.place, row.grade) != (one["points"], one["place"], one["grade"])


def may_finish(actor: Actor, row: Appraisal) -> str:
    """Why the actor may not make the result final; empty where they may: one person alone makes no result."""
    return "参加拟定、导入或评分的人不能自己确定结果" if actor.id in msgspec.json.decode(row.scorers, type=list[str]) else ""


def _number(text: str, least: Decimal | None, most: Decimal | None) -> Decimal:
    try:
        value = Decimal(text.strip())
    except InvalidOperation as error:
        raise WrongValue(f"“{text[:20]}”不是数字", where="value", remedy="请填数字") from error
    if not value.is_finite() or abs(value) >= TOO_MUCH or (least is not None and value < least) or (most is not None and value > most):
        raise WrongValue(
            f"{text[:20]} 不在允许的范围里",
            where="value",
            remedy=f"请填 {'' if least is None else least} 至 {TOO_MUCH if most is None else most}",
        )
    return value


def make_final(actor: Actor, key: str, scope: Scope, *, clock: Clock = now) -> Done:
    """The result stands: the time for objections is over, none is open, and somebody who did not score has looked at it."""
    require(actor, "score.final")
    row = appraisal_for(key, scope, actor)
    if why := may_finish(actor, row):
        raise Forbidden(why, where=row.title, remedy="请由没有参加评分的督查员或考核员确定")
    if row.state == "announced" and _today(clock) <= row.until:
        raise Conflict(f"异议期到 {row.until} 为止", where=row.title, remedy="请在异议期满以后确定")
    with writing(clock=clock) as writer:
        _held(writer, key, "announced")
        _alone(row)
        if open_ := Objection.objects.filter(appraisal=key, state="open").count():
            raise Conflict(f"还有 {open_} 条异议没有处理", where=row.title, remedy="请先处理异议")
        return Done.of([writer.append(actor.id, Draft("score.final", key, {}))])


def withdraw(actor: Actor, key: str, why: str, scope: Scope, *, clock: Clock = now) -> Done:
    """The appraisal counts no more; it stays on record with the reason."""
    require(actor, "score.withdraw")
    appraisal_for(key, scope, actor)
    reason = _words(why, "why")
    with writing(clock=clock) as writer:
        _held(writer, key, "drawn", "announced", "final")
        return Done.of([writer.append(actor.id, Draft("score.withdraw", key, {"why": reason}))])
