"""Orders of a hotline for tests: the people of a district, a table of dispatch, and complaints in every stage."""

from __future__ import annotations

from typing import Any

import pytest

from luoshi.desk import matters
from luoshi.desk.matters import Form
from luoshi.loop.dispatching import Duty, Place, Table
from tests.web.living import ALL, REGION, District, days_ago, row, unit

TABLE = Table(
    title="测试派单表",
    source="测试",
    places=(
        Place(REGION, "栖山区"),
        Place(f"{REGION}001", "柳溪街道", unit="财政局"),
        Place(f"{REGION}002", "青石镇", unit="发展和改革局"),
    ),
    duties=(
        Duty("市容环境", ("住房和城乡建设局",), "职责分工"),
        Duty("市容环境/路灯", ("发展和改革局", "财政局"), "职责分工"),
        Duty("交通出行", ("发展和改革局",), "路面"),
        Duty("交通出行", ("财政局",), "人行道"),
    ),
)
SECRETS = ("陆远山", "13900001207", "34990119961125043X")
WORDS = "我是陆远山，电话13900001207，身份证34990119961125043X，门口路灯不亮"


class Hotline(District):
    """The district with orders."""

    def order(
        self, title: str = "路灯不亮", *, category: str = "city", sub: str = "路灯", ago: float = 0.5, region: str = REGION, **fields: Any
    ) -> str:
        """A complaint that came in."""
        given = {"channel": "phone", "category": category, "caller": "陆远山", "phone": "13900001207", **fields}
        given |= {"subcategory": sub} if sub else {}
        form = Form(title, text=WORDS, region_code=region, fields=given)
        return matters.file_form(self.clerk, "M08", form, ALL, clock=days_ago(ago)).subjects[0]

    def accepted(self, title: str = "路灯不亮", *, location: str = "柳溪街道", ago: float = 0.5, **more: Any) -> str:
        item = self.order(title, ago=ago, **more)
        fields = {"demand": "complaint", "urgency": "normal", "location": location}
        self.do(self.clerk, item, "accept", ago, checks=["place", "course"], fields=fields)
        return item

    def handling(self, title: str = "路灯不亮", *, ago: float = 0.5, contact: bool = True, lead: str = "发展和改革局", **more: Any) -> str:
        item = self.accepted(title, ago=ago, **more)
        self.do(self.clerk, item, "dispatch", ago, units={"lead": [unit(lead)]})
        who = self.wang if lead == "发展和改革局" else self.zhao
        self.do(who, item, "sign", ago)
        if contact:
            self.do(who, item, "contact", ago, method="电话")
        return item

    def replied(self, title: str = "路灯不亮", *, ago: float = 1.5, lead: str = "发展和改革局", **more: Any) -> str:
        item = self.handling(title, ago=ago, lead=lead, **more)
        self.do(self.wang if lead == "发展和改革局" else self.zhao, item, "reply", ago - 0.1, text="已修好", fields={"result": "solved"})
        return item


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Table:
    """The table of dispatch that the office has."""
    monkeypatch.setattr("luoshi.desk.matters.dispatch.table_for", lambda region: TABLE)
    return TABLE


__all__ = ["SECRETS", "TABLE", "WORDS", "Hotline", "row", "table", "unit"]
