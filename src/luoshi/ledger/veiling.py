"""Titles and words of matters as tables, files and the index show them: where the mechanism knows of people, without what is personal."""

from __future__ import annotations

from functools import lru_cache

from luoshi.ledger import models
from luoshi.ledger.acts.matters import life_of
from luoshi.loop.mechanism import Mechanism
from luoshi.loop.reading import read_mechanism
from luoshi.loop.rules import mechanism_of
from luoshi.masking import mask


def veiled(mechanism: str, life: str, title: str, text: str) -> tuple[str, str]:
    """The title and the words of a matter without personal data; as they are where its mechanism knows of nobody.

    The names that its masked fields hold are masked wherever they stand.
    """
    found = _about_people(mechanism, str(models.MechanismFile.objects.db))
    if found is None:
        return title, text
    fields = life_of(life).fields if life else {}
    names = [str(fields[field.key]) for field in found.fields if field.masked and field.type == "person" and fields.get(field.key)]
    return mask(title, known=names), mask(text, known=names)


@lru_cache(maxsize=100)
def _about_people(key: str, database: str) -> Mechanism | None:
    """The mechanism where it is internal or has masked fields; of the program, else the newest of the office's own."""
    found = mechanism_of(key)
    if found is None:
        row = models.MechanismFile.objects.filter(key=key).order_by("-version").first()
        found = read_mechanism(row.text, row.id) if row else None
    return found if found and (found.internal or any(field.masked for field in found.fields)) else None
