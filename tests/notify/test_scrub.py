"""What of a notice leaves the house."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.notify.message import Message, Style, text_of
from luoshi.notify.scrub import PersonalData, for_group, for_mail, refuse_personal
from tests.notify.making import matter, message

PRIVATE = matter(7, title="某小区夜间施工扰民", category="群众诉求", unit="区城管局", private=True, light="red")


def test_a_group_reads_number_and_category_of_what_only_some_may_know() -> None:
    told = message(
        title="给陆远山的提醒",
        lines=("请速与来电人联系",),
        matters=(PRIVATE, matter(2, light="yellow", section="被退回", state="returned")),
    )
    shown = for_group(told)
    assert text_of(shown, Style(base="https://x.example"), limit=2000) == (
        "新交办事项：2 项\n1. 〔2026〕7号　群众诉求\n2. 〔2026〕2号　栖山区河道清淤　责任单位：区水务局　黄灯　查看 https://x.example/items/i2"
    )
    assert shown.lines == ()
    assert for_group(shown) == shown


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_nothing_of_a_private_matter_but_number_and_category(title: str, unit: str, line: str) -> None:
    one = matter(1, title=title, unit=unit, light="red", section=line, category="信访", private=True)
    shown = for_group(Message(kind="reminder", key="k", title=title, lines=(line,), matters=(one,)))
    assert shown == for_group(Message(kind="reminder", key="k", title="", matters=(matter(1, category="信访", private=True),)))


@pytest.mark.parametrize(
    "title",
    ["来电13900001207反映噪声", "身份证11010519491231002X的诉求", "车辆云A12345乱停", "卡号6222020200112233446退款", "我叫陆远山，请回复"],
)
def test_a_title_with_something_of_a_person_is_left_out(title: str) -> None:
    """A mechanism may not be marked as internal, and its title hold what it should not: the others in the message go out all the same."""
    shown = for_group(message(matters=(matter(1, title=title, category="民生实事"), matter(2))))
    assert [one.title for one in shown.matters] == ["", "栖山区河道清淤"]
    refuse_personal(text_of(shown, Style(mark="AB12CD34"), limit=2000), where="群")


@pytest.mark.parametrize("words", ["请电13900001207", "11010519491231002X", "云A12345", "6222020200112233446"])
def test_the_last_check_refuses_and_does_not_repeat(words: str) -> None:
    with pytest.raises(PersonalData) as caught:
        refuse_personal(f"提醒\n1. 5号　{words}", where="督查群")
    assert caught.value.slug == "personal-data"
    assert "督查群" in str(caught.value)
    assert words not in str(caught.value)
    assert words[-6:] not in str(caught.value)


def test_an_address_in_a_public_title_is_no_persons() -> None:
    title = "柳溪苑小区3号楼2单元加装电梯"
    assert for_group(message(matters=(matter(1, title=title),))).matters[0].title == title
    refuse_personal(title, where="群")


def test_usual_messages_pass_the_last_check() -> None:
    for number in range(200):
        text = text_of(
            for_group(message(matters=(matter(number, light="red"),))),
            Style(base="https://luoshi.qishan.example:8443", mark=f"{number:08X}"),
            limit=2000,
        )
        refuse_personal(text, where="群")


def test_a_mail_keeps_why_but_not_what() -> None:
    shown = for_mail(message(lines=("请办理",), matters=(PRIVATE, matter(2))))
    assert shown.lines == ("请办理",)
    assert (shown.matters[0].title, shown.matters[0].unit, shown.matters[0].link) == ("", "", "/items/i7")
    assert shown.matters[1] == matter(2)
