"""The interface for programs: what a token gives, what it never gives, and that it is asked and answered as on the pages."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from luoshi.desk import tokens
from luoshi.desk.actor import Actor, Role
from luoshi.desk.tokens import Wanted
from tests.web.filled import fill, make_items

REGION = "340828"


class Program:
    """A program with a token and no session."""

    def __init__(self, text: str) -> None:
        from django.test import Client

        self.client, self.text = Client(enforce_csrf_checks=True), text

    def get(self, path: str, data: Any = None, **headers: str) -> Any:
        return self.client.get(f"/api/v1{path}", data, headers={"Authorization": f"Bearer {self.text}", **headers})

    def post(self, path: str, data: Any, **headers: str) -> Any:
        body = json.dumps(data)
        return self.client.post(f"/api/v1{path}", body, content_type="application/json", headers={"Authorization": f"Bearer {self.text}", **headers})


def person(account: Any) -> Actor:
    roles = tuple(Role(role) for role in json.loads(account.roles))
    return Actor(account.id, account.username, account.name, roles, account.unit, account.region)


@pytest.fixture
def program(db: None, make_account: Callable[..., Any]) -> Callable[..., Program]:
    """A program of somebody with a role: ``program("reader", scopes=("read",), region="…")``."""

    def make(role: str = "reader", *, scopes: tuple[str, ...] = ("read", "act", "export"), name: str = "台账同步", per_minute: int = 600, **account: Any) -> Program:
        actor = person(make_account(role, **account))
        return Program(tokens.make(actor, Wanted(name, scopes, per_minute=per_minute))[1])

    return make


def test_every_list_can_be_asked(program: Callable[..., Program]) -> None:
    ids = fill()
    make_items(ids["breakdown"])
    one = program("supervisor")
    for path in ("/documents", "/facts", "/items", "/regions", "/indicators", "/organisations", "/search?q=公园"):
        answer = one.get(path)
        assert answer.status_code == 200, answer.content
        assert answer.json()["data"], path
