"""Drawing up a release, and folding the ledger anew to see that the same comes of it."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings

from luoshi.desk.actor import Actor
from luoshi.desk.done import Conflict, Done, NotFound, WrongValue
from luoshi.desk.release.gathering import Chosen, Gathered, Held, gather
from luoshi.desk.rights import require
from luoshi.ledger import models, store
from luoshi.ledger.entry import Draft
from luoshi.ledger.ids import ident
from luoshi.ledger.past import LEDGER_FILE, second_database
from luoshi.ledger.places import tree
from luoshi.ledger.released import Release
from luoshi.ledger.scope import Scope
from luoshi.ledger.store import Clock, Writer, blobs, now, writing
from luoshi.publish.release.content import Checker, Content, decode, digest, encode, guard
from luoshi.publish.release.reasons import reasons

#: under which words others may use what is published, by their SPDX names. Luoshi's own choice: 本系统缺省，请本单位核定
LICENCES: Final = ("CC-BY-4.0", "CC0-1.0", "ODC-By-1.0", "ODbL-1.0")
_LONGEST: Final = {"title": 200, "about": 2_000}


class Wanted(msgspec.Struct, frozen=True):
    """What the form of a release says."""

    title: str
    chosen: Chosen
    about: str = ""
    licence: str = LICENCES[0]


def draw(actor: Actor, wanted: Wanted, scope: Scope, *, release: str = "", clock: Clock = now) -> Done:
    """Draws up a release of the ledger as it is now, or draws the one named up anew; what may not leave is held back and told with its reason.

    Raises ``ReleaseStopped`` where the title or the words about it may not leave, ``WrongValue`` and ``NotFound`` for what cannot be chosen.
    """
    require(actor, "release.draw")
    _look(wanted)
    regions = _regions(wanted.chosen.region, scope)
    check = Checker()
    # looked at once before the ledger is held, so that nobody waits for the checking of what has not changed meanwhile
    gather(wanted.chosen, scope, regions, "9999-12-31", check)
    with writing(clock=clock) as writer:
        return Done.of([_drawn(writer, actor, wanted, regions, check, release)])


def _drawn(writer: Writer, actor: Actor, wanted: Wanted, regions: Sequence[str], check: Checker, release: str) -> Any:
    key = release or ident("r", wanted.chosen.region, wanted.title, writer.at, actor.id)
    before = writer.get("release", key) if release else None
    if release and (before is None or before["state"] not in ("drawn", "approved")):
        raise Conflict("这次发布不能再改", where=release[:64], remedy="请另拟一次")
    day = datetime.fromisoformat(writer.at).astimezone(ZoneInfo(settings.TIME_ZONE)).date().isoformat()
    version = before["version"] if before else _version(wanted.chosen.region, day)
    content, gathered = _made(key, wanted, regions, (version, day, writer.seq), check)
    guard(content, check)
    report = msgspec.json.Encoder(order="sorted").encode(gathered.held)
    data = {
        "title": content.title, "about": content.about, "region_code": wanted.chosen.region, "regions": list(regions), "version": version,
        "licence": wanted.licence, "as_of": writer.seq, "day": day, "chosen": msgspec.to_builtins(_bound(wanted.chosen, gathered)),
        "content": blobs().put_packed(encode(content)), "report": blobs().put_packed(report), "digest": digest(content),
        "counts": _counts(content), "held": sum(one.count for one in gathered.held if one.kind != "field"),
        "pictures": sorted({picture.file for item in content.items for picture in item.pictures}),
    }  # fmt: skip
    return writer.append(actor.id, Draft("release.draw", key, data))


def _made(
    key: str, wanted: Wanted, regions: Sequence[str], stamp: tuple[str, str, int], check: Checker, *, using: str = "default",
) -> tuple[Content, Gathered]:  # fmt: skip
    version, day, as_of = stamp
    gathered = gather(wanted.chosen, Scope.whole(), regions, day, check, using=using)
    name = models.Region.objects.using(using).filter(pk=wanted.chosen.region).values_list("full_name", flat=True).first() or ""
    content = Content(
        id=key, title=wanted.title.strip(), about=wanted.about.strip(), region=name, region_code=wanted.chosen.region, version=version,
        licence=wanted.licence, as_of=as_of, day=day, documents=gathered.documents, facts=gathered.facts, items=gathered.items,
        chains=gathered.chains, scores=gathered.scores, passed=gathered.passed, held=gathered.counts(),
    )  # fmt: skip
    return content, gathered


def _bound(chosen: Chosen, gathered: Gathered) -> Chosen:
    """The choice with each passing bound to what was found: what is found at the next drawing up may be something else."""
    treat = {
        key: msgspec.structs.replace(one, on=gathered.seals[key]) if one.do == "let" and key in gathered.seals else one
        for key, one in chosen.treat.items()
    }
    return msgspec.structs.replace(chosen, treat=treat)


def _counts(content: Content) -> dict[str, int]:
    return {name: len(getattr(content, name)) for name in ("documents", "facts", "items", "chains", "scores", "passed")}


def _version(region: str, day: str) -> str:
    """The year and a running number in it, of the releases of this region."""
    count = Release.objects.filter(region_code=region, version__startswith=f"{day[:4]}.").count()
    return f"{day[:4]}.{count + 1}"


def _regions(region: str, scope: Scope) -> list[str]:
    found = [code for code in tree().subtree(region) if scope.item_regions is None or code in scope.item_regions] if region else []
    if not found:
        raise NotFound("没有这个地区", where=region[:40], remedy="请选本地区")
    return sorted(found)


def _look(wanted: Wanted) -> None:
    if not wanted.title.strip():
        raise WrongValue("没有写标题", where="title", remedy="请写明公开的是什么，如“2026年重点任务和民生实事”")
    for name, longest in _LONGEST.items():
        if len(getattr(wanted, name)) > longest:
            raise WrongValue(f"太长，超过 {longest} 字", where=name, remedy="请写得短些")
    if wanted.licence not in LICENCES:
        raise WrongValue(f"没有“{wanted.licence[:40]}”这种许可", where="licence", remedy=f"可选：{'、'.join(LICENCES)}")
    for treatment in wanted.chosen.treat.values():
        if treatment.do == "let" and not treatment.why.strip():
            raise WrongValue("放行没有写理由", where="treat", remedy="请写明为什么可以公开：第三方同意、公共利益，或查明是误报")


# --- what was drawn up


def content_of(row: Release) -> Content:
    """What leaves by a release."""
    return decode(blobs().get_packed(row.content))


def held_of(row: Release) -> list[Held]:
    """What a release held back."""
    return msgspec.json.decode(blobs().get_packed(row.report), type=list[Held])


def remade(row: Release) -> Content:
    """The content of a release made again: the ledger folded anew up to the entry at which it was drawn up, in a database of its own.

    Equal to ``content_of``, byte for byte, by the same version of the program; whoever doubts a release compares the two.
    """
    wanted = Wanted(row.title, msgspec.convert(msgspec.json.decode(row.chosen), Chosen), row.about, row.licence)
    regions = msgspec.json.decode(row.regions, type=list[str])
    with tempfile.TemporaryDirectory() as folder, second_database(Path(folder) / LEDGER_FILE) as alias:
        store.rebuild(source=store.entries(until=row.as_of), using=alias, index=False)
        return _made(row.id, wanted, regions, (row.version, row.day, row.as_of), Checker(), using=alias)[0]


def may_pass(reason: str) -> bool:
    """Whether a person may let pass what was stopped for this reason."""
    return reasons()[reason].force != "never"
