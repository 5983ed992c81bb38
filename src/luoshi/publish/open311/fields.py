"""Fields of forms and addresses, read one by one: what is wrong with each is collected, none is trusted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from luoshi.publish.open311.values import BadRequest, Problem

Fields = Mapping[str, Sequence[str]]

#: a form larger than this is not read; source: our own default, far above what the longest allowed description needs
MOST_FIELDS: Final = 200
MOST_CHARACTERS: Final = 100_000
_CONTROL: Final = re.compile("[\x00-\x1f\x7f\u0085\u2028\u2029\ud800-\udfff]")
_CONTROL_BUT_LINES: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
#: the plus of a zone comes as a blank where a client forgot to write it as %2B
_W3C: Final = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)(Z|[+\- ]\d\d:\d\d)", re.ASCII)
_DECIMAL: Final = re.compile(r"[+-]?\d{1,12}(?:\.\d{1,20})?", re.ASCII)


class Reader:
    """Reads fields and keeps what is wrong; in the end ``bad`` says whether anything was."""

    def __init__(self, fields: Fields) -> None:
        self._fields = fields
        self.problems: list[Problem] = []
        size = sum(len(name) + sum(map(len, values)) for name, values in fields.items())
        if sum(map(len, fields.values())) > MOST_FIELDS or size > MOST_CHARACTERS:
            self.refuse(f"内容太多：最多 {MOST_FIELDS} 项、{MOST_CHARACTERS} 字", "too much was sent", code=413)

    def refuse(self, zh: str, en: str, *, code: int = 400) -> None:
        """Notes one problem, in both languages."""
        self.problems.append(Problem(code, f"{zh} · {en}"))

    def bad(self) -> BadRequest | None:
        """What is wrong, with the status of the first problem; nothing where all is well."""
        return BadRequest(self.problems[0].code, tuple(self.problems)) if self.problems else None

    def text(self, name: str, most: int, *, lines: bool = False) -> str:
        """The one value of a field, without blanks around it; empty where there is none. ``lines``: it may have several."""
        values = self._fields.get(name, ())
        if len(values) > 1:
            self.refuse(f"{name} 给了 {len(values)} 次，只能一次", f"{name} was given more than once")
            return ""
        return self.checked(name, values[0], most, lines=lines) if values else ""

    def checked(self, name: str, value: str, most: int, *, lines: bool = False) -> str:
        """The value where it is no longer than ``most`` and has no control characters; else empty, and a problem."""
        value = value.strip()
        if len(value) > most:
            self.refuse(f"{name} 太长：{len(value)} 字，最多 {most} 字", f"{name} has more than {most} characters")
            return ""
        if (_CONTROL_BUT_LINES if lines else _CONTROL).search(value):
            self.refuse(f"{name} 里有不能用的控制字符", f"{name} has control characters")
            return ""
        return value

    def listed(self, name: str, most: int, longest: int = 64) -> tuple[str, ...]:
        """The values of a list with commas, each once, in their order."""
        values = [part.strip() for given in self._fields.get(name, ()) for part in given.split(",")]
        kept = tuple(dict.fromkeys(self.checked(name, value, longest) for value in values[: most + 1] if value))
        if len(kept) > most or len(values) > most:
            self.refuse(f"{name} 最多 {most} 个", f"{name} may name {most} at most")
            return ()
        return tuple(value for value in kept if value)

    def count(self, name: str, default: int, most: int) -> int:
        """A whole number from 1 on."""
        value = self.text(name, 12)
        if not value:
            return default
        if not re.fullmatch(r"[0-9]{1,9}", value) or not 1 <= int(value) <= most:
            self.refuse(f"{name} 应当是 1 到 {most} 的整数", f"{name} must be a whole number from 1 to {most}")
            return default
        return int(value)

    def number(self, name: str, low: int, high: int) -> Decimal | None:
        """A decimal number within bounds; nothing where the field is empty."""
        value = self.text(name, 40)
        if not value:
            return None
        found = decimal_of(value)
        if found is None or not low <= found <= high:
            self.refuse(f"{name} 应当是 {low} 到 {high} 的数", f"{name} must be a number from {low} to {high}")
            return None
        return found

    def instant(self, name: str) -> datetime | None:
        """An instant with its zone, in UTC; nothing where the field is empty."""
        value = self.text(name, 40)
        if not value:
            return None
        found = instant_of(value)
        if found is None:
            self.refuse(f"{name} 应当像 2026-03-05T09:30:00+08:00，带时区", f"{name} must be a W3C date and time with a zone")
        return found


def decimal_of(value: str) -> Decimal | None:
    """The number that the text is, plainly written; nothing where it is none.

    >>> decimal_of("-118.3375"), decimal_of("1e9"), decimal_of("NaN")
    (Decimal('-118.3375'), None, None)
    """
    try:
        return Decimal(value) if _DECIMAL.fullmatch(value) else None
    except InvalidOperation:
        return None


def instant_of(value: str) -> datetime | None:
    """The instant that the text names as W3C writes it, in UTC; nothing where it has no zone or is no instant from 1970 to 2199.

    >>> instant_of("2026-03-05T09:30:00+08:00").isoformat()
    '2026-03-05T01:30:00+00:00'
    """
    match = _W3C.fullmatch(value)
    if match is None:
        return None
    try:
        found = datetime.fromisoformat(match[1] + match[2].replace(" ", "+").replace("Z", "+00:00"))
    except ValueError:
        return None
    return found.astimezone(UTC) if 1970 <= found.year < 2200 else None
