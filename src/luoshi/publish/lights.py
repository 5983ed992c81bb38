"""The page that explains the light rules, in Chinese and English, made from their files: ``docs/lights.md``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from luoshi.loop.light import LIGHT_RULES, rule_of
from luoshi.loop.light_rule import COLOURS, Bound, Light, LightRule, Line, Setting
from luoshi.loop.mechanism import Words
from luoshi.loop.quantity import QUANTITIES, namings

_SIGNS: Final = {"lt": "<", "le": "≤", "gt": ">", "ge": "≥", "eq": "="}
_HEAD: Final = """# 亮灯规则 Light rules

此页由 `src/luoshi/loop/lights/*.yaml` 生成，不要手改：`python -m luoshi.publish.lights > docs/lights.md`。\
怎样写本单位自己的规则，见[本单位的亮灯规则](own-lights.md)。

This page is made from `src/luoshi/loop/lights/*.yaml`; do not edit it. How an office writes a rule of its own: [own-lights.md](own-lights.md).

每个事项有时间、进度、质量三盏灯和一盏综合灯；没有可比的不亮（`none`）。每盏灯取成立的各行中最差的颜色，没有一行成立的取最好的颜色。\
≥、≤ 含本数，>、< 不含（民法典第一千二百五十九条）。标“缺省”的行不是该地公布的，由本单位核定。办结的事项时间看办结时刻；挂起的不变。

A matter has three lights, time, progress and quality, and one whole; a light with nothing to compare is dark (`none`). \
A light has the worst colour among the lines that hold, and the best one where none does. ≥ and ≤ include the number. \
Lines marked default were not published by the place; the office sets them. What is done is judged at the moment when it was; what is hung keeps its lights.
"""


def document() -> str:
    """The whole page: every rule that comes with the program, and the quantities that a rule may name."""
    return "\n".join([_HEAD, *(page(rule_of(key)) for key in LIGHT_RULES), _quantities()])


def page(rule: LightRule) -> str:
    """The part of the page on one rule, Markdown."""
    parts = [
        f"## {rule.title.zh} {rule.title.en} (`{rule.key}`)\n",
        f"{rule.about.zh}\n\n{rule.about.en}\n",
        "依据 Sources:\n",
        *(f"- 《{one.title}》，{one.by}{f'，{one.date}' if one.date else ''}" for one in rule.sources),
        "",
        *_table("灯 Light", "颜色 Colour", "条件 When", "依据 Source", rows=(row for light in rule.lights for row in _rows(rule, light))),
        f"\n综合 Whole: {_whole(rule)}\n",
        f"逾期办结 Done late: {_colour(rule, rule.late.light)}{_if(rule.late.if_)}（{_source(rule.late.source, rule.late.set_by)}）\n",
    ]
    if rule.memory:
        parts.append(f"记忆 Memory: {_memory(rule)}\n")
    if rule.settings:
        head = ("设置项 Setting", "含义 Meaning", "缺省 Default", "可选 Options")
        parts += [*_table(*head, rows=(_setting(one) for one in rule.settings)), ""]
    if rule.unsaid:
        parts += ["没有规定的 What the source does not say:\n", *(f"- {one.zh}<br>{one.en}" for one in rule.unsaid), ""]
    parts.append(f"文件里有 {len(rule.cases)} 个例子，每个界限都有。{len(rule.cases)} cases in the file, at every bound.\n")
    return "\n".join(parts)


def _rows(rule: LightRule, light: Light) -> Iterable[tuple[str, ...]]:
    title = _both(light.title)
    for line in sorted(light.lines, key=lambda one: -COLOURS.index(one.light)):
        yield (
            title,
            _colour(rule, line.light),
            f"**{line.title.zh}** {line.title.en}<br>{_when(rule, line)}",
            _source(line.source, line.set_by),
        )
    dark = "" if light.always else "（没有可比的不亮 dark with nothing to compare）"
    yield title, _colour(rule, rule.best), f"**{light.otherwise.title.zh}** {light.otherwise.title.en}<br>其余 otherwise{dark}", ""


def _when(rule: LightRule, line: Line) -> str:
    zh = [_condition(rule, name, wanted, "zh") for name, wanted in line.when.items()]
    en = [_condition(rule, name, wanted, "en") for name, wanted in line.when.items()]
    return f"{'，且'.join(zh)}；{' and '.join(en)}{_if(line.if_)}"


def _if(wanted: Mapping[str, str]) -> str:
    return "".join(f"（`{key}: {value}`）" for key, value in wanted.items())


def _condition(rule: LightRule, name: str, wanted: Bound | bool | str, lang: str) -> str:
    naming = namings()[name]
    title, unit = getattr(naming.title, lang), getattr(naming.unit, lang)
    if isinstance(wanted, bool):
        return title if wanted else f"{'没有' if lang == 'zh' else 'not '}{title}"
    if isinstance(wanted, str):
        return f"{title} = `{wanted}`"
    return f"{title} {', '.join(f'{_SIGNS[how]} {_end(rule, end)}' for how, end in wanted.ends)}{unit}"


def _end(rule: LightRule, end: float | str) -> str:
    return f"{rule.values[end]}(`{end}`)" if isinstance(end, str) else f"{end}"


def _whole(rule: LightRule) -> str:
    names = "、".join(light.title.zh for light in rule.lights if light.key in rule.whole.of)
    english = ", ".join(light.title.en for light in rule.lights if light.key in rule.whole.of)
    return f"{names}中最差的；the worst of {english}（{_source(rule.whole.source, rule.whole.set_by)}）"


def _memory(rule: LightRule) -> str:
    memory = rule.memory
    if memory is None:
        return ""
    after, becomes = _colour(rule, memory.after), _colour(rule, memory.becomes)
    return f"曾为{after}的，不再好于{becomes}；once {after}, never better than {becomes}{_if(memory.if_)}（{_source(memory.source, memory.set_by)}）"


def _setting(setting: Setting) -> tuple[str, ...]:
    options = "；".join(f"`{option.key}` {_both(option.title)}" for option in setting.options) or "数 a number"
    by = "office" if "缺省" in setting.source else "source"
    return f"`{setting.key}`", _both(setting.title), f"`{setting.value}`（{_source(setting.source, by)}）", options


def _source(source: str, set_by: str) -> str:
    return "缺省 default" if set_by == "office" else source


def _colour(rule: LightRule, colour: str) -> str:
    hue = next(one for one in rule.colours if one.key == colour)
    return _both(hue.title)


def _both(words: Words) -> str:
    return f"{words.zh} {words.en}"


def _quantities() -> str:
    rows = (
        (f"`{name}`", f"{naming.title.zh}<br>{naming.title.en}", f"{naming.how.zh}<br>{naming.how.en}", f"{naming.unit.zh}{naming.unit.en}")
        for name in QUANTITIES
        for naming in (namings()[name],)
    )
    head = ("名字 Name", "是什么 What", "怎样算 How it is counted", "单位 Unit")
    return "\n".join(["## 能用的量 What a rule may look at\n", *_table(*head, rows=rows), ""])


def _table(*head: str, rows: Iterable[tuple[str, ...]]) -> list[str]:
    line = "| {} |".format
    return [line(" | ".join(head)), line(" | ".join("---" for _ in head)), *(line(" | ".join(row)) for row in rows)]


if __name__ == "__main__":
    import sys

    sys.stdout.write(document())
