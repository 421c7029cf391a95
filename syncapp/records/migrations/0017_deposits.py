"""Deposits that a person made here, and the payouts of a card processor."""

from __future__ import annotations

from typing import Any, ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.walls import CompositeKey, CompositeReference, Wall


def _to(model: str, *, null: bool = False, name: str = "+") -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        null=null, on_delete=django.db.models.deletion.PROTECT, related_name=name, to=model
    )


def _id() -> tuple[str, models.BigAutoField[Any, Any]]:
    return ("id", models.BigAutoField(primary_key=True, serialize=False))


class Migration(migrations.Migration):
    """Add three tables behind the wall."""

    dependencies: ClassVar = [
        ("accounts", "0003_auditors"),
        ("records", "0016_elsewhere"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Payout",
            fields=[
                _id(),
                ("key", models.CharField(max_length=80)),
                ("day", models.DateField()),
                ("gross", models.BigIntegerField()),
                ("fee", models.BigIntegerField()),
                ("net", models.BigIntegerField()),
                ("name", models.CharField(blank=True, default="", max_length=200)),
                ("at", models.DateTimeField()),
                ("books", _to("accounts.books")),
                ("by", _to(settings.AUTH_USER_MODEL)),
                ("firm", _to("accounts.firm")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("firm", "books", "key"), name="one_payout_per_key"),
                    models.CheckConstraint(
                        condition=models.Q(("net", models.F("gross") - models.F("fee"))),
                        name="payout_adds_up",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PayoutCharge",
            fields=[
                _id(),
                ("position", models.IntegerField()),
                ("day", models.DateField()),
                ("gross", models.BigIntegerField()),
                ("fee", models.BigIntegerField()),
                ("whole", models.BooleanField(default=False)),
                ("reference", models.CharField(blank=True, default="", max_length=120)),
                ("text", models.CharField(blank=True, default="", max_length=300)),
                ("chosen", models.CharField(blank=True, default="", max_length=60)),
                ("firm", _to("accounts.firm")),
                ("payout", _to("records.payout", name="charges")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("firm", "payout", "position"), name="payout_charges_run_on"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BankDeposit",
            fields=[
                _id(),
                ("day", models.DateField()),
                ("bank", models.CharField(max_length=40)),
                ("bank_name", models.CharField(max_length=200)),
                ("rows", models.JSONField(default=list)),
                ("fee", models.BigIntegerField(default=0)),
                ("trust_fee", models.BigIntegerField(default=0)),
                ("apart", models.BooleanField(default=False)),
                ("fee_account", models.CharField(blank=True, default="", max_length=40)),
                ("at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_words", models.CharField(blank=True, default="", max_length=300)),
                ("books", _to("accounts.books")),
                ("by", _to(settings.AUTH_USER_MODEL)),
                ("ended_by", _to(settings.AUTH_USER_MODEL, null=True)),
                ("firm", _to("accounts.firm")),
                ("payout", _to("records.payout", null=True, name="deposits")),
            ],
            options={
                "indexes": [models.Index(fields=["firm", "books", "-day", "-id"], name="deposit_by_day")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("firm", "payout"),
                        name="one_deposit_per_payout",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True), ("ended_words__gt", ""), _connector="OR"
                        ),
                        name="deposit_ends_with_words",
                    ),
                ],
            },
        ),
        *[Wall(f"records_{name}") for name in ("payout", "payoutcharge", "bankdeposit")],
        CompositeKey("records_payout"),
        CompositeReference("records_payout", "books_id", "accounts_books"),
        CompositeReference("records_payoutcharge", "payout_id", "records_payout"),
        CompositeReference("records_bankdeposit", "books_id", "accounts_books"),
        CompositeReference("records_bankdeposit", "payout_id", "records_payout"),
    ]
