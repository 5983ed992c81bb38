"""Secrets as they lie in the database: sealed with the installation's key, so that a copy of the database or a backup tells none."""

from __future__ import annotations

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.utils.crypto import salted_hmac


def seal(secret: str) -> str:
    """The secret, encrypted; nothing for nothing."""
    return _box().encrypt(secret.encode()).decode("ascii") if secret else ""


def unseal(sealed: str) -> str | None:
    """The secret; None where it was sealed with another key, as after a restore on another machine: it has to be entered again."""
    if not sealed:
        return ""
    try:
        return _box().decrypt(sealed.encode("ascii")).decode()
    except (InvalidToken, UnicodeError):
        return None


def _box() -> Fernet:
    key = salted_hmac("luoshi.notify.sealing", "secrets of channels", secret=settings.SECRET_KEY, algorithm="sha256").digest()
    return Fernet(urlsafe_b64encode(key))
