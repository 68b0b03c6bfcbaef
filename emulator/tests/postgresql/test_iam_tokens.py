"""IAM database authentication: logins with accepted tokens only."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from emulator.postgresql import iam_tokens
from emulator.postgresql.errors import TokenError
from emulator.testing.databases import PORT, Login, RunningDatabase, connected
from emulator.testing.requests import REGION, connect

pytestmark = pytest.mark.database

USER = "iam_user"
REJECTED = f'pg_hba.conf rejects connection for host "[0-9.]+", user "{USER}"'


@pytest.fixture
def iam_user(database: RunningDatabase[Login]) -> Iterator[RunningDatabase[Login]]:
    """Create a user with rds_iam and a password as the master user does."""
    with connected(database.master) as connection:
        connection.execute(f"CREATE USER {USER} PASSWORD 'of-its-own'".encode())
        connection.execute(f"GRANT rds_iam TO {USER}".encode())
    yield database
    with connected(database.master) as connection:
        connection.execute(f"DROP USER {USER}".encode())


def token_of(database: RunningDatabase[Login], user: str = USER, port: int = PORT) -> str:
    # Signed on this machine, without a call.
    rds = connect("rds", "http://127.0.0.1:1", REGION)
    return rds.generate_db_auth_token(DBHostname=database.address, Port=port, DBUsername=user)


def log_in(
    database: RunningDatabase[Login], password: str, *, sslmode: str = "require"
) -> tuple[str, ...] | None:
    with connected(database.login(USER, password), sslmode=sslmode) as connection:
        return connection.execute("SELECT session_user").fetchone()


def test_an_accepted_token_logs_in_over_tls(iam_user: RunningDatabase[Login]) -> None:
    token = token_of(iam_user)
    iam_user.server.accept_token(token)
    assert log_in(iam_user, token) == (USER,)
    with pytest.raises(psycopg.OperationalError, match=REJECTED):
        log_in(iam_user, token, sslmode="disable")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        log_in(iam_user, "of-its-own")


def test_a_member_of_rds_iam_cannot_log_in_with_its_password(
    iam_user: RunningDatabase[Login],
) -> None:
    for password in ("of-its-own", token_of(iam_user)):
        with pytest.raises(psycopg.OperationalError, match=REJECTED):
            log_in(iam_user, password)


def test_the_master_user_keeps_its_password_after_creating_a_member_of_rds_iam(
    iam_user: RunningDatabase[Login],
) -> None:
    with connected(iam_user.master) as connection:
        member = "SELECT pg_has_role('rds_iam', 'MEMBER'), pg_has_role('rds_iam', 'USAGE')"
        assert connection.execute(member).fetchone() == (True, False)


def test_an_expired_token_does_not_log_in(iam_user: RunningDatabase[Login]) -> None:
    token = token_of(iam_user)
    iam_user.server.accept_token(token)
    with iam_user.server.superuser() as connection:
        connection.execute(f"ALTER ROLE {USER} VALID UNTIL '2026-01-01'".encode())
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        log_in(iam_user, token)


def test_the_validity_of_a_token_is_that_of_its_signature(database: RunningDatabase[Login]) -> None:
    text = token_of(database)
    token = iam_tokens.parse(text)
    (signed,) = parse_qs(urlsplit(f"//{text}").query)["X-Amz-Date"]
    since = datetime.strptime(signed, "%Y%m%dT%H%M%S%z")
    assert (token.host, token.port, token.user) == (database.address, PORT, USER)
    assert token.expires == since + timedelta(minutes=15)


def test_tokens_that_rds_would_reject_are_not_accepted(iam_user: RunningDatabase[Login]) -> None:
    address, accept = iam_user.address, iam_user.server.accept_token
    with pytest.raises(TokenError) as other_port:
        accept(token_of(iam_user, port=5433))
    assert str(other_port.value) == (f"the token is for {address}:5433, not for {address}:{PORT}")
    with pytest.raises(TokenError) as other_user:
        accept(token_of(iam_user, user="nobody"))
    assert str(other_user.value) == "nobody is not a user that has been granted rds_iam"
    signed = f"{datetime.now(UTC) - timedelta(minutes=16):%Y%m%dT%H%M%SZ}"
    (now,) = parse_qs(urlsplit(f"//{token_of(iam_user)}").query)["X-Amz-Date"]
    with pytest.raises(TokenError, match=rf"^the token of {USER} expired at .* UTC$"):
        accept(token_of(iam_user).replace(f"X-Amz-Date={now}", f"X-Amz-Date={signed}"))


@pytest.mark.parametrize("text", ["of-its-own", "", "host:5432/?Action=connect&DBUser=u", "[::1"])
def test_a_text_that_is_not_a_token_is_rejected_without_quoting_it(text: str) -> None:
    with pytest.raises(TokenError) as caught:
        iam_tokens.parse(text)
    start, _, kind = str(caught.value).rpartition(": ")
    assert start == "this is not a token of `rds generate-db-auth-token`"
    assert kind in {"KeyError", "ValueError"}
