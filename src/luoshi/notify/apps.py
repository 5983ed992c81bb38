"""Notices as a Django application: its tables are work and addresses, nothing of the ledger."""

from __future__ import annotations

from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "luoshi.notify"
    label = "notify"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """A setting that cannot be is told when the server begins, not when the first letter goes out."""
        from luoshi.notify import config

        config.current()
