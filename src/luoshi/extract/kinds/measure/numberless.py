"""Amounts without a number: 全覆盖, 动态清零, 双下降, 高于全市平均, 与经济增长同步, 完成省定目标, 保持稳定, 居全省第一."""

from __future__ import annotations

import re

from luoshi.extract.kinds.measure.amount import Amount, spoken_number

_REFERENCE = r"(?!(?:近|约|\d|[一二三四五六七八九十百千万亿两]+[个家万亿元]))[^,;。、:()\d]{2,22}?"
_ASSIGNED_BY = r"下达|省定|市定|区定|国定|国家|省控|市控|省级|市级|上级|年度|年初|五年|十[一二三四五]五|减排|能耗|控制|约束|预期|预定|既定|全年|国考|省考|考核|规划|序时"

TRIGGER = re.compile(
    r"(?P<all>全覆盖|应(?P<a>[保缴检换治收种退管尽改纳享贷转就建拆助])尽(?P=a))"
    r"|(?P<zero>动态清零|动态归零|动态为零|清零|归零|零(?:死亡|增量|发生|事故|感染|伤亡|新增|输入|上访|舞弊|返贫))"
    r"|(?P<both>[双三](?:下降|降(?![低温])|提升(?![行工计])|增长|提高)(?=[”\",;。、!)]|$))"
    r"|(?P<rank>(?<![级])(?:第(?P<r>[一二三四五六七八九十]{1,3})(?:位|名)?(?![个次届期批条轮项方产季阶章节部类种家年大步人中小线所书例座台套块代层级副编师医版落象时点附职责看要动次任实]|[一二三四五六七八九十])|首位(?!度)|榜首|(?<=之)首(?![家个次批位都府])|前(?P<f>[一二三四五六七八九十]{1,2}|两)(?:位|名|强)?(?=[,;。、!)]|$)))"
    rf"|(?P<above>(?:(?:不低于|不得低于|高于|快于|优于|好于|跑赢|跑赢了|略大于|大于)(?:或高于)?(?P<ar>{_REFERENCE})|(?:超过|达到)(?P<am>[^,;。、:()\d]{{0,14}}?(?:平均|同期)(?:水平|增速)?))(?=[,;。、!的)]|$))"
    rf"|(?P<below>(?:(?:低于|慢于|小于)(?P<br>{_REFERENCE}))(?=[,;。、!的)]|$))"
    r"|(?P<with>(?:与|和|同)(?P<wr>[^,;。、:()\d]{2,16}?)(?:保持)?(?:基本|大体|总体|大致)?(?:同步(?:增长|提高)?|一致|持平)(?=[,;。、!)]|$))"
    rf"|(?P<assigned>(?:(?:超额|全面|全部|提前|圆满|顺利|如期|较好地?)*完成(?:了)?[^,;。、:()\d]{{0,10}}?(?:{_ASSIGNED_BY})[^,;。、:()\d]{{0,18}}?(?:目标任务|目标要求|目标|任务|指标|计划|要求)|(?:超额|提前)完成(?:了)?(?=[^,;。、:()\d]{{0,24}}(?:任务|目标|计划|指标))|(?<=任务)超额完成|(?<=目标)超额完成|完成目标任务|控制在(?:预期|预算)目标(?:之内|以内|内))(?=[,;。、!)]|$|[^,;。、:()\d]))"
    r"|(?P<unchanged>(?:保持|总体|基本|继续保持)(?:基本|总体|大体)?稳定(?=[,;。、!)]|$))",
)
_RANKED = re.compile(r"(?:居|列|排名|排|位次|位于|蝉联|荣获|获得?|夺得|名列|全国|全省|全市|全区|全县|全球|世界|省内|市内|国内|区内|中部|西部|东部|同类|省市|各区|城区|县市|名次|总分|总量|实现|保持|上升到|跃升|进入|跻身|前列|亚洲|华东|华北|华南|沿海|涵养区|自治区|同级|副省级|计划单列市)[^,;。、:]{0,8}$")
_STEADY = re.compile(r"(?:水平|水质|汇率|物价|价格|率|面积|产量|规模|总量|存栏|质量|比重|收入|投入|储备)$")
_LOOSE = re.compile(r"平均|水平|增速|增长|增幅|GDP|经济|收入|全国|全省|全市|全区|全县|上年|去年|预期|城镇|居民|目标|同期|产业|工业|投资|财政|消费|火电|进口|出口|家庭|生产|支出|计划")


