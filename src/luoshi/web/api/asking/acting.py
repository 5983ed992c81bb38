"""Acting on an item from outside: the same act of the desk as on the page, with what a program gives looked at as the page looks at a form."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from luoshi.desk import matters
from luoshi.desk.done import NotFound, WrongValue
from luoshi.desk.matters import Try
from luoshi.ledger import models
from luoshi.ledger.places import tree
from luoshi.ledger.store import through
from luoshi.loop.rules import Rules
from luoshi.web.api import shapes
from luoshi.web.api.asking.items import item as item_of
from luoshi.web.api.asking.items import item_seen
from luoshi.web.api.door import Asker
from luoshi.web.kept_files import kept_of
from luoshi.web.pages.item.matter import Live, live_of
from luoshi.web.words import current_lang

_REMEDY: Final = "请用 /organisations 查编号；只收本地区和上下级地区的"


def open_acts(asker: Asker, key: str) -> shapes.OpenActs:
    """The acts that are open to whoever asks now, and what each asks for."""
    live = _live(asker, key)
    zh = current_lang() == "zh"
    found = matters.open_to(asker.actor, live.matter, live.rules)
    return shapes.OpenActs(
        seen=live.matter.acts, stage=live.matter.stage, turn=live.mechanism.stage(live.matter.stage).turn,
        data=[
            shapes.OpenAct(
                act=one.act.key, title=one.act.title.zh if zh else one.act.title.en, parts=list(one.parts), needs=list(one.act.needs),
                wants=list(one.act.wants), fields=list(one.act.fields), units=list(one.units),
            )
            for one in found
        ],
    )  # fmt: skip


def act(asker: Asker, key: str, deed: shapes.Deed) -> shapes.Done:
    """Does an act; what the engine refuses is refused with its words. Each entry says by the token of which name it was made."""
    live = _live(asker, key)
    _plain({"act": deed.act, "part": deed.part, "inputs": deed.inputs})
    if "evidence" in deed.inputs:
        raise WrongValue("佐证不写在 inputs 里", where="inputs.evidence", remedy="请先传文件，再把得到的 evidence 写在 evidence 里")
    _look(live, deed.inputs)
    kept = kept_of(deed.evidence, asker.actor)
    if len(kept) != len(deed.evidence):
        raise WrongValue("有的佐证不是您传的，或已过一天", where="evidence", remedy="请重新传文件")
    wanted = Try(deed.act, deed.inputs, tuple(kept), deed.seen, deed.part)
    with through(asker.token.name):
        done = matters.act(asker.actor, key, wanted, asker.scope)
    try:
        now = item_of(asker.scope, key)
    except NotFound:
        now = None
    return shapes.Done(entries=list(done.seqs), item=now)


def _live(asker: Asker, key: str) -> Live:
    item_seen(asker.scope, key)
    live = live_of(key)
    if live is None:
        raise NotFound("这个事项还没有立项，没有动作", where=key[:64], remedy="请督查室先立项")
    return live


def _plain(given: Mapping[str, Any]) -> None:
    """Nothing, or ``WrongValue`` where a text cannot be kept: a half of a surrogate pair is no UTF-8, and PostgreSQL takes no NUL.

    Without recursion: what is given may be nested as deep as it likes.
    """
    left: list[tuple[str, Any]] = [("", given)]
    while left:
        where, value = left.pop()
        if isinstance(value, str):
            if "\0" in value or not _encodes(value):
                raise WrongValue("文字里有不成字的编码", where=where[:80], remedy="请改成正常的文字（UTF-8）再提交")
        elif isinstance(value, Mapping):
            left += [(where, str(name)) for name in value]
            left += [(f"{where}.{name}".strip(".") if _encodes(str(name)) else where, one) for name, one in value.items()]
        elif isinstance(value, list | tuple):
            left += [(where, one) for one in value]


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _look(live: Live, inputs: Mapping[str, Any]) -> None:
    """Nothing, or ``WrongValue`` where something is named that is not there; of which kind each input is the engine looks at."""
    region = live.row.region_code
    near = {region, *tree().ancestors(region), *tree().subtree(region)}
    units = set(_texts(inputs.get("units"))) | set(_texts([child.get("lead") for child in _maps(inputs.get("children"))]))
    units |= _unit_fields(live.rules, inputs.get("fields"))
    _there(models.Organisation, units, near, "单位", "units")
    _there(models.Post, set(_texts(inputs.get("posts"))), near, "领导职务", "posts")


def _there(table: Any, keys: Collection[str], near: Collection[str], name: str, where: str) -> None:
    known = set(
        table.objects.filter(pk__in=[key for key in keys if len(key) <= 64][:500], region_code__in=near).values_list("id", flat=True)
    )
    if missing := sorted(set(keys) - known):
        raise WrongValue(f"没有编号“{missing[0][:40]}”的{name}", where=f"inputs.{where}", remedy=_REMEDY)


def _unit_fields(rules: Rules, fields: Any) -> set[str]:
    """The ids in fields whose type is a unit."""
    told = fields.items() if isinstance(fields, Mapping) else ()
    return {
        value
        for key, value in told
        if isinstance(value, str) and value and (field := rules.mechanism.field(str(key))) is not None and field.type == "unit"
    }


def _texts(value: Any) -> Iterable[str]:
    """Every text in a list or a map of lists."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)


def _maps(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list | tuple) else []
