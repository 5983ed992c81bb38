"""What a notice says, and its text: whole, or cut to the size of a channel with the number of what was left out."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Final, Literal

import msgspec

from luoshi.messages import Lang
from luoshi.notify.wording import day, word

Kind = Literal["reminder", "escalation", "assigned", "returned", "waiting", "decided", "digest", "test"]
Form = Literal["text", "markdown"]
#: the size of a text as a channel counts it
Measure = Callable[[str], int]
#: characters that a channel would read as markup, a mention or a link, and what stands for them
_MARKS: Final = str.maketrans({"<": "＜", ">": "＞"})
_MARKDOWN: Final = str.maketrans(
    {"*": "＊", "[": "［", "]": "］", "#": "＃", "`": "｀", "_": "＿", "~": "～", "|": "｜", "\\": "＼", "!": "！"}
)
#: categories of signs that nobody sees; some of them turn the order of what is read
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
#: a title or line is at most so long
_LONGEST: Final = 500


class Matter(msgspec.Struct, frozen=True, kw_only=True):
    """What of an item a notice may tell. ``private``: of an internal mechanism, or with fields that are masked; groups see number and category."""

    number: str
    title: str = ""
    category: str = ""
    unit: str = ""
    due: date | None = None
    light: str = ""
    #: path of its page
    link: str = ""
    private: bool = False
    #: for digests: why it concerns the reader beside its due day
    state: Literal["", "returned", "waiting"] = ""
    #: heading under which it stands
    section: str = ""


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A notice. ``key`` tells it from all others: the same key comes to the same reader once, however often it is told."""

    kind: Kind
    key: str
    title: str
    lines: tuple[str, ...] = ()
    matters: tuple[Matter, ...] = ()
    link: str = ""
    #: an escalation that may pass quiet hours where the office says so
    urgent: bool = False


class Style(msgspec.Struct, frozen=True, kw_only=True):
    """How a text is written: ``base`` the address before links (none: no links), ``mark`` by which a second copy is known."""

    form: Form = "text"
    lang: Lang = "zh"
    base: str = ""
    #: word that a robot asks for
    keyword: str = ""
    mark: str = ""
    #: whether an earlier try may have arrived
    again: bool = False
    line_end: str = "\n"


def text_of(message: Message, style: Style, *, limit: int, measure: Measure = len) -> str:
    """The text of a message, of size ``limit`` at most; matters that have no room are told by their number.

    >>> one = Message(kind="reminder", key="k", title="提醒", matters=tuple(Matter(number=str(n), title="修路") for n in range(9)))
    >>> print(text_of(one, Style(), limit=38))
    提醒
    1. 0　修路
    2. 1　修路
    ……等 9 项，请登录系统查看
    """
    head = _head(message, style)
    foot = _foot(message, style)
    blocks = _blocks(message, style)

    def joined(count: int) -> str:
        more = [] if count == len(blocks) else [word("more", style.lang, count=len(message.matters))]
        return style.line_end.join([*head, *blocks[:count], *more, *foot])

    count = len(blocks)
    while count and measure(joined(count)) > limit:
        # a guess by proportion, then one by one
        count = min(count - 1, max(count * limit // max(1, measure(joined(count))), 0))
    while count < len(blocks) and measure(joined(count + 1)) <= limit:
        count += 1
    return cut(joined(count), limit, measure)


def cut(text: str, limit: int, measure: Measure = len) -> str:
    """The text itself, or as much of it as fits with … behind; never half a character, nor a sign apart from what it belongs to.

    >>> cut("落实督查", 3), cut("落实", 7, lambda text: len(text.encode())), cut("e\\u0301x", 2)
    ('落实…', '落实', '…')
    """
    if measure(text) <= limit:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if measure(f"{text[:middle]}…") <= limit else (low, middle - 1)
    while low and (unicodedata.combining(text[low]) or text[low] in "\u200d\ufe0e\ufe0f" or text[low - 1] == "\u200d"):
        low -= 1
    return f"{text[:low]}…" if measure("…") <= limit else ""


def flat(text: str) -> str:
    """One line of a bounded length, without signs that nobody sees.

    >>> flat("甲\\n 乙\\u202e丙")
    '甲 乙丙'
    """
    seen = "".join(" " if char.isspace() else char for char in text if char.isspace() or unicodedata.category(char) not in _UNSEEN)
    return cut(" ".join(seen.split()), _LONGEST)


def _safe(text: str, style: Style) -> str:
    """Words of people as this form shows them: nothing in them is markup or calls somebody."""
    told = flat(text).translate(_MARKS)
    return told.translate(_MARKDOWN) if style.form == "markdown" else told


def _head(message: Message, style: Style) -> list[str]:
    title = _safe(message.title, style)
    if style.keyword and style.keyword not in title:
        title = f"【{style.keyword}】{title}"
    again = [word("again", style.lang)] if style.again else []
    return [f"**{title}**" if style.form == "markdown" else title, *again, *(_safe(line, style) for line in message.lines)]


def _foot(message: Message, style: Style) -> list[str]:
    foot = []
    if style.base and message.link:
        foot.append(_link(style, message.link))
    if style.mark:
        foot.append(word("mark", style.lang, mark=style.mark))
    return foot


def _link(style: Style, path: str) -> str:
    address = f"{style.base}{path}"
    shown = word("link", style.lang)
    return f"[{shown}]({address})" if style.form == "markdown" else f"{shown} {address}"


def _blocks(message: Message, style: Style) -> list[str]:
    """The lines of each matter, with its heading before the first one under it."""
    blocks, section = [], ""
    for number, matter in enumerate(message.matters, start=1):
        heading = "" if matter.section == section else f"{_safe(matter.section, style)}{style.line_end}"
        section = matter.section
        blocks.append(f"{heading}{number}. {_matter(matter, style)}")
    return blocks


def _matter(matter: Matter, style: Style) -> str:
    parts = [_safe(part, style) for part in (matter.number, matter.title or matter.category) if part]
    if matter.unit:
        parts.append(word("matter.unit", style.lang, unit=_safe(matter.unit, style)))
    if matter.due:
        parts.append(word("matter.due", style.lang, day=day(matter.due, style.lang)))
    if matter.light:
        parts.append(word(f"light.{matter.light}", style.lang))
    if style.base and matter.link:
        parts.append(_link(style, matter.link))
    return "　".join(parts)
