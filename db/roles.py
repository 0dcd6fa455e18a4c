"""Whether this login's transactions can run as the application's role, and making it so.

The role belongs to the whole cluster, the tables to one database: an administrator may have made
the role, or let the login become it, long after the tables were there. So the migration's grants
are looked after whenever the store is prepared.
"""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from .models import APP_ROLE, app_privileges

# Being a member is not enough since Postgres 16, which grants the right to become one apart.
_MAY_BECOME_APP = text(f"""
SELECT bool_or(pg_has_role(current_user, oid,
         CASE WHEN current_setting('server_version_num')::int < 160000
              THEN 'MEMBER' ELSE 'SET' END))
FROM pg_roles WHERE rolname = '{APP_ROLE}'
""")
# Our tables' schema, and that of the vector type, which managed databases keep apart.
_SCHEMAS = """
SELECT current_schema() AS name UNION
SELECT nspname FROM pg_extension JOIN pg_namespace space ON space.oid = extnamespace
WHERE extname = 'vector'
"""
_WANTED = ", ".join(
    f"('{table}', '{privilege}')"
    for table, privileges in app_privileges()
    for privilege in privileges
)
_SUFFICES = text(f"""
SELECT (SELECT bool_and(has_table_privilege('{APP_ROLE}', name, privilege))
        FROM (VALUES {_WANTED}) AS wanted (name, privilege))
   AND (SELECT bool_and(has_schema_privilege('{APP_ROLE}', name, 'USAGE')) FROM ({_SCHEMAS}) s)
""")
_GRANTS = "; ".join(
    f"GRANT {', '.join(privileges)} ON {table} TO {APP_ROLE}"
    for table, privileges in app_privileges()
)
# What the login may not give away stays as it is: then the role does not suffice.
_GRANT = text(f"""
DO $$ DECLARE space text; BEGIN
{_GRANTS};
FOR space IN {_SCHEMAS} LOOP
  IF NOT has_schema_privilege('{APP_ROLE}', space, 'USAGE')
  THEN EXECUTE format('GRANT USAGE ON SCHEMA %I TO {APP_ROLE}', space); END IF;
END LOOP;
EXCEPTION WHEN insufficient_privilege THEN NULL; END $$
""")
_BOUND = text("SELECT row_security_active('learner')")


async def runs_as_app(connection: AsyncConnection) -> bool:
    """Whether this login may become the role, and the role may do all that use-cases need."""
    return bool(await connection.scalar(_MAY_BECOME_APP)) and bool(
        await connection.scalar(_SUFFICES)
    )


async def let_app_in(connection: AsyncConnection) -> bool:
    """As `runs_as_app`, after giving the role what it lacks and this login may grant."""
    if not await connection.scalar(_MAY_BECOME_APP):
        return False
    if not await connection.scalar(_SUFFICES):
        await connection.execute(_GRANT)
    return await runs_as_app(connection)


async def is_bound(connection: AsyncConnection) -> bool:
    """Whether row-level security binds this login itself, so that it sees no learner unnamed."""
    return bool(await connection.scalar(_BOUND))
