"""The page of documentation of a mechanism, written from its file: what it is, its stages drawn, and every act, clock and case in words.

``python -m luoshi.loop.paper docs/mechanisms`` writes the pages and drawings of all mechanisms anew, those of the folder's own files too, and
the parts of README.md that are made; with a file instead of a folder it runs the file's cases and writes its page beside it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec

from luoshi.errors import LuoshiError
from luoshi.loop.casing import run
from luoshi.loop.clock import read_limit, read_rhythm
from luoshi.loop.diagram import svg
from luoshi.loop.mechanism import LIVE, Act, Clock, Mechanism, Words
from luoshi.loop.rules import load_mechanism, mechanisms
from luoshi.loop.telling import story
from luoshi.tables import load_table

_UNITS: Final = {
    "minute": "分钟", "hour": "小时", "workday": "个工作日", "day": "日", "week": "周", "month": "个月", "year": "年",
}  # fmt: skip
_EVERY: Final = {"week": "周", "month": "月", "quarter": "季度", "half-year": "半年", "year": "年"}
_AFTER: Final = {"week": "次周", "month": "次月", "quarter": "后一个月", "half-year": "后一个月", "year": "次年"}
_LIGHTS: Final = {"red": "红灯", "yellow": "黄灯", "blue": "蓝灯", "orange": "橙灯"}
_MADE: Final = re.compile(r"(<!-- made:(?P<name>[a-z]+) -->\n).*?(<!-- /made -->)", re.DOTALL)


class Vocabulary(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words of a mechanism file, each explained: ``vocabulary.yaml``."""

    needs: dict[str, Words]
    effects: dict[str, Words]
    kinds: dict[str, Words]
    types: dict[str, Words]
    held: dict[str, Words]
    schedules: dict[str, Words]
    #: by declaration (``Act``), then by key
    keys: dict[str, dict[str, Words]]


@cache
def vocabulary() -> Vocabulary:
    """The words with their explanations."""
    return load_table("luoshi.loop", "vocabulary.yaml", Vocabulary)


def page(mechanism: Mechanism) -> str:
    """The page of a mechanism in Markdown, Chinese first; its drawing lies beside it as ``<id>.svg``."""
    parts = (_head, _parts, _fields, _acts, _clocks, _ladder, _lists, _variants, _end, _cases)
    return "\n".join(line for part in parts for line in part(mechanism)) + "\n"


def index(those: Sequence[Mechanism]) -> str:
    """The table of mechanisms for the README."""
    rows = [(f"[{one.id}]({one.id}.md)", one.title.zh, one.title.en, one.about.zh) for one in those]
    return "\n".join(_table(("编号", "机制", "Mechanism", "做什么"), rows))


def words() -> str:
    """The closed vocabulary, word by word, for the README."""
    known = vocabulary()
    named = {
        "needs、wants：动作要什么 What an act asks for": known.needs, "effect：动作还做什么 What an act does besides": known.effects,
        "kind：阶段的种类 Kinds of stages": known.kinds, "type：项目的类型 Types of fields": known.types,
        "held：谁担任 Who holds a part": known.held, "schedule：进度和什么比 What progress is compared with": known.schedules,
    }  # fmt: skip
    lines: list[str] = []
    for name, entries in known.keys.items():
        lines += [f"### {_STRUCTS[name]}", "", *_explained(entries), ""]
    for title, entries in named.items():
        lines += [f"### {title}", "", *_explained(entries), ""]
    return "\n".join(lines[:-1])


def renew(folder: Path) -> None:
    """Writes the page and the drawing of every mechanism into the folder, and the made parts of its README."""
    for path, text in made(folder).items():
        path.write_text(text, encoding="utf-8")


def made(folder: Path) -> dict[Path, str]:
    """What ``renew`` writes, by path."""
    own = [load_mechanism(path) for path in sorted(folder.glob("*.yaml"))]
    those = (*mechanisms(), *own)
    found = {folder / f"{one.id}.md": page(one) for one in those} | {folder / f"{one.id}.svg": svg(one) for one in those}
    readme, blocks = folder / "README.md", {"index": index(those), "words": words()}
    if readme.is_file():
        found[readme] = _MADE.sub(lambda part: f"{part[1]}\n{blocks[part['name']]}\n\n{part[3]}", readme.read_text(encoding="utf-8"))
    return found


