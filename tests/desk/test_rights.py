"""Who may do what: the table against what is expected of it, role by role, and against what the program asks."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from luoshi.desk.actor import ADMINISTRATORS, BUSINESS, SYSTEM, Actor, Role, read_roles
from luoshi.desk.rights import OPEN, OWN, RIGHTS, Forbidden, RoleClash, check_grant, check_roles, may, require, rights_of, scope
from luoshi.ledger.scope import Scope

SOURCE = Path(__file__).parents[2] / "src" / "luoshi"


class Matrix(msgspec.Struct, forbid_unknown_fields=True):
    """The expected rights as they are written down for people."""

    columns: list[Role]
    rows: dict[str, str]


MATRIX = msgspec.convert(yaml.safe_load(Path(__file__).with_name("rights.yaml").read_text(encoding="utf-8")), Matrix)


def _actor(*roles: Role, unit: str = "", region: str = "") -> Actor:
    return Actor(id="a1", username="chen", name="陈栖", roles=roles, unit=unit, region=region)


def test_matrix_names_every_row_and_role() -> None:
    assert MATRIX.columns == list(Role)
    assert list(MATRIX.rows) == list(RIGHTS), "tests/desk/rights.yaml and desk/rights.py have the same rows in the same order"


@pytest.mark.parametrize("key", MATRIX.rows)
def test_each_role_may_what_the_matrix_says(key: str) -> None:
    marks = MATRIX.rows[key].split()
    assert set(marks) <= {"x", "-"}
    assert len(marks) == len(MATRIX.columns)
    asked = key.replace("*", "create")
    for role, mark in zip(MATRIX.columns, marks, strict=True):
        expected = mark == "x"
        assert (role in RIGHTS[key]) == expected, f"{key}: {role}"
        assert may(_actor(role), asked) == (expected or key in OPEN | OWN), f"{key}: {role}"


@pytest.mark.parametrize("key", ["nonsense", "document.burn", "admin", "", ".", "post.", "post", "backup.*"])
def test_unknown_keys_raise(key: str) -> None:
    with pytest.raises(KeyError):
        may(SYSTEM, key)


def test_refusal_names_the_roles_that_could() -> None:
    with pytest.raises(Forbidden) as caught:
        require(_actor(Role.READER), "fact.decide")
    assert caught.value.status == 403
    assert "督查员、分管领导" in str(caught.value)
    assert caught.value.where == "fact.decide"
    require(_actor(Role.READER, Role.LEADER), "fact.decide")


def test_without_sign_in_only_the_open_pages() -> None:
    assert {key for key in RIGHTS if not key.endswith("*") and may(None, key)} == {"health", "open311", "portal", "signin"}


def test_without_a_role_only_the_own_pages() -> None:
    assert {key for key in RIGHTS if not key.endswith("*") and may(_actor(), key)} == {
        "health",
        "open311",
        "portal",
        "signin",
        "signout",
        "password",
        "profile",
    }


def test_system_may_all_and_cannot_be_forged() -> None:
    assert all(may(SYSTEM, key.replace("*", "create")) for key in RIGHTS)
    forged = Actor(id="system", username="system", name="系统")
    assert forged == SYSTEM
    assert not may(forged, "settings.change")
    assert scope(forged, _TREE) == Scope.nothing()


@given(st.sets(st.sampled_from(list(Role))), st.sampled_from([key for key in RIGHTS if not key.endswith("*")]))
def test_roles_add_up_and_take_nothing_away(roles: set[Role], key: str) -> None:
    alone = any(may(_actor(role), key) for role in roles)
    assert may(_actor(*roles), key) == (alone or key in OPEN | OWN)


# --- separation of the three administrators


@given(st.sets(st.sampled_from(list(Role))))
def test_strict_mode_lets_an_administrator_be_nothing_else(roles: set[Role]) -> None:
    check_roles(roles, strict=False)
    if ADMINISTRATORS & roles and len(roles) > 1:
        with pytest.raises(RoleClash, match="三员分立"):
            check_roles(roles, strict=True)
    else:
        check_roles(roles, strict=True)


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_administrators_see_no_business(role: Role) -> None:
    business = {key for key, roles in RIGHTS.items() if roles == BUSINESS} | {"intake", "promote", "fact.accept", "item.create"}
    assert not [key for key in business if may(_actor(role), key)]
    assert scope(_actor(role), _TREE) == Scope.nothing()


def test_duties_of_the_three_do_not_meet() -> None:
    """None of the three can do alone what takes two: make an account and give it rights, and wipe what the audit trail says of it."""
    meet = {key for key, roles in RIGHTS.items() if len(ADMINISTRATORS & roles) > 1}
    assert meet == {"health", "open311", "portal", "signin", "signout", "password", "profile", "home", "notices", "admin.accounts", "undo"}


def test_nobody_gives_roles_to_themselves_in_strict_mode() -> None:
    giver = _actor(Role.SECURITY_ADMIN)
    check_grant(giver, "a2", [Role.READER], strict=True)
    check_grant(giver, "a1", [Role.SECURITY_ADMIN, Role.READER], strict=False)
    with pytest.raises(RoleClash):
        check_grant(giver, "a1", [Role.SECURITY_ADMIN], strict=True)
    with pytest.raises(Forbidden):
        check_grant(_actor(Role.SYSTEM_ADMIN), "a2", [Role.READER], strict=False)


def test_roles_are_read_leniently_and_in_order() -> None:
    assert read_roles(["reader", "wizard", "system_admin", "reader"]) == (Role.SYSTEM_ADMIN, Role.READER)


# --- what is seen of the ledger


class _Tree:
    parents: dict[str, str]

    def __init__(self, parents: dict[str, str]) -> None:
        self.parents = parents

    def ancestors(self, code: str, /) -> list[str]:
        above = []
        while code := self.parents.get(code, ""):
            above.append(code)
        return above

    def subtree(self, code: str, /) -> list[str]:
        return [code, *(below for child, parent in self.parents.items() if parent == code for below in self.subtree(child))]


_TREE = _Tree({"990100": "990000", "990102": "990100", "990103": "990100", "990102001": "990102", "990200": "990000"})


@pytest.mark.parametrize(
    ("actor", "documents", "items"),
    [
        (_actor(Role.READER), "990000 990100 990102 990102001 990103 990200", "990000 990100 990102 990102001 990103 990200"),
        (_actor(Role.READER, region="990102"), "990000 990100 990102 990102001", "990102 990102001"),
        (_actor(Role.LEADER, region="990100"), "990000 990100 990102 990102001 990103", "990100 990102 990102001 990103"),
        (_actor(Role.LIAISON, region="990102"), "990000 990100 990102", ""),
        (_actor(Role.LIAISON, region="990102", unit="o1"), "990000 990100 990102", "990000 990100 990102 990102001 990103 990200"),
        (_actor(Role.LIAISON, Role.APPRAISER, region="990102", unit="o1"), "990000 990100 990102 990102001", "990102 990102001"),
        (_actor(Role.SYSTEM_ADMIN, Role.READER, region="990200"), "990000 990200", "990200"),
        (_actor(Role.SYSTEM_ADMIN), "", ""),
        (_actor(), "", ""),
    ],
)
def test_scope_by_role_and_region(actor: Actor, documents: str, items: str) -> None:
    seen = scope(actor, _TREE)
    codes = ["990000", *_TREE.parents]
    assert sorted(code for code in codes if seen.sees_document(code)) == sorted(documents.split())
    assert sorted(code for code in codes if seen.sees_item(code, {"o1", "o2"})) == sorted(items.split())


def test_liaison_sees_the_items_of_the_own_unit_only() -> None:
    seen = scope(_actor(Role.LIAISON, region="990102", unit="o1"), _TREE)
    assert seen.sees_item("990102", {"o1"})
    assert not seen.sees_item("990102", {"o2", "o3"})
    assert not scope(_actor(Role.LIAISON), _TREE).sees_item("990102", {"", "o1"})


def test_documents_of_no_known_region_wait_for_the_supervisor() -> None:
    assert scope(_actor(Role.SUPERVISOR, region="990102"), _TREE).sees_document("")
    assert not scope(_actor(Role.APPRAISER, region="990102"), _TREE).sees_document("")
    assert scope(SYSTEM, _TREE).is_whole()


# --- the table and the program


def _asked(path: Path) -> Iterator[tuple[str, int]]:
    """The keys that a module asks ``may``, ``require`` and ``rights_of`` for by name."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name in {"may", "require", "rights_of"} and len(node.args) >= (1 if name == "rights_of" else 2):
            key = node.args[0 if name == "rights_of" else 1]
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key.value, node.lineno


def test_every_key_that_the_program_asks_for_has_a_row() -> None:
    for path in SOURCE.rglob("*.py"):
        for key, line in _asked(path):
            assert rights_of(key) is not None, f"{path.relative_to(SOURCE)}:{line}"


#: rows whose pages are still to come
_COMING = {"admin.accounts", "admin.units", "admin.posts", "admin.regions", "admin.aliases", "admin.settings", "admin.audit"}
_COMING |= {"account.roles", "settings.change", "audit.read", "backup.make"}


def test_every_row_is_asked_for() -> None:
    """A row that no page bears and nothing asks for would say something about a door that is not there."""
    from luoshi.web.pages import PAGES

    said = {page.key for page in PAGES} | {route.right for page in PAGES for route in page.routes}
    for path in SOURCE.rglob("*.py"):
        if path != SOURCE / "desk/rights.py":
            said |= {node.value for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if _is_word(node)}
    idle = {key for key in RIGHTS if key not in said and not (key.endswith("*") and any(word.startswith(key[:-1]) for word in said))}
    assert idle <= _COMING


def _is_word(node: ast.AST) -> TypeGuard[ast.Constant]:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
