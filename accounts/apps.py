"""The accounts app: people, firms, the wall, grants, the audit log."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import pre_migrate

from syncapp import roles


class AccountsConfig(AppConfig):
    """Register the start-up checks."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load the checks, so that a wrong database role stops the start, and the lookups."""
        # Django sends the signal only to apps with models, so the rights are given on this one's.
        pre_migrate.connect(roles.grant_rights, sender=self, dispatch_uid="accounts.rights")
        from accounts import checks, lookups  # noqa: F401
