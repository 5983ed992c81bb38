"""Templates of papers: the office's own, kept once its placeholders are known; papers made with them, and those that were issued."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from luoshi.desk.actor import Actor
from luoshi.desk.done import Done, NotFound, WrongValue
from luoshi.desk.rights import require
from luoshi.ledger import models
from luoshi.ledger.entry import Draft
from luoshi.ledger.scope import Scope
from luoshi.ledger.settings_now import now as settings_now
from luoshi.ledger.store import Clock, blobs, now, writing
from luoshi.publish.papers import Deviation, Problem, Values, book, check, check_template, default_template, filled, kind_of, problems
from luoshi.publish.papers.check import NUMBER

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: a template is text and a few marks
LARGEST: Final = 5_000_000
_UNSAFE: Final = re.compile(r'[\\/:*?"<>|\s]+')
_LONGEST: Final = 80


class BadNumber(WrongValue):
    """A document number that is none."""

    slug = "bad-number"


class Paper(msgspec.Struct, frozen=True):
    """A paper as a file: its name, its bytes, its media type."""

    name: str
    data: bytes
    media: str = DOCX


class Own(msgspec.Struct, frozen=True):
    """The office's own template of a kind: its name as it came, when it was laid in, by whom."""

    kind: str
    file: str
    name: str
    at: str
    by: str


class Looked(msgspec.Struct, frozen=True):
    """What a template's check says: what cannot be filled or is missing, and what of its layout is not as the standard says."""

    problems: tuple[Problem, ...]
    deviations: tuple[Deviation, ...]


def own_templates() -> dict[str, Own]:
    """The office's own templates by kind."""
    rows = models.Setting.objects.filter(pk__startswith="paper.")
    found = {}
    for row in rows:
        value = msgspec.json.decode(row.value)
        if value.get("file"):
            kind = row.id.removeprefix("paper.")
            found[kind] = Own(kind, value["file"], value["name"], row.changed_at, row.changed_by)
    return found


def template_of(kind: str) -> bytes | None:
    """The office's template of a kind; None where it has none of its own."""
    row = models.Setting.objects.filter(pk=f"paper.{kind}").first()
    key = msgspec.json.decode(row.value).get("file", "") if row else ""
    return blobs().get(key) if key else None


def download(actor: Actor, kind: str, *, shipped: bool = False) -> Paper:
    """The template of a kind as a file to be edited in Word; ``shipped``: the program's own."""
    require(actor, "admin.papers")
    found = None if shipped else template_of(kind)
    return Paper(f"{kind_of(kind).title.zh}-模板.docx", found or default_template(kind))


def look(kind: str, data: bytes) -> Looked:
    """What a template's check says, before it is kept."""
    _sized(data)
    # placeholders are no deviation of a template
    return Looked(problems(kind_of(kind), data), tuple(one for one in check(data, "模板") if "占位符" not in one.what))


def keep(actor: Actor, kind: str, name: str, data: bytes, *, clock: Clock = now) -> Done:
    """The office's template of this kind from now on. Raises ``BadTemplate`` where its placeholders are unknown or needed ones missing."""
    require(actor, "paper.template")
    _sized(data)
    check_template(kind_of(kind), data)
    return _kept(actor, kind, {"file": blobs().put(data), "name": name[:_LONGEST], "size": len(data)}, clock)


def reset(actor: Actor, kind: str, *, clock: Clock = now) -> Done:
    """The program's own template again."""
    require(actor, "paper.template")
    kind_of(kind)
    return _kept(actor, kind, {"file": "", "name": "", "size": 0}, clock)


def _kept(actor: Actor, kind: str, data: Mapping[str, Any], clock: Clock) -> Done:
    with writing(clock=clock) as writer:
        return Done.of([writer.append(actor.id, Draft("paper.template", f"paper.{kind}", dict(data)))])


def _sized(data: bytes) -> None:
    if len(data) > LARGEST:
        raise WrongValue("文件太大", where="模板", remedy=f"不超过 {LARGEST // 1_000_000} MB；请把图片压小")


# --- made


def named_office() -> str:
    """The name of the office, as it is set; ``""`` where it is not."""
    return settings_now().office


def checked_number(number: str) -> str:
    """A document number as papers write it; empty stays empty. Raises ``BadNumber``."""
    number = number.strip()
    if number and not NUMBER.fullmatch(number):
        raise BadNumber(
            f"“{number[:40]}”不是发文字号",
            where="发文字号",
            remedy="写作 机关代字〔年份〕序号，如 栖督〔2026〕7号；年份用六角括号，序号不加“第”和前导零",
        )
    return number


def made(kind: str, values: Values, name: str) -> Paper:
    """The paper, in the office's template or the program's. Raises ``DoesNotAdd`` where its numbers do not add up."""
    return Paper(f"{plain_name(name)}.docx", filled(kind, values, template_of(kind)))


def made_book(kind: str, values: Values, name: str) -> Paper:
    """The paper's tables as a workbook."""
    return Paper(f"{plain_name(name)}.xlsx", book(kind, values, heading=name), XLSX)


def plain_name(name: str) -> str:
    """A name that every file system takes.

    >>> plain_name("通报: 2026/3 月")
    '通报-2026-3-月'
    """
    return _UNSAFE.sub("-", name).strip("-.")[:120] or "文书"


# --- issued


class About(msgspec.Struct, frozen=True):
    """What an issued paper is about: its period and region, its document number, its title."""

    period: str = ""
    region: str = ""
    number: str = ""
    title: str = ""


class Issued(msgspec.Struct, frozen=True):
    """A paper that was issued: of which kind and period, its number, title and file, when and by whom."""

    id: str
    kind: str
    period: str
    region: str
    number: str
    title: str
    file: str
    name: str
    at: str
    by: str


def issue(actor: Actor, kind: str, about: About, paper: Paper, *, clock: Clock = now) -> Done:
    """The paper is on record as issued, and its bytes are kept. The same bytes twice are issued once."""
    require(actor, "paper.issue")
    key = blobs().put(paper.data)
    subject = f"issued.{key[:40]}"
    with writing(clock=clock) as writer:
        if writer.get("setting", subject) is not None:
            return Done()
        told = {**msgspec.structs.asdict(about), "title": about.title[:200]}
        data = {"kind": kind, **told, "file": key, "name": paper.name, "size": len(paper.data)}
        return Done.of([writer.append(actor.id, Draft("paper.issue", subject, data))])


def issued(scope: Scope, kind: str = "") -> list[Issued]:
    """What was issued, the newest first, as far as the scope sees its region."""
    found = []
    for row in models.Setting.objects.filter(pk__startswith="issued.").order_by("-changed_at", "id"):
        value = msgspec.json.decode(row.value)
        if (not kind or value["kind"] == kind) and scope.sees_document(value["region"]):
            fields = {name: value[name] for name in ("kind", "period", "region", "number", "title", "file", "name")}
            found.append(Issued(id=row.id.removeprefix("issued."), at=row.changed_at, by=row.changed_by, **fields))
    return found


def issued_paper(scope: Scope, key: str) -> Paper:
    """An issued paper's file, byte for byte as it was issued."""
    found = next((one for one in issued(scope) if one.id == key), None)
    if found is None:
        raise NotFound("没有这份已发的文书", where=key[:40], remedy="请回到文书页")
    return Paper(found.name, blobs().get(found.file))
