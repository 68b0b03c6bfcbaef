"""IAM database authentication without IAM.

RDS verifies the signature of a token and the permission rds-db:connect (by PAM). The local server
can do neither, so each token must be accepted before its login: it then becomes the user's
password until it expires. Not verified: the signature and the permission.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import psycopg
from psycopg import sql

from emulator.postgresql import accounts
from emulator.postgresql.configuration import RDS_IAM, TOKEN_USERS
from emulator.postgresql.errors import TokenError

_SIGNED_AT = "%Y%m%dT%H%M%SZ"
_IS_MEMBER = "SELECT pg_has_role(rolname, %s, 'MEMBER') FROM pg_roles WHERE rolname = %s"


@dataclass(frozen=True)
class Token:
    """The readable part of an authentication token.

    Attributes:
        host: Host name that the token is valid for.
        port: Port that the token is valid for.
        user: Database user that the token is valid for.
        expires: End of its validity.
    """

    host: str
    port: int
    user: str
    expires: datetime


def parse(text: str) -> Token:
    """Parse a token of `rds generate-db-auth-token`.

    Raises:
        TokenError: it is not such a token; the message does not quote it.
    """
    try:
        parts = urlsplit(f"https://{text}")
        query = parse_qs(parts.query)
        (action,), (user,) = query["Action"], query["DBUser"]
        (signed,), (seconds,) = query["X-Amz-Date"], query["X-Amz-Expires"]
        since = datetime.strptime(signed, _SIGNED_AT).replace(tzinfo=UTC)
        token = Token(
            parts.hostname or "", parts.port or 0, user, since + timedelta(seconds=int(seconds))
        )
    except (KeyError, ValueError) as failure:
        raise TokenError(_malformed(type(failure).__name__)) from None
    if action != "connect" or "X-Amz-Signature" not in query:
        raise TokenError(_malformed("no signed action connect"))
    return token


def accept(connection: psycopg.Connection, text: str, *, host: str, port: int) -> None:
    """Let a token's user log in with it over TLS until it expires.

    The token replaces the user's password, which RDS would keep but not accept.

    Args:
        connection: The superuser's connection.
        text: The token.
        host: The server's host name.
        port: The server's port.

    Raises:
        TokenError: RDS would reject the token, or it is malformed.
    """
    token = parse(text)
    if (token.host, token.port) != (host, port):
        message = f"the token is for {token.host}:{token.port}, not for {host}:{port}"
        raise TokenError(message)
    if token.expires <= datetime.now(UTC):
        message = f"the token of {token.user} expired at {token.expires:%Y-%m-%d %H:%M:%S} UTC"
        raise TokenError(message)
    if connection.execute(_IS_MEMBER, (RDS_IAM, token.user)).fetchone() != (True,):
        message = f"{token.user} is not a user that has been granted {RDS_IAM}"
        raise TokenError(message)
    user = sql.Identifier(token.user)
    accounts.set_password(connection, token.user, text)
    connection.execute(
        sql.SQL("ALTER ROLE {} VALID UNTIL {}").format(user, sql.Literal(token.expires.isoformat()))
    )
    connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(TOKEN_USERS), user))


def forget(connection: psycopg.Connection, user: str) -> None:
    """Let a user log in with no token that was accepted before, and leave nothing of `accept`.

    Args:
        connection: The superuser's connection.
        user: The database user.
    """
    name = sql.Identifier(user)
    connection.execute(sql.SQL("REVOKE {} FROM {}").format(sql.Identifier(TOKEN_USERS), name))
    connection.execute(sql.SQL("ALTER ROLE {} PASSWORD NULL VALID UNTIL 'infinity'").format(name))


def _malformed(why: str) -> str:
    return f"this is not a token of `rds generate-db-auth-token`: {why}"
