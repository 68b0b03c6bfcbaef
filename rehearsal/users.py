"""The declared users of a rehearsed database: their logins, and what they may do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import boto3
import psycopg
from psycopg import errors, sql

from emulator.isolation import DUMMY_CREDENTIAL
from emulator.postgresql import PostgresServer
from rehearsal.database import LoginError, RehearsedDatabase

IAM = "iam"
TABLE = "rehearsed_visits"


@dataclass(frozen=True)
class UserAccess:
    """The access that a declared user had to its database.

    Attributes:
        user: The user.
        session_user: The role that logged in; with a password it may be the user's clone.
        authentication: `iam` or `password`.
        can_write: Whether it inserted a row into a table of the owner role.
        rows: Rows that it then read from the table.
    """

    user: str
    session_user: str
    authentication: str
    can_write: bool
    rows: int


class RehearsedUsers:
    """Logs in as the declared users.

    Args:
        outputs: The stack's outputs.
        server: The database's server, which must accept IAM tokens before their login.
        master: The database with the master secret.
        secrets: The database with the secret of each user that has one, by user.
        certificates: The CA certificate of the server, PEM.
    """

    def __init__(
        self,
        outputs: Mapping[str, Any],
        server: PostgresServer,
        master: RehearsedDatabase,
        secrets: Mapping[str, RehearsedDatabase],
        *,
        certificates: str,
    ) -> None:
        self._outputs, self._users = outputs, cast("Mapping[str, Any]", outputs["users"])
        self.server, self._master, self._secrets = server, master, secrets
        self._certificates = certificates

    def try_access(self) -> list[UserAccess]:
        """Create a table as each database's owner role, and write and read it as each user.

        The table is dropped again.

        Raises:
            LoginError: the database rejected a login.
        """
        return [self._try_user(name) for name in self._users]

    def _try_user(self, name: str) -> UserAccess:
        user = self._users[name]
        database = user["databases"][0]
        owner = sql.Identifier(f"{database}_owner")
        with self._master.connect(database) as master:
            master.execute(sql.SQL("SET ROLE {}").format(owner))
            master.execute(sql.SQL("CREATE TABLE {} (note text)").format(sql.Identifier(TABLE)))
            master.commit()
            try:
                return self._write_and_read(name, user["authentication"], database)
            finally:
                master.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(TABLE)))

    def _write_and_read(self, name: str, authentication: str, database: str) -> UserAccess:
        if authentication != IAM:
            with self._secrets[name].connect(database) as connection:
                return _access(connection, name, authentication)
        host, port = self._outputs["clusterEndpoint"], int(self._outputs["port"])
        token = self._token(host, port, name)
        with self.server.accepting(token):
            try:
                connection = psycopg.connect(
                    host=host,
                    port=port,
                    user=name,
                    password=token,
                    dbname=database,
                    sslmode="verify-full",
                    sslrootcert=self._certificates,
                    connect_timeout=5,
                )
            except psycopg.OperationalError as error:
                message = f"{name} cannot log in to {host} with a token: {error}"
                raise LoginError(message) from error
            with connection:
                return _access(connection, name, authentication)

    def _token(self, host: str, port: int, user: str) -> str:
        session = boto3.Session(DUMMY_CREDENTIAL, DUMMY_CREDENTIAL, region_name=self._master.region)
        client = cast("Any", session).client("rds")
        return client.generate_db_auth_token(DBHostname=host, Port=port, DBUsername=user)


def _access(connection: psycopg.Connection, user: str, authentication: str) -> UserAccess:
    table = sql.Identifier(TABLE)
    try:
        with connection.transaction():
            connection.execute(sql.SQL("INSERT INTO {} VALUES ('a visit')").format(table))
        can_write = True
    except errors.InsufficientPrivilege:
        can_write = False
    row = connection.execute(
        sql.SQL("SELECT session_user, (SELECT count(*) FROM {})").format(table)
    ).fetchone()
    if row is None:
        message = "the server answered a query without a row"
        raise RuntimeError(message)
    session_user, rows = row
    return UserAccess(user, session_user, authentication, can_write, rows)
