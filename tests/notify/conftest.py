"""Fixtures of notices."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings

from luoshi.notify.config import Told
from tests.notify import standins
from tests.notify.making import AT, Telling


@pytest.fixture
def tell_settings(monkeypatch: pytest.MonkeyPatch) -> Telling:
    """Tells this process what an environment would."""

    def telling(told: Told) -> None:
        monkeypatch.setattr(settings, "LUOSHI_NOTIFY", told, raising=False)

    telling(Told())
    return telling


@pytest.fixture
def clock() -> standins.FakeClock:
    """A clock that stands at a working morning, and goes a little with each look."""
    return standins.FakeClock(AT, tick=0.002)


@pytest.fixture
def remote(clock: standins.FakeClock) -> Iterator[standins.Robots]:
    """The three robots, which go by the same clock."""
    with standins.robots(lambda: clock.at) as made:
        yield made


@pytest.fixture
def post() -> Iterator[standins.Post]:
    """A mail server."""
    with standins.post_office() as made:
        yield made
