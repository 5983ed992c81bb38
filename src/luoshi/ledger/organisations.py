"""Organisations: which body a unit's name means in the context of a region, by rule and data only, each with its reason.

The answer depends on the name, the region (with the regions above it) and what persons have decided, never on what else the ledger holds: the
same document gives the same ids everywhere. Names that are merely alike stay apart; what is only likely is a doubt for a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import msgspec

from luoshi.extract.organisation import has_unit_form, unit_patterns
from luoshi.ledger.ids import ident
from luoshi.ledger.lineage import Lineage
from luoshi.ledger.naming import Standing, names, parse_unit, standing_of
from luoshi.ledger.placing import Placed, own_words, place_unit
from luoshi.ledger.regions import Region, region_of


class Group(msgspec.Struct, frozen=True):
    """Many units under one name. ``kind`` of its members: members (of ``body``), communities, townships, governments, zones, counterparts
    (the lower regions' departments like ``body``), enterprises, schools, hospitals, departments, units. ``some``: 有关, not all of them.

    ``body`` is the canonical name of the body or department, ``body_id`` its id, where the name tells one.
    """

    kind: str
    body: str = ""
    body_id: str = ""
    some: bool = False


class Identified(msgspec.Struct, frozen=True):
    """The body that a name means. ``canonical`` has no region in front; ``aliases`` are other names of it that the name itself told.

    ``reason``: the rules that were used, by key, set off by blanks; ``doubt``: the key of what a person should look at, or empty.
    ``lineages``: that its plates are it.
    """

    id: str
    canonical: str
    aliases: tuple[str, ...]
    group: Group | None
    region_code: str
    reason: str
    doubt: str = ""
    lineages: tuple[Lineage, ...] = ()
    notes: tuple[str, ...] = ()


class Known(msgspec.Struct, frozen=True):
    """What the ledger knows beyond the rules: ``places`` that no list holds, and ``aliases`` decided by persons.

    An alias leads from (region code, main name as written) to (region code, canonical name).
    """

    places: Mapping[str, Region] = msgspec.field(default_factory=dict)
    aliases: Mapping[tuple[str, str], tuple[str, str]] = msgspec.field(default_factory=dict)


_NOTHING = Known()
_TOWNSHIP = re.compile("([\u4e00-\u9fff]{1,8}?)(镇|乡)(?:人民政府|政府)?$")
_STREET = re.compile("([\u4e00-\u9fff]{1,8}?)街道?(?:办事处|办)$|([\u4e00-\u9fff]{1,8}?)街道$")
_COMMUNITY = re.compile("([\u4e00-\u9fff]{2,8})社区$")
#: of these a region has many, or none of its own; the name alone does not tell which
_ONE_OF_MANY = frozenset(
    {"街道办", "街道", "街道办事处", "社区", "镇政府", "乡政府", "管委会", "管理委员会", "管委", "分局", "卫生院", "派出所"}
)
_APART = re.compile(r"(?:局|委|办|中心)\s+[一-鿿]{3,}")
_ENDINGS = (("管委会", "管理委员会"), ("管委", "管理委员会"), ("街道办", "街道办事处"))
_COMMITTEE = re.compile("(?:中共)?(?:委|委员会|党工委|工委)$")
_JOINT = re.compile("委[市区县省州旗]?(?:人民)?政府(?:办公室|办公厅|办)$")
_MEMBERS = re.compile("(?:的)?(?:各)?成员单位$")
_GLUED = re.compile("(?:局|委员会|街道办事处|街道办|中心|办)(?=[\u4e00-\u9fff]{3,}$)")


def organisation_id(region_code: str, canonical: str) -> str:
    """The id of a body: of its region and its canonical name.

    >>> organisation_id("340103", "财政局") == organisation_id("340103", "财政局")
    True
    """
    return ident("o", region_code, canonical)


def identify(name: str, region_code: str, known: Known = _NOTHING, *, day: str = "") -> Identified:
    """The body that ``name`` means in a document of the region; ``day`` of the document (ISO), from which its plates are known.

    >>> identify("区发改委", "340103").canonical, identify("市财政局", "340103").region_code
    ('发展和改革局', '340100')
    """
    naming = parse_unit(name)
    decided = known.aliases.get((region_code, naming.main))
    if decided is not None:
        return _identified(*decided, (naming.main,), ("decided",), "")
    group = _group(name, region_code, known)
    if group is not None:
        return group
    region = region_of(region_code, places=known.places)
    placed = place_unit(naming.main, region, known.places) if region else Placed(None, naming.main, (), "no-region")
    found = _named(placed, region, region_code, known.places)
    plates = [_named(place_unit(plate, region, known.places), region, region_code, known.places) for plate in naming.plates if region]
    lineages = tuple(Lineage(plate.id, found.id, "plate", day) for plate in plates if plate.id != found.id)
    aliases = dict.fromkeys((naming.main, *naming.plates, *(plate.canonical for plate in plates)))
    return msgspec.structs.replace(
        found,
        aliases=tuple(alias for alias in aliases if alias != found.canonical),
        doubt="two-names" if _APART.search(name) else found.doubt,
        reason=" ".join([*found.reason.split(), "plate"] if plates else found.reason.split()),
        lineages=lineages,
        notes=naming.notes,
    )


def _identified(
    region_code: str, canonical: str, aliases: Iterable[str], reasons: Iterable[str], doubt: str, group: Group | None = None
) -> Identified:
    others = tuple(alias for alias in dict.fromkeys(aliases) if alias != canonical)
    return Identified(organisation_id(region_code, canonical), canonical, others, group, region_code, " ".join(reasons), doubt)


def _named(placed: Placed, region: Region | None, region_code: str, places: Mapping[str, Region]) -> Identified:
    """The body of a name whose region is told."""
    owner = placed.region
    code = owner.code if owner else region_code
    level = owner.level if owner else ""
    canonical, reason, doubt = canonical_name(placed.rest, level)
    if reason == "as-written" and region is not None and (branch := _branch(placed.rest, region, places)) is not None:
        return _identified(*branch, (), (*placed.reasons, "branch"), placed.doubt)
    if placed.doubt == "which-region":  # the name keeps its 市 or 区: it is not this region's own body
        canonical = placed.kept + canonical
    return _identified(code, canonical, (), (*placed.reasons, reason), placed.doubt or doubt)


def canonical_name(rest: str, level: str) -> tuple[str, str, str]:
    """(canonical name, rule, doubt) of a name without region in front, in a region of that level.

    >>> canonical_name("街道办", "county")[1], canonical_name("云溪街道办", "county")[0]
    ('as-written', '云溪街道办事处')
    """
    standing = standing_of(rest)
    if standing is not None:
        doubt = "which-one" if rest in _ONE_OF_MANY and level not in {"zone", "township"} else ""
        return standing.at(level), "own-form" if standing.at(level) == rest else "form", doubt
    if not rest or _COMMITTEE.fullmatch(rest):
        return ("委员会" if rest else "人民政府"), ("party-committee" if rest else "place-as-unit"), ""
    if _JOINT.fullmatch(rest):
        return "委员会和人民政府办公室", "form", ""
    if (match := _STREET.fullmatch(rest)) and (word := match[1] or match[2]):
        return word + "街道办事处", "street-office", "two-names" if re.search("(?:局|中心|委员会|办)[一-鿿]{2,}", word) else ""
    if match := _TOWNSHIP.fullmatch(rest):
        return match[1] + match[2] + "人民政府", "township-government", ""
    for short, full in _ENDINGS:
        if rest.endswith(short) and len(rest) > len(short):
            return rest[: -len(short)] + full, "ending", ""
    return rest, "as-written", _doubt_of(rest)


def _doubt_of(rest: str) -> str:
    if rest in _ONE_OF_MANY:
        return "which-one"
    if _COMMUNITY.fullmatch(rest):
        return "community-or-committee"
    if not has_unit_form(rest) and not rest.endswith("协"):
        return "no-unit-form"
    for cut in _GLUED.finditer(rest):
        head, tail = rest[: cut.end()], rest[cut.end() :].lstrip("市区县省")
        if (standing_of(head) or standing_of(head.lstrip("市区县省"))) and (standing_of(tail) or _STREET.fullmatch(tail)):
            return "two-names"
    return ""


def _branch(rest: str, region: Region, places: Mapping[str, Region]) -> tuple[str, str] | None:
    """(region code, canonical name) of a higher body's branch in this region: 生态环境分局, 生态环境局栖山分局, 栖山公安分局."""
    city = region_of(region.parent, places=places) if region.level in {"county", "zone"} else None
    own = "|".join(re.escape(word) for word in own_words(region))
    match = re.fullmatch(f"(?:{own})?([\u4e00-\u9fff]{{2,8}})分局", rest)
    head = match[1] + "局" if match else ""
    if not (head and standing_of(head)):
        match = re.fullmatch(f"([\u4e00-\u9fff]{{2,12}}(?:局|委|委员会))(?:{own})(?:分局|管理局|局)", rest)
        head = match[1] if match else ""
    standing = standing_of(head) if head else None
    if standing is None or region.level not in {"county", "zone"}:
        return None
    place = own_words(region)[-1]
    known_city = city is not None and city.level in {"city", "province"}
    return (city.code if city and known_city else region.code), f"{standing.at('city')}{place}分局"


def _group(name: str, region_code: str, known: Known) -> Identified | None:
    """What a name of many units means; ``None`` where it names one."""
    text = parse_unit(name).main
    whole = re.sub(r"\s", "", name).replace("（", "(").replace("）", ")")
    region = region_of(region_code, places=known.places)
    members = _MEMBERS.search(text)
    if members:
        body = identify(text[: members.start()], region_code, known) if members.start() else None
        canonical = (body.canonical if body else "") + "成员单位"
        group = Group("members", body.canonical if body else "", body.id if body else "")
        return _identified(body.region_code if body else region_code, canonical, (text,), ("group",), "" if body else "which-body", group)
    placed = place_unit(text, region, known.places) if region and not _is_group(text) else Placed(region, text, ())
    if not (_is_group(text) or _is_group(placed.rest)):
        return None
    code = placed.region.code if placed.region else region_code
    rest = placed.rest if _is_group(placed.rest) else text
    some = re.match("(?:市|区|县|省|全)*(?:各)?(?:有关|相关|其他|其它|涉及|所在)", text) is not None
    below = _counterparts(rest)
    if below is not None:
        whose, standing = below
        department = standing.at("county")
        return _identified(code, whose + department, (whole,), ("group",), "", Group("counterparts", department, "", some))
    kind = _kind_of(rest)
    return _identified(
        code, _group_name(rest, whole), (whole,), ("group",), "" if kind else "what-group", Group(kind or "units", some=some)
    )


def _is_group(text: str) -> bool:
    return (
        unit_patterns().group.match(text) is not None
        or re.match("[省市区县州旗]?(?:直|属|级|辖)(?:各|有关|相关|国|学|企|部|单|机)", text) is not None
    )


def _counterparts(rest: str) -> tuple[str, Standing] | None:
    """Whose and which department 各市工业和信息化局 is."""
    match = re.match("(?:各|有关|相关|各有关|各相关)(?:设区市|区县|县区|市县|县市区|市|区|县|州|旗)", rest)
    standing = standing_of(rest[match.end() :]) if match else None
    return (match[0], standing) if match and standing is not None and standing.stem else None


def _kind_of(text: str) -> str:
    found = [(len(word), group.kind) for group in names().groups for word in group.names.split() if text.endswith(word)]
    return max(found, key=lambda item: item[0])[1] if found else ""


def _group_name(rest: str, whole: str) -> str:
    """The name of a group with its short endings made long; bracketed parts of it stay: 各县(市、区)人民政府."""
    inner = re.search(r"\([市区县旗、]+\)", whole)
    name = whole[whole.index(rest[:1]) :] if inner and rest[:1] in whole else rest
    name = re.sub("^(?:各?相关|各有关|有关)(?!系)", "有关", name)
    name = re.sub("(?<!人民)政府", "人民政府", name)
    name = re.sub("街道办(?!事处)", "街道办事处", name)
    return re.sub("管委会|管委(?!会)", "管理委员会", name)


def proposed_lineages(region_code: str, canonicals: Iterable[str], level: str = "county") -> tuple[tuple[Lineage, str], ...]:
    """(lineage, source) of each reform that may join two bodies that a region has; for a person to confirm, with the day in that place.

    >>> [pair[0].kind for pair in proposed_lineages("340103", ["卫生健康委员会", "卫生和计划生育委员会", "财政局"])]
    ['renamed']
    """
    stems = {standing.stem: name for name in canonicals if (standing := standing_of(name)) and standing.stem}
    plain_stems = {name[:-1]: name for name in canonicals if name.endswith("局")} | stems
    found = []
    for reform in names().renamings:
        before, after = plain_stems.get(reform.from_), stems.get(reform.to)
        if before and after:
            ids = organisation_id(region_code, before), organisation_id(region_code, after)
            found.append((Lineage(*ids, reform.kind, str(reform.year)), reform.source))
    return tuple(found)
