"""The check of the imprint: at the foot of the last page, between lines of the thickness that the standard sets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from luoshi.publish.papers.deviation import Deviation
from luoshi.publish.papers.layout import RULE_EDGE, RULE_INSIDE, SOURCE
from luoshi.publish.papers.marks import text_of
from luoshi.publish.papers.packing import w

_PRINTED: Final = re.compile(r"(?:19|20)\d{2}年\d{1,2}月\d{1,2}日印发\s*$")
#: who printed it and when, and nothing else: an annex that lists papers names them between signs
_LINE: Final = re.compile(r"^[^《》〔〕，。；：]*$")
_STYLE: Final = "LsCopies"
_WHERE: Final = "版记"
_PLACE: Final = "在末页底部，末条线与版心下边缘重合"
_CLAUSE: Final = f"{SOURCE} 7.4.1"
#: so many twentieths of a point a line may be off: programs round to an eighth of a point
_OFF: Final = 3


def imprint(root: Any) -> Iterator[Deviation]:
    """What of the imprint is not as it should be; nothing where there is none."""
    end = _end(root)
    printed = [one for one in root.iter(w("p")) if _PRINTED.search(text_of(one)) and (one is end or _is_apart(one))]
    if not printed:
        return
    last = printed[-1]
    table = next(last.iterancestors(w("tbl")), None)
    lines = _of_table(table) if table is not None else _of_frame(last)
    if not (_floats(table) if table is not None else _is_framed(last)):
        yield Deviation("不在页面底部", _WHERE, _PLACE, _CLAUSE)
    elif table is None and any(text_of(one).strip() and not _is_framed(one) for one in _following(last)):
        yield Deviation("后面还有正文", _WHERE, "是公文的最后一项", _CLAUSE)
    if not lines or any(abs(one - RULE_EDGE) > _OFF for one in (lines[0], lines[-1])):
        yield Deviation("首条、末条分隔线不是 0.35 mm", _WHERE, "0.35 mm（1 磅）", _CLAUSE)
    if any(abs(one - RULE_INSIDE) > _OFF for one in lines[1:-1]):
        yield Deviation("中间的分隔线不是 0.25 mm", _WHERE, "0.25 mm（0.7 磅）", _CLAUSE)


def _end(root: Any) -> Any:
    """The paragraph with which the text ends, where that may be who printed it and when; None where the text ends with a table or a sentence."""
    filled = [one for one in root.find(w("body")) if text_of(one).strip()]
    return filled[-1] if filled and filled[-1].tag == w("p") and _LINE.match(text_of(filled[-1])) else None


def _is_apart(paragraph: Any) -> bool:
    """Whether a paragraph stands where an imprint is made: in a frame, in a floating table, or in the style of the copies."""
    style, frame = (paragraph.find(f"{w('pPr')}/{w(name)}") for name in ("pStyle", "framePr"))
    if frame is not None or (style is not None and style.get(w("val")) == _STYLE):
        return True
    return any(table.find(f"{w('tblPr')}/{w('tblpPr')}") is not None for table in paragraph.iterancestors(w("tbl")))


def _following(paragraph: Any) -> Iterator[Any]:
    return (one for one in paragraph.itersiblings(w("p")))


def _is_framed(paragraph: Any) -> bool:
    frame = paragraph.find(f"{w('pPr')}/{w('framePr')}")
    return frame is not None and (frame.get(w("vAnchor")), frame.get(w("yAlign"))) == ("margin", "bottom")


def _floats(table: Any) -> bool:
    place = table.find(f"{w('tblPr')}/{w('tblpPr')}")
    return place is not None and (place.get(w("vertAnchor")), place.get(w("tblpYSpec"))) == ("margin", "bottom")


def _of_frame(paragraph: Any) -> list[float]:
    """The lines of a frame from top to bottom: paragraphs that are filled and have a height."""
    around = [one for one in paragraph.getparent().iter(w("p")) if _is_framed(one) and one.find(f"{w('pPr')}/{w('shd')}") is not None]
    heights = [one.find(f"{w('pPr')}/{w('spacing')}") for one in around]
    return [float(one.get(w("line"), "0")) for one in heights if one is not None and one.get(w("lineRule")) == "exact"]


def _of_table(table: Any) -> list[float]:
    """The lines of a table, whose borders are told in eighths of a point."""
    borders = table.find(f"{w('tblPr')}/{w('tblBorders')}")
    found = [] if borders is None else [borders.find(w(name)) for name in ("top", "insideH", "bottom")]
    return [float(one.get(w("sz"), "0")) * 20 / 8 for one in found if one is not None and one.get(w("val")) not in ("nil", "none")]
