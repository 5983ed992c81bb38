"""Single sign-on: OpenID Connect against two servers (one that keeps the rules, one that can be made to lie)."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import msgspec
import pytest
from django.conf import settings
from django.test import Client, override_settings

from luoshi.desk.actor import Role
from luoshi.ledger.models import Account
from luoshi.web.signin import access, oidc, trail
from luoshi.web.signin.config import Directory, Oidc, Signin
from luoshi.web.signin.models import Identity
from tests.web import provider as lying

GOOD = "Qishan+Lake7"
MAP = Directory(roles={"ducha": Role.SUPERVISOR, "kaohe": Role.APPRAISER, "xitong": Role.SYSTEM_ADMIN}, create=True)


@pytest.fixture(autouse=True)
def _forget_providers() -> None:
    oidc._metadata.clear()
    oidc._keys.clear()


@pytest.fixture
def provider(db: None) -> Iterator[lying.Provider]:
    """The provider that can lie, and our settings for it."""
    with lying.running() as made, override_settings(LUOSHI_SIGNIN=_signin(made.address)):
        yield made


def _signin(issuer: str, **more: Any) -> Signin:
    return Signin(**{"oidc": Oidc(issuer=issuer, client="luoshi", secret="told-by-hand"), "directory": MAP, **more})  # noqa: S106


def _there_and_back(provider: lying.Provider, client: Client | None = None, next_: str = "") -> tuple[Client, Any]:
    client = client or Client()
    there = client.get("/signin/provider", {"next": next_} if next_ else None)
    assert there.status_code == 302, there.content.decode()
    return client, client.get(provider.sign_in(there["Location"]))


def _alert(answer: Any) -> str:
    return str(answer.content.decode().partition('role="alert"')[2].partition("</div></div>")[0])


# --- a provider that keeps the rules


@pytest.fixture(scope="module")
def mock() -> Iterator[str]:
    """``oidc-provider-mock`` as a process of its own; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    person = {"sub": "s-77", "preferred_username": "linyu", "name": "林屿", "groups": ["ducha", "others"], "department": "0301"}
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", "true"]
    process = subprocess.Popen(
        [*command, "--user-claims", json.dumps(person)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "NO_COLOR": "1"},
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            if process.poll() is not None:
                pytest.skip("oidc-provider-mock does not run here")
            try:
                httpx.get(address, timeout=1)
                break
            except httpx.HTTPError:
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def test_whole_way_with_a_real_provider(db: None, mock: str) -> None:
    with override_settings(LUOSHI_SIGNIN=_signin(mock)):
        client = Client()
        page = client.get("/signin?next=/profile").content.decode()
        assert "统一身份认证登录" in page
        assert 'href="/signin/provider?next=%2Fprofile"' in page
        there = client.get("/signin/provider?next=/profile")
        asked = parse_qs(urlsplit(there["Location"]).query)
        assert asked["redirect_uri"] == ["http://testserver/signin/returned"]
        back = httpx.post(there["Location"], data={"sub": "s-77"}, timeout=10)
        assert back.status_code == 302
        answer = client.get(back.headers["Location"].removeprefix("http://testserver"))
        assert (answer.status_code, answer["Location"]) == (302, "/profile")
        page = client.get("/profile").content.decode()
        assert "林屿" in page
        assert "督查员" in page
        assert "经统一身份认证" in page
        account = Account.objects.get(username="linyu")
        assert not account.has_usable_password()
        assert [row.kind for row in trail.sign_ins(account.id)] == [access.SIGNIN]
        # denied there
        there = client.post("/signout") and client.get("/signin/provider")
        back = httpx.post(there["Location"], data={"action": "deny"}, timeout=10)
        answer = client.get(back.headers["Location"].removeprefix("http://testserver"))
        assert answer.status_code == 400


# --- lies


def test_plain_way(provider: lying.Provider) -> None:
    client, answer = _there_and_back(provider, next_="/profile")
    assert answer["Location"] == "/profile"
    assert "林屿" in client.get("/profile").content.decode()


def test_without_a_role_one_comes_to_the_own_page(provider: lying.Provider) -> None:
    assert _there_and_back(provider)[1]["Location"] == "/profile"


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another-client"},
        {"aud": None},
        {"iss": "https://elsewhere.example"},
        {"iss": None},
        {"exp": 1_700_000_000},
        {"exp": None},
        {"sub": None},
        {"iat": 4_000_000_000},
        {"at_hash": "wrong"},
    ],
    ids=str,
)
def test_tokens_that_do_not_fit_are_refused(provider: lying.Provider, claims: dict[str, Any]) -> None:
    provider.claims = claims
    client, answer = _there_and_back(provider)
    assert answer.status_code == 400
    assert "令牌不对" in _alert(answer)
    assert client.get("/profile")["Location"].startswith("/signin")
    assert not Account.objects.exists()


