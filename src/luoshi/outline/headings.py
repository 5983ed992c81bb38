"""Headings: the numbered, dashed and unnumbered headings of a document as a list in order."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

import msgspec

from luoshi.numeral import parse_numeral
from luoshi.outline.lines import CLOSERS, STOPS, Line, ends_sentence
from luoshi.outline.wording import wording

#: styles in the order in which they nest, and the level that each has where nothing is shifted (``docs/facts.md``)
LEVELS = {
    "volume": -2,
    "chapter": -1,
    "article": 0,
    "part": 0,
    "annex": 0,
    "han": 1,
    "han_round": 2,
    "lead": 3,
    "digit": 3,
    "first": 3,
    "digit_round": 4,
    "dash": 4,
    "one_is": 4,
    "circle": 5,
}
_HAN = "一二三四五六七八九十百〇零"
#: a number of more than four characters: 一百二十三
_LONG = f"[一二三四五六七八九][{_HAN}千]{{4,8}}"
_MARK = re.compile(
    rf"(?P<volume>第[{_HAN}\d]{{1,4}}(?:篇|编|部分|卷))[ 、:,.]*"
    rf"|(?P<chapter>第[{_HAN}\d]{{1,4}}章)[ 、:,.]*"
    rf"|(?P<article>第[{_HAN}\d]{{1,4}}节)[ 、:,.]*"
    rf"|(?P<han>{_LONG}|[{_HAN}]{{1,4}})(?:[、.:]|,| (?! ))[ ]*"
    rf"|[(](?P<han_round>{_LONG}|[{_HAN}]{{1,4}})[)][ 、.:,]*"
    r"|(?P<digit>\d{1,4})(?:、|[.](?!\d)|[.](?=\d{1,4}[\u4e00-\u9fff“]))[ 、]*"
    r"|[(](?P<digit_round>\d{1,4})[)][ 、.:,]*"
    r"|(?P<circle>[①-⑳])[ 、.:,]*"
    r"|(?P<dash>—{1,3}|―{1,3}|-{2,3}|─{1,3})[ ]*"
    rf"|(?P<one_is>[{_HAN}]{{1,2}})是[,:]?"
    rf"|(?P<first>第[{_HAN}]{{1,2}})[,、:]"
)
_FIRST = frozenset("第" + _HAN + "(0123456789" + "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳" + "—―-─")
_SENTENCE = re.compile(r"[。!?;:]")
_AMOUNT = re.compile(r"\d|百分之|[万亿]元")
#: a number that is no year: a heading that states an amount is read as body too
_QUANTITY = re.compile(r"(?<!\d)\d[\d.,]*(?!\d|年|[.,]\d)|百分之")
#: what follows a number that is none of a heading: 二、三产业, 三、四线城市
_NO_NUMBER = re.compile("[二三]产业|三次产业|[二三四五]线|[二三四]级")
#: what a heading ends with and a body begins with where the stop between them is lost
_ENDS = (
    "行动|建设|参与|保障|水平|环境|挑战|事业|布局|目标|思想|工作|改革|发展|体系|能力|治理|安全|质量|产业|结构|机制|服务|管理|文明|文化|经济|增收|增效|增长|"
    "进步|协调|和谐|稳定|活力|动力|优势|格局|局面|步伐|力度|效益|突破|跨越|转变|转型|升级|振兴|繁荣|支撑|基础|品质|特色|形象|生态|面貌|开放|创新|投资|消费|"
    "市场|企业|项目|城镇|乡村|农村|农业|民主|法治|法制|廉政|政府|职能|队伍|作风|效率|效能|健康|教育|体育|卫生|就业|收入|生活|民生|社会|科技|人才|任务|回顾|"
    "安排|部署|要求|重点|说明|特点"
)
_LOST_STOP = re.compile(
    rf"(?<={_ENDS})(?=坚持|高举|遵循|全面(?!建成|小康|从严|深化改革)|按照|落实|全力|面向|把(?!握)|以(?!及|来|上|下|内|外)|贯彻|围绕|紧紧|牢牢|深入|"
    r"认真|大力|加快|加强|健全|积极|党的十|党中央|中共中央|今年是|过去的?一年|20\d\d年是|国民经济的)"
    r"|(?<=[\u4e00-\u9fff”\"]) (?=[\u4e00-\u9fff“])"
)
LONGEST_TITLE = 60
#: a number above it is one of a heading only where it goes on with a run: it may be a year
_LONGEST_RUN = 999
#: numbered paragraphs: a whole sentence that is longer or states an amount is the item itself, no title
_ITEMS = ("digit", "digit_round", "circle", "one_is", "first")
_LONGEST_ITEM = 40
_LONGEST_LEAD = {"dash": 30, "first": 30, "one_is": 45, "digit": 40, "digit_round": 40, "circle": 40}


#: how many runs of one style may be open, one inside the other
_DEEPEST = 4


class Runs:
    """The numbered runs that are open, by style: a run may begin anew inside another and the outer one go on after it."""

    def __init__(self) -> None:
        self._open: dict[str, list[int]] = {}
        self._ended: dict[str, int] = {}

    def latest(self, style: str) -> int:
        """The last number of the innermost run, 0 where none is open."""
        run = self._open.get(style)
        return run[-1] if run else 0

    def continues(self, style: str, ordinal: int, jump: int = 4) -> bool:
        """True where the number goes on with an open run: the next one, or one a few further in the innermost run; or where it is the next
        one of a run that a higher heading ended (numbers that run on through sections)."""
        run = self._open.get(style, [])
        return (
            not run
            and ordinal == self._ended.get(style, 0) + 1
            or any(ordinal == number + 1 for number in run)
            or bool(run)
            and run[-1] < ordinal <= run[-1] + jump
        )

    def add(self, style: str, ordinal: int) -> int:
        """Takes the number in and returns the one before it in its run (0: it begins one)."""
        run = self._open.setdefault(style, [])
        at = next((index for index in range(len(run) - 1, -1, -1) if run[index] == ordinal - 1), len(run) - 1)
        if ordinal == 1 or at < 0:
            run.append(ordinal)
            del run[:-_DEEPEST]
            return 0
        before = run[at]
        run[at:] = [ordinal]
        return before

    def depth(self, style: str) -> int:
        return len(self._open.get(style, ()))

    def end(self, *styles: str) -> None:
        for style in styles:
            run = self._open.pop(style, None)
            if run:
                self._ended[style] = run[-1]


class Head(msgspec.Struct, frozen=True, gc=False):
    """A heading as found: ``line`` is the index of its line, ``ordinal`` its number, ``inline`` that the body shares the line.

    ``body`` is where what is to be read for facts begins: behind the heading, or with its words where they state an amount.
    """

    line: int
    style: str
    ordinal: int
    number: str
    start: int
    title_start: int
    title_end: int
    body: int
    inline: bool

    def level(self) -> int:
        return LEVELS[self.style]


def find_heads(lines: Sequence[Line], first: int, last: int, blanks: Collection[int] = ()) -> list[Head]:
    """The headings among ``lines[first:last]`` in order; runs of numbers are checked, lists without lead sentences left out.

    ``blanks`` are the clean offsets where cleaning dropped a blank: one of them may stand for the lost stop behind a title.
    """
    heads: list[Head] = []
    runs = Runs()
    terms = False
    leads = short_leads(lines, first, last)
    for index in range(first, last):
        line = lines[index]
        head = None
        if index in leads:
            heads.append(Head(index, "lead", 0, "", line.start, line.start, line.end - 1, line.end, False))
            runs.end("digit")
            continue
        if line.words[0] == "附":
            head = _annex(lines, index, last)
        elif line.words[0] in _FIRST and not terms:
            head = _numbered(lines, index, runs, blanks)
        if head is None and len(line.words) <= 44 and not (heads and heads[-1].title_end > line.start):
            head = _plain(lines, index, first, last, heads)
        if head is not None:
            if head.style == "lead" and heads and _is_broken(heads[-1], head):
                heads[-1] = msgspec.structs.replace(heads[-1], title_end=head.title_end, body=head.body)
                continue
            if head.ordinal:
                runs.add(head.style, head.ordinal)
            runs.end(*BELOW.get(head.style, ()))
            heads.append(head)
            if head.style in ("part", "annex", "han"):
                terms = bool(wording().glossary.search(_titled(lines, head)))
    return heads


def _is_broken(above: Head, head: Head) -> bool:
    """True where a short line straight beneath a short numbered heading is the rest of its title."""
    return (
        above.style in ("han", "han_round")
        and above.line == head.line - 1
        and not above.inline
        and above.title_end - above.title_start <= 12
        and head.title_end - head.title_start <= 14
    )


def _titled(lines: Sequence[Line], head: Head) -> str:
    """The title of a heading without blanks (a glossary's is often spaced out)."""
    line = lines[head.line] if lines[head.line].end > head.title_start else lines[head.line + 1]
    return line.words[head.title_start - line.start : head.title_end - line.start].replace(" ", "")


_ANNEX = re.compile(rf"附(?:件|表|录)[ ]?(?:[{_HAN}\d]{{1,2}})?[:.、 ]*")


def _annex(lines: Sequence[Line], index: int, last: int) -> Head | None:
    """附件2 with its title, which may stand on the next line."""
    line = lines[index]
    match = _ANNEX.match(line.words)
    if match is None or len(line.words) > 60 or index + 1 >= last or ends_sentence(line.words) or _FILE.search(line.words):
        return None
    number = match[0].rstrip(":.、 ")
    if match.end() < len(line.words):
        if _MARK.match(line.words, match.end()):
            return None
        return Head(index, "annex", 0, number, line.start, line.start + match.end(), line.end, line.end, False)
    title = lines[index + 1]
    if len(title.words) > 44 or ends_sentence(title.words) or _MARK.match(title.words):
        return None
    return Head(index, "annex", 0, number, line.start, title.start, title.end, title.end, False)


BELOW: dict[str, tuple[str, ...]] = {
    "annex": ("han", "han_round", "digit", "digit_round", "circle", "first", "one_is"),
    "part": ("han", "han_round", "digit", "digit_round", "circle", "first", "one_is"),
    "volume": ("han", "han_round", "digit", "digit_round", "circle", "first", "one_is"),
    "chapter": ("han", "han_round", "digit", "digit_round", "circle", "first", "one_is"),
    "article": ("han", "han_round", "digit", "digit_round", "circle", "first", "one_is"),
    "han": ("han_round", "digit_round", "circle", "first", "one_is"),
    "han_round": ("digit_round", "circle", "one_is"),
    "digit": ("digit_round", "circle"),
    "digit_round": ("circle",),
}


def _numbered(lines: Sequence[Line], index: int, runs: Runs, blanks: Collection[int]) -> Head | None:
    line = lines[index]
    match = _MARK.match(line.words)
    if match is None:
        return None
    style = match.lastgroup or ""
    number = match[style]
    ordinal = _ordinal(style, number)
    rest = line.words[match.end() :]
    if ordinal > _LONGEST_RUN and not runs.continues(style, ordinal):
        return None
    if _NO_NUMBER.match(rest) or style == "digit" and rest[:1].isdigit() and not (ordinal > 1 and runs.latest(style) == ordinal - 1):
        return None
    if _FILE.search(rest):
        return None
    if not rest.strip(" —-―"):
        return _on_next_line(lines, index, style, ordinal, runs)
    if ordinal and not _follows(style, ordinal, runs, line.words, match):
        return None
    size, inline = _title(rest, style)
    if (not size or size > 40) and len(rest) > 40 and blanks:
        at = line.start + match.end()
        lost = next((length for length in range(4, 36) if at + length in blanks), 0)
        size, inline = (lost, True) if lost else (size, inline)
    if style in ("dash", "one_is", "first") and (not size or _AMOUNT.search(rest[:size]) and not inline):
        return None
    if style == "dash" and (not inline and ends_sentence(rest) and len(rest) > 30 or _is_byline(rest)):
        return None
    if style == "one_is" and not inline and not (index + 1 < len(lines) and _is_body(lines[index + 1].words)):
        return None
    title_start = line.start + match.end()
    after = rest[size:]
    body = title_start + size + len(after) - len(after.lstrip(STOPS + ": ")) if inline else line.end
    if _QUANTITY.search(rest, 0, size):
        body = title_start
    written = match[0].rstrip(",:") if style == "one_is" else match[0].strip()
    return Head(index, style, ordinal, written, line.start, title_start, title_start + size, body, inline)


def _is_body(words: str) -> bool:
    """True for a long paragraph that is no item itself."""
    return len(words) >= 40 and _MARK.match(words) is None


def _on_next_line(lines: Sequence[Line], index: int, style: str, ordinal: int, runs: Runs) -> Head | None:
    """A heading whose number stands alone on its line: the title is what follows, up to its stop, over three lines at most."""
    before = runs.latest(style)
    if style not in ("volume", "chapter", "article", "han", "han_round") or not before < ordinal <= before + 2 or index + 1 >= len(lines):
        return None
    line, after, following, stop = lines[index], lines[index + 1], lines[index + 1], None
    for at in range(index + 1, min(index + 4, len(lines))):
        following = lines[at]
        stop = _SENTENCE.search(following.words)
        if stop is not None or following.end - after.start > 40:
            break
        stop = _SENTENCE.search(lines[at + 1].words) if at + 1 < len(lines) else None
        if stop is None or following.end - after.start + stop.start() > 24:
            return Head(index, style, ordinal, line.words, line.start, after.start, following.end, following.end, False)
    if stop is None or following.start + stop.start() - after.start > 40 or following.start + stop.start() <= after.start + 3:
        return None
    end = following.start + stop.start()
    return Head(index, style, ordinal, line.words, line.start, after.start, end, end + 1, stop.end() < len(following.words))


def _ordinal(style: str, number: str) -> int:
    if style == "dash":
        return 0
    if style == "circle":
        return ord(number) - ord("①") + 1
    value = parse_numeral(number.strip("第篇编部分卷章节"))
    return value if isinstance(value, int) else 0


def _follows(style: str, ordinal: int, runs: Runs, words: str, match: re.Match[str]) -> bool:
    """True where the number goes on with a run, begins one, or stands where a run's beginning is lost."""
    if ordinal == 1:
        return True
    if style == "one_is" or style == "han" and match[0][-1] in ", " and len(words) > 50:
        return runs.continues(style, ordinal, jump=1)
    if not runs.latest(style) and not runs.continues(style, ordinal):
        return len(words) <= 40 and not ends_sentence(words) and ordinal <= 12 or style in ("volume", "chapter", "article", "digit")
    return runs.continues(style, ordinal)


def _title(rest: str, style: str) -> tuple[int, bool]:
    """Length of the title at the beginning of ``rest`` and whether the body follows on the same line."""
    stop = _SENTENCE.search(rest)
    while stop is not None and stop[0] == ":" and style not in ("dash", "one_is", "first") and stop.end() < len(rest) and len(rest) < 50:
        stop = _SENTENCE.search(rest, stop.end())
    if stop is None:
        return (len(rest.rstrip(" ,、:")), False) if len(rest) <= LONGEST_TITLE + 20 else (0, True)
    lost = _LOST_STOP.search(rest, 6, min(36, stop.start()))
    if (
        lost is not None
        and stop.start() > 30
        and style in ("digit", "han_round", "han")
        and rest.count(",", 0, lost.start()) <= (style != "digit")
    ):
        return lost.start(), True
    tail = rest[stop.end() :].lstrip(CLOSERS + " ")
    if not tail:
        item = style in _ITEMS and stop[0] == "。" and (stop.start() > _LONGEST_ITEM or _QUANTITY.search(rest, 0, stop.start()))
        return (0, True) if item or stop.start() > LONGEST_TITLE else (stop.start(), False)
    longest = _LONGEST_LEAD.get(style, LONGEST_TITLE)
    return (stop.start(), True) if stop.start() <= longest and stop[0] in "。!:;?" else (0, True)


_BYLINE = re.compile(r"(?:在.{2,40}(?:会议|大会|全会|会)上)|^\d{4}年\d{1,2}月\d{1,2}日|^[二一][〇○零九0-9].{1,12}[月日]")


def _is_byline(words: str) -> bool:
    return len(words) <= 60 and _BYLINE.search(words) is not None and not ends_sentence(words)


_FILE = re.compile(r"[.](?:docx?|pdf|xlsx?|jpg|wps|png)$")
_GOES_ON = frozenset("的为是上和与及了等于之、,;:。)”》")
_PLAIN_NO = re.compile(r"^(?:\(|各位|同志们|附[件表:]|责任编辑|来源|发布|注:|\d+$|[|>【\[])|[\t|]|https?:|\.(?:docx?|pdf|xlsx?|jpg)$")


def _plain(lines: Sequence[Line], index: int, first: int, last: int, heads: list[Head]) -> Head | None:
    """An unnumbered heading: a line of its own without a stop at its end, between a finished sentence and a longer paragraph."""
    words = lines[index].words
    if len(words) < 4 or words[-1] in "。!?;,、:…(（“" or index + 1 >= last or _PLAIN_NO.search(words):
        return None
    if index > first:
        previous = lines[index - 1].words
        if not (ends_sentence(previous) or previous[-1] == ":" or heads and heads[-1].line == index - 1):
            return None
    following = lines[index + 1].words
    if _is_byline(words):
        return None
    if _MARK.match(words):
        return None
    if is_part_title(words):
        style = "part"
    elif (
        6 <= len(words) <= 36
        and len(following) >= 40
        and following[0] not in _GOES_ON
        and not _TALKS.search(words)
        and not _AMOUNT.search(words[-1])
        and index > first
        and "。" not in words
    ):
        style = "lead"
    else:
        return None
    line = lines[index]
    return Head(index, style, 0, "", line.start, line.start, line.end, line.end, False)


def short_leads(lines: Sequence[Line], first: int, last: int) -> frozenset[int]:
    """Lines that are short sentences of one make (五年来,我们…。) with a numbered run beneath each: three or more of them are headings."""
    found: dict[str, list[int]] = {}
    for index in range(first, last - 1):
        words = lines[index].words
        if (
            8 <= len(words) <= 40
            and words[-1] == "。"
            and words[0] not in "(第0123456789"
            and words.count("。") == 1
            and lines[index + 1].words.startswith(("1.", "1、", "(1)", "(一)"))
        ):
            found.setdefault(words[:3], []).append(index)
    return frozenset(index for group in found.values() if len(group) >= 3 for index in group)


_TALKS = re.compile("我们(?:要|将|必须|还)|^(?:在|从|对于|当)[^,]{2,20},|各位|他说|表示|^[^“]{0,20}”")
_TIMED = re.compile(r"(?:19|20)\d\d年|[一二三四五六七八九十]五|五年|今年|明年|一年|回顾")


def is_part_title(words: str) -> bool:
    """True for an unnumbered line that opens a part: 2022年工作回顾, 今年主要工作, 加强政府自身建设, 名词解释."""
    if len(words) > 30 or words.count(",") > 0:
        return False
    told = wording()
    if told.glossary.search(words.replace(" ", "")) or told.annex.search(words) and len(words) <= 30:
        return True
    timed = _TIMED.search(words)
    if timed and (told.review.search(words) or told.plan.search(words) or told.outlook.search(words)):
        return True
    return bool(told.own.search(words)) and len(words) <= 14
