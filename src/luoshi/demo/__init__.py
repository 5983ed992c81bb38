"""The demonstration: the documents of a fictional district, read like any other."""

from __future__ import annotations

import os
import sys
import webbrowser
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from luoshi.extract.reading import Reading
from luoshi.pipeline import read_data


def read_demo() -> list[Reading]:
    """The readings of the bundled documents, in the order of their names: last year's report, this year's, the plan, the breakdown."""
    folder = files("luoshi.demo").joinpath("documents")
    documents = sorted((file for file in folder.iterdir() if file.name.endswith(".txt")), key=lambda file: file.name)
    return [read_data(file.read_bytes(), file.name) for file in documents]


def open_page(page: Path, environment: Mapping[str, str]) -> bool:
    """Opens the page in a browser with a window; false where there is none to be had. A text browser is never started."""
    windows = sys.platform in ("win32", "darwin") or bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))
    if not windows or environment.get("CI"):
        return False
    try:
        return webbrowser.open(page.resolve().as_uri())
    except (webbrowser.Error, OSError):
        return False


def place(environment: Mapping[str, str] = os.environ) -> Path:
    """The folder for the page where none is named: the user's cache folder."""
    home = environment.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(home) / "luoshi"
