"""What must not be scored is found wherever a scheme hides it, named with the rule, and the scheme cannot be used; what is harmless passes."""

from __future__ import annotations

import pytest

from luoshi.appraise.forbidden import ForbiddenScheme, forbidden, kinds, refuse
from luoshi.appraise.reading import read_scheme
from luoshi.appraise.rules import scheme_text

_TEXT = scheme_text("A12")
_TITLE = "title: {zh: 退回重办, en: sent back}"
_RULE = "rule: 核查退回重办每次减 1 分，最多减 5 分"

_BAD = [
    ("获得领导批示", "instructions"), ("主要领导圈阅件数", "instructions"), ("被省里领 导 批 示次数", "instructions"),
    ("信息采用篇数", "articles"), ("省级媒体宣传报道", "articles"), ("公众号推送转发量", "articles"), ("简报采用", "articles"),
    ("工作照片上传", "traces"), ("台账资料齐全", "traces"), ("巡查轨迹", "traces"), ("工作群截图", "traces"), ("留痕完整", "traces"),
    ("召开会议次数", "meetings"), ("传达学习情况", "meetings"), ("出台文件数", "meetings"), ("配套文件印发", "meetings"),
    ("填表及时", "forms"), ("报送材料份数", "forms"), ("平台登录次数", "log-ins"), ("打卡天数", "log-ins"), ("在线时长", "log-ins"),
    ("应用安装率", "log-ins"), ("积分排名", "log-ins"), ("没有上限的领导批示加分", "instructions"),
    ("取消限额的领导批示加分", "instructions"), ("不计上限按领导批示加分", "instructions"), ("没有领导批示的扣分", "instructions"),
    ("有没有领导批示", "instructions"), ("工作信息被省级以上采用", "articles"), ("经验被市里刊物采用的", "articles"),
]  # fmt: skip
_GOOD = [
    "批示事项办理按期率", "按期办结率", "群众满意率", "投诉办结件数", "安全生产事故", "会议议定事项完成率", "退回重办次数", "核查不通过", "卫星遥感照片发现问题",
    "不计领导批示和上稿", "考核不看留痕", "亩均税收", "没有批示要求", "取消领导批示加分",
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind"), _BAD)
def test_found_in_a_line_and_in_its_rule_and_in_an_input(text: str, kind: str) -> None:
    for old, new in ((_TITLE, f"title: {{zh: {text}, en: some}}"), (_RULE, f"rule: {text}每次加 1 分")):
        assert old in _TEXT
        scheme = read_scheme(_TEXT.replace(old, new), "try.yaml")
        found = forbidden(scheme)
        assert {one.kind.key for one in found} == {kind}
        with pytest.raises(ForbiddenScheme) as caught:
            refuse(scheme)
        assert found[0].kind.source in str(caught.value)
        assert found[0].where in str(caught.value)


@pytest.mark.parametrize("text", _GOOD)
def test_what_is_harmless_passes(text: str) -> None:
    scheme = read_scheme(_TEXT.replace(_TITLE, f"title: {{zh: {text}, en: some}}"), "try.yaml")
    assert forbidden(scheme) == ()
    refuse(scheme)


def test_each_kind_says_by_which_rule() -> None:
    assert {kind.key for kind in kinds()} == {"instructions", "articles", "traces", "meetings", "forms", "log-ins"}
    assert all(kind.rule and kind.source for kind in kinds())
