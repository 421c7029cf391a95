import django.db.models.deletion
from django.db import migrations, models

from accounts.walls import AppendOnly, CompositeReference, Wall


class Migration(migrations.Migration):
    dependencies = [
        ("trust", "0011_accounts_below"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="ledgerdip", name="one_row_per_seen_dip"),
        migrations.AddField("ledgerdip", "cause", models.CharField(max_length=300, blank=True, default="")),
        migrations.AddField("ledgerdip", "cure", models.CharField(max_length=120, blank=True, default="")),
        migrations.AddField("ledgerdip", "cured", models.CharField(max_length=300, blank=True, default="")),
        migrations.AddField("ledgerdip", "from_at", models.DateTimeField(null=True)),
        migrations.AddField("ledgerdip", "until_at", models.DateTimeField(null=True)),
        migrations.AddConstraint(
            model_name="ledgerdip",
            constraint=models.UniqueConstraint(
                fields=("firm", "pair", "ledger", "day", "subject", "at"), name="one_row_per_seen_dip"
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerdip",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until_at", None),
                    ("from_at", None),
                    ("until_at__gte", models.F("from_at")),
                    _connector="OR",
                ),
                name="a_dip_ends_after_it_was_taken_down",
            ),
        ),
        migrations.CreateModel(
            name="ReturnedDeposit",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("subject", models.CharField(max_length=120)),
                ("original", models.CharField(blank=True, default="", max_length=120)),
                ("at", models.DateTimeField()),
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
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(fields=["firm", "subject"], name="returned_by_subject"),
                    models.Index(fields=["firm", "original"], name="returned_by_original"),
                ],
            },
        ),
        Wall("trust_returneddeposit"),
        CompositeReference("trust_returneddeposit", "pair_id", "trust_trustpair"),
        AppendOnly("trust_returneddeposit"),
    ]
