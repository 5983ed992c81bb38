"""Files that wait for their act: a word for each, by which the same person brings it again without sending it again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.core import signing

from luoshi.desk.actor import Actor
from luoshi.desk.matters.evidence import WAITS, Kept

_SALT: Final = "luoshi.evidence"
_MOST: Final = 20


def token_of(kept: Kept, actor: Actor) -> str:
    """A word for a kept file that only this person can use, and only as it is."""
    return signing.dumps([actor.id, kept.file, kept.name, kept.media, kept.size, kept.thumb], salt=_SALT, compress=True)


def kept_of(tokens: Sequence[str], actor: Actor) -> list[Kept]:
    """The files of such words; a word that is not this person's, is too old, or is not ours, is none."""
    found = []
    for token in tokens[:_MOST]:
        try:
            who, file, name, media, size, thumb = signing.loads(token, salt=_SALT, max_age=WAITS)
        except (signing.BadSignature, ValueError):
            continue
        if who == actor.id:
            found.append(Kept(file, name, media, size, thumb))
    return found
