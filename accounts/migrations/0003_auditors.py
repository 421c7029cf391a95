"""An auditor may be held to named trust accounts and days."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_letter_choices"),
    ]

    operations = [
        migrations.AddField(
            model_name="invitation",
            name="accounts",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=200), blank=True, default=list
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="sees_from",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="invitation",
            name="sees_to",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="membership",
            name="accounts",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=200), blank=True, default=list
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="sees_from",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="membership",
            name="sees_to",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("accounts", []), ("sees_from", None), ("sees_to", None)),
                    models.Q(
                        models.Q(("accounts", []), _negated=True),
                        ("role", "auditor"),
                        ("sees_from__isnull", False),
                        ("sees_to__gte", models.F("sees_from")),
                        ("sees_to__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="invitation_offers_all_or_a_window",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("accounts", []), ("sees_from", None), ("sees_to", None)),
                    models.Q(
                        models.Q(("accounts", []), _negated=True),
                        ("role", "auditor"),
                        ("sees_from__isnull", False),
                        ("sees_to__gte", models.F("sees_from")),
                        ("sees_to__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="membership_sees_all_or_a_window",
            ),
        ),
    ]
