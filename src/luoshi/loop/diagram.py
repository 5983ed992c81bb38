"""The stages of a mechanism drawn: an SVG of our own, the same for the same file, readable without anything installed.

Stages stand in the order of the file, from left to right, five a row. An arrow between neighbours goes straight and bears its acts; any other
runs in a lane between the rows. What leads aside (hung, ended) stands in words below, because it may be done almost everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from xml.sax.saxutils import escape

import msgspec

from luoshi.loop.mechanism import LIVE, Act, Mechanism, Stage

_COLUMNS: Final = 5
_BOX: Final = (116, 46)
_GAP: Final = 92
_LANE: Final = 20
_MARGIN: Final = 16
_FONT: Final = "'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei','WenQuanYi Micro Hei',SimHei,sans-serif"
#: fill and edge of a stage by its kind
_COLOURS: Final = {
    "open": ("#eaf2fb", "#2b6cb0"), "waiting": ("#fff7e0", "#a3710a"), "hung": ("#f0f0f0", "#666666"), "closed": ("#e6f4ea", "#2f7d44"),
    "ended": ("#f3eaea", "#8a4040"),
}  # fmt: skip
_LEGEND: Final = (("open", "办理"), ("waiting", "等待审批或核验"), ("closed", "办结"))
_NEVER_FIRST: Final = "，、；：）。"
_ASIDE: Final = frozenset({"hung", "ended"})


class Arrow(msgspec.Struct, frozen=True):
    """The acts that lead from these stages to that one; the stages stand in one row."""

    sources: tuple[str, ...]
    target: str
    acts: tuple[str, ...]


class _Cell(msgspec.Struct, frozen=True):
    """Where a stage stands."""

    row: int
    column: int

    @property
    def x(self) -> int:
        return self.column * (_BOX[0] + _GAP)


class _End(msgspec.Struct, frozen=True):
    """An end of an arrow at a stage: above or below it, and the place of the other end."""

    stage: str
    above: bool
    other: int
    arrow: int
    coming: bool


class _Route(msgspec.Struct):
    """An arrow in a lane: its channel (that above row ``n`` is ``n``), the columns that it reaches, and the lane once it has one."""

    arrow: Arrow
    channel: int
    #: the channel next to the target where that is another one; the arrow then goes round by the margin
    last: int
    lane: int = 0
    last_lane: int = 0
    margin: int = 0


def svg(mechanism: Mechanism) -> str:
    """The drawing of a mechanism's stages and acts, an SVG document in Chinese."""
    return _Drawing(mechanism).text()