def _without_signature(provider: lying.Provider) -> None:
    provider.algorithm = "none"


def _with_a_shared_secret(provider: lying.Provider) -> None:
    """The old trick: the public key taken for the secret of HMAC."""
    provider.key = provider.keys["one"].as_pem(private=False)
    provider.algorithm = "HS256"


def _with_a_strange_key(provider: lying.Provider) -> None:
    from joserfc.jwk import RSAKey

    provider.key = RSAKey.generate_key(2048, {"kid": "one"}, private=True)


def _with_an_unknown_key(provider: lying.Provider) -> None:
    from joserfc.jwk import RSAKey

    provider.key, provider.signing = RSAKey.generate_key(2048, {"kid": "nine"}, private=True), "nine"


def _with_no_token(provider: lying.Provider) -> None:
    provider.token = {"id_token": ""}


@pytest.mark.parametrize("lie", [_without_signature, _with_a_shared_secret, _with_a_strange_key, _with_an_unknown_key, _with_no_token])
def test_forged_signatures_are_refused(provider: lying.Provider, lie: Callable[[lying.Provider], None]) -> None:
    lie(provider)
    _, answer = _there_and_back(provider)
    assert answer.status_code == 400
    assert "令牌不对" in _alert(answer)


def test_new_keys_are_fetched(provider: lying.Provider) -> None:
    assert _there_and_back(provider)[1].status_code == 302
    provider.turn_keys()
    assert _there_and_back(provider)[1].status_code == 302
    assert provider.asked.count("/keys") == 2


def test_what_came_back_once_does_not_again(provider: lying.Provider) -> None:
    client = Client()
    back = provider.sign_in(client.get("/signin/provider")["Location"])
    assert client.get(back).status_code == 302
    client.post("/signout")
    assert client.get(back).status_code == 400


def test_another_browser_cannot_come_back(provider: lying.Provider) -> None:
    """Nobody is signed in by a link that somebody else made."""
    back = provider.sign_in(Client().get("/signin/provider")["Location"])
    stranger = Client()
    stranger.get("/signin/provider")
    assert stranger.get(back).status_code == 400
    assert stranger.get(f"{back}&iss=https%3A%2F%2Felsewhere.example").status_code == 400
    assert provider.asked.count("/token") == 0


def test_several_ways_at_once(provider: lying.Provider) -> None:
    """Two tabs: the one opened first comes back last."""
    client = Client()
    there = [client.get("/signin/provider")["Location"] for _ in range(3)]
    assert client.get(provider.sign_in(there[2])).status_code == 302
    client.post("/signout")
    client = Client()
    there = [client.get("/signin/provider")["Location"] for _ in range(3)]
    assert client.get(provider.sign_in(there[0])).status_code == 302


def test_a_mixed_up_issuer_is_refused(provider: lying.Provider) -> None:
    client = Client()
    back = provider.sign_in(client.get("/signin/provider")["Location"])
    answer = client.get(f"{back}&iss=https%3A%2F%2Felsewhere.example")
    assert "不是我们的身份平台" in _alert(answer)


@pytest.mark.parametrize("metadata", [{"issuer": "https://elsewhere.example"}, {"jwks_uri": "http://127.0.0.1:9/keys"}])
def test_a_provider_that_is_not_the_one_told(provider: lying.Provider, metadata: dict[str, str]) -> None:
    provider.metadata = metadata
    client = Client()
    answer = client.get("/signin/provider")
    if answer.status_code == 302:
        answer = client.get(provider.sign_in(answer["Location"]))
    assert answer.status_code == 502
    assert not Account.objects.exists()


def test_a_provider_that_is_down(provider: lying.Provider) -> None:
    provider.broken = True
    answer = Client().get("/signin/provider")
    assert answer.status_code == 502
    assert "没有回答" in _alert(answer)
    with override_settings(LUOSHI_SIGNIN=_signin("http://127.0.0.1:9")):
        assert Client().get("/signin/provider").status_code == 502


def test_user_name_from_userinfo_only_of_the_same_person(provider: lying.Provider) -> None:
    provider.claims = {"preferred_username": None}
    assert _there_and_back(provider)[1].status_code == 302
    assert Account.objects.get().username == "linyu"
    Account.objects.all().delete()
    Identity.objects.all().delete()
    provider.userinfo = {"sub": "s-2"}
    answer = _there_and_back(provider)[1]
    assert answer.status_code == 403
    assert "没有给出用户名" in _alert(answer)


# --- accounts


