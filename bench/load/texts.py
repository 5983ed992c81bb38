"""Fictional reports and breakdowns of any length: sentences of the genre whose words come as often as in real text, few often and very many seldom.

Nothing of a real document is in here: places, enterprises and persons are made up, indicators are those of the catalogue.
"""

from __future__ import annotations

import random
import re
from bisect import bisect
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Any

import msgspec


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\S+", text))


CITIES = ("澜州市", "沐阳市", "霁川市", "砚江市", "桐浦市")
COUNTIES = (
    "栖山区", "云溪县", "鹭渚区", "霜桥县", "石砚区", "梅埠县", "墨棠县", "苍岭县", "汀兰区", "松壑县",
    "青枫县", "竹屿区", "柏原县", "荷塘区", "麓溪县", "沙棠县", "晴岚区", "望舒县", "枕河区", "秋浦县",
    "知春区", "白鹤县", "临澍县", "听涛区", "朝云县", "远岫县", "银杏区", "锦溪县", "南柯县", "北渚区",
    "长汀岭县", "落霞区", "问津县", "归雁县", "清渠区", "稻香县", "浮玉区", "疏桐县", "碧梧县", "镜湖岭区",
)  # fmt: skip
PROVINCE = "云川省"
FIRST_YEAR, LAST_YEAR = 2005, 2026
#: so much of the sentences states facts: a report has some 35 of them in 1,000 characters
_TELLING = 0.74
_PERSONS = ("松问渠", "柏望川", "梅听雨", "竹知节", "桐叶舟", "麦秋实", "砚初晴", "荷风起", "霜降白", "溪午青", "岑远山", "陌上桑")
_NOUNS = _words(
    "产业 项目 企业 经济 社会 城市 农村 生态 教育 医疗 养老 交通 水利 能源 科技 创新 人才 文化 旅游 农业 工业 服务业 营商环境 招商引资 园区 乡村 社区 街道 道路 管网 "
    "公园 学校 医院 市场 消费 外贸 开放 改革 政务服务 数字政府 安全生产 应急管理 信访 就业 社保 住房 物业 环境治理 河湖 林业 耕地 粮食 储备 物流 金融 财政 税源 统计 "
    "审计 法治 信用 监管 执法 基层治理 网格 志愿服务 双拥 民族 宗教 档案 气象 防汛 抗旱 消防 电网 通信 算力 数据 平台 集群 链条 品牌 标准 质量 专利 研发 中试 孵化"
)
_VERBS = _words(
    "推进 加快 深化 完善 加强 提升 实施 推动 强化 优化 落实 健全 培育 壮大 拓展 打造 巩固 规范 支持 引导 建立 统筹 抓好 做优 用好"
)
_GOODS = _words("建设 发展 改造 升级 治理 整治 提质 增效 融合 攻坚 培育 布局 监管 服务 保障 衔接 转型 试点 协同 更新")
_WORKS = _words(
    "大桥 快速路 污水处理厂 产业园 水库 中学 小学 中医院 养老中心 体育馆 图书馆 物流园 变电站 数据中心 换乘站 湿地公园 标准厂房 研发中心 冷链基地 片区改造 安置房 供水工程"
)
_STAGES = _words("开工建设 建成投用 竣工验收 主体封顶 加快推进 启动前期 投产达效")
_UNITS = _words(
    "发改局 财政局 工信局 住建局 交通局 农业农村局 水利局 教育局 卫健委 民政局 人社局 商务局 文旅局 市场监管局 统计局 审计局 司法局 应急局 生态环境分局 自然资源分局 "
    "税务局 城管局 信访局 医保局 数据局"
)
_SYLLABLES = (
    "澜沐霁砚桐栖云鹭霜石梅墨苍汀松青竹柏荷麓沙晴望枕秋知鹤临听朝远银锦南北落问归清稻浮疏碧镜岚溪渚桥棠岭兰壑枫屿原塘埠陂坞堰浦湾冈坪"
)
_OPENINGS = _words("坚持 围绕 聚焦 着力 持续 全面 扎实 稳步 深入 大力 切实 统筹")


class Zipf:
    """Words of which the first come often and the last hardly ever."""

    def __init__(self, words: Sequence[Any], made: random.Random, *, flat: float = 6) -> None:
        self._words, self._made = words, made
        self._weights = list(accumulate(1 / (place + flat) for place in range(len(words))))

    def __call__(self) -> Any:
        return self._words[bisect(self._weights, self._made.random() * self._weights[-1])]


class Place(msgspec.Struct, frozen=True):
    """A fictional county with the city it lies in."""

    city: str
    county: str

    @property
    def full(self) -> str:
        return f"{PROVINCE}{self.city}{self.county}"


