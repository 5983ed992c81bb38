"""Ends of targets as people and programs read them: rows, one explaining sentence each, tables and files."""

from luoshi.publish.chain.explaining import explained
from luoshi.publish.chain.row import End, Side, ends_of

__all__ = ["End", "Side", "ends_of", "explained"]
