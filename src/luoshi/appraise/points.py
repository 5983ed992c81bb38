"""Points of a line: one function for each word of ``how``. Each gives points and the arithmetic, or says what is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, Literal

import msgspec

from luoshi.appraise import how as hows
from luoshi.appraise.measure import Amount, Amounts
from luoshi.appraise.number import factor, plain, summed
from luoshi.appraise.place import places
from luoshi.appraise.scheme import Line, Scheme

_ZERO: Final = Decimal(0)
_HUNDRED: Final = Decimal(100)


class Peers:
    """The amounts of all subjects of the group that are ranked together, by subject; what is asked of the whole group is worked out once."""

    def __init__(self, amounts: Mapping[str, Amounts]) -> None:
        self.amounts = amounts
        self._values: dict[str, dict[str, Decimal]] = {}
        self._means: dict[str, Decimal | None] = {}
        self._ends: dict[str, tuple[Decimal, Decimal]] = {}
        self._places: dict[tuple[str, str, Decimal | None], dict[str, int]] = {}

    def values(self, key: str) -> dict[str, Decimal]:
        """The values of an input or measure by subject, of those that have one."""
        if key not in self._values:
            found = {one: amounts[key].value for one, amounts in self.amounts.items() if key in amounts}
            self._values[key] = {one: value for one, value in found.items() if value is not None}
        return self._values[key]

    def mean(self, key: str) -> Decimal | None:
        """The mean of the group; None where nobody has a value."""
        if key not in self._means:
            values = self.values(key).values()
            self._means[key] = sum(values, _ZERO) / len(values) if values else None
        return self._means[key]

    def ends(self, key: str) -> tuple[Decimal, Decimal]:
        """The smallest and the largest value of the group."""
        if key not in self._ends:
            values = self.values(key).values()
            self._ends[key] = (min(values), max(values))
        return self._ends[key]

    def places(self, key: str, best: Literal["high", "low"], above: Decimal | None) -> dict[str, int]:
        """The places of those whose value lies above ``above``."""
        known = (key, best, above)
        if known not in self._places:
            self._places[known] = places(
                {one: value for one, value in self.values(key).items() if above is None or value > above}, best=best
            )
        return self._places[known]


class Asked(msgspec.Struct, frozen=True):
    """What a line is worked out from: the scheme, the line, whose it is, its amounts and those of its peers."""

    scheme: Scheme
    line: Line
    subject: str
    amounts: Amounts
    peers: Peers

    def value(self, key: str) -> Amount:
        return self.amounts.get(key) or Amount(None, why=f"没有 {key}")


class Points(msgspec.Struct, frozen=True):
    """Points, or None and why; ``arithmetic`` the way there in words."""

    value: Decimal | None
    arithmetic: str = ""
    why: str = ""


def points(asked: Asked) -> Points:
    """The points of a line, before its coefficient and its rounding."""
    how = asked.line.how
    return _OF[type(how)](how, asked)


def _none(*amounts: Amount) -> Points:
    return Points(None, why="；".join(dict.fromkeys(amount.why for amount in amounts if amount.value is None)))


def _of(asked: Asked, key: str, work: Callable[[Decimal], Points]) -> Points:
    amount = asked.value(key)
    return _none(amount) if amount.value is None else work(amount.value)


def _fixed(how: hows.Fixed, asked: Asked) -> Points:
    return Points(asked.line.points, plain(asked.line.points))


def _mark(how: hows.Mark, asked: Asked) -> Points:
    def work(value: Decimal) -> Points:
        full = asked.line.points
        exact = value if how.out_of is None else value / how.out_of * full
        kept = min(max(exact, _ZERO), full)
        said = plain(value) if how.out_of is None else f"{plain(value)} ÷ {plain(how.out_of)} × {plain(full)} = {plain(exact)}"
        return Points(kept, _clipped(said, exact, kept))

    return _of(asked, how.of, work)


def _clipped(said: str, exact: Decimal, kept: Decimal) -> str:
    if exact == kept:
        return said
    return f"{said}，{'最多' if exact > kept else '最低'} {plain(kept)}"


def _ratio(how: hows.Ratio, asked: Asked) -> Points:
    def work(value: Decimal) -> Points:
        if how.least is not None and value < how.least:
            return Points(_ZERO, f"{plain(value)} < {plain(how.least)}，低于下限，得 0")
        most = how.full if how.most is None else how.most
        counted = min(max(value, _ZERO), most)
        exact = asked.line.points * counted / how.full
        capped = f"（{plain(value)} 只计到 {plain(most)}）" if value > most else ""
        return Points(exact, f"{plain(asked.line.points)} × {plain(counted)} ÷ {plain(how.full)} = {plain(exact)}{capped}")

    return _of(asked, how.of, work)


def _below(how: hows.Below, asked: Asked) -> Points:
    def work(value: Decimal) -> Points:
        full = asked.line.points
        if value >= how.full:
            return Points(full, f"{plain(value)} ≥ {plain(how.full)}，得满分 {plain(full)}")
        steps = (how.full - value) / how.each
        counted = Decimal(int(steps)) if how.whole else steps
        exact = full - counted * how.lose
        kept = max(exact, how.floor)
        each = "" if how.each == 1 else f" ÷ {plain(how.each)}"
        gap = f"（{plain(how.full)} − {plain(value)}）{each}"
        if how.whole:
            gap = f"{plain(counted)}（{gap} 取整）"
        said = f"{plain(full)} − {gap} × {plain(how.lose)} = {plain(exact)}"
        return Points(kept, said if exact == kept else f"{said}，最低 {plain(kept)}")

    return _of(asked, how.of, work)


def _bands(how: hows.Bands, asked: Asked) -> Points:
    def work(value: Decimal) -> Points:
        for band in how.bands:
            if band.low is None or value >= band.low:
                reached = f"{plain(value)} ≥ {plain(band.low)}" if band.low is not None else f"{plain(value)} 低于各档"
                return Points(band.points, f"{reached}，得 {plain(band.points)}")
        return Points(_ZERO, f"{plain(value)} 低于各档，得 0")

    return _of(asked, how.of, work)


def _events(how: hows.Events, asked: Asked) -> Points:
    amounts = [asked.value(event.of) for event in how.events]
    if any(amount.value is None for amount in amounts):
        return _none(*amounts)
    values, said = [how.start], [plain(how.start)] if how.start else []
    for event, amount in zip(how.events, amounts, strict=True):
        times = amount.value or _ZERO
        exact = times * event.each
        kept = exact if event.most is None else max(min(exact, event.most), -event.most)
        values.append(kept)
        if times:
            capped = f"（{plain(abs(exact))} 只计 {plain(abs(kept))}）" if exact != kept else ""
            said.append(f"{asked.scheme.titled(event.of).zh} {plain(times)} × {factor(event.each)} = {plain(kept)}{capped}")
    exact = sum(values, _ZERO)
    kept = exact if how.most is None else min(exact, how.most)
    kept = kept if how.floor is None else max(kept, how.floor)
    told = "；".join(said) if said else "没有发生"
    return Points(kept, _clipped(f"{told}；合计 {plain(exact)}", exact, kept))


def _rank(how: hows.Rank, asked: Asked) -> Points:
    def work(value: Decimal) -> Points:
        if how.above is not None and value <= how.above:
            return Points(_ZERO, f"{plain(value)} 没有超过 {plain(how.above)}，不参加排位，得 0")
        found = asked.peers.places(how.of, how.best, how.above)
        place, count = found[asked.subject], len(found)
        told = f"{plain(value)} 在 {count} 个中居第 {place} 位"
        low, high = asked.peers.ends(how.of)
        is_last = place > 1 and value == (low if how.best == "high" else high)
        if how.last is not None and is_last:
            return Points(how.last, f"{told}，末位，得 {plain(how.last)}")
        if how.others is not None:
            return Points(how.others, f"{told}，得 {plain(how.others)}")
        share = _share_of(how, place)
        exact = asked.line.points * share / _HUNDRED
        return Points(exact, f"{told}，得 {plain(asked.line.points)} × {plain(share)}% = {plain(exact)}")

    return _of(asked, how.of, work)


def _share_of(how: hows.Rank, place: int) -> Decimal:
    """Per cent of the points for a place."""
    table = how.table or (_HUNDRED,)
    if place <= len(table):
        return table[place - 1]
    return max(table[-1] - how.each * (place - len(table)), how.floor)


def _first(how: hows.First, asked: Asked) -> Points:
    def work(value: Decimal) -> Points:
        _, best = asked.peers.ends(how.of)
        if best <= 0:
            return Points(None, why=f"第一名的{asked.scheme.titled(how.of).zh}是 {plain(best)}，不能按比例计")
        exact = max(value, _ZERO) / best * asked.line.points
        return Points(exact, f"{plain(value)} ÷ 第一名 {plain(best)} × {plain(asked.line.points)} = {plain(exact)}")

    return _of(asked, how.of, work)


def _raters(how: hows.Raters, asked: Asked) -> Points:
    amounts = [asked.value(weight.of) for weight in how.of]
    missing = [amount for amount in amounts if amount.value is None]
    if len(missing) == len(amounts) or (missing and how.missing == "none"):
        return _none(*amounts)
    there = [(amount.value, weight.weight) for amount, weight in zip(amounts, how.of, strict=True) if amount.value is not None]
    weights = sum((weight for _, weight in there), _ZERO)
    total = sum((mark * weight for mark, weight in there), _ZERO)
    exact = total / weights / how.out_of * asked.line.points
    said = " + ".join(f"{plain(mark)} × {plain(weight)}%" for mark, weight in there)
    shared = "" if weights == _HUNDRED else f"（{said}）÷ {plain(weights)}%"
    mean = total / weights
    out = "" if how.out_of == asked.line.points else f" → ÷ {plain(how.out_of)} × {plain(asked.line.points)} = {plain(exact)}"
    return Points(exact, f"{shared or said} = {plain(mean)}{out}")


def _periods(how: hows.Periods, asked: Asked) -> Points:
    amounts = [asked.value(key) for key in how.of]
    there = [amount.value for amount in amounts if amount.value is not None]
    least = len(amounts) if how.least is None else how.least
    if len(there) < least:
        return _none(*amounts)
    if how.weights and len(there) == len(amounts):
        total = sum((value * weight for value, weight in zip(there, how.weights, strict=True)), _ZERO)
        mean = total / sum(how.weights, _ZERO)
        said = " + ".join(f"{plain(value)} × {plain(weight)}%" for value, weight in zip(there, how.weights, strict=True))
    else:
        mean = sum(there, _ZERO) / len(there)
        said = f"（{summed(there)}）÷ {len(there)}"
    exact = mean / how.out_of * asked.line.points
    out = "" if how.out_of == asked.line.points else f"；÷ {plain(how.out_of)} × {plain(asked.line.points)} = {plain(exact)}"
    return Points(exact, f"{said} = {plain(mean)}{out}")


def _lights(how: hows.Lights, asked: Asked) -> Points:
    counts = {colour: asked.value(key) for colour, key in how.of.items()}
    if any(amount.value is None for amount in counts.values()):
        return _none(*counts.values())
    whole = sum((amount.value or _ZERO for amount in counts.values()), _ZERO)
    if not whole:
        return Points(None, why="没有可以折算的灯")
    parts = [(amount.value or _ZERO, how.worth.get(colour, _ZERO)) for colour, amount in counts.items()]
    exact = sum((count * worth for count, worth in parts), _ZERO) / whole * asked.line.points
    said = " + ".join(f"{plain(count)} × {plain(worth)}" for count, worth in parts)
    return Points(exact, f"（{said}）÷ {plain(whole)} × {plain(asked.line.points)} = {plain(exact)}")


def _benchmark(how: hows.Benchmark, asked: Asked) -> Points:
    def work(value: Decimal) -> Points:
        benchmark = how.benchmark if how.benchmark is not None else asked.peers.mean(how.of)
        if not benchmark:
            return Points(None, why="基准值为 0")
        exact = value / benchmark * asked.line.points
        kept = exact if how.most is None else min(exact, how.most * asked.line.points)
        named = "" if how.benchmark is not None else "组内平均 "
        said = f"{plain(value)} ÷ {named}{plain(benchmark)} × {plain(asked.line.points)} = {plain(exact)}"
        return Points(kept, _clipped(said, exact, kept))

    return _of(asked, how.of, work)


def _inverse(how: hows.Inverse, asked: Asked) -> Points:
    def work(value: Decimal) -> Points:
        mean = how.mean if how.mean is not None else asked.peers.mean(how.of)
        if not mean:
            return Points(None, why="平均值为 0")
        exact = (2 - value / mean) * asked.line.points
        said = f"（2 − {plain(value)} ÷ {plain(mean)}）× {plain(asked.line.points)} = {plain(exact)}"
        return Points(max(exact, _ZERO), _clipped(said, exact, max(exact, _ZERO)))

    return _of(asked, how.of, work)


def _spread(how: hows.Spread, asked: Asked) -> Points:
    def work(value: Decimal) -> Points:
        low, high = asked.peers.ends(how.of)
        if low == high:
            return Points(asked.line.points, f"组内都是 {plain(value)}，得满分 {plain(asked.line.points)}")
        from_, to = (low, high) if how.best == "high" else (high, low)
        share = how.floor + (_HUNDRED - how.floor) * (value - from_) / (to - from_)
        exact = asked.line.points * share / _HUNDRED
        inner = f"{plain(how.floor)} + {plain(_HUNDRED - how.floor)} × （{plain(value)} − {plain(from_)}）÷（{plain(to)} − {plain(from_)}）"
        return Points(exact, f"{plain(asked.line.points)} × 〔{inner}〕÷ 100 = {plain(exact)}")

    return _of(asked, how.of, work)


_OF: Final[Mapping[type, Callable[[Any, Asked], Points]]] = {
    hows.Fixed: _fixed, hows.Mark: _mark, hows.Ratio: _ratio, hows.Below: _below, hows.Bands: _bands, hows.Events: _events,
    hows.Rank: _rank, hows.First: _first, hows.Raters: _raters, hows.Periods: _periods, hows.Lights: _lights,
    hows.Benchmark: _benchmark, hows.Inverse: _inverse, hows.Spread: _spread,
}  # fmt: skip


def known() -> Sequence[type]:
    """The words of ``how`` that have a function; tested to be all of them."""
    return tuple(_OF)
