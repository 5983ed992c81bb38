"""A second person looks at a release; it is published, withdrawn or dropped. Just before anything leaves, every word of it is checked again."""

from __future__ import annotations

import msgspec

from luoshi.desk.actor import Actor
from luoshi.desk.done import Conflict, Done, NotFound, WrongValue
from luoshi.desk.release.drawing import content_of
from luoshi.desk.rights import require
from luoshi.ledger.entry import Draft
from luoshi.ledger.released import Release
from luoshi.ledger.rows import Row
from luoshi.ledger.scope import Scope
from luoshi.ledger.store import Clock, Writer, now, writing
from luoshi.publish.release.content import digest, guard

_LONGEST: int = 500


def approve(actor: Actor, release: str, scope: Scope, *, seen: int | None = None, clock: Clock = now) -> Done:
    """The release may be published; by somebody who had no part in drawing it up. ``seen``: the entry at which it was looked at.

    Raises ``Conflict`` for one who drew it up, and where it was drawn up otherwise meanwhile; ``ReleaseStopped`` where it may not leave.
    """
    require(actor, "release.approve")
    checked = _checked(release, scope)
    with writing(clock=clock) as writer:
        row = _row(writer, release, scope, "drawn")
        if actor.id in msgspec.json.decode(row["drawers"]):
            raise Conflict("拟定的人不能自己审核", where=row["title"], remedy="请另一位有审核权限的同事审核")
        if row["digest"] != checked or (seen is not None and row["seq"] != seen):
            raise Conflict("它刚被重新拟定", where=row["title"], remedy="请刷新，看过新的再审核")
        return Done.of([writer.append(actor.id, Draft("release.approve", release, {"digest": checked}))])


def send_back(actor: Actor, release: str, why: str, scope: Scope, *, clock: Clock = now) -> Done:
    """It is to be drawn up otherwise, and why."""
    require(actor, "release.approve")
    with writing(clock=clock) as writer:
        _row(writer, release, scope, "drawn", "approved")
        return Done.of([writer.append(actor.id, Draft("release.return", release, {"why": _said(why)}))])


def publish(actor: Actor, release: str, scope: Scope, *, clock: Clock = now) -> Done:
    """The release is what the public sees of its region, in place of the one before."""
    require(actor, "release.publish")
    checked = _checked(release, scope)
    with writing(clock=clock) as writer:
        row = _row(writer, release, scope, "approved")
        if row["digest"] != checked:
            raise Conflict("它刚被重新拟定", where=row["title"], remedy="请刷新，重新审核")
        found = Release.objects.filter(region_code=row["region_code"], state="published").exclude(pk=release)
        previous = sorted(found.values_list("id", flat=True))
        return Done.of([writer.append(actor.id, Draft("release.publish", release, {"digest": checked, "previous": previous}))])


def withdraw(actor: Actor, release: str, why: str, scope: Scope, *, clock: Clock = now) -> Done:
    """Nobody outside sees it any more; it stays on record."""
    require(actor, "release.withdraw")
    with writing(clock=clock) as writer:
        _row(writer, release, scope, "published")
        return Done.of([writer.append(actor.id, Draft("release.withdraw", release, {"why": _said(why)}))])


def drop(actor: Actor, release: str, scope: Scope, *, clock: Clock = now) -> Done:
    """What was drawn up is not to be published."""
    require(actor, "release.draw")
    with writing(clock=clock) as writer:
        _row(writer, release, scope, "drawn", "approved")
        return Done.of([writer.append(actor.id, Draft("release.drop", release, {}))])


def _said(why: str) -> str:
    words = " ".join(why.split())
    if not words or len(words) > _LONGEST:
        raise WrongValue("没有写理由" if not words else f"太长，超过 {_LONGEST} 字", where="why", remedy="请用一两句话写明")
    return words


def _checked(release: str, scope: Scope) -> str:
    """The digest of what lies in the store, after every word of it was checked."""
    row = Release.objects.filter(pk=release).first()
    if row is None or not scope.sees_item(row.region_code, ()) or scope.units is not None:
        raise _none(release)
    content = content_of(row)
    guard(content)
    return digest(content)


def _row(writer: Writer, release: str, scope: Scope, *states: str) -> Row:
    row = writer.get("release", release)
    if row is None or not scope.sees_item(row["region_code"], ()):
        raise _none(release)
    if row["state"] not in states:
        raise Conflict("它已不在这一步", where=row["title"], remedy="请刷新页面，看它现在的状态")
    return row


def _none(release: str) -> NotFound:
    return NotFound("没有这次发布", where=release[:64], remedy="它可能不在您能看的范围内；请回到发布一览")
