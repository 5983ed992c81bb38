"""Hard cases of the engine: pauses, extensions, the ladder, reports and reopening, where an office would be right to complain."""

from __future__ import annotations

from typing import Any

import pytest

from luoshi.errors import BadTable
from luoshi.loop.casing import run
from luoshi.loop.mechanism import Case, Mechanism
from luoshi.loop.reading import read_mechanism
from luoshi.loop.rules import mechanism_of

BEGUN = [("2026-03-02 09:00", "file", "supervisor"), ("2026-03-02 10:00", "approve", "leader"), ("2026-03-02 11:00", "assign", "supervisor"),
         ("2026-03-02 12:00", "sign", "lead")]  # fmt: skip
CHECKS = ["facts", "solved", "done", "conclusion", "lawful", "form"]

SMALL = """
id: X02
key: small
version: 1
number: 小
title: {zh: 小, en: small}
about: {zh: 小, en: small}
sources: [{title: 试}]
parts: [{key: office, title: {zh: 办, en: office}, role: supervisor}, {key: lead, title: {zh: 牵头, en: lead}, held: duty}]
fields:
  - {key: due, title: {zh: 期限, en: due}, type: date}
  - {key: kind, title: {zh: 类, en: kind}, type: choice, choices: [{key: a, title: {zh: 甲, en: a}}]}
  - {key: sum, title: {zh: 数, en: sum}, type: number}
  - {key: target, title: {zh: 目标, en: target}, type: number}
stages:
  - {key: doing, title: {zh: 办, en: doing}}
  - {key: checking, title: {zh: 核, en: checking}, kind: waiting}
  - {key: hung, title: {zh: 挂, en: hung}, kind: hung}
  - {key: gone, title: {zh: 完, en: gone}, kind: closed}
acts:
  - {key: ask, title: {zh: 申请, en: ask}, by: [lead], at: [doing], needs: [reason], effect: ask}
  - {key: grant, title: {zh: 同意, en: grant}, by: [office], at: [doing], pending: ask}
  - {key: report, title: {zh: 报告, en: report}, by: [lead], at: [doing], wants: [progress], fields: [due, kind, sum], effect: progress}
  - {key: hang, title: {zh: 挂起, en: hang}, by: [office], at: [doing], to: hung, effect: hang}
  - {key: resume, title: {zh: 恢复, en: resume}, by: [office], at: [hung], back: true, effect: resume}
  - {key: end, title: {zh: 办结, en: end}, by: [office], at: [doing], to: gone, effect: close}
  - {key: begin, title: {zh: 定期, en: set a date}, by: [office], at: [doing], fields: [due]}
  - {key: plan, title: {zh: 改期, en: another date}, by: [office], at: [hung], fields: [due], effect: adjust}
  - {key: hand-in, title: {zh: 报送, en: hand in}, by: [lead], at: [doing], to: checking}
  - {key: take-back, title: {zh: 撤回, en: take back}, by: [lead], at: [checking], to: doing}
  - {key: ask-out, title: {zh: 申请剔除, en: ask out}, by: [lead], at: [checking], needs: [reason], effect: ask}
  - {key: leave-in, title: {zh: 不剔除, en: leave in}, by: [office], at: [checking], pending: ask-out}
  - {key: appeal, title: {zh: 申诉, en: appeal}, by: [lead], at: [hung], within: [work]}
  - {key: publish, title: {zh: 公布, en: publish}, by: [office], at: [doing]}
  - {key: note, title: {zh: 记一笔, en: note}, by: [office], at: [doing], to: doing, needs: [text]}
clocks:
  - {key: work, title: {zh: 限, en: limit}, start: [file], stop: [end], limit: 5 workdays, pause: [ask, hang], resume: [grant, resume], owner: lead, main: true, source: 试}
  - {key: date, title: {zh: 定期, en: date}, start: [begin], stop: [end], limit: "field:due", owner: lead, source: 试}
rhythms:
  - {key: weekly, title: {zh: 周报, en: weekly}, every: weekly by 1 or next workday, at: [doing], stop: [report], owner: lead, source: 试}
  - {key: news, title: {zh: 周公布, en: weekly news}, every: weekly by 5, at: [doing], stop: [publish], owner: office, source: 试}
"""


