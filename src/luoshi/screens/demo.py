"""``luoshi demo``: a ledger of the fictional district, made once, then served like a real one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from luoshi.demo import open_address, place
from luoshi.demo.district import PASSWORD, PEOPLE
from luoshi.messages import Speaker

#: the file that says that the demonstration was made to its end
_WHOLE: Final = "demo.whole"


def run_demo(data: str | None, say: Speaker, *, browser: bool, port: int | None) -> None:
    """Makes the ledger where it is not there yet, tells the accounts, and serves until it is stopped.

    The demonstration has a data folder of its own and takes no notice of a database that the environment names.
    """
    os.environ["LUOSHI_DATA"] = data or str(place())
    os.environ["DATABASE_URL"] = ""
    if port is not None:
        os.environ["LUOSHI_PORT"] = str(port)
    from luoshi.settings import read_settings
    from luoshi.web.serve import make_folder, prepare, serve

    def tell(key: str, **values: object) -> None:
        click.echo(say(key, **values), err=True)

    settings = read_settings(os.environ)
    make_folder(settings.data)
    whole = settings.data / _WHOLE
    if not whole.exists():
        _clear(settings.data)
    prepare(settings, tell=tell)
    from luoshi.demo.living import load

    load(_password_setter(), lambda step: tell(f"demo.step_{step}"))
    whole.touch()
    click.echo(say("demo.accounts", password=PASSWORD))
    for person in PEOPLE:
        roles = say("word.listed").join(say.word("role", role) for role in person.roles)
        click.echo(f"  {person.username:<10}{person.name}  {roles}")

    def ready(address: str) -> None:
        opened = browser and open_address(address, os.environ)
        tell("demo.opened" if opened else "demo.address", address=address)

    serve(tell=tell, ready=ready)


def _clear(data: Path) -> None:
    """Removes what a demonstration left that was stopped while it was made; nothing else lies in its folder."""
    for path in data.glob("ledger.sqlite3*"):
        path.unlink()
    shutil.rmtree(data / "files", ignore_errors=True)


def _password_setter() -> Callable[[str], None]:
    from luoshi.ledger.models import Account
    from luoshi.web.signin.config import Policy
    from luoshi.web.signin.passwords import set_password

    def give(account: str) -> None:
        set_password(Account.objects.get(pk=account), PASSWORD, Policy(), datetime.now(UTC))

    return give
