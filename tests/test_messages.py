"""The message catalogue: whole, in both languages, and used."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

from luoshi.errors import UnreadableFile
from luoshi.messages import Speaker, messages

SOURCES = Path(__file__).parents[1] / "src" / "luoshi"


def _names(words: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(words) if name}


@pytest.mark.parametrize("key", sorted(messages()))
def test_both_languages_name_the_same_values(key: str) -> None:
    message = messages()[key]
    assert message.zh
    assert message.en
    assert _names(message.zh) == _names(message.en)


def test_every_key_in_the_code_is_there() -> None:
    used = {
        key
        for path in SOURCES.rglob("*.py")
        # the web has words of its own beside its pages, and a test of its own
        if path.relative_to(SOURCES).parts[0] != "web"
        for key in re.findall(r"""\bsay\(\s*"([a-z_]+\.[a-z_]+)\"""", path.read_text(encoding="utf-8"))
    }
    assert used - set(messages()) == set()


def test_every_page_word_is_there() -> None:
    page = (SOURCES / "publish/page/page.html").read_text(encoding="utf-8")
    given = {"lang", "title", "script-hash", "style-hash", "style", "script", "documents", "filters", "sources", "lists", "data"}
    assert {f"page.{name}" for name in re.findall("⟦(.*?)⟧", page) if name not in given} <= set(messages())


def test_every_slug_has_an_english_word() -> None:
    slugs = {
        slug for path in SOURCES.rglob("*.py") for slug in re.findall(r"""slug\s*=\s*"([a-z-]+)\"""", path.read_text(encoding="utf-8"))
    }
    missing = {slug for slug in slugs if f"error.{slug}" not in messages()} - {"error"}
    assert not missing


def test_error_in_english_keeps_place_and_slug() -> None:
    error = UnreadableFile("文件是空的", where="a.txt", slug="empty")
    assert Speaker("en").error(error) == "a.txt: the file is empty [empty]"
    assert Speaker("zh").error(error) == "a.txt：文件是空的。［empty］"
