"""The accounts app: people, firms, the wall, grants, the audit log."""

from __future__ import annotations

import atexit

from django.apps import AppConfig
from django.db.models.signals import pre_migrate

from syncapp import roles, start


class AccountsConfig(AppConfig):
    """Register what is asked at the start, and what is let go at the end."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load the checks, so that a wrong database role stops the start, and the lookups."""
        # Django sends the signal only to apps with models, so the rights are given on this one's.
        pre_migrate.connect(roles.grant_rights, sender=self, dispatch_uid="accounts.rights")
        from accounts import checks, lookups  # noqa: F401

        atexit.register(start.close_pool)
