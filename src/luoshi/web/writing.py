"""How values are written for people: days, moments, amounts, counts, shares. Pure; the language is an argument."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final
from zoneinfo import ZoneInfo

from luoshi.messages import Lang

NOTHING: Final = "—"
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_SCALES: Final = ((Decimal(10) ** 12, "万亿"), (Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万"))
#: units whose numbers are never written with 万 or 亿
_UNSCALED: Final = frozenset({"%", "％", "‰", "个百分点", "百分点", "倍", "位", "名次", "年", "月", "日", "天", "个月", "岁", "分"})
#: from here on a number that does not come out short in 万 is still written with it
_MUST_SCALE: Final = Decimal(100_000)


def show_day(value: object, lang: Lang) -> str:
    """A day, or the month or year where no more is known: ``2026-03-05`` → 2026年3月5日 / 5 March 2026.

    >>> show_day("2026-03-05", "zh"), show_day("2026-03-05", "en"), show_day("2026-03", "zh"), show_day("", "zh")
    ('2026年3月5日', '5 March 2026', '2026年3月', '—')
    """
    if isinstance(value, date):
        value = value.isoformat()[:10]
    text = "" if value is None else str(value)[:10]
    numbers = text.split("-")
    if not text or not all(number.isascii() and number.isdigit() for number in numbers) or len(numbers) > 3:
        return text or NOTHING
    year, *rest = (int(number) for number in numbers)
    if rest and not 1 <= rest[0] <= 12:
        return text
    if lang == "zh":
        return f"{year}年" + "".join(f"{number}{word}" for number, word in zip(rest, "月日", strict=False))
    return " ".join([*(str(day) for day in rest[1:]), *(_MONTHS[month - 1] for month in rest[:1]), str(year)])


def show_moment(value: object, lang: Lang, zone: str = "Asia/Shanghai") -> str:
    """A moment (ISO 8601 with its offset, or a datetime that knows its own) in the time of the office.

    >>> show_moment("2026-11-22T02:36:00.000000Z", "zh"), show_moment("2026-11-22T02:36:00.000000Z", "en")
    ('2026年11月22日 10:36', '22 November 2026, 10:36')
    """
    if not value:
        return NOTHING
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        return str(value)
    here = moment.astimezone(ZoneInfo(zone))
    clock = f"{here.hour:02d}:{here.minute:02d}"
    return f"{show_day(here.date(), lang)} {clock}" if lang == "zh" else f"{show_day(here.date(), lang)}, {clock}"


def show_amount(value: object, unit: str, lang: Lang) -> str:
    """A number with its unit as people write it; exact, never with the noise of a float. English has plain numbers.

    >>> [show_amount(v, u, "zh") for v, u in ((125e9, "元"), (2.48e9, "元"), (6600, "人"), (3.2, "%"), (7, "个百分点"), (1.2e12, "元"))]
    ['1250亿元', '24.8亿元', '6600人', '3.2%', '7个百分点', '1.2万亿元']
    >>> show_amount(125e9, "元", "en"), show_amount(0.1 + 0.2, "%", "zh"), show_amount(None, "元", "zh"), show_amount(65_000, "人", "zh")
    ('125,000,000,000 元', '0.3%', '—', '6.5万人')
    """
    number = as_decimal(value)
    if number is None:
        return NOTHING
    unit = unit or ""
    if lang == "en":
        return f"{_plain(number, ',')}{'' if unit in {'%', '‰', ''} else ' '}{unit}"
    if unit in _UNSCALED:
        return f"{_plain(number)}{unit}"
    scaled, scale = _scaled(number)
    return f"{_plain(scaled)}{scale}{unit}"


def show_count(value: object) -> str:
    """A count with commas: 300,000."""
    number = as_decimal(value)
    return NOTHING if number is None else _plain(number, ",")


def show_share(part: object, whole: object) -> str:
    """A share in whole per cent; 100% only where nothing is left, 0% only where nothing is done.

    >>> show_share(1, 3), show_share(999, 1000), show_share(1, 1000), show_share(0, 0)
    ('33%', '99%', '1%', '—')
    """
    parts, wholes = as_decimal(part), as_decimal(whole)
    if parts is None or not wholes:
        return NOTHING
    share = parts / wholes * 100
    if 0 < share < 100:
        return f"{min(99, max(1, int(share.to_integral_value())))}%"
    return f"{int(share)}%"


def as_decimal(value: object) -> Decimal | None:
    """The number exactly as a person would read it: a float by its shortest writing, rounded to 12 digits; None for what is no number."""
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        number = Decimal(f"{value:.12g}" if isinstance(value, float) else str(value))
    except (InvalidOperation, ValueError):
        return None
    return number if number.is_finite() else None


def _scaled(number: Decimal) -> tuple[Decimal, str]:
    """The number in 万亿, 亿 or 万 where that is at least one and comes out short; the number itself where none does."""
    size = abs(number)
    for places in (2, 4):
        for value, word in _SCALES:
            scaled = number / value
            if abs(scaled) >= 1 and _places(scaled) <= places and (places == 2 or size >= _MUST_SCALE):
                return scaled, word
    return number, ""


def _places(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _plain(number: Decimal, comma: str = "") -> str:
    """Digits without exponent and without zeros behind."""
    text = f"{number.normalize():{comma}f}"
    return "0" if text == "-0" else text


def read_day(text: str) -> date | None:
    """The day that somebody wrote, None for anything else and for years that no calendar here can count with.

    >>> read_day("2026-03-05"), read_day("0001-01-01"), read_day("soon")
    (datetime.date(2026, 3, 5), None, None)
    """
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if 1970 <= found.year < 2200 else None


def read_whole(text: str) -> int | None:
    """The whole number that an address or a hidden field holds; None for anything else.

    >>> read_whole("12"), read_whole("²"), read_whole("9" * 5000)
    (12, None, None)
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None
