"""The budget of each connection, vendors in trouble, and what people have paused; the last two walled."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.walls import CompositeReference, Wall


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_letter_choices"),
        ("pipeline", "0001_first"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CallWindow",
            fields=[
                ("grant_id", models.BigIntegerField(primary_key=True, serialize=False)),
                (
                    "calls",
                    django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), default=list),
                ),
                (
                    "marked",
                    django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), default=list),
                ),
                ("rest_until", models.FloatField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Pause",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("what", models.CharField(max_length=12)),
                ("client_id", models.BigIntegerField(null=True)),
                ("client_name", models.CharField(blank=True, default="", max_length=120)),
                ("reason", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("firm", "what", "client_id"),
                        name="one_pause_of_a_kind",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("what__in", ["all", "bills", "payments", "credits", "trust", "client"])
                        ),
                        name="what_is_paused_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Trouble",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("provider", models.CharField(max_length=8)),
                ("since", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("next_at", models.DateTimeField()),
                ("tries", models.IntegerField(default=1)),
                ("fix", models.CharField(default="wait", max_length=12)),
                ("silent", models.BooleanField(default=False)),
                ("words", models.CharField(max_length=400)),
                (
                    "books",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.books",
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
                        fields=("firm", "provider", "books"),
                        name="one_trouble_per_vendor",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        Wall("pipeline_pause"),
        Wall("pipeline_trouble"),
        CompositeReference("pipeline_trouble", "books_id", "accounts_books"),
    ]
