"""The peer group in which a unit is probably ranked, told by words of its name; a suggestion that an office confirms."""

from __future__ import annotations

from functools import cache

from luoshi.appraise.scheme import Scheme
from luoshi.tables import load_table


@cache
def _words() -> dict[str, tuple[str, ...]]:
    return load_table("luoshi.appraise", "peers.yaml", dict[str, tuple[str, ...]])


def peers_of(scheme: Scheme, name: str) -> str:
    """The key of the group; the only one where there is one, empty where no word tells.

    >>> from luoshi.appraise.rules import scheme_of
    >>> [peers_of(scheme_of("A12"), name) for name in ("发展和改革局", "云溪街道", "民政局", "某某公司")]
    ['economy', 'place', 'general', '']
    """
    keys = [group.key for group in scheme.groups]
    if len(keys) == 1:
        return keys[0]
    words = _words()
    return next((key for key in words if key in keys and any(word in name for word in words[key])), "")
