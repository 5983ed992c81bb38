"""A breakdown taken in, its tasks as items, and the four people who drive a matter: for tests of the pages of matters."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from typing import Any

from tests.desk.making import ONE
from tests.desk.tasks import ALL, breakdown, region_of


def items_made() -> tuple[str, dict[str, str]]:
    """(the document, its items by number)."""
    from luoshi.desk import items
    from luoshi.ledger.models import Item

    document = breakdown(ONE)
    items.create(ONE, document, [one.fact for one in items.plan(document, ALL)], ALL)
    return document, dict(Item.objects.filter(document=document).values_list("number", "id"))


def unit_of(name: str) -> str:
    from luoshi.ledger.models import Organisation

    return str(Organisation.objects.get(name=name).id)


def people(make: Callable[..., Any], document: str, unit: str = "发展和改革局") -> dict[str, dict[str, str]]:
    """Keywords for accounts: who supervises, who leads, two liaisons, who only reads."""
    region = region_of(document)
    return {
        "supervisor": {"role": "supervisor", "username": "chen", "name": "温照野", "region": region},
        "checker": {"role": "supervisor", "username": "qiu", "name": "邱望", "region": region},
        "leader": {"role": "leader", "username": "li", "name": "松问渠", "region": region},
        "lead": {"role": "liaison", "username": "wang", "name": "麦秋", "region": region, "unit": unit_of(unit)},
        "other": {"role": "liaison", "username": "zhao", "name": "竹知节", "region": region, "unit": unit_of("财政局")},
        "reader": {"role": "reader", "username": "du", "name": "读者", "region": region},
    }


def png(side: int = 64, colour: tuple[int, int, int] = (40, 120, 80)) -> bytes:
    """A picture that a browser shows."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes(colour) * side for _ in range(side))
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
