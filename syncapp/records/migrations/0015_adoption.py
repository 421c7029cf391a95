"""What stands in the books already, and is linked instead of posted."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.walls import CompositeReference, Wall


class Migration(migrations.Migration):
    """Proposals behind the wall."""

    dependencies: ClassVar = [
        ("accounts", "0003_auditors"),
        ("records", "0014_what_differs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Proposal",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("document_version", models.IntegerField(default=0)),
                ("subject", models.CharField(max_length=120)),
                ("resource", models.CharField(max_length=40)),
                ("source_id", models.BigIntegerField()),
                ("number", models.CharField(blank=True, default="", max_length=120)),
                ("name", models.CharField(blank=True, default="", max_length=500)),
                ("amount", models.BigIntegerField(default=0)),
                ("day", models.DateField(null=True)),
                ("object_kind", models.CharField(max_length=16)),
                ("remote_id", models.CharField(max_length=40)),
                ("remote_number", models.CharField(blank=True, default="", max_length=60)),
                ("confidence", models.CharField(max_length=10)),
                ("conflict", models.BooleanField(default=False)),
                ("reasons", models.JSONField(default=list)),
                ("state", models.CharField(default="open", max_length=10)),
                ("at", models.DateTimeField(null=True)),
                ("found_at", models.DateTimeField()),
                (
                    "books",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.books"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.document"
                    ),
                ),
                (
                    "firm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.firm"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["firm", "books", "state", "confidence"], name="proposal_by_state"),
                    models.Index(fields=["firm", "document"], name="proposal_by_document"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("firm", "books", "subject", "object_kind", "remote_id"),
                        name="one_proposal_per_pair",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "adopted")),
                        fields=("firm", "books", "object_kind", "remote_id"),
                        name="one_adoption_per_book_object",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "adopted", "refused", "undone"])),
                        name="proposal_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("confidence__in", ["certain", "likely", "doubtful"])),
                        name="proposal_confidence_is_known",
                    ),
                ],
            },
        ),
        Wall("records_proposal"),
        CompositeReference("records_proposal", "books_id", "accounts_books"),
        CompositeReference("records_proposal", "document_id", "records_document"),
    ]
