"""Logins and statements of the rotation, against a driver that answers as PostgreSQL does."""

import socket
import ssl
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from pg8000 import native  # pyright: ignore[reportMissingTypeStubs]
from pg8000.exceptions import (  # pyright: ignore[reportMissingTypeStubs]
    DatabaseError,
    InterfaceError,
)

from components.database_functions.credential import Credential
from components.database_functions.database import Database, Driver, connect_over_tls
from components.database_functions.errors import (
    DatabaseUnreachableError,
    LoginRejectedError,
    PermissionDeniedError,
    StatementError,
)
from components.database_functions.rotation.settings import RotationSettings

HOST = "writer.example.com"
LOGIN = Credential(HOST, 5433, "trials", "platform", "secret-of-test", {})


class FakeDriver:
    """A connection whose every statement ends in one way.

    Args:
        failure: What a statement raises. Default: statements return one row.
    """

    def __init__(self, failure: Exception | None = None) -> None:
        self.closed = False
        self._failure = failure

    def run(self, sql: str, **parameters: object) -> list[Any] | None:
        if self._failure is not None:
            raise self._failure
        return [[1]]

    def close(self) -> None:
        self.closed = True


class FakeServer:
    """Opens connections and records their options.

    Args:
        outcomes: What each attempt raises or returns, in order; the last one repeats.
    """

    def __init__(self, *outcomes: Exception | Driver) -> None:
        self.attempts: list[dict[str, Any]] = []
        self._outcomes = outcomes

    def connect(self, **options: Any) -> Driver:
        self.attempts.append(options)
        outcome = self._outcomes[min(len(self.attempts), len(self._outcomes)) - 1]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


