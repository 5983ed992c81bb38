"""What an entry of the ledger is to somebody outside who wants to be told: ids, kinds and numbers, never words of anybody. Pure."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal, get_args

import msgspec

Kind = Literal["item.filed", "act.done", "light.changed", "item.closed", "release.made"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
#: the acts of the ledger that may be events
LOOP: Final = ("loop.file", "loop.act", "loop.tick")
RELEASES: Final = ("release.publish",)
_ENDED: Final = frozenset({"closed", "ended"})


class Stand(msgspec.Struct, frozen=True):
    """What is known of a matter beside the entry: number, mechanism, region, and its light before the entry."""

    number: str
    mechanism: str
    region: str
    light: str = "none"


class Event(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is posted. ``id`` stays the same however often it comes; ``entry`` the number in the ledger, in whose order things happened."""

    id: str
    event: Kind
    at: str
    entry: int
    region: str = ""
    item: str = ""
    number: str = ""
    mechanism: str = ""
    act: str = ""
    stage: str = ""
    state: str = ""
    light: str = ""
    was: str = ""
    release: str = ""

    def body(self) -> bytes:
        """The event as it is posted."""
        return msgspec.json.encode(self)


def of_matter(seq: int, at: str, item: str, act: str, data: Mapping[str, Any], stand: Stand) -> Iterator[Event]:
    """The events that an entry about a matter is, in the order of ``KINDS``."""
    move = data["move"]
    change = move.get("change", {})

    def event(kind: Kind, **more: str) -> Event:
        return Event(
            f"{seq}:{kind}", kind, at, seq, region=stand.region, item=item, number=stand.number, mechanism=stand.mechanism, **more
        )  # fmt: skip

    stage = str(change.get("stage", ""))
    if act == "loop.file":
        yield event("item.filed", stage=str(data["matter"].get("stage", "")))
    elif move["kind"] == "act":
        yield event("act.done", act=str(move["act"]), stage=stage)
    light = str((change.get("lights") or {}).get("whole", "green")) if change.get("lights") is not None else stand.light
    if light != stand.light and act != "loop.file":
        yield event("light.changed", light=light, was=stand.light)
    if change.get("state") in _ENDED:
        yield event("item.closed", state=str(change["state"]), stage=stage)


def of_release(seq: int, at: str, release: str, region: str) -> Event:
    """The event that something was released."""
    return Event(f"{seq}:release.made", "release.made", at, seq, region=region, release=release)


def sign(secret: str, timestamp: int, body: bytes) -> str:
    """The signature of a body, as its header says it: HMAC-SHA256 over the seconds since 1970, a dot, and the body.

    >>> sign("qishan", 1767225600, b"{}")
    'v1=6b5f0162eeade713b72139098b950067db954f24671f37d1755ee7284fa4862c'
    """
    return f"v1={hmac.digest(secret.encode(), str(timestamp).encode() + b'.' + body, hashlib.sha256).hex()}"
