"""The words of a paper as a draft, from what is known of a matter: number, title, unit, due date, how late, what is asked. Pure."""

from __future__ import annotations

from datetime import date

import msgspec


class Chased(msgspec.Struct, frozen=True):
    """What the draft of a chasing note says of a matter. ``due``: the day of the step that is late or due next; ``asked``: what is asked by it."""

    number: str
    title: str
    unit: str
    due: str = ""
    asked: str = ""
    office: str = ""
    times: int = 0


def chase_text(chased: Chased, today: str) -> str:
    """The draft of a chasing note in Chinese, as it goes to the unit.

    >>> print(chase_text(Chased("重2026-000007", "新建公园3个", "区住建局", "2026-03-02", "月报"), "2026-03-05"))
    区住建局：
    你单位牵头的“新建公园3个”（重2026-000007），月报的到期日是2026年3月2日，已逾期3天。请抓紧办理，并报送进展和下一步措施。
    2026年3月5日
    """
    lines = [f"{chased.unit or '承办单位'}：", f"你单位牵头的“{chased.title}”（{chased.number}），{_due(chased, today)}"]
    if chased.times:
        lines[-1] += f"此前已催办 {chased.times} 次。"
    lines[-1] += "请抓紧办理，并报送进展和下一步措施。"
    return "\n".join([*lines, *([chased.office] if chased.office else []), _day(today)])


def _due(chased: Chased, today: str) -> str:
    """Until when, and how late or near that is."""
    if not chased.due:
        return "没有写明期限。"
    late = (date.fromisoformat(today) - date.fromisoformat(chased.due)).days
    how = f"已逾期{late}天" if late > 0 else "今天到期" if late == 0 else f"还有{-late}天"
    return f"{chased.asked or '办理'}的到期日是{_day(chased.due)}，{how}。"


def _day(day: str) -> str:
    found = date.fromisoformat(day)
    return f"{found.year}年{found.month}月{found.day}日"
