"""Regions: which place and level a document speaks for, from its own words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache

import ahocorasick_rs
import msgspec

from luoshi.outline import divisions
from luoshi.outline.divisions import Division
from luoshi.outline.outline import Level
from luoshi.outline.wording import wording


class Region(msgspec.Struct, frozen=True):
    """Full name, GB/T 2260 code (of the division a zone lies in) and level; ``""`` is what the words do not tell."""

    name: str = ""
    code: str = ""
    level: Level = ""


NATION = Region("全国", "", "national")
_ZONE = re.compile(
    r"(?:[\u4e00-\u9fff]{0,8}?)(?:高新技术产业开发区|高新技术开发区|经济技术开发区|经济开发区|高新区|经开区|开发区|新区|示范区|保税区|"
    r"综合保税区|度假区|合作区|产业园区|工业园区|功能区|管理区|林区)"
)
_TOWN = re.compile(r"[\u4e00-\u9fff]{1,6}(?:镇|乡|街道)(?:办事处)?")
_LONG_ZONE = (("高新区", "高新技术产业开发区"), ("经开区", "经济技术开发区"))
_UNIT = re.compile(r"(?:省|市|州|盟|县|区|旗|特区)")
_OFFICE = r"(?:各?级)?(?:人民政府|政府|管委会|管理委员会|党工委|人民委员会)"
#: 我代表怀柔区人民政府, 我受市人民政府委托
_SPEAKS = re.compile(
    r"(?:代表|受)((?:[\u4e00-\u9fff]){0,24}?)(人民政府|政府|管委会|管理委员会|国务院|中央人民政府|党工委)(?:、管委会|、管理委员会)?(?!办公)"
    r"(?=[,、的]?(?:的)?(?:委托|筹备组)?[,、]?(?:向|就|作|报告|同时|现将|,))"
)
_ASSEMBLY = re.compile(r"在((?:[\u4e00-\u9fff]){2,32}?)第?[一二三四五六七八九十○〇\d]{1,4}届(?:人民代表大会|人大|委员会)")
_OPENS = re.compile(r"^(?:[12]\d{3}年)([\u4e00-\u9fff]{2,16}?(?:省|市|县|区|旗|州)),", re.MULTILINE)
_TITLED = re.compile(
    r"^(?:[(\[【]([\u4e00-\u9fff]{2,8}?)[)\]】])?(?:\d{4}年)?((?:中共)?[\u4e00-\u9fff]{2,40}?)(?:[12]\d{3}年|人民政府|政府|管委会|管理委员会|党工委|委员会|委)?(?:办公[室厅]|府?办)?"
    r"(?:\d{4}年|[二〇○零一九八]{4}年)?(?:度)?(?:政府工作报告|工作报告|国民经济|“|关于|委)"
)
_SELF = re.compile("([全我本])(省|市|区|县|州|盟|旗|国|自治区|自治州|镇|乡|街道)")
_OFFICES = re.compile(
    "(?:^|[:;,、。(])(省|市|区|县|州|自治区)(?:发展改革|工业和信息化|财政|科技|教育|住房|人力资源|公安|民政|司法|农业|商务|文化|市场监管|自然资源|生态环境|"
    "交通|水利|卫生|应急|大数据|统计|审计|金融)(?:厅|局|委|运输|体育|广电|农村|城乡|社会|健康|管理|监管|和)"
)
_LEVELS: dict[str, Level] = {
    "国": "national",
    "省": "province",
    "自治区": "province",
    "市": "city",
    "州": "city",
    "自治州": "city",
    "盟": "city",
    "区": "county",
    "县": "county",
    "旗": "county",
    "镇": "township",
    "乡": "township",
    "街道": "township",
}


def find_region(title: str, head: str, body: str, year: int | None, header: Sequence[str] = ()) -> Region:
    """The region of a document: from its title and opening words, else from how it speaks of itself and the places it names most.

    ``head`` is the letterhead with the opening paragraph, ``body`` the text, ``header`` what a collector wrote above it (asked last).
    Nothing is guessed: what is not told stays empty.
    """
    phrases = _phrases(title, head)
    if any(phrase in ("国务院", "中央人民政府") for phrase in phrases):
        return NATION
    for phrase in phrases:
        region = _parse(phrase, body, year)
        if region.name:
            return region
    if any(phrase.endswith("新区") for phrase in phrases):
        return _named_zone("新区", body, year)
    region = _by_mentions(*_own_level(phrases, body), body, year)
    for words in () if region.name else header:
        for phrase in _phrases(words, ""):
            told = _parse(phrase, body, year)
            if told.name:
                return told
    return region


def _phrases(title: str, head: str) -> list[str]:
    """The words that name who speaks, best first."""
    found: list[str] = []
    for match in _SPEAKS.finditer(head):
        if match[2] in ("国务院", "中央人民政府"):
            return [match[2]]
        found.append(match[1])
    found.extend(match[1] for match in _ASSEMBLY.finditer(head))
    found.extend(match[1] for match in _OPENS.finditer(head))
    titled = _TITLED.match(title)
    if titled is not None:
        found.insert(0, (titled[1] or "") + titled[2].removeprefix("中共"))
    assembly = _ASSEMBLY.search(title)
    if assembly is not None:
        found.insert(0, assembly[1])
    return [phrase for phrase in found if phrase]


def _parse(phrase: str, body: str, year: int | None) -> Region:
    """The region that a phrase such as 安徽省合肥市庐阳区, 怀柔区, 合肥新站高新区 or 瑶海区 names; empty where it names none alone."""
    chain: list[Division] = []
    at = 0
    while at < len(phrase):
        step = _longest(phrase, at, chain, body, year)
        if step is None:
            break
        division, at = step
        chain.append(division)
    rest = phrase[at:]
    zone = _ZONE.match(rest) if rest else None
    if zone is not None and zone.end() == len(rest) and (chain or len(rest) >= 4):
        return _zone(rest, chain[-1] if chain else _most_named_city(body, year), year)
    if _TOWN.fullmatch(rest):
        above = chain[-1] if chain else None
        return Region((divisions.full_name(above, year) if above else "") + rest, above.code if above else "", "township")
    if not chain or rest.lstrip("的").strip():
        return Region()
    return _region(chain[-1], year)


def _named_zone(kind: str, body: str, year: int | None) -> Region:
    """The zone that the text names most, where it calls itself by its kind only (新区, 高新区)."""
    counts = Counter(match[1] for match in re.finditer(f"(?=([\u4e00-\u9fff]{{2,3}}){kind})", body))
    ranked = [(word, count) for word, count in counts.most_common(12) if not _NO_NAME.search(word)]
    if not ranked or ranked[0][1] < 3:
        return Region(level="zone")
    word, count = ranked[0]
    longer = next((other for other, number in ranked[1:] if other.endswith(word) and number == count), word)
    return _zone(longer + kind, _most_named_city(body, year), year)


_NO_NAME = re.compile(
    "[的在了是和与全各我本对为将把向从由被以及等]|推动|建设|加快|打造|提升|深化|推进|支持|围绕|成立|规划|功能|高新|国家|市级|促进|现代|城市|发展"
)


def _zone(name: str, lies_in: Division | None, year: int | None) -> Region:
    for short, long in _LONG_ZONE:
        if name.endswith(short):
            name = name[: -len(short)] + long
            break
    if lies_in is None:
        return Region(name, "", "zone")
    return Region(divisions.full_name(lies_in, year) + name, lies_in.code, "zone")


def _region(division: Division, year: int | None) -> Region:
    return Region(divisions.full_name(division, year), division.code, division.level)


def _longest(phrase: str, at: int, chain: list[Division], body: str, year: int | None) -> tuple[Division, int] | None:
    """The longest division name at ``at`` that lies inside the last of ``chain``; a stem only where more follows it."""
    for end in range(len(phrase), at + 1, -1):
        word = phrase[at:end]
        found = divisions.named(word, year)
        if not found and (end < len(phrase) or not chain):
            found = [
                division
                for name in divisions.stems().get(word, ())
                for division in divisions.named(name, year)
                if division.level != "county" or end == len(phrase)
            ]
        if chain:
            found = [division for division in found if _inside(division, chain[-1])]
        if found:
            division = found[0] if len(found) == 1 else _likeliest(found, body, year)
            if division is not None:
                return division, end
    return None


def _inside(inner: Division, outer: Division) -> bool:
    prefix = outer.code[:2] if outer.level == "province" else outer.code[:4]
    return inner.code.startswith(prefix) and inner.code != outer.code


def _likeliest(found: list[Division], body: str, year: int | None) -> Division | None:
    """Of several divisions of one name the one whose city or province the text names; ``None`` where it does not tell."""
    top = min(("province", "city", "county").index(division.level) for division in found)  # 吉林省 before 吉林市
    if top == 0:
        return next(division for division in found if division.level == "province")
    same = {division.code: division for division in found}
    if len(same) == 1:
        return found[0]
    scores = []
    for division in found:
        score = 0
        for code in {division.code[:4] + "00", division.code[:2] + "0000"} - {division.code}:
            above = divisions.coded(code, year)
            if above is not None:
                score += body.count(divisions.stem(above.name)) * (3 if above.level == "city" else 1)
        scores.append((score, not division.until, division))
    scores.sort(key=lambda item: item[:2], reverse=True)
    if scores[0][0] >= 2 and scores[0][0] > 1.5 * scores[1][0]:
        return scores[0][2]
    return None


def _own_level(phrases: list[str], body: str) -> tuple[Level, str]:
    """The level and its word, from how the text speaks of itself: 我代表区人民政府, 全市, 我省."""
    for phrase in phrases:
        if phrase in _LEVELS:
            if phrase == "区" and body.count("自治区") > 3 and body.count("市委") < 3:
                return "province", "自治区"
            return _LEVELS[phrase], phrase
    counts = Counter(match[2] for match in _SELF.finditer(body))
    counts.update(match[1] for match in _OFFICES.finditer(body))
    counts["国"] //= 3
    if not counts:
        return "", ""
    word, count = counts.most_common(1)[0]
    if word == "区" and body.count("自治区") > count // 4:
        return "province", "自治区"
    return (_LEVELS[word], word) if count >= 3 else ("", "")


@cache
def _automaton() -> tuple[ahocorasick_rs.AhoCorasick, list[str]]:
    """What finds every place, and the stem of each of its patterns."""
    names = divisions.spoken_names(wording().common_stems)
    return ahocorasick_rs.AhoCorasick([name for name, _ in names], matchkind=ahocorasick_rs.MatchKind.LeftmostLongest), [
        word for _, word in names
    ]


def _mentions(body: str) -> Counter[str]:
    """How often each place is named, by stem."""
    automaton, words = _automaton()
    return Counter(words[index] for index, _start, _end in automaton.find_matches_as_indexes(body))


def _ranked(
    level: Level, counts: Counter[str], year: int | None, ending: str = "", inside: Division | None = None
) -> list[tuple[int, Division]]:
    """The divisions of a level by how often the text names them; ``ending`` is what their names must end with (省, 自治区, 区 …)."""
    ranked = []
    for word, count in counts.items():
        for name in divisions.stems().get(word, ()):
            if name.endswith(ending):
                ranked += [
                    (count, division)
                    for division in divisions.named(name, year)
                    if division.level == level and (inside is None or _inside(division, inside))
                ]
    ranked.sort(key=lambda item: (-item[0], item[1].until != 0))
    return ranked


def _clear(ranked: list[tuple[int, Division]], least: int) -> Division | None:
    """The first of a ranking where it is far ahead of the next of another name."""
    if not ranked or ranked[0][0] < least:
        return None
    first = ranked[0][1]
    others = [count for count, division in ranked if divisions.stem(division.name) != divisions.stem(first.name)]
    if others and others[0] * 2 > ranked[0][0]:
        return None
    same = {
        division.code for count, division in ranked if divisions.stem(division.name) == divisions.stem(first.name) and not division.until
    }
    return first if len(same) <= 1 else None


def _only(ranked: list[tuple[int, Division]]) -> Division | None:
    """The one division of a ranking that has no other."""
    return ranked[0][1] if len({division.code for _, division in ranked}) == 1 else None


def _above(ranked: list[tuple[int, Division]], year: int | None) -> list[tuple[int, Division]]:
    """The provinces of the cities of a ranking, with their counts put together."""
    sums: Counter[str] = Counter()
    for count, division in ranked:
        sums[division.code[:2] + "0000"] += count
    provinces = [(count, divisions.coded(code, year)) for code, count in sums.most_common()]
    return [(count, province) for count, province in provinces if province is not None]


def _most_named_city(body: str, year: int | None) -> Division | None:
    counts = _mentions(body)
    city = _clear(_ranked("city", counts, year), 2)
    if city is not None:
        return city
    return _clear([item for item in _ranked("province", counts, year) if item[1].code[:2] in divisions.MUNICIPALITIES], 3)


def _placed(division: Division | None, level: Level, year: int | None) -> Region:
    return _region(division, year) if division is not None else Region(level=level)


def _by_mentions(level: Level, word: str, body: str, year: int | None) -> Region:
    """The region from the places named most, where one is far ahead; ``word`` is what the text calls itself (省, 市, 区 …)."""
    if level in ("", "township"):
        return Region()
    if level == "national":
        return NATION if body.count("我国") >= 5 else Region()
    counts = _mentions(body)
    if level == "province":
        ranked = _ranked("province", counts, year, word)
        return _placed(_clear(ranked, 3) or _only(ranked) or _clear(_above(_ranked("city", counts, year), year), 4), level, year)
    city = _most_named_city(body, year)
    if level == "city":
        return _placed(city, level, year)
    return _placed(_clear(_ranked("county", counts, year, word, city), 3), level, year)
