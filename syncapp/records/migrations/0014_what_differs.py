"""How a record differs: missing, extra, different, duplicated, or changed after posting."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the word; what was compared before differs, and no more is known of it."""

    dependencies: ClassVar = [("records", "0013_cases")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="difference",
            name="what",
            field=models.CharField(max_length=12, default="different", db_default="different"),
        )
    ]
