"""Small ledgers for tests: fictional documents, read in this process, and every act once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import to_builtins

from luoshi.ledger.entry import Draft
from luoshi.ledger.reading import StoredReading, stored
from luoshi.pipeline import read_data

#: who acts in these tests
CLERK, SECOND, THIRD = "aclerk", "asecond", "athird"
_PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(40)


def report(*, growth: str = "6", parks: int = 3, place: str = "岳西县", year: int = 2025) -> str:
    """A short work report with some facts; the place is a real one, whose region is known, and nothing else in it is real."""
    return (
        f"{place}政府工作报告\n\n——{year}年1月8日在{place}第六届人民代表大会第四次会议上\n\n各位代表：\n\n"
        f"现在，我代表{place}人民政府，向大会报告工作，请予审议。\n\n一、{year - 1}年工作回顾\n\n全年地区生产总值达到415.2亿元，增长6.1%；新增企业62家。\n\n"
        f"二、{year}年工作安排\n\n今年主要预期目标为：地区生产总值增长{growth}%左右，一般公共预算收入达到24.8亿元。\n"
        f"新建公园{parks}个，改造老旧小区28个。加快推进石砚大桥建设。\n\n谢谢大家！\n"
    )


def readings(text: str | bytes, name: str = "report.txt") -> list[StoredReading]:
    return stored(read_data(text.encode() if isinstance(text, str) else text, name))


def enter(text: str | bytes, name: str = "report.txt", actor: str = CLERK) -> tuple[str, list[str]]:
    """A file received and taken in; its id and the ids of the documents that were new."""
    from luoshi.ledger.enter import receive, take_in

    data = text.encode() if isinstance(text, str) else text
    file = receive([(name, data)], actor)[0].file
    return file, take_in(file, readings(data, name), actor, form="txt")


def facts_of(document: str, kind: str = "measure") -> list[str]:
    from luoshi.ledger.models import Fact

    return list(Fact.objects.filter(document=document, kind=kind).order_by("ordinal").values_list("id", flat=True))


def snapshot(using: str = "default") -> dict[str, Any]:
    """Every row of the folded tables."""
    from luoshi.ledger.rows import TABLES, columns

    return {
        name: list(model.objects.using(using).order_by("pk").values(*columns(name)))  # type: ignore[attr-defined]
        for name, model in TABLES.items()
    }


class Index:
    """Stands for the index of the search: what was put and not removed, by kind and key."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], Any] = {}

    def put(self, connection: Any, rows: Any) -> None:
        self.rows.update(((row.kind, row.key), row) for row in rows)

    def remove(self, connection: Any, keys: Any) -> None:
        for key in keys:
            self.rows.pop(key, None)

    def clear(self, connection: Any) -> None:
        self.rows.clear()


def walk(document: str, facts: list[str]) -> Iterator[tuple[str, Draft]]:
    """Every act at least once, as (actor, draft), on a document with five facts or more and on made-up things; those of entering left out."""
    yield from _checks(document, facts)
    yield from _items(document, facts)
    yield from _units()
    yield from _office()
    yield from _matters()
    rule = {"mechanism": "M01", "first": "2026-01-01", "last": "2026-03-31", "share": 10, "least": 1, "seed": "2026-04-10", "source": ""}
    yield CLERK, Draft("lookback.draw", "lspring", {**rule, "candidates": ["i1", "i2"], "drawn": ["i2"]})
    yield from _releases()
    yield from _links(document, facts)
    yield from _scores()
    yield CLERK, Draft("document.confirm", document)
    yield CLERK, Draft(
        "document.correct", document,
        {"fields": {"title": "区政府工作报告", "region_code": "990102"}, "family": "vother", "version": 1, "previous": "", "newest": {}},
    )  # fmt: skip
    yield CLERK, Draft("document.withdraw", document, {"why": "收错了", "newest": {}})
    yield CLERK, Draft("document.restore", document, {"newest": {}})


