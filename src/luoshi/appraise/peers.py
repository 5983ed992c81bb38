"""The peer group in which a unit is probably ranked, told by words of its name; a suggestion that an office confirms."""

from __future__ import annotations

from functools import cache

import msgspec

from luoshi.appraise.scheme import Scheme
from luoshi.tables import load_table


class Telling(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words of a name that tell a group, and endings that do."""

    words: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()

    def tells(self, name: str) -> bool:
        """Whether a name is of the group."""
        return name.endswith(self.ends) or any(word in name for word in self.words)


@cache
def _groups() -> dict[str, Telling]:
    return load_table("luoshi.appraise", "peers.yaml", dict[str, Telling])


def peers_of(scheme: Scheme, name: str) -> str:
    """The key of the group; the only one where there is one, empty where no word tells.

    >>> from luoshi.appraise.rules import scheme_of
    >>> [peers_of(scheme_of("A12"), name) for name in ("住房和城乡建设局", "云溪街道", "民政局", "某某公司")]
    ['economy', 'place', 'general', '']
    """
    keys = [group.key for group in scheme.groups]
    if len(keys) == 1:
        return keys[0]
    return next((key for key, telling in _groups().items() if key in keys and telling.tells(name)), "")
