"""The engine against an account of its own: random acts by random people over all mechanisms, in values and through the desk."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from luoshi.loop.light import LIGHT_RULES
from luoshi.loop.mechanism import Mechanism
from luoshi.loop.rules import mechanisms
from tests.loop.walking import Covered, Walk, walk

SEEDS = st.integers(0, 2**32)


def test_three_thousand_steps() -> None:
    found = walk(mechanisms(), LIGHT_RULES, steps=3000, seed=20260305)
    assert found.steps == 3000
    assert found.refusals > 6000
    assert {one for one, _ in found.stages} == {one.id for one in mechanisms()}
    assert found.moves.keys() >= {"act", "warn", "lapse", "rung", "month"}


@pytest.mark.parametrize("mechanism", mechanisms(), ids=lambda one: one.id)
def test_a_walk_is_the_same_from_the_same_seed(mechanism: Mechanism) -> None:
    def walked() -> Walk:
        walking = Walk(mechanism, "plain", Random("same"), Covered())  # noqa: S311 - a walk, no secret
        for _ in range(15):
            walking.step()
        return walking

    assert walked().moves == walked().moves


class Living(RuleBasedStateMachine):
    """A matter that somebody files, and to which anything may happen in any order."""

    walking: Walk

    @initialize(mechanism=st.sampled_from(mechanisms()), lights=st.sampled_from(LIGHT_RULES), seed=SEEDS)
    def file(self, mechanism: Mechanism, lights: str, seed: int) -> None:
        self.walking = Walk(mechanism, lights, Random(seed), Covered())  # noqa: S311 - a walk, no secret

    def by_chance(self, seed: int) -> Walk:
        self.walking.random = Random(seed)  # noqa: S311 - a walk, no secret
        return self.walking

    @rule(seed=SEEDS)
    def somebody_acts(self, seed: int) -> None:
        self.by_chance(seed).act()

    @rule(seed=SEEDS)
    def time_passes(self, seed: int) -> None:
        self.by_chance(seed).wait()

    @rule(seed=SEEDS)
    def somebody_may_not(self, seed: int) -> None:
        self.by_chance(seed).refuse(5)

    @invariant()
    def all_holds(self) -> None:
        if hasattr(self, "walking"):
            self.walking.check()

    def teardown(self) -> None:
        if hasattr(self, "walking"):
            self.walking.rebuild()


Living.TestCase.settings = settings(
    max_examples=25, stateful_step_count=25, deadline=None, database=None, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
TestLiving: Any = Living.TestCase
