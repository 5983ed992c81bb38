"""Inputs with which an open act must succeed, and inputs with which it must not; and what a new matter is filed with."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from luoshi.loop import clock as clocks
from luoshi.loop.doing import checklist, remaining
from luoshi.loop.given import allowed
from luoshi.loop.matter import Matter
from luoshi.loop.mechanism import Act, Field, Mechanism
from luoshi.loop.rules import Rules

#: four units of each part by duty; the last two are everybody's, so that a unit may have two parts
_SHARED = ("u-finance", "u-planning")


def units_of(part: str) -> tuple[str, ...]:
    """The units that may have this part."""
    return (f"u-{part}-1", f"u-{part}-2", *_SHARED)


class Giver:
    """Makes values, all from one source of chance."""

    def __init__(self, random: Random, rules: Rules, now: datetime) -> None:
        self.random, self.rules, self.now = random, rules, now
        self.today = now.astimezone(rules.zone).date()

    # --- fields

    def value(self, field: Field) -> Any:
        """A value that fits the field."""
        random = self.random
        match field.type:
            case "number" | "money":
                return round(random.uniform(1, 500), 1)
            case "percent":
                return random.randint(0, 100)
            case "integer":
                return self.today.year if field.key == "year" else random.randint(0, 40)
            case "date":
                return self.day(1, 200).isoformat()
            case "choice":
                return random.choice(field.choices).key
            case "yes":
                return random.random() < 0.5
            case "list":
                return [f"第{n + 1}处" for n in range(random.randint(1, 3))]
            case _:
                return self.text(field)

    def text(self, field: Field) -> str:
        """Words that fit the field's pattern, where it has one."""
        if not field.pattern:
            return f"{field.title.zh}{self.random.randint(1, 99)}"
        return _fitting(field.pattern)

    def day(self, first: int, last: int) -> date:
        """A day so many days from today."""
        return self.today + timedelta(days=self.random.randint(first, last))

    def fields(self, act: str, may: tuple[str, ...], has: dict[str, Any], variant: str) -> dict[str, Any]:
        """The fields that the act wants, and some of those that it may change."""
        mechanism = self.rules.mechanism
        given = {key: self.value(field) for key in may if self.random.random() < 0.4 and (field := mechanism.field(key)) is not None}
        extra = found.required if act == "file" and (found := mechanism.variant(variant)) else ()
        for field in mechanism.fields:
            chosen = {**has, **given, "variant": variant}
            wanted = field.required == act and all(chosen.get(key) in values for key, values in field.when.items())
            if (wanted or field.key in extra) and {**has, **given}.get(field.key) in (None, "", []):
                given[field.key] = self.value(field)
        return given

    # --- acts

    def inputs(self, matter: Matter, act: Act) -> dict[str, Any]:
        """Everything that the act needs, and some of what it wants."""
        given: dict[str, Any] = {}
        for need in (*act.needs, *(want for want in act.wants if self.random.random() < 0.5)):
            given |= self._need(need, matter, act)
        if act.each:
            given["unit"] = self.random.choice(remaining(matter, act))
        fields = self.fields(act.key, act.fields, matter.fields, matter.variant)
        if act.effect == "reopen":
            # what lives again has days of its own
            days = [field for key in act.fields if (field := self.rules.mechanism.field(key)) is not None and field.type == "date"]
            fields |= {field.key: self.value(field) for field in days}
        fields |= self._registered(matter, act)
        if fields:
            given["fields"] = fields
        return self._besides(given, matter, act)

    def _registered(self, matter: Matter, act: Act) -> dict[str, Any]:
        """Days from which clocks count that the act starts: not to come, and not before what was asked for began."""
        found: dict[str, Any] = {}
        for clock in self.rules.mechanism.clocks:
            if clock.since and act.key in clock.start:
                asked = [one.started for one in matter.clocks if one.runs and act.key in self.rules.mechanism.clock(one.key).stop]  # type: ignore[union-attr]
                first = clocks.day_of(max(asked, default=matter.opened), self.rules.zone)
                found[clock.since] = (first + timedelta(days=self.random.randint(0, max(0, (self.today - first).days)))).isoformat()
        return found

    def _besides(self, given: dict[str, Any], matter: Matter, act: Act) -> dict[str, Any]:
        """What follows from other things than ``needs``: a new date where none is known, the parts of a split."""
        asked = matter.asked.get("date", "")
        if act.effect == "extend" and "date" not in given and (not asked or not self._allows(asked, matter, act)):
            given |= self._need("date", matter, act)
        if act.effect == "split":
            whole = matter.fields.get("target")
            shares = [{"target": whole / 4}, {"target": whole * 3 / 4}] if isinstance(whole, int | float) and whole > 0 else [{}, {}]
            given["children"] = [{"title": title, **share} for title, share in zip("甲乙", shares, strict=True)]
        return given

    def _need(self, need: str, matter: Matter, act: Act) -> dict[str, Any]:
        mechanism = self.rules.mechanism
        match need:
            case "evidence":
                return {"evidence": [f"e{self.random.randint(1, 99)}"]}
            case "progress":
                target = matter.fields.get("target")
                if isinstance(target, int | float) and target > 0 and self.random.random() < 0.5:
                    return {"count": round(self.random.uniform(0, target), 1)}
                return {"progress": self.random.randint(0, 110)}
            case "date":
                return {"date": self._date(matter, act).isoformat()}
            case "checklist":
                return {"checks": list(checklist(matter, act, self.rules))}
            case "units":
                return {"units": self.units(mechanism, matter.parts)}
            case "posts":
                return {"posts": ["p-deputy"]}
            case "matter":
                return {"matter": "i-other"}
            case "rating":
                return {"ratings": self._ratings(act)}
            case "class":
                return {"class": self.random.choice(mechanism.classes_of(matter.variant)).key}
            case "milestones":
                days = sorted({self.day(5, 300) for _ in range(3)})
                shares = sorted(self.random.randint(0, 100) for _ in days)
                return {"milestones": [{"day": day.isoformat(), "percent": share} for day, share in zip(days, shares, strict=True)]}
            case "settled":
                return {}
            case _:
                return {need: f"{need}：情况{self.random.randint(1, 99)}"}

    def _ratings(self, act: Act) -> dict[str, str]:
        given = {}
        for rating in self.rules.mechanism.ratings:
            if not act.rates or rating.key in act.rates:
                fitting = act.rates.get(rating.key) or tuple(choice.key for choice in rating.choices)
                given[rating.key] = self.random.choice(fitting)
        return given

    def units(self, mechanism: Mechanism, has: dict[str, tuple[str, ...]] | None = None) -> dict[str, list[str]]:
        """Units for some of the parts by duty, at least one, none of them where it may not be."""
        parts = [part for part in mechanism.parts if part.held == "duty"]
        wanted = (
            {part.key for part in self.random.sample(parts, self.random.randint(1, len(parts)))} if has else {part.key for part in parts}
        )
        apart = {part.key for part in parts if part.apart} | {key for part in parts for key in part.apart}
        found = {}
        for part in parts:
            pool = units_of(part.key)[: 2 if part.key in apart else 4]
            if part.key in wanted:
                found[part.key] = self.random.sample(pool, self.random.randint(1, len(pool)))
        return found

    def _date(self, matter: Matter, act: Act) -> date:
        """A new date that the act allows: after today and after what is due now, not after the latest."""
        first, last = self.dates(matter, act)
        return first + timedelta(days=self.random.randint(0, max(0, min((last - first).days, 90))))

    def dates(self, matter: Matter, act: Act) -> tuple[date, date]:
        """The first and the last day that may be given."""
        first, last = self.today, self.today + timedelta(days=400)
        ticking = matter.running(act.clock) if act.clock else None
        if ticking is not None:
            variant = self.rules.mechanism.variant(matter.variant)
            most = variant.most.get(act.key, act.most) if variant else act.most
            first = max(first, clocks.day_of(ticking.due, self.rules.zone) + timedelta(days=1))
            if most:
                latest = clocks.due_of(ticking.original, clocks.read_limit(most), self.rules.calendar, self.rules.zone)
                last = clocks.day_of(latest, self.rules.zone)
        return first, last

    def _allows(self, day: str, matter: Matter, act: Act) -> bool:
        first, last = self.dates(matter, act)
        return first.isoformat() <= day <= last.isoformat()

    # --- what must not succeed

    def spoilt(self, matter: Matter, act: Act) -> dict[str, Any] | None:
        """Inputs of which one is missing or wrong; None where nothing can be wrong."""
        given = self.inputs(matter, act)
        keys = {"checklist": "checks", "rating": "ratings"}
        needs = [key for need in act.needs if (key := keys.get(need, need)) in given and (key != "evidence" or not matter.evidence)]
        if needs and self.random.random() < 0.7:
            del given[self.random.choice(needs)]
            return given
        wrong: list[dict[str, Any]] = [{"fields": {**given.get("fields", {}), "no-such-field": 1}}]
        wrong += [{"fields": {**given.get("fields", {}), key: {"no": "value"}}} for key in act.fields[:3]]
        wrong += [{"unit": "u-nobody"}, {"reason": "长" * 20_001}]
        if not {"progress"} & {*act.needs, *act.wants}:
            wrong.append({"progress": 50})
        # what the act does not take, or takes but not so written
        foreign = {"matter": "m-another", "posts": {"p": "x"}, "ratings": {"r": "good"}, "milestones": [{"title": "完工"}], "class": "a"}
        wrong += [{key: value} for key, value in foreign.items() if key not in allowed(act)]
        wrong += [{"no-such-input": "x"}, {"text": 7}, {"reason": ["x"]}, {"evidence": "x"}, {"units": ["x"]}]
        return {**given, **self.random.choice(wrong)}


def _fitting(pattern: str) -> str:
    """The shortest text of a pattern."""
    made = _shortest(re._parser.parse(pattern))  # type: ignore[attr-defined]
    assert re.fullmatch(pattern, made), f"no text for the pattern {pattern}"
    return made


def _shortest(parsed: Any) -> str:
    made = ""
    for name, given in parsed:
        match str(name):
            case "LITERAL":
                made += chr(given)
            case "IN":
                made += chr(given[0][1] if str(given[0][0]) == "LITERAL" else given[0][1][0])
            case "MAX_REPEAT":
                made += _shortest(given[2]) * given[0]
            case "SUBPATTERN":
                made += _shortest(given[3])
            case "BRANCH":
                made += min((_shortest(one) for one in given[1]), key=len)
            case other:
                raise AssertionError(f"no text for {other} of a pattern")
    return made