def lived(mechanism: Mechanism, events: list[Any], then: dict[str, Any], **fields: Any) -> list[str]:
    """What does not hold after these events: each ``(at, act, by, {inputs})``, or a moment alone."""
    told = []
    for event in events:
        at, act, by, more = (event, "", "", {}) if isinstance(event, str) else (*event, {})[:4]
        told.append({"at": at, **({"act": act, "by": by, "person": f"person-{by}"} if act else {}), **more})
    given = {"fields": fields, "parts": {"lead": ["u-one"]}}
    return list(run(Case("试", tuple(told), then, given), mechanism))


def key_tasks(events: list[Any], then: dict[str, Any], **fields: Any) -> list[str]:
    mechanism = mechanism_of("M01")
    assert mechanism is not None
    return lived(mechanism, [*BEGUN, *events], then, **fields)


def small(events: list[Any], then: dict[str, Any], **fields: Any) -> list[str]:
    return lived(read_mechanism(SMALL, "small.yaml"), [("2026-03-02 09:00", "file", "office"), *events], then, **fields)


# --- reports: what was said is not asked again


def test_a_report_that_was_made_is_not_asked_again_after_a_return() -> None:
    events = [
        ("2026-05-20 09:00", "apply-close", "lead", {"text": "已建成", "evidence": ["e1"]}),
        ("2026-05-22 09:00", "return", "supervisor", {"reason": "缺一处"}),
    ]
    assert key_tasks(events, {"stage": "handling", "due": {"monthly": "2026-06-25"}}, due="2026-11-30") == []


def test_nor_after_it_hung_for_some_days() -> None:
    events = [
        ("2026-03-20 09:00", "report", "lead", {"progress": 10}),
        ("2026-03-21 09:00", "hang", "leader", {"reason": "等批复"}),
        ("2026-03-23 09:00", "resume", "leader"),
    ]
    assert key_tasks(events, {"due": {"monthly": "2026-04-25"}}, due="2026-11-30") == []


def test_hung_for_months_no_report_is_missed_and_the_next_is_the_one_to_come() -> None:
    events = [("2026-04-02 09:00", "hang", "leader", {"reason": "等批复"}), "2026-09-01 09:00", ("2026-09-10 09:00", "resume", "leader")]
    # that of March was not made before it hung
    assert key_tasks(events, {"missed": 1, "due": {"monthly": "2026-09-25"}}, due="2026-11-30") == []


def test_two_periods_that_end_on_one_day_come_one_after_the_other() -> None:
    """Monday of the week of Spring Festival 2026 and the Monday after it both give way to Tuesday 24 February."""
    events = [("2026-02-24 09:00", "file", "office"), "2026-03-03 09:00"]
    mechanism = read_mechanism(SMALL, "small.yaml")
    events[0] = ("2026-02-12 09:00", "file", "office")
    assert lived(mechanism, events, {"due": {"weekly": "2026-03-09"}}) == []


# --- milestones


def test_a_light_turns_on_the_day_of_a_milestone() -> None:
    """In the middle of a month, and nobody did anything that day."""
    days = [{"day": "2026-04-10", "percent": 60}, {"day": "2026-09-30", "percent": 100}]
    mechanism = mechanism_of("M01")
    assert mechanism is not None
    events = [*BEGUN[:2], ("2026-03-02 11:00", "assign", "supervisor", {"milestones": days}), BEGUN[3],
              ("2026-03-20 09:00", "report", "lead", {"progress": 10})]  # fmt: skip
    assert lived(mechanism, [*events, "2026-04-09 23:59"], {"progress": "green"}, due="2026-11-30") == []
    assert lived(mechanism, [*events, "2026-04-10 00:00"], {"progress": "red"}, due="2026-11-30") == []


# --- the ladder


