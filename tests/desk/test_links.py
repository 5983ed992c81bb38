"""Which verdicts a person may give a target."""

from __future__ import annotations

import pytest

from luoshi.desk.links import Choices, choices


@pytest.mark.parametrize(
    ("judged", "others", "likely", "comparator", "wanted"),
    [
        ("missed", (), False, "eq", Choices(("missed",), ("met", "carried_over", "dropped", "cannot_tell"))),
        ("missed", (), False, "approx", Choices(("missed",), ("met", "near", "carried_over", "dropped", "cannot_tell"))),
        ("near", ("met", "missed"), False, "approx", Choices(("near", "met", "missed", "cannot_tell"), ("carried_over", "dropped"))),
        ("met", (), True, "eq", Choices(("met", "cannot_tell"), ("missed", "carried_over", "dropped"))),
        ("cannot_tell", ("dropped",), False, "ge", Choices(("cannot_tell", "dropped"), ("met", "missed", "carried_over"))),
        ("not_yet", (), False, "ge", Choices(("not_yet",))),
        ("weakened", ("not_yet",), False, "ge", Choices(("weakened", "not_yet"))),
    ],
)  # fmt: skip
def test_what_a_person_may_say(judged: str, others: tuple[str, ...], likely: bool, comparator: str, wanted: Choices) -> None:
    assert choices(judged, others, likely=likely, comparator=comparator) == wanted
