"""The mapping app: the mirrored chart of each set of books, the rules over it, their versions and screens."""

from __future__ import annotations

from django.apps import AppConfig


class MappingConfig(AppConfig):
    """Name the app."""

    name = "mapping"
    default_auto_field = "django.db.models.BigAutoField"
