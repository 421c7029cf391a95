"""Seal every secret again with the first key of SEAL_KEYS."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand

from accounts import channels, grants, queries
from accounts.tenancy import firm_scope

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """Put the new key first in SEAL_KEYS, run this, then drop the old key."""

    help = "Seal every secret again with the first key of SEAL_KEYS."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Offer an answer for machines."""
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *_args: Any, as_json: bool = False, **_options: Any) -> None:
        """Rotate firm by firm."""
        rotated = 0
        for firm_id in queries.firm_ids():
            with firm_scope(write=firm_id):
                rotated += grants.rotate_seals(firm_id=firm_id) + channels.rotate_seals(firm_id=firm_id)
        self.stdout.write(
            json.dumps({"rotated": rotated}) if as_json else f"{rotated} secrets sealed with the first key."
        )
