"""Acts on settings: those that an administrator may change while the program runs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Final

from luoshi.desk.actor import Actor
from luoshi.desk.done import Done, NotFound, WrongValue
from luoshi.desk.matters.ruling import VARIANTS, current, light_rules
from luoshi.desk.rights import require
from luoshi.ledger.entry import Draft
from luoshi.ledger.settings_now import SETTINGS, Setting, domains_of, now
from luoshi.ledger.store import writing

_DOMAIN: Final = re.compile(r"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+")
_KNOWN: Final[Mapping[str, Setting]] = {setting.name: setting for setting in SETTINGS}


def change(actor: Actor, values: Mapping[str, str]) -> Done:
    """These settings have these values from now on; those that have them already are left alone. All or none."""
    require(actor, "settings.change")
    with writing() as writer:
        before = now()
        wanted = {name: _checked(name, value) for name, value in values.items()}
        changed = {name: value for name, value in wanted.items() if before.text(name) != value}
        return Done.of([writer.append(actor.id, Draft("setting.change", name, {"value": value})) for name, value in changed.items()])


def _checked(name: str, value: str) -> str:
    setting = _KNOWN.get(name)
    if setting is None:
        raise NotFound("没有这项设置", where=name[:40], remedy="请刷新页面")
    text = " ".join(value.split())
    if setting.choices and text not in setting.choices:
        raise WrongValue(f"“{text[:40]}”不能用", where=name, remedy=f"可选：{'、'.join(setting.choices)}")
    if name == "lights" and text not in light_rules():
        raise WrongValue(f"没有“{text[:40]}”这套亮灯规则", where=name, remedy=f"可选：{'、'.join(light_rules())}")
    if name == "mail_domains" and (wrong := [one for one in domains_of(text) if one != "*" and not _DOMAIN.fullmatch(one)]):
        raise WrongValue(f"“{wrong[0][:40]}”不是域名", where=name, remedy="请写成 qishan.gov.cn 这样，几个用空格分开；* 表示不限")
    if name in VARIANTS and text and current(VARIANTS[name]).variant(text) is None:
        keys = "、".join(one.key for one in current(VARIANTS[name]).variants)
        raise WrongValue(f"没有“{text[:40]}”这一类", where=name, remedy=f"可选：{keys}")
    if name == "rate_weights":
        weights_of(text)
    if not setting.choices and len(text) > setting.longest:
        raise WrongValue(f"太长，有 {len(text)} 个字", where=name, remedy=f"请不超过 {setting.longest} 个字")
    return text


def weights_of(text: str) -> tuple[Decimal, Decimal, Decimal] | None:
    """The weights of the three rates (contacted, solved, satisfied), which add up to 1; None where none are set. Raises ``WrongValue`` else.

    >>> weights_of("0.1 0.5 0.4"), weights_of("")
    ((Decimal('0.1'), Decimal('0.5'), Decimal('0.4')), None)
    """
    if not text:
        return None
    try:
        found = [Decimal(part) for part in text.replace(",", " ").replace("，", " ").replace("、", " ").split()]
        if len(found) == 3 and all(one.is_finite() and one >= 0 for one in found) and sum(found) == 1:
            return found[0], found[1], found[2]
    except InvalidOperation:
        pass
    raise WrongValue(
        f"“{text[:40]}”不是三率的权重",
        where="rate_weights",
        remedy="请写三个不小于 0、合计为 1 的数：响应率、解决率、满意率，如 0.1 0.5 0.4",
    )
