"""The house itself as a Django app: its templates' tags and the frame that belong to no room."""

from __future__ import annotations

from django.apps import AppConfig


class SyncappConfig(AppConfig):
    """The house."""

    name = "syncapp"
    verbose_name = "Tieout"
