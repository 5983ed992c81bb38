"""Outline: Text → the documents of a file, their headings as a tree, the part each stretch is, and what is missing."""

from luoshi.outline.assemble import outline_text
from luoshi.outline.outline import Document, Gap, Outline, Section, Stretch

__all__ = ["Document", "Gap", "Outline", "Section", "Stretch", "outline_text"]
