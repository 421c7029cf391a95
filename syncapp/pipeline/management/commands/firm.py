"""`firm apply FILE` and `firm export --firm SLUG`: a firm as a declarative file."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts import queries
from syncapp.pipeline.firmfile.applying import apply
from syncapp.pipeline.firmfile.exporting import canonical
from syncapp.pipeline.firmfile.reading import Unreadable, read, write

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    """Apply a firm file, or write one. Applying twice changes nothing the second time."""

    requires_system_checks: list[str] = []  # a command opens no page
    help = "Apply a firm from a file, or write it as one."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, or the firm."""
        kinds = parser.add_subparsers(dest="what", required=True)
        given = kinds.add_parser("apply", help="make a firm be what its file says, and print what changed")
        given.add_argument("file", help="the firm file; - reads standard input")
        given.add_argument("--json", action="store_true", dest="as_json")
        taken = kinds.add_parser("export", help="print a firm as a file")
        taken.add_argument("--firm", required=True, metavar="SLUG")
        taken.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *_args: Any, **given: Any) -> None:
        """Do one of the two."""
        if given["what"] == "apply":
            self._apply(given["file"], as_json=given["as_json"])
        else:
            self._export(given["firm"], as_json=given["as_json"])

    def _apply(self, file: str, *, as_json: bool) -> None:
        try:
            text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
            folder = None if file == "-" else Path(file).parent
            done = apply(read(text), now=timezone.now(), folder=folder)
        except Unreadable as error:
            self._refuse(error, as_json=as_json)
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file} cannot be read: {error}") from error
        if as_json:
            answer = {"firm": done.slug, "changed": done.changed, "warnings": done.warnings}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        for sentence in done.changed or ["nothing to change"]:
            self.stdout.write(f"{done.slug}: {sentence}")
        for sentence in done.warnings:
            self.stderr.write(f"{done.slug}: note: {sentence}")

    def _refuse(self, error: Unreadable, *, as_json: bool) -> None:
        """Say every trouble with its place; nothing was changed."""
        if as_json:
            rows = [{"place": trouble.place, "words": trouble.words} for trouble in error.troubles]
            self.stdout.write(json.dumps({"errors": rows}, ensure_ascii=False))
        raise CommandError(str(error)) from error

    def _export(self, slug: str, *, as_json: bool) -> None:
        firm = queries.firm_by_slug(slug)
        if firm is None:
            raise CommandError(f"There is no firm {slug}.")
        data = canonical(firm)
        self.stdout.write(json.dumps(data, ensure_ascii=False) if as_json else write(data), ending="")
