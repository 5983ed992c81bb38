"""Papers out of the ledger: what an actor may draft, issue and administer of them, within what the actor sees."""

from __future__ import annotations

from luoshi.desk.papers.appraised import appraisal_book, appraisal_notice, appraisal_values, race_of, shown_appraisals
from luoshi.desk.papers.bulletin import Asked, brief, bulletin, bulletin_book, bulletin_values, first_filed, regions
from luoshi.desk.papers.matter import DRAFTS, Wanted, drafts_for, drafts_of, kind_of_entry, paper_of
from luoshi.desk.papers.past import Period, period_of, periods, stood
from luoshi.desk.papers.review import review, review_values, years
from luoshi.desk.papers.tables import breakdown, breakdown_book, breakdown_values
from luoshi.desk.papers.templates import (
    About,
    Issued,
    Looked,
    Own,
    Paper,
    download,
    issue,
    issued,
    issued_paper,
    keep,
    look,
    made,
    made_book,
    own_templates,
    reset,
)

__all__ = [
    "DRAFTS", "About", "Asked", "Issued", "Looked", "Own", "Paper", "Period", "Wanted", "appraisal_book", "appraisal_notice",
    "appraisal_values", "breakdown", "breakdown_book", "breakdown_values", "brief", "bulletin", "bulletin_book",
    "bulletin_values", "download", "drafts_for", "drafts_of", "first_filed", "issue", "issued", "issued_paper", "keep", "kind_of_entry",
    "look", "made", "made_book", "own_templates", "paper_of", "period_of", "periods", "race_of", "regions", "reset", "review",
    "review_values", "shown_appraisals", "stood", "years",
]  # fmt: skip
