"""From somebody known elsewhere to an account here: found, linked, made, brought up to date."""

from __future__ import annotations

import logging
import unicodedata
from datetime import datetime

import msgspec
from django.db import transaction
from django.db.models import Q

from luoshi.desk import accounts
from luoshi.desk.actor import ADMINISTRATORS, SYSTEM, Role, read_roles
from luoshi.desk.done import WrongValue
from luoshi.ledger.entry import moment
from luoshi.ledger.ids import ident
from luoshi.ledger.models import Account
from luoshi.web.signin.config import Directory, Signin
from luoshi.web.signin.models import Identity
from luoshi.web.signin.refusals import NoAccount

log = logging.getLogger("luoshi.signin")


class Person(msgspec.Struct, frozen=True):
    """Somebody as the directory or the provider tells; ``subject`` never changes there, ``username`` may."""

    issuer: str
    subject: str
    username: str
    name: str = ""
    groups: tuple[str, ...] = ()
    department: str = ""


def known_username(username: str) -> str:
    """The user name as the account bears it, whatever its case here; what was given where nobody has it."""
    name = normal_username(username)
    return Account.objects.filter(pk=accounts.account_id(name)).values_list("username", flat=True).first() or name


def normal_username(username: str) -> str:
    """A user name without blanks, full-width letters as plain ones.

    >>> normal_username(" ｃｈｅｎ ")
    'chen'
    """
    return unicodedata.normalize("NFKC", username).strip()[:64]


def admit(person: Person, signin: Signin, now: datetime, *, strict: bool) -> Account:
    """The account of this person; ``NoAccount`` where there is none, it is closed, or it must not be entered this way."""
    username = known_username(person.username)
    if not username or not person.subject:
        raise NoAccount("身份平台没有给出用户名", remedy="请管理员核对 LUOSHI_OIDC_USERNAME 或 LUOSHI_LDAP_USERNAME")
    if username == signin.break_glass:
        raise NoAccount("应急账号只能用本地密码登录", remedy="请用密码登录")
    with transaction.atomic():
        key = ident("j", person.issuer, person.subject)
        link = Identity.objects.filter(pk=key).first()
        account = Account.objects.filter(pk=link.account).first() if link else _known_by_name(username)
        account = account or _made(person, username, signin.directory)
        if link is None:
            Identity.objects.create(
                id=key, account=account.id, issuer=person.issuer[:300], subject=person.subject[:300], linked_at=moment(now)
            )
        account = _brought_up_to_date(account, person, signin.directory, strict=strict)
    if not account.active:
        raise NoAccount("这个账号已停用", remedy="请找系统管理员")
    return account


def _known_by_name(username: str) -> Account | None:
    """The account of this user name, if single sign-on may take it over: never that of an administrator, which another system could forge."""
    account = Account.objects.filter(Q(pk=accounts.account_id(username)) | Q(username=username)).first()
    if account is None:
        return None
    if Identity.objects.filter(account=account.id).exists():
        raise NoAccount("这个用户名已属于另一个人", remedy="请系统管理员核对两边的用户名")
    if not ADMINISTRATORS.isdisjoint(_roles(account)):
        raise NoAccount("管理员账号只能用本地密码登录", remedy="请用密码登录")
    return account


def _made(person: Person, username: str, directory: Directory) -> Account:
    if not directory.create:
        raise NoAccount("身份已确认，但这里没有您的账号", remedy="请找系统管理员开通")
    accounts.create(SYSTEM, {"username": username, "name": (person.name or username)[:100]}, (), strict=False)
    account = Account.objects.get(pk=accounts.account_id(username))
    account.set_unusable_password()
    account.save(update_fields=["password"])
    return account


def _brought_up_to_date(account: Account, person: Person, directory: Directory, *, strict: bool) -> Account:
    """The account with roles, unit and region as the directory says, where the map tells what they are here."""
    if directory.roles and (roles := _mapped(person.groups, directory)) != _roles(account):
        accounts.give_roles(SYSTEM, account.id, roles, strict=strict)
    places = {"unit": directory.units.get(person.department), "region": directory.regions.get(person.department)}
    told = {name: place for name, place in places.items() if place is not None and place != getattr(account, name)}
    try:
        if told:
            accounts.change(SYSTEM, account.id, told)
    except WrongValue as error:
        # the person may come in; who keeps the map must know
        log.warning("LUOSHI_SSO_MAP: no such %s for department %s", error.where, person.department)
    return Account.objects.get(pk=account.id)


def _mapped(groups: tuple[str, ...], directory: Directory) -> tuple[Role, ...]:
    return read_roles([directory.roles[group].value for group in groups if group in directory.roles])


def _roles(account: Account) -> tuple[Role, ...]:
    return read_roles(msgspec.json.decode(account.roles, type=list[str]))
