"""Finds in a clause the lists of names and the runs of verbs around them."""

from __future__ import annotations

import re

import msgspec

from luoshi.extract.kinds.project.lexis import Lexis
from luoshi.extract.kinds.project.name import uncommon
from luoshi.extract.kinds.project.tokens import Token, tokens


class Listing(msgspec.Struct, gc=False):
    """A list of members (spans), the verbs before it and behind it."""

    members: list[tuple[int, int]]
    before: list[Token] = []
    after: list[Token] = []
    #: 等 or a count closes the list; ``kind`` is the span of what is said behind it, ``counted`` that it has a number
    etc: bool = False
    kind: tuple[int, int] = (0, 0)
    counted: bool = False
    #: closed by the word 等 itself
    said: bool = False
    #: a number behind that closes the phrase: 公路8公里, 幼儿园11所
    tally: bool = False
    #: a number stands in front: 建设3个公园
    numbered: bool = False
    #: something of theirs is what the verbs are about: 甲、乙等片区的消防隐患
    owning: bool = False
    #: follows the list before it behind 和 or 、
    linked: bool = False


#: lists ``L0 … Ln-1`` and the runs of verbs ``V0 … Vn`` around them
Clause = tuple[list[Listing], list[list[Token]]]

#: what stands before an amount
_LINKING = re.compile(r"(?:至|到|约|达|近|超|共|计|从|由|为|增至|达到)+$")
#: counts of things, as against capacities
_PIECE = re.compile(r"[个条座处所家项宗块栋幢片批]|公里|平方米|亩|元|大$")
#: what closes the kind phrase behind 等: 等一批事关长远的重大项目
_BELONGS = re.compile(r"(?:项目|工程|园区|平台|基地|设施|道路|载体)$")
#: what completes a name behind 及: 港口及配套工程
_ADDED = re.compile(r"(?:配套|附属|相关|连接|附近|周边|零部件)")


def clauses(lex: Lexis, s: str, start: int, end: int) -> list[Clause]:
    """The clauses of a stretch without commas: one, or several where 并 or 同时 joins them."""
    out: list[Clause] = []
    part: list[Token] = []
    for t in tokens(lex, s, start, end):
        if t.kind == ",":
            out.append(_clause(lex, s, part))
            part = []
        else:
            part.append(t)
    out.append(_clause(lex, s, part))
    return out


def acts(lex: Lexis, run: list[Token]) -> bool:
    """True where a run of verbs opens with an act that can belong to a name."""
    return bool(run) and run[0].kind in "SP" and run[0].word in lex.actions


def _without_linking(s: str, part: list[Token]) -> list[Token]:
    last = len(part) - 1
    return [
        t
        for j, t in enumerate(part)
        if not (t.kind == "x" and j < last and part[j + 1].kind in "qmt" and t.end - t.start <= 4 and _LINKING.match(s, t.start, t.end))
    ]


def _clause(lex: Lexis, s: str, part: list[Token]) -> Clause:
    lists: list[Listing] = []
    runs: list[list[Token]] = [[]]
    part = _without_linking(s, part)
    i, n = 0, len(part)
    numbered = sep = False
    while i < n:
        t = part[i]
        k = t.kind
        if k == "x":
            cur = Listing(members=[], numbered=numbered, linked=sep and bool(lists))
            i = _list(lex, s, part, i, cur)
            numbered = False
            if cur.members:
                _fold(lex, lists, runs, cur)
                lists.append(cur)
                runs.append([])
                sep = False
            continue
        i += 1
        names = i < n and part[i].kind == "x"
        if k == "q":
            numbered = True
        elif k == "E":
            numbered = False
            if names:
                _describe(lists, runs)
        elif k == "C":
            sep = True
            if names and not lists:
                runs[-1].clear()
            elif lists and not names:
                runs[-1].append(t)
        elif k not in "Dm":
            runs[-1].append(t)
            if k not in "AtI":
                sep = numbered = False
    return lists, runs


def _describe(lists: list[Listing], runs: list[list[Token]]) -> None:
    """verb 的 name: all since the governing verb only describes."""
    if lists and runs[-1]:
        lists.clear()
        del runs[1:]
    elif lists:
        # 总投资9.5亿元的甲
        lists.pop()
        runs.pop()
    else:
        while runs[0] and runs[0][-1].kind in "SPAI":
            runs[0].pop()


