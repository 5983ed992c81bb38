"""The words around an amount that decide what it may be compared with: the act, the scope, the span of time."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache

import msgspec

from luoshi.extract import catalogue
from luoshi.link.naming import core as core_of
from luoshi.link.naming import fronted, is_bare
from luoshi.link.source import Measured, Source
from luoshi.link.words import act_of, act_pattern, affixes, apart_patterns, deed_patterns, pattern, stage_of, stage_pattern
from luoshi.outline.divisions import named

_CLAUSE_ENDS = re.compile(r"[，,；;。！？!?：:\n]")
_MEAN = re.compile(r"年均(?!浓度|值)|平均每年|年平均(?!浓度)|年递增|年复合")
_FROM_TO = re.compile(r"[从由][^，；]{1,16}(?:提高|增加|增长|上升|提升|扩大|下降|降低|减少)[至到]")
_SINCE = re.compile(r"(?:比|较|是)((?:19|20)\d\d)年")
_YEARS_AHEAD = re.compile(
    r"(?:未来|今后)[三四五\d]年|(?<!\d)[二两三四五\d]年内|(?<!\d)[三五35]年时间|力争[三五35]年|到20\d\d年底?前?，?力争"
)
_THIS_YEAR = re.compile(r"(?<![\d二两三四五])年内|今年|全年|本年|当年")
_WORKS = {
    "new": re.compile("新建|建成|新增|增加|开办|竣工|投用|新开|(?<!更)新改|建设"),
    "mended": re.compile("改造|改扩建|扩建|改建|整治|提升|升级|修缮|更新|综合治理|维修"),
}
#: 建成区 is a place, no work
_BUILT_UP = "建成区"
_OBJECT = re.compile(
    r"[^，,；;。（(]*的([\u4e00-\u9fff]{2,14}(?:改造|整治|治理|升级|提升|验收|审批|接入|安装|排查|检测|监测|培训))(?=[，,；;。（(]|工作|任务|工程|项目)"
)
_DOWN_TO = re.compile(
    r"(?:压减|压缩|精简|减少|降低|下降|缩短|缩小|下调|缩减|控制|降|减)(?:到了?|至|为|在)(?:每[^，,]{1,4}|平均|全部|目前的?)?$"
)
_REACHING = frozenset({"达到", "达", "突破"})
_MEMBERS = re.compile(r"([^，,；;。：:]+)等$")
_BY_YEAR = re.compile(r"到20\d\d年")
_FURTHERED = re.compile("推进|加快|谋划|规划|推动|探索")
_FINISHED = re.compile("完成|建成|确保|实现|竣工|完工|新增|交付|投用|办结|力争|以上|不少于|不低于")
_COMPARABLE = re.compile(r"可比|同口径|剔除|扣除|不含")
_LEAD_ZONE = re.compile(r"[\u4e00-\u9fff]{2,5}?(?:新区|新城|开发区|高新区|经开区|自贸区|保税区|合作区|片区|科技城|产业园)")
_ZONE = re.compile(r"[\u4e00-\u9fff]{2,4}?(?:新区|开发区|高新区|经开区|自贸区|保税区|综保区|示范区|合作区|片区)")
_DIVISION = re.compile(r"[市县区州盟旗]")
#: words that look like a zone's name and are none
_NO_ZONE = re.compile(r"^(?:全|各|本|我|省级|国家级|市级|国家|示范|所有|重点|产业|工业|自主创新|先行|建成)")
_LONGEST_PLACE = 7
#: signs behind 县 or 市 that make it a word of level, not of a place: 县级, 县域, 市场
_NO_DIVISION = frozenset("级域场委政民内外里属直")
_ONE_YEAR = re.compile(r"今年|去年|上年|当年|全年|本年|(?:19|20)\d\d年")


class Scene(msgspec.Struct, frozen=True, dict=True):
    """An amount in its sentence. ``before`` are the words of its clause in front of it, ``after`` those behind it."""

    source: Source
    measure: Measured
    before: str
    after: str
    lead: str

    @cached_property
    def act(self) -> str:
        """The class of the nearest verb: before the amount in the clause, behind it, else earlier in the sentence; "" for none."""
        behind = _first(self.after)
        words = act_pattern().findall(self.before)
        if words and words[-1] in _REACHING:  # 新增学位达到5000个 is of what was added, 企业突破1800家 of what there is
            return next((act_of(word) for word in reversed(words) if word in affixes("adding")), "stock")
        found = _last(self.before) or (behind if behind and act_of(behind) != "stock" else "") or _last(self.lead)
        return act_of(found) if found else ""

    @cached_property
    def stage(self) -> str:
        """The stage of building that is counted: begin, built, supply, raise; "" for none."""
        found = stage_pattern().findall(self.before.replace(_BUILT_UP, "")) or stage_pattern().findall(self.behind)[:1]
        if not found or (found[-1] == "提供" and self.measure.unit not in _HOMES):
            return ""
        return stage_of(found[-1])

    @cached_property
    def behind(self) -> str:
        """The words of the clause behind the amount, up to the next member of a row or the next amount."""
        end = self.measure.end + len(self.after)
        following = next((one.start for one in self.source.between(self.measure.end, end)), end)
        return self.after[: following - self.measure.end].partition("、")[0]

    @cached_property
    def deeds(self) -> frozenset[str]:
        """What is done for the things that are counted, where two deeds are two counts: bring, grow, pay, found, train."""
        words = self.before + self.measure.name
        return frozenset(deed for deed, sought in deed_patterns() if sought.search(words))

    @cached_property
    def kept_apart(self) -> tuple[frozenset[str], ...]:
        """The words around the amount that keep it apart from others, group by group."""
        words = self.before + self.measure.name + self.behind
        return tuple(frozenset(sought.findall(words)) for sought in apart_patterns())

    @cached_property
    def scope(self) -> str:
        """What stands before the name and says whose amount it is: 光明凤凰城全年完成固定资产投资 → 光明凤凰城; "" for the place itself."""
        words = re.sub(r"[^\u4e00-\u9fff]", "", re.split(r"[、）)和及与]|以及", self.own)[-1])
        for own in (self.source.region, *_ends(self.source.region)):
            words = words.replace(own, "")
        return pattern("harmless").sub("", words)

    @cached_property
    def is_part_of_year(self) -> bool:
        return pattern("part_of_year").search(self.before) is not None

    @cached_property
    def is_of_several_years(self) -> bool:
        years = self.measure.years
        if years is not None and years[0] != years[1]:
            return True
        if self.looks_back and not self.is_end and self.measure.measure != "growth" and self.measure.unit not in {"%", "‰"}:
            return True
        if self.measure.unit in STATES:
            return False
        if self.measure.measure in {"growth", "change"} and self._is_since_long_ago:
            return True
        if self._is_sum_to_come:
            return True
        if self.measure.role == "target" and _YEARS_AHEAD.search(self.lead + self.before) and not _THIS_YEAR.search(self.before):
            return True
        return pattern("several_years").search(self.before) is not None

    @cached_property
    def _is_sum_to_come(self) -> bool:
        """True for what is to be added by a year beyond the plan's: 到2030年新增床位1.5万张."""
        plan, year = self.source.plan_year, self.measure.year
        if self.measure.role != "target" or plan is None or year is None or year <= plan:
            return False
        added = self.measure.measure == "change" or self.act in {"finish", "mend", "cut", "begin"} or "累计" in self.before
        return added and self.measure.unit not in {"%", "‰"} and _BY_YEAR.search(self.lead + self.before) is not None

    @cached_property
    def is_end(self) -> bool:
        """True for the state at the end of the years that a look back covers: 从415元提高至800元, 总数达2912家."""
        return self.act == "stock" or _FROM_TO.search(self.before) is not None

    @cached_property
    def is_mean(self) -> bool:
        """True for a mean over years: 年均增长8%."""
        return _MEAN.search(self.before + self.measure.name[-4:]) is not None

    @cached_property
    def _is_since_long_ago(self) -> bool:
        """True for a growth since a year that is not the one before: 比2020年增长63.7%."""
        match = _SINCE.search(self.before)
        return match is not None and self.measure.year is not None and int(match[1]) != self.measure.year - 1

    @cached_property
    def works(self) -> frozenset[str]:
        """What is done to the things that are counted: new, mended; empty where the clause does not say."""
        words = (self.before + self.after).replace(_BUILT_UP, "")
        return frozenset(kind for kind, sought in _WORKS.items() if sought.search(words))

    @cached_property
    def object(self) -> str:
        """The work that things in a row are named for: 69所学校、12所医院的管道燃气改造 → 管道燃气改造; "" for none."""
        end = self.source.sentence(self.measure.start, self.measure.end)[1]
        match = _OBJECT.match(self.source.text[self.measure.end : end])
        return match[1] if match else ""

    @cached_property
    def looks_back(self) -> bool:
        """True in a part that looks back over several years, unless the sentence names a year."""
        words = self.lead + self.before
        return self.source.looks_back_at(self.measure.section) and not _ONE_YEAR.search(words)

    @cached_property
    def own(self) -> str:
        """The words of the clause in front of the amount and its name: whose amount it is."""
        name = self.measure.name
        place = self.before.rfind(name) if name else -1
        return self.before[:place] if place >= 0 else self.before

    @cached_property
    def places(self) -> frozenset[str]:
        """Names of other places in the clause in front of the amount: 唐山市固定资产投资."""
        words = act_pattern().sub(" ", self.own) + self.measure.name
        found = {match[0] for match in _ZONE.finditer(words) if not _NO_ZONE.search(match[0])}
        for match in _DIVISION.finditer(words):
            if words[match.end() : match.end() + 1] in _NO_DIVISION:
                continue
            for size in range(2, _LONGEST_PLACE):
                word = words[max(0, match.end() - size) : match.end()]
                if len(word) == size and named(word):
                    found.add(word)
        return frozenset(word for word in found if word not in self.source.region)

    @cached_property
    def lead_places(self) -> frozenset[str]:
        """Zones named earlier in the sentence: 自贸新城建设加快，…全年完成固定资产投资370亿元."""
        return frozenset(match[0] for match in _LEAD_ZONE.finditer(self.lead) if not _NO_ZONE.search(match[0]))

    @cached_property
    def is_lowered(self) -> bool:
        """True for a level that is to be come down to: 审批事项压减到100多项."""
        return _DOWN_TO.search(self.before) is not None

    @cached_property
    def is_kept_at(self) -> bool:
        """True for a level that is to be kept at, from which side the words do not say: 窗口控制在80个."""
        match = _DOWN_TO.search(self.before)
        return match is not None and match[0].startswith("控制")

    @cached_property
    def behind_lead_places(self) -> str:
        """The words of the sentence behind the last zone that is named in it, up to the amount."""
        found = [match.end() for match in _LEAD_ZONE.finditer(self.lead) if not _NO_ZONE.search(match[0])]
        return (self.lead[found[-1] :] if found else "") + self.before

    @cached_property
    def members(self) -> tuple[str, ...]:
        """Names of some of the things that are counted: 澜湾小学、听松小学等5所学校."""
        match = _MEMBERS.search(self.before)
        return tuple(fronted(one) for one in _JOINTS.split(match[1]) if len(fronted(one)) > 1) if match else ()

    @cached_property
    def is_furthered(self) -> bool:
        """True for things that are to be furthered, not finished: 加快推进12个项目建设."""
        words = self.before + self.behind
        return _FURTHERED.search(words) is not None and _FINISHED.search(words) is None

    @cached_property
    def is_comparable(self) -> bool:
        """True for a figure on another basis than the published one: 按可比口径增长32.3%."""
        words = self.lead + self.before
        bracket = max(words.rfind("("), words.rfind("（"))
        if bracket > max(words.rfind(")"), words.rfind("）")) and _COMPARABLE.search(words[bracket:]):
            return True
        return _COMPARABLE.search(self.before) is not None

    @cached_property
    def company(self) -> int:
        """How many results of the sentence the catalogue knows."""
        first = self.measure.start - len(self.before) - len(self.lead)
        last = self.source.sentence(self.measure.start, self.measure.end)[1]
        return sum(1 for one in self.source.between(first, last) if one.indicator_id and one.role == "result")

    @cached_property
    def name(self) -> str:
        """The words that name what the amount is of: of several names with 分别 the own one, of a mere head with the words beside it."""
        name = self.measure.name
        if name.startswith("占") and (subject := _subject(self)):
            return subject + name
        if _SEVERALLY in self.before and len(parts := [part for part in _JOINTS.split(name) if part]) > 1:
            return _severally(parts, self.rank)
        if (
            self.followed
            and len(parts := [part for part in _JOINTS.split(name) if part]) > 1
            and core_of(parts[-1]) == core_of(self.followed)
        ):
            return _severally(parts, 0)
        return name

    @cached_property
    def core(self) -> str:
        """The core of the name; a head that says nothing alone has the words before or behind it in front."""
        if self.object:
            return core_of(self.object + self.name)
        core = core_of(self.name)
        if not core or not is_bare(core):
            return core
        return core_of(_modifier(self) + self.name)

    @cached_property
    def indicator_id(self) -> str:
        """The indicator of the catalogue, by the name as read or by its core."""
        if self.name == self.measure.name and self.measure.indicator_id:
            return self.measure.indicator_id
        short = self.name[1:] if self.name[:1] in _OWN_LEVEL else self.name
        return catalogue.indicator_id(self.name) or catalogue.indicator_id(fronted(self.name)) or catalogue.indicator_id(short)

    @cached_property
    def rank(self) -> int:
        """Which amount of its clause this is, from 0."""
        start = self.measure.start - len(self.before)
        return sum(1 for one in self.source.between(start, self.measure.start) if one.measure != "rank")

    @cached_property
    def followed(self) -> str:
        """The name of the next amount of the clause."""
        end = self.measure.end + len(self.after)
        return next((one.name for one in self.source.between(self.measure.start + 1, end)), "")