PLACES = tuple(Place(CITIES[number * len(CITIES) // len(COUNTIES)], county) for number, county in enumerate(COUNTIES))


class Author:
    """Writes the texts; the same seed writes the same ones."""

    def __init__(self, seed: int) -> None:
        from luoshi.extract.catalogue import indicators

        self.made = made = random.Random(seed)  # noqa: S311 - texts, no secrets
        names = random.Random(1)  # noqa: S311 - the same places for every seed
        stems = list(dict.fromkeys("".join(names.choices(_SYLLABLES, k=names.choice((2, 2, 3)))) for _ in range(9000)))
        self.stem, self.noun = Zipf(stems, made, flat=20), Zipf(_NOUNS, made)
        self.verb, self.good, self.work = Zipf(_VERBS, made), Zipf(_GOODS, made), Zipf(_WORKS, made)
        usual = [one for one in indicators() if one.unit]
        self.percent = Zipf([one for one in usual if "G" in one.kind], made)
        self.level = Zipf([one for one in usual if "L" in one.kind or "N" in one.kind], made)
        self.share = Zipf([one for one in usual if "S" in one.kind], made)

    def report(self, place: Place, year: int, length: int) -> str:
        """A report of the government's work on the year before, with the plan of ``year``."""
        person = self.made.choice(_PERSONS)
        head = (
            f"政府工作报告\n——{year}年1月{self.made.randint(5, 25)}日在{place.city}{place.county}第六届人民代表大会第{'一二三四五'[year % 5]}次会议上\n"
            f"{'区' if place.county.endswith('区') else '县'}长　{person}\n\n各位代表：\n现在，我代表{place.county[-1]}人民政府向大会报告工作，请予审议。\n\n"
        )
        parts = [head, f"一、{year - 1}年工作回顾\n"]
        parts += self._chapters(length * 55 // 100, self._done)
        parts += [f"\n二、{year}年工作安排\n今年经济社会发展的主要预期目标是：{self._targets(12)}。\n"]
        parts += self._chapters(length * 40 // 100, self._planned)
        return "".join(parts)

    def breakdown(self, place: Place, year: int, tasks: int) -> str:
        """The tasks of a report with who answers for each."""
        short = place.county[-1]
        title = f"{year}年政府工作报告重点工作任务分解"
        head = (
            f"{place.county}人民政府办公室关于印发{title}的通知\n\n各镇人民政府、各街道办事处，{short}政府各部门：\n现将任务分解印发给你们，请认真抓好落实。\n\n"
            f"{place.county}人民政府办公室\n{year}年1月{self.made.randint(10, 28)}日\n\n{title}\n"
        )
        lines = [head]
        for number in range(1, tasks + 1):
            if number % 10 == 1:
                lines.append(f"{'一二三四五六七八九十'[(number // 10) % 10]}、{self.verb()}{self.noun()}{self.good()}\n")
            units = self.made.sample(_UNITS, self.made.randint(2, 6))
            due = self.made.choice((f"{year}年12月底前", f"{year}年12月底前", f"{year}年6月底前", f"{year}年9月底前", "持续推进"))
            lines.append(
                f"{number}.{self._planned()}。（牵头负责领导：{self.made.choice(_PERSONS)}；牵头责任单位：{short}{units[0]}；"
                f"协同单位：{'、'.join(short + unit for unit in units[1:])}；完成时限：{due}）\n"
            )
        return "".join(lines)

    def _chapters(self, length: int, sentence: Callable[[], str]) -> list[str]:
        out, size, number = list[str](), 0, 0
        while size < length:
            number += 1
            title = f"（{'一二三四五六七八九十'[number % 10 - 1]}）{self.verb()}{self.noun()}，{self.noun()}{self.good()}。"
            body = "。".join(sentence() if self.made.random() < _TELLING else self._prose() for _ in range(self.made.randint(6, 14)))
            out.append(f"{title}{body}。\n")
            size += len(out[-1])
        return out

    def _targets(self, count: int) -> str:
        return "；".join(f"{self.percent().name}增长{self._grows()}%左右" for _ in range(count))

    def _grows(self) -> str:
        return f"{self.made.randint(2, 14)}.{self.made.randint(0, 9)}"

    def _amount(self, unit: str) -> str:
        first = unit.partition("、")[0]
        return f"{self.made.randint(3, 90000) / self.made.choice((1, 10, 100)):g}{first}"

    def _done(self) -> str:
        made, kind = self.made, self.made.random()
        if kind < 0.34:
            return f"{self.level_phrase('达到')}，增长{self._grows()}%"
        if kind < 0.5:
            return f"{self.percent().name}增长{self._grows()}%，{self.percent().name}增长{self._grows()}%"
        if kind < 0.58:
            return f"{self.share().name}提高到{made.randint(30, 99)}.{made.randint(0, 9)}%"
        if kind < 0.78:
            return f"{self.stem()}{self.work()}、{self.stem()}{self.work()}{made.choice(_STAGES)}，完成投资{made.randint(1, 60)}.{made.randint(0, 9)}亿元"
        if kind < 0.9:
            return f"新增{self.noun()}{self.noun()}{made.randint(2, 90)}个，{self.verb()}{self.stem()}{self.noun()}{self.good()}"
        return self._said()

    def _planned(self) -> str:
        made, kind = self.made, self.made.random()
        if kind < 0.25:
            return f"{self.verb()}{self.stem()}{self.work()}建设，力争{self.level_phrase('达到')}以上"
        if kind < 0.45:
            return f"{self.verb()}{self.noun()}{self.good()}，确保{self.percent().name}增长{self._grows()}%以上"
        if kind < 0.7:
            return f"{self.verb()}{self.stem()}{self.work()}建设，新建{self.noun()}{self.work()}{made.randint(2, 40)}个，改造{self.stem()}老旧管网{made.randint(3, 90)}公里"
        if kind < 0.8:
            return f"{self.share().name}达到{made.randint(30, 99)}%以上"
        return self._said()

    def level_phrase(self, verb: str) -> str:
        one = self.level()
        return f"{one.name}{verb}{self._amount(one.unit)}"

    def _prose(self) -> str:
        """A sentence that states nothing which could be measured, as half of every real report."""
        pairs = "、".join(f"{self.noun()}{self.noun()}" for _ in range(self.made.randint(2, 4)))
        return f"{pairs}等方面的面貌有了新的变化，{self.stem()}一带的{self.noun()}与{self.noun()}相互映照，群众的获得感更加充实、更可持续"

    def _said(self) -> str:
        return f"{self.made.choice(_OPENINGS)}{self.verb()}{self.noun()}{self.good()}，{self.verb()}{self.stem()}{self.noun()}、{self.noun()}{self.good()}，{self.noun()}水平进一步提高"
