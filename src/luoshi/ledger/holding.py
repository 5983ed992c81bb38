"""Who holds a post on a day, and whose account that is: the one place where the days of holdings and the names of persons are looked at.

A holding is an account's where somebody who keeps posts has said so. Where nobody has, the name is taken for a suggestion: it is the account of
the one active leader of that name. Two leaders of one name are nobody until it is said which of them is meant.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import msgspec
from django.db.models import Q

from luoshi.ledger import models

#: how the role of a leader stands in the list of roles
_LEADS = '"leader"'


class Held(msgspec.Struct, frozen=True):
    """The accounts of those who hold some posts, and the names that more than one leader has, so that nobody knows whose the post is."""

    accounts: frozenset[str] = frozenset()
    unclear: frozenset[str] = frozenset()


def is_in_force(row: Any, day: str) -> bool:
    """Whether a row with ``valid_from`` and ``valid_to`` counts on a day; either may be open."""
    return (not row.valid_from or row.valid_from <= day) and (not row.valid_to or day <= row.valid_to)


def holdings(day: str, **where: Any) -> list[models.Holding]:
    """The holdings that are in force on a day, by id."""
    rows = models.Holding.objects.filter(live=True, **where).order_by("id")
    return [row for row in rows if is_in_force(row, day)]


def people(posts: Collection[str], day: str) -> frozenset[str]:
    """The names of those who hold these posts on a day."""
    return frozenset(row.person for row in holdings(day, post__in=list(posts)))


def held(posts: Collection[str], day: str) -> Held:
    """The accounts of active leaders that hold these posts on a day."""
    return _held(holdings(day, post__in=list(posts)), leaders())


def _held(rows: Iterable[models.Holding], known: Sequence[tuple[str, str]]) -> Held:
    accounts, unclear, active = set[str](), set[str](), {key for key, _ in known}
    for row in rows:
        meant = {row.account} & active if row.account else {key for key, name in known if plain(name) == plain(row.person)}
        if len(meant) > 1:
            unclear.add(row.person)
        else:
            accounts |= meant
    return Held(frozenset(accounts), frozenset(unclear))


def plain(name: str) -> str:
    """A person's name without blanks: 王 伟 is 王伟.

    >>> plain("王　伟") == plain("王伟")
    True
    """
    return "".join(name.split())


def leaders() -> list[tuple[str, str]]:
    """The active leaders with an account: id and name, in order."""
    found = models.Account.objects.filter(active=True, roles__contains=_LEADS)
    return sorted(found.values_list("id", "name"))


def suggested(person: str) -> list[str]:
    """The accounts of active leaders of this name: one is a suggestion, more are a question."""
    return [key for key, name in leaders() if plain(name) == plain(person)]


def posts_of(account: str, day: str) -> frozenset[str]:
    """The posts that this account holds on a day."""
    return _posts(day, leaders()).get(account, frozenset())


def posts_of_others(account: str, day: str) -> frozenset[str]:
    """The posts that other leaders with an account hold, or may hold, and this one does not: what is named for them waits for them alone."""
    known = leaders()
    by_account = _posts(day, known)
    unclear = frozenset(row.post for row in _of(known, day) if _held([row], known).unclear)
    others = frozenset(post for key, posts in by_account.items() if key != account for post in posts)
    return (others | unclear) - by_account.get(account, frozenset())


def unclear_for(account: str, day: str) -> frozenset[str]:
    """The posts that may be this account's or that of another leader of the same name; nobody has said whose."""
    known = leaders()
    mine = {plain(name) for key, name in known if key == account}
    return frozenset(row.post for row in _of(known, day) if plain(row.person) in mine and _held([row], known).unclear)


def _posts(day: str, known: Sequence[tuple[str, str]]) -> dict[str, frozenset[str]]:
    """The posts by the account that holds them."""
    found: dict[str, set[str]] = {}
    for row in _of(known, day):
        for key in _held([row], known).accounts:
            found.setdefault(key, set()).add(row.post)
    return {key: frozenset(posts) for key, posts in found.items()}


def _of(known: Sequence[tuple[str, str]], day: str) -> list[models.Holding]:
    """The holdings that may be those of these leaders. A name may have blanks that another has not, so that names are compared here."""
    names = {plain(name) for _, name in known}
    rows = models.Holding.objects.filter(Q(account__in=[key for key, _ in known]) | Q(account=""), live=True).order_by("id")
    return [row for row in rows if is_in_force(row, day) and (row.account or plain(row.person) in names)]
