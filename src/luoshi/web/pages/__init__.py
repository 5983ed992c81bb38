"""All pages of the web, in one list. A page that is not here has no address."""

from __future__ import annotations

from luoshi.web.page import Page
from luoshi.web.pages.health import view as health
from luoshi.web.pages.home import view as home

#: one line a page
PAGES: tuple[Page, ...] = (
    health.PAGE,
    home.PAGE,
)  # fmt: skip