def _subject(one: Scene) -> str:
    """The name of the amount before this one in the sentence."""
    first = one.measure.start - len(one.before) - len(one.lead)
    found = [
        each for each in one.source.measures if first <= each.start < one.measure.start and each.name and not each.name.startswith("占")
    ]
    return found[-1].name if found else ""


def _severally(parts: list[str], rank: int) -> str:
    """The own name of the amount at ``rank`` out of names in a row; what only the first or the last part has is shared.

    >>> _severally(["万元GDP能耗", "水耗"], 1), _severally(["化学需氧量", "二氧化硫排放量"], 0)
    ('万元GDP水耗', '化学需氧量排放量')
    """
    if rank >= len(parts):
        return parts[-1]
    own, first, last = parts[rank], parts[0], parts[-1]
    if rank and len(first) > len(own) and first[-1] == own[-1] and not own.endswith(_HEADS):
        return first[: -len(own)] + own
    head = _HEAD.search(last)
    if head and not own.endswith(_HEADS) and rank < len(parts) - 1:
        return own + head[0]
    return own


_HEADS = (
    "排放量",
    "增加值",
    "收入",
    "面积",
    "里程",
    "产值",
    "总额",
    "投资",
    "比重",
    "率",
    "人次",
    "余额",
    "产量",
    "学位",
    "企业",
    "小区",
    "公里",
    "岗位",
)
_HEAD = re.compile("(?:" + "|".join(_HEADS) + ")$")
_SEVERALLY = "分别"
#: 区城镇登记失业率 in a district's report
_OWN_LEVEL = ("区", "市", "县", "省", "州")
_JOINTS = re.compile(r"[、和及与]|以及")
_NEAR_BEFORE = re.compile(r"[\u4e00-\u9fff“”][\u4e00-\u9fffA-Za-z“”]{1,13}$")
_NEAR_AFTER = re.compile(r"^[\u4e00-\u9fffA-Za-z0-9]{2,8}")