def test_the_ladder_begins_anew_with_an_extension() -> None:
    events = [
        ("2026-03-25 09:00", "report", "lead", {"progress": 40}),
        ("2026-04-28 09:00", "ask-extension", "lead", {"reason": "雨", "date": "2026-06-30"}),
        ("2026-04-29 09:00", "grant-extension", "leader"),
        ("2026-05-20 09:00", "report", "lead", {"progress": 50}),
        ("2026-06-20 09:00", "report", "lead", {"progress": 60}),
        "2026-07-10 09:00",
    ]
    new = "@handle.1/2026-06-30"
    rungs = ["report-late@monthly.2", "remind@handle.1", f"remind{new}", f"chase-1{new}", f"letter{new}"]
    assert key_tasks(events, {"rungs": rungs}, due="2026-04-30") == []


def test_what_is_handed_over_late_is_not_chased_for_the_days_before() -> None:
    """The date had passed before the unit was asked: the letter comes five workdays after that, not at once with the summons to talk."""
    mechanism = mechanism_of("M01")
    assert mechanism is not None
    events = [*BEGUN[:2], ("2026-06-01 11:00", "assign", "supervisor"), ("2026-06-01 12:00", "sign", "lead"), "2026-06-02 09:00"]
    assert lived(mechanism, events, {"rungs": ["chase-1@handle.1"], "time": "red"}, due="2026-03-20") == []
    assert lived(mechanism, [*events, "2026-06-08 23:00"], {"rungs": ["chase-1@handle.1"]}, due="2026-03-20") == []
    assert lived(mechanism, [*events, "2026-06-09 09:00"], {"rungs": ["chase-1@handle.1", "letter@handle.1"]}, due="2026-03-20") == []


def test_days_hung_do_not_count_on_the_ladder() -> None:
    """Overdue since 1 April, hung on the 3rd, resumed in August: the letter comes as many days later as it hung."""
    hung = [("2026-03-20 09:00", "report", "lead", {"progress": 10}), ("2026-04-03 09:00", "hang", "leader", {"reason": "停工令"}),
            ("2026-08-03 09:00", "resume", "leader")]  # fmt: skip
    first = ["remind@handle.1", "chase-1@handle.1"]
    assert key_tasks([*hung, "2026-08-04 09:00"], {"rungs": first, "due": {"handle": "2026-03-31"}}, due="2026-03-31") == []
    assert key_tasks([*hung, "2026-08-07 09:00"], {"rungs": first}, due="2026-03-31") == []
    assert key_tasks([*hung, "2026-08-08 09:00"], {"rungs": [*first, "letter@handle.1"]}, due="2026-03-31") == []


# --- pauses


def test_a_pause_for_another_reason_outlasts_a_hanging() -> None:
    """While a request waits nothing counts; that the matter hung and was resumed in between does not answer the request."""
    events = [
        ("2026-03-03 09:00", "ask", "lead", {"reason": "改"}), ("2026-03-04 09:00", "hang", "office"), ("2026-03-05 09:00", "resume", "office"),
        "2026-03-20 09:00",
    ]  # fmt: skip
    assert small(events, {"lapsed": ["news", "weekly"], "time": "green"}) == []
    granted = [*events, ("2026-03-20 10:00", "grant", "office")]
    assert small(granted, {"due": {"work": "2026-03-26"}}) == []


def test_what_is_asked_while_it_hangs_waits_with_it() -> None:
    """An instruction to a hung matter can be answered only when it is resumed; until then its days do not run."""
    events = [
        ("2026-03-03 09:00", "hang", "leader", {"reason": "等批复"}), ("2026-03-04 09:00", "instruct", "leader", {"text": "抓紧"}),
        ("2026-05-06 09:00", "resume", "leader"),
    ]  # fmt: skip
    assert key_tasks(events, {"due": {"instruction": "2026-05-21"}, "lapsed": []}, due="2026-11-30") == []


