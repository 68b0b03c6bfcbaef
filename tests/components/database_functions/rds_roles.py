"""Administration of roles as on RDS, on a plain PostgreSQL.

On RDS 16 and later, a member of rds_superuser manages every other role without ADMIN OPTION, gets no
membership in the roles that it creates, and what it grants is recorded as granted by rdsadmin
(gravitational/teleport pull request 48897; pg_dumpall of such clusters). A superuser of PostgreSQL
does all three, so here the statements about roles run as the superuser, and everything else, also
what is read about privileges, as the master user.
"""

import re
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from components.database_functions.credential import Credential
from components.database_functions.database import Database, Session
from tools.testing.databases import MASTER, DatabaseUnderTest

SUPERUSER = "rdsadmin"
_ABOUT_ROLES = re.compile(
    r"(?:CREATE|ALTER|DROP) ROLE |COMMENT ON ROLE |(?:GRANT|REVOKE) \S+ (?:TO|FROM) "
)


class RdsSession(Session):
    """A session of the master user whose statements about roles are those of RDS."""

    def run(self, sql: str, **parameters: object) -> list[Any]:
        if not _ABOUT_ROLES.match(sql):
            return super().run(sql, **parameters)
        super().run(f"SET ROLE {SUPERUSER}")
        found = super().run(sql.replace("CURRENT_USER", MASTER), **parameters)
        # If the statement is rejected, the rollback also resets the role.
        super().run("RESET ROLE")
        return found


def as_on_rds(session: Session) -> RdsSession:
    """Return the session with RDS's statements about roles."""
    connection = vars(session)
    return RdsSession(connection["_driver"], connection["_host"])


class RdsDatabase(Database):
    """Logs in to a database whose roles are administered as on RDS."""

    @contextmanager
    def session(self, credential: Credential) -> Generator[Session]:
        with super().session(credential) as session:
            yield as_on_rds(session) if credential.username == MASTER else session


def administer_roles_as_rds(database: DatabaseUnderTest) -> None:
    """Let the master user become the superuser for `RdsSession`, without its privileges otherwise."""
    with database.server.superuser() as connection:
        connection.execute(f"GRANT {SUPERUSER} TO {MASTER} WITH INHERIT FALSE, SET TRUE")
