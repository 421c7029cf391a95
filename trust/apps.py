"""The trust app: trust pairs, client ledgers, statements, three-way reconciliation, sign-off."""

from __future__ import annotations

from django.apps import AppConfig


class TrustConfig(AppConfig):
    """Name the app."""

    name = "trust"
    default_auto_field = "django.db.models.BigAutoField"
