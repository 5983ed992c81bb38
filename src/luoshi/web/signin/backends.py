"""The ways to check a user name and password, in the order in which Django asks them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import BaseBackend, ModelBackend
from django.http import HttpRequest

from luoshi.desk.tokens import SERVICE
from luoshi.ledger.models import Account
from luoshi.web.signin import config
from luoshi.web.signin.identity import admit, known_username
from luoshi.web.signin.moments import now


class Local(ModelBackend):
    """A password kept here. Takes as long for an unknown user name as for a known one (Django's doing)."""

    def authenticate(self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any) -> Any:
        name = known_username(username or "")
        # a program's account is for its token alone
        if name.startswith(SERVICE) or not config.current().may_use_password(name):
            Account().set_password(password)
            return None
        return super().authenticate(request, username=name, password=password)


class Directory(BaseBackend):
    """A password that a directory (LDAP) knows."""

    def authenticate(self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any) -> Any:
        signin = config.current()
        if signin.ldap is None:
            return None
        from luoshi.web.signin.ldap import find_person

        name = known_username(username or "")
        if name == signin.break_glass:
            return None
        person = find_person(signin.ldap, name, password or "")
        return None if person is None else admit(person, signin, now(), strict=settings.LUOSHI.strict)

    def get_user(self, user_id: Any) -> Account | None:
        return _active(user_id)


class Provider(BaseBackend):
    """Somebody whom a provider of OpenID Connect has vouched for; checks nothing itself."""

    def get_user(self, user_id: Any) -> Account | None:
        return _active(user_id)


def _active(user_id: Any) -> Account | None:
    return Account.objects.filter(pk=user_id, active=True).first()
