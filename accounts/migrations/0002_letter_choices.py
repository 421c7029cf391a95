"""A person's own choice, per firm, of when letters about new exceptions come."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.walls import Wall


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_first")]

    operations = [
        migrations.CreateModel(
            name="LetterChoice",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("letters", models.CharField(max_length=10)),
                ("told_at", models.DateTimeField()),
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
                    models.UniqueConstraint(fields=("firm", "user"), name="one_letter_choice_per_person"),
                    models.CheckConstraint(
                        condition=models.Q(("letters__in", ["at_once", "daily", "never"])),
                        name="letter_choice_is_known",
                    ),
                ],
            },
        ),
        Wall("accounts_letterchoice"),
    ]
