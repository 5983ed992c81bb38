"""Looks at what Luoshi stands on here: versions, packages, encodings, fonts, a browser."""

from __future__ import annotations

import codecs
import locale
import platform
import shutil
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Final

import msgspec

from luoshi import __version__
from luoshi.batch import cores
from luoshi.messages import Speaker

_NEEDED: Final = ("ahocorasick-rs", "click", "lxml", "msgspec", "pypdfium2", "pyyaml", "rich", "xlsxwriter")
_FONT_FOLDERS: Final = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "/System/Library/Fonts", "C:/Windows/Fonts")
_FONT_WORDS: Final = (
    "cjk",
    "sourcehan",
    "songti",
    "simsun",
    "msyh",
    "pingfang",
    "wqy",
    "stsong",
    "stheiti",
    "notosanssc",
    "notoserifsc",
    "deng",
)


class Finding(msgspec.Struct, frozen=True):
    """One thing looked at. ``state``: ``ok``, ``missing`` (something optional is not there) or ``broken`` (Luoshi cannot work)."""

    what: str
    state: str
    words: str


def examine(say: Speaker) -> list[Finding]:
    """Everything that is looked at, in order; nothing is changed and nothing is asked of the network."""
    return [*_system(), *_packages(say), *_data(say), *_surroundings(say)]


def is_broken(findings: list[Finding]) -> bool:
    """True where something is missing that Luoshi cannot do without."""
    return any(finding.state == "broken" for finding in findings)


def _system() -> Iterator[Finding]:
    yield Finding("luoshi", "ok", __version__)
    yield Finding("python", "ok" if sys.version_info >= (3, 11) else "broken", f"{platform.python_version()} · {sys.executable}")
    yield Finding("system", "ok", f"{platform.system()} {platform.release()} · {platform.machine()} · {cores()} CPU")


def _packages(say: Speaker) -> Iterator[Finding]:
    for name in _NEEDED:
        try:
            yield Finding(name, "ok", metadata.version(name))
        except metadata.PackageNotFoundError:
            yield Finding(name, "broken", say("doctor.package"))


def _data(say: Speaker) -> Iterator[Finding]:
    """Reads one sentence of our own from end to end: every word file is loaded and checked on the way."""
    from luoshi.pipeline import extract_facts

    try:
        facts = extract_facts("政府工作报告\n一、2031年主要任务\n新建口袋公园12个。\n").facts
        yield Finding(say("doctor.reader"), "ok" if facts else "broken", say("doctor.facts", count=len(facts)))
    except Exception as error:  # noqa: BLE001 - whatever is wrong is what is to be told
        yield Finding(say("doctor.reader"), "broken", f"{type(error).__name__}: {error}")


def _surroundings(say: Speaker) -> Iterator[Finding]:
    output = (sys.stdout.encoding or "?").lower()
    yield Finding(say("doctor.output"), "ok", f"{output} · locale {locale.getpreferredencoding(do_setlocale=False)}")
    yield Finding(say("doctor.encodings"), "ok" if _has_encodings() else "broken", "utf-8 utf-16 gb18030 big5")
    fonts = chinese_fonts()
    yield Finding(say("doctor.fonts"), "ok" if fonts else "missing", " ".join(fonts[:3]) or say("doctor.no_fonts"))
    browser = next((path for name in ("chromium", "google-chrome", "firefox", "msedge") if (path := shutil.which(name))), "")
    yield Finding(say("doctor.browser"), "ok" if browser else "missing", browser or say("doctor.no_browser"))


def _has_encodings() -> bool:
    try:
        return all(codecs.lookup(name) for name in ("utf-8", "utf-16", "gb18030", "big5"))
    except LookupError:
        return False


def chinese_fonts() -> list[str]:
    """The names of font files here that hold Chinese characters, as far as their names tell."""
    folders = [Path(name) for name in _FONT_FOLDERS] + [Path.home() / ".fonts", Path.home() / ".local/share/fonts"]
    files = (
        file
        for folder in folders
        if folder.is_dir()
        for file in sorted(folder.rglob("*"))
        if file.suffix.lower() in (".ttf", ".ttc", ".otf")
    )
    return [file.name for file in files if any(word in file.name.lower().replace("-", "").replace("_", "") for word in _FONT_WORDS)]
