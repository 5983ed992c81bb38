"""The interface for programs as a Django application: its one table is work, nothing of the ledger."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "luoshi.web.api"
    label = "api"
    default_auto_field = "django.db.models.BigAutoField"
