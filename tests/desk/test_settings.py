"""Settings that are changed while the program runs."""

from __future__ import annotations

import pytest

from luoshi.desk.actor import Actor, Role
from luoshi.desk.done import NotFound, WrongValue
from luoshi.desk.rights import Forbidden
from luoshi.desk.settings import change
from luoshi.ledger.settings_now import Now, now

ADMIN = Actor(id="aadmin", username="admin", name="程槐序", roles=(Role.SYSTEM_ADMIN,))


def test_without_a_change_the_defaults(db: None) -> None:
    assert now() == Now(office="", readers=1)


def test_changed_and_read_again(db: None) -> None:
    assert change(ADMIN, {"office": "  栖山区  督查室 ", "readers": "2"}).count == 2
    assert now() == Now(office="栖山区 督查室", readers=2)
    assert change(ADMIN, {"office": "栖山区 督查室", "readers": "1"}).subjects == ("readers",)
    assert now().readers == 1


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [("readers", "3", WrongValue), ("readers", "", WrongValue), ("office", "长" * 41, WrongValue), ("colour", "red", NotFound)],
)
def test_what_cannot_be_is_refused_whole(db: None, name: str, value: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        change(ADMIN, {"office": "督查室", name: value})
    assert now() == Now()


def test_only_the_system_administrator(db: None) -> None:
    with pytest.raises(Forbidden):
        change(Actor(id="a1", username="x", name="x", roles=(Role.SECURITY_ADMIN, Role.SUPERVISOR)), {"readers": "2"})


@pytest.mark.parametrize(
    ("name", "value"),
    [("mail_domains", "qishan"), ("mail_domains", "qishan.gov.cn http://x.example"), ("variant_m08", "hainan"), ("variant_m12", "beijing")],
)
def test_domains_and_usual_variants_are_looked_at(db: None, name: str, value: str) -> None:
    with pytest.raises(WrongValue):
        change(ADMIN, {name: value})
    change(ADMIN, {"mail_domains": "qishan.gov.cn，@lanzhou.gov.cn", "variant_m08": "beijing", "variant_m12": "abc"})
    assert (now().variant_m08, now().variant_m12) == ("beijing", "abc")
    change(ADMIN, {"mail_domains": "", "variant_m08": ""})
    assert (now().mail_domains, now().variant_m08) == ("", "")
