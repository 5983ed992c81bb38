"""Why somebody was not let in. What a person reads of it is in ``pages/signin/words.yaml`` under the slug."""

from __future__ import annotations

from typing import Any

from luoshi.errors import LuoshiError


class NotLetIn(LuoshiError):
    """A sign-in that failed; ``status`` is that of the answer, ``values`` go into the words."""

    slug = "not-let-in"
    status = 401

    def __init__(self, what: str, *, remedy: str = "", where: str = "", **values: Any) -> None:
        super().__init__(what, where=where, remedy=remedy)
        self.values = values


class WrongPassword(NotLetIn):
    """User name and password do not fit; nothing says which of the two is wrong."""

    slug = "wrong-password"


class Locked(NotLetIn):
    """Too many failures: refused for some minutes without a look at the password."""

    slug = "locked"
    status = 429


class NoAccount(NotLetIn):
    """Known elsewhere, but without an account here, or with one that may not be used."""

    slug = "no-account"
    status = 403


class ProviderDown(NotLetIn):
    """The directory or the provider of single sign-on did not answer, or answered nonsense."""

    slug = "provider-down"
    status = 502


class BrokenReturn(NotLetIn):
    """The way back from the provider does not belong to a way there: too old, another browser, or forged."""

    slug = "broken-return"
    status = 400
