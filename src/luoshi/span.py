"""Span: a half-open stretch of code points."""

from __future__ import annotations

import msgspec


class Span(msgspec.Struct, frozen=True, order=True, gc=False):
    """A stretch ``[start, end)`` in code points of one string.

    The string it belongs to is always said by the owner: facts carry spans of the *source*,
    the stages between reading and extraction work in the *clean* text.
    """

    start: int
    end: int

    def __contains__(self, offset: int) -> bool:
        return self.start <= offset < self.end

    def holds(self, other: Span) -> bool:
        """True where ``other`` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end


class Quote(msgspec.Struct, frozen=True, gc=False):
    """Words of the source with where they stand: ``source[start:end] == text``."""

    start: int
    end: int
    text: str
