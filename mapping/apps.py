"""The mapping app: the mirrored chart of each set of books, the rules over it, their versions and screens."""

from __future__ import annotations

from django.apps import AppConfig


class MappingConfig(AppConfig):
    """Name the app and its verbs of the audit log."""

    name = "mapping"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Give each verb its sentence."""
        from accounts import audit

        audit.extend(
            {
                "mapping.draft_saved": "{actor} changed the draft of the mapping of {object}",
                "mapping.discarded": "{actor} discarded the draft of the mapping of {object}",
            }
        )
