"""What is masked of a matter, and for whom: personal data in its fields and in words about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from luoshi.ledger.veiling import knows_of_people
from luoshi.loop.mechanism import Field, Mechanism
from luoshi.masking import mask, mask_address, mask_id, mask_name, mask_phone

#: keys of fields of text that hold the number of an identity document
_NUMBERS: Final = frozenset({"id_number", "identity", "id_card", "card"})


class Veil:
    """Masks what is shown; ``hides`` says afterwards whether anything was hidden. ``lifted``: somebody may see it as it is, and said why.

    ``before``: fields as they were, whose names are masked too.
    """

    def __init__(
        self,
        mechanism: Mechanism,
        *,
        lifted: bool = False,
        fields: Mapping[str, Any] | None = None,
        before: Mapping[str, Any] | None = None,
    ) -> None:
        self.lifted = lifted
        #: the names that its masked fields hold are masked wherever they stand, however they are introduced
        self._known = [str(value) for held in (fields or {}, before or {}) for key in sorted(mechanism.names) if (value := held.get(key))]
        self.hides = False
        #: a mechanism that knows of people: whatever is said in its matters is looked through
        self.about_people = knows_of_people(mechanism)

    def words(self, text: str) -> str:
        """Words about the matter."""
        return self._shown(text, mask(text, known=self._known)) if text and self.about_people else text

    def value(self, field: Field, value: str) -> str:
        """The value of a field."""
        if not value:
            return value
        return self._shown(value, masked(field, value)) if field.masked else self.words(value)

    def _shown(self, plain: str, hidden: str) -> str:
        if plain == hidden:
            return plain
        self.hides = True
        return plain if self.lifted else hidden


def masked(field: Field, value: str) -> str:
    """The value of a masked field as everybody may see it: as its type wants, else its personal data, else no more than its first character.

    >>> from luoshi.loop.mechanism import Words
    >>> name = Words(zh="姓名", en="name")
    >>> masked(Field("who", name, "person"), "陆远山"), masked(Field("note", name, "text"), "甲乙丙")
    ('陆*', '甲***')
    """
    match field.type:
        case "person":
            return mask_name(value)
        case "phone":
            return mask_phone(value)
        case "place":
            return mask_address(value)
        case _:
            found = mask_id(value) if field.key in _NUMBERS else mask(value)
            return found if found != value else f"{value[0]}***"


def plain(value: Any) -> str:
    """The value of a field as text, before anything is masked."""
    return "" if value in (None, "", [], ()) else str(value)
