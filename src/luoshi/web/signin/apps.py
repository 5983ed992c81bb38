"""Signing in as a Django application: its tables hold credentials and the access log, nothing of the ledger."""

from __future__ import annotations

from django.apps import AppConfig


class SigninConfig(AppConfig):
    name = "luoshi.web.signin"
    label = "signin"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """A setting that cannot be is told when the server begins, not when the first person signs in."""
        from luoshi.web.signin import config

        config.current()
