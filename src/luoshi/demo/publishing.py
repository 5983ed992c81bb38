"""The demonstration's public record: a release that was drawn up, approved by a second person and published, and the record switched on."""

from __future__ import annotations

from luoshi.desk import release, settings
from luoshi.desk.actor import Actor
from luoshi.desk.release import Chosen, Wanted
from luoshi.ledger import models
from luoshi.ledger.scope import Scope

_EVERYTHING = Scope.whole()


def publish(clerk: Actor, second: Actor, admin: Actor, region: str) -> None:
    """Publishes reports, plan and breakdown with what came of them, and the pictures, which are drawings here."""
    documents = models.Document.objects.filter(kind__in=("report", "plan", "breakdown"), newest=True).order_by("id")
    pictures = models.Evidence.objects.filter(media="image/png", live=True).order_by("id")
    chosen = Chosen(region, documents=tuple(documents.values_list("id", flat=True)), pictures=tuple(pictures.values_list("id", flat=True)))
    about = "区委、区政府重点工作和民生实事的目标、责任单位和进展。演示数据，地名、单位和人都是虚构的。"
    key = release.draw(clerk, Wanted("重点工作和民生实事", chosen, about), _EVERYTHING).subjects[0]
    release.approve(second, key, _EVERYTHING)
    release.publish(clerk, key, _EVERYTHING)
    settings.change(admin, {"portal": "1", "clues": "1"})
