"""Finds and masks personal data in Chinese text: telephones, identity numbers, bank cards, plates, contacts, names, house numbers.

Pure: text in, values out. The words and surnames are data (``words.yaml``, ``surnames.yaml``), what must and must not be found is in
``cases.yaml``, and how well it does, on texts that the rules were not made from, is in ``docs/masking.md``.
"""

from luoshi.masking.fields import mask_address, mask_id, mask_name, mask_phone
from luoshi.masking.finding import find_personal, mask
from luoshi.masking.found import KINDS, Found, Kind

__all__ = ["KINDS", "Found", "Kind", "find_personal", "mask", "mask_address", "mask_id", "mask_name", "mask_phone"]
