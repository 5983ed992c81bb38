"""Django's settings, made from :mod:`luoshi.settings`; nothing is decided by hand in an installation."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

from luoshi.settings import Database, read_settings
from luoshi.web.secret import read_secret

#: what this installation is told; other modules take it from ``django.conf.settings.LUOSHI``
LUOSHI: Final = read_settings(os.environ)

_HERE = Path(__file__).parent
#: a table of the whole ledger may be filtered by many values at once; a batch of files names each of them
_MANY_FIELDS = 20_000
_MEGABYTE = 1024 * 1024


def databases(database: Database) -> dict[str, dict[str, Any]]:
    """Django's ``DATABASES`` for one database."""
    return {"default": _sqlite(database) if database.engine == "sqlite" else _postgresql(database)}


def _sqlite(database: Database) -> dict[str, Any]:
    """A writer takes the lock when it begins, so that no transaction fails half-way; what was acknowledged survives a loss of power."""
    pragmas = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY", "cache_size=-16384",
               f"mmap_size={512 * _MEGABYTE}", f"journal_size_limit={64 * _MEGABYTE}")  # fmt: skip
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": database.name,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 30,
            "transaction_mode": "IMMEDIATE",
            "init_command": ";".join(f"PRAGMA {pragma}" for pragma in pragmas),
        },
    }


def _postgresql(database: Database) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database.name,
        "USER": database.user,
        "PASSWORD": database.password,
        "HOST": database.host,
        "PORT": str(database.port),
        # a thread keeps its connection; one that died (server restarted, line cut) is noticed before it is used
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": "10", "application_name": "luoshi", **dict(database.options)},
    }


DEBUG = LUOSHI.debug
SECRET_KEY = read_secret(LUOSHI.secret_file)
ALLOWED_HOSTS = list(LUOSHI.allowed_hosts)

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "luoshi.ledger",
    "luoshi.notify",
    "luoshi.web",
    "luoshi.web.signin",
    "luoshi.web.api",
]
MIDDLEWARE = [
    *(["luoshi.web.proxy.unproxied"] if LUOSHI.proxy else []),
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "luoshi.web.middleware.numbered",
    "luoshi.web.middleware.headed",
    "luoshi.web.pages.portal.door.record",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "luoshi.web.middleware.spoken",
    "luoshi.web.middleware.clean",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "luoshi.web.signin.middleware.timed",
    "luoshi.web.middleware.known",
    "luoshi.web.signin.middleware.noted",
]
ROOT_URLCONF = "luoshi.web.urls"
WSGI_APPLICATION = "luoshi.web.wsgi.application"
APPEND_SLASH = False

DATABASES = databases(LUOSHI.database)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "ledger.Account"
AUTHENTICATION_BACKENDS = [
    "luoshi.web.signin.backends.Local",
    "luoshi.web.signin.backends.Directory",
    "luoshi.web.signin.backends.Provider",
]
LOGIN_URL = "/signin"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_HERE],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csrf",
                "luoshi.web.context.frame",
            ],
            "libraries": {"static": "django.templatetags.static"},
            "builtins": ["luoshi.web.templatetags.luoshi", "django.templatetags.static"],
        },
    }
]

# --- static files lie beside their pages; serving collects them once for each version into the data folder
STATIC_URL = "/static/"
STATIC_ROOT = LUOSHI.data / "static"
STATICFILES_FINDERS = ["luoshi.web.static_files.Finder"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage" if DEBUG else "luoshi.web.static_files.HashedFiles"},
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# --- time and words
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
# pages say their own words (words.yaml); Django's part in it is to know the language of a request
USE_I18N = True
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]

# --- sessions, cookies, headers
# the moment of the last request is written once a minute at most; the door itself ends an idle session to the minute
SESSION_COOKIE_AGE = LUOSHI.session_minutes * 60 + 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_NAME = "luoshi_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = LUOSHI.is_secure
CSRF_FAILURE_VIEW = "luoshi.web.pages.trouble.view.forgery"
CSRF_COOKIE_NAME = "luoshi_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = LUOSHI.is_secure
CSRF_TRUSTED_ORIGINS = [LUOSHI.public_url] if LUOSHI.public_url else []
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if LUOSHI.is_secure else 0
X_FRAME_OPTIONS = "DENY"
if LUOSHI.proxy:
    # only a proxy of ours may say by what people came; anybody else could write this header
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- uploads: a file of more than 2.5 MB goes to the disk while it comes in
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * _MEGABYTE
DATA_UPLOAD_MAX_NUMBER_FIELDS = _MANY_FIELDS
DATA_UPLOAD_MAX_NUMBER_FILES = 2_000
FILE_UPLOAD_PERMISSIONS = 0o600

# --- one line for each thing worth telling, to standard error: where and what, never the words of a document or a person's name
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "luoshi.web.logs.Line"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # every wrong address would be a warning
        "django.request": {"level": "ERROR"},
        # nor is a name by which this server is not known; the request's own line says 400
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        # one line for each question to a provider of single sign-on would be one too many
        "httpx": {"level": "WARNING"},
    },
}