# --- the parts of a page


def _head(mechanism: Mechanism) -> Iterator[str]:
    yield f"# {mechanism.id} {mechanism.title.zh} {mechanism.title.en}"
    yield f"\n<!-- 由 src/luoshi/loop/mechanisms/ 里的文件生成：python -m luoshi.loop.paper docs/mechanisms -->\n\n{mechanism.about.zh}"
    yield f"\n{mechanism.about.en}\n"
    internal = "；全部内部掌握" if mechanism.internal else ""
    yield f"第 {mechanism.version} 版；编号以“{mechanism.number}”开头；进度{vocabulary().schedules[mechanism.schedule].zh}{internal}。\n"
    yield "## 依据 Sources\n"
    yield from (f"- {one.title}{f'：{one.clause}' if one.clause else ''}" for one in mechanism.sources)
    yield f"\n## 阶段 Stages\n\n![{mechanism.title.zh}的阶段和动作]({mechanism.id}.svg)\n"
    rows = [
        (stage.title.zh, stage.title.en, vocabulary().kinds[stage.kind].zh, _part(mechanism, stage.turn), f"`{stage.key}`")
        for stage in mechanism.stages
    ]
    yield from _table(("阶段", "Stage", "种类", "轮到谁", "key"), rows)


def _parts(mechanism: Mechanism) -> Iterator[str]:
    yield "\n## 谁参加 Parts\n"
    rows = []
    for part in mechanism.parts:
        apart = f"；不能就是{_those(mechanism, part.apart)}" if part.apart else ""
        rows.append(
            (part.title.zh, part.title.en, f"{f'本地区有角色 {part.role} 的账号' if part.role else vocabulary().held[part.held].zh}{apart}")
        )
    yield from _table(("谁", "Part", "由谁担任"), rows)


def _fields(mechanism: Mechanism) -> Iterator[str]:
    if not mechanism.fields:
        return
    yield "\n## 项目 Fields\n"
    rows = []
    for field in mechanism.fields:
        kind = vocabulary().types[field.type].zh + (f"（{field.unit}）" if field.unit else "")
        choices = "：" + "、".join(choice.title.zh for choice in field.choices) if field.choices else ""
        shown = "打码" if field.masked else "公开" if field.public else "内部"
        note = "；".join(one for one in (field.help.zh if field.help else "", f"格式 `{field.pattern}`" if field.pattern else "") if one)
        rows.append((field.title.zh, field.title.en, kind + choices, _required(mechanism, field.required, field.when), shown, note))
    yield from _table(("项目", "Field", "类型", "必填", "公开", "说明"), rows)


def _required(mechanism: Mechanism, act: str, when: Mapping[str, tuple[str, ...]]) -> str:
    if not act:
        return ""
    return ("立项" if act == "file" else _act(mechanism, act)) + (f"（{_conditions(mechanism, when)}）" if when else "")


def _conditions(mechanism: Mechanism, when: Mapping[str, tuple[str, ...]]) -> str:
    told = []
    for key, values in when.items():
        field = mechanism.field(key)
        titles = {one.key: one.title.zh for one in (field.choices if field else mechanism.variants)}
        told.append(f"{field.title.zh if field else '类别'}为{'、'.join(titles.get(value, value) for value in values)}")
    return "，且".join(told)


def _acts(mechanism: Mechanism) -> Iterator[str]:
    yield "\n## 动作 Acts\n"
    rows = [
        (
            f"**{act.title.zh}**<br>{act.title.en}", _those(mechanism, act.by), _stages(mechanism, act.at),
            "原来的阶段" if act.back else mechanism.stage(act.to).title.zh if act.to else "不变", _asks(mechanism, act),
            _those(mechanism, act.tells), "；".join(_bounds(mechanism, act)),
        )
        for act in mechanism.acts
    ]  # fmt: skip
    yield from _table(("动作 Act", "谁 By", "从 From", "到 To", "要什么 Needs", "告知 Tells", "限制和依据 Bounds"), rows)


