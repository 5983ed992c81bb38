"""What the interface answers and takes, declared once for the answer itself and for its description."""

from __future__ import annotations

from luoshi.web.api.shapes.documents import Check, Document, Documents, Fact, Facts, Place, Text, Verdict
from luoshi.web.api.shapes.finding import Hit, Hits
from luoshi.web.api.shapes.items import Attached, Change, Deed, Done, Item, Items, Kept, Line, Matter, OpenAct, OpenActs, Said, Story
from luoshi.web.api.shapes.parts import Cursor, Kind, Limit, Many, Places, Problem, Quotation, Several, Shape, Trouble, Words, Year
from luoshi.web.api.shapes.places import Count, Headline, Indicator, Indicators, Organisation, Organisations, Record, Region, Regions
from luoshi.web.api.shapes.promises import Appraisal, Appraisals, Chain, End, Promise, Promises, Score, Scores

__all__ = [
    "Appraisal",
    "Appraisals",
    "Attached",
    "Chain",
    "Change",
    "Check",
    "Count",
    "Cursor",
    "Deed",
    "Document",
    "Documents",
    "Done",
    "End",
    "Fact",
    "Facts",
    "Headline",
    "Hit",
    "Hits",
    "Indicator",
    "Indicators",
    "Item",
    "Items",
    "Kept",
    "Kind",
    "Limit",
    "Line",
    "Many",
    "Matter",
    "OpenAct",
    "OpenActs",
    "Organisation",
    "Organisations",
    "Place",
    "Places",
    "Problem",
    "Promise",
    "Promises",
    "Quotation",
    "Record",
    "Region",
    "Regions",
    "Said",
    "Score",
    "Scores",
    "Several",
    "Shape",
    "Story",
    "Text",
    "Trouble",
    "Verdict",
    "Words",
    "Year",
]
