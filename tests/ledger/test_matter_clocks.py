"""The rows of clocks: what a unit was asked, by when, and how it answered, whoever it is given to."""

from __future__ import annotations

import pytest

from luoshi.ledger.models import Clock
from tests.web.living import District, unit

pytestmark = pytest.mark.usefixtures("db")


def test_a_report_that_was_made_is_asked_no_more() -> None:
    district = District()
    item = district.handling("新建幼儿园 3 所", ago=20)
    district.do(district.wang, item, "report", 10, progress=30, text="主体完工")
    district.do(district.wang, item, "report", 9, progress=40, text="主体完工")
    states = list(Clock.objects.filter(item=item, key="monthly").order_by("n").values_list("state", flat=True))
    assert states[-1] == "running"
    assert set(states[:-1]) == {"met"}


def test_who_gets_a_matter_gets_its_clocks() -> None:
    district = District()
    item = district.handling("新建幼儿园 3 所")
    district.do(district.clerk, item, "transfer", 5, reason="归口", units={"lead": [unit("财政局")]})
    assert set(Clock.objects.filter(item=item, state="running").values_list("unit", flat=True)) == {unit("财政局")}
    assert set(Clock.objects.filter(item=item, state="met", key="sign").values_list("unit", flat=True)) == {unit("发展和改革局")}
