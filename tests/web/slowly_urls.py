"""A page that answers when the test lets it: for stopping a server while a request runs."""

from __future__ import annotations

import os
import time
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.urls import path

from luoshi.web.urls import urlpatterns as pages


def slow(request: HttpRequest) -> HttpResponse:
    folder = Path(os.environ["SLOWLY"])
    (folder / "begun").touch()
    for _ in range(1000):
        if (folder / "go").exists():
            return HttpResponse("finished")
        time.sleep(0.02)
    return HttpResponse("given up", status=500)


urlpatterns = [*pages, path("slow", slow)]
