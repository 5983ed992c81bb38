"""A breakdown of a fictional district, with certain and doubtful tasks, taken into the ledger."""

from __future__ import annotations

from typing import Any

from luoshi.ledger.scope import Scope

BREAKDOWN = """栖山区人民政府办公室关于印发2025年政府工作报告重点工作任务分解的通知

各镇人民政府、各街道办事处，区政府各部门：
现将《2025年政府工作报告重点工作任务分解》印发给你们，请认真抓好落实。

栖山区人民政府办公室
2025年1月20日

2025年政府工作报告重点工作任务分解
一、年度主要预期目标
1.地区生产总值增长6%左右。（牵头负责领导：松问渠；牵头责任单位：区发改局；协同单位：区统计局、区财政局（区国资办）；完成时限：2025年12月底前）
2.改造老旧小区28个，新建公园3个。（牵头负责领导：竹知节；牵头责任单位：区住建局；协同单位：区财政局，卫生院；完成时限：2025年11月底前）
3.加快推进石砚大桥建设。（牵头负责领导：竹知节；牵头责任单位：区交通运输局；协同单位：区发改委；完成时限：持续推进）
4.办好半程马拉松。（牵头负责领导：麦秋；牵头责任单位：区文旅局；协同单位：卫生院、区教育局；完成时限：2025年10月底前）
"""
REGION = "云川省澜州市栖山区"
ALL = Scope.whole()


def breakdown(actor: Any, text: str = BREAKDOWN) -> str:
    """The breakdown in the ledger, its place set right; its id."""
    from luoshi.desk import documents
    from tests.ledger.making import enter

    key = enter(text, "breakdown.txt")[1][0]
    documents.correct(actor, key, {"region": REGION, "level": "county"}, ALL)
    return key


def region_of(document: str) -> str:
    from luoshi.ledger.models import Document

    return Document.objects.get(pk=document).region_code
