"""The house itself as a Django app: the roles and the commands that belong to no room."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import pre_migrate

from syncapp import roles


class SyncappConfig(AppConfig):
    """Gives the application's role its rights before migrations make tables."""

    name = "syncapp"
    verbose_name = "Tieout"

    def ready(self) -> None:
        """Listen for migrations."""
        pre_migrate.connect(roles.grant_rights, sender=self, dispatch_uid="tieout.rights")
