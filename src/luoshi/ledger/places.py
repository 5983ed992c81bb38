"""The tree of regions as the ledger has it: what lies under a place, what lies above."""

from __future__ import annotations

from functools import lru_cache

from luoshi.ledger import models

_REGION_ACTS = ("region.add", "region.correct")


class Tree:
    """All regions by code, with their parents and children."""

    def __init__(self, rows: list[tuple[str, str, str, str]]) -> None:
        self._names = {code: name for code, _, name, _ in rows}
        self._full = {code: full for code, _, _, full in rows}
        self._parents = {code: parent for code, parent, _, _ in rows}
        self._under: dict[str, list[str]] = {}
        for code, parent, _, _ in rows:
            self._under.setdefault(parent, []).append(code)

    def name(self, code: str) -> str:
        """The full name; ``""`` of a code that nobody knows."""
        return self._full.get(code, "")

    def short(self, code: str) -> str:
        """The name alone, without what lies above."""
        return self._names.get(code, "")

    def subtree(self, code: str) -> list[str]:
        """The codes at and below this one, this one first."""
        found, at = [code], 0
        while at < len(found):
            found.extend(self._under.get(found[at], ()))
            at += 1
        return found

    def ancestors(self, code: str) -> list[str]:
        """The codes above, nearest first."""
        found: list[str] = []
        parent = self._parents.get(code, "")
        while parent and parent not in found:
            found.append(parent)
            parent = self._parents.get(parent, "")
        return found

    def children(self, code: str) -> list[str]:
        """The codes right below."""
        return list(self._under.get(code, ()))


def tree() -> Tree:
    """The tree as it is now; made again only when a region was added or corrected."""
    # one question an act: asked for both at once, a database may look through the entries from the end until it finds one
    found = (models.Entry.objects.filter(act=act).order_by("-seq").values_list("seq", flat=True).first() for act in _REGION_ACTS)
    return _tree(max(last or 0 for last in found), models.Region.objects.db)


@lru_cache(maxsize=2)
def _tree(seq: int, database: str) -> Tree:
    return Tree(list(models.Region.objects.order_by("id").values_list("id", "parent", "name", "full_name")))
