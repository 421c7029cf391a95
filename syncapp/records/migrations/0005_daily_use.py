import django.db.models.deletion
from django.db import migrations, models

from accounts.walls import CompositeReference, Wall


class Migration(migrations.Migration):
    """What vendors were asked for each day, behind the wall."""

    dependencies = [
        ("accounts", "0002_letter_choices"),
        ("records", "0004_webhooks"),
    ]

    operations = [
        migrations.CreateModel(
            name="DailyUse",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("provider", models.CharField(max_length=10)),
                ("day", models.DateField()),
                ("calls", models.BigIntegerField(default=0)),
                ("metered", models.BigIntegerField(default=0)),
                ("posted", models.BigIntegerField(default=0)),
                (
                    "books",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
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
                        fields=("firm", "provider", "books", "day"),
                        name="one_row_per_day",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        Wall("records_dailyuse"),
        CompositeReference("records_dailyuse", "books_id", "accounts_books"),
    ]
