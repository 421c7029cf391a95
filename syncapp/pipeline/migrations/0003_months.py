"""Month ends, what was done to each, and their invoices compared line by line; all walled."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.walls import AppendOnly, CompositeKey, CompositeReference, Wall


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_auditors"),
        ("pipeline", "0002_trouble_and_pauses"),
        ("records", "0012_client_money"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MonthEnd",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("month", models.DateField()),
                ("state", models.CharField(default="open", max_length=10)),
                ("shut", models.BooleanField(default=False)),
                ("seed", models.CharField(blank=True, default="", max_length=64)),
                ("changed_at", models.DateTimeField()),
                (
                    "books",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.books"
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
                "ordering": ["-month", "books_id"],
            },
        ),
        migrations.CreateModel(
            name="MonthStep",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("act", models.CharField(max_length=10)),
                ("name", models.CharField(max_length=150)),
                ("text", models.CharField(blank=True, default="", max_length=2000)),
                ("separation", models.CharField(blank=True, default="", max_length=500)),
                ("digest", models.CharField(blank=True, default="", max_length=64)),
                ("figures", models.JSONField(null=True)),
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
                    "firm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.firm"
                    ),
                ),
                (
                    "month_end",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="pipeline.monthend",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="SampledInvoice",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("place", models.IntegerField()),
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
                (
                    "month_end",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sampled",
                        to="pipeline.monthend",
                    ),
                ),
            ],
            options={
                "ordering": ["place"],
            },
        ),
        migrations.CreateModel(
            name="SampleReading",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("equal", models.BooleanField()),
                ("rows", models.JSONField(default=list)),
                ("differences", models.JSONField(default=list)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
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
                (
                    "sampled",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="readings",
                        to="pipeline.sampledinvoice",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="SampleNote",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("words", models.CharField(blank=True, default="", max_length=1000)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
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
                (
                    "reading",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="pipeline.samplereading",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.AddConstraint(
            model_name="monthend",
            constraint=models.UniqueConstraint(
                fields=("firm", "books", "month"), name="one_month_end_per_month"
            ),
        ),
        migrations.AddConstraint(
            model_name="monthend",
            constraint=models.CheckConstraint(
                condition=models.Q(("month__day", 1)), name="month_end_names_a_month"
            ),
        ),
        migrations.AddConstraint(
            model_name="monthend",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "submitted", "locked", "changed"])),
                name="month_end_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="monthstep",
            constraint=models.CheckConstraint(
                condition=models.Q(("act__in", ["submitted", "returned", "locked", "moved", "reopened"])),
                name="month_step_act_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="monthstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("act__in", ["submitted", "locked", "moved"]), _negated=True),
                    models.Q(("digest__regex", "^[0-9a-f]{64}$"), ("figures__isnull", False)),
                    _connector="OR",
                ),
                name="month_step_keeps_its_figures",
            ),
        ),
        migrations.AddConstraint(
            model_name="monthstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("act__in", ["returned", "moved", "reopened"]), _negated=True),
                    ("text__gt", ""),
                    _connector="OR",
                ),
                name="month_step_keeps_its_words",
            ),
        ),
        migrations.AddConstraint(
            model_name="sampledinvoice",
            constraint=models.UniqueConstraint(
                fields=("firm", "month_end", "document"), name="one_draw_per_bill"
            ),
        ),
        migrations.AddConstraint(
            model_name="samplenote",
            constraint=models.UniqueConstraint(fields=("firm", "reading"), name="one_note_per_reading"),
        ),
        *[
            Wall(f"pipeline_{name}")
            for name in ("monthend", "monthstep", "sampledinvoice", "samplereading", "samplenote")
        ],
        CompositeKey("pipeline_monthend"),
        CompositeKey("pipeline_sampledinvoice"),
        CompositeKey("pipeline_samplereading"),
        CompositeReference("pipeline_monthend", "books_id", "accounts_books"),
        CompositeReference("pipeline_monthstep", "month_end_id", "pipeline_monthend"),
        CompositeReference("pipeline_sampledinvoice", "month_end_id", "pipeline_monthend"),
        CompositeReference("pipeline_sampledinvoice", "document_id", "records_document"),
        CompositeReference("pipeline_samplereading", "sampled_id", "pipeline_sampledinvoice"),
        CompositeReference("pipeline_samplenote", "reading_id", "pipeline_samplereading"),
        AppendOnly("pipeline_monthstep"),
        AppendOnly("pipeline_sampledinvoice"),
        AppendOnly("pipeline_samplereading"),
        AppendOnly("pipeline_samplenote"),
    ]
