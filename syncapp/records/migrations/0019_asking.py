"""Questions about cases that are answered by a link, and their answers in the history."""

from __future__ import annotations

from typing import Any, ClassVar

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

from accounts.walls import CompositeReference, Wall

NOTES = ("comment", "proposal", "opened", "reopened", "closed", "owned", "woke", "escalated", "carried")


def _person(*, null: bool) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        null=null,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
    )


class Migration(migrations.Migration):
    """Add one table behind the wall, and one kind of line."""

    dependencies: ClassVar = [
        ("accounts", "0003_auditors"),
        ("records", "0018_contacts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.RemoveConstraint(model_name="casenote", name="case_note_is_known"),
        migrations.AddConstraint(
            model_name="casenote",
            constraint=models.CheckConstraint(condition=Q(kind__in=NOTES), name="case_note_is_known"),
        ),
        migrations.CreateModel(
            name="CaseAsk",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120)),
                ("email", models.EmailField(max_length=254)),
                ("question", models.TextField()),
                ("choices", models.JSONField(default=list)),
                (
                    "token_hashes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=64), size=None
                    ),
                ),
                ("at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("reminded_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("label", models.CharField(blank=True, default="", max_length=200)),
                ("answer", models.CharField(blank=True, default="", max_length=60)),
                ("said", models.TextField(blank=True, default="")),
                ("by", _person(null=False)),
                ("ended_by", _person(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="asks",
                        to="records.case",
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
                    models.CheckConstraint(condition=Q(question__gt=""), name="case_ask_asks"),
                    models.CheckConstraint(
                        condition=Q(expires_at__gt=F("at")), name="case_ask_ends_after_it_began"
                    ),
                    models.CheckConstraint(
                        condition=Q(answered_at__isnull=True, label="", answer="", said="")
                        | (Q(answered_at__isnull=False) & (Q(label__gt="") | Q(said__gt=""))),
                        name="case_ask_answer_says_something",
                    ),
                ],
                "indexes": [models.Index(fields=["firm", "case"], name="ask_of_case")],
            },
        ),
        Wall("records_caseask"),
        CompositeReference("records_caseask", "case_id", "records_case"),
    ]
