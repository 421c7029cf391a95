"""Who has a case and until when, its history, what was carried into a month, and the views that people keep."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.walls import AppendOnly, CompositeReference, Wall


class Migration(migrations.Migration):
    """Add what a person does with a case; what stands gets its owner and its day by the next run."""

    dependencies: ClassVar = [
        ("accounts", "0003_auditors"),
        ("records", "0012_client_money"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="case",
            name="due_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="escalated_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="owner",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="rested_until",
            field=models.DateField(null=True),
        ),
        migrations.CreateModel(
            name="CaseCarry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("month", models.DateField()),
                ("title", models.TextField()),
                ("severity", models.CharField(max_length=12)),
                ("records", models.IntegerField()),
                ("amount", models.BigIntegerField()),
                ("opened_at", models.DateTimeField()),
                ("at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="carries", to="records.case"
                    ),
                ),
                (
                    "firm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.firm"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("firm", "month", "case"), name="carried_once_into_a_month"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseNote",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=10)),
                ("words", models.TextField()),
                ("at", models.DateTimeField()),
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
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notes", to="records.case"
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
                "indexes": [models.Index(fields=["firm", "case", "at"], name="note_of_case")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                (
                                    "comment",
                                    "opened",
                                    "reopened",
                                    "closed",
                                    "owned",
                                    "woke",
                                    "escalated",
                                    "carried",
                                ),
                            )
                        ),
                        name="case_note_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("by__isnull", False), ("kind", "comment")),
                            models.Q(models.Q(("kind", "comment"), _negated=True), ("by__isnull", True)),
                            _connector="OR",
                        ),
                        name="a_comment_is_somebodys",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseView",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
                ("query", models.CharField(max_length=500)),
                ("everywhere", models.BooleanField(default=False)),
                (
                    "firm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.firm"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("firm", "user", "everywhere", "name"), name="one_view_of_a_name"
                    )
                ],
            },
        ),
        Wall("records_casecarry"),
        Wall("records_casenote"),
        Wall("records_caseview"),
        CompositeReference("records_casecarry", "case_id", "records_case"),
        CompositeReference("records_casenote", "case_id", "records_case"),
        AppendOnly("records_casecarry"),
        AppendOnly("records_casenote"),
    ]