def _asks(mechanism: Mechanism, act: Act) -> str:
    known = vocabulary().needs
    told = ["、".join(known[need].zh for need in act.needs)]
    told += [f"可给：{'、'.join(known[need].zh for need in act.wants)}"] if act.wants else []
    told += [f"可填：{'、'.join(_field(mechanism, key) for key in act.fields)}"] if act.fields else []
    return "；".join(one for one in told if one)


def _bounds(mechanism: Mechanism, act: Act) -> Iterator[str]:
    if act.not_by:
        yield f"办过“{'”“'.join(_act(mechanism, key) for key in act.not_by)}”的人回避"
    if act.after:
        yield f"须先{'、'.join(_act(mechanism, key) for key in act.after)}"
    if act.within:
        yield f"限{'、'.join(_clock(mechanism, key) for key in act.within)}内"
    if act.variants:
        yield f"只限{'、'.join(one.title.zh for one in mechanism.variants if one.key in act.variants)}"
    if act.when:
        yield f"只在{_conditions(mechanism, act.when)}时"
    if act.pending:
        yield f"批“{_act(mechanism, act.pending)}”"
    if act.each:
        yield f"{_part(mechanism, act.each)}逐个办"
    if act.most:
        yield f"最长到原期限后{said(act.most, mechanism)}"
    if act.effect:
        yield vocabulary().effects[act.effect].zh
    if act.source:
        yield f"依据：{act.source}"


def _clocks(mechanism: Mechanism) -> Iterator[str]:
    yield "\n## 时限和周期 Clocks and rhythms\n"
    rows = []
    for clock in mechanism.clocks:
        name = f"**{clock.title.zh}**<br>{clock.title.en}" + ("（事项本身的时限）" if clock.main else "")
        runs = f"{'、'.join(_act(mechanism, key) for key in clock.start)} → {'、'.join(_act(mechanism, key) for key in clock.stop)}"
        rows.append((name, _limits(mechanism, clock), runs, _part(mechanism, clock.owner), clock.source))
    for rhythm in mechanism.rhythms:
        where = f"{_stages(mechanism, rhythm.at)}期间，{'、'.join(_act(mechanism, key) for key in rhythm.stop)}算报过"
        name = f"**{rhythm.title.zh}**<br>{rhythm.title.en}"
        rows.append((name, said_rhythm(rhythm.every), where, _part(mechanism, rhythm.owner), rhythm.source))
    yield from _table(("名称 Name", "多久 Limit", "从 → 到 From, to", "算在谁 Owner", "依据 Source"), rows)


def _limits(mechanism: Mechanism, clock: Clock) -> str:
    told = [said(clock.limit, mechanism)]
    for key, limits in clock.by.items():
        field = mechanism.field(key)
        titles = {choice.key: choice.title.zh for choice in field.choices} if field else {}
        told += [f"{titles.get(value, value)} {said(limit, mechanism)}" for value, limit in limits.items()]
    told += [f"{one.title.zh}：{said(one.limits[clock.key], mechanism)}" for one in mechanism.variants if clock.key in one.limits]
    told += [f"提前{said(clock.warn, mechanism)}提醒"] if clock.warn else []
    told += [f"{'、'.join(_act(mechanism, key) for key in clock.pause)}时暂停"] if clock.pause else []
    told += [f"对{_part(mechanism, clock.each)}逐个计"] if clock.each else []
    told += [f"到期自动“{_act(mechanism, clock.then)}”"] if clock.then else []
    told += ["可以做而不是必须做"] if clock.right else []
    told += ["每次另计，先答先到期的"] if clock.again else []
    told += [f"自{_field(mechanism, clock.since)}起算"] if clock.since else []
    return "；".join(told)


