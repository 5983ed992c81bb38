"""The published releases put in order for readers: by place, field, unit, year; and what came of each promise."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeVar

import msgspec

from luoshi.publish.release.content import Chain, Content, Document, Fact, Item, digest

T = TypeVar("T")
PROJECTS: Final = "M06"
LIVELIHOOD: Final = "M13"
#: so many answers to a search at most, of each kind
MOST_FOUND: Final = 100
_STATES: Final = {"live": 0, "hung": 1, "closed": 2, "ended": 3}


class Group(msgspec.Struct, frozen=True):
    """Items that belong together: a place, a field, a unit. ``key`` its part of an address."""

    key: str
    title: str
    items: tuple[Item, ...]

    @property
    def done(self) -> int:
        """How many are closed."""
        return sum(item.state == "closed" for item in self.items)

    @property
    def late(self) -> int:
        """How many were past their due date."""
        return sum(item.late for item in self.items)

    @property
    def running(self) -> int:
        return sum(item.state in ("live", "hung") and not item.late for item in self.items)

    @property
    def ended(self) -> int:
        return sum(item.state == "ended" for item in self.items)


class End(msgspec.Struct, frozen=True):
    """What became of a target: the verdict, both sides with their words, the reason."""

    chain: Chain
    target: Fact | None
    results: tuple[Fact, ...]


class Site:
    """All that is published, indexed. ``key`` changes when anything of it does."""

    def __init__(self, contents: Sequence[Content]) -> None:
        self.contents = tuple(sorted(contents, key=lambda one: (one.region_code, one.id)))
        self.key = hashlib.sha256("".join(digest(one) for one in self.contents).encode()).hexdigest()
        # where regions overlap, what the newest release says of a record stands
        newest = sorted(self.contents, key=_age)
        self.documents: dict[str, Document] = {one.id: one for content in newest for one in content.documents}
        self.facts: dict[str, Fact] = {one.id: one for content in newest for one in content.facts}
        self.items: dict[str, Item] = {one.id: one for content in newest for one in content.items}
        self.scores = tuple({one.id: one for content in newest for one in content.scores}.values())
        self.chains: dict[str, Chain] = {one.target: one for content in newest for one in reversed(content.chains)}
        self._all = _ordered(self.items.values())
        targets = [fact for fact in self.facts.values() if fact.role == "target" and fact.kind == "measure"]
        self.targets = tuple(sorted(targets, key=lambda fact: -(fact.year_last or fact.year or 0)))
        self.places = _groups(self._all, lambda item: [(item.region_code, item.region or item.region_code)])
        self.fields = _groups(self._all, lambda item: [(slug(item.field), item.field)])
        self.units = _groups(self._all, lambda item: [(unit.id or slug(unit.name), unit.name) for unit in item.lead])
        self._made_from: dict[str, list[Item]] = defaultdict(list)
        for item in self._all:
            if item.fact:
                self._made_from[item.fact].append(item)

    @property
    def day(self) -> str:
        """The day up to which it is told; the latest of the releases."""
        return max((content.day for content in self.contents), default="")

    def whole(self) -> Group:
        """All items."""
        return Group("", "", self._all)

    def of(self, mechanism: str) -> Group:
        """The items of a mechanism."""
        return Group(mechanism, "", tuple(item for item in self._all if item.mechanism == mechanism))

    def years(self) -> list[int]:
        """The years for which something was promised, the latest first."""
        return sorted({fact.year for fact in self.targets if fact.year}, reverse=True)

    def of_year(self, year: int) -> tuple[Fact, ...]:
        """The targets for a year."""
        return tuple(fact for fact in self.targets if fact.year == year)

    def facts_of(self, document: str) -> tuple[Fact, ...]:
        """The facts of a document, in its order."""
        return tuple(fact for fact in self.facts.values() if fact.document == document)

    def items_of(self, fact: str) -> tuple[Item, ...]:
        """The items made from a fact."""
        return tuple(self._made_from.get(fact, ()))

    def end_of(self, fact: str) -> End | None:
        """What became of a target, as the link decided it; None where nothing was linked."""
        chain = self.chains.get(fact)
        if chain is None:
            return None
        return End(chain, self.facts.get(chain.target), tuple(self.facts[key] for key in chain.results if key in self.facts))

    def search(self, words: str) -> tuple[tuple[Item, ...], tuple[Fact, ...]]:
        """Items and targets that hold every one of the words, wherever in what is shown of them; two characters are enough."""
        wanted = [word.casefold() for word in words.split()][:8]
        if not wanted:
            return (), ()
        items = (item for item in self._all if all(word in _haystack(item) for word in wanted))
        facts = (fact for fact in self.targets if all(word in f"{fact.name} {fact.clause}".casefold() for word in wanted))
        return tuple(_first(items)), tuple(_first(facts))


def _age(content: Content) -> tuple[int, str]:
    """By which releases are put in order: the entry of the ledger up to which they tell."""
    return content.as_of, content.id


def _first(found: Iterable[T]) -> list[T]:
    kept: list[T] = []
    for one in found:
        if len(kept) == MOST_FOUND:
            break
        kept.append(one)
    return kept


def _haystack(item: Item) -> str:
    units = " ".join(unit.name for unit in (*item.lead, *item.support))
    fields = " ".join(field.value for field in item.fields)
    return f"{item.title} {item.text} {item.number} {item.field} {item.region} {units} {' '.join(item.leaders)} {fields}".casefold()


def _ordered(items: Iterable[Item]) -> tuple[Item, ...]:
    """What is late first, then what runs, by due date; what is done after."""
    return tuple(sorted(items, key=lambda item: (not item.late, _STATES.get(item.state, 9), item.due or "9999", item.number, item.id)))


def _groups(items: Iterable[Item], keys: Callable[[Item], list[tuple[str, str]]]) -> dict[str, Group]:
    """The items by key, the groups with most items first."""
    found: dict[str, list[Item]] = defaultdict(list)
    titles: dict[str, str] = {}
    for item in items:
        for key, title in keys(item):
            if key:
                found[key].append(item)
                titles[key] = title
    order = sorted(found, key=lambda key: (-len(found[key]), titles[key], key))
    return {key: Group(key, titles[key], tuple(found[key])) for key in order}


def slug(title: str) -> str:
    """A part of an address for words: the same words give the same part.

    >>> slug("住房") == slug("住房"), len(slug("住房"))
    (True, 12)
    """
    return hashlib.sha256(title.encode()).hexdigest()[:12] if title else ""


def site_of(contents: Sequence[Content]) -> Site:
    """The site of these releases."""
    return Site(contents)
