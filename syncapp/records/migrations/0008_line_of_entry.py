"""Each line's entry is added up by the entry itself: it tells lines apart, whatever is known of the firm.

For a firm that came after the last ANALYZE PostgreSQL expects a single row, and may look for an entry among
all lines of the firm; an index that begins with the entry, asked for nothing else, cannot be passed over.
"""

from django.db import migrations, models

BALANCE = """
create or replace function records_entry_balances() returns trigger language plpgsql as $$
declare total bigint;
begin
  select sum(minor) into total from records_postedline where entry_id = new.entry_id;
  if total <> 0 then
    raise exception 'entry % is out of balance by %', new.entry_id, total using errcode = 'check_violation';
  end if;
  return null;
end $$;
"""
BEFORE = BALANCE.replace("where entry_id", "where firm_id = new.firm_id and entry_id")


class Migration(migrations.Migration):
    dependencies = [("records", "0007_line_by_entry")]

    operations = [
        migrations.AddIndex(
            model_name="postedline",
            index=models.Index(fields=["entry", "firm"], name="line_of_entry"),
        ),
        migrations.RemoveIndex(model_name="postedline", name="line_by_entry"),
        migrations.RunSQL(BALANCE, BEFORE),
    ]
