"""Asks a directory who somebody is: binds with their password, and reads what it says of them."""

from __future__ import annotations

import ssl
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from luoshi.web.signin.config import Ldap
from luoshi.web.signin.identity import Person
from luoshi.web.signin.refusals import ProviderDown

with warnings.catch_warnings():
    # it asks pyasn1 for names that are deprecated there
    warnings.simplefilter("ignore", DeprecationWarning)
    import ldap3
    from ldap3.core.exceptions import LDAPException, LDAPInvalidCredentialsResult
    from ldap3.utils.conv import escape_filter_chars
    from ldap3.utils.dn import escape_rdn

_SECONDS: Final = 5


def find_person(config: Ldap, username: str, password: str) -> Person | None:
    """Who has this user name and password in the directory; None where they do not fit.

    An empty password never fits: a directory takes such a bind for an anonymous one and says yes.
    """
    if not username or not password or "\x00" in username + password:
        return None
    try:
        dn = config.dn.replace("{username}", escape_rdn(username)) if config.dn else _search_dn(config, username)
        if dn is None:
            return None
        with _bound(config, dn, password) as connection:
            if connection is None:
                return None
            if config.dn:
                return _read(config, connection, dn, username)
        with _bound(config, config.bind_dn, config.bind_password) as connection:
            return _read(config, _must(connection), dn, username)
    except LDAPException as error:
        raise _down(config, error) from error


def _search_dn(config: Ldap, username: str) -> str | None:
    """The name in the directory of the one person with this user name; two of them are none."""
    with _bound(config, config.bind_dn, config.bind_password) as connection:
        wanted = config.filter.replace("{username}", escape_filter_chars(username))
        found = _search(_must(connection), config.base, wanted, ())
        return str(found[0]["dn"]) if len(found) == 1 else None


def _read(config: Ldap, connection: ldap3.Connection, dn: str, username: str) -> Person:
    names = tuple(dict.fromkeys((config.username, config.name, config.groups, config.department)))
    found = _search(connection, dn, "(objectClass=*)", names, scope=ldap3.BASE)
    values = found[0]["attributes"] if found else {}
    groups = list(_texts(values, config.groups))
    if config.group_base:
        wanted = config.group_filter.replace("{dn}", escape_filter_chars(dn)).replace("{username}", escape_filter_chars(username))
        groups += [str(group["dn"]) for group in _search(connection, config.group_base, wanted, ())]
    return Person(
        issuer=config.url,
        subject=dn.casefold(),
        username=next(_texts(values, config.username), username),
        name=next(_texts(values, config.name), ""),
        groups=tuple(dict.fromkeys(name for group in groups for name in (group, _first_name(group)))),
        department=next(_texts(values, config.department), ""),
    )


def _first_name(dn: str) -> str:
    """The first name in a distinguished name, so that a map may say ``ducha`` for ``cn=ducha,ou=groups,dc=example``.

    >>> _first_name("cn=ducha,ou=groups,dc=example"), _first_name("ducha")
    ('ducha', 'ducha')
    """
    return dn.split(",", 1)[0].rpartition("=")[2]


def _texts(values: Any, name: str) -> Iterator[str]:
    """The values of an attribute; directories and schemas differ in whether one value comes as a list."""
    found: Any = next((value for key, value in dict(values).items() if key.casefold() == name.casefold()), [])
    for value in found if isinstance(found, list) else [found]:
        text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
        if text:
            yield text


def _search(connection: ldap3.Connection, base: str, wanted: str, names: tuple[str, ...], *, scope: str = ldap3.SUBTREE) -> list[Any]:
    connection.search(base, wanted, search_scope=scope, attributes=list(names) or [ldap3.NO_ATTRIBUTES], size_limit=0)
    return [entry for entry in connection.response or [] if entry["type"] == "searchResEntry"]


@contextmanager
def _bound(config: Ldap, dn: str, password: str) -> Iterator[ldap3.Connection | None]:
    """A connection bound as this name; None where the directory refuses name and password."""
    tls = ldap3.Tls(validate=ssl.CERT_REQUIRED, ca_certs_file=config.authorities or None)
    server = ldap3.Server(config.url, tls=tls, connect_timeout=_SECONDS, get_info=ldap3.NONE)
    connection = ldap3.Connection(
        server, dn or None, password or None, receive_timeout=_SECONDS, read_only=True, raise_exceptions=True, check_names=False
    )
    try:
        connection.open()
        if config.starttls:
            connection.start_tls()
        try:
            connection.bind()
        except LDAPInvalidCredentialsResult:
            yield None
            return
        yield connection
    finally:
        connection.unbind()
        if connection.socket is not None:
            # one that was opened and came no further
            connection.socket.close()


def _must(connection: ldap3.Connection | None) -> ldap3.Connection:
    """The connection of the account that searches; without it nobody can be found."""
    if connection is None:
        raise ProviderDown("目录服务不接受查询账号", remedy="请管理员核对 LUOSHI_LDAP_BIND_DN 和密码")
    return connection


def _down(config: Ldap, error: LDAPException) -> ProviderDown:
    return ProviderDown("目录服务没有回答", where=config.url, remedy=f"请稍后再试；管理员请核对地址和证书（{type(error).__name__}）")
