"""Appraisals: list, table of scores, the sheet of a unit down to its entries, what if, objections."""
