"""Settings of a server with one more page (``slowly_urls.py``)."""

from __future__ import annotations

from luoshi.web.settings import *  # noqa: F403

ROOT_URLCONF = "tests.web.slowly_urls"
