"""The regular expressions of the measure rules, made of the words of ``words.yaml: telling``, each named for what it tells."""

from __future__ import annotations

import re

from luoshi.extract.kinds.measure.lexicon import WORDS, alternation

_WORDS = WORDS.telling

#: what may stand between the amounts of a row
CONNECT = re.compile(r"[、,]?(?:和|与|及|以及|并|且)?\s?")
#: what stands between the members of a list of nouns
MEMBER = re.compile(r"[、,]|以及|(?<![共总饱温缓平])和(?![平谐睦美])|(?<![参])与(?![会])|(?<![涉普])及(?!时)")
#: behind the amount that a change starts from (从5家|增加到8家)
REACHES = re.compile(rf"[^,;。、]{{0,12}}?(?:{alternation(_WORDS.reaches)})[^,;。、]{{0,3}}?(?:到|至|为|成)")
#: behind the amount of what is made into something else (将6个社区|优化调整为4个)
INTO = re.compile(rf"[^,;。]{{0,16}}?(?:{alternation(_WORDS.into)})(?:{alternation(_WORDS.into_again)})?(?:为|成|到|至)")
TAKES = re.compile(r"(?:将|把)[^,;。]{0,14}$")
FROM = re.compile(r"(?:从|由)[^,;。、的]{1,10}$")
#: behind an amount: it is an aim or a level, and what follows is not what is counted (6%的目标)
AIM = re.compile(rf"(?:的)?(?:{alternation(_WORDS.aims)})")
LIMIT = re.compile(rf"的(?:{alternation(_WORDS.limits)})")
#: 2021年、2022年GDP分别…: each amount has a year of its own
YEARS_EACH = re.compile(r"(\d{4})年、(\d{4})年(?:、(\d{4})年)?(?:、(\d{4})年)?(?:将)?(?:力争)?(?P<noun>[^,;、\d]{0,20})分别[^,;、]{0,6}$")
#: an aim of everything at once
GENERAL_AIM = re.compile(rf"{alternation(_WORDS.general_aims)}|目标任务$|五[”\"]?规划")
YEARLY = re.compile(r"年均(?!浓度|值|气温|降)")
#: growth told behind its amount (以8%的增速)
GROWTH_BEHIND = re.compile(
    r"(?:的(?:年均|平均)?(增速|增长速度|增幅|增长(?!极|点|动力))|(?:的)?(?:年均|平均)?(?:高|较快|正)?(增速|增幅|增长)(?=[,;。、达]|$))"
)
#: a noun that is an aim of growth (增长预期目标)
GROWTH_AIM = re.compile(
    rf"(?:{alternation(_WORDS.growth)})[^,;。、率]{{0,6}}(?:{alternation(_WORDS.growth_aims)})(?:{alternation(_WORDS.growth_aim_set)})?$"
)
#: what a group earns, in front of the sum or the growth (30家企业|营收突破)
TOTAL_OF = re.compile(rf"(?:{alternation(_WORDS.earnings)})(?:累计)?(?:{alternation(_WORDS.earned)})*$")
#: a bound inside the words before a share (占比不低于总量的|8%); group 1 is the bound
INNER = re.compile(rf"({alternation(_WORDS.bounds_ge + _WORDS.bounds_le)})[^,;。]{{1,14}}的$")
#: what is told of the counted behind 的, so that they are more than an attribute
TOLD = re.compile(rf"的[^,;。]{{1,16}}(?:{alternation(_WORDS.told)})")
#: between a count and one of a part of it (61个项目|已有42个)
PART_OF = re.compile(
    rf"(?:已[^,]{{0,6}}|中有?|有|(?:{alternation(_WORDS.part_changes)})(?:到|至|为|成)|[^,]{{2}}(?:{alternation(_WORDS.part_done)}))$"
)
#: between a count and the size that says which (30家|年产值过|亿元企业)
SIZED_BY = re.compile(
    rf"(?:{alternation(_WORDS.sized_by_scope)})?(?:{alternation(_WORDS.sized_by)}|(?:{alternation(_WORDS.sized_by_income)})*收入)?"
    rf"(?:首次)?(?:{alternation(_WORDS.sized_to)})?"
)
#: a level alone (国家级); of a noun it is only the head
LEVEL = re.compile(r"[国省市区县部州]家?级")
#: between the sum that says which and the count of the things (产值超5亿元|企业达|26家)
COUNTED_CLASS = re.compile(rf"[^,;。、\d]{{2,10}}(?:{alternation(_WORDS.class_counts)})")
#: a relative clause between a count and its noun (10家|具有竞争力的|企业)
RELATIVE = re.compile(
    rf"(?:{alternation(_WORDS.relative)}|[^,;。、]{{0,10}}(?:{alternation(_WORDS.relative_adjectives)})|由)[^,;。]{{0,24}}的(?=[^,;。的]{{2}})"
)
#: a place alone, which is no noun
SCOPE_ONLY = re.compile(r"[全我各本](?:区|市|省|县|国|镇|州|地|级)|.{1,3}[区市省县州]")
#: kinds of things that a count only frames (在…等10个领域)
FIELD = re.compile(rf"(?:{alternation(_WORDS.field_adjectives)})?(?:{alternation(_WORDS.fields)})")
#: 比前五年增长: the growth is of the whole span, not of its last year
FIVE_BEFORE = re.compile(r"前[三四五]年|上[个一]?五年|[十一二三四五六七八九]{1,2}五[”\"]?(?:时期|期间)?$")
#: a people is addressed, not counted (七千万儿女)
OF_PEOPLE = re.compile(rf"[^,;。、]{{0,4}}(?:{alternation(_WORDS.of_people)})(?!{alternation(_WORDS.not_people)})")
#: bodies of people whose size is told (组建20人|的团队)
TEAM = re.compile(rf"的[^,;。、]{{0,12}}(?:{alternation(_WORDS.teams)})")
#: the rule names of amounts without a number, by their comparator
WORD_RULES = {
    "all": "is covered wholly",
    "zero": "is none",
    "both_down": "both fall",
    "both_up": "both rise",
    "above": "is above <reference>",
    "below": "is below <reference>",
    "with": "keeps step with <reference>",
    "assigned": "does what was assigned",
    "unchanged": "stays as it is",
}
