"""Lines: the paragraphs of a clean text with their offsets."""

from __future__ import annotations

import msgspec


class Line(msgspec.Struct, frozen=True, gc=False):
    """One paragraph without its newline: ``clean[start:start + len(words)] == words``; never empty."""

    start: int
    words: str

    @property
    def end(self) -> int:
        return self.start + len(self.words)


def split_lines(clean: str) -> list[Line]:
    """The paragraphs of the text in order, blanks at their edges and empty ones left out."""
    lines, at = [], 0
    for raw in clean.split("\n"):
        words = raw.strip()
        if words:
            lines.append(Line(at + raw.index(words[0]), words))
        at += len(raw) + 1
    return lines


#: what ends a sentence
STOPS = "。!?;…"
#: what may stand behind a stop
CLOSERS = "”’」』)）》】\"'"


def ends_sentence(words: str) -> bool:
    """True where a line ends with a sentence."""
    return words.rstrip(CLOSERS)[-1:] in STOPS