def _ladder(mechanism: Mechanism) -> Iterator[str]:
    if not mechanism.ladder:
        return
    yield "\n## 逐级催办 Ladder\n"
    rows = []
    for rung in mechanism.ladder:
        if rung.light:
            when = f"连续 {rung.times} 个月末{_LIGHTS.get(rung.light, rung.light)}"
        elif rung.before:
            when = f"{_clock(mechanism, rung.clock)}到期前{said(rung.before, mechanism)}"
        else:
            late = said(rung.after, mechanism) if rung.after and not rung.after.startswith("0 ") else ""
            when = f"{_clock(mechanism, rung.clock)}到期{f'后{late}' if late else '未办'}"
        rows.append((f"{rung.title.zh}<br>{rung.title.en}", when, _those(mechanism, rung.tells), "有" if rung.paper else "", rung.source))
    yield from _table(("步骤 Step", "何时 When", "告知 Tells", "文书 Paper", "依据 Source"), rows)


def _lists(mechanism: Mechanism) -> Iterator[str]:
    if mechanism.checklists:
        yield "\n## 清单 Checklists\n"
    for one in mechanism.checklists:
        yield f"**{one.title.zh} {one.title.en}**{f'（{one.source}）' if one.source else ''}\n"
        yield from (f"- {point.title.zh} {point.title.en}{'' if point.required else '（选勾）'}" for point in one.points)
        yield ""


def _variants(mechanism: Mechanism) -> Iterator[str]:
    if not mechanism.variants:
        return
    yield "\n## 类别 Variants\n"
    rows = []
    for one in mechanism.variants:
        told = [f"{_clock(mechanism, key)}{said(limit, mechanism)}" for key, limit in one.limits.items()]
        told += [f"立项必填{'、'.join(_field(mechanism, key) for key in one.required)}"] if one.required else []
        told += ["内部掌握"] if one.internal else []
        points = {point.key: point.title.zh for found in mechanism.checklists for point in found.points}
        told += [f"清单：{'、'.join(points.get(key, key) for key in keys)}" for keys in one.checklists.values()]
        told += [f"答复类别：{'、'.join(f'{found.key} {found.title.zh}' for found in one.classes)}"] if one.classes else []
        rows.append((f"**{one.title.zh}**<br>{one.title.en}", "；".join(told), one.source))
    yield from _table(("类别 Variant", "不同之处 Differences", "依据 Source"), rows)


def _end(mechanism: Mechanism) -> Iterator[str]:
    if mechanism.ratings or mechanism.classes:
        yield "\n## 评价和答复类别 Ratings and classes\n"
        yield from (f"- {one.title.zh}：{'、'.join(choice.title.zh for choice in one.choices)}" for one in mechanism.ratings)
        yield from (f"- {one.key} {one.title.zh}（{one.means}）" for one in mechanism.classes)
    if mechanism.look_back:
        found = mechanism.look_back
        yield "\n## 回头看 Look back\n"
        yield f"办结满{said(found.after, mechanism)}的，抽 {found.share}%，至少 {found.least} 件。依据：{found.source}"
    if mechanism.score:
        yield "\n## 交给考核 For appraisal\n"
        yield from (f"- {one.title.zh} {one.title.en}（`{one.of}`）" for one in mechanism.score)


def _cases(mechanism: Mechanism) -> Iterator[str]:
    yield "\n## 例子 Cases\n\n每个例子都由测试算过，结果与所写一致。Every case is run by the tests.\n"
    for case in mechanism.cases:
        yield f"<details><summary>{case.title}</summary>\n"
        yield from story(case, mechanism)
        yield "\n</details>\n"


# --- words for keys


def said(limit: str, mechanism: Mechanism) -> str:
    """A limit in Chinese.

    >>> from luoshi.loop.rules import mechanism_of
    >>> said("5 workdays", mechanism_of("M01")), said("field:due", mechanism_of("M01"))
    ('5 个工作日', '到“办结期限”')
    """
    if limit.startswith("field:"):
        return f"到“{_field(mechanism, limit.removeprefix('field:'))}”"
    found = read_limit(limit)
    return f"{found.amount} {_UNITS[found.unit]}"


