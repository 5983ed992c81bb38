"""Who somebody is in a matter: the parts of the mechanism that an actor has, by role, by unit and by post."""

from __future__ import annotations

from collections.abc import Callable, Collection

from luoshi.desk.actor import SYSTEM, Actor, Role
from luoshi.ledger import models
from luoshi.ledger.belonging import today, units_for
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
        people = holders(posts)
        return actor.name in people or not _is_led(people)
    return True


def holders(posts: Collection[str]) -> frozenset[str]:
    """The names of those who hold these posts today."""
    day = today()
    rows = models.Holding.objects.filter(post__in=posts, live=True)
    return frozenset(
        row.person for row in rows if (not row.valid_from or row.valid_from <= day) and (not row.valid_to or day <= row.valid_to)
    )


def _is_led(people: Collection[str]) -> bool:
    """Whether one of these names is that of a leader with an account, as of now: an account may be made or shut at any moment."""
    return bool(people) and models.Account.objects.filter(active=True, name__in=people, roles__contains=f'"{Role.LEADER.value}"').exists()


def names_of(holders_: Collection[str]) -> dict[str, str]:
    """The names of units and the titles of posts by id."""
    wanted = [holder for holder in holders_ if holder]
    names = dict(models.Organisation.objects.filter(pk__in=wanted).values_list("id", "name"))
    return names | dict(models.Post.objects.filter(pk__in=wanted).values_list("id", "title"))
