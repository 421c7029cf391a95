"""The PDFs of bills at their invoices in the books."""

from __future__ import annotations

from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models

from accounts.walls import CompositeReference, Wall


def _key(to: str, related_name: str = "+") -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name=related_name, to=to)


class Migration(migrations.Migration):
    """Add one table behind the wall."""

    dependencies: ClassVar = [("records", "0022_mergers")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="BillPaper",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("remote_id", models.CharField(max_length=40)),
                ("version", models.IntegerField()),
                ("print", models.CharField(max_length=64)),
                ("key", models.UUIDField()),
                ("state", models.CharField(default="ready", max_length=8)),
                ("attachment", models.CharField(blank=True, default="", max_length=40)),
                ("name", models.CharField(blank=True, default="", max_length=200)),
                ("size", models.BigIntegerField(default=0)),
                ("digest", models.CharField(blank=True, default="", max_length=64)),
                ("words", models.CharField(blank=True, default="", max_length=300)),
                ("tries", models.IntegerField(default=0)),
                ("made_at", models.DateTimeField()),
                ("next_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("attached_at", models.DateTimeField(null=True)),
                ("removed_at", models.DateTimeField(null=True)),
                ("books", _key("accounts.books")),
                ("document", _key("records.document", "papers")),
                ("firm", _key("accounts.firm")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["firm", "document", "remote_id"], name="paper_by_document"),
                    models.Index(
                        condition=models.Q(("state__in", ["ready", "leaving"])),
                        fields=["firm", "books", "next_at"],
                        name="paper_open",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "ready")),
                        fields=("firm", "books", "remote_id"),
                        name="one_paper_on_its_way",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "attached")),
                        fields=("firm", "books", "remote_id"),
                        name="one_paper_attached",
                    ),
                    models.UniqueConstraint(fields=("firm", "key"), name="one_paper_per_key"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                (
                                    "ready",
                                    "attached",
                                    "leaving",
                                    "replaced",
                                    "withheld",
                                    "failed",
                                    "dropped",
                                ),
                            )
                        ),
                        name="paper_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["attached", "leaving", "replaced"]), _negated=True),
                            ("attachment__gt", ""),
                            _connector="OR",
                        ),
                        name="attached_means_we_know_its_id",
                    ),
                ],
            },
        ),
        Wall("records_billpaper"),
        CompositeReference("records_billpaper", "books_id", "accounts_books"),
        CompositeReference("records_billpaper", "document_id", "records_document"),
    ]
