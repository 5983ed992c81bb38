"""Each page alone: how long the server works on it, how many questions it asks the database, how large it is. No network, one person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from statistics import median
from time import perf_counter, process_time
from typing import Any

from texts import CITIES, LAST_YEAR, PLACES, PROVINCE

from ledger import code_of, crew


def addresses() -> Iterator[tuple[str, str]]:
    """Pages by name; of documents the longest, of other things one that has much in it."""
    from luoshi.ledger import models

    longest = models.Document.objects.order_by("-characters").values_list("id", flat=True)[0]
    breakdown = models.Document.objects.filter(kind="breakdown").order_by("number").values_list("id", flat=True)[0]
    item = models.Item.objects.order_by("ordinal").values_list("id", flat=True)[100]
    unit = models.Duty.objects.exclude(organisation="").values_list("organisation", flat=True)[0]
    county, city = code_of(PLACES[0].full), code_of(PROVINCE + CITIES[0])
    yield from {
        "home": "/", "documents": "/documents", "documents, some checked": "/documents?checking=some", "documents, disputed": "/documents?checking=disputed",
        "documents, by facts": "/documents?sort=-facts", "document": f"/documents/{longest}", "room": f"/documents/{longest}/room",
        "room, data": f"/documents/{longest}/room?plain=1", "ledger": "/ledger", "ledger, page 200": "/ledger?page=200",
        "ledger, targets": "/ledger?kind=measure&role=target", "ledger, year": f"/ledger?year={LAST_YEAR}", "ledger, by value": "/ledger?kind=measure&sort=-value",
        "ledger, county": f"/ledger?region={county}", "ledger, city, tasks": f"/ledger?region={city}&kind=task", "ledger, open projects": "/ledger?state=open&kind=project",
        "ledger, year by name": "/ledger?year=2020&sort=name", "ledger, disputed": "/ledger?state=disputed", "ledger, common word": "/ledger?q=发展",
        "ledger, rare word": "/ledger?q=澜鹭", "ledger, word that is nowhere": "/ledger?q=钀讻", "ledger, indicator": "/ledger?indicator=gdp&sort=-year",
        "ledger, breakdowns": "/ledger?document_kind=breakdown&role=target", "ledger, measures by year": "/ledger?kind=measure&sort=year&page=20",
        "search, common": "/search?q=发展", "search, two common": "/search?q=发展+建设", "search, long common": "/search?q=地区生产总值",
        "search, one character": "/search?q=水", "search, rare": "/search?q=澜鹭", "search, nowhere": "/search?q=钀讻",
        "search, rare and common": "/search?q=澜鹭+建设", "search, common in a city": f"/search?q=建设&region={city}",
        "search, common in a county and year": f"/search?q=建设&region={county}&year=2020", "search, page 20": "/search?q=发展&page=20", "items": "/items",
        "items, common word": "/items?q=建设", "items, by date": "/items?sort=due", "items, page 150": "/items?page=150", "items, unit": f"/items?organisation={unit}",
        "item": f"/item/{item}", "indicators": "/indicators", "indicator": "/indicators/gdp", "indicator, county": f"/indicators/gdp?region={county}",
        "regions": "/regions", "region, county": f"/regions/{county}", "region, city": f"/regions/{city}", "organisations": "/organisations",
        "organisation": f"/organisations/{unit}", "promote": f"/documents/{breakdown}/items", "intake": "/intake", "profile": "/profile",
    }.items()  # fmt: skip


def ask(times: int, only: str) -> dict[str, Any]:
    """The figures of each page, as two people see it: a supervisor of everything and one of a city."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from luoshi.ledger.models import Account

    settings.ALLOWED_HOSTS = ["testserver"]
    told: dict[str, Any] = {}
    for label, region in (("whole", ""), ("city", "city")):
        person = next(one for one in crew() if one.role == "supervisor" and bool(one.region) == bool(region))
        client = Client()
        client.force_login(Account.objects.get(username=person.username), backend="luoshi.web.signin.backends.Local")
        for name, address in addresses():
            if not re.search(only, name):
                continue
            client.get(address)
            took, worked = list[float](), list[float]()
            for _ in range(times):
                begun, used = perf_counter(), process_time()
                answer = client.get(address)
                body = answer.getvalue()
                took.append((perf_counter() - begun) * 1000)
                worked.append((process_time() - used) * 1000)
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            slow = sorted(((float(one["time"]) * 1000, one["sql"]) for one in queries.captured_queries), reverse=True)
            row = {
                "status": answer.status_code, "processor": round(median(worked), 1), "median": round(median(took), 1), "max": round(max(took), 1), "queries": len(queries),
                "in queries": round(sum(spent for spent, _ in slow), 1), "KB": round(len(body) / 1000, 1),
            }  # fmt: skip
            told[f"{name} ({label})"] = row
            print(f"{name + ' (' + label + ')':44}" + "".join(f" {key} {value:>7}" for key, value in row.items()), flush=True)
            if slow and slow[0][0] > 40:
                print(f"      {slow[0][0]:.0f} ms: {slow[0][1][:1000]}", flush=True)
    return told
