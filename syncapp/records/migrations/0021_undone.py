"""What a person took back out of the books, with the reason."""

from __future__ import annotations

from typing import Any, ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.walls import CompositeKey, CompositeReference, Wall


def _person(*, null: bool) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        null=null,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
    )


class Migration(migrations.Migration):
    """Add one table behind the wall."""

    dependencies: ClassVar = [
        ("accounts", "0003_auditors"),
        ("records", "0020_auto_uses"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Undone",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("version", models.IntegerField()),
                ("batch", models.UUIDField()),
                ("reason", models.CharField(max_length=300)),
                ("again", models.BooleanField(default=False)),
                ("at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("by", _person(null=False)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="undone",
                        to="records.document",
                    ),
                ),
                ("ended_by", _person(null=True)),
                (
                    "firm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.firm"
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="undone",
                        to="records.run",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("firm", "document"),
                        name="undone_once",
                    ),
                    models.CheckConstraint(condition=models.Q(("reason__gt", "")), name="undone_says_why"),
                ],
            },
        ),
        Wall("records_undone"),
        CompositeReference("records_undone", "document_id", "records_document"),
        CompositeKey("records_run"),
        CompositeReference("records_undone", "run_id", "records_run"),
    ]
