"""Who may do what: one table of pages and acts, the separation of the three administrators, and what of the ledger an account sees."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final, Protocol

from luoshi.desk.actor import ADMINISTRATORS, BUSINESS, SYSTEM, Actor, Role
from luoshi.errors import LuoshiError
from luoshi.ledger.scope import Scope
from luoshi.messages import Speaker

__all__ = ["OPEN", "OWN", "RIGHTS", "Forbidden", "Role", "RoleClash", "check_grant", "check_roles", "may", "require", "rights_of", "scope"]

_SYS, _AUD, _SEC = Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN, Role.SECURITY_ADMIN
_SUP, _LEA, _APP = Role.SUPERVISOR, Role.LEADER, Role.APPRAISER
_ALL: Final = frozenset(Role)
_MASTER: Final = frozenset({_SYS, _SUP})
_CHECK: Final = frozenset({_SUP, _APP})
_DECIDE: Final = frozenset({_SUP, _LEA})
#: who handles matters; to the others nothing is shown of those that stay inside
_HANDLE: Final = frozenset({_SUP, _LEA, Role.LIAISON})


def _only(*roles: Role) -> frozenset[Role]:
    return frozenset(roles)


#: Every page and every act, and the roles that may. A name that ends in ``.*`` stands for all acts that begin so.
#: ``tests/desk/rights.yaml`` says the same again, role by role, so that a change here is a change that somebody reviews.
RIGHTS: Final[Mapping[str, frozenset[Role]]] = {
    # --- pages: everybody
    "health": _ALL,
    "open311": _ALL,
    "signin": _ALL,
    "signout": _ALL,
    "password": _ALL,
    "profile": _ALL,
    "home": _ALL,
    # --- pages: the business
    "intake": _only(_SUP),
    "documents": BUSINESS,
    "document": BUSINESS,
    "room": BUSINESS,
    "ledger": BUSINESS,
    "items": BUSINESS,
    "item": BUSINESS,
    "promote": _only(_SUP),
    "matter_new": _only(_SUP),
    "matter_file": _only(_SUP),
    "indicators": BUSINESS,
    "indicator": BUSINESS,
    "promise": BUSINESS,
    "record": BUSINESS,
    "compare": BUSINESS,
    "orphans": BUSINESS,
    "contradictions": BUSINESS,
    "organisations": BUSINESS,
    "organisation": BUSINESS,
    "regions": BUSINESS,
    "region": BUSINESS,
    "search": BUSINESS,
    "desk": _only(Role.LIAISON),
    "board": _only(_SUP, _LEA, _APP, Role.READER),
    "checking": _only(_SUP),
    "sheet": _only(_SUP, Role.LIAISON),
    "lookback": _only(_SUP, _LEA, _APP),
    "leader": _only(_LEA),
    "orders": _DECIDE,
    "orders.dispatch": _only(_SUP),
    "rates": BUSINESS,
    "rates.theme": _only(_SUP),
    "burden": BUSINESS,
    "papers": _only(_SUP, _LEA, _APP),
    "calendar": BUSINESS,
    "appraisals": BUSINESS,
    "schemes": BUSINESS | {_SYS},
    "mechanisms": BUSINESS | {_SYS},
    "portal": _ALL,
    "release": _DECIDE,
    "notices": _ALL,
    "export": BUSINESS,
    "views": BUSINESS,
    "tokens": BUSINESS,
    # --- pages: administration
    "admin.accounts": _only(_SYS, _SEC),
    "admin.units": _MASTER,
    "admin.posts": _MASTER,
    "admin.regions": _MASTER,
    "admin.aliases": _MASTER,
    "admin.channels": _only(_SYS),
    "admin.papers": _MASTER,
    "admin.settings": _only(_SYS),
    "admin.open311": _only(_SYS),
    "admin.api": _only(_SYS),
    "admin.audit": _only(_AUD),
    # --- acts: documents, facts, items
    "document.receive": _only(_SUP),
    "document.confirm": _only(_SUP),
    "document.correct": _only(_SUP),
    "document.withdraw": _only(_SUP),
    "fact.accept": _CHECK,
    "fact.correct": _CHECK,
    "fact.reject": _CHECK,
    "fact.reopen": _CHECK,
    "fact.decide": _DECIDE,
    "link.settle": _CHECK,
    "item.create": _only(_SUP),
    "item.correct": _only(_SUP),
    "item.drop": _only(_SUP),
    # --- acts: matters. Who may do which act of a mechanism its file says; here stands who takes part at all
    "matter.file": _only(_SUP),
    "matter.act": _only(_SUP, _LEA, Role.LIAISON),
    "matter.unmask": _only(_SUP),
    "lookback.draw": _only(_SUP),
    "paper.issue": _only(_SUP),
    "paper.template": _MASTER,
    "release.draw": _only(_SUP),
    "release.approve": _DECIDE,
    "release.publish": _only(_SUP),
    "release.withdraw": _DECIDE,
    "score.draw": _CHECK,
    "score.bring": _CHECK,
    "score.announce": _CHECK,
    "score.object": _only(_APP, Role.LIAISON),
    # who decides an objection has not scored: the desk looks at the person, not only at the role
    "score.decide": _only(_SUP, _LEA, _APP),
    "score.final": _CHECK,
    "score.withdraw": _CHECK,
    "scheme.keep": _CHECK,
    "mechanism.keep": _only(_SYS),
    "mechanism.move": _only(_SUP),
    # --- acts: views and tables
    "view.save": BUSINESS,
    "view.share": BUSINESS,
    "export.table": BUSINESS,
    # --- acts: what the ledger rests on
    "organisation.*": _MASTER,
    "post.*": _MASTER,
    # whose decisions count is for the business to say, not for whoever makes accounts
    "post.bind": _only(_SUP),
    "alias.*": _MASTER,
    "group.*": _MASTER,
    "region.*": _MASTER,
    # --- acts: administration
    "account.create": _only(_SYS),
    "account.change": _only(_SYS),
    "account.roles": _only(_SEC),
    "account.reset": _only(_SEC),
    "account.unlock": _only(_SEC),
    "settings.change": _only(_SYS),
    "open311.key": _only(_SYS),
    "token.make": BUSINESS,
    "token.grant": _only(_SYS),
    "token.withdraw": BUSINESS | {_SYS},
    "audit.read": _only(_AUD),
    "backup.make": _only(_SYS),
    "undo": _ALL - {_AUD},
}
#: pages that need no sign-in
OPEN: Final = frozenset({"health", "open311", "portal", "signin"})
#: pages that an account without any role has too, so that it can be told so, change its password and leave
OWN: Final = frozenset({"signout", "password", "profile"})


class Forbidden(LuoshiError):
    """An act or page that the actor's roles do not give; says which would."""

    slug = "forbidden"
    status = 403


