"""What was seen, read, planned, posted, linked, held and compared: nouns only."""

from __future__ import annotations

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """The records app."""

    name = "syncapp.records"
    label = "records"
