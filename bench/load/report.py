"""The figures as tables for ``docs/performance.md``."""

from __future__ import annotations

from typing import Any

#: pages in this order, by the names that the measurement gives them
_PAGES = (
    ("home", "首页 home"), ("documents", "文件列表 documents"), ("document", "文件 document"), ("room", "核对室 reading room"),
    ("room.accept", "采纳一条 accept a fact"), ("room.reject", "否决一条 reject a fact"), ("ledger", "事实台账 ledger table"),
    ("search, common", "检索常用词 search, common word"), ("search, rare", "检索少见词 search, rare word"), ("items", "事项台账 items"),
    ("item", "事项 item"), ("item.correct", "更正事项 correct an item"), ("indicators", "指标列表 indicators"), ("indicator", "指标 indicator"),
    ("regions", "地区列表 regions"), ("region", "地区 region"), ("organisations", "单位列表 organisations"), ("organisation", "单位 organisation"),
    ("promote", "转为事项 tasks to items"), ("intake", "导入 intake"), ("intake.upload", "上传一份 upload a file"), ("export.xlsx", "导出 export xlsx"),
    ("export.csv", "导出 export csv"), ("admin.accounts", "账号 accounts"), ("admin.audit", "审计 audit trail"), ("admin.posts", "职务 posts"),
    ("signin", "登录 sign-in"),
)  # fmt: skip
_STAGES = ("at work", "while reports come in")


def markdown(results: dict[str, dict[str, Any]]) -> str:
    """One table: for each page p50, p95 and p99 on each database, at work and while reports come in (p95)."""
    names = list(results)
    heads = [f"{name} {part}" for name in names for part in ("n", "p50", "p95", "p99", "p95 导入时")]
    lines = ["| 页面 page, ms | " + " | ".join(heads) + " |", "|---|" + "--:|" * len(heads)]
    for key, label in (("", "**全部 all**"), *_PAGES):
        cells = [cell for name in names for cell in _cells(results[name], key)]
        if any(cells):
            lines.append(f"| {label} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _cells(result: dict[str, Any], key: str) -> list[str]:
    first, second = ((result.get(stage) or {}) for stage in _STAGES)
    row, other = (stage.get("pages", {}).get(key, {}) if key else stage.get("all", {}) for stage in (first, second))
    return [_shown(row.get(name)) for name in ("n", "p50", "p95", "p99")] + [_shown(other.get("p95"))]


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:.0f}"
