"""Folds of releases: drawn up, sent back, approved by a second person, published in place of the one before, withdrawn, dropped."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from luoshi.ledger.acts.place import Fold, Place
from luoshi.ledger.entry import Entry, canonical


def draw(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """``title``, ``about``, ``region_code``, ``regions``, ``version``, ``licence``, ``as_of``, ``day``, ``chosen``, ``content``, ``report``, ``digest``, ``counts``, ``held``."""
    before = place.rows.get("release", entry.subject)
    drawers = msgspec.json.decode(before["drawers"]) if before else []
    values = {
        name: data[name]
        for name in ("title", "about", "region_code", "version", "licence", "as_of", "day", "content", "report", "digest", "held")
    }
    place.rows.put(
        "release", entry.subject, **values, regions=canonical(data["regions"]), chosen=canonical(data["chosen"]),
        counts=canonical(data["counts"]), drawers=canonical([*(one for one in drawers if one != entry.actor), entry.actor]), state="drawn",
        by=entry.actor, drawn_at=entry.at, approved_by="", approved_at="", why="", seq=entry.seq,
    )  # fmt: skip


def send_back(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """``why``: it is to be drawn up otherwise."""
    place.rows.put("release", entry.subject, state="drawn", why=data["why"], approved_by="", approved_at="", seq=entry.seq)


def approve(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """A second person has looked at it."""
    place.rows.put("release", entry.subject, state="approved", approved_by=entry.actor, approved_at=entry.at, why="", seq=entry.seq)


def publish(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """It is what the public sees; ``previous``: those of the same region that it takes the place of."""
    for key in data["previous"]:
        place.rows.put("release", key, state="superseded")
    place.rows.put("release", entry.subject, state="published", published_by=entry.actor, published_at=entry.at, seq=entry.seq)


def withdraw(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """``why``: nobody outside sees it any more."""
    place.rows.put("release", entry.subject, state="withdrawn", withdrawn_at=entry.at, why=data["why"], seq=entry.seq)


def drop(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """It is not to be published."""
    place.rows.put("release", entry.subject, state="dropped", why=data.get("why", ""), seq=entry.seq)


ACTS: Final[dict[str, Fold]] = {
    "release.draw": draw, "release.return": send_back, "release.approve": approve, "release.publish": publish, "release.withdraw": withdraw,
    "release.drop": drop,
}  # fmt: skip


def files_of(entry: Entry) -> tuple[str, ...]:
    """The files of the store that a drawing up names: content, report, pictures."""
    values = entry.values
    return (values["content"], values["report"], *values.get("pictures", ()))
