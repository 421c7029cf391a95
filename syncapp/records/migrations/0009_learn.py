"""The application may have its tables counted: plans rest on what they hold now, not on when they were empty."""

from django.db import migrations

# Only the owner may analyse a table; this lets the application ask for it, and for nothing else. A table
# that somebody else is analysing is left to him.
LEARN = """
create function tieout_learn() returns void language plpgsql security definer set search_path from current as $$
begin
  analyze (skip_locked) records_sourcehead, records_document, records_concern, records_posting, records_link,
    records_attempt, records_postedentry, records_postedline, records_bookrow, records_hold;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0008_line_of_entry")]

    operations = [migrations.RunSQL(LEARN, "drop function tieout_learn()")]
