"""The door for documents: bytes in, facts out. Everything here is a function of one document."""

from __future__ import annotations

import logging
from collections.abc import Collection
from pathlib import Path
from time import perf_counter

from luoshi.extract import find_facts
from luoshi.extract.reading import Reading
from luoshi.outline import outline_text
from luoshi.read import read_bytes, read_file, read_string
from luoshi.read.text import Text

log = logging.getLogger(__name__)


def read_document(path: str | Path, *, kinds: Collection[str] = ()) -> Reading:
    """The reading of the file at ``path``, whatever its format; ``kinds`` asks for some kinds of fact only.

    Raises ``UnreadableFile`` where the file gives no text, ``BadUsage`` for an unknown kind.

    ```
    reading = luoshi.read_document("报告.docx", kinds={"measure"})
    ```
    """
    begun = perf_counter()
    return _read(read_file(path), kinds, begun)


def read_data(data: bytes, name: str, *, kinds: Collection[str] = ()) -> Reading:
    """The reading of a file given as bytes; ``name`` is what messages call it. Errors as for ``read_document``."""
    begun = perf_counter()
    return _read(read_bytes(data, name), kinds, begun)


def extract_facts(text: str, *, kinds: Collection[str] = (), name: str = "text") -> Reading:
    """The reading of a text; every offset counts code points of ``text``. The same answer as for a file that holds this text.

    >>> reading = extract_facts("政府工作报告\\n一、2023年工作安排\\n新建公园3个。\\n", kinds={"section"})
    >>> [(fact.start, fact.text) for fact in reading.facts]
    [(7, '一、2023年工作安排')]
    """
    begun = perf_counter()
    return _read(read_string(text, name), kinds, begun)


def _read(text: Text, kinds: Collection[str], begun: float) -> Reading:
    read = perf_counter()
    outline = outline_text(text)
    outlined = perf_counter()
    facts = find_facts(outline, kinds=kinds)
    log.info(
        "read %s: %d characters, %d sections, %d facts; read %.1f ms, outline %.1f ms, extract %.1f ms",
        text.name, len(text.source), len(outline.sections), len(facts),
        (read - begun) * 1e3, (outlined - read) * 1e3, (perf_counter() - outlined) * 1e3,
    )  # fmt: skip
    return Reading(text=text, outline=outline, facts=facts)
