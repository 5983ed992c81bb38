"""The veil of a matter, where pages of items find it."""

from __future__ import annotations

from luoshi.web.veil import Veil, masked, plain

__all__ = ["Veil", "masked", "plain"]
