from __future__ import annotations

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The screens over the pipeline."""

    name = "syncapp.desk"
    label = "desk"
    verbose_name = "Desk"
