"""The accounts below the liability of each trust pair."""

from __future__ import annotations

from typing import ClassVar

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the list; the next reading of the chart fills it."""

    dependencies: ClassVar = [("trust", "0010_arrivals")]
    operations: ClassVar = [
        migrations.AddField(
            "trustpair",
            "below",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40), default=list
            ),
        ),
    ]