def said_rhythm(every: str) -> str:
    """A rhythm in Chinese.

    >>> said_rhythm("monthly by 25"), said_rhythm("quarterly by 5 after"), said_rhythm("weekly by 5")
    ('每月25日前', '每季度后一个月5日前', '每周五前')
    """
    found = read_rhythm(every)
    if found.every == "week":
        day = f"周{'一二三四五六日'[(found.by or 7) - 1]}"
        return f"每{'次' if found.after else ''}{day}前"
    day = f"{found.by}日" if found.by else "最后一日"
    month = f"{'、'.join(str(one) for one in found.months)}月" if found.months else ""
    start = f"每{_EVERY[found.every]}" if not (found.months and found.every == "month") else "每年"
    return f"{start}{_AFTER[found.every] if found.after else ''}{month}{day}前{'（遇休息日顺延）' if found.roll else ''}"


def _part(mechanism: Mechanism, key: str) -> str:
    found = mechanism.part(key)
    return found.title.zh if found else "系统" if key == "system" else ""


def _those(mechanism: Mechanism, keys: Iterable[str]) -> str:
    return "、".join(_part(mechanism, key) for key in keys)


def _act(mechanism: Mechanism, key: str) -> str:
    found = mechanism.act(key)
    return found.title.zh if found else "立项"


def _clock(mechanism: Mechanism, key: str) -> str:
    found = mechanism.clock(key) or next((one for one in mechanism.rhythms if one.key == key), None)
    return found.title.zh if found else key


def _field(mechanism: Mechanism, key: str) -> str:
    found = mechanism.field(key)
    return found.title.zh if found else key


def _stages(mechanism: Mechanism, keys: Iterable[str]) -> str:
    return "、".join("任何在办阶段" if key == LIVE else mechanism.stage(key).title.zh for key in keys)


# --- Markdown


_STRUCTS: Final = {
    "Mechanism": "整个文件 The file", "Part": "parts：谁参加 Parts", "Field": "fields：项目 Fields", "Choice": "choices：选项 Choices",
    "Stage": "stages：阶段 Stages", "Act": "acts：动作 Acts", "Clock": "clocks：时限 Clocks", "Rhythm": "rhythms：周期报告 Rhythms",
    "Rung": "ladder：逐级催办 Ladder", "Checklist": "checklists：清单 Checklists", "Check": "points：清单要点 Points",
    "LookBack": "look_back：回头看 Look back", "Rating": "ratings：评价 Ratings", "Class": "classes：答复类别 Classes",
    "Variant": "variants：类别 Variants", "Score": "score：考核 Score", "Source": "sources：依据 Sources", "Case": "cases：例子 Cases",
}  # fmt: skip


def _explained(entries: Mapping[str, Words]) -> list[str]:
    return _table(("词", "说什么", "Says"), [(f"`{key}`", found.zh, found.en) for key, found in entries.items()])


def _table(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[str]:
    """A table of Markdown; a bar in a cell does not end it."""
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    return lines + [f"| {' | '.join(str(cell).replace('|', '&#124;') for cell in row)} |" for row in rows]


def main(path: Path) -> int:
    """Writes anew what is made in a folder, or the page and the drawing of one file beside it; the number of cases that do not come out."""
    if path.is_dir():
        renew(path)
        return 0
    mechanism = load_mechanism(path)
    wrong = [problem for case in mechanism.cases for problem in run(case, mechanism)]
    sys.stderr.writelines(f"{problem}\n" for problem in wrong)
    if not wrong:
        path.with_name(f"{mechanism.id}.md").write_text(page(mechanism), encoding="utf-8")
        path.with_name(f"{mechanism.id}.svg").write_text(svg(mechanism), encoding="utf-8")
    return len(wrong)


if __name__ == "__main__":
    try:
        sys.exit(min(main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/mechanisms")), 1))
    except LuoshiError as error:
        sys.exit(str(error))
