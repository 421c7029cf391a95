"""Whether what is paid out of a trust account posts as journal entries or as checks."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the choice; every standing pair keeps journal entries."""

    dependencies: ClassVar = [("trust", "0016_keeping")]
    operations: ClassVar = [
        migrations.AddField(
            "trustpair", "disbursement_as", models.CharField(max_length=10, default="journal")
        ),
        migrations.AddConstraint(
            "trustpair",
            models.CheckConstraint(
                condition=models.Q(("disbursement_as__in", ["journal", "check"])),
                name="trust_pair_posts_as_is_known",
            ),
        ),
    ]
