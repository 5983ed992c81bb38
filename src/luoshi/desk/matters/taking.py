"""Who somebody is in a matter: the parts of the mechanism that an actor has, by role, by unit and by post."""

from __future__ import annotations

from collections.abc import Callable, Collection

from luoshi.desk.actor import SYSTEM, Actor, Role
from luoshi.ledger.belonging import today, units_for
from luoshi.ledger.holding import Held, held, plain
from luoshi.loop.matter import Matter
from luoshi.loop.mechanism import Mechanism, Part

UnitsFor = Callable[[Collection[str]], frozenset[str]]


def parts_of(actor: Actor, matter: Matter, mechanism: Mechanism, units: UnitsFor = units_for) -> frozenset[str]:
    """The keys of the parts that the actor has in this matter.

    A part of the office goes by the account's role; the leader's by the post that the matter names, to whoever holds it today, and to any
    leader where it names none or nobody with an account holds it. A part by duty goes to the liaisons of the units named. Whoever runs the
    supervision also speaks for a group whose members have matters of their own.
    """
    if actor is SYSTEM:
        return frozenset({"system"})
    mine = units([actor.unit]) if actor.unit and Role.LIAISON in actor.roles else frozenset[str]()
    found = {part.key for part in mechanism.parts if _has(part, actor, matter, mine)}
    if matter.children:
        by_duty = {part.key for part in mechanism.parts if part.held == "duty"}
        found -= by_duty
        if Role.SUPERVISOR in actor.roles:
            found |= by_duty
    return frozenset(found)


def _has(part: Part, actor: Actor, matter: Matter, mine: frozenset[str]) -> bool:
    if part.held == "duty":
        return not mine.isdisjoint(matter.parts.get(part.key, ()))
    if part.held != "office" or part.role not in {role.value for role in actor.roles}:
        return False
    if part.role == Role.LEADER.value and (posts := matter.parts.get(part.key)):
        found = held(posts, today())
        return actor.id in found.accounts or not (found.accounts or found.unclear)
    return True


def unclear(actor: Actor, matter: Matter, part: str) -> str:
    """Why a leader may not decide although one of that name holds the post: another leader has the same name. ``""`` for all others."""
    posts = matter.parts.get(part, ()) if Role.LEADER in actor.roles else ()
    found = held(posts, today()) if posts else Held()
    if actor.id in found.accounts or plain(actor.name) not in {plain(name) for name in found.unclear}:
        return ""
    return f"任这一职务的“{actor.name}”有不止一个领导账号，还没有指明是哪一个"
