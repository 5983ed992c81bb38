"""Papers: docx in the layout of GB/T 9704, filled from facts by templates that an office edits in Word, checked before they go out.

::

    paper = filled("chase", {"unit": "区住建局", "matter": "重2026-000007", "title": "新建公园3个", "day": "2026年3月5日"})
    assert not check(paper)
"""

from __future__ import annotations

from luoshi.publish.papers.adding import DoesNotAdd, Gap, gaps, table_gaps
from luoshi.publish.papers.blocks import Field, Kind
from luoshi.publish.papers.book import book
from luoshi.publish.papers.check import check
from luoshi.publish.papers.deviation import Deviation
from luoshi.publish.papers.fill import BadTemplate, BadValues, check_template, filled, sample_values
from luoshi.publish.papers.kinds import KINDS, default_template, kind_for, kind_of
from luoshi.publish.papers.marks import Problem, problems
from luoshi.publish.papers.words import Picture, Piece, Values, Words, day_words, ordinal, unfounded

__all__ = [
    "KINDS", "BadTemplate", "BadValues", "Deviation", "DoesNotAdd", "Field", "Gap", "Kind", "Picture", "Piece", "Problem", "Values", "Words", "book",
    "check", "check_template", "day_words", "default_template", "filled", "gaps", "kind_for", "kind_of", "ordinal", "problems", "sample_values",
    "table_gaps", "unfounded",
]  # fmt: skip
