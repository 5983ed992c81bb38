"""The settings of the tests: an own data folder, a quick password hasher, the database that LUOSHI_TEST_DATABASE_URL names or SQLite."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

_DATA = tempfile.mkdtemp(prefix="luoshi-test-")
atexit.register(shutil.rmtree, _DATA, ignore_errors=True)

# nothing that this machine is told about its own installation reaches the tests
for _name in [name for name in os.environ if name.startswith("LUOSHI_") and not name.startswith("LUOSHI_TEST_")]:
    del os.environ[_name]
os.environ["LUOSHI_DATA"] = _DATA
# the stand-ins for robots and for programs of others answer on this machine, without encryption
os.environ["LUOSHI_NOTIFY_LOCAL"] = os.environ["LUOSHI_NOTIFY_HTTP"] = "1"
os.environ["DATABASE_URL"] = os.environ.get("LUOSHI_TEST_DATABASE_URL", "")

from luoshi.web.settings import *  # noqa: E402, F403
from luoshi.web.settings import DATABASES, LUOSHI  # noqa: E402

ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

# two runs beside each other, on one server, keep apart; SQLite stands in a file, so that threads and processes can share it
DATABASES["default"]["TEST"] = {
    "NAME": f"{_DATA}/test.sqlite3" if LUOSHI.database.engine == "sqlite" else f"test_{LUOSHI.database.name}_{os.getpid()}"
}
if LUOSHI.database.engine == "sqlite":
    # a test database need not survive a loss of power
    DATABASES["default"]["OPTIONS"]["init_command"] = DATABASES["default"]["OPTIONS"]["init_command"].replace(
        "synchronous=FULL", "synchronous=OFF"
    )
