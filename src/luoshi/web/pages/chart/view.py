"""``/chart/vega-….js``: the library that makes charts interactive. No page for people; whoever sees any page may have it."""

from __future__ import annotations

from luoshi.web.chart import library
from luoshi.web.page import Page

PAGE = Page("chart", "chart/<str:name>", library, right="home")
