"""How an address declares what it answers, and which scope its token needs."""

from __future__ import annotations

from typing import Any, Final

from luoshi.web.api.shapes import Problem

#: what may go wrong anywhere
_ALWAYS: Final = frozenset({400, 401, 403, 404, 422, 429})
_ACTING: Final = frozenset({409, 413, 415})


def declared(shape: Any, *, acts: bool = False, status: int = 200) -> dict[Any, Any]:
    """The answers of an address: ``shape`` where all is well, else a problem."""
    return {status: shape, _ALWAYS | (_ACTING if acts else frozenset()): Problem}


def scoped(scope: str) -> dict[str, Any]:
    """What the description says besides: the scope that a token needs."""
    return {"x-scope": scope}
