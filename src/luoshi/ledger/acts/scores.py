"""Folds of appraisals: the entries carry the scores whole, so that no later change of a scheme or of the arithmetic rewrites the past."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from luoshi.ledger.acts.place import Fold, Place
from luoshi.ledger.entry import Entry, canonical
from luoshi.ledger.ids import ident


def score_id(appraisal: str, subject: str) -> str:
    """The id of the row of a score."""
    return ident("sc", appraisal, subject)


def keep_scheme(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """``key``, ``version``, ``text``, ``own``: a version of a scheme; new appraisals are drawn up under it from now on."""
    for old in place.rows.all("scheme", key=data["key"]):
        if old["current"] and old["id"] != entry.subject:
            place.rows.put("scheme", old["id"], current=False)
    place.rows.put(
        "scheme", entry.subject, key=data["key"], version=data["version"], text=data["text"], own=data["own"], current=True, at=entry.at,
        by=entry.actor,
    )  # fmt: skip


def draw(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """``title``, ``scheme``, ``kind``, ``region_code``, ``period``, ``first``, ``last``, ``about``: drawn up, or drawn up anew. The scores follow."""
    before = place.rows.get("appraisal", entry.subject)
    values = {name: data[name] for name in ("title", "scheme", "kind", "region_code", "period", "first", "last")}
    for row in place.rows.all("score", appraisal=entry.subject) if before else ():
        place.rows.put("score", row["id"], appraisal="")
    place.rows.put(
        "appraisal", entry.subject, **values, about=canonical(data["about"]), state="drawn", scorers=_with(before, entry.actor),
        drawn_at=entry.at, by=entry.actor, subjects=0, scored=0, seq=entry.seq,
    )  # fmt: skip


def _with(before: dict[str, Any] | None, actor: str) -> str:
    """The scorers, this one among them."""
    scorers = msgspec.json.decode(before["scorers"], type=list[str]) if before else []
    return canonical([*(one for one in scorers if one != actor), actor])


def put(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """``scores``: subjects with their values and scores, whole; part of an appraisal that is drawn up or brought values."""
    counted = _put(entry, data["scores"], place, changed=False)
    row = place.rows.get("appraisal", entry.subject)
    if row is not None:
        place.rows.put("appraisal", entry.subject, subjects=row["subjects"] + counted[0], scored=row["scored"] + counted[1], seq=entry.seq)


def _put(entry: Entry, scores: list[dict[str, Any]], place: Place, *, changed: bool) -> tuple[int, int]:
    """Writes scores; how many subjects are new, and by how many those with points have grown."""
    new = scored = 0
    for one in scores:
        key = score_id(entry.subject, one["subject"])
        before = place.rows.get("score", key)
        was = before is not None and before["appraisal"] == entry.subject
        new += not was
        scored += bool(one["points"]) - bool(was and before is not None and before["points"])
        values = {name: one[name] for name in ("subject", "unit", "name", "peers", "points", "place", "among", "grade", "why")}
        mark = {"changed": bool(was and before and before["changed"]) or one.get("changed", False)} if changed else {"changed": False}
        place.rows.put(
            "score", key, appraisal=entry.subject, **values, **mark, given=canonical(one["given"]), score=canonical(one["score"]), seq=entry.seq,
        )  # fmt: skip
    return new, scored


def bring(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """``file``, ``name``, ``keys``, ``rater``: values or marks were brought in by whoever acts, who is a scorer now; the scores follow."""
    row = place.rows.get("appraisal", entry.subject)
    if row is not None:
        place.rows.put("appraisal", entry.subject, scorers=_with(row, entry.actor), seq=entry.seq)


def announce(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """``until``: the units see it, and may object up to that day."""
    place.rows.put(
        "appraisal", entry.subject, state="announced", until=data["until"], announced_at=entry.at, announced_by=entry.actor, seq=entry.seq
    )


def object_to(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """``key``, ``subject``, ``line``, ``text``, ``kept``: somebody of the unit objects."""
    place.rows.put(
        "objection", data["key"], appraisal=entry.subject, subject=data["subject"], line=data["line"], text=data["text"],
        kept=canonical(data.get("kept", [])), state="open", by=entry.actor, at=entry.at, seq=entry.seq,
    )  # fmt: skip


def decide(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """``key``, ``state`` (upheld or rejected), ``words``, ``change``, ``scores``: the decision, and all scores that it changes."""
    place.rows.put(
        "objection", data["key"], state=data["state"], decided_by=entry.actor, decided_at=entry.at, words=data["words"],
        change=canonical(data["change"]), seq=entry.seq,
    )  # fmt: skip
    _, scored = _put(entry, data["scores"], place, changed=True)
    row = place.rows.get("appraisal", entry.subject)
    if row is not None:
        place.rows.put("appraisal", entry.subject, scored=row["scored"] + scored, seq=entry.seq)


def make_final(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """It stands."""
    place.rows.put("appraisal", entry.subject, state="final", final_at=entry.at, final_by=entry.actor, seq=entry.seq)


def withdraw(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """``why``: it counts no more."""
    place.rows.put("appraisal", entry.subject, state="withdrawn", why=data["why"], seq=entry.seq)


def files_of(entry: Entry) -> tuple[str, ...]:
    """The files that a table or an objection came with."""
    files = [entry.values.get("file", ""), *(one["file"] for one in entry.values.get("kept", ()))]
    return tuple(key for key in files if key)


ACTS: Final[dict[str, Fold]] = {
    "scheme.keep": keep_scheme, "score.draw": draw, "score.put": put, "score.bring": bring, "score.announce": announce,
    "score.object": object_to, "score.decide": decide, "score.final": make_final, "score.withdraw": withdraw,
}  # fmt: skip