def _scores() -> Iterator[tuple[str, Draft]]:
    """An appraisal that is drawn up twice, brought values, announced, objected to and corrected, made final; and one that is withdrawn."""
    from luoshi.ledger.store import blobs

    table = blobs().put(b"name,value\n")
    paper = {"file": table, "name": "template.docx", "size": 11}
    yield CLERK, Draft("paper.template", "paper.bulletin", paper)
    issued = {"kind": "bulletin", "period": "2026-03", "region": "990102", "number": "督查〔2026〕3号", "title": "督查通报", **paper}
    yield CLERK, Draft("paper.issue", "issued.bulletin.2026-03", issued)
    yield CLERK, Draft("scheme.keep", "A12@1", {"key": "A12", "version": 1, "text": "id: A12", "own": False})
    yield CLERK, Draft("scheme.keep", "A12@2", {"key": "A12", "version": 2, "text": "id: A12", "own": True})
    head = {
        "title": "2026年一季度考核", "scheme": "A12@2", "kind": "M04", "region_code": "990102", "period": "2026-Q1", "first": "2026-01-01",
        "last": "2026-03-31", "about": {},
    }  # fmt: skip
    score = {
        "subject": "o1", "unit": "o1", "name": "发展和改革局", "peers": "economy", "points": "82.78", "place": 1, "among": 1, "grade": "良好", "why": "",
        "given": {"late": {"value": "3"}}, "score": {"lines": []},
    }  # fmt: skip
    for key in ("pfirst", "pfirst", "psecond"):
        yield CLERK, Draft("score.draw", key, head)
        yield (
            CLERK,
            Draft("score.put", key, {"scores": [score, {**score, "subject": "o2", "points": "", "place": None, "why": "没有分组"}]}),
        )
    yield SECOND, Draft("score.bring", "pfirst", {"file": table, "name": "评分.csv", "keys": ["head"], "rater": ""})
    yield SECOND, Draft("score.put", "pfirst", {"scores": [score]})
    yield CLERK, Draft("score.announce", "pfirst", {"until": "2026-04-15"})
    objection = {
        "key": "jfirst",
        "subject": "o1",
        "line": "met",
        "text": "有一件是停电造成的",
        "kept": [{"file": table, "name": "证明.csv"}],
    }
    yield THIRD, Draft("score.object", "pfirst", objection)
    decided = {"key": "jfirst", "state": "upheld", "words": "属实", "change": {"input": "late", "before": "3", "after": "2"}}
    yield "afourth", Draft("score.decide", "pfirst", {**decided, "scores": [{**score, "points": "84.78", "changed": True}]})
    yield CLERK, Draft("score.final", "pfirst", {})
    yield CLERK, Draft("score.withdraw", "psecond", {"why": "数据有误"})


def _releases() -> Iterator[tuple[str, Draft]]:
    """A release that is drawn up, sent back, drawn up anew, approved, published, withdrawn; and one that is dropped."""
    from luoshi.ledger.store import blobs

    kept = blobs().put_packed(b"[]")
    data = {
        "title": "2026年民生实事", "about": "", "region_code": "990102", "regions": ["990102"], "version": "2026.1", "licence": "CC-BY-4.0",
        "as_of": 1, "day": "2026-03-05", "chosen": {"region": "990102"}, "content": kept, "report": kept, "digest": "0", "counts": {}, "held": 0,
    }  # fmt: skip
    yield CLERK, Draft("release.draw", "rfirst", data)
    yield SECOND, Draft("release.return", "rfirst", {"why": "标题不清"})
    yield CLERK, Draft("release.draw", "rfirst", {**data, "title": "栖山区2026年民生实事"})
    yield SECOND, Draft("release.approve", "rfirst", {"digest": "0"})
    yield CLERK, Draft("release.publish", "rfirst", {"digest": "0", "previous": []})
    yield CLERK, Draft("release.withdraw", "rfirst", {"why": "数据有误"})
    yield CLERK, Draft("release.draw", "rsecond", data)
    yield CLERK, Draft("release.drop", "rsecond", {})


