"""Folds: what each act changes. A fold is a function of the entry and of the rows it reads; it decides nothing and asks no clock.

What an act needs to know (ids, links, the day) stands in its entry, so that the same entries give the same rows for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from luoshi.errors import LuoshiError
from luoshi.ledger.acts import (
    accounts,
    checks,
    documents,
    files,
    items,
    links,
    lookbacks,
    matters,
    organisations,
    papers,
    releases,
    scores,
    settings,
)
from luoshi.ledger.acts.place import Fold
from luoshi.ledger.entry import Entry

#: every act, with its fold
ACTS: Final[dict[str, Fold]] = {
    **files.ACTS,
    **documents.ACTS,
    **checks.ACTS,
    **items.ACTS,
    **organisations.ACTS,
    **accounts.ACTS,
    **settings.ACTS,
    **matters.ACTS,
    **lookbacks.ACTS,
    **papers.ACTS,
    **releases.ACTS,
    **links.ACTS,
    **scores.ACTS,
}
#: the tables whose row has the subject's id, by the beginning of the act's name
SUBJECTS: Final = {
    "file": "file",
    "document": "document",
    "fact": "fact",
    "item": "item",
    "account": "account",
    "view": "view",
    "setting": "setting",
    "token": "setting",
    "loop": "matter",
    "mechanism": "mechanism",
    "lookback": "lookback",
    "paper": "setting",
    "release": "release",
    "link": "settlement",
    "scheme": "scheme",
    "score": "appraisal",
}


#: the files of the store that an entry names, by act
_FILES: Final[Mapping[str, Callable[[Entry], tuple[str, ...]]]] = {
    "file.receive": lambda entry: (entry.subject,),
    "document.read": lambda entry: (entry.values["reading"],),
    "loop.act": lambda entry: tuple(key for kept in entry.values.get("kept", ()) for key in (kept["file"], kept.get("thumb", "")) if key),
    "paper.template": papers.files_of,
    "paper.issue": papers.files_of,
    "release.draw": releases.files_of,
    "score.bring": scores.files_of,
    "score.object": scores.files_of,
}
#: the acts whose entries may name one
NAMING_FILES: Final = tuple(_FILES)


def files_of(entry: Entry) -> tuple[str, ...]:
    """The keys of the files in the store that the entry cannot be folded or understood without; none for most acts."""
    named = _FILES.get(entry.act)
    return named(entry) if named else ()


class UnknownAct(LuoshiError):
    """An entry whose act this version does not know: the ledger was written by a later one."""

    slug = "unknown-act"


def fold_of(entry: Entry) -> Fold:
    fold = ACTS.get(entry.act)
    if fold is None:
        raise UnknownAct(f"不认识的动作“{entry.act}”", where=f"记录 {entry.seq}", remedy="台账由更新的版本写成，请升级后再打开")
    return fold


__all__ = ["ACTS", "NAMING_FILES", "SUBJECTS", "Fold", "UnknownAct", "files_of", "fold_of"]
