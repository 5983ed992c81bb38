"""The demonstration: the documents of a fictional district, its people, and a ledger that lives."""

from __future__ import annotations

import os
import sys
import webbrowser
from collections.abc import Mapping
from pathlib import Path


def open_address(address: str, environment: Mapping[str, str]) -> bool:
    """Opens the address in a browser with a window; false where there is none to be had. A text browser is never started."""
    windows = sys.platform in ("win32", "darwin") or bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))
    if not windows or environment.get("CI"):
        return False
    try:
        return webbrowser.open(address)
    except (webbrowser.Error, OSError):
        return False


def place(environment: Mapping[str, str] = os.environ) -> Path:
    """The data folder of the demonstration where none is named: in the user's cache, apart from any real ledger."""
    home = environment.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(home) / "luoshi" / "demo"
