"""Matters for tests of the desks: units and people of a fictional district, and matters in every state, with dates around today."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from luoshi.desk import matters
from luoshi.desk.actor import Actor, Role
from luoshi.desk.matters import Form, Try
from luoshi.desk.matters.evidence import keep
from luoshi.ledger import models
from luoshi.ledger.entry import Draft
from luoshi.ledger.organisations import organisation_id
from luoshi.ledger.scope import Scope
from luoshi.ledger.store import append

REGION = "990102"
ALL = Scope.whole()
CHECKS = ["facts", "solved", "done", "conclusion", "lawful", "form"]
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
UNITS = ("发展和改革局", "财政局", "住房和城乡建设局")
POST, OTHER_POST = "pvice", "pother"


def unit(name: str) -> str:
    return organisation_id(REGION, name)


def person(username: str, role: Role, *, name: str = "", organisation: str = "") -> Actor:
    """Somebody with an account who acts."""
    account, _ = models.Account.objects.get_or_create(
        username=username,
        defaults={
            "id": f"a{username}", "name": name or username, "roles": json.dumps([role.value]), "region": REGION,
            "unit": unit(organisation) if organisation else "",
        },
    )  # fmt: skip
    return Actor(account.id, account.username, account.name, (role,), account.unit, account.region)


def account(username: str) -> Any:
    return models.Account.objects.get(username=username)


class District:
    """The people, by what they do."""

    def __init__(self) -> None:
        for name in UNITS:
            append("asys", [Draft("organisation.add", unit(name), {"region_code": REGION, "name": name, "kind": "body", "plates": []})])
        for key, title in ((POST, "常务副区长"), (OTHER_POST, "副区长")):
            append("asys", [Draft("post.add", key, {"organisation": "", "region_code": REGION, "title": title})])
        self.clerk = person("ducha", Role.SUPERVISOR, name="温照野")
        self.checker = person("hecha", Role.SUPERVISOR, name="纪南枝")
        self.leader = person("lingdao", Role.LEADER, name="松问渠")
        self.other_leader = person("lingdao2", Role.LEADER, name="竹知节")
        self.wang = person("fagai", Role.LIAISON, name="苏砚田", organisation="发展和改革局")
        self.zhao = person("caizheng", Role.LIAISON, name="叶听澜", organisation="财政局")
        for key, holder in ((POST, self.leader.name), (OTHER_POST, self.other_leader.name)):
            append("asys", [Draft("post.hold", f"h{key}", {"post": key, "person": holder, "valid_from": "2020-01-01", "duties": []})])

    def file(self, title: str, *, lead: str = "发展和改革局", due: int = 60, ago: float = 20, leader: str = "", **fields: Any) -> str:
        """A matter that was proposed some days ago and is due in some."""
        day = (datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(days=due)).date().isoformat()
        units = {"lead": [unit(lead)]} | ({"leader": [leader]} if leader else {})
        form = Form(title, text=f"{title}，年内完成。", region_code=REGION, fields={"due": day, **fields}, units=units)
        return matters.file_form(self.clerk, "M01", form, ALL, clock=days_ago(ago)).subjects[0]

    def assigned(self, title: str, *, ago: float = 20, leader: str = "", **more: Any) -> str:
        """Approved and handed to its unit."""
        item = self.file(title, ago=ago, leader=leader, **more)
        self.do(self.other_leader if leader == OTHER_POST else self.leader, item, "approve", ago - 0.1)
        self.do(self.clerk, item, "assign", ago - 0.2)
        return item

    def handling(self, title: str, *, ago: float = 20, lead: str = "发展和改革局", **more: Any) -> str:
        """Signed for."""
        item = self.assigned(title, ago=ago, lead=lead, **more)
        self.do(self.wang if lead == "发展和改革局" else self.zhao, item, "sign", ago - 0.3)
        return item

    def checking(self, title: str, *, ago: float = 20, **more: Any) -> str:
        """Reported as done."""
        item = self.handling(title, ago=ago, **more)
        self.do(self.wang, item, "apply-close", 1, text="三所幼儿园都已建成开园", evidence=[("开园.png", PNG)], progress=100)
        return item

    def closed(self, title: str, *, ago: float = 90, closed: float = 50) -> str:
        """Checked and closed."""
        item = self.handling(title, ago=ago)
        self.do(self.wang, item, "apply-close", closed + 2, text="已建成", evidence=[("竣工.png", PNG)], progress=100)
        self.do(self.checker, item, "pass", closed + 1, checks=CHECKS)
        self.do(self.leader, item, "close", closed)
        return item

    def do(self, who: Actor, item: str, act: str, ago: float, *, evidence: list[tuple[str, bytes]] | None = None, **inputs: Any) -> None:
        matters.act(who, item, Try(act, inputs, evidence=tuple(keep(evidence or []))), ALL, clock=days_ago(ago))


def days_ago(days: float) -> Callable[[], datetime]:
    return lambda: datetime.now(UTC) - timedelta(days=days)


def row(item: str) -> Any:
    return models.Matter.objects.get(pk=item)
