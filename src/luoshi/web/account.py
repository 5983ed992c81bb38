"""An account from the shell of the server: how the first administrators come, and the way back for one who is locked out."""

from __future__ import annotations

import os
from collections.abc import Sequence

from luoshi.settings import read_settings
from luoshi.web.serve import Tell, make_folder, prepare


def make_account(username: str, *, name: str, roles: Sequence[str], tell: Tell) -> None:
    """Prepares the installation, then makes the account or lets it in again, and tells the password that holds until the first sign-in."""
    settings = read_settings(os.environ)
    os.umask(0o077)
    make_folder(settings.data)
    prepare(settings, tell=tell, static=False)
    made, password = let_in(username, name=name, roles=roles, strict=settings.strict)
    tell("account.made" if made else "account.reset", username=username, password=password)


def let_in(username: str, *, name: str, roles: Sequence[str], strict: bool) -> tuple[bool, str]:
    """Whether the account is new, and its new password. It has these roles from now on; without any a known account keeps its own.

    A first account without roles is system and security administrator, in strict mode system administrator.
    """
    from luoshi.desk import accounts
    from luoshi.desk.actor import SYSTEM, Role, read_roles
    from luoshi.ledger.models import Account
    from luoshi.web.signin.config import current
    from luoshi.web.signin.failures import unlock
    from luoshi.web.signin.moments import now
    from luoshi.web.signin.passwords import reset_password

    wanted = read_roles(list(roles))
    key = accounts.account_id(username.strip())
    known = Account.objects.filter(pk=key).first()
    if known is None:
        first = (Role.SYSTEM_ADMIN,) if strict else (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)
        accounts.create(SYSTEM, {"username": username, "name": name or username}, wanted or first, strict=strict)
    else:
        if wanted:
            accounts.give_roles(SYSTEM, key, wanted, strict=strict)
        if not known.active or name:
            accounts.change(SYSTEM, key, {"active": True, **({"name": name} if name else {})})
    accounts.note_reset(SYSTEM, key)
    account = Account.objects.get(pk=key)
    unlock(account.username)
    return known is None, reset_password(account, current().policy, now())


def combined(*, strict: bool) -> list[str]:
    """The user names of active accounts whose roles the strict mode refuses: they have no administrator's right until one role is left."""
    import json

    from luoshi.desk.actor import read_roles
    from luoshi.desk.rights import roles_in_force
    from luoshi.ledger.models import Account

    held = [(name, read_roles(json.loads(roles))) for name, roles in Account.objects.filter(active=True).values_list("username", "roles")]
    return sorted(name for name, roles in held if len(roles_in_force(roles, strict)) < len(roles))
