"""Acts: what a sentence of a plan commits to do, by the verbs at the heads of its clauses."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from luoshi.extract.kinds.task.act_words import ADVERB, MODALS, NOMINAL, PREPOSITION, STARTER, VERB, ActTables, act_tables

Part = tuple[int, int]
_PARTS = re.compile(r"[^;。!?\n]+")
_SENTENCE_ENDS = "。!?\n"
_COMMAS = re.compile("[,:]")
_LEAD_IN = re.compile(
    r"[ \t]*(?:[一二三四五六七八九十]{1,3}(?:是|要)|第[一二三四五六七八九十]{1,2}[,、]?|\([一二三四五六七八九十\d]{1,3}\)|\d{1,4}[.、](?!\d)"
    r"|[一二三四五六七八九十]{1,3}、|[①-⑳]|——|—|[●■◆★▲·•])?[ \t,:]*"
)
_TIME = re.compile(
    r"(?:到|至|在|于|从)?(?:(?:20|19)\d\d年(?:起|底|末|前|内|度)*(?:之?前)?|\d{1,2}月(?:份|底|初|中旬|上旬|下旬)?(?:之?前)?|年(?:底|内|末|中)(?:之?前)?"
    r"|今明两年|[“\"]?十[一二三四五]五[”\"]?(?:期间|时期|末)?|(?:未来|今后)?[三五两]年内?|本届政府任期内)"
)
_TIME_STARTS = frozenset("0123456789到至在于从年今未本“十")
_PLAIN = frozenset(" \t“”‘’\"'《")
_QUOTED = re.compile("“[^“”,]{1,14}”")
_MANNER = re.compile(r"[\u4e00-\u9fff]{1,6}?[^土基当各本外内产工农场园林耕用营阵驻异属高两该]地")
_JOINS = frozenset("、和并及与")
_NOT_VERBS = frozenset("的了者率")
_AMOUNT = re.compile(r"(?:到|至|了|约|近|超|超过|逾|在)*[“]?\d")
#: starters that speak of an amount where one follows (确保8%)
_KEEPERS = ("稳定", "确保", "保证", "争取")
_FRAMES = frozenset(("围绕", "针对", "本着", "借鉴"))
_LOCATIVES = (
    "中",
    "上",
    "下",
    "内",
    "里",
    "时",
    "后",
    "前",
    "同时",
    "基础",
    "方面",
    "领域",
    "范围",
    "期间",
    "之际",
    "里程",
    "入手",
    "出发",
    "阶段",
)
#: steps that a walk may take from a clause's head, so that its cost is bounded
_STEPS = 14
_REACH = 90


class Act(msgspec.Struct, frozen=True, gc=False):
    """A sentence, or part between semicolons, that commits to an act; ``verbs`` are spans in order."""

    start: int
    end: int
    verbs: tuple[Part, ...]


def find_acts(text: str, start: int, end: int) -> Iterator[Act]:
    """The acts of ``text[start:end]``, in order.

    A part commits to an act where a clause of it begins with a verb of the lexicon (adverbs, modals and times before it do not count),
    where one follows a modal, or where a subject is followed by a verb of completion. Slogans, judgements, guidelines, arguments
    and accounts of the past are left out, whatever verbs they hold.
    """
    tables = act_tables()
    refused = -1
    for match in _PARTS.finditer(text, start, end):
        first, last = match.span()
        if last - first < 4 or first == refused:
            if first == refused and text[last : last + 1] == ";":
                refused = last + 1
            continue
        lead = _LEAD_IN.match(text, first, last)
        begin = lead.end() if lead else first
        verbs = _verbs(text, begin, last, tables)
        if not verbs:
            continue
        if tables.hint.search(text, begin, last) and (refusal := _refusal(text, begin, last, tables)):
            if "总" in refusal and text[last : last + 1] == ";":  # the guideline goes on behind the semicolon
                refused = last + 1
            continue
        verbs = _unjudged(text, begin, last, verbs, tables)
        if not verbs:
            continue
        while text[last - 1] in " \t,、:":
            last -= 1
        yield Act(start=begin, end=last, verbs=verbs)


def _unjudged(text: str, start: int, end: int, verbs: tuple[Part, ...], tables: ActTables) -> tuple[Part, ...]:
    """The verbs without those of a judgement (甲是乙的关键): those behind it stay where the sentence goes on to what is to be done."""
    if text.find("是", start, end) < 0:
        return verbs
    judged = tables.judgement.search(text, start, end)
    if judged is None:
        return verbs
    resumed = tables.resume.search(text, judged.end(), end)
    return tuple(verb for verb in verbs if verb[0] >= judged.end()) if resumed else ()


def _refusal(text: str, start: int, end: int, tables: ActTables) -> str:
    """The words for which a part commits to nothing, ``""`` where there are none."""
    found = tables.refuse.search(text, start, end)
    if found is None and not tables.keep.search(text, start, end):
        found = tables.past.search(text, start, end)
    return found[0] if found else ""


def _verbs(text: str, start: int, end: int, tables: ActTables) -> tuple[Part, ...]:
    """The verbs of one part that say what is to be done, in order, each once."""
    found = _walk(text, start, end, tables)
    for comma in _COMMAS.finditer(text, start, end):
        found += _walk(text, comma.end(), end, tables)
    heads = len(found)
    for tail in tables.tail.finditer(text, start, end):
        if tail[0] in MODALS:
            found += _after_modal(text, tail, end, tables)
        elif not any(verb[1] == tail.start() for verb in found):  # 完成主体封顶: an object
            found.append(tail.span())
    if not found:
        return tuple(_pushed(text, start, end, tables))
    return tuple(found) if len(found) == heads else _apart(found)


def _pushed(text: str, start: int, end: int, tables: ActTables) -> list[Part]:
    """The verb behind the first adverb that has one, for sentences whose subject stands before it."""
    for push in tables.push.finditer(text, start, min(end, start + _REACH)):
        found = _look_up(text, push.end(), tables)
        if found and found[1] in (VERB, NOMINAL) and _is_verb(text, found[0], found[1], push.end() + len(found[0]), end, tables):
            chain = _chain(text, (push.end(), push.end() + len(found[0])), end, tables)
            if (
                chain[-1][1] < end and text[chain[-1][1]] not in ",:、)”"
            ):  # 面貌持续改善 tells how things are, 园区重点发展电子 what is done
                return chain
    return []


def _apart(found: list[Part]) -> tuple[Part, ...]:
    """Sorted; of those that overlap the longer."""
    found.sort(key=lambda part: (part[0], -part[1]))
    out = [found[0]]
    for part in found[1:]:
        if part[0] >= out[-1][1]:
            out.append(part)
        elif part[1] - part[0] > out[-1][1] - out[-1][0]:
            out[-1] = part
    return tuple(out)


def _after_modal(text: str, tail: re.Match[str], end: int, tables: ActTables) -> list[Part]:
    """What follows a modal; behind 将 and 把 the verb may stand behind the object."""
    found = [] if tail[0] == "把" else _walk(text, tail.end(), end, tables, modal=True)
    return found or (_behind(text, tail.end(), end, tables.objects, tables) if tail[0] in "将把" else [])


def _behind(text: str, at: int, end: int, verbs: re.Pattern[str], tables: ActTables) -> list[Part]:
    """The first of the given verbs in the rest of the clause."""
    for verb in verbs.finditer(text, at, _clause_end(text, at, end)):
        if _takes_object(text, verb[0], verb.end(), tables):
            return [verb.span()]
    return []


def _is_frame(text: str, word: str, at: int, end: int) -> bool:
    """True where a clause only says where, when or round what: 在……过程中, 从……方面, 围绕……."""
    if word in _FRAMES:
        return True
    return word in ("在", "从") and text.endswith(_LOCATIVES, at, _clause_end(text, at, end))


def _verbs_behind(word: str, tables: ActTables) -> re.Pattern[str]:
    """The verbs that may follow what a preposition governs."""
    if word in ("把", "将"):
        return tables.objects
    return tables.serves if word in ("为", "为了") else tables.light


def _clause_end(text: str, at: int, end: int) -> int:
    comma = _COMMAS.search(text, at, min(end, at + _REACH))
    return comma.start() if comma else min(end, at + _REACH)


def _look_up(text: str, at: int, tables: ActTables) -> tuple[str, int] | None:
    """The longest word of the lexicon at a place."""
    for candidate in tables.pairs.get(text[at : at + 2], ()):
        if len(candidate[0]) == 2 or text.startswith(candidate[0], at):
            return candidate
    return tables.singles.get(text[at : at + 1])


def _walk(text: str, at: int, end: int, tables: ActTables, *, modal: bool = False) -> list[Part]:
    """The verb that a clause begins with, with those joined to it; ``[]`` where it begins with none.

    Behind a ``modal`` a word that may be a noun is a verb at the clause's end too (都要积极发展).
    """
    starter: Part | None = None
    for _ in range(_STEPS):
        if at >= end:
            break
        found = _look_up(text, at, tables)
        if found is None:
            step = _over(text, at, end, tables)
            if step == at:
                break
            at = step
            continue
        word, kind = found
        after = at + len(word)
        if kind == ADVERB:
            at = after
        elif kind == STARTER:
            starter, at = (at, after), after
        elif kind == PREPOSITION:
            verbs = [] if _is_frame(text, word, after, end) else _behind(text, after, end, _verbs_behind(word, tables), tables)
            return verbs or ([starter] if starter else [(at, after)] if word in ("利用", "运用") else [])
        elif _is_verb(text, word, kind, after, end, tables) or (modal and after >= _mark_at(text, after, end)):
            return _chain(text, (at, after), end, tables)
        else:
            break
    if (
        starter
        and starter[1] < end
        and text[starter[1]] not in ",:、"
        and not (text.startswith(_KEEPERS, *starter) and _AMOUNT.match(text, starter[1]))
    ):
        return [starter]
    return []


def _over(text: str, at: int, end: int, tables: ActTables) -> int:
    """Behind quoted words, blanks, a time or an adverb in 地 that stand at ``at``; ``at`` itself where there is none."""
    c = text[at]
    if c in _TIME_STARTS:
        time = _TIME.match(text, at, end)
        if time:
            return time.end()
    if c in _PLAIN:
        quoted = _QUOTED.match(text, at, end)
        return quoted.end() if quoted and _look_up(text, quoted.end(), tables) else at + 1
    manner = _MANNER.match(text, at, end)
    if manner:
        found = _look_up(text, manner.end(), tables)
        return manner.end() if found and found[1] == VERB else at
    return at


def _mark_at(text: str, at: int, end: int) -> int:
    """``at`` where a mark or the end stands there, else a place behind it."""
    return at if at >= end or text[at] in ",:、)”" else at + 1


def _is_verb(text: str, word: str, kind: int, after: int, end: int, tables: ActTables) -> bool:
    if after < end and text[after] in _NOT_VERBS:
        return False
    if kind == NOMINAL:
        return _takes_object(text, word, after, tables)
    return not (word in tables.amounts and _AMOUNT.match(text, after, end))


def _takes_object(text: str, word: str, after: int, tables: ActTables) -> bool:
    """False where a word that may be a noun is one: before a mark, or before what it qualifies (建设水平, 改革方案)."""
    if word not in tables.nominal:
        return True
    if text[after : after + 1] in _JOINS:  # 改革和完善…
        joined = _look_up(text, after + 1, tables)
        if joined is None:
            return text.startswith(("和美", "和谐", "和平", "和睦"), after)
        return joined[1] == VERB and not tables.after.match(text, after + 1 + len(joined[0]))
    return tables.after.match(text, after) is None


def _chain(text: str, verb: Part, end: int, tables: ActTables) -> list[Part]:
    """The verb with those that follow it at once or behind 、和并及与: 制定并实施, 谋划、开工、投产."""
    chain, at = [verb], verb[1]
    for _ in range(_STEPS):
        if at >= end:
            break
        joined = text[at] in _JOINS
        if joined:
            at += 1
        found = _look_up(text, at, tables)
        while joined and found and found[1] == ADVERB and at < end:
            at += len(found[0])
            found = _look_up(text, at, tables)
        if found is None or found[1] in (ADVERB, PREPOSITION) or at + len(found[0]) > end:
            break
        word, kind = found
        after = at + len(word)
        planned = joined or text[chain[-1][0] : chain[-1][1]] in tables.plans
        if (
            len(word) < 2
            or (kind == NOMINAL and not planned)
            or (kind == STARTER and not joined)
            or not _is_verb(text, word, kind, after, end, tables)
        ):
            break
        chain.append((at, after))
        at = after
    return chain
