"""The end of a promised act: a named project that is to reach a stage, and a task without any figure.

A project is found again by its name alone: the whole core, with 一期, 二期 and 段 kept apart. A task is found again by the thing that it is about,
the words behind its verb; what the next report says beside those words decides, and words that only praise decide nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypedDict, Unpack

import msgspec

from luoshi.extract import catalogue
from luoshi.link import naming
from luoshi.link.link import Outcome, Verdict, Why
from luoshi.link.source import Acted, Source, Task
from luoshi.link.telling import quoted
from luoshi.link.words import affixes, pattern

if TYPE_CHECKING:
    from luoshi.link.account import Account

_STAGES: Final = {"planned": 1, "signed": 2, "started": 3, "building": 3, "built": 5, "running": 6}
#: a stage from which a thing stands
_STANDS: Final = 5
_TAIL: Final = re.compile(
    r"(?:项目|工程|建设|改造|整治|改扩建|新建|扩建|迁建|改建|主体|一体化|升级|提升|征迁|综合治理|治理|贯通|开工|竣工|投产|投用)+$"
)
_CLAUSES: Final = re.compile(r"[^，,；;。！？!?\n]+")
_SHORTEST_NAME: Final = 3
_SHORTEST_THING: Final = 5
_LONGEST_THING: Final = 24
_ACT_HEAD: Final = re.compile(
    r"^(?:要|将|力争|确保|争取|继续|全力|抓紧|积极|大力|年内|今年|年底前|尽快|着力|同时|并|进一步|深入|扎实|稳步|加快|有序|全面|高标准|高质量|统筹|切实|持续|不断)+"
)
_NOT_A_THING: Final = re.compile(
    r"坚持|思想|精神|理念|格局|高质量发展|现代化|体系|机制|水平|能力|环境|作用|意识|力度|局面|动能|活力|优势|新篇章|幸福感"
)


#: a bare place names no project
_PLACE: Final = re.compile(r"[\u4e00-\u9fff]{1,6}(?:[省市县镇乡村]|(?<![街校小园库景营税验试范])区|街道|新区|新城|片区|社区|开发区)")
#: a part of the work is no end of it: 完成投资3亿元, 完成桩基施工, 主体封顶
_PART_DONE: Final = re.compile(
    r"完成(?:了|年度|总|固定资产|全部|土建|工程|累计)*(?:投资|桩基|主体|前期|征地|征拆|征收|拆迁|立项|可研|选址|设计|招标|土方|围护|基坑|封顶|方案|规划|审批|环评"
    r"|工程量|总工程量|总量|签约|备案|供地|用地|地下|基础|一半|过半|[\d.]+[%％])"
)
#: words behind a name that make it a part of the thing: 12号线南段, 一期
_SECTION: Final = re.compile(r"^[（(]?([^，,。；;、\s（()）]{0,5}?)(?:标段|首段|段|[一二三四首]期|先行区|部分|示范段|起步区)")


class Said(msgspec.Struct, frozen=True):
    """What the next report says of a thing: where, and whether as done."""

    start: int
    end: int
    verdict: Verdict
    why: Why = ""


@lru_cache(maxsize=16384)
def project_name(name: str) -> str:
    """The core of a project's name: without marks and without what is done to it.

    >>> project_name("“澜湾大道”二期改造工程"), project_name("澜湾大道一期")
    ('澜湾大道二期', '澜湾大道一期')
    """
    left = naming.unmarked(name)
    shorter = _TAIL.sub("", left)
    return shorter if len(shorter) >= _SHORTEST_NAME else left


def projects_of(source: Source) -> Iterator[Acted]:
    """The projects that a document promises, in the order of the text."""
    return (one for one in source.projects if one.role == "target")


def answer_project(source: Source, target: Acted, year: int, account: Account) -> Outcome:
    """The end of a promised stage of a project in the report that accounts for the year."""
    name = project_name(target.text)
    if not account.source.accounts:
        return _outcome(source, target, name, year, "cannot_tell", why="no_result", reasons=("no-review",))
    named = [one for one in account.projects_near(name) if _is_same(name, project_name(one.text))]
    told = [one for one in named if one.role == "result"]
    again = [one for one in named if one.role == "target"]
    best = max(told, key=lambda one: (_STAGES.get(one.stage, 0), -one.start), default=None)
    if best is not None:
        verdict = _by_stage(target, best, promised_again=bool(again))
        if verdict == "missed" and _STAGES.get(best.stage, 0) >= _STANDS:
            return _stands(source, target, name, year, (account.source, best.start, best.end, best.id))
        if verdict == "met" and best.stage == "built" and _is_frame_only(source, target, account.source, best):
            return _standing(source, target, name, year, (account.source, best.start, best.end, best.id))
        return _outcome(source, target, name, year, verdict, at=(account.source, best.start, best.end, best.id))
    said = say(name, account.source, _words_around(source, target)) if len(name) >= _SHORTEST_NAME and not _PLACE.fullmatch(name) else None
    if said is not None and said.verdict == "met":
        return _outcome(
            source,
            target,
            name,
            year,
            "met",
            at=(account.source, said.start, said.end, ""),
            reasons=("told-as-done",),
            others=("cannot_tell",),
        )
    if again:
        first = again[0]
        return _outcome(source, target, name, year, "carried_over", at=(account.source, first.start, first.end, first.id), reasons=("promised-again",), others=("cannot_tell",))  # fmt: skip
    if said is not None:
        return _outcome(
            source,
            target,
            name,
            year,
            "cannot_tell",
            at=(account.source, said.start, said.end, ""),
            why="qualitative",
            reasons=("named",),
        )
    if len(name) >= _SHORTEST_NAME and catalogue.spelled(name) in account.words:
        return _outcome(source, target, name, year, "cannot_tell", why="no_result", reasons=("named",))
    cut = not account.source.complete
    return _outcome(source, target, name, year, "dropped", reasons=("named-nowhere",), others=("cannot_tell",) if cut else ())


def _stands(source: Source, target: Acted, name: str, year: int, at: tuple[Source, int, int, str]) -> Outcome:
    """The end of a thing that was to be opened and of which only its building is told: it stands, whether it runs is not said."""
    promised = _words_around(source, target)
    if (
        _TO_BUILD.search(promised)
        and not _TO_RUN.search(promised)
        and not _ROUGHLY.search(_clause(at[0].text, *at[1:3], *at[0].sentence(*at[1:3])))
    ):
        return _outcome(source, target, name, year, "met", at=at, others=("cannot_tell",))
    return _standing(source, target, name, year, at)


def _standing(source: Source, target: Acted, name: str, year: int, at: tuple[Source, int, int, str]) -> Outcome:
    """The end of a thing of which is told that it stands, or nearly: whether it is as far as was promised is not said."""
    return _outcome(source, target, name, year, "cannot_tell", at=at, why="qualitative", reasons=("named",), others=("met", "missed"))


def _is_frame_only(source: Source, target: Acted, report: Source, best: Acted) -> bool:
    """True where a thing was to stand and only its frame is told as built."""
    if _STAGES.get(target.stage, 0) < _STANDS or _FRAME in _words_around(source, target):
        return False
    return _FRAME in _words_around(report, best)


def _words_around(source: Source, target: Acted) -> str:
    return _clause(source.text, target.start, target.end, *source.sentence(target.start, target.end))


#: a thing that is to run, not only to stand
_TO_RUN: Final = re.compile(
    "通车|投用|投入使用|运营|营运|运行|开放|启用|投产|开通|开园|开馆|开业|开诊|交付|招生|通航|通水|通气|发电|上线|达产|入住"
)
_FRAME: Final = "主体"
_ROUGHLY: Final = re.compile("主体|基本(?!农田|公共|医疗|养老|建设)")
_TO_BUILD: Final = re.compile("建成|竣工|完工|建设")


def unanswered(source: Source, target: Acted | Task, year: int, thing: str = "") -> Outcome:
    """The end of an act for whose year no report of the place is known."""
    name = thing or (project_name(target.text) if isinstance(target, Acted) else "")
    return _outcome(source, target, name, year, "not_yet", reasons=("no-report-yet",))


@lru_cache(maxsize=65536)
def _is_same(one: str, other: str) -> bool:
    """True for one name, or for one that only has the place in front: 栖山区澜湾大道, 澜湾大道."""
    if one == other:
        return True
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    if not longer.endswith(shorter) or len(shorter) < _SHORTEST_NAME + 1:
        return False
    return re.fullmatch(r"[\u4e00-\u9fff]{1,6}[省市县区镇乡]", longer[: -len(shorter)]) is not None


def _by_stage(target: Acted, best: Acted, *, promised_again: bool) -> Verdict:
    if _STAGES.get(best.stage, 0) >= _STAGES.get(target.stage, 0):
        return "met"
    return "carried_over" if promised_again else "missed"


def tasks_of(source: Source) -> Iterator[tuple[Task, str]]:
    """(commitment without a figure and without a project, the thing it is about), in the order of the text."""
    for one in source.tasks:
        if _has_other_target(source, one):
            continue
        thing = thing_of(source.text[one.start : one.body_end])
        if thing:
            yield one, thing


def _has_other_target(source: Source, one: Task) -> bool:
    if any(each.role == "target" for each in source.between(one.start, one.end)):
        return True
    return any(each.role == "target" and one.start <= each.start < one.end for each in source.projects)


@lru_cache(maxsize=8192)
def thing_of(words: str) -> str:
    """What the first clause of a commitment is about; "" where it is about nothing that can be found again.

    >>> thing_of("建成区公共法律服务中心，完善服务网络")
    '区公共法律服务中心'
    >>> thing_of("坚持以人民为中心的发展思想")
    ''
    """
    clause = _CLAUSES.search(words)
    left = naming.unmarked(clause[0]) if clause else ""
    left = _ACT_HEAD.sub("", left)
    shorter = naming.core(left)
    if not _SHORTEST_THING <= len(shorter) <= _LONGEST_THING or shorter == left or _NOT_A_THING.search(shorter):
        return ""
    return shorter


def answer_task(source: Source, target: Task, thing: str, year: int, account: Account) -> Outcome:
    """The end of a task without a figure in the report that accounts for the year."""
    if not account.source.accounts:
        return _outcome(source, target, thing, year, "cannot_tell", why="no_result", reasons=("no-review",))
    said = say(thing, account.source)
    if said is not None:
        return _outcome(source, target, thing, year, said.verdict, at=(account.source, said.start, said.end, ""), why=said.why,
            reasons=("told-as-done",) if said.verdict == "met" else ("named",), others=("cannot_tell",) if said.verdict != "cannot_tell" else (),
        )  # fmt: skip
    if catalogue.spelled(thing) in account.words:
        return _outcome(source, target, thing, year, "cannot_tell", why="no_result", reasons=("named",))
    if not thing.endswith(affixes("things")):
        return _outcome(source, target, thing, year, "cannot_tell", why="qualitative", reasons=("named-nowhere",), others=("dropped",))
    return _outcome(source, target, thing, year, "dropped", reasons=("named-nowhere",), others=("cannot_tell",))


def say(thing: str, source: Source, promised: str = "") -> Said | None:
    """What the parts that look back say of a thing by its name; the clause that tells it as done goes before all others.

    ``promised`` are the words of the promise: where a part of the work was promised, that part is all of it.
    """
    found = None
    for start, end in _places(thing, source):
        first, last = source.sentence(start, end)
        clause = _clause(source.text, start, end, first, last)
        verdict = _told(clause, in_part=_PART_DONE.search(promised) is not None)
        section = _SECTION.match(source.text[end:last])
        if verdict == "met" and section and not (section[1] and section[1] in source.region):
            verdict = "cannot_tell"
        if verdict == "met":
            return Said(start, end, "met")
        found = found or Said(start, end, verdict, "qualitative" if verdict == "cannot_tell" else "")
    return found


def _places(thing: str, source: Source) -> Iterator[tuple[int, int]]:
    """Where a thing is named in the parts that look back; line breaks inside a name do not count."""
    if thing not in source.words_back:
        return
    sought = re.compile(r"\s*".join(map(re.escape, thing)))
    for first, last in source.back:
        for match in sought.finditer(source.text, first, last):
            yield match.start(), match.end()


def _clause(text: str, start: int, end: int, first: int, last: int) -> str:
    """The words of the clause around a name, and of the next one where the name ends its clause."""
    head = max((text.rfind(sign, first, start) for sign in "，,；;"), default=-1)
    tails = [place for sign in "，,；;" if (place := text.find(sign, end, last)) >= 0]
    tail = min(tails, default=last)
    return text[max(first, head + 1) : tail]


def _told(clause: str, *, in_part: bool) -> Verdict:
    if pattern("undone").search(clause):
        return "missed"
    under_way = pattern("under_way").search(clause)
    done = pattern("done").search(clause if in_part else _PART_DONE.sub("", clause))
    return "met" if done and not under_way else "cannot_tell"


class _Told(TypedDict, total=False):
    """What an outcome says besides its verdict; ``at`` is (report, start, end, fact) of the words that answer."""

    at: tuple[Source, int, int, str]
    why: Why
    reasons: tuple[str, ...]
    others: tuple[Verdict, ...]


def _outcome(source: Source, target: Acted | Task, name: str, year: int | None, verdict: Verdict, **told: Unpack[_Told]) -> Outcome:
    at = told.get("at")
    end = target.body_end if isinstance(target, Task) else target.end
    return Outcome(
        kind="task" if isinstance(target, Task) else "project",
        target=quoted(source, target.start, end, target.id),
        name=name,
        due=year,
        verdict=verdict,
        why=told.get("why", ""),
        result=quoted(*at) if at else None,
        reasons=told.get("reasons", ()),
        others=tuple(one for one in told.get("others", ()) if one != verdict),
    )
