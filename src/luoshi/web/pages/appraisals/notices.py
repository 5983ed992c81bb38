"""Notices of appraisals on the pages of those concerned: announced, an objection waits, an objection is decided."""

from __future__ import annotations

import msgspec

from luoshi.desk.actor import Role, read_roles
from luoshi.ledger import models
from luoshi.ledger.appraised import Appraisal, Objection, Score
from luoshi.ledger.belonging import units_for
from luoshi.notify.inside import tell
from luoshi.notify.message import Message
from luoshi.web.page import address
from luoshi.web.words import say

_DECIDERS = (Role.APPRAISER, Role.LEADER)


def announced(row: Appraisal) -> int:
    """Tells the liaisons of the units their score and until when they may object; how many were told."""
    scores = {score.unit: score for score in Score.objects.filter(appraisal=row.id).exclude(unit="")}
    count = 0
    for account in models.Account.objects.filter(active=True).exclude(unit=""):
        if Role.LIAISON not in read_roles(_roles(account)):
            continue
        own = units_for([account.unit])
        score = next((score for unit, score in scores.items() if unit in own), None)
        if score is None:
            continue
        line = say("appraisals.notice_points", points=score.points, place=score.place, count=score.among) if score.points else score.why
        link = address("appraisals.sheet", key=row.id, subject=score.subject)
        until = say("appraisals.notice_until", day=row.until)
        message = Message(
            kind="waiting",
            key=f"appraisal:{row.id}:{row.seq}",
            title=say("appraisals.notice_announced", title=row.title),
            lines=(line, until),
            link=link,
        )
        count += tell([account.id], message)
    return count


def _roles(account: models.Account) -> list[str]:
    return msgspec.json.decode(account.roles, type=list[str])


def objected(row: Appraisal, objection: Objection) -> int:
    """Tells those who may decide that an objection waits; who scored is left out."""
    scorers = set(msgspec.json.decode(row.scorers, type=list[str]))
    accounts = [
        account.id for account in models.Account.objects.filter(active=True)
        if account.id not in scorers and account.region in {"", row.region_code} and set(read_roles(_roles(account))) & set(_DECIDERS)
    ]  # fmt: skip
    message = Message(
        kind="waiting", key=f"objection:{objection.id}", title=say("appraisals.notice_objected", title=row.title), lines=(objection.text[:200],),
        link=address("appraisals.one", key=row.id),
    )  # fmt: skip
    return tell(accounts, message)


def decided(row: Appraisal, objection: Objection) -> int:
    """Tells whoever objected what was decided."""
    words = say("appraisals.upheld") if objection.state == "upheld" else say("appraisals.rejected")
    link = address("appraisals.sheet", key=row.id, subject=objection.subject)
    message = Message(
        kind="decided", key=f"objection:{objection.id}:{objection.state}", title=say("appraisals.notice_decided", title=row.title, words=words),
        lines=(objection.words[:200],), link=link,
    )  # fmt: skip
    return tell([objection.by], message)