def test_what_was_done_in_time_is_not_late_because_others_took_theirs() -> None:
    """Due on 9 March. Answered, or handed in for acceptance, on the 6th, and closed by the office on the 12th."""
    done = [("2026-03-05 09:00", "report", "lead"), ("2026-03-12 09:00", "end", "office")]
    handed = ("2026-03-06 09:00", "ask", "lead", {"reason": "请验收"})
    assert small([done[0], handed, done[1]], {"state": "closed", "time": "green"}) == []
    answered = read_mechanism(SMALL.replace("stop: [end], limit: 5 workdays", "stop: [note], limit: 5 workdays"), "small.yaml")
    begun, note = ("2026-03-02 09:00", "file", "office"), ("2026-03-06 09:00", "note", "office", {"text": "答复"})
    assert lived(answered, [begun, done[0], note, done[1]], {"state": "closed", "time": "green"}) == []
    late = ("2026-03-10 09:00", "note", "office", {"text": "答复"})
    assert lived(answered, [begun, done[0], late, done[1]], {"state": "closed", "time": "yellow"}) == []


def test_a_time_that_had_run_out_when_it_hung_is_no_time() -> None:
    events = [("2026-03-10 09:00", "hang", "office"), ("2026-03-11 09:00", "appeal", "lead", {"refused": "已过期限"})]
    assert small(events, {"state": "hung", "lapsed": ["work"]}) == []
    assert small([("2026-03-09 09:00", "hang", "office"), ("2026-03-11 09:00", "appeal", "lead")], {"state": "hung"}) == []


def test_another_rhythm_answers_only_its_own() -> None:
    """The office's own publication does not wipe out the reports that the unit owes."""
    events = [("2026-03-06 09:00", "publish", "office"), "2026-03-11 09:00", ("2026-03-12 09:00", "publish", "office")]
    assert small(events, {"missed": 1}) == []
    assert small([*events, ("2026-03-12 10:00", "report", "lead")], {"missed": 0, "missed_ever": 1}) == []


def test_who_is_excused_holds_up_nobody() -> None:
    """Of two who were called one has come; when the other is excused, all have come."""
    mechanism = mechanism_of("M09")
    assert mechanism is not None
    called = {"units": {"called": ["u-road", "u-water"]}, "fields": {"cause": "enforcement", "location": "老菜场", "problem": "占道"}}
    events = [
        ("2026-03-02 09:00", "file", "lead"), ("2026-03-02 09:30", "blow", "lead", called),
        ("2026-03-02 10:00", "arrive", "lead", {"unit": "u-road"}), ("2026-03-02 10:10", "decline", "called", {"reason": "不归我管"}),
        ("2026-03-02 10:20", "excuse", "supervisor", {"reason": "属实", "units": {"called": ["u-road"]}}),
    ]  # fmt: skip
    assert lived(mechanism, events, {"stage": "working", "running": ["handle"]}, kind="daily") == []


def test_a_request_that_nobody_can_decide_any_more_keeps_out_no_other() -> None:
    """Handed in before the request was decided: the other request may be made, and the first is not there any more."""
    events = [
        ("2026-03-03 09:00", "ask", "lead", {"reason": "改"}), ("2026-03-03 10:00", "hand-in", "lead"),
        ("2026-03-03 11:00", "ask-out", "lead", {"reason": "不算"}), ("2026-03-03 12:00", "leave-in", "office"),
        ("2026-03-03 13:00", "take-back", "lead"), ("2026-03-03 14:00", "grant", "office", {"refused": "没有待批"}),
    ]  # fmt: skip
    assert small(events, {"stage": "doing"}) == []


# --- new dates


def test_reopened_with_a_new_date() -> None:
    closed = [
        ("2026-03-20 09:00", "apply-close", "lead", {"text": "完", "evidence": ["e1"]}),
        ("2026-03-21 09:00", "pass", "supervisor", {"checks": CHECKS}), ("2026-03-23 09:00", "close", "leader"),
        ("2026-09-01 09:00", "reopen", "supervisor", {"reason": "反弹", "refused": "新的期限"}),
    ]  # fmt: skip
    again = [*closed, ("2026-09-01 09:00", "reopen", "supervisor", {"reason": "反弹", "fields": {"due": "2026-10-31"}}), "2026-09-02 09:00"]
    then = {"stage": "handling", "time": "green", "due": {"handle": "2026-10-31"}, "original": {"handle": "2026-10-31"}, "rungs": []}
    assert key_tasks(again, then, due="2026-04-30") == []


