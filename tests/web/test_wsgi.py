"""Loading the application starts no thread and touches no database: a collector of doctests, a checker of deployments load it too."""

from __future__ import annotations

import subprocess
import sys

_LOAD = "import threading, luoshi.web.wsgi; from luoshi.web.signin.access import RECORDER; print(threading.active_count(), RECORDER.in_background)"


def test_loading_starts_nothing() -> None:
    done = subprocess.run([sys.executable, "-c", _LOAD], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.split() == ["1", "False"]
