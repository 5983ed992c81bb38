"""The application that a WSGI server runs."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luoshi.web.settings")
application = get_wsgi_application()

from luoshi.web.signin.access import RECORDER  # noqa: E402 - its tables are known only now

RECORDER.start()
