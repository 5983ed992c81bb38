"""Which files a command line names: paths, folders, patterns, ``-``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from glob import has_magic, iglob
from pathlib import Path
from typing import Final

from luoshi.errors import BadUsage

#: the endings of files that are looked for in a folder; a file that is named itself is read whatever its ending
ENDINGS: Final = frozenset({".txt", ".text", ".html", ".htm", ".shtml", ".xhtml", ".docx", ".pdf", ".xlsx", ".csv", ".tsv"})
STDIN: Final = "-"


def find_inputs(patterns: Iterable[str]) -> list[str]:
    """The files that the patterns name, each once, in the order of the patterns; within a folder in the order of names, numbers by value.

    A folder stands for every file below it with a known ending, hidden ones left out. Raises ``BadUsage`` where a pattern names nothing.
    A path that does not exist stays in the list: reading it says why it cannot be read.
    """
    found: dict[str, None] = {}
    for pattern in patterns:
        files = list(_files(pattern))
        if not files:
            raise BadUsage("没有可读的文件", where=pattern, remedy=f"支持的文件：{' '.join(sorted(ENDINGS))}", slug="no-input")
        found.update(dict.fromkeys(files))
    return list(found)


def _files(pattern: str) -> Iterator[str]:
    path = Path(pattern)
    if pattern == STDIN or path.is_file():
        yield pattern
    elif path.is_dir():
        yield from sorted((str(file) for file in path.rglob("*") if _is_wanted(file, path)), key=natural)
    elif has_magic(pattern):
        yield from sorted((name for name in iglob(pattern, recursive=True) if Path(name).is_file()), key=natural)  # noqa: PTH207 - the pattern may be absolute
    else:
        yield pattern


def _is_wanted(file: Path, folder: Path) -> bool:
    hidden = any(part.startswith((".", "~$")) for part in file.relative_to(folder).parts)
    return file.suffix.lower() in ENDINGS and not hidden and file.is_file()


def natural(name: str) -> list[tuple[int, str]]:
    """A key that sorts numbers in names by their value.

    >>> sorted(["第10期", "第9期"], key=natural)
    ['第9期', '第10期']
    """
    return [(int(part), "") if part.isascii() and part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name)]
