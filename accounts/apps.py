"""The accounts app: people, firms, the wall, grants, the audit log."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Register the start-up checks."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load the checks, so that a wrong database role stops the start."""
        from accounts import checks  # noqa: F401, PLC0415
