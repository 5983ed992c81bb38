"""Reading: what the reader made of one file."""

from __future__ import annotations

import msgspec

from luoshi.extract.fact import Fact
from luoshi.outline.outline import Outline
from luoshi.read.text import Text


class Reading(msgspec.Struct, frozen=True):
    """One file read: its text, its outline and its facts.

    ``facts`` come in the order of the source (``start``); where two begin at the same place, the document comes before the
    section, the section before what stands in it, and the wider before the narrower. Facts may overlap and nest.
    """

    text: Text
    outline: Outline
    facts: tuple[Fact, ...]
