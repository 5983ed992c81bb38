"""Due days as iCalendar (RFC 5545): whole days, folded lines, escaped words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Final

import msgspec

_LONGEST: Final = 75


class Event(msgspec.Struct, frozen=True):
    """A whole day: what is due on it, and the address of its page."""

    uid: str
    day: date
    title: str
    address: str = ""


def ics(events: Iterable[Event], *, name: str, made: datetime) -> str:
    """The file: every line ends in CR LF and is at most 75 bytes long (RFC 5545 section 3.1)."""
    return "".join(f"{part}\r\n" for line in _lines(events, name, made) for part in _folded(line))


def _lines(events: Iterable[Event], name: str, made: datetime) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Luoshi//Luoshi//ZH", "METHOD:PUBLISH", f"X-WR-CALNAME:{_escaped(name)}")
    for one in events:
        yield "BEGIN:VEVENT"
        yield f"UID:{_escaped(one.uid)}"
        yield f"DTSTAMP:{made:%Y%m%dT%H%M%SZ}"
        yield f"DTSTART;VALUE=DATE:{one.day:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{one.day + timedelta(days=1):%Y%m%d}"
        yield f"SUMMARY:{_escaped(one.title)}"
        if one.address:
            yield f"URL:{one.address}"
        yield "TRANSP:TRANSPARENT"
        yield "END:VEVENT"
    yield "END:VCALENDAR"


def _escaped(words: str) -> str:
    r"""Words as a text value (section 3.3.11).

    >>> _escaped("甲,乙;丙\n丁")
    '甲\\,乙\\;丙\\n丁'
    """
    words = words.replace("\\", "\\\\").replace("\r", "").replace("\n", "\\n")
    return words.replace(",", "\\,").replace(";", "\\;")


def _folded(line: str) -> Iterator[str]:
    """The line in parts of at most 75 bytes, no character cut in two; each but the first begins with a blank.

    >>> [len(part.encode()) for part in _folded("SUMMARY:" + "督" * 40)]
    [74, 55]
    """
    part, size = "", 0
    for char in line:
        wide = len(char.encode())
        if size + wide > _LONGEST:
            yield part
            part, size = " ", 1
        part += char
        size += wide
    yield part
