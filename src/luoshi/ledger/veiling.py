"""Titles and words of matters as tables, files and the index show them: where the mechanism knows of people, without what is personal."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache

from luoshi.ledger import models
from luoshi.ledger.acts.matters import life_of
from luoshi.loop.matter import Matter
from luoshi.loop.mechanism import Mechanism
from luoshi.loop.reading import read_mechanism
from luoshi.loop.rules import mechanism_of
from luoshi.masking import mask


def veiled(mechanism: str, life: str, title: str, text: str) -> tuple[str, str]:
    """The title and the words of a matter without personal data; as they are where its mechanism knows of nobody.

    The names that its masked fields hold are masked wherever they stand.
    """
    if not life:
        return title, text
    matter = life_of(life)
    return veiled_by(_version(mechanism, matter.version, str(models.MechanismFile.objects.db)), matter, title, text)


def veiled_by(found: Mechanism | None, matter: Matter, title: str, text: str) -> tuple[str, str]:
    """The same by the version of the mechanism under which the matter stands."""
    if found is None or not knows_of_people(found):
        return title, text
    fields = matter.fields
    names = [str(fields[key]) for key in sorted(found.names) if fields.get(key)]
    return mask(title, known=names), mask(text, known=names)


def titles_of(keys: Collection[str]) -> dict[str, str]:
    """The titles of items by id as anybody who sees them may read them: of matters whose mechanism knows of people, masked."""
    return {item.id: item.title for item in shown(models.Item.objects.filter(pk__in=list(keys)))}


def shown(items: Iterable[models.Item]) -> list[models.Item]:
    """The items with their titles and words as tables and lists show them; not to be saved."""
    found = list(items)
    matters = {
        key: (mechanism, life)
        for key, mechanism, life in models.Matter.objects.filter(pk__in=[item.id for item in found]).values_list("id", "mechanism", "life")
    }
    for item in found:
        if item.id in matters:
            item.title, item.text = veiled(*matters[item.id], item.title, item.text)
    return found


def knows_of_people(mechanism: Mechanism) -> bool:
    """Whether whatever is said in its matters is looked through for what is personal: it stays inside, or fields of it are masked."""
    return mechanism.internal or any(field.masked for field in mechanism.fields)


def tells_of_persons(mechanism: Mechanism) -> bool:
    """Whether its matters come from somebody whose words or name are masked: such words may stand in a title too, which then leaves no office."""
    return any(field.masked and (field.required == "file" or field.type != "person") for field in mechanism.fields)


@lru_cache(maxsize=200)
def _version(key: str, version: int, database: str) -> Mechanism | None:
    """The version of a mechanism as it stands in the ledger, which never changes; that of the program where the ledger has none."""
    row = models.MechanismFile.objects.filter(pk=f"{key}@{version}").first()
    return mechanism_in(row.text, row.id) if row else mechanism_of(key)


@lru_cache(maxsize=200)
def mechanism_in(text: str, where: str) -> Mechanism:
    """The mechanism that a text of the ledger says."""
    return read_mechanism(text, where)
