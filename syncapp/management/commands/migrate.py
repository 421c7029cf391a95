"""`manage.py migrate` runs as the owner of the tables, without being asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as DjangoMigrate

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(DjangoMigrate):
    """Django's command with `owner` as its default database."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Add Django's arguments and change one default."""
        super().add_arguments(parser)
        parser.set_defaults(database="owner")

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, or say which address is missing."""
        if options["database"] == "owner" and "owner" not in settings.DATABASES:
            raise CommandError("DATABASE_OWNER_URL is missing: migrations run as the owner of the tables.")
        super().handle(*args, **options)
