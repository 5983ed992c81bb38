"""What a person may do for the public record: draw up a release, have it approved by another, publish and withdraw it."""

from luoshi.desk.release.deciding import approve, drop, publish, send_back, withdraw
from luoshi.desk.release.drawing import LICENCES, Wanted, content_of, draw, held_of, remade
from luoshi.desk.release.gathering import Chosen, Held, Treatment, gather
from luoshi.desk.release.overlapping import Also, also_public

__all__ = [
    "LICENCES", "Also", "Chosen", "Held", "Treatment", "Wanted", "also_public", "approve", "content_of", "draw", "drop", "gather", "held_of", "publish", "remade",
    "send_back", "withdraw",
]  # fmt: skip