def _links(document: str, facts: list[str]) -> Iterator[tuple[str, Draft]]:
    """Two names held for one, a verdict, and the first taken back."""
    names = {"kind": "identity", "first": "D级房", "second": "农房", "same": True, "note": "", "region_code": "990102"}
    verdict = {"kind": "verdict", "target": facts[0], "verdict": "met", "basis": "", "note": "见附表"}
    yield CLERK, Draft("link.settle", "none", names)
    yield SECOND, Draft("link.settle", "wone", verdict, document)
    yield CLERK, Draft("link.unsettle", "none")


def _checks(document: str, facts: list[str]) -> Iterator[tuple[str, Draft]]:
    one, two, three, four, *_ = facts
    yield CLERK, Draft("fact.accept", one, {}, document)
    yield CLERK, Draft("fact.correct", two, {"fields": {"value": 7, "year": 2026, "unit": "%"}, "note": "看错"}, document)
    yield SECOND, Draft("fact.reject", two, {}, document)
    yield THIRD, Draft("fact.decide", two, {"word": "correct", "fields": {"value": 8}}, document)
    yield CLERK, Draft("fact.reject", three, {"note": "不是指标"}, document)
    yield CLERK, Draft("fact.accept", four, {}, document)
    yield CLERK, Draft("fact.reopen", four, {}, document)
    yield SECOND, Draft("fact.accept", three, {}, document)


def _items(document: str, facts: list[str]) -> Iterator[tuple[str, Draft]]:
    duties = [{"role": "lead", "name": "区财政局", "organisation": "ofinance"}, {"role": "support", "name": "区住建局"}]
    data = {
        "document": document,
        "fact": facts[0],
        "title": "新建公园3个",
        "text": "新建公园3个",
        "year": 2025,
        "region_code": "990102",
        "ordinal": 1,
    }
    yield CLERK, Draft("item.create", "ipark", {**data, "duties": duties}, document)
    yield CLERK, Draft("item.create", "ibridge", {**data, "fact": "", "title": "石砚大桥", "ordinal": 2}, document)
    yield CLERK, Draft("item.correct", "ipark", {"fields": {"due": "2025-12-31"}, "duties": duties[:1]}, document)
    yield CLERK, Draft("item.drop", "ipark", {"why": "重复"}, document)
    yield CLERK, Draft("item.restore", "ipark", {}, document)
    yield CLERK, Draft("item.drop", "ibridge", {"why": "重复"}, document)


def _matters() -> Iterator[tuple[str, Draft]]:
    """A matter that is filed, approved, assigned with evidence and falls due."""
    from datetime import UTC, datetime, timedelta

    from luoshi.ledger.store import blobs
    from luoshi.loop import engine
    from luoshi.loop.engine import Deed, Filing
    from luoshi.loop.matter import after
    from luoshi.loop.rules import mechanism_of, mechanism_text, plain_rules

    mechanism = mechanism_of("M01")
    assert mechanism is not None
    rules, at = plain_rules(mechanism), datetime(2025, 3, 3, 1, tzinfo=UTC)
    more = {"main": "handle", "lights_by": "plain", "names": {"ofinance": "区财政局"}}
    yield CLERK, Draft("mechanism.keep", "M01@1", {"key": "M01", "version": 1, "text": mechanism_text("M01"), "own": False})
    filing = Filing("ipark", CLERK, fields={"due": "2025-06-30"}, parts={"lead": ("ofinance",)})
    matter, move = engine.file(filing, rules, at)
    base = {"matter": to_builtins(matter), "number": "重2025-000001", "region_code": "990102", "internal": False}
    yield CLERK, Draft("loop.file", "ipark", {**more, **base, "move": to_builtins(move), "turn": "leader"})
    matter = after(matter, move)
    file_ = {"file": blobs().put(_PICTURE), "name": "现场.png", "media": "image/png", "size": len(_PICTURE)}
    for act, part, kept in (("approve", "leader", []), ("assign", "supervisor", [file_])):
        move = engine.perform(matter, rules, Deed(act, CLERK, frozenset({part})), at + timedelta(hours=1))
        yield CLERK, Draft("loop.act", "ipark", {**more, "move": to_builtins(move), "turn": "supervisor", "kept": kept})
        matter = after(matter, move)
    for move in engine.due(matter, rules, at + timedelta(days=5)):
        yield "system", Draft("loop.tick", "ipark", {**more, "move": to_builtins(move), "turn": "lead"})
    yield CLERK, Draft("loop.evidence-off", "ipark", {"file": file_["file"]})


