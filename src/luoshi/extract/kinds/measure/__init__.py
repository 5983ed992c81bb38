"""Measures: one fact for each amount that says how much of something there was, is or will be."""

from luoshi.extract.kinds.measure.find import explain_measure, find_measures

__all__ = ["explain_measure", "find_measures"]
