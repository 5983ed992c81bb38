"""Mechanisms of the office: kept only where they come out, seen before they change anything, and matters that go over to them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from luoshi.desk import matters
from luoshi.desk.actor import Actor, Role
from luoshi.desk.done import Conflict, NotFound, WrongValue
from luoshi.desk.matters import Form, Try, mechanisms, ruling
from luoshi.desk.rights import Forbidden
from luoshi.errors import BadTable
from luoshi.ledger import models
from luoshi.ledger.acts.matters import life_of
from luoshi.ledger.entry import Draft
from luoshi.ledger.organisations import organisation_id
from luoshi.ledger.scope import Scope
from luoshi.ledger.store import append, rebuild, verify_chain
from luoshi.loop.engine import Refused

REGION, ALL = "990102", Scope.whole()
START = datetime(2026, 7, 6, 1, 0, tzinfo=UTC)
UNIT = organisation_id(REGION, "水务局")
ADMIN = Actor("asys", "sys", "sys", (Role.SYSTEM_ADMIN,))
CHEN, WANG = Actor("achen", "chen", "chen", (Role.SUPERVISOR,), "", REGION), Actor("awang", "wang", "wang", (Role.LIAISON,), UNIT, REGION)
TEXT = Path(__file__).with_name("own-mechanism.yaml").read_text(encoding="utf-8")
#: what is read of a version is kept in memory for good, as it is in the ledger; so each test has its own
NUMBERS = iter(range(10, 99))


@pytest.fixture
def text(db: None) -> str:
    number = next(NUMBERS)
    append("asys", [Draft("organisation.add", UNIT, {"region_code": REGION, "name": "水务局", "kind": "body", "plates": []})])
    return (
        TEXT.replace("id: B01 ", f"id: B{number} ")
        .replace("key: flood-duty", f"key: flood-{number}")
        .replace("number: 汛", f"number: 汛{number}")
    )


def second(text: str) -> str:
    """The next version: another stage in place of the look again, another limit, a report each week, an act less."""
    text = text.replace("version: 1 ", "version: 2 ").replace("looking", "reviewing").replace("limit: 24 hours", "limit: 36 hours")
    text = re.sub(r"  - \{key: cancel.*\n", "", text)
    text = re.sub(r"  - \{key: ended,.*\n", "", text)
    weekly = "rhythms:\n  - {key: weekly, title: {zh: 周报, en: weekly}, every: weekly by 5, at: [mending], stop: [mend], owner: lead, source: 测试}\n\n"
    return text.replace("ladder:\n", weekly + "ladder:\n")


def key_of(text: str) -> str:
    return re.search(r"^id: (\w+)", text, re.MULTILINE)[1]  # type: ignore[index]


def at(hours: float) -> Callable[[], datetime]:
    return lambda: START + timedelta(hours=hours)


def filed(text: str, title: str = "东河闸", hours: float = 0) -> str:
    form = Form(title, region_code=REGION, fields={"post": title, "level": "none"}, units={"lead": [UNIT]})
    return matters.file_form(CHEN, key_of(text), form, ALL, clock=at(hours)).subjects[0]


def do(who: Actor, item: str, act: str, hours: float, **inputs: Any) -> None:
    matters.act(who, item, Try(act, inputs), ALL, clock=at(hours))


def row(item: str) -> Any:
    return models.Matter.objects.get(pk=item)


def test_what_an_office_writes_can_be_filed_under(text: str) -> None:
    with pytest.raises(NotFound):
        filed(text)
    mechanisms.keep(ADMIN, text)
    item = filed(text)
    do(CHEN, item, "hand", 1, reason="夜间无人")
    do(WANG, item, "mend", 2, text="已排班", evidence=["e1"])
    do(CHEN, item, "pass", 3)
    assert (row(item).state, row(item).version) == ("closed", 1)
    assert row(item).number.startswith(f"汛{key_of(text)[1:]}2026-")


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        (("id: B", "id: b"), BadTable, "id"),
        (("kind: closed", "kind: gone"), BadTable, "stages"),
        (("start: [hand, return]", "start: [hand, sent]"), BadTable, "没有声明的 act sent"),
        (("{stage: mending, light: red", "{stage: mending, light: green"), BadTable, "light 应为 green"),
        (("act: pass, by: supervisor, person: chen}", "act: passed, by: supervisor, person: chen}"), BadTable, "passed"),
        (('{at: "2026-07-06 20:00"}', '{at: "昨天"}'), BadTable, "写法不对"),
    ],
)
def test_a_file_that_does_not_come_out_is_refused(text: str, change: tuple[str, str], error: type[Exception], words: str) -> None:
    assert change[0] in text
    with pytest.raises(error, match=words):
        mechanisms.keep(ADMIN, text.replace(*change))
    assert not models.MechanismFile.objects.exists()


def test_versions_only_rise_and_names_stay(text: str) -> None:
    mechanisms.keep(ADMIN, text)
    with pytest.raises(Conflict, match="已有第 1 版"):
        mechanisms.keep(ADMIN, text)
    with pytest.raises(Conflict, match="不能改"):
        mechanisms.keep(ADMIN, re.sub(r"key: flood-\d+", "key: other", second(text)))
    with pytest.raises(Conflict, match="相同"):
        mechanisms.keep(ADMIN, re.sub(r"id: B\d+", "id: C01", text))
    with pytest.raises(Conflict, match="M01"):
        mechanisms.keep(
            ADMIN, re.sub(r"id: B\d+ ", "id: C02 ", re.sub(r"number: 汛\d+", "number: 重", re.sub(r"key: flood-\d+", "key: c02", text)))
        )
    with pytest.raises(Forbidden):
        mechanisms.keep(CHEN, second(text))


def test_matters_keep_their_version_and_what_would_change_is_seen_before(text: str) -> None:
    mechanisms.keep(ADMIN, text)
    mending, looking, planned = filed(text, "甲"), filed(text, "乙"), filed(text, "丙")
    for item in (mending, looking):
        do(CHEN, item, "hand", 1, reason="夜间无人")
    do(WANG, looking, "mend", 2, text="已排班", evidence=["e1"])
    target = mechanisms.checked(second(text))
    seen = mechanisms.preview(target, ALL)
    assert seen.counts == {1: 3}
    assert seen.gone == {"looking": 1}
    assert {one.item: one.to for one in seen.matters} == {mending: "mending", looking: "", planned: "planned"}
    assert [(one.key, one.after) for one in seen.differs["acts"] if not one.after] == [("cancel", "")]
    limits = {one.key: (one.before.partition(";")[0], one.after.partition(";")[0]) for one in seen.differs["clocks"]}
    assert limits == {"mend": ("24 hours", "36 hours"), "weekly": ("", "weekly by 5")}
    assert {one.key for one in seen.differs["stages"]} == {"looking", "reviewing", "ended"}
    mechanisms.keep(ADMIN, second(text))
    assert {row(item).version for item in (mending, looking, planned)} == {1}
    do(CHEN, planned, "cancel", 3, reason="撤防")
    assert row(planned).state == "ended"
    assert row(filed(text, "丁", 4)).version == 2


def test_a_matter_goes_over_and_what_was_asked_stays_asked(text: str) -> None:
    mechanisms.keep(ADMIN, text)
    mending, looking = filed(text, "甲"), filed(text, "乙")
    for item in (mending, looking):
        do(CHEN, item, "hand", 1, reason="夜间无人")
    do(WANG, looking, "mend", 2, text="已排班", evidence=["e1"])
    mechanisms.keep(ADMIN, second(text))
    key = key_of(text)
    before = models.Entry.objects.count()
    with pytest.raises(Conflict, match="阶段"):
        mechanisms.move(CHEN, key, 2, [mending, looking], {}, ALL, clock=at(3))
    assert models.Entry.objects.count() == before, "all or none"
    with pytest.raises(WrongValue, match="nowhere"):
        mechanisms.move(CHEN, key, 2, [looking], {"looking": "nowhere"}, ALL, clock=at(3))
    with pytest.raises(Conflict, match="不能放"):
        mechanisms.move(CHEN, key, 2, [looking], {"looking": "closed"}, ALL, clock=at(3))
    with pytest.raises(Forbidden):
        mechanisms.move(WANG, key, 2, [mending], {}, ALL, clock=at(3))
    due = row(mending).next_due
    mechanisms.move(CHEN, key, 2, [mending, looking], {"looking": "reviewing"}, ALL, clock=at(3))
    assert (row(mending).version, row(mending).stage, row(looking).stage) == (2, "mending", "reviewing")
    life = life_of(row(mending).life)
    assert (life.last("mend").limit, row(mending).next_due) == ("24 hours", due)  # type: ignore[union-attr]
    assert life.running("weekly") is not None
    with pytest.raises(NotFound):
        mechanisms.move(CHEN, key, 2, [mending], {}, ALL, clock=at(4))
    do(CHEN, looking, "return", 5, reason="记录不全")
    assert life_of(row(looking).life).last("mend").limit == "36 hours"  # type: ignore[union-attr]
    with pytest.raises(Refused):
        do(CHEN, mending, "cancel", 5, reason="撤防")
    assert verify_chain()
    rows = list(models.Matter.objects.order_by("id").values()), list(models.Clock.objects.order_by("id").values())
    rebuild()
    assert (list(models.Matter.objects.order_by("id").values()), list(models.Clock.objects.order_by("id").values())) == rows


def test_what_a_scope_does_not_see_does_not_go_over(text: str) -> None:
    mechanisms.keep(ADMIN, text)
    item = filed(text)
    mechanisms.keep(ADMIN, second(text))
    far = Scope(regions=frozenset({"990103"}), item_regions=frozenset({"990103"}), units=None)
    assert mechanisms.preview(ruling.rules_for(key_of(text)).mechanism, far).matters == ()
    with pytest.raises(NotFound):
        mechanisms.move(CHEN, key_of(text), 2, [item], {}, far)


def test_the_file_of_each_version_can_be_had(text: str) -> None:
    mechanisms.keep(ADMIN, text)
    mechanisms.keep(ADMIN, second(text))
    assert [one.version for one in mechanisms.versions(key_of(text))] == [1, 2]
    assert mechanisms.text_of(key_of(text), 1) == text
    assert mechanisms.text_of("M01", mechanisms.versions("M01")[-1].version).startswith("#")
    with pytest.raises(NotFound):
        mechanisms.text_of("M01", 99)
