"""The fact kind ``term``: the entries of a report's glossary."""

from luoshi.extract.kinds.term.rules import find_terms

__all__ = ["find_terms"]
