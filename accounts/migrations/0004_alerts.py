"""What people are told of by urgency, and channels of a chat beside the mail."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.walls import Wall

LEASTS = ["trust", "needs_person", "waiting"]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_auditors")]

    operations = [
        migrations.AddField(
            model_name="letterchoice",
            name="least",
            field=models.CharField(default="waiting", db_default="waiting", max_length=12),
        ),
        migrations.AddConstraint(
            model_name="letterchoice",
            constraint=models.CheckConstraint(
                condition=models.Q(("least__in", LEASTS)), name="letter_choice_least_is_known"
            ),
        ),
        migrations.CreateModel(
            name="AlertChannel",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=10)),
                ("name", models.CharField(max_length=80)),
                ("url_sealed", models.BinaryField(default=b"")),
                ("least", models.CharField(default="waiting", max_length=12)),
                ("daily", models.BooleanField(default=False)),
                ("told_at", models.DateTimeField()),
                ("trouble", models.CharField(blank=True, default="", max_length=300)),
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
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["slack", "teams"])), name="alert_channel_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("least__in", LEASTS)), name="alert_channel_least_is_known"
                    ),
                    models.UniqueConstraint(fields=("firm", "name"), name="one_alert_channel_of_a_name"),
                ],
            },
        ),
        Wall("accounts_alertchannel"),
    ]
