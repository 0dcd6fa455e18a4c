"""Row-level security: the second lock under the repositories' own `learner_id` filters.

Every transaction of the application runs as `maang_app`, a role without login, after naming its
learner in the setting `maang.learner_id`. A query that forgot its filter then sees nothing of
anybody else, and a transaction that named no learner sees no private row at all.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Table

from .schema import metadata

APP_ROLE = "maang_app"
LEARNER_SETTING = "maang.learner_id"
_THIS_LEARNER = f"nullif(current_setting('{LEARNER_SETTING}', true), '')::uuid"


def private_tables() -> Iterator[tuple[Table, str]]:
    """Every table that holds something of one learner, with the column that says whose."""
    for table in metadata.sorted_tables:
        if table.name == "learner":
            yield table, "id"
        elif "learner_id" in table.c:
            yield table, "learner_id"


def app_privileges() -> Iterator[tuple[str, tuple[str, ...]]]:
    """What the role may do with each table: everything to one learner's rows, next to nothing to
    what is shared."""
    private = {table.name for table, _ in private_tables()}
    for table in metadata.sorted_tables:
        if table.name in private:
            yield table.name, ("SELECT", "INSERT", "UPDATE", "DELETE")
        elif table.name == "embedder":
            yield table.name, ("SELECT", "INSERT")
        else:
            yield table.name, ("SELECT",)


def enable_statements(table: str, column: str) -> list[str]:
    """The DDL that puts one table under lock."""
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY own_rows ON {table} USING ({column} = {_THIS_LEARNER}) "
        f"WITH CHECK ({column} = {_THIS_LEARNER})",
    ]
