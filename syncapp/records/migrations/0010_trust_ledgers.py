"""Whose client money a line is, and the third layer of the wall: the database refuses the rest."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

WALL = """
create or replace function records_trust_wall() returns trigger language plpgsql as $$
declare entry_side text;
begin
  select side into entry_side from records_postedentry where id = new.entry_id;
  if (entry_side = 'trust') <> (new.role in ('trust_bank', 'trust_liability')) then
    raise exception 'a % entry cannot touch a % account', entry_side, new.role
      using errcode = 'check_violation';
  end if;
  {ledger}
  return new;
end $$;
"""
LEDGER = """
  if (new.role = 'trust_liability') <> (new.ledger <> '') then
    raise exception 'a line of a % account names % ledger', new.role,
      case when new.ledger = '' then 'no' else 'a' end using errcode = 'check_violation';
  end if;
"""


class Migration(migrations.Migration):
    """Add the ledger and let the wall ask for it."""

    dependencies: ClassVar = [("records", "0009_learn")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="postedline",
            name="ledger",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
        migrations.AddIndex(
            model_name="postedline",
            index=models.Index(
                condition=models.Q(("ledger", ""), _negated=True),
                fields=["firm", "ledger"],
                name="line_by_ledger",
            ),
        ),
        migrations.RunSQL(WALL.format(ledger=LEDGER), WALL.format(ledger="")),
    ]
