"""Changes of trust pairs, opening balances, approvals to post."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.walls import AppendOnly, CompositeKey, CompositeReference, Wall


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_letter_choices"),
        ("trust", "0004_matches"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Opening",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("day", models.DateField()),
                ("source", models.CharField(default="clio", max_length=10)),
                ("state", models.CharField(default="waiting", max_length=10)),
                ("total", models.BigIntegerField(default=0)),
                ("books_bank", models.BigIntegerField(null=True)),
                ("books_liability", models.BigIntegerField(null=True)),
                ("statement", models.BigIntegerField(null=True)),
                ("words", models.TextField(blank=True, default="")),
                ("prepared_at", models.DateTimeField()),
                ("compared_at", models.DateTimeField(null=True)),
                ("agreed_at", models.DateTimeField(null=True)),
                (
                    "firm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.firm"
                    ),
                ),
                (
                    "pair",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="trust.trustpair"
                    ),
                ),
                (
                    "prepared_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OpeningItem",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=10)),
                ("day", models.DateField()),
                ("amount", models.BigIntegerField()),
                ("number", models.CharField(blank=True, default="", max_length=40)),
                ("payee", models.CharField(blank=True, default="", max_length=200)),
                (
                    "firm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.firm"
                    ),
                ),
                (
                    "opening",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="items", to="trust.opening"
                    ),
                ),
            ],
            options={
                "ordering": ["day", "id"],
            },
        ),
        migrations.CreateModel(
            name="OpeningLine",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("ledger", models.CharField(max_length=40)),
                ("amount", models.BigIntegerField()),
                (
                    "firm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.firm"
                    ),
                ),
                (
                    "opening",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="trust.opening"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PairChange",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("terms", models.JSONField()),
                ("before", models.JSONField()),
                ("state", models.CharField(default="waiting", max_length=10)),
                ("reason", models.CharField(blank=True, default="", max_length=500)),
                ("proposed_text", models.CharField(max_length=200)),
                ("proposed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("note", models.CharField(blank=True, default="", max_length=500)),
                (
                    "decided_by",
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
                    "pair",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="trust.trustpair"
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-proposed_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="TrustApproval",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("subject", models.CharField(max_length=120)),
                ("print", models.CharField(max_length=64)),
                ("amount", models.BigIntegerField()),
                ("entry", models.JSONField(default=list)),
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
            ],
            options={
                "ordering": ["at", "id"],
            },
        ),
        migrations.AddConstraint(
            model_name="opening",
            constraint=models.UniqueConstraint(fields=("firm", "pair"), name="one_opening_per_pair"),
        ),
        migrations.AddConstraint(
            model_name="opening",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("waiting", "agreed"))), name="opening_state_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="opening",
            constraint=models.CheckConstraint(
                condition=models.Q(("source__in", ("clio", "file"))), name="opening_source_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="opening",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "waiting"),
                    models.Q(
                        ("agreed_at__isnull", False),
                        ("books_bank", models.F("total")),
                        ("books_liability", models.F("total")),
                    ),
                    _connector="OR",
                ),
                name="an_agreed_opening_ties",
            ),
        ),
        migrations.AddConstraint(
            model_name="openingitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount__lt", 0), ("kind", "check")),
                    models.Q(("amount__gt", 0), ("kind", "deposit")),
                    _connector="OR",
                ),
                name="opening_item_has_its_sign",
            ),
        ),
        migrations.AddConstraint(
            model_name="openingline",
            constraint=models.UniqueConstraint(
                fields=("firm", "opening", "ledger"), name="one_opening_line_per_ledger"
            ),
        ),
        migrations.AddConstraint(
            model_name="pairchange",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "waiting")),
                fields=("firm", "pair"),
                name="one_waiting_change_per_pair",
            ),
        ),
        migrations.AddConstraint(
            model_name="pairchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("waiting", "approved", "refused", "withdrawn"))),
                name="pair_change_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="pairchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "waiting"), ("decided_at__isnull", False), _connector="OR"),
                name="pair_change_was_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="trustapproval",
            constraint=models.UniqueConstraint(
                fields=("firm", "subject", "print", "by"), name="one_trust_approval_per_person"
            ),
        ),
        *[
            Wall(f"trust_{name}")
            for name in ("pairchange", "opening", "openingline", "openingitem", "trustapproval")
        ],
        CompositeKey("trust_opening"),
        CompositeReference("trust_pairchange", "pair_id", "trust_trustpair"),
        CompositeReference("trust_opening", "pair_id", "trust_trustpair"),
        CompositeReference("trust_openingline", "opening_id", "trust_opening"),
        CompositeReference("trust_openingitem", "opening_id", "trust_opening"),
        AppendOnly("trust_trustapproval"),
    ]