class Clock:
    """A clock on which only sleeping takes time."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.pauses: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(time, "sleep", clock.sleep)
    monkeypatch.setattr(time, "monotonic", lambda: clock.now)
    return clock


def database_of(server: FakeServer, *, connect: int = 10, statement: int = 7) -> Database:
    limits = {"CONNECT_LIMIT_SECONDS": str(connect), "STATEMENT_LIMIT_SECONDS": str(statement)}
    return Database(RotationSettings.from_environment(limits), connect=server.connect)


def of_server(code: str, message: str = "as PostgreSQL says") -> DatabaseError:
    return DatabaseError({"S": "FATAL", "C": code, "M": message})


def test_a_login_has_the_secrets_values_and_time_limits_on_the_server(clock: Clock) -> None:
    server = FakeServer(FakeDriver())
    assert database_of(server, connect=60, statement=7).can_log_in(LOGIN)
    (options,) = server.attempts
    context = options.pop("ssl_context")
    assert (context.check_hostname, context.verify_mode.name, context.minimum_version.name) == (
        *(True, "CERT_REQUIRED", "TLSv1_2"),
    )
    assert options == {
        "user": "platform",
        "password": "secret-of-test",
        "host": HOST,
        "port": 5433,
        "database": "trials",
        "application_name": "rotation",
        "timeout": 60.0,
        "startup_params": {
            "statement_timeout": "7s",
            "idle_in_transaction_session_timeout": "7s",
        },
    }


def test_the_certificates_are_read_once_for_all_logins(clock: Clock) -> None:
    server = FakeServer(FakeDriver())
    database = database_of(server)
    assert [database.can_log_in(LOGIN) for _ in range(2)] == [True, True]
    first, second = (options["ssl_context"] for options in server.attempts)
    assert first is second


def test_a_foreign_host_name_is_reported_without_names_if_the_server_is_gone(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    foreign = ssl.SSLCertVerificationError("certificate verify failed")
    foreign.verify_code, foreign.verify_message = 62, "Hostname mismatch"
    connections: list[tuple[object, object]] = []

    def refuse(address: object, timeout: object) -> None:
        connections.append((address, timeout))
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", refuse)
    with pytest.raises(DatabaseUnreachableError) as raised:
        database_of(FakeServer(foreign)).can_log_in(LOGIN)
    assert str(raised.value) == (
        f"TLS certificate verification of {HOST} failed: the certificate is valid for no names; "
        "store the endpoint of the cluster as `host` in the secret"
    )
    assert connections == [((HOST, 5433), 5)]


@pytest.mark.parametrize(
    ("connect", "statement", "timeout"), [(60, 20, 60.0), (25, 20, 25.0), (24, 20, 25), (1, 20, 25)]
)
def test_the_driver_waits_five_seconds_longer_than_the_servers_statement_timeout(
    clock: Clock, connect: int, statement: int, timeout: float
) -> None:
    server = FakeServer(FakeDriver())
    assert database_of(server, connect=connect, statement=statement).can_log_in(LOGIN)
    assert server.attempts[0]["timeout"] == timeout


@pytest.mark.parametrize(
    "failure",
    [
        pytest.param(of_server("57P03"), id="the server starts or stops"),
        pytest.param(of_server("53300"), id="no free connection"),
        pytest.param(ConnectionRefusedError("refused"), id="connection refused"),
        pytest.param(InterfaceError("network error"), id="connection lost"),
    ],
)
def test_a_login_is_repeated_each_second_until_the_server_accepts_it(
    clock: Clock, failure: Exception
) -> None:
    server = FakeServer(failure, failure, FakeDriver())
    assert database_of(server, connect=10, statement=1).can_log_in(LOGIN)
    assert clock.pauses == [1.0, 1.0]
    assert [each["timeout"] for each in server.attempts] == [10.0, 9.0, 8.0]


def test_a_login_is_repeated_until_one_second_before_the_limit(clock: Clock) -> None:
    server = FakeServer(of_server("57P03", "the database system is starting up"))
    with pytest.raises(DatabaseUnreachableError) as raised:
        database_of(server, connect=3).can_log_in(LOGIN)
    assert str(raised.value) == (
        f"{HOST}:5433 did not accept a connection within 3 s: "
        "the database system is starting up (SQLSTATE 57P03)"
    )
    assert (len(server.attempts), clock.pauses) == (3, [1.0, 1.0])


@pytest.mark.parametrize("code", ["28P01", "28000"])
def test_a_rejected_login_is_not_repeated(clock: Clock, code: str) -> None:
    server = FakeServer(of_server(code))
    database = database_of(server)
    assert database.can_log_in(LOGIN) is False
    with (
        pytest.raises(LoginRejectedError, match=rf"^as PostgreSQL says \(SQLSTATE {code}\)$"),
        database.session(LOGIN),
    ):
        pass
    assert (len(server.attempts), clock.pauses) == (2, [])


@pytest.mark.parametrize("code", ["3D000", "53200", "57P01", "57P02"])
def test_any_other_error_of_a_login_is_reported_at_once(clock: Clock, code: str) -> None:
    server = FakeServer(of_server(code))
    with pytest.raises(
        DatabaseUnreachableError, match=rf"^as PostgreSQL says \(SQLSTATE {code}\)$"
    ):
        database_of(server).can_log_in(LOGIN)
    assert (len(server.attempts), clock.pauses) == (1, [])


@pytest.mark.parametrize(
    ("code", "explanation"),
    [
        (
            "25006",
            f"{HOST}:5433 is not the writer; store the writer endpoint of the cluster in the secret: ",
        ),
        ("42501", "the user lacks a privilege: "),
        (
            "57014",
            "the statement timed out; a lock on the role may be held by another session: ",
        ),
        ("53100", "the server lacks resources: "),
        ("08006", "the connection failed: "),
        ("42601", ""),
    ],
)
def test_a_rejected_statement_is_explained(clock: Clock, code: str, explanation: str) -> None:
    driver = FakeDriver(of_server(code))
    with (
        pytest.raises(StatementError) as raised,
        database_of(FakeServer(driver)).session(LOGIN) as session,
    ):
        session.run("ALTER ROLE platform PASSWORD 'verifier'")
    assert str(raised.value) == f"{explanation}as PostgreSQL says (SQLSTATE {code})"
    assert type(raised.value) is (PermissionDeniedError if code == "42501" else StatementError)
    assert driver.closed


@pytest.mark.parametrize("arguments", [(), ("a text",)])
def test_an_error_without_fields_is_reported_without_them(
    clock: Clock, arguments: tuple[str, ...]
) -> None:
    with pytest.raises(DatabaseUnreachableError, match=r"^no message \(SQLSTATE unknown\)$"):
        database_of(FakeServer(DatabaseError(*arguments))).can_log_in(LOGIN)


@pytest.mark.parametrize("failure", [InterfaceError("secret-of-test"), TimeoutError("t")])
def test_a_lost_connection_is_reported_by_its_type_only(clock: Clock, failure: Exception) -> None:
    driver = FakeDriver(failure)
    with pytest.raises(DatabaseUnreachableError) as raised:
        database_of(FakeServer(driver)).can_log_in(LOGIN)
    assert str(raised.value) == f"the connection was lost: {type(failure).__name__}"
    assert driver.closed


def test_statements_of_a_transaction_are_committed_unless_one_fails(clock: Clock) -> None:
    statements: list[str] = []

    class Recorder(FakeDriver):
        def run(self, sql: str, **parameters: object) -> list[Any] | None:
            statements.append(sql)
            return None

    database = database_of(FakeServer(Recorder()))

    def failing(action: Callable[[], object]) -> None:
        with database.session(LOGIN) as session, session.transaction():
            assert session.run("SELECT 2") == []
            action()

    failing(lambda: None)
    with pytest.raises(RuntimeError, match=r"^stop$"):
        failing(_stop)
    assert statements == ["BEGIN", "SELECT 2", "COMMIT", "BEGIN", "SELECT 2"]


def _stop() -> None:
    message = "stop"
    raise RuntimeError(message)


def test_a_failed_login_closes_its_connection() -> None:
    received: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def refuse_tls() -> None:
            channel, _ = listener.accept()
            with channel:
                channel.settimeout(5)
                received.append(channel.recv(8))
                channel.sendall(b"N")
                received.append(channel.recv(1))

        server = threading.Thread(target=refuse_tls)
        server.start()
        with pytest.raises(InterfaceError) as raised:
            connect_over_tls(
                host="127.0.0.1",
                port=listener.getsockname()[1],
                timeout=5,
                user="platform",
                password="secret-of-test",
                ssl_context=ssl.create_default_context(),
            )
        server.join()
    # SSLRequest, and the end of the connection while the error is still held.
    assert received == [bytes.fromhex("0000000804d2162f"), b""]
    assert "SSL" in str(raised.value)


def test_messages_are_sent_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """With Nagle's algorithm and delayed ACKs, each login would take 40 ms longer."""
    options: list[tuple[int, int, int]] = []

    class Channel:
        def setsockopt(self, level: int, option: int, value: int) -> None:
            options.append((level, option, value))

    channel = Channel()

    def create_connection(address: tuple[str, int], timeout: float) -> Channel:
        assert (address, timeout) == ((HOST, 5432), 7.0)
        return channel

    def driver(*, host: str, port: int, sock: Channel) -> Channel:
        assert (host, port) == (HOST, 5432)
        return sock

    monkeypatch.setattr(socket, "create_connection", create_connection)
    monkeypatch.setattr(native, "Connection", driver)
    connected: object = connect_over_tls(host=HOST, port=5432, timeout=7.0)
    assert connected is channel
    assert options == [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)]
