"""The complaints that everybody may see, as Open311 tells them: masked, and their words only once a person has accepted them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from django.db.models import QuerySet

from luoshi.desk.matters.public import MECHANISM, choices, masked, words_of
from luoshi.desk.matters.ruling import current
from luoshi.ledger import models
from luoshi.ledger.acts.matters import life_of
from luoshi.ledger.entry import moment
from luoshi.loop.matter import Matter
from luoshi.loop.mechanism import Mechanism
from luoshi.masking import mask_address
from luoshi.publish.open311 import Query, RequestView

#: about a hundred metres: where a lamp is out, not at whose door
_COARSE: Final = Decimal("0.001")


def found_by(query: Query, jurisdiction: str = "") -> list[RequestView]:
    """What a question asks for, the newest first."""
    found = public(jurisdiction)
    if query.service_request_ids:
        found = found.filter(number__in=query.service_request_ids)
    if query.service_codes:
        found = found.filter(category__in=[code for code in query.service_codes if code in choices(current(MECHANISM), "category")])
    if query.statuses:
        found = found.filter(stage__in=[key for status in query.statuses for key in _stages(status)])
    if query.start is not None:
        found = found.filter(opened_at__gte=moment(query.start))
    if query.end is not None:
        found = found.filter(opened_at__lte=moment(query.end))
    first = (query.page - 1) * query.page_size
    # the states of matters are long: only those of the page are read, not all that are put in order
    keys = list(found.order_by("-opened_at", "-id").values_list("id", flat=True)[first : first + query.page_size])
    rows = models.Matter.objects.in_bulk(keys)
    return views([rows[key] for key in keys])


def public(jurisdiction: str = "") -> QuerySet[models.Matter]:
    """The complaints that may be seen: not of those that stay inside, nor of those whose item was dropped."""
    stages = [*_stages("open"), *_stages("closed")]
    found = models.Matter.objects.filter(mechanism=MECHANISM, internal=False, stage__in=stages)
    found = found.exclude(id__in=models.Item.objects.exclude(state="open").values("id"))
    return found.filter(region_code=jurisdiction) if jurisdiction else found


def _stages(status: str) -> list[str]:
    return [stage.key for stage in current(MECHANISM).stages if stage.public == status]


def views(rows: Sequence[models.Matter]) -> list[RequestView]:
    """These complaints as everybody may see them."""
    mechanism = current(MECHANISM)
    items = models.Item.objects.in_bulk([row.id for row in rows])
    units = dict(models.Organisation.objects.filter(pk__in={row.unit for row in rows if row.unit}).values_list("id", "name"))
    return [_view(row, items.get(row.id), units.get(row.unit, ""), mechanism) for row in rows]


def _view(row: models.Matter, item: models.Item | None, unit: str, mechanism: Mechanism) -> RequestView:
    matter = life_of(row.life)
    fields, category = matter.fields, str(matter.fields.get("category", "") or "other")
    main = matter.last(mechanism.main.key) if mechanism.main else None
    stage = next((one for one in mechanism.stages if one.key == row.stage), None)
    looked_at = bool(matter.done.get("accept"))
    is_open = stage is not None and stage.public == "open"
    return RequestView(
        service_request_id=row.number, status="open" if is_open else "closed", status_notes=_notes(matter, mechanism),
        service_code=category, service_name=choices(mechanism, "category").get(category, category), requested_datetime=matter.opened,
        updated_datetime=matter.changed, expected_datetime=main.due if main and is_open else None, agency_responsible=unit,
        # nobody has looked yet: what the rules of masking miss, a person has not caught either
        description=masked(words_of(item.text or item.title), fields) if item and looked_at else "",
        address=masked(mask_address(str(fields.get("location", "") or "")), fields) if looked_at else "",
        lat=_coarse(fields.get("lat")) if looked_at else None, long=_coarse(fields.get("long")) if looked_at else None,
        service_notice="" if looked_at else "受理以后公开遮去个人信息的内容",
        extended_attributes=(("stage", stage.title.zh),) if stage else (),
    )  # fmt: skip


def _notes(matter: Matter, mechanism: Mechanism) -> str:
    told = [choices(mechanism, key).get(str(matter.fields.get(key, "")), "") for key in ("result", "not_accepted")]
    return "；".join(part for part in told if part)


def _coarse(value: Any) -> Decimal | None:
    return Decimal(str(value)).quantize(_COARSE, ROUND_HALF_UP) if isinstance(value, int | float) else None