def _units() -> Iterator[tuple[str, Draft]]:
    for key, name in (("ofinance", "区财政局"), ("ofinance2", "区财政局（国资局）"), ("oparks", "区园林局"), ("oall", "各街道")):
        yield CLERK, Draft("organisation.add", key, {"region_code": "990102", "name": name, "plates": ["国资局"], "kind": "body"})
    yield CLERK, Draft("organisation.correct", "oall", {"kind": "group", "members": "街道"})
    yield CLERK, Draft("organisation.rename", "ofinance", {"into": "ofinance2", "day": "2025-07-01", "source": "机构改革方案"})
    yield CLERK, Draft("organisation.merge", "oparks", {"into": "ofinance2", "day": "2025-08-01"})
    yield CLERK, Draft("alias.add", "sfinance", {"region_code": "990102", "name": "财政局", "organisation": "ofinance", "reason": "简称"})
    yield CLERK, Draft("alias.remove", "sfinance")
    yield CLERK, Draft("group.add", "mparks", {"group": "oall", "organisation": "oparks", "valid_from": "2025-01-01"})
    yield CLERK, Draft("group.remove", "mparks", {"valid_to": "2025-06-30"})
    yield CLERK, Draft("post.add", "phead", {"organisation": "ofinance", "region_code": "990102", "title": "局长"})
    yield CLERK, Draft("post.correct", "phead", {"title": "局长（兼）"})
    yield CLERK, Draft("post.hold", "hhead", {"post": "phead", "person": "松问渠", "valid_from": "2025-01-01", "duties": []})
    yield CLERK, Draft("post.bind", "hhead", {"post": "phead", "account": "aone"})
    yield CLERK, Draft("post.leave", "hhead", {"valid_to": "2025-09-30"})
    yield CLERK, Draft("post.remove", "phead")
    yield (
        CLERK,
        Draft(
            "region.add",
            "990102",
            {"name": "栖山区", "full_name": "澜州市栖山区", "level": "county", "kind": "place", "source": "document"},
        ),
    )
    yield CLERK, Draft("region.correct", "990102", {"valid_to": 2030})


def _office() -> Iterator[tuple[str, Draft]]:
    yield (
        CLERK,
        Draft("account.create", "aone", {"username": "one", "name": "甲", "roles": ["reader"], "unit": "", "region": "", "active": True}),
    )
    yield CLERK, Draft("account.create", "atwo", {"username": "two", "name": "乙", "roles": [], "unit": "", "region": "", "active": True})
    yield CLERK, Draft("account.change", "aone", {"roles": ["supervisor"], "active": False, "username": "uno"})
    yield CLERK, Draft("account.change", "atwo", {"username": "one"})
    for act in ("account.reset", "account.unlock", "backup.make"):
        yield CLERK, Draft(act, "aone")
    yield CLERK, Draft("setting.change", "password.length", {"value": 12})
    token = {"account": "aone", "name": "台账同步", "scopes": ["read"], "hash": "0" * 64, "until": "2026-06-30", "per_minute": 60}
    yield CLERK, Draft("token.make", "token:0123456789ab", token)
    yield CLERK, Draft("token.withdraw", "token:0123456789ab")
    yield CLERK, Draft("view.save", "wone", {"name": "我的表", "table": "facts", "query": "kind=measure", "shared": False})
    yield CLERK, Draft("view.share", "wone", {"shared": True})
    yield CLERK, Draft("view.remove", "wone")