class RoleClash(LuoshiError):
    """Roles that one account may not have together."""

    slug = "role-clash"


def rights_of(key: str) -> frozenset[Role]:
    """The roles that may; ``KeyError`` where the table has no such page or act."""
    if key in RIGHTS:
        return RIGHTS[key]
    family, _, act = key.partition(".")
    if act not in ("", "*") and f"{family}.*" in RIGHTS:
        return RIGHTS[f"{family}.*"]
    raise KeyError(f"desk/rights.py 没有“{key}”这一页或这一动作：请加一行")


def may(actor: Actor | None, key: str) -> bool:
    """Whether this actor may; ``None`` is somebody who has not signed in."""
    roles = rights_of(key)
    if key in OPEN or actor is SYSTEM:
        return True
    return actor is not None and (key in OWN or not roles.isdisjoint(actor.roles))


def require(actor: Actor | None, key: str) -> None:
    """Nothing, or ``Forbidden`` that names the roles which may."""
    if may(actor, key):
        return
    names = "、".join(Speaker("zh").word("role", role) for role in Role if role in rights_of(key))
    raise Forbidden("没有权限", where=key, remedy=f"这需要以下角色之一：{names}。请找安全管理员开通，或请有此角色的同事办理")


def check_roles(roles: Collection[Role], strict: bool) -> None:
    """Nothing, or ``RoleClash``: in strict mode an administrator has that one role and no other."""
    held = ADMINISTRATORS.intersection(roles)
    if not strict or not held or len(set(roles)) == 1:
        return
    names = "、".join(Speaker("zh").word("role", role) for role in Role if role in roles)
    raise RoleClash(
        "三员分立：系统管理员、审计管理员、安全管理员不能互兼，也不能兼业务角色", where=names, remedy="请为同一人另设账号，或只留一个角色"
    )


def roles_in_force(roles: Sequence[Role], strict: bool) -> tuple[Role, ...]:
    """The roles that an account may use: in strict mode none of an administrator where it combines them, however long it has had them."""
    try:
        check_roles(roles, strict)
    except RoleClash:
        return tuple(role for role in roles if role not in ADMINISTRATORS)
    return tuple(roles)


def check_grant(giver: Actor, account_id: str, roles: Collection[Role], strict: bool) -> None:
    """Nothing, or an error: who gives roles must be allowed to, and in strict mode nobody changes their own."""
    require(giver, "account.roles")
    if strict and giver.id == account_id:
        raise RoleClash("不能更改自己的角色", where=giver.username, remedy="请另一位安全管理员办理")
    check_roles(roles, strict)


class Tree(Protocol):
    """What ``scope`` asks of the tree of divisions."""

    def subtree(self, code: str, /) -> Collection[str]:
        """The codes at and below this one."""
        ...

    def ancestors(self, code: str, /) -> Collection[str]:
        """The codes above this one."""
        ...


def scope(actor: Actor | None, tree: Tree, units_for: Callable[[Collection[str]], frozenset[str]] = frozenset) -> Scope:
    """What of the ledger this actor sees: the widest of what the roles give. ``units_for``: the units that count for a unit today.

    Without a role of business nothing. A liaison: documents and facts of the own region and of those above, and items in which the own unit,
    or one that counts for it, has a duty. Everybody else: the own region with all below it, and the documents of the regions above. Without a
    region: all regions. Matters that stay inside only who handles matters.
    """
    if actor is SYSTEM:
        return Scope.whole()
    if actor is None or not actor.has_business():
        return Scope.nothing()
    liaison_only = BUSINESS.intersection(actor.roles) == {Role.LIAISON}
    units = units_for([actor.unit] if actor.unit else []) if liaison_only else None
    internal = not _HANDLE.isdisjoint(actor.roles)
    if not actor.region:
        return Scope(regions=None, item_regions=None, units=units, internal=internal)
    below = {actor.region} if liaison_only else {actor.region, *tree.subtree(actor.region)}
    unplaced = {""} if Role.SUPERVISOR in actor.roles else set()
    return Scope(
        regions=frozenset(below | unplaced | set(tree.ancestors(actor.region))),
        item_regions=None if liaison_only else frozenset(below | unplaced),
        units=units,
        internal=internal,
    )