def arrows(mechanism: Mechanism) -> tuple[Arrow, ...]:
    """The ways between the stages that are drawn, acts with the same way together; those aside are left to words."""
    drawn = [stage.key for stage in mechanism.stages if stage.kind not in _ASIDE]
    ways: dict[tuple[str, str], list[str]] = {}
    for act in mechanism.acts:
        if act.to not in drawn or act.back:
            continue
        for source in _sources(act, mechanism):
            if source in drawn and source != act.to:
                ways.setdefault((source, act.to), []).append(act.title.zh)
    bundles: dict[tuple[int, str, tuple[str, ...]], list[str]] = {}
    for (source, target), titles in ways.items():
        bundles.setdefault((drawn.index(source) // _COLUMNS, target, tuple(titles)), []).append(source)
    return tuple(Arrow(tuple(sources), target, titles) for (_, target, titles), sources in bundles.items())


def aside(mechanism: Mechanism) -> tuple[str, ...]:
    """What leads aside or back from there, a sentence each."""
    drawn = {stage.key: stage for stage in mechanism.stages}
    told = []
    for act in mechanism.acts:
        kinds = {drawn[act.to].kind} if act.to else set()
        if kinds & _ASIDE or act.back:
            where = "任何在办阶段" if LIVE in act.at else "、".join(drawn[key].title.zh for key in act.at)
            told.append(f"{act.title.zh}：{where} → {'原来的阶段' if act.back else drawn[act.to].title.zh}")
    return tuple(told)


def _sources(act: Act, mechanism: Mechanism) -> tuple[str, ...]:
    live = tuple(stage.key for stage in mechanism.stages if stage.kind in {"open", "waiting"})
    return tuple(dict.fromkeys(key for at in act.at for key in (live if at == LIVE else (at,))))


class _Drawing:
    """A drawing being made: cells, routes, then the text."""

    def __init__(self, mechanism: Mechanism) -> None:
        self.mechanism = mechanism
        self.stages = [stage for stage in mechanism.stages if stage.kind not in _ASIDE]
        self.cells = {stage.key: _Cell(at // _COLUMNS, at % _COLUMNS) for at, stage in enumerate(self.stages)}
        self.rows = (len(self.stages) - 1) // _COLUMNS + 1
        self.straight = [one for one in arrows(mechanism) if self._is_straight(one)]
        self.routes = [self._route(one) for one in arrows(mechanism) if not self._is_straight(one)]
        for number, route in enumerate(one for one in self.routes if one.channel != one.last):
            route.margin = number + 1
        self.left = _MARGIN + 12 * (sum(route.margin > 0 for route in self.routes) + 1)
        self.width = self.left + _COLUMNS * _BOX[0] + (_COLUMNS - 1) * _GAP + _MARGIN
        self.ports = self._ports()
        self.lanes = self._lanes()
        self.tops = self._tops()

    # --- where everything goes

    def _is_straight(self, arrow: Arrow) -> bool:
        one, target = self.cells[arrow.sources[0]], self.cells[arrow.target]
        near = len(arrow.sources) == 1 and one.row == target.row and target.column - one.column == 1
        return near and len(_label(arrow.acts, 7)) <= 3

    def _route(self, arrow: Arrow) -> _Route:
        row, target = self.cells[arrow.sources[0]].row, self.cells[arrow.target]
        if row == target.row:
            columns = [self.cells[source].column for source in arrow.sources]
            channel = row if max(columns) < target.column else row + 1
            return _Route(arrow, channel, channel)
        if row < target.row:
            return _Route(arrow, row + 1, target.row)
        return _Route(arrow, row, target.row + 1)

    def _ports(self) -> dict[tuple[int, str, bool], float]:
        """The x of each end of each routed arrow: by arrow, stage, and whether it comes in."""
        sides: dict[tuple[str, bool], list[_End]] = {}
        for number, route in enumerate(self.routes):
            arrow, target = route.arrow, self.cells[route.arrow.target]
            for source in arrow.sources:
                cell = self.cells[source]
                other = -1 if route.margin else target.x
                sides.setdefault((source, route.channel == cell.row), []).append(
                    _End(source, route.channel == cell.row, other, number, False)
                )
            other = -1 if route.margin else self.cells[arrow.sources[0]].x
            above = route.last == target.row
            sides.setdefault((arrow.target, above), []).append(_End(arrow.target, above, other, number, True))
        found = {}
        for (stage, above), ends in sides.items():
            ends.sort(key=lambda end: (end.other, end.coming, end.arrow))
            for at, end in enumerate(ends):
                shift = 3 if above else -3
                found[end.arrow, stage, end.coming] = self.left + self.cells[stage].x + _BOX[0] * (at + 1) / (len(ends) + 1) + shift
        return found

    def _reach(self, number: int, channel: int) -> tuple[float, float]:
        """The stretch of a lane that an arrow takes in a channel, its label included."""
        route = self.routes[number]
        at = [self.ports[number, source, False] for source in route.arrow.sources] if channel == route.channel else []
        at += [self.ports[number, route.arrow.target, True]] if channel == route.last else []
        at += [self._margin(route)] if route.margin else []
        low, high = min(at), max(at)
        if channel == route.channel:
            middle, half = self._middle(low, high, route)
            low, high = min(low, middle - half), max(high, middle + half)
        return low - 6, high + 6

    def _middle(self, low: float, high: float, route: _Route) -> tuple[float, float]:
        """Where the label of a lane stands, within the drawing, and half its width."""
        half = _width("、".join(route.arrow.acts)) / 2
        return min(max((low + high) / 2, half + 8), self.width - half - 8), half

    def _margin(self, route: _Route) -> float:
        return _MARGIN / 2 + 12 * (route.margin - 1)

    def _lanes(self) -> list[int]:
        """Gives every arrow its lane, short ones first, and says how many each channel has."""
        counts = []
        for channel in range(self.rows + 1):
            here = [at for at, route in enumerate(self.routes) if channel in (route.channel, route.last)]
            here.sort(key=lambda at: (self._reach(at, channel)[1] - self._reach(at, channel)[0], at))
            taken: list[list[tuple[float, float]]] = []
            for at in here:
                low, high = self._reach(at, channel)
                lane = next((n for n, spans in enumerate(taken) if all(high <= one or low >= two for one, two in spans)), len(taken))
                if lane == len(taken):
                    taken.append([])
                taken[lane].append((low, high))
                if channel == self.routes[at].channel:
                    self.routes[at].lane = lane
                if channel == self.routes[at].last:
                    self.routes[at].last_lane = lane
            counts.append(len(taken))
        return counts

    def _tops(self) -> list[int]:
        """The y of the top of each row, and of the end below the last channel."""
        tops, y = [], 40
        for row in range(self.rows):
            y += self._height(row)
            tops.append(y)
            y += _BOX[1]
        return [*tops, y + self._height(self.rows)]

    def _height(self, channel: int) -> int:
        return 22 + _LANE * self.lanes[channel]

    def _lane_y(self, channel: int, lane: int) -> float:
        top = self.tops[channel - 1] + _BOX[1] if channel else 40
        return top + 22 + _LANE * lane

    # --- what is written

    def text(self) -> str:
        notes = [line for told in aside(self.mechanism) for line in _wrapped(told, 78)]
        width = self.width
        height = self.tops[-1] + 12 + 18 * len(notes)
        title = f"{self.mechanism.id} {self.mechanism.title.zh}：阶段和动作"
        return "\n".join([
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-labelledby="t d">',
            f'<title id="t">{escape(title)}</title>',
            f'<desc id="d">{escape("；".join(self._told()))}</desc>',
            "<defs>",
            *(
                f'<marker id="{key}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
                f'<path d="M0 0 8 4 0 8z" fill="{colour}"/></marker>'
                for key, colour in (("a", "#444"), ("b", "#a33"))
            ),
            "</defs>",
            f'<rect width="{width}" height="{height}" fill="#fff"/>',
            f'<g font-family="{_FONT}" font-size="11.5" fill="#222">',
            *self._legend(width, title),
            *(line for number in range(len(self.routes)) for line in self._routed(number)),
            *(line for arrow in self.straight for line in self._drawn(arrow)),
            *(line for stage in self.stages for line in self._box(stage)),
            *(line for number in range(len(self.routes)) for line in self._named(number)),
            *(_words(self.left, self.tops[-1] + 4 + 18 * at, note, anchor="start") for at, note in enumerate(notes)),
            "</g>",
            "</svg>",
            "",
        ])  # fmt: skip

    def _told(self) -> Iterator[str]:
        titles = {stage.key: stage.title.zh for stage in self.stages}
        for arrow in arrows(self.mechanism):
            yield f"{'、'.join(titles[source] for source in arrow.sources)} → {titles[arrow.target]}：{'、'.join(arrow.acts)}"

    def _legend(self, width: int, title: str) -> Iterator[str]:
        yield f'<text x="{self.left}" y="24" font-size="15" font-weight="bold">{escape(title)}</text>'
        x = width - _MARGIN - int(_width("退回、重办"))
        yield _words(x, 23, "退回、重办", anchor="start")
        yield _line([(x - 26, 19), (x - 4, 19)], arrow=True, back=True)
        x -= 34
        for kind, words in reversed(_LEGEND):
            x -= int(_width(words)) + 26
            fill, edge = _COLOURS[kind]
            yield f'<rect x="{x}" y="13" width="14" height="12" rx="2" fill="{fill}" stroke="{edge}"/>'
            yield _words(x + 19, 23, words, anchor="start")

    def _box(self, stage: Stage) -> Iterator[str]:
        cell, (wide, high) = self.cells[stage.key], _BOX
        x, y = self.left + cell.x, self.tops[cell.row]
        fill, edge = _COLOURS[stage.kind]
        bold = 2.5 if stage.key == self.mechanism.first.key else 1.2
        yield f'<rect x="{x}" y="{y}" width="{wide}" height="{high}" rx="7" fill="{fill}" stroke="{edge}" stroke-width="{bold}"/>'
        part = self.mechanism.part(stage.turn)
        lines = _wrapped(stage.title.zh, 8)[:2]
        below = [part.title.zh] if part and len(lines) == 1 else []
        start = y + high / 2 + (5 if len(lines) + len(below) == 1 else -3)
        for at, line in enumerate(lines):
            yield f'<text x="{x + wide / 2:g}" y="{start + 17 * at:g}" text-anchor="middle" font-size="13.5" font-weight="bold">{escape(line)}</text>'
        for line in below:
            yield f'<text x="{x + wide / 2:g}" y="{start + 17:g}" text-anchor="middle" font-size="10.5" fill="#555">{escape(_cut(line, 10))}</text>'

    def _drawn(self, arrow: Arrow) -> Iterator[str]:
        """A straight arrow to the neighbour, its acts above it."""
        cell = self.cells[arrow.sources[0]]
        x, y = self.left + cell.x + _BOX[0], self.tops[cell.row] + _BOX[1] / 2
        yield _line([(x, y), (x + _GAP - 1, y)], arrow=True)
        lines = _label(arrow.acts, 7)
        for at, line in enumerate(lines):
            yield _words(x + _GAP / 2 - 3, y - 5 - 13 * (len(lines) - 1 - at), line)

    def _routed(self, number: int) -> Iterator[str]:
        """An arrow in its lane; where several stages lead there, each with its own stub to the lane."""
        route = self.routes[number]
        arrow, y = route.arrow, self._lane_y(route.channel, route.lane)
        end = self.ports[number, arrow.target, True]
        starts = [self.ports[number, source, False] for source in arrow.sources]
        target = self.cells[arrow.target]
        into = self.tops[target.row] + (0 if route.last == target.row else _BOX[1])
        order = list(self.cells)
        back = order.index(arrow.target) < order.index(arrow.sources[0])
        for source, x in zip(arrow.sources, starts, strict=True):
            row = self.cells[source].row
            edge = self.tops[row] + (0 if route.channel == row else _BOX[1])
            way = [(x, edge), (x, y)]
            if x == starts[0]:
                yield _line([*way, *self._rest(route, y, end), (end, into)], arrow=True, back=back)
            else:
                yield _line([*way, (_next(x, starts, self._margin(route) if route.margin else end), y)], back=back)

    def _rest(self, route: _Route, y: float, end: float) -> list[tuple[float, float]]:
        if not route.margin:
            return [(end, y)]
        last, x = self._lane_y(route.last, route.last_lane), self._margin(route)
        return [(x, y), (x, last), (end, last)]

    def _named(self, number: int) -> Iterator[str]:
        """The acts of an arrow in a lane, on its lane."""
        route = self.routes[number]
        at = [self.ports[number, source, False] for source in route.arrow.sources]
        at += [self.ports[number, route.arrow.target, True]] if route.channel == route.last else []
        at += [self._margin(route)] if route.margin else []
        (middle, half), y = self._middle(min(at), max(at), route), self._lane_y(route.channel, route.lane)
        yield f'<rect x="{middle - half - 2:.1f}" y="{y - 8:g}" width="{2 * half + 4:.1f}" height="16" fill="#fff"/>'
        yield _words(middle, y + 4, "、".join(route.arrow.acts))


def _next(x: float, starts: Iterable[float], end: float) -> float:
    """How far a stub runs in its lane: to the next one on the way to the end, else to the end."""
    between = [one for one in starts if min(x, end) < one < max(x, end)]
    return min(between, key=lambda one: abs(one - x), default=end)


def _line(points: Sequence[tuple[float, float]], *, arrow: bool = False, back: bool = False) -> str:
    way = " ".join(f"{x:g},{y:g}" for x, y in ((round(x, 1), round(y, 1)) for x, y in points))
    end = f' marker-end="url(#{"b" if back else "a"})"' if arrow else ""
    look = 'stroke="#a33" stroke-dasharray="4 2"' if back else 'stroke="#444"'
    return f'<polyline points="{way}" fill="none" {look} stroke-width="1.1" stroke-linejoin="round"{end}/>'


def _words(x: float, y: float, words: str, *, anchor: str = "middle") -> str:
    where = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text x="{round(x, 1):g}" y="{round(y, 1):g}"{where}>{escape(words)}</text>'


def _width(words: str) -> float:
    """How wide words of 11.5 px are, about: a Chinese character is square, others half as wide."""
    return sum(11.5 if ord(one) > 0x2E7F else 6.5 for one in words)


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else words[: most - 1] + "…"


def _label(acts: Iterable[str], wide: int) -> list[str]:
    """The acts in lines of so many characters at most, none broken that fits."""
    lines: list[str] = []
    for act in acts:
        if lines and len(lines[-1]) + 1 + len(act) <= wide:
            lines[-1] += "、" + act
        else:
            lines += _wrapped(act, wide)
    return lines


def _wrapped(words: str, wide: int) -> list[str]:
    """Lines of about the same length, none longer than ``wide``."""
    each = -(-len(words) // -(-len(words) // wide)) if words else wide
    lines = [words[at : at + each] for at in range(0, len(words), each)]
    for at in range(1, len(lines)):
        while lines[at] and lines[at][0] in _NEVER_FIRST:
            lines[at - 1], lines[at] = lines[at - 1] + lines[at][0], lines[at][1:]
    return [line for line in lines if line]
