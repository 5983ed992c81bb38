"""The schemes that come with the program."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final

from luoshi.appraise.reading import read_scheme
from luoshi.appraise.scheme import Scheme

_FOLDER: Final = "schemes"


@cache
def _files() -> tuple[tuple[str, Scheme], ...]:
    folder = files(__package__).joinpath(_FOLDER)
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    texts = [(name, folder.joinpath(name).read_text(encoding="utf-8")) for name in names]
    return tuple(sorted(((text, read_scheme(text, f"{_FOLDER}/{name}")) for name, text in texts), key=lambda one: one[1].id))


def schemes() -> tuple[Scheme, ...]:
    """The schemes that come with the program, in the order of their ids."""
    return tuple(scheme for _, scheme in _files())


def scheme_text(key: str) -> str:
    """The file of a scheme that comes with the program, as it is written."""
    return next(text for text, scheme in _files() if key in (scheme.id, scheme.key))


def scheme_of(key: str) -> Scheme | None:
    """The scheme of this id (``A01``) or key that comes with the program."""
    return next((one for one in schemes() if key in (one.id, one.key)), None)
