"""What a person settled elsewhere, with the reason and the evidence."""

from __future__ import annotations

from typing import Any, ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.walls import CompositeReference, Wall


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
        ("records", "0015_adoption"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Elsewhere",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("version", models.IntegerField()),
                ("reason", models.CharField(max_length=300)),
                ("name", models.CharField(blank=True, default="", max_length=200)),
                ("evidence", models.BinaryField(null=True)),
                ("digest", models.CharField(blank=True, default="", max_length=64)),
                ("at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("by", _person(null=False)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="elsewhere",
                        to="records.case",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="elsewhere",
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("firm", "document"),
                        name="settled_elsewhere_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason__gt", "")), name="settled_elsewhere_says_why"
                    ),
                ],
            },
        ),
        Wall("records_elsewhere"),
        CompositeReference("records_elsewhere", "case_id", "records_case"),
        CompositeReference("records_elsewhere", "document_id", "records_document"),
    ]
