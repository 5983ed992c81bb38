"""Linking 链接: documents → the end of every target, with both quotations and the reason. Pure; ``link`` is the door."""

from luoshi.link.link import Outcome, Quoted
from luoshi.link.linking import link
from luoshi.link.source import Source

__all__ = ["Outcome", "Quoted", "Source", "link"]