def _in_front_of_name(one: Scene) -> str:
    """The words of the clause in front of the name, also where the name stands clauses before the amount."""
    name, start = one.measure.name, one.measure.name_start
    first = one.measure.start - len(one.before) - len(one.lead)
    if not name or name in one.before or not first <= start < one.measure.start:
        return one.own
    return _CLAUSE_ENDS.split(one.source.text[first:start])[-1]


def _modifier(one: Scene) -> str:
    """The words that make a bare head say something: those before it, else those behind the amount (3家企业上市)."""
    match = _NEAR_BEFORE.search(_in_front_of_name(one))
    words = act_pattern().sub(" ", match[0]).split() if match else []
    if words and core_of(words[-1]) and words[-1] not in _EMPTY:
        return words[-1]
    behind = one.after
    if behind.startswith(one.measure.name):
        match = _NEAR_AFTER.match(behind.removeprefix(one.measure.name))
        if match:
            return match[0]
    return ""


_EMPTY = frozenset({"全年", "年内", "今年", "全市", "全区", "全省", "全县", "力争", "确保"})


#: units of homes, which are provided
_HOMES = frozenset({"套", "户", "间"})
#: units of a state, of which 累计 says no more than so far this year
STATES = frozenset({"微克/立方米", "毫克/立方米", "天", "分贝"})


@lru_cache(maxsize=1024)
def _ends(region: str) -> tuple[str, ...]:
    """The names by which a place's own documents call it: 深圳市南山区 → 南山区, 南山."""
    parts = re.findall(r"[\u4e00-\u9fff]+?(?:省|自治区|市|自治州|州|盟|县|区|旗)", region) or [region]
    last = parts[-1]
    return (last, last[:-1]) if len(last) > 2 else (last,)


def scene(source: Source, measure: Measured) -> Scene:
    """The amount with the words around it."""
    if measure.years is not None and source.is_of_one_year(measure):
        measure = msgspec.structs.replace(measure, year=source.review_year, years=None)
    first, last = source.sentence(measure.start, measure.end)
    text = source.text
    head, tail = text[first : measure.start], text[measure.end : last]
    cut = max((match.end() for match in _CLAUSE_ENDS.finditer(head)), default=0)
    behind = _CLAUSE_ENDS.search(tail)
    return Scene(source, measure, head[cut:], tail[: behind.start()] if behind else tail, head[:cut])


def _last(words: str) -> str:
    found = act_pattern().findall(words)
    return found[-1] if found else ""


def _first(words: str) -> str:
    match = act_pattern().search(words)
    return match[0] if match else ""
