"""The regular expressions of the measure rules, each named for what it tells."""

from __future__ import annotations

import re

CONNECT = re.compile(r"[、,]?(?:和|与|及|以及|并|且)?\s?")
MEMBER = re.compile(r"[、,]|以及|(?<![共总饱温缓平])和(?![平谐睦美])|(?<![参])与(?![会])|(?<![涉普])及(?!时)")
REACHES = re.compile(r"[^,;。、]{0,12}?(?:提高|提升|增加|增长|扩大|扩展|上升|下降|降低|降|减少|缩减|压缩|缩短|压减|调整|调减|优化|回落|攀升|跃升|升|增|减|拓展|延伸|精简|整合|合并|归并|发展|变|改|回升|收窄|上涨|拓宽|恢复|延长|转变|提|晋升|进|集中|推进|下调|上调|扩|缩小|翻)[^,;。、]{0,3}?(?:到|至|为|成)")
INTO = re.compile(r"[^,;。]{0,16}?(?:整合|合并|归并|优化|调整|精简|压缩|缩减|撤并|压减|集中|改造|减少|归集|梳理|简化)(?:优化|调整|合并|归并)?(?:为|成|到|至)")
TAKES = re.compile(r"(?:将|把)[^,;。]{0,14}$")
LEVEL_NOUN = re.compile(r"(?:比重|比例|份额|比率|占比)$")
AIM = re.compile(r"(?:的)?(?:目标|任务|要求|速度|水平|增速|增幅|指标|底线|比例|比重|份额|贡献|成绩|好成绩|高位|区间|大关|关口|以上|左右)")
LIMIT = re.compile(r"的(?:控制线|标准线|警戒线|标准值|上限|下限|起征点|门槛)")
DESIGNATION = re.compile(r"(?:项目|工程|装置|生产线|电站|基地|机组)$")
ONE_BY_ONE = frozenset("个项件家座宗处条所套名位人户批场次")
#: nouns that say how much there is; a verb of change of the list before does not reach them
OWN_LEVEL = ("数", "总额", "额", "率", "量", "招生", "收入", "支出", "产值", "比重", "占比", "总数", "总量", "值", "余额", "规模", "比例", "人口")
YEARS_EACH = re.compile(r"(\d{4})年、(\d{4})年(?:、(\d{4})年)?(?:、(\d{4})年)?(?:将)?(?:力争)?(?P<noun>[^,;、\d]{0,20})分别[^,;、]{0,6}$")
WORD_RULES = {
    "all": "is covered wholly", "zero": "is none", "both_down": "both fall", "both_up": "both rise", "above": "is above <reference>",
    "below": "is below <reference>", "with": "keeps step with <reference>", "assigned": "does what was assigned", "unchanged": "stays as it is",
}
GENERAL_AIM = re.compile(r"各项|主要目标|全年|目标任务$|五[”\"]?规划")
YEARLY = re.compile(r"年均(?!浓度|值|气温|降)")
#: verbs that tell what there is, not what was done
HAVE = frozenset(["建有", "拥有", "设有", "保有", "现有", "已有", "共有", "达到", "辖有", "存有"])
#: units that count how often the verb was done
TIMES_DONE = frozenset(["次", "人次", "场次", "批次", "家次", "件次", "户次"])
GROWTH_BEHIND = re.compile(r"(?:的(?:年均|平均)?(增速|增长速度|增幅|增长(?!极|点|动力))|(?:的)?(?:年均|平均)?(?:高|较快|正)?(增速|增幅|增长)(?=[,;。、达]|$))")
TOTAL_OF = re.compile(r"(?:营收|营业收入|主营业务收入|产值|税收|收入|增加值|利润|销售额|交易额)(?:累计)?(?:超过?|达到?|突破|近|约|完成|实现)*$")
FROM = re.compile(r"(?:从|由)[^,;。、的]{1,10}$")
INNER = re.compile(r"(不低于|不少于|超过|高于|不超过|不高于|低于|少于)[^,;。]{1,14}的$")
GROWTH_AIM = re.compile(r"(?:增长|增幅|增速)[^,;。、率]{0,6}(?:目标|任务|预期|计划)(?:值|确定|定|设定|安排|建议)?$")
TOLD = re.compile(r"的[^,;。]{1,16}(?:得到|实现|获得|享受|解决|改善|保障|落实|提高|增长)")
#: verbs of framing: a count behind them only says what is meant
FRAMES = ("围绕", "聚焦", "针对", "瞄准", "依托", "面向", "按照", "根据", "对照", "立足", "利用")
PART_OF = re.compile(r"(?:已[^,]{0,6}|中有?|其中有?|有|(?:调整|减少|压缩|精简|合并|整合|优化|缩减|增加|扩大|下降|上升)(?:到|至|为|成)|[^,]{2,}(?:完成|开工|竣工|建成|投产|整改|办结|签约|落地))$")
BASES_OF = re.compile(r"(?:省外|市外|年|单体|总|主营业务|净)?(?:投资额?|总投资额?|(?:年|营业|销售|主营业务|年营业|年销售)*收入|产值|营收|税收|面积|规模|估值|资产|市值|销售额|注册资本)?(?:首次)?(?:超过?|过|达到?|突破|不低于|在)?")
RELATIVE = re.compile(
    r"(?:具有|具备|拥有|有|基础|条件|规模|实力|水平|效益|影响|特色|竞争|带动|成长|管理|建设水平|[^,;。、]{0,10}(?:较|突出|领先|优良|明显|显著)|由)[^,;。]{0,24}的(?=[^,;。的]{2,})"
)
SCOPE_ONLY = re.compile(r"[全我各本](?:区|市|省|县|国|镇|州|地|级)|.{1,3}[区市省县州]")
BASES = re.compile(r"(?:投资额?|收入|产值|面积|注册资本|资金|税收|营收|额|值|价|量|里程|长度|高度|占地|建筑面积|总投资|装机|能力|利润|资产|等级)$")
#: kinds of things that a count only frames (在…等10个领域)
FIELD = re.compile(r"(?:重点|关键|主要|主导)?(?:领域|行业|方面|环节|品类)")
#: 比前五年增长: the growth is of the whole span, not of its last year
FIVE_BEFORE = re.compile(r"前[三四五]年|上[个一]?五年|[十一二三四五六七八九]+五[”\"]?(?:时期|期间)?$")
#: a people is addressed, not counted (七千万儿女)
PEOPLE = ("儿女", "人民", "市民", "乡亲", "父老")
OF_PEOPLE = re.compile(r"[^,;。、]{0,4}(?:儿女|人民|父老乡亲)(?!币|医院|法院|团体|政府|代表|调解|检察)")
#: bodies of people whose size is told (组建2759人的团队)
TEAM = re.compile(r"的[^,;。、]{0,12}(?:团队|队伍|专班|工作队|大军)")
