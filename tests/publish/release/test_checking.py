"""What may leave: twenty kinds of planted secrets are stopped, two hundred harmless texts are not."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from luoshi.publish.release import check_text, reasons
from luoshi.publish.release.reasons import kinds, why_not

HERE = Path(__file__).parent
PLANTED = yaml.safe_load((HERE / "planted.yaml").read_text(encoding="utf-8"))
HARMLESS = (HERE / "harmless.txt").read_text(encoding="utf-8").splitlines()


def test_there_are_twenty_kinds_and_two_hundred_texts() -> None:
    assert len(PLANTED) == 20
    assert len(set(HARMLESS)) >= 200


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, one in PLANTED.items() for text in one["texts"]])
def test_a_planted_secret_is_stopped(kind: str, text: str) -> None:
    assert PLANTED[kind]["reason"] in {stop.reason for stop in check_text(text)}


@pytest.mark.parametrize(("kind", "text"), [(kind, one["texts"][0]) for kind, one in PLANTED.items()])
def test_it_is_stopped_in_the_middle_of_a_long_text(kind: str, text: str) -> None:
    around = "。".join(HARMLESS[:40])
    stops = check_text(f"{around}。\n{text}\n{around}")
    assert PLANTED[kind]["reason"] in {stop.reason for stop in stops}
    assert all(len(around) <= stop.start < stop.end <= len(around) + len(text) + 3 for stop in stops)


@pytest.mark.parametrize("text", HARMLESS)
def test_a_harmless_text_is_not_stopped(text: str) -> None:
    assert check_text(text) == []


def test_what_is_shown_of_personal_data_is_masked() -> None:
    shown = [stop.shown for stop in check_text("投诉人魏松年，13900001207，身份证349901199611250432")]
    assert shown == ["魏*", "139****1207", "3****************2"]


def test_every_reason_has_a_law_and_every_kind_a_source() -> None:
    assert all(reason.source and reason.title.zh and reason.title.en for reason in reasons().values())
    assert all(kind.source for kind in kinds().mechanisms.values())
    assert set(kinds().held.values()) <= set(reasons())
    for mechanism in ("M08", "M14", "M02", "M99"):
        assert why_not(mechanism, "closed", internal=False) in reasons()
    assert why_not("M13", "doing", internal=True) == "not-for-all"