def test_an_extension_goes_on() -> None:
    """It ends later than what is due now, and a date that passed while the request waited is no date any more."""
    asked = ("2026-04-10 09:00", "ask-extension", "lead", {"reason": "雨", "date": "2026-05-15"})
    early = [("2026-04-10 09:00", "ask-extension", "lead", {"reason": "雨", "date": "2026-04-20", "refused": "晚于"})]
    assert key_tasks(early, {"stage": "handling"}, due="2026-04-30") == []
    late = [asked, ("2026-05-20 09:00", "grant-extension", "leader", {"refused": "已经过去"})]
    assert key_tasks(late, {"stage": "extending"}, due="2026-04-30") == []
    # it had run out while the request waited; by the new date it has not
    granted = [*late, ("2026-05-20 09:00", "grant-extension", "leader", {"date": "2026-06-15"})]
    assert key_tasks(granted, {"stage": "handling", "due": {"handle": "2026-06-15"}, "lapsed": []}, due="2026-04-30") == []


def test_a_clock_follows_the_date_on_which_it_hangs() -> None:
    """Sent back and handed over anew with a new date: the time for the whole is that date, and the first date is kept."""
    back = [("2026-03-02 12:00", "send-back", "lead", {"reason": "不归我单位"}),
            ("2026-03-03 09:00", "assign", "supervisor", {"fields": {"due": "2026-07-31"}})]  # fmt: skip
    mechanism = mechanism_of("M01")
    assert mechanism is not None
    then = {"due": {"handle": "2026-07-31"}, "original": {"handle": "2026-04-30"}}
    assert lived(mechanism, [*BEGUN[:3], *back], then, due="2026-04-30") == []


def test_a_date_set_while_it_hangs_is_that_date() -> None:
    """The days hung before the new date was set are not added to it; those after it are."""
    events = [
        ("2026-03-03 09:00", "begin", "office", {"fields": {"due": "2026-03-20"}}), ("2026-03-10 09:00", "hang", "office"),
        ("2026-04-10 09:00", "plan", "office", {"fields": {"due": "2026-05-20"}}), ("2026-04-15 09:00", "resume", "office"),
    ]  # fmt: skip
    assert small(events, {"due": {"date": "2026-05-25"}, "original": {"date": "2026-03-20"}}) == []


def test_a_transfer_gives_the_new_unit_its_own_day_to_sign() -> None:
    mechanism = mechanism_of("M01")
    assert mechanism is not None
    events = [*BEGUN[:3], ("2026-03-06 09:00", "transfer", "supervisor", {"reason": "归口", "units": {"lead": ["u-two"]}})]
    assert lived(mechanism, events, {"due": {"sign": "2026-03-09"}, "lapsed": []}, due="2026-11-30") == []


# --- inputs that are none


@pytest.mark.parametrize("wrong", [{"kind": ["a"]}, {"kind": {"a": 1}}, {"due": "20260930"}, {"due": "2026-W10-3"}, {"due": "9999-12-31"},
                                   {"due": "0001-01-01"}, {"sum": float("inf")}, {"sum": float("nan")}, {"sum": 10**400}], ids=str)  # fmt: skip
def test_a_value_that_is_none(wrong: dict[str, Any]) -> None:
    assert small([("2026-03-03 09:00", "report", "lead", {"fields": wrong, "refused": "值不对"})], {"stage": "doing"}) == []


@pytest.mark.parametrize("count", [float("inf"), float("nan"), 10**400, -1, True, "3"], ids=lambda one: str(one)[:9])
def test_a_count_that_is_none(count: Any) -> None:
    assert small([("2026-03-03 09:00", "report", "lead", {"count": count, "refused": "不能"})], {"stage": "doing"}, target=100) == []


# --- files that would break a matter


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("to: gone, effect: close", "to: gone"),
        ("to: gone, effect: close", "to: gone, effect: hang"),
        ("to: hung, effect: hang", "to: hung"),
        ("back: true, effect: resume", "back: true"),
        ("at: [doing], to: doing", "at: [doing, gone], to: doing"),
    ],
)
def test_a_stage_and_what_it_is_must_go_together(old: str, new: str) -> None:
    assert old in SMALL
    with pytest.raises(BadTable, match="effect"):
        read_mechanism(SMALL.replace(old, new), "small.yaml")