def word_amounts(clean: str, start: int, end: int) -> list[Amount]:
    """The numberless amounts of the stretch, in order; ``unit_class`` is ``word`` and ``written_unit`` the comparator."""
    found: list[Amount] = []
    over = start
    for sign in _SIGN.finditer(clean, start, end):
        match = _match_at(clean, sign, max(over, start), end)
        if match is None:
            continue
        amount = _amount(clean, match)
        if amount is not None:
            over = match.end()
            found.append(amount)
    return found


#: words that every numberless amount has; one cheap scan finds them
_SIGN = re.compile(
    r"全覆盖|应[保缴检换治收种退管尽改纳享贷转就建拆助]尽|[清归为]零|零[死增发事感伤新输上舞返]|[双三][下降提增]|第[一二三四五六七八九十]|首位|榜首|之首|前[一二两三四五六七八九十]"
    r"|[高快优好大低慢小]于|跑赢|超过|达到|同步|一致|持平|完成|稳定|控制在"
)
#: how many characters before its sign an amount may begin, the longest first
_BACK = {"清零": (2, 0), "归零": (2, 0), "为零": (2,), "高于": (2, 1, 0), "快于": (0,), "优于": (0,), "好于": (0,), "大于": (1, 0), "低于": (3, 2, 1, 0), "完成": (6, 4, 2, 0), "稳定": (6, 4, 2, 0)}
_WITH = re.compile(r"(?:与|和|同)[^,;。、:()\d]{2,16}$")


def _match_at(clean: str, sign: re.Match[str], low: int, high: int) -> re.Match[str] | None:
    at, word = sign.start(), sign.group()
    if at < low:
        return None
    if word in ("同步", "一致", "持平"):
        begin = _WITH.search(clean, max(low, at - 24), at)
        return TRIGGER.match(clean, begin.start(), high) if begin else None
    if word == "之首":
        return TRIGGER.match(clean, at + 1, high)
    for back in _BACK.get(word, (0,)):
        if at - back >= low:
            match = TRIGGER.match(clean, at - back, high)
            if match and match.end() > at:
                return match
    return None


def _amount(clean: str, match: re.Match[str]) -> Amount | None:
    kind = match.lastgroup or ""
    start, end = match.start(), match.end()
    named = match.groupdict()
    kind = next(name for name in ("all", "zero", "both", "rank", "above", "below", "with", "assigned", "unchanged") if named[name] is not None)
    if kind == "rank":
        return _rank(clean, match)
    if kind in ("above", "below", "with"):
        group = {"above": "ar" if named["ar"] else "am", "below": "br", "with": "wr"}[kind]
        if not _LOOSE.search(named[group]) or named[group].startswith(("等", "一", "此")):
            return None
        amount = _word(start, end, kind)
        amount.reference = (match.start(group), match.end(group))
        return amount
    if kind == "both":
        amount = _word(start, end, "both_down" if "降" in match.group() else "both_up")
        return amount
    if kind == "all":
        if clean[start - 1 : start] == "“" and clean[end : end + 1] != "”":
            return None
        return _word(start, end, "all", 100, "%")
    if kind == "zero":
        return _word(start, end, "zero", 0)
    if kind == "unchanged" and not _STEADY.search(clean, max(0, start - 8), start):
        return None
    return _word(start, end, kind)


def _rank(clean: str, match: re.Match[str]) -> Amount | None:
    start, end = match.start(), match.end()
    if not _RANKED.search(clean, max(0, start - 16), start):
        return None
    if clean[end : end + 1] == "的" and match.group().startswith("第一"):
        pass
    if match.group("f"):
        value = spoken_number(match.group("f"))
        amount = Amount(start + 1 if clean[end - 1] in "位名强" else start, end, int(value or 0), clean[end - 1] if clean[end - 1] in "位名" else "位", "rank")
        amount.behind = "le"
    else:
        written = match.group("r")
        value = spoken_number(written) if written else 1
        amount = Amount(start, end, int(value or 1), "位", "rank")
    amount.in_words = True
    return amount if value else None


def _word(start: int, end: int, comparator: str, value: int | None = None, unit: str = "") -> Amount:
    amount = Amount(start, end, value if value is not None else 0, unit, "word")
    amount.no_value = value is None
    amount.written_unit = comparator
    amount.in_words = True
    return amount
