"""Programs for tests of the interface: each with a token and no session."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from luoshi.desk import tokens
from luoshi.desk.actor import Actor, Role
from luoshi.desk.tokens import Wanted

ALL_SCOPES = ("read", "act", "export")


class Program:
    """A program with a token. Django's test client, so that no socket is opened."""

    def __init__(self, text: str) -> None:
        from django.test import Client

        self.client, self.text = Client(enforce_csrf_checks=True), text

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.text}"} if self.text else {}

    def get(self, path: str, data: Any = None) -> Any:
        return self.client.get(f"/api/v1{path}", data, headers=self._headers())

    def post(self, path: str, data: Any, *, kind: str = "application/json") -> Any:
        body = data if isinstance(data, bytes) else json.dumps(data)
        return self.client.post(f"/api/v1{path}", body, content_type=kind, headers=self._headers())

    def send(self, path: str, **fields: Any) -> Any:
        return self.client.post(f"/api/v1{path}", fields, headers=self._headers())


def of(actor: Actor, *, scopes: tuple[str, ...] = ALL_SCOPES, name: str = "台账同步", per_minute: int = 600, days: int = 90) -> Program:
    """A program of somebody."""
    return Program(tokens.make(actor, Wanted(name, scopes, days, per_minute))[1])


def actor(make_account: Callable[..., Any], role: str, **account: Any) -> Actor:
    """Somebody with an account, as the desk knows them."""
    row = make_account(role, **account)
    return Actor(row.id, row.username, row.name, tuple(Role(one) for one in json.loads(row.roles)), row.unit, row.region)


def slug(answer: Any) -> str:
    """The slug of an error, in the one shape that errors have."""
    told = answer.json()
    assert set(told) == {"error"}
    assert set(told["error"]) == {"slug", "what", "where", "remedy"}
    return str(told["error"]["slug"])
