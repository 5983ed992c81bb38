"""The schemes under which appraisals are drawn up: those of the program and those of the office, by version; and the rights to keep one."""

from __future__ import annotations

from functools import lru_cache

from luoshi.appraise.forbidden import refuse
from luoshi.appraise.reading import read_scheme
from luoshi.appraise.rules import scheme_of, scheme_text, schemes
from luoshi.appraise.scheme import Scheme
from luoshi.desk.actor import Actor
from luoshi.desk.done import Conflict, Done, NotFound
from luoshi.desk.rights import require
from luoshi.ledger.appraised import SchemeFile
from luoshi.ledger.entry import Draft
from luoshi.ledger.store import Clock, Writer, now, writing

#: no scheme is longer
LONGEST = 200_000


def scheme_id(scheme: Scheme) -> str:
    """The id of a version of a scheme (``A12@1``)."""
    return f"{scheme.id}@{scheme.version}"


def all_schemes() -> list[Scheme]:
    """Every scheme under which an appraisal may be drawn up now, by id: the office's own version where it has one."""
    own = {row.key: _read(row.id, row.text) for row in SchemeFile.objects.filter(current=True, own=True)}
    found = {one.id: one for one in schemes()} | own
    return [found[key] for key in sorted(found)]


def scheme_for(key: str) -> Scheme:
    """The scheme of this id (``A12``), or of this version (``A12@1``) as it was used; ``NotFound`` where there is none."""
    if "@" in key:
        row = SchemeFile.objects.filter(pk=key).first()
        if row is not None:
            return _read(row.id, row.text)
        shipped = scheme_of(key.partition("@")[0])
        if shipped is not None and scheme_id(shipped) == key:
            return shipped
    else:
        found = next((one for one in all_schemes() if one.id == key), None)
        if found is not None:
            return found
    raise NotFound("没有这个计分方案", where=key[:40], remedy="请从方案一览里选")


def text_of(key: str) -> str:
    """The file of a scheme as it is written."""
    row = SchemeFile.objects.filter(pk=key).first() if "@" in key else SchemeFile.objects.filter(key=key, current=True, own=True).first()
    if row is not None:
        return row.text
    if scheme_of(key.partition("@")[0]) is None:
        raise NotFound("没有这个计分方案", where=key[:40], remedy="请从方案一览里选")
    return scheme_text(key.partition("@")[0])


@lru_cache(maxsize=200)
def _read(key: str, text: str) -> Scheme:
    return read_scheme(text, key)


def kept(writer: Writer, actor: Actor, scheme: Scheme) -> str:
    """The id of the version of the scheme in the ledger, where it is put if it is not yet there."""
    key = scheme_id(scheme)
    if writer.get("scheme", key) is None:
        writer.append(
            actor.id, Draft("scheme.keep", key, {"key": scheme.id, "version": scheme.version, "text": text_of(scheme.id), "own": False})
        )
    return key


def keep_own(actor: Actor, text: str, *, clock: Clock = now) -> Done:
    """Takes a scheme that the office wrote itself, or a new version of one.

    Raises ``BadTable`` for what does not fit together, ``ForbiddenScheme`` for what must not be scored, ``Conflict`` for a version that is there.
    """
    require(actor, "scheme.keep")
    scheme = read_scheme(text[:LONGEST], "scheme.yaml")
    refuse(scheme)
    with writing(clock=clock) as writer:
        key = scheme_id(scheme)
        shipped = scheme_of(scheme.id)
        if writer.get("scheme", key) is not None or (shipped is not None and shipped.version >= scheme.version):
            raise Conflict(f"{key} 已经有了", where="version", remedy="改动了内容，请把 version 加一；自己写的方案请另取 id")
        data = {"key": scheme.id, "version": scheme.version, "text": text, "own": True}
        return Done.of([writer.append(actor.id, Draft("scheme.keep", key, data))])
