"""Who acts: a person with roles, a unit and a region, or the system itself."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import msgspec


class Role(StrEnum):
    """What a person is in the office. An account may have several, see ``rights.check_roles``."""

    SYSTEM_ADMIN = "system_admin"
    """系统管理员: accounts, units, regions, settings, backup."""
    AUDIT_ADMIN = "audit_admin"
    """审计管理员: reads who saw and did what, and nothing else."""
    SECURITY_ADMIN = "security_admin"
    """安全管理员: gives roles, resets passwords, lifts locks."""
    SUPERVISOR = "supervisor"
    """督查员: takes documents in, checks facts, keeps items."""
    LIAISON = "liaison"
    """单位联络员: answers for the items of one unit."""
    LEADER = "leader"
    """分管领导: decides where two differ."""
    APPRAISER = "appraiser"
    """考核员: checks facts on which scores rest."""
    READER = "reader"
    """读者: looks, searches, takes tables away."""


#: the three administrators of GB/T 22239: nobody holds two of them in strict mode, nor one beside a role of business
ADMINISTRATORS: Final = frozenset({Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN, Role.SECURITY_ADMIN})
BUSINESS: Final = frozenset(Role) - ADMINISTRATORS


class Actor(msgspec.Struct, frozen=True):
    """Who acts. ``unit`` is the id of an organisation, ``region`` the code of a division; both may be empty."""

    id: str
    username: str
    name: str
    roles: tuple[Role, ...] = ()
    unit: str = ""
    region: str = ""

    def has_business(self) -> bool:
        return not BUSINESS.isdisjoint(self.roles)


#: the program itself: clocks, imports from the command line. Known by identity, so that no account can pass for it.
SYSTEM: Final = Actor(id="system", username="system", name="系统")


def read_roles(names: tuple[str, ...] | list[str]) -> tuple[Role, ...]:
    """The roles of these names, each once, in the order of the list of roles; names that are no role are left out.

    >>> read_roles(["reader", "supervisor", "king", "reader"])
    (<Role.SUPERVISOR: 'supervisor'>, <Role.READER: 'reader'>)
    """
    return tuple(role for role in Role if role.value in names)
