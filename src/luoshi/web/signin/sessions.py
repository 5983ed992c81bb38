"""Letting somebody in and out: the session's beginning, its end, and what is noted of both."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest

from luoshi.ledger.entry import moment
from luoshi.ledger.models import Account
from luoshi.web.page import MUST_CHANGE
from luoshi.web.signin import access, config, failures, passwords
from luoshi.web.signin.access import RECORDER, Seen
from luoshi.web.signin.identity import known_username
from luoshi.web.signin.refusals import Locked, NotLetIn, WrongPassword

#: the session's words for: when it began, in seconds since 1970; by which way
SINCE: Final = "since"
WAY: Final = "way"
#: the session's word for: why the password must be changed (``first`` or ``old``)
WHY: Final = "why_change"
_LOCAL: Final = "luoshi.web.signin.backends.Local"
_PROVIDER: Final = "luoshi.web.signin.backends.Provider"


def address_of(request: HttpRequest) -> str:
    """From where the request comes; behind a proxy of ours that it told has been put there already."""
    return str(request.META.get("REMOTE_ADDR", ""))[:64]


def enter_by_password(request: HttpRequest, username: str, password: str, now: datetime) -> Account:
    """Lets somebody in who knows user name and password; else one of the errors of ``refusals``. Noted either way."""
    policy = config.current().policy
    name, address = known_username(username), address_of(request)
    standing = failures.begin(name, address, policy, now)
    try:
        if standing.minutes:
            raise Locked("错误次数太多，已锁定", remedy=f"请 {standing.minutes} 分钟后再试", minutes=standing.minutes)
        account = authenticate(request, username=name, password=password[: passwords.LONGEST * 2])
        if not isinstance(account, Account):
            raise _wrong(standing, policy.lock_minutes)
    except NotLetIn as error:
        if not isinstance(error, Locked | WrongPassword):
            # nobody guessed a password here
            failures.succeed(name, address)
        _note_failure(request, name, error, now)
        raise
    failures.succeed(name, address)
    _begin(request, account, now, way="password" if account.backend == _LOCAL else "directory")
    return account


def _wrong(standing: failures.Standing, minutes: int) -> NotLetIn:
    if standing.left == 0:
        return Locked("用户名或密码不对，错误次数太多，已锁定", remedy=f"请 {minutes} 分钟后再试", minutes=minutes)
    return WrongPassword("用户名或密码不对", remedy=f"再错 {standing.left} 次将锁定 {minutes} 分钟", left=standing.left, minutes=minutes)


def _note_failure(request: HttpRequest, username: str, error: NotLetIn, now: datetime) -> None:
    """Notes a failure on the account it was tried on; a name that nobody has is not written down: people type passwords there."""
    account = Account.objects.filter(username=username).values_list("id", flat=True).first()
    RECORDER.record(_seen(request, access.SIGNIN_FAILED, account or "", now, detail=error.slug, status=error.status))


def enter_by_provider(request: HttpRequest, account: Account, now: datetime) -> None:
    """Lets somebody in for whom the provider of single sign-on has vouched."""
    account.backend = _PROVIDER
    _begin(request, account, now, way="provider")


def note_failed_return(request: HttpRequest, error: NotLetIn, now: datetime) -> None:
    """Notes that somebody came back from the provider and was not let in."""
    RECORDER.record(_seen(request, access.SIGNIN_FAILED, "", now, detail=error.slug, status=error.status))


def _begin(request: HttpRequest, account: Account, now: datetime, *, way: str) -> None:
    """A new session (under a new key) for this account."""
    signin = config.current()
    login(request, account)
    request.session[SINCE], request.session[WAY] = int(now.timestamp()), way
    why = passwords.why_change(account, signin.policy, now) if way == "password" else ""
    if why:
        request.session[MUST_CHANGE], request.session[WHY] = True, why
    is_break_glass = signin.is_single and account.username == signin.break_glass
    RECORDER.record(_seen(request, access.BREAK_GLASS if is_break_glass else access.SIGNIN, account.id, now, detail=way, status=200))


def leave(request: HttpRequest, now: datetime) -> str:
    """Ends the session; the way by which it began."""
    way = str(request.session.get(WAY, ""))
    if request.user.is_authenticated:
        RECORDER.record(_seen(request, access.SIGNOUT, str(request.user.pk), now, status=200))
    logout(request)
    return way


def change_password(request: HttpRequest, account: Account, password: str, now: datetime) -> None:
    """Sets a new password; this session goes on under a new key, all others of the account end."""
    passwords.set_password(account, password, config.current().policy, now)
    kept = {name: request.session[name] for name in (SINCE, WAY) if name in request.session}
    account.backend = _LOCAL
    login(request, account)
    request.session.update(kept)
    for name in (MUST_CHANGE, WHY):
        request.session.pop(name, None)
    RECORDER.record(_seen(request, access.PASSWORD, account.id, now, status=200))


def is_over(request: HttpRequest, now: datetime) -> bool:
    """Whether the session has lasted for as long as any may."""
    since = request.session.get(SINCE)
    return isinstance(since, int) and now.timestamp() - since > config.current().policy.session_hours * 3600


def _seen(request: HttpRequest, kind: str, account: str, now: datetime, *, detail: str = "", status: int) -> Seen:
    return Seen(
        at=moment(now), kind=kind, account=account, page="signin", method=request.method or "", detail=detail, status=status,
        address=address_of(request),
    )  # fmt: skip
