"""How the server logs: one line for each record."""

from __future__ import annotations

import logging
import traceback
from pathlib import PurePath

_FRAMES = 8


class Line(logging.Formatter):
    """Writes a record on one line: ``2026-03-05T10:41:07+0800 INFO luoshi.web 消息``.

    Of an exception stand its type and the places that it went through. Its own words are left out:
    a database repeats the value that it refuses, and that may be a sentence of a document or a person's name.
    """

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S%z")

    def format(self, record: logging.LogRecord) -> str:
        """The line.

        >>> record = logging.LogRecord("luoshi", logging.INFO, "a.py", 1, "第一行\\n第二行", (), None)
        >>> Line().format(record).partition(" INFO ")[2]
        'luoshi 第一行 第二行'
        """
        plain = logging.makeLogRecord({**record.__dict__, "exc_info": None, "exc_text": None, "stack_info": None})
        line = " ".join(super().format(plain).split())
        error = record.exc_info[1] if record.exc_info else None
        return line if error is None else f"{line} | {_told(error)}"


def _told(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    places = " < ".join(f"{PurePath(frame.filename).name}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    because = f" | {type(cause).__name__}" if cause is not None else ""
    return f"{type(error).__module__}.{type(error).__qualname__} {places}{because}"
