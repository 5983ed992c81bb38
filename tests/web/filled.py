"""A small ledger for tests of pages: two reports and a breakdown of one place, all fictional but the place's name."""

from __future__ import annotations

from typing import Any

from tests.ledger.making import CLERK, enter, report

BREAKDOWN = """岳西县人民政府办公室关于印发2025年政府工作报告重点工作任务分解的通知

各乡镇人民政府，县政府各部门：
现将《2025年政府工作报告重点工作任务分解》印发给你们，请认真抓好落实。

岳西县人民政府办公室
2025年1月20日

2025年政府工作报告重点工作任务分解
一、年度主要预期目标
1.地区生产总值增长6%左右。（牵头负责领导：松问渠；牵头责任单位：县发改局；协同单位：县统计局、县财政局（县国资办）；完成时限：2025年12月底前）
2.改造老旧小区28个，新建公园3个。（牵头负责领导：竹知节；牵头责任单位：县住建局；协同单位：县财政局，各乡镇人民政府；完成时限：2025年11月底前）
3.加快推进石砚大桥建设。（牵头负责领导：竹知节；牵头责任单位：县交通运输局；协同单位：县发改委；完成时限：持续推进）
"""


def fill() -> dict[str, str]:
    """The ids of the documents: ``old`` and ``new`` report, ``breakdown``."""
    from luoshi.desk import documents
    from luoshi.ledger.scope import Scope

    ids = {
        "old": enter(report(growth="6.5", year=2024), "2024.txt")[1][0],
        "new": enter(report(), "2025.txt")[1][0],
        "breakdown": enter(BREAKDOWN, "breakdown.txt")[1][0],
    }
    documents.correct(clerk(), ids["breakdown"], {"region": "安徽省安庆市岳西县"}, Scope.whole())
    return ids


def clerk(**values: Any) -> Any:
    """Somebody of the supervision office, as the desk knows them."""
    from luoshi.desk.actor import Actor, Role

    return Actor(id=values.get("id", CLERK), username="clerk", name="甲", roles=(values.get("role", Role.SUPERVISOR),), unit="", region="")


def make_items(breakdown: str) -> tuple[str, ...]:
    """All tasks of the breakdown as items."""
    from luoshi.desk import items
    from luoshi.ledger.scope import Scope

    planned = items.plan(breakdown, Scope.whole())
    return items.create(clerk(), breakdown, [one.fact for one in planned], Scope.whole()).subjects
