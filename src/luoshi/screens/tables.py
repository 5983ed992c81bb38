"""Tables for the terminal: columns that fit its width, Chinese characters counted as two, nothing in them that a terminal would obey."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from luoshi.publish.table import harmless

_PIPE_WIDTH: Final = 160


class Shown(msgspec.Struct, frozen=True):
    """A column: its heading and the share of the width that it may take; ``None`` for as much as it needs."""

    title: str
    ratio: int | None = None


def table(heads: Sequence[Shown], rows: Iterable[Sequence[str]], *, terminal: bool) -> bytes:
    """The table in UTF-8; in colour where it goes to a terminal that wants it."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    shown = Table(box=None, pad_edge=False, header_style="bold")
    for head in heads:
        shown.add_column(head.title, ratio=head.ratio, overflow="fold", no_wrap=head.ratio is None)
    for row in rows:
        shown.add_row(*(Text(harmless(" ".join(value.split()))) for value in row))
    width = shutil.get_terminal_size().columns if terminal else _PIPE_WIDTH
    console = Console(width=width, force_terminal=terminal and "NO_COLOR" not in os.environ, legacy_windows=False)
    with console.capture() as captured:
        console.print(shown)
    lines = (line.rstrip() for line in captured.get().splitlines())
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")
