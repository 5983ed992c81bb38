"""The addresses of the web; each page says its own."""

from __future__ import annotations

from luoshi.web.api.interface import addresses
from luoshi.web.page import urls_of
from luoshi.web.pages import PAGES

urlpatterns = [*urls_of(PAGES), *addresses()]
handler400 = "luoshi.web.pages.trouble.view.bad_request"
handler403 = "luoshi.web.pages.trouble.view.forbidden"
handler404 = "luoshi.web.pages.trouble.view.not_found"
handler500 = "luoshi.web.pages.trouble.view.broken"