def test_roles_follow_the_groups_each_time(provider: lying.Provider) -> None:
    provider.person["groups"] = ["ducha", "kaohe"]
    _there_and_back(provider)
    assert json.loads(Account.objects.get().roles) == ["supervisor", "appraiser"]
    provider.person["groups"] = ["kaohe"]
    _there_and_back(provider)
    assert json.loads(Account.objects.get().roles) == ["appraiser"]
    provider.person["groups"] = []
    assert _there_and_back(provider)[1]["Location"] == "/profile"
    assert json.loads(Account.objects.get().roles) == []


def test_strict_mode_holds_for_groups_too(provider: lying.Provider) -> None:
    provider.person["groups"] = ["ducha", "xitong"]
    with override_settings(LUOSHI=msgspec.structs.replace(settings.LUOSHI, strict=True)):
        client, answer = _there_and_back(provider)
        assert answer.status_code == 400
        assert "三员分立" in answer.content.decode()
        assert client.get("/")["Location"].startswith("/signin")
    assert not Account.objects.exists()


def test_a_new_user_name_there_is_the_same_person_here(provider: lying.Provider) -> None:
    _there_and_back(provider)
    provider.person["preferred_username"] = "linyu2"
    _there_and_back(provider)
    assert Account.objects.get().username == "linyu"


def test_the_same_user_name_of_another_person_is_refused(provider: lying.Provider) -> None:
    _there_and_back(provider)
    provider.person["sub"] = "s-2"
    answer = _there_and_back(provider)[1]
    assert answer.status_code == 403
    assert "已属于另一个人" in _alert(answer)


def test_without_an_account_nobody_gets_in_unless_told(provider: lying.Provider, make_account: Callable[..., Any]) -> None:
    with override_settings(LUOSHI_SIGNIN=_signin(provider.address, directory=Directory())):
        answer = _there_and_back(provider)[1]
        assert answer.status_code == 403
        assert "没有您的账号" in _alert(answer)
        make_account("reader", username="linyu")
        assert _there_and_back(provider)[1]["Location"] == "/"


def test_closed_accounts_stay_closed(provider: lying.Provider) -> None:
    _there_and_back(provider)
    Account.objects.update(active=False)
    answer = _there_and_back(provider)[1]
    assert answer.status_code == 403
    assert "已停用" in _alert(answer)


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "audit_admin"])
def test_local_administrators_are_not_taken_over(provider: lying.Provider, make_account: Callable[..., Any], role: str) -> None:
    make_account(role, username="linyu", password=GOOD)
    assert _there_and_back(provider)[1].status_code == 403
    assert not Identity.objects.exists()


def test_emergency_account(provider: lying.Provider, make_account: Callable[..., Any]) -> None:
    """With a provider, one account keeps its password; it cannot be entered from there, the others not from here."""
    emergency = make_account("reader", username="rescue", password=GOOD)
    make_account("reader", username="linyu", password=GOOD)
    with override_settings(LUOSHI_SIGNIN=_signin(provider.address, break_glass="rescue")):
        page = Client().get("/signin").content.decode()
        assert "<details><summary>用本地密码登录（应急）" in page
        assert Client().post("/signin", {"username": "linyu", "password": GOOD}).status_code == 401
        assert Client().post("/signin", {"username": "rescue", "password": GOOD}).status_code == 302
        assert [row.kind for row in trail.sign_ins(emergency.id)] == [access.BREAK_GLASS]
        provider.person["preferred_username"] = "rescue"
        assert _there_and_back(provider)[1].status_code == 403


def test_who_has_no_password_here_changes_it_there(provider: lying.Provider) -> None:
    provider.person["groups"] = ["ducha"]
    client, _ = _there_and_back(provider)
    assert "到那里修改" in client.get("/password").content.decode()
    client.post("/password", {"current": "", "new": GOOD, "again": GOOD})
    assert not Account.objects.get().has_usable_password()


def test_signing_out_there_too(provider: lying.Provider) -> None:
    provider.metadata = {"end_session_endpoint": f"{provider.address}/bye"}
    signin = Signin(oidc=Oidc(issuer=provider.address, client="luoshi", signs_out=True), directory=MAP)
    with override_settings(LUOSHI_SIGNIN=signin):
        client, _ = _there_and_back(provider)
        there = client.post("/signout")["Location"]
        assert there.startswith(f"{provider.address}/bye?client_id=luoshi&post_logout_redirect_uri=http%3A%2F%2Ftestserver%2Fsignin")
        assert client.get("/profile")["Location"].startswith("/signin")


def test_secret_goes_as_the_provider_wants(provider: lying.Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[dict[str, str]] = []
    real = provider.give
    monkeypatch.setattr(provider, "give", lambda form: given.append(form) or real(form))  # type: ignore[func-returns-value]
    _there_and_back(provider)
    assert "client_secret" not in given[0]
    provider.metadata = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    oidc._metadata.clear()
    _there_and_back(provider)
    assert given[1]["client_secret"].endswith("by-hand")
