"""Naming: a unit's name as written, taken apart into its main name, the plates on its door and the notes in brackets; and the words of that.

The words stand in ``organisations.yaml``, with their sources.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import msgspec

from luoshi.extract.organisation import has_unit_form
from luoshi.tables import load_table

_BRACKETS = re.compile(r"\(([^()]*)\)")
_TRIM = " 、,;:。.-—*"
_PLATE = re.compile("(?:局|委|委员会|办|办公室|厅|院|中心|所|站|部|馆|社|会|署|处|室)$")


class Department(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A department: the stems of its name, its ending in counties, cities and provinces, and the endings that mean it too."""

    names: str
    endings: str = "局/局/厅"
    also: str = "局 厅"


class Renaming(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    """A reform that made one department of others; ``year`` of the national plan, the places followed in that year or the next."""

    from_: str
    to: str
    year: int
    kind: str
    source: str


class GroupWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kind: str
    names: str


class Names(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of ``organisations.yaml``; what each list means is said there."""

    departments: tuple[Department, ...]
    bodies: tuple[str, ...]
    party: tuple[str, ...]
    committee_office: str
    renamings: tuple[Renaming, ...]
    not_level: dict[str, str]
    notes: tuple[str, ...]
    groups: tuple[GroupWords, ...]


class Naming(msgspec.Struct, frozen=True):
    """A name in parts: 区财政局（国资局） has the main name 区财政局 and the plate 国资局."""

    main: str
    plates: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@cache
def names() -> Names:
    return load_table("luoshi.ledger", "organisations.yaml", Names)


def parse_unit(name: str) -> Naming:
    """A unit's name in parts, in plain characters and without blanks.

    >>> parse_unit("区财政局（国资局）")
    Naming(main='区财政局', plates=('国资局',), notes=())
    >>> parse_unit("区水务局（牵头）").notes
    ('牵头',)
    """
    text = "".join(unicodedata.normalize("NFKC", name).split()).translate({ord("〔"): "(", ord("〕"): ")", ord("【"): "(", ord("】"): ")"})
    plates: list[str] = []
    notes: list[str] = []
    for match in _BRACKETS.finditer(text):
        for part in re.split("[、,;/]", match[1]):
            if part:
                (plates if _is_plate(part) else notes).append(part)
    main = _BRACKETS.sub("", text).strip(_TRIM) or text.strip(_TRIM)
    return Naming(main, tuple(plates), tuple(notes))


def _is_plate(part: str) -> bool:
    return len(part) > 2 and part not in names().notes and _PLATE.search(part) is not None and has_unit_form(part)


def plain(name: str) -> str:
    """A name as it is looked up: 和, 与 and 及 inside it make no difference."""
    return name[:1] + re.sub("[和与及、]", "", name[1:])


class Standing(msgspec.Struct, frozen=True):
    """What a known form stands for: the three canonical names (county, city, province), and the stem that reforms speak of."""

    county: str
    city: str
    province: str
    stem: str = ""
    party: bool = False

    def at(self, level: str) -> str:
        """The canonical name in a region of that level."""
        return {"city": self.city, "province": self.province, "national": self.province}.get(level, self.county)


@cache
def forms() -> dict[str, Standing]:
    """Every form that is known, as it is looked up → what it stands for."""
    table = names()
    found: dict[str, Standing] = {}
    for department in table.departments:
        stems = department.names.split()
        endings = department.endings.split("/")
        county, city, province = (stems[0] + ending for ending in endings)
        standing = Standing(county, city, province, stem=stems[0])
        for stem in stems:
            for ending in dict.fromkeys((*endings, *_endings(department))):
                found[plain(stem + ending)] = standing
    for body in table.bodies:
        _add(found, body, ("",), party=False)
    for body in table.party:
        _add(found, body, ("", "委", "党工委", "工委"), party=True)
    _add(found, table.committee_office, ("",), party=True)
    return found


def _add(found: dict[str, Standing], body: str, prefixes: tuple[str, ...], *, party: bool) -> None:
    first, *others = body.split()
    county, city, province = first.split("/") if "/" in first else (first, first, first)
    for form in dict.fromkeys((county, city, province, *others)):
        for prefix in prefixes[1:] if form.startswith("!") else prefixes:
            found[plain(prefix + form.lstrip("!"))] = Standing(county, city, province, party=party)


def _endings(department: Department) -> tuple[str, ...]:
    also = department.also.split()
    return (*also, "委员会") if "委" in also else tuple(also)


def standing_of(form: str) -> Standing | None:
    """What a name without region and level stands for, where it is a known form.

    >>> standing_of("发展改革局").at("county"), standing_of("发改委").at("city")
    ('发展和改革局', '发展和改革委员会')
    """
    return forms().get(plain(form))