def _fold(lex: Lexis, lists: list[Listing], runs: list[list[Token]], cur: Listing) -> None:
    """A改造、B扩建等工程: the acts of the lists before belong to their names, and all are one list."""
    if not cur.etc:
        return
    while cur.linked and lists and runs[-1] and all(t.kind in "SP" and t.word in lex.actions for t in runs[-1]):
        prev = lists.pop()
        prev.members[-1] = (prev.members[-1][0], runs.pop()[-1].end)
        cur.members[:0] = prev.members
        cur.linked, cur.numbered = prev.linked, prev.numbered


def _joined(lex: Lexis, s: str, left: tuple[int, int], right: Token, word: str) -> bool:
    """True where 与 or 及 stands inside one name: 水利与电力博物馆, 港口及配套工程."""
    if word not in ("与", "及"):
        return False
    if _ADDED.match(s, right.start):
        return True
    return word == "与" and not any(s[left[1] - size : left[1]] in lex.tails for size in (1, 2, 3) if left[1] - size >= left[0])


def _drop(lex: Lexis, s: str, members: list[tuple[int, int]]) -> None:
    """A、B的C: the list only describes, unless its last member is a clause (A和具有影响力的C)."""
    last = members.pop() if members else (0, 0)
    if any(s[last[1] - size : last[1]] in lex.tails for size in (1, 2, 3)) or s[last[0] : last[1]] in lex.places:
        members.clear()


def _list(lex: Lexis, s: str, part: list[Token], i: int, cur: Listing) -> int:
    """Reads one list from the stretch at ``i`` into ``cur``; returns the index behind it."""
    n = len(part)
    members = cur.members
    member = True
    while i < n:
        t = part[i]
        k = t.kind
        after = part[i + 1].kind if i + 1 < n else ""
        if k == "x":
            _take(cur, t, member=member)
            member = False
        elif k == "C" and after == "x":
            i += 1
            if not _goes_on(lex, s, cur, t, part[i]):
                member = True
                continue
        elif k == "D":
            cur.etc = cur.said = True
        elif k in "qm":
            if not member:
                step = _number(cur, part, i)
                if step == 0:
                    return i + 1
                i += step - 1
        elif k == "E":
            if after != "x":
                return i + 1
            if not cur.said:
                _drop(lex, s, members)
                cur.etc = cur.counted = False
                member = True
            elif not _BELONGS.search(s, part[i + 1].start, part[i + 1].end):
                cur.owning = True
                return i + 1
        elif k in "SP" and not cur.etc:
            # A上跨、B贯通等: the act belongs to the name
            j = next((j for j in range(i, n) if part[j].kind not in "SP"), n)
            if j == n or part[j].kind != "D" or not members or member:
                return i
            members[-1] = (members[-1][0], part[j - 1].end)
            i = j - 1
        else:
            return i
        i += 1
    return i


def _take(cur: Listing, t: Token, *, member: bool) -> None:
    """A stretch is a new member, goes on with the last, or is the kind behind 等."""
    if member:
        cur.members.append((t.start, t.end))
    elif cur.etc:
        cur.kind = (t.start, t.end)
    else:
        cur.members[-1] = (cur.members[-1][0], t.end)


def _goes_on(lex: Lexis, s: str, cur: Listing, t: Token, right: Token) -> bool:
    """True where the stretch behind a separator is no member of its own: it ends the name, or goes on with the kind behind 等."""
    if cur.etc:
        # 等11个城中村及旧住宅区
        return t.word != "、" and uncommon(s[right.start : right.end]) <= 1
    if cur.members and _joined(lex, s, cur.members[-1], right, t.word):
        cur.members[-1] = (cur.members[-1][0], right.end)
        return True
    return False


def _number(cur: Listing, part: list[Token], i: int) -> int:
    """Reads the number at ``i`` behind a member: how many tokens it takes, 0 where it ends the list."""
    t = part[i]
    after = part[i + 1].kind if i + 1 < len(part) else ""
    piece = _PIECE.search(t.word) is not None
    if cur.etc:
        cur.counted = cur.counted or t.kind == "q"
    elif after == "x" and not piece and i + 2 < len(part) and part[i + 2].kind in "CD":
        # 台, 辆, 吨: a capacity inside a designation
        cur.members[-1] = (cur.members[-1][0], part[i + 1].end)
        return 2
    elif after == "x" and (t.kind == "m" or piece):
        cur.etc = True
        cur.counted = t.kind == "q"
    elif not (after and after in "SPW"):
        cur.tally = True
        return 0
    return 1
