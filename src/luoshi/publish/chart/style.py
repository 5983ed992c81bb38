"""How charts look: colours, type, the marks of targets and results; one place for what ``chart.css`` turns over in the dark.

Every colour below stands in drawings as it is written here. The page's style sheet matches it there (``[fill="#1d5fa8"]``) and puts the
dark theme's in its place, so that one drawing serves both themes, paper and files.
"""

from __future__ import annotations

from typing import Any, Final

PAPER: Final = "#fffffe"
INK: Final = "#1d2127"
SOFT: Final = "#585f69"
LINE: Final = "#d9d6cb"
ZERO: Final = "#9a978d"
TARGET: Final = "#1d5fa8"
RESULT: Final = "#1c7340"
#: told apart by the colour-blind as well, at least 3 : 1 against paper; in order of use (found by search, held by a test)
PLACES: Final = ("#068ce7", "#b14799", "#9c6f00", "#279f85", "#00095d", "#ba4545", "#2b3e0e", "#400921")
TONES: Final = {"plain": "#4a86c8", "good": "#0f6b5c", "warn": "#e3a416", "bad": "#a82a1c", "open": "#c4c0b4"}

#: what a reader's machine may have, the best first; the last is whatever it draws Chinese with
FONTS: Final = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "PingFang SC", "Microsoft YaHei", "HarmonyOS Sans SC",
    "WenQuanYi Micro Hei", "SimHei", "Noto Sans CJK JP", "sans-serif",
)  # fmt: skip
FONT: Final = ", ".join(FONTS)

#: Each mark says what its target asks, about (0, 0) where the value is: a floor points up, a ceiling down, a band has two ends.
SHAPES: Final = {
    "result": "M.62,0A.62,.62,0,1,1,-.62,0A.62,.62,0,1,1,.62,0Z",
    "earlier": "M.62,0A.62,.62,0,1,1,-.62,0A.62,.62,0,1,1,.62,0ZM.36,0A.36,.36,0,1,0,-.36,0A.36,.36,0,1,0,.36,0Z",
    "ge": "M-1,-.14L1,-.14L1,.14L-1,.14ZM-.6,-.42L0,-1.3L.6,-.42Z",
    "le": "M-1,-.14L1,-.14L1,.14L-1,.14ZM-.6,.42L0,1.3L.6,.42Z",
    "range": "M-.8,-1.1L.8,-1.1L.8,-.84L.3,-.84L.3,.84L.8,.84L.8,1.1L-.8,1.1L-.8,.84L-.3,.84L-.3,-.84L-.8,-.84Z",
    "eq": "M0,-.92L.8,0L0,.92L-.8,0Z",
    "approx": "M0,-.96L.84,0L0,.96L-.84,0ZM0,-.56L-.49,0L0,.56L.49,0Z",
}
#: the order of the legend
KINDS: Final = ("result", "earlier", "ge", "le", "range", "eq", "approx")


def config(narrow: bool) -> dict[str, Any]:
    """The Vega-Lite configuration of every chart; phones get larger type for their width."""
    size = 12 if narrow else 12.5
    return {
        "font": FONT,
        "aria": False,
        "background": PAPER,
        "padding": 4 if narrow else 8,
        "view": {"stroke": None},
        "customFormatTypes": False,
        "title": {"anchor": "start", "frame": "group", "fontSize": 16, "fontWeight": 600, "color": INK, "offset": 12,
                  "subtitleColor": SOFT, "subtitleFontSize": size, "subtitlePadding": 5},
        "axis": {"labelColor": SOFT, "labelFontSize": size, "titleColor": SOFT, "titleFontSize": size,
                 "titleFontWeight": "normal", "grid": False, "domainColor": ZERO, "tickColor": ZERO, "labelPadding": 5},
        "axisY": {"grid": True, "gridColor": LINE, "domain": False, "ticks": False, "titleAngle": 0, "titleAnchor": "start",
                  "titleAlign": "left", "titleX": 0, "titleBaseline": "bottom"},
        "axisX": {"labelFlush": False, "tickSize": 4},
        "legend": {"orient": "top", "direction": "horizontal", "title": None, "labelColor": INK, "labelFontSize": size,
                   "labelLimit": 0, "columnPadding": 14, "rowPadding": 4, "offset": 20, "symbolSize": 130, "symbolStrokeWidth": 0,
                   "symbolFillColor": SOFT, "layout": {"top": {"direction": "vertical", "anchor": "start", "margin": 4}}},
        "header": {"title": None, "labelColor": INK, "labelFontSize": size + 0.5, "labelFontWeight": 600, "labelAnchor": "start",
                   "labelPadding": 6},
        "text": {"color": INK, "fontSize": size - 1},
    }  # fmt: skip
