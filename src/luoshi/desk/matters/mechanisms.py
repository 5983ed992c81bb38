"""Mechanisms of the office: a file is kept once its cases come out; what a new version would change is seen before matters go over to it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec
from django.db.models import Count, QuerySet

from luoshi.desk.actor import Actor
from luoshi.desk.done import Conflict, Done, NotFound, WrongValue
from luoshi.desk.matters import ruling
from luoshi.desk.matters.moving import append, at_of, catch_up, matter_for
from luoshi.desk.rights import require
from luoshi.errors import BadTable, LuoshiError
from luoshi.ledger import models
from luoshi.ledger.acts.matters import life_of
from luoshi.ledger.entry import Draft
from luoshi.ledger.scope import Scope
from luoshi.ledger.store import Clock, now, writing
from luoshi.loop import casing
from luoshi.loop.matter import Change, Matter, Move, Ticking
from luoshi.loop.mechanism import Mechanism, Words
from luoshi.loop.reading import read_mechanism
from luoshi.loop.rules import Rules, mechanism_of, mechanism_text
from luoshi.loop.starting import Turn, touched
from luoshi.loop.timing import sealed

#: the act by which a matter goes over to another version; no mechanism declares it
MIGRATE: Final = "migrate"
_ID: Final = re.compile(r"[A-Z][A-Z0-9-]{1,18}")
_KEY: Final = re.compile(r"[a-z][a-z0-9-]{1,39}")
_WHERE: Final = "机制文件"
_MOST_CASES: Final = 200
#: the kinds of stage that a matter in this state may be in
_KINDS: Final[Mapping[str, Collection[str]]] = {"live": ("open", "waiting"), "hung": ("hung",)}


# --- keeping


def checked(text: str) -> Mechanism:
    """The mechanism that the file declares, if it could be kept now: it makes sense, its cases come out, its version is the next.

    Raises ``BadTable`` that says what is wrong and where, ``Conflict`` where another mechanism or a version is in its way.
    """
    found = read_mechanism(text, _WHERE)
    if not _ID.fullmatch(found.id) or not _KEY.fullmatch(found.key) or not 1 <= len(found.number.strip()) <= 4:
        raise BadTable(
            "id、key 或 number 的写法不对",
            where=_WHERE,
            remedy="id 用大写字母和数字（如 B01），key 用小写字母（如 flood-duty），number 用一至四个字",
        )
    _fits(found)
    _cases(found)
    return found


def _fits(found: Mechanism) -> None:
    """Nothing, or why the ledger cannot take it: a version that is there already, a name that another mechanism has."""
    newest = versions(found.id)[-1:]
    if newest and found.version <= newest[0].version:
        raise Conflict(
            f"{found.id} 已有第 {newest[0].version} 版", where="version", remedy=f"改动后请把 version 写成 {newest[0].version + 1} 或更大"
        )
    if newest and found.key != newest[0].key:
        raise Conflict(f"{found.id} 的 key 是 {newest[0].key}，不能改", where="key", remedy="另立机制请用新的 id 和 key")
    for other in ruling.all_current():
        if other.id != found.id and (other.key == found.key or other.number == found.number):
            raise Conflict(f"key 或 number 与 {other.id} {other.title.zh}相同", where="key", remedy="请换一个，编号才不会混")


def _cases(found: Mechanism) -> None:
    """Nothing, or ``BadTable`` with the first cases that do not come out."""
    if not found.cases or len(found.cases) > _MOST_CASES:
        raise BadTable(f"要有 1 至 {_MOST_CASES} 个例子（cases）", where=_WHERE, remedy="请至少写一件事从立项到办结的经过")
    wrong: list[str] = []
    for case in found.cases:
        try:
            wrong += casing.run(case, found)
        except LuoshiError as error:
            wrong.append(f"{case.title}：{error.what}")
        except (KeyError, ValueError, TypeError, AttributeError, StopIteration, AssertionError) as error:
            wrong.append(f"{case.title}：写法不对（{type(error).__name__} {error}）")
    if wrong:
        raise BadTable("例子没有通过：" + "；".join(wrong[:5]), where=_WHERE, remedy="请改机制，或改例子")


def keep(actor: Actor, text: str, *, clock: Clock = now) -> Done:
    """The version is in the ledger; new matters are filed under it from now on, those that live stay under theirs."""
    require(actor, "mechanism.keep")
    # the cases run for years of the clock: nobody waits for them
    found = checked(text)
    with writing(clock=clock) as writer:
        if writer.get("mechanism", ruling.version_id(found.id, found.version)) is not None:
            raise Conflict(f"第 {found.version} 版已有人存入", where=found.id, remedy="请把 version 加一再存")
        data = {"key": found.id, "version": found.version, "text": text, "own": True}
        return Done.of([writer.append(actor.id, Draft("mechanism.keep", ruling.version_id(found.id, found.version), data))])


def versions(mechanism: str) -> list[Mechanism]:
    """The versions of a mechanism that the ledger or the program knows, the oldest first."""
    known = set(models.MechanismFile.objects.filter(key=mechanism).values_list("version", flat=True))
    shipped = mechanism_of(mechanism)
    if shipped is not None and shipped.id == mechanism:
        known.add(shipped.version)
    return [ruling.rules_for(mechanism, version).mechanism for version in sorted(known)]


def text_of(mechanism: str, version: int) -> str:
    """The file of a version as it is written; ``NotFound`` where neither ledger nor program has it."""
    row = models.MechanismFile.objects.filter(pk=ruling.version_id(mechanism, version)).first()
    if row is not None:
        return row.text
    ruling.rules_for(mechanism, version)
    return mechanism_text(mechanism)


# --- what would change


class Differs(msgspec.Struct, frozen=True):
    """Something that the two versions say otherwise; ``before`` or ``after`` empty where it is not there."""

    key: str
    title: Words
    before: str
    after: str


class Waiting(msgspec.Struct, frozen=True):
    """A live matter under an older version, and where it would stand; ``to`` empty where somebody has to choose, ``wrong`` why it cannot go."""

    item: str
    number: str
    version: int
    stage: str
    to: str
    wrong: str = ""


class Preview(msgspec.Struct, frozen=True):
    """What would be otherwise for the live matters under older versions: how many by version, and by stage that is gone.

    ``stages``: the stages that there are now, to choose from; ``differs`` by kind: stages, acts, clocks, rhythms, fields.
    """

    mechanism: Mechanism
    counts: Mapping[int, int]
    gone: Mapping[str, int]
    differs: Mapping[str, tuple[Differs, ...]]
    matters: tuple[Waiting, ...]


def preview(target: Mechanism, scope: Scope, *, stages: Mapping[str, str] | None = None, most: int = 500) -> Preview:
    """What ``move`` to this version would change for the live matters that the scope sees; ``stages``: what was chosen for those gone.

    The differences are those to the oldest version that a matter lives under, so that nothing is left out.
    """
    chosen, counts, gone = dict(stages or {}), dict[int, int](), dict[str, int]()
    rows = older(target, scope)
    known = {stage.key for stage in target.stages}
    for version, stage, count in rows.order_by().values_list("version", "stage").annotate(n=Count("id")):
        counts[version] = counts.get(version, 0) + count
        if stage not in known:
            gone[stage] = gone.get(stage, 0) + count
    waiting = []
    for row in rows.order_by("number")[:most]:
        matter = life_of(row.life)
        to, wrong = _place(matter, target, chosen)
        waiting.append(Waiting(row.id, row.number, row.version, row.stage, to, wrong))
    known_versions = [one.version for one in versions(target.id) if one.version < target.version]
    base = min(counts, default=max(known_versions, default=0))
    differs = _differs(ruling.rules_for(target.id, base).mechanism, target) if base else {}
    return Preview(target, dict(sorted(counts.items())), gone, differs, tuple(waiting))


def older(target: Mechanism, scope: Scope) -> QuerySet[models.Matter]:
    """The live matters under older versions that the scope sees; of a liaison none, since whoever moves runs the supervision."""
    found = models.Matter.objects.filter(mechanism=target.id, version__lt=target.version, state__in=("live", "hung"))
    if scope.item_regions is not None:
        found = found.filter(region_code__in=scope.item_regions)
    if not scope.internal:
        found = found.filter(internal=False)
    return found if scope.units is None else found.none()


def _place(matter: Matter, target: Mechanism, chosen: Mapping[str, str]) -> tuple[str, str]:
    """The stage in which the matter would stand, ``""`` where somebody has to choose; and why it cannot go over."""
    known = {stage.key: stage for stage in target.stages}
    if matter.variant and target.variant(matter.variant) is None:
        return "", f"新版没有“{matter.variant}”这一类"
    to = chosen.get(matter.stage, matter.stage)
    if to not in known:
        return "", ""
    if known[to].kind not in _KINDS[matter.state]:
        return "", f"“{known[to].title.zh}”不能放{'挂起' if matter.state == 'hung' else '在办'}的事项"
    back = chosen.get(matter.back, matter.back)
    return (to, "") if not matter.back or back in known else ("", f"挂起前的阶段“{matter.back}”在新版里没有")


def _differs(before: Mechanism, after: Mechanism) -> dict[str, tuple[Differs, ...]]:
    found = {
        "stages": _compared(before.stages, after.stages, lambda one: f"{one.kind} {one.turn}".strip()),
        "acts": _compared(before.acts, after.acts, _act),
        "clocks": _compared((*before.clocks, *before.rhythms), (*after.clocks, *after.rhythms), _limit),
        "fields": _compared(before.fields, after.fields, lambda one: f"{one.type} {one.required}".strip()),
    }
    return {kind: differences for kind, differences in found.items() if differences}


def _act(one: Any) -> str:
    """What of an act concerns whoever does it: who, from where, whereto, what it asks for."""
    needs = "、".join((*one.needs, *(f"({want})" for want in one.wants)))
    return f"{'、'.join(one.by)}: {'、'.join(one.at)} → {one.to or '='}{f'; {needs}' if needs else ''}"


def _limit(one: Any) -> str:
    said = str(getattr(one, "every", "") or one.limit)
    by = getattr(one, "by", {})
    return said + "".join(f"; {value}: {limit}" for limits in by.values() for value, limit in limits.items())


def _compared(before: Sequence[Any], after: Sequence[Any], told: Any) -> tuple[Differs, ...]:
    """What is said otherwise of things with keys and titles, in the order of the newer version, what is gone last."""
    old, new = {one.key: one for one in before}, {one.key: one for one in after}
    return tuple(
        Differs(key, (new.get(key) or old[key]).title, told(old[key]) if key in old else "", told(new[key]) if key in new else "")
        for key in dict.fromkeys((*new, *old))
        if key not in old or key not in new or told(old[key]) != told(new[key])
    )


# --- moving


def move(
    actor: Actor, mechanism: str, version: int, items: Sequence[str], stages: Mapping[str, str], scope: Scope, *, clock: Clock = now
) -> Done:
    """These matters live under this version from now on, all of them or none; ``stages``: the stage now for each stage that is gone.

    What was asked stays as it was asked: a clock that still is keeps its due date, its new limit counts from when it is next started. A clock
    that is no more ends without a word; a report that is new begins. Raises ``Conflict`` where a stage has to be chosen.
    """
    require(actor, "mechanism.move")
    rules = ruling.rules_for(mechanism, version)
    unknown = sorted(set(stages.values()) - {stage.key for stage in rules.mechanism.stages})
    if unknown:
        raise WrongValue(f"新版没有“{unknown[0]}”这个阶段", where="stage", remedy="请从所列的阶段里选")
    with writing(clock=clock) as writer:
        ruling.keep(writer, actor.id, rules.mechanism)
        for item in dict.fromkeys(items):
            row, matter, before = matter_for(writer, item, scope)
            if row["mechanism"] != rules.mechanism.id or row["version"] >= version or matter.state not in _KINDS:
                raise NotFound("这一事项不用移到这一版", where=row["number"], remedy="请刷新页面")
            matter = catch_up(writer, matter, before, at_of(writer))
            append(writer, matter, _migrated(matter, rules, stages, actor.id, at_of(writer), row["number"]), rules)
        return Done.of(writer.entries)


def _migrated(matter: Matter, rules: Rules, stages: Mapping[str, str], by: str, now: Any, number: str) -> Move:
    stage, wrong = _place(matter, rules.mechanism, stages)
    if not stage:
        raise Conflict(wrong or "这一事项所在的阶段在新版里没有", where=number, remedy="请为这个阶段选一个新的阶段")
    at = max(now, matter.changed)
    turn = Turn(matter, MIGRATE, stage, matter.state, matter.fields, rules, at)
    changes: dict[str, Any] = {"version": rules.mechanism.version}
    if stage != matter.stage:
        changes["stage"] = stage
    if matter.back and (back := stages.get(matter.back, matter.back)) != matter.back:
        changes["back"] = back
    if clocks := tuple(_void(touched(turn))):
        changes["clocks"] = clocks
    return sealed(
        matter, Move("act", MIGRATE, at, by, Change(**changes), inputs={"from": matter.version, "to": rules.mechanism.version}), rules
    )


def _void(clocks: Sequence[Ticking]) -> Iterator[Ticking]:
    """The clocks as the going over leaves them: what ends by it was neither met nor missed."""
    for clock in clocks:
        yield msgspec.structs.replace(clock, by="") if clock.by == MIGRATE else clock
