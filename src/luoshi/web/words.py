"""What the web says, in Chinese and in English.

The words of a page lie in its folder (``pages/<page>/words.yaml``) and are known by the page's name: ``title`` there is ``home.title``
everywhere. The words of the frame (``layout/words.yaml``) and of the whole program (``messages.yaml``) keep their keys. One catalogue,
flat: a key is said the same way in a template (``{% say "home.title" %}``), in Python (``say("home.title")``) and in a script.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Final

from django.utils import translation

from luoshi.errors import BadTable, LuoshiError
from luoshi.messages import Lang, Message, Speaker, messages
from luoshi.tables import load_table

#: the languages, as Django calls them
DJANGO_NAMES: Final[Mapping[Lang, str]] = {"zh": "zh-hans", "en": "en"}
#: as a document calls them in ``lang=``
HTML_NAMES: Final[Mapping[Lang, str]] = {"zh": "zh-CN", "en": "en"}
_KEY: Final = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")


@cache
def catalogue() -> Mapping[str, Message]:
    """All words by key: the program's, the frame's, each page's."""
    found: dict[str, Message] = dict(messages())
    _add(found, load_table("luoshi.web", "layout/words.yaml", dict[str, Message]), "layout/words.yaml", "")
    pages = files("luoshi.web").joinpath("pages")
    for folder in sorted(pages.iterdir(), key=lambda entry: entry.name):
        if folder.joinpath("words.yaml").is_file():
            name = f"pages/{folder.name}/words.yaml"
            _add(found, load_table("luoshi.web", name, dict[str, Message]), name, f"{folder.name}.")
    return found


def _add(found: dict[str, Message], words: Mapping[str, Message], where: str, prefix: str) -> None:
    for key, message in words.items():
        whole = prefix + key
        if whole in found:
            raise BadTable(f"{whole} 已有别处定义", where=where, remedy="请换一个键，或用已有的那个")
        found[whole] = message


def check_message(key: str, message: Message, where: str) -> None:
    """Refuses a message that lacks a language or whose placeholders differ between them; the tests ask it of every message."""
    if not _KEY.fullmatch(key):
        raise BadTable(f"键 {key} 写法不对", where=where, remedy="只用小写字母、数字、下划线、连字符和点")
    if not message.zh or not message.en:
        raise BadTable(f"{key} 缺一种语言", where=where, remedy="zh 和 en 都要写")
    if placeholders(message.zh) != placeholders(message.en):
        raise BadTable(f"{key} 两种语言的占位符不同", where=where, remedy="让 {…} 里的名字一致")


def placeholders(words: str) -> frozenset[str]:
    """The names in braces.

    >>> sorted(placeholders("{count} 份，{who}"))
    ['count', 'who']
    """
    return frozenset(name for _, name, _, _ in Formatter().parse(words) if name)


def current_lang() -> Lang:
    """The language of the request being answered; Chinese outside of one."""
    return "en" if (translation.get_language() or "").startswith("en") else "zh"


def say(key: str, /, **values: object) -> str:
    """The words for ``key`` in the language of the request. Plain text: the template escapes it."""
    message = catalogue().get(key)
    if message is None:
        raise BadTable(f"没有 {key} 这个键", where="words.yaml", remedy="请在页面的 words.yaml 里加上，或改正键名")
    words = message.zh if current_lang() == "zh" else message.en
    try:
        return words.format(**values)
    except KeyError as missing:
        raise BadTable(f"{key} 缺少值 {missing}", where="words.yaml", remedy="请给出占位符的值") from missing


def say_word(group: str, value: object) -> str:
    """The word for one value of a closed list (``role`` ``target`` → 目标); the value itself where there is none."""
    message = catalogue().get(f"{group}.{value}")
    return str(value) if message is None else message.zh if current_lang() == "zh" else message.en


def say_error(error: LuoshiError) -> Mapping[str, str]:
    """The parts of an error in the language of the request: slug, what, where, remedy."""
    if current_lang() == "zh":
        return {"slug": error.slug, "what": error.what, "where": error.where, "remedy": error.remedy}
    message = messages().get(f"error.{error.slug}")
    return {"slug": error.slug, "what": message.en if message else error.what, "where": error.where, "remedy": ""}


def speaker() -> Speaker:
    """The program's own speaker in the language of the request, for functions outside of the web that want one."""
    return Speaker(current_lang())


def words_for_script(page: str) -> Mapping[str, str]:
    """The words that scripts say: keys ``js.…`` of the frame and ``<page>.js.…`` of the page."""
    return _words_for_script(page, current_lang())


@cache
def _words_for_script(page: str, lang: Lang) -> Mapping[str, str]:
    found = {key: message for key, message in catalogue().items() if key.startswith(("js.", f"{page}.js."))}
    return {key: message.zh if lang == "zh" else message.en for key, message in found.items()}
