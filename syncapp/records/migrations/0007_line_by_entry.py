"""Each line's entry is added up by firm and entry: by the entry alone the wall may read all lines of a firm."""

import django.db.models.deletion
from django.db import migrations, models

BALANCE = """
create or replace function records_entry_balances() returns trigger language plpgsql as $$
declare total bigint;
begin
  select sum(minor) into total from records_postedline
   where firm_id = new.firm_id and entry_id = new.entry_id;
  if total <> 0 then
    raise exception 'entry % is out of balance by %', new.entry_id, total using errcode = 'check_violation';
  end if;
  return null;
end $$;
"""
BEFORE = BALANCE.replace("firm_id = new.firm_id and ", "")


class Migration(migrations.Migration):
    dependencies = [("records", "0006_page_indexes")]

    operations = [
        migrations.AddIndex(
            model_name="postedline",
            index=models.Index(fields=["firm", "entry"], name="line_by_entry"),
        ),
        migrations.AlterField(
            model_name="postedline",
            name="entry",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lines",
                to="records.postedentry",
            ),
        ),
        migrations.RunSQL(BALANCE, BEFORE),
    ]
