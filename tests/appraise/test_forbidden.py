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


#: the same in other words, other widths, with signs between that nobody sees
_REWORDED = [
    "没有上限的领导批示加分", "领 导 批 示 加分", "领导・批示次数", "领导批\u00ad示", "批\u200b示加分", "批．示", "领导批条",
    "获领导签批", "省领导作出指示的", "获省市领导阅示", "主要领导批阅件数", "领导点赞", "得到市领导充分肯定", "被领导表扬", "书记批语",
    "在省级刊物发表", "新闻报道篇数", "媒体采用稿件", "发稿量", "信息被省政府办公厅采用", "政务信息录用数", "刊载次数", "上报信息条数",
    "公众号发文数", "短视频播放量", "浏览量", "转发数", "粉丝数", "关注人数", "图片资料", "现场图片数量", "影像资料", "拍照打卡",
    "佐证照片", "工作台账完整", "台账齐全", "纸质台账", "痕迹资料", "会议次数", "召开专题会", "开会研究次数", "召开推进会的次数",
    "党组会研究", "印发方案", "制定实施方案", "出台文件", "下发文件份数", "学习传达", "观看学习", "报表及时率", "填报率",
    "报送材料及时", "材料报送份数", "报送总结", "登陆次数", "登录频次", "日活", "在线时间", "注册率", "app下载", "签到率", "积分排行",
    "学习积分", "不只看领导批示", "不仅计领导批示", "取消上限，按领导批示加分", "没有领导批示的不得分", "未获领导批示的扣分",
    "无领导批示的减分", "不得少于3次领导批示", "不计数量，凡领导批示均加分", "Ｌeader批示", "leaders' instructions 批 示",
    "获领导批示落实的", "下发通知次数", "印发通知的份数", "下发通知书及时率", "印发通知加1分", "印发的文件数", "提交材料份数", "提交证明材料的及时率",
    "月活动用户", "政务信息采用率", "稿件录用率", "采用篇数", "app注册率", "公众号关注人数", "平台注册人数", "微信推文篇数", "召集开会",
]  # fmt: skip
_NEAR = [
    "批示事项办理按期率", "批示件办结率", "不计领导批示和上稿", "考核不看留痕", "没有批示要求", "取消领导批示加分",
    "不以领导批示作为加分依据", "会议议定事项完成率", "卫星遥感照片发现问题", "政策文件兑现率", "媒体曝光问题整改率",
    "投诉件签收及时率", "签收及时率", "报告按时率", "按时报进展", "群众满意率", "信息公开及时率", "设备使用率", "土地利用率",
    "注册企业数", "企业注册资本", "污水处理设施在线率", "网上办理率", "粉丝产业产值", "图书馆建设", "新增注册用户满意", "完成情况",
    "学习型社区数", "培训合格率", "会议中心建设进度", "指示牌安装", "负面清单", "逾期次数", "退回重办次数",
    "安全生产月活动", "质量月活动", "主题党日活动", "节日活动", "下发督办通知后仍未落实的，每次扣1分", "被下发整改通知书的扣2分",
    "未按制定的整改方案完成的扣分", "加分须提交佐证材料", "申请延期须提交证明材料", "政务公开会商办结率", "高校毕业生录用率",
    "绿色建材采用率", "志愿者注册率", "重点关注人数", "加快推文化旅游融合", "重要批示办结率", "领导批示落实率", "信息技术采用率",
    "平台企业重点关注人数", "出台的政策文件兑现率",
]  # fmt: skip


@pytest.mark.parametrize("text", _REWORDED)
def test_other_words_and_other_signs_hide_nothing(text: str) -> None:
    assert forbidden(read_scheme(_TEXT.replace(_TITLE, f'title: {{zh: "{text}", en: some}}'), "try.yaml"))
    assert forbidden(read_scheme(_TEXT.replace(_RULE, f'rule: "{text}每次加 1 分"'), "try.yaml"))


@pytest.mark.parametrize("text", _NEAR)
def test_what_sounds_alike_passes(text: str) -> None:
    assert forbidden(read_scheme(_TEXT.replace(_TITLE, f'title: {{zh: "{text}", en: some}}'), "try.yaml")) == ()
    assert forbidden(read_scheme(_TEXT.replace(_RULE, f'rule: "{text}"'), "try.yaml")) == ()


def test_found_in_the_heading_by_which_a_table_brings_it() -> None:
    text = scheme_text("A13").replace(
        "title: {zh: 单位互评, en: peers}, type: mark,", "title: {zh: 单位互评, en: peers}, headings: [领导批示数], type: mark,"
    )
    found = forbidden(read_scheme(text, "try.yaml"))
    assert [(one.where, one.kind.key) for one in found] == [("数据项 peers 的表头", "instructions")]


@pytest.mark.parametrize("text", _GOOD)
def test_what_is_harmless_passes(text: str) -> None:
    scheme = read_scheme(_TEXT.replace(_TITLE, f"title: {{zh: {text}, en: some}}"), "try.yaml")
    assert forbidden(scheme) == ()
    refuse(scheme)


def test_each_kind_says_by_which_rule() -> None:
    assert {kind.key for kind in kinds()} == {"instructions", "articles", "traces", "meetings", "forms", "log-ins"}
    assert all(kind.rule and kind.source for kind in kinds())
