"""Signing in: passwords, locks, sessions, the forced change, and what is written of it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

import msgspec
import pytest
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client, override_settings

from luoshi.desk.actor import Actor, Role
from luoshi.desk.done import NotFound
from luoshi.desk.rights import Forbidden
from luoshi.ledger.store import history
from luoshi.web.signin import access, config, failures, office, passwords, trail
from luoshi.web.signin.config import Policy, Signin
from luoshi.web.signin.models import Credential

NOW = datetime(2026, 3, 5, 2, 0, tzinfo=UTC)
POLICY = Policy()
GOOD = "Qishan+Lake7"


@pytest.fixture
def chen(db: None, make_account: Callable[..., Any]) -> Any:
    """Somebody with a password."""
    return make_account("reader", username="chenqi", name="陈栖", password=GOOD)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The moment that the sign-in page takes for now; a test may change it."""
    held = [datetime.now(UTC)]
    monkeypatch.setattr(import_module("luoshi.web.pages.signin.view"), "now", lambda: held[0])
    return held


def _sign_in(client: Client, username: str, password: str, **more: str) -> Any:
    return client.post("/signin", {"username": username, "password": password, **more})


def _alert(answer: Any) -> str:
    words = answer.content.decode()
    return words.partition('role="alert"')[2].partition("</div></div>")[0]


# --- the page


def test_right_password_opens_what_was_asked_for(chen: Any) -> None:
    client = Client()
    answer = client.get("/profile")
    assert answer["Location"] == "/signin?next=%2Fprofile"
    assert 'name="next" value="/profile"' in client.get(answer["Location"]).content.decode()
    answer = _sign_in(client, "chenqi", GOOD, next="/profile")
    assert (answer.status_code, answer["Location"]) == (302, "/profile")
    page = client.get("/profile").content.decode()
    assert "陈栖" in page
    assert "登录成功" in page


@pytest.mark.parametrize(
    "next_", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "/\\elsewhere.example", "profile", ""]
)
def test_nobody_is_sent_elsewhere(chen: Any, next_: str) -> None:
    assert _sign_in(Client(), "chenqi", GOOD, next=next_)["Location"] == "/"


def test_blanks_and_wide_letters_around_the_user_name_do_not_matter(chen: Any) -> None:
    assert _sign_in(Client(), " ｃｈｅｎｑｉ ", GOOD).status_code == 302


def test_case_of_the_user_name_does_not_matter(db: None) -> None:
    from luoshi.desk.accounts import account_id
    from luoshi.ledger.models import Account

    account = Account(id=account_id("LinYu"), username="LinYu", name="林屿", roles='["reader"]')
    account.set_password(GOOD)
    account.save()
    assert _sign_in(Client(), "linyu", GOOD).status_code == 302


def test_empty_fields_cost_no_attempt(chen: Any) -> None:
    client = Client()
    for _ in range(8):
        assert _sign_in(client, "chenqi", "").status_code == 400
    assert _sign_in(client, "chenqi", GOOD).status_code == 302


def test_session_key_changes_on_the_way_in(chen: Any) -> None:
    client = Client()
    session = client.session
    session["before"] = 1
    session.save()
    before = session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = before
    _sign_in(client, "chenqi", GOOD)
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != before
    assert not type(session)().exists(before)


def test_closed_account_is_told_nothing_special(chen: Any) -> None:
    chen.active = False
    chen.save()
    answer = _sign_in(Client(), "chenqi", GOOD)
    assert answer.status_code == 401
    assert "用户名或密码不对" in _alert(answer)


def test_without_a_role_one_comes_to_the_own_page(db: None, make_account: Callable[..., Any]) -> None:
    make_account(None, username="newcomer", password=GOOD)
    client = Client()
    assert _sign_in(client, "newcomer", GOOD)["Location"] == "/profile"
    assert "还没有角色" in client.get("/profile").content.decode()


def test_english(chen: Any) -> None:
    client = Client()
    assert "Sign in" in client.get("/signin?lang=en").content.decode()
    assert "Check capitals" in _alert(_sign_in(client, "chenqi", "wrong"))


# --- failures


