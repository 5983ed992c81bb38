"""What a notice says, cut to the size of a channel."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.notify.channels import Robot, request_for, size_of
from luoshi.notify.message import Matter, Message, Style, cut, flat, text_of
from tests.notify.making import AT


def _many(count: int) -> Message:
    matters = tuple(
        Matter(number=f"〔2026〕{n}号", title=f"栖山区第{n}批老旧小区改造", unit="区住房城乡建设局", due=date(2026, 3, 5), light="red", link=f"/items/i{n}")
        for n in range(1, count + 1)
    )  # fmt: skip
    return Message(kind="reminder", key="k", title="办理提醒", matters=matters, link="/")


def test_whole_text() -> None:
    style = Style(base="https://luoshi.qishan.example", keyword="督查", mark="AB12CD34")
    assert text_of(_many(1), style, limit=2000) == (
        "【督查】办理提醒\n"
        "1. 〔2026〕1号　栖山区第1批老旧小区改造　责任单位：区住房城乡建设局　2026年3月5日到期　红灯　查看 https://luoshi.qishan.example/items/i1\n"
        "查看 https://luoshi.qishan.example/\n"
        "编号 AB12CD34"
    )
    assert "http" not in text_of(_many(1), Style(), limit=2000)
    assert text_of(_many(1), Style(lang="en"), limit=2000).endswith("unit: 区住房城乡建设局　due 2026-03-05　red")


@pytest.mark.parametrize("kind", ["dingtalk", "wecom", "feishu"])
@pytest.mark.parametrize("count", [1, 12, 13, 14, 60, 900])
def test_fits_the_remote_and_says_how_many(kind: str, count: int) -> None:
    robot = Robot(id="r", kind=kind, url="https://x.example/?key=k", secret="s" if kind != "wecom" else "")  # type: ignore[arg-type]
    message = _many(count)
    most, measure = size_of(robot, message.title)
    text = text_of(message, Style(mark="AB12CD34"), limit=most, measure=measure)
    body = request_for(robot, message.title, text, AT).body
    if kind == "wecom":
        assert len(text.encode()) <= 2048
    else:
        assert len(body) <= 20_000
    shown = sum(line.split(".")[0].isdigit() for line in text.splitlines())
    assert (f"……等 {count} 项" in text) == (shown < count)
    assert shown >= min(count, 10)
    assert text.endswith("编号 AB12CD34")
    # as many as fit: one more would not
    if shown < count:
        longer = text.replace(
            "……等",
            f"{shown + 1}. 〔2026〕{shown + 1}号　栖山区第{shown + 1}批老旧小区改造　责任单位：区住房城乡建设局　2026年3月5日到期　红灯\n……等",
        )
        assert measure(longer) > most


@given(st.text(max_size=60), st.integers(0, 120))
def test_cut_never_splits_a_character_and_never_grows(text: str, limit: int) -> None:
    def measure(words: str) -> int:
        return len(words.encode("utf-8", "surrogatepass"))

    short = cut(text, limit, measure)
    assert measure(short) <= limit
    assert short == text or (short == "" and limit < 3) or (short.endswith("…") and text.startswith(short[:-1]))


def test_cut_keeps_what_belongs_together() -> None:
    assert cut("葛\U000e0100", 1) == "…"
    assert cut("👨\u200d👩\u200d👧好", 3) == "…"
    assert cut("e\u0301e\u0301e\u0301", 4) == "e\u0301…"


def test_a_long_title_is_cut_too() -> None:
    message = Message(kind="assigned", key="k", title="很长的标题" * 500, lines=("一行" * 2000,))
    text = text_of(message, Style(), limit=2048, measure=lambda words: len(words.encode()))
    assert len(text.encode()) <= 2048
    assert text.startswith("很长的标题")


@pytest.mark.parametrize("title", ['<at user_id="all">所有人</at>', "<@all> 开会", "甲\n伪造的一行", "甲\u202e乙\u0007"])
def test_words_of_people_are_never_markup(title: str) -> None:
    matter = Matter(number="1", title=title)
    text = text_of(Message(kind="reminder", key="k", title="提醒", matters=(matter,)), Style(), limit=2000)
    assert len(text.splitlines()) == 2
    assert not set("<>\u202e\u0007") & set(text)


def test_markdown_shows_words_as_they_are() -> None:
    matter = Matter(number="1", title="[点我](http://evil.example) *加粗* # 标题", link="/items/i1")
    message = Message(kind="reminder", key="k", title="提醒", matters=(matter,))
    text = text_of(message, Style(form="markdown", base="https://luoshi.example", line_end="  \n"), limit=2000)
    assert text == "**提醒**  \n1. 1　［点我］(http://evil.example) ＊加粗＊ ＃ 标题　[查看](https://luoshi.example/items/i1)"


def test_flat() -> None:
    assert flat(" 甲\t\r\n乙　丙 ") == "甲 乙 丙"
    assert len(flat("长" * 5000)) == 500
