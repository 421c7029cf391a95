"""What a firm's rules answered by themselves, once for a record and a cause."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.walls import AppendOnly, CompositeReference, Wall


class Migration(migrations.Migration):
    """Add one table behind the wall, append-only."""

    dependencies: ClassVar = [
        ("accounts", "0003_auditors"),
        ("records", "0019_asking"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="AutoUse",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("cause", models.CharField(max_length=40)),
                ("rule", models.CharField(max_length=80)),
                ("says", models.CharField(max_length=300)),
                ("amount", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="auto_uses",
                        to="records.case",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="auto_uses",
                        to="records.document",
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("firm", "document", "cause"), name="a_rule_answers_a_record_once"
                    )
                ],
                "indexes": [models.Index(fields=["firm", "case"], name="auto_use_of_case")],
            },
        ),
        Wall("records_autouse"),
        CompositeReference("records_autouse", "case_id", "records_case"),
        CompositeReference("records_autouse", "document_id", "records_document"),
        AppendOnly("records_autouse"),
    ]