@pytest.mark.parametrize("username", ["chenqi", "nobody-at-all"])
def test_known_and_unknown_names_fail_alike(chen: Any, username: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same words, the same status, the same number of hashings, the same lock."""
    hashed: list[str] = []
    real = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda self, password, salt: hashed.append("") or real(self, password, salt))
    client, told = Client(), []
    for _ in range(7):
        before = len(hashed)
        answer = _sign_in(client, username, "wrong")
        told.append((answer.status_code, len(hashed) - before, "".join(_alert(answer).split())))
    assert [status for status, _, _ in told] == [401, 401, 401, 401, 429, 429, 429]
    assert [count for _, count, _ in told] == [1, 1, 1, 1, 1, 0, 0]
    assert "再错4次" in told[0][2]
    assert "30分钟" in told[5][2]


def test_lock_holds_for_thirty_minutes_even_against_the_right_password(chen: Any, clock: list[datetime]) -> None:
    for _ in range(5):
        _sign_in(Client(), "chenqi", "wrong")
    assert _sign_in(Client(), "chenqi", GOOD).status_code == 429
    clock[0] += timedelta(minutes=29)
    assert "1 分钟" in _alert(_sign_in(Client(), "chenqi", GOOD))
    clock[0] += timedelta(minutes=2)
    assert _sign_in(Client(), "chenqi", GOOD).status_code == 302


def test_success_forgets_failures(chen: Any) -> None:
    for _ in range(3):
        for _ in range(4):
            _sign_in(Client(), "chenqi", "wrong")
        assert _sign_in(Client(), "chenqi", GOOD).status_code == 302


def test_unlocking(chen: Any) -> None:
    for _ in range(5):
        _sign_in(Client(), "CHENQI", "wrong")
    assert failures.locks(["chenqi"], datetime.now(UTC))["chenqi"] == 30
    assert failures.unlock("chenqi")
    assert not failures.unlock("chenqi")
    assert _sign_in(Client(), "chenqi", GOOD).status_code == 302


def test_an_address_that_tries_many_names_is_throttled(chen: Any) -> None:
    with override_settings(LUOSHI_SIGNIN=Signin(policy=Policy(address_failures=3))):
        client = Client(REMOTE_ADDR="10.1.1.7")
        for number in range(3):
            _sign_in(client, f"guess{number}", "wrong")
        assert _sign_in(client, "chenqi", GOOD).status_code == 429
        assert _sign_in(Client(REMOTE_ADDR="10.1.1.8"), "chenqi", GOOD).status_code == 302
        assert "chenqi" not in failures.locks(["chenqi"], datetime.now(UTC))


def test_old_failures_are_forgotten(db: None) -> None:
    for minute in range(4):
        assert failures.begin("chenqi", "10.0.0.1", POLICY, NOW + timedelta(minutes=minute)).left == 4 - minute
    assert failures.begin("chenqi", "10.0.0.1", POLICY, NOW + timedelta(minutes=40)).left == 4
    assert failures.forget_old(POLICY, NOW + timedelta(days=1)) == 2


def test_many_attempts_at_once_are_no_way_round_the_lock(real_db: None) -> None:
    from django.db import connection

    def attempt(_: int) -> bool:
        try:
            return failures.begin("chenqi", "10.0.0.1", POLICY, NOW).minutes == 0
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        looked_at = sum(threads.map(attempt, range(24)))
    assert looked_at == 5


# --- passwords


@pytest.mark.parametrize(
    ("password", "slugs"),
    [
        ("Sh0rt+1", {"short"}),
        ("alllowercase1", {"classes"}),
        ("落实督查落实督查落实", {"classes"}),
        ("Chenqi+2026", {"name"}),
        ("x1iqnehC+9", {"name"}),
        ("我叫陈栖Ab12345", {"name"}),
        ("P@ssw0rd", {"common"}),
        ("Aa1+" * 40, {"long"}),
        (GOOD, set()),
        ("山高路远Road66", set()),
    ],
)
def test_what_a_good_password_is(chen: Any, password: str, slugs: set[str]) -> None:
    assert {fault.slug for fault in passwords.faults(password, _without_password(chen), POLICY)} - {"used"} == slugs


def _without_password(account: Any) -> Any:
    """The account without its present password, so that history has nothing to say."""
    account.password = ""
    return account


def test_the_last_five_do_not_come_again(chen: Any) -> None:
    used = [f"Willow-{number}-Pond" for number in range(7)]
    for day, password in enumerate(used):
        passwords.set_password(chen, password, POLICY, NOW + timedelta(days=day))
    assert {password for password in used if passwords.faults(password, chen, POLICY)} == set(used[2:])
    row = Credential.objects.get(pk=chen.id)
    assert len(msgspec.json.decode(row.history)) == 5
    assert used[-1] not in row.history


def test_random_passwords_are_good(chen: Any) -> None:
    made = {passwords.random_password() for _ in range(50)}
    assert len(made) == 50
    assert not [password for password in made if passwords.faults(password, chen, POLICY)]


def test_when_a_password_must_be_changed(chen: Any) -> None:
    strict = msgspec.structs.replace(POLICY, days=90)
    assert passwords.why_change(chen, strict, NOW) == ""
    passwords.set_password(chen, "Willow-1-Pond", strict, NOW)
    assert passwords.why_change(chen, strict, NOW + timedelta(days=89)) == ""
    assert passwords.why_change(chen, strict, NOW + timedelta(days=91)) == "old"
    assert passwords.why_change(chen, POLICY, NOW + timedelta(days=9000)) == ""
    passwords.reset_password(chen, POLICY, NOW)
    assert passwords.why_change(chen, POLICY, NOW) == "first"


def test_first_password_must_be_changed_before_anything_else(chen: Any) -> None:
    given = passwords.reset_password(chen, POLICY, datetime.now(UTC))
    client = Client()
    assert _sign_in(client, "chenqi", given).status_code == 302
    assert client.get("/")["Location"] == "/password"
    assert client.get("/profile")["Location"] == "/password"
    assert "替您设的密码" in client.get("/password").content.decode()
    same = client.post("/password", {"current": given, "new": given, "again": given})
    assert same.status_code == 400
    assert "最近 5 次" in same.content.decode()
    assert client.post("/password", {"current": given, "new": GOOD + "x", "again": GOOD + "x"}).status_code == 302
    assert client.get("/").status_code == 200


def test_change_signs_out_everywhere_else(chen: Any) -> None:
    here, there = Client(), Client()
    _sign_in(here, "chenqi", GOOD)
    _sign_in(there, "chenqi", GOOD)
    key = here.session.session_key
    assert there.get("/").status_code == 200
    assert here.post("/password", {"current": GOOD, "new": "Willow-1-Pond", "again": "Willow-1-Pond"}).status_code == 302
    assert here.get("/").status_code == 200
    assert here.session.session_key != key
    assert there.get("/")["Location"].startswith("/signin")
    assert _sign_in(Client(), "chenqi", GOOD).status_code == 401
    assert _sign_in(Client(), "chenqi", "Willow-1-Pond").status_code == 302


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"current": GOOD, "new": "Willow-1-Pond", "again": "Willow-2-Pond"}, "两次输入的新密码不一样"),
        ({"current": "wrong", "new": "Willow-1-Pond", "again": "Willow-1-Pond"}, "现在的密码不对，还可以试 4 次"),
        ({"current": GOOD, "new": "weak", "again": "weak"}, "至少要 8 个字符"),
        ({}, "现在的密码不对"),
    ],
)
def test_refused_changes_say_why(chen: Any, form: dict[str, str], words: str) -> None:
    client = Client()
    _sign_in(client, "chenqi", GOOD)
    answer = client.post("/password", form)
    assert answer.status_code == 400
    assert words in answer.content.decode()
    chen.refresh_from_db()
    assert chen.check_password(GOOD)


def test_guessing_the_current_password_locks_too(chen: Any) -> None:
    client = Client()
    _sign_in(client, "chenqi", GOOD)
    for _ in range(5):
        client.post("/password", {"current": "wrong", "new": "Willow-1-Pond", "again": "Willow-1-Pond"})
    assert "30 分钟" in client.post("/password", {"current": GOOD, "new": "Willow-1-Pond", "again": "Willow-1-Pond"}).content.decode()


def test_a_fold_of_the_account_keeps_the_password(db: None) -> None:
    from luoshi.desk import accounts
    from luoshi.desk.actor import SYSTEM
    from luoshi.ledger.models import Account

    accounts.create(SYSTEM, {"username": "linyu", "name": "林屿"}, (), strict=False)
    account = Account.objects.get(username="linyu")
    passwords.set_password(account, GOOD, POLICY, NOW)
    accounts.change(SYSTEM, account.id, {"name": "林小屿"})
    account = Account.objects.get(username="linyu")
    assert account.name == "林小屿"
    assert account.check_password(GOOD)


# --- what administrators do


def _officer(*roles: Role) -> Actor:
    return Actor(id="aofficer", username="officer", name="安全员", roles=roles)


def test_reset_gives_a_password_once_opens_the_lock_and_ends_sessions(chen: Any) -> None:
    here = Client()
    _sign_in(here, "chenqi", GOOD)
    for _ in range(5):
        _sign_in(Client(), "chenqi", "wrong")
    now = datetime.now(UTC)
    assert office.standings([chen.id], now)[chen.id].locked == 30
    given = office.reset(_officer(Role.SECURITY_ADMIN), chen.id, now)
    assert here.get("/")["Location"].startswith("/signin")
    assert _sign_in(Client(), "chenqi", GOOD).status_code == 401
    assert _sign_in(Client(), "chenqi", given).status_code == 302
    standing = office.standings([chen.id, "anobody"], now)[chen.id]
    assert (standing.locked, standing.has_password, standing.must_change, standing.is_linked) == (0, True, True, False)
    assert [entry.act for entry in history(chen.id)] == ["account.reset"]
    assert given not in "".join(entry.data for entry in history(chen.id))


def test_only_the_security_administrator_resets_and_unlocks(chen: Any) -> None:
    for role in set(Role) - {Role.SECURITY_ADMIN}:
        for act in (lambda: office.reset(_officer(role), chen.id, NOW), lambda: office.unlock(_officer(role), chen.id)):  # noqa: B023
            with pytest.raises(Forbidden):
                act()
    chen.refresh_from_db()
    assert chen.check_password(GOOD)


def test_lifting_a_lock_leaves_the_password(chen: Any) -> None:
    for _ in range(5):
        _sign_in(Client(), "chenqi", "wrong")
    assert office.unlock(_officer(Role.SECURITY_ADMIN), chen.id)
    assert not office.unlock(_officer(Role.SECURITY_ADMIN), chen.id)
    assert _sign_in(Client(), "chenqi", GOOD).status_code == 302
    with pytest.raises(NotFound):
        office.unlock(_officer(Role.SECURITY_ADMIN), "anobody")


# --- sessions


def test_idle_session_ends(chen: Any) -> None:
    client = Client()
    _sign_in(client, "chenqi", GOOD)
    client.get("/")
    session = client.session
    session["seen"] -= settings.LUOSHI.session_minutes * 60 + 1
    session.save()
    assert client.get("/")["Location"].startswith("/signin")


def test_session_ends_after_twelve_hours_of_work(chen: Any) -> None:
    client = Client()
    _sign_in(client, "chenqi", GOOD)
    session = client.session
    session["since"] -= 12 * 3600 - 60
    session.save()
    assert client.get("/").status_code == 200
    session = client.session
    session["since"] -= 61
    session.save()
    assert client.get("/")["Location"].startswith("/signin")


def test_signing_out_takes_a_form(chen: Any) -> None:
    client = Client()
    _sign_in(client, "chenqi", GOOD)
    assert client.get("/signout").status_code == 200
    assert client.get("/").status_code == 200
    key = client.session.session_key
    assert client.post("/signout")["Location"] == "/signin"
    assert "已退出" in client.get("/signin").content.decode()
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    assert client.get("/")["Location"].startswith("/signin")


def test_forged_forms_are_refused(chen: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    assert _sign_in(client, "chenqi", GOOD).status_code == 403


def test_closing_an_account_ends_its_sessions(chen: Any) -> None:
    client = Client()
    _sign_in(client, "chenqi", GOOD)
    chen.active = False
    chen.save(update_fields=["active"])
    assert client.get("/")["Location"].startswith("/signin")


# --- what is written of it


def test_sign_ins_and_failures_are_written(chen: Any) -> None:
    client = Client(REMOTE_ADDR="10.1.1.7")
    _sign_in(client, "chenqi", "wrong")
    _sign_in(client, "my-secret-typed-here", "wrong")
    _sign_in(client, "chenqi", GOOD)
    client.post("/signout")
    found = [(row.kind, row.account, row.detail, row.status, row.address) for row in reversed(trail.look(trail.Wanted()))]
    assert found == [
        (access.SIGNIN_FAILED, chen.id, "wrong-password", 401, "10.1.1.7"),
        (access.SIGNIN_FAILED, "", "wrong-password", 401, "10.1.1.7"),
        (access.SIGNIN, chen.id, "password", 200, "10.1.1.7"),
        (access.SIGNOUT, chen.id, "", 200, "10.1.1.7"),
    ]
    assert "my-secret" not in str(found)
    assert [row.kind for row in trail.sign_ins(chen.id)] == [access.SIGNIN, access.SIGNIN_FAILED]


# --- settings


@pytest.mark.parametrize(
    ("environment", "name"),
    [
        ({"LUOSHI_PASSWORD_LENGTH": "6"}, "LUOSHI_PASSWORD_LENGTH"),
        ({"LUOSHI_LOCK_MINUTES": "x"}, "LUOSHI_LOCK_MINUTES"),
        ({"LUOSHI_OIDC_ISSUER": "http://id.example.gov.cn"}, "LUOSHI_OIDC_ISSUER"),
        ({"LUOSHI_OIDC_ISSUER": "https://id.example.gov.cn"}, "LUOSHI_OIDC_CLIENT"),
        (
            {"LUOSHI_OIDC_ISSUER": "https://id.example.gov.cn", "LUOSHI_OIDC_CLIENT": "luoshi", "LUOSHI_OIDC_SCOPE": "profile"},
            "LUOSHI_OIDC_SCOPE",
        ),
        (
            {"LUOSHI_OIDC_ISSUER": "https://i.example", "LUOSHI_OIDC_CLIENT": "l", "LUOSHI_OIDC_SECRET_FILE": "/nowhere/at/all"},
            "LUOSHI_OIDC_SECRET_FILE",
        ),
        ({"LUOSHI_LDAP_URL": "http://directory"}, "LUOSHI_LDAP_URL"),
        ({"LUOSHI_LDAP_URL": "ldap://directory.example", "LUOSHI_LDAP_BASE": "dc=example"}, "LUOSHI_LDAP_URL"),
        ({"LUOSHI_LDAP_URL": "ldaps://directory.example"}, "LUOSHI_LDAP_BASE"),
        ({"LUOSHI_LDAP_URL": "ldaps://directory.example", "LUOSHI_LDAP_DN": "uid=x"}, "LUOSHI_LDAP_DN"),
        (
            {"LUOSHI_LDAP_URL": "ldaps://directory.example", "LUOSHI_LDAP_BASE": "dc=x", "LUOSHI_LDAP_STARTTLS": "maybe"},
            "LUOSHI_LDAP_STARTTLS",
        ),
        ({"LUOSHI_SSO_MAP": "/nowhere/at/all.yaml"}, "LUOSHI_SSO_MAP"),
    ],
)
def test_settings_that_cannot_be_are_told(environment: dict[str, str], name: str) -> None:
    from luoshi.errors import BadUsage

    with pytest.raises(BadUsage) as caught:
        config.read_signin(environment)
    assert caught.value.slug == "bad-setting"
    assert caught.value.where == f"环境变量 {name}"
    assert caught.value.remedy


def test_map_of_groups_is_checked(tmp_path: Any) -> None:
    from luoshi.errors import BadUsage

    path = tmp_path / "sso.yaml"
    path.write_text("roles: {ducha: supervisor, kaohe: king}\n", encoding="utf-8")
    with pytest.raises(BadUsage, match="king"):
        config.read_directory(path)
    path.write_text("roles: {ducha: supervisor}\nunits: {'0301': ofinance}\ncreate: true\n", encoding="utf-8")
    assert config.read_directory(path).roles == {"ducha": "supervisor"}


def test_secrets_are_not_shown() -> None:
    told = config.read_signin(
        {"LUOSHI_OIDC_ISSUER": "https://i.example", "LUOSHI_OIDC_CLIENT": "l", "LUOSHI_OIDC_SECRET": "s3cret-one",
         "LUOSHI_LDAP_URL": "ldaps://d.example", "LUOSHI_LDAP_BASE": "dc=x", "LUOSHI_LDAP_BIND_PASSWORD": "s3cret-two"}
    )  # fmt: skip
    assert told.oidc
    assert told.oidc.secret.endswith("one")
    assert "s3cret" not in repr(told)
