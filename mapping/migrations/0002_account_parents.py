"""Which account an account of the books is below."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the parent; the next reading of the chart fills it."""

    dependencies: ClassVar = [("mapping", "0001_first")]
    operations: ClassVar = [
        migrations.AddField(
            "mirroraccount", "parent", models.CharField(blank=True, db_default="", default="", max_length=64)
        ),
    ]
