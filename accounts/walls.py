"""Migration operations that build the wall: policies, composite keys, append-only tables; all reversible."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from django.db.migrations.operations.base import Operation

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import ProjectState

# Adding a foreign key makes PostgreSQL read both tables through their policies. For the owner, who alone
# migrates, an unnamed scope therefore reads every firm, or the new key would be checked against nothing.
FUNCTIONS = """
create function tieout_reads() returns bigint[] language plpgsql stable parallel safe as $$
declare named text := nullif(current_setting('tieout.reads', true), '');
begin
  if named is not null then
    return string_to_array(named, ',')::bigint[];
  end if;
  if exists (select 1 from pg_class where oid = 'accounts_firm'::regclass
             and pg_has_role(current_user, relowner, 'member')) then
    return coalesce((select array_agg(id) from accounts_firm), '{}');
  end if;
  raise exception 'rows of a firm were asked for outside a firm scope'
    using errcode = 'insufficient_privilege';
end $$;
create function tieout_write() returns bigint language plpgsql stable parallel safe as $$
begin
  return nullif(current_setting('tieout.write', true), '')::bigint;
end $$;
create function tieout_append_only() returns trigger language plpgsql as $$
begin
  raise exception '% on % is refused: its rows are only ever added', tg_op, tg_table_name
    using errcode = 'restrict_violation';
end $$;
"""

DROP_FUNCTIONS = (
    "drop function tieout_append_only(); drop function tieout_write(); drop function tieout_reads();"
)

# The functions stand in a subquery, so that PostgreSQL asks each once for a statement and not for every row.
WALL = """
alter table {table} enable row level security;
alter table {table} force row level security;
create policy r on {table} for select using (firm_id = any((select tieout_reads())::bigint[]));
create policy i on {table} for insert with check (firm_id = (select tieout_write()));
create policy u on {table} for update using (firm_id = (select tieout_write()))
  with check (firm_id = (select tieout_write()));
create policy d on {table} for delete using (firm_id = (select tieout_write()));
"""

ASKED = """
do $$ declare walled record; begin
  for walled in select schemaname, tablename from pg_policies where policyname = 'r'
                and schemaname = current_schema() and qual like '%tieout_reads()%' loop
    execute format('alter policy r on %1$I.%2$I using (firm_id = any({reads}))',
                   walled.schemaname, walled.tablename);
    execute format('alter policy i on %1$I.%2$I with check (firm_id = {write})',
                   walled.schemaname, walled.tablename);
    execute format('alter policy u on %1$I.%2$I using (firm_id = {write}) with check (firm_id = {write})',
                   walled.schemaname, walled.tablename);
    execute format('alter policy d on %1$I.%2$I using (firm_id = {write})',
                   walled.schemaname, walled.tablename);
  end loop;
end $$;
"""

DROP_WALL = """
drop policy d on {table}; drop policy u on {table}; drop policy i on {table}; drop policy r on {table};
alter table {table} no force row level security;
alter table {table} disable row level security;
"""

APPEND_ONLY = """
create trigger {name} before update or delete or truncate on {table}
  for each statement execute function tieout_append_only();
"""

REFERENCE = """
alter table {table} add constraint {name} foreign key (firm_id, {column})
  references {parent} (firm_id, id) deferrable initially deferred;
"""


def short_name(*parts: str) -> str:
    """Join parts to a name PostgreSQL keeps whole (63 bytes); a long one ends in a digest of itself."""
    name = "_".join(parts)
    return name if len(name) <= 60 else f"{name[:50]}_{sha256(name.encode()).hexdigest()[:8]}"  # noqa: PLR2004


class SQLOperation(Operation):
    """A named piece of SQL with its way back. Subclasses fill `forwards` and `backwards`."""

    reduces_to_sql = True
    reversible = True
    forwards: str
    backwards: str

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change nothing: Django's model state does not know these."""

    def database_forwards(
        self,
        app_label: str,  # noqa: ARG002
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,  # noqa: ARG002
        to_state: ProjectState,  # noqa: ARG002
    ) -> None:
        """Run the SQL."""
        schema_editor.execute(self.forwards, params=None)

    def database_backwards(
        self,
        app_label: str,  # noqa: ARG002
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,  # noqa: ARG002
        to_state: ProjectState,  # noqa: ARG002
    ) -> None:
        """Run the SQL's way back."""
        schema_editor.execute(self.backwards, params=None)


class ScopeFunctions(SQLOperation):
    """The functions that policies and triggers call; created once, by the first migration of accounts."""

    forwards = FUNCTIONS
    backwards = DROP_FUNCTIONS

    def describe(self) -> str:
        """Say what this does, for `sqlmigrate` and `migrate --plan`."""
        return "Create the functions behind the wall"


class Wall(SQLOperation):
    """Put `table` behind row-level security, forced, with one policy per command."""

    def __init__(self, table: str) -> None:
        self.table = table
        self.forwards = WALL.format(table=table)
        self.backwards = DROP_WALL.format(table=table)

    def describe(self) -> str:
        """Say what this does."""
        return f"Put {self.table} behind the wall"


class AskedOnce(SQLOperation):
    """Make the policies of every wall ask for the scope once for a statement; earlier ones asked per row."""

    forwards = ASKED.format(reads="(select tieout_reads())::bigint[]", write="(select tieout_write())")
    backwards = ASKED.format(reads="tieout_reads()", write="tieout_write()")

    def describe(self) -> str:
        """Say what this does."""
        return "Let the walls ask for the scope once for a statement"


class CompositeKey(SQLOperation):
    """Make (firm_id, id) of `parent` something that a composite reference can point at."""

    def __init__(self, parent: str) -> None:
        self.parent = parent
        name = short_name(parent, "firm_key")
        self.forwards = f"alter table {parent} add constraint {name} unique (firm_id, id)"
        self.backwards = f"alter table {parent} drop constraint {name}"

    def describe(self) -> str:
        """Say what this does."""
        return f"Key {self.parent} by firm and id"


class CompositeReference(SQLOperation):
    """Refuse a `column` of `child` that points at another firm's row: foreign-key checks ignore the wall."""

    def __init__(self, child: str, column: str, parent: str) -> None:
        self.child, self.column, self.parent = child, column, parent
        name = short_name(child, column, "same_firm")
        self.forwards = REFERENCE.format(table=child, name=name, column=column, parent=parent)
        self.backwards = f"alter table {child} drop constraint {name}"

    def describe(self) -> str:
        """Say what this does."""
        return f"Keep {self.child}.{self.column} within its firm"


class AppendOnly(SQLOperation):
    """Refuse UPDATE, DELETE and TRUNCATE on `table`, whoever asks."""

    def __init__(self, table: str) -> None:
        self.table = table
        name = short_name(table, "append_only")
        self.forwards = APPEND_ONLY.format(table=table, name=name)
        self.backwards = f"drop trigger {name} on {table}"

    def describe(self) -> str:
        """Say what this does."""
        return f"Make {self.table} append-only"
