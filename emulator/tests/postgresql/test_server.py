"""PostgreSQL servers: creation, crashes, snapshots, errors and cleanup."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from emulator.postgresql.addresses import free_address
from emulator.postgresql.certificate_authority import ServerCertificateAuthority
from emulator.postgresql.errors import FolderError, PostgresqlError, StartError
from emulator.postgresql.server import PostgresServer
from emulator.testing.databases import (
    DATABASE,
    MASTER,
    PORT,
    Login,
    RunningDatabase,
    open_folder,
    running_database,
)
from emulator.tests.paths import ROOT

pytestmark = pytest.mark.database


@pytest.fixture
def folder() -> Iterator[Path]:
    with open_folder() as path:
        yield path


@pytest.fixture
def own() -> Iterator[RunningDatabase[Login]]:
    """Yield a server that is not shared, for tests that break it."""
    with running_database({}) as running:
        yield running


def server_in(folder: Path) -> PostgresServer:
    return PostgresServer(
        folder / "server",
        address=free_address(str(folder), PORT),
        port=PORT,
        authority=ServerCertificateAuthority(folder / "authority"),
    )


def answer(database: RunningDatabase[Login], query: str, credential: Login) -> object:
    with psycopg.connect(
        host=database.address,
        user=credential.username,
        password=credential.password,
        dbname=DATABASE,
        sslmode="verify-full",
        sslrootcert=str(database.certificates),
    ) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def test_the_master_user_is_not_a_superuser_and_cannot_read_verifiers(
    database: RunningDatabase[Login],
) -> None:
    assert answer(database, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user",
                  database.master) is False  # fmt: skip
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        answer(database, "SELECT rolpassword FROM pg_authid", database.master)


def test_a_connection_without_tls_is_rejected(database: RunningDatabase[Login]) -> None:
    with pytest.raises(psycopg.OperationalError, match="no encryption"):
        psycopg.connect(
            host=database.address,
            user=MASTER,
            password=database.master_password,
            dbname=DATABASE,
            sslmode="disable",
        )


def test_a_folder_contains_one_database(own: RunningDatabase[Login]) -> None:
    with pytest.raises(FolderError, match=r" already contains a database$"):
        own.server.create({}, master="other", password="x", database="other")
    assert answer(own, "SELECT current_user", own.master) == MASTER


def test_committed_data_survives_a_crash(own: RunningDatabase[Login]) -> None:
    with own.server.superuser(DATABASE) as connection:
        connection.execute("CREATE TABLE committed AS SELECT 42 AS answer")
    own.server.kill()
    assert own.server.process_id is None
    own.server.start({})
    with own.server.superuser(DATABASE) as connection:
        assert connection.execute("SELECT answer FROM committed").fetchall() == [(42,)]
    assert "automatic recovery in progress" in own.server.log.read_text()


def test_a_snapshot_contains_data_and_passwords_of_its_time(
    own: RunningDatabase[Login], folder: Path
) -> None:
    own.server.snapshot(folder / "snapshot")
    own.server.set_password(MASTER, "changed-after-the-snapshot")
    with server_in(folder) as restored:
        restored.restore(folder / "snapshot")
        assert restored.exists
        restored.start({})
        with restored.superuser(DATABASE) as connection:
            (address,) = connection.execute("SHOW listen_addresses").fetchone() or ("",)
        certificates = folder / "authority/ca.pem"
        copy = RunningDatabase(restored, str(address), certificates, own.master_password, Login)
        assert answer(copy, "SELECT current_user", copy.master) == MASTER
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        answer(own, "SELECT 1", own.master)


def test_a_rejected_parameter_is_reported_with_postgresqls_message(
    own: RunningDatabase[Login],
) -> None:
    with pytest.raises(StartError, match=r'invalid value for parameter "work_mem": "many"'):
        own.server.start({"work_mem": "many"})
    assert own.server.process_id is None
    own.server.start({"work_mem": "8192"})
    assert answer(own, "SHOW work_mem", own.master) == "8MB"


def test_a_folder_that_the_servers_user_cannot_access_is_rejected(folder: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root runs the server as another user")
    folder.chmod(0o700)
    with pytest.raises(
        FolderError, match=rf"nobody, who runs it instead, has no access to {folder}: "
    ):
        server_in(folder).create({}, master="m", password="x", database="d")


def test_a_path_too_long_for_a_socket_is_replaced_by_a_short_one(folder: Path) -> None:
    deep = folder / ("x" * 60) / ("y" * 60)
    with server_in(deep) as server:
        server.create({}, master="m", password="x", database="d")
        with server.superuser() as connection:
            (directory,) = connection.execute("SHOW unix_socket_directories").fetchone() or ("",)
        server.remove()
    assert re.fullmatch(rf"{tempfile.gettempdir()}/postgresql-[0-9a-f]{{16}}", str(directory))
    assert not Path(str(directory)).exists()


_PARENT = """
import sys
from pathlib import Path
from emulator.tests.postgresql.test_server import server_in
server = server_in(Path(sys.argv[1]))
server.create({}, master="m", password="x", database="d")
print(server.process_id, flush=True)
sys.stdin.read()
"""


def test_a_server_does_not_outlive_the_process_that_started_it(folder: Path) -> None:
    with subprocess.Popen(
        (sys.executable, "-c", _PARENT, str(folder)),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdout is not None
        server = Path(f"/proc/{int(parent.stdout.readline())}")
        assert server.exists()
        parent.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 30
    while server.exists():
        assert time.monotonic() < deadline, "the server still runs"
        time.sleep(0.1)


def test_a_failed_program_is_reported_with_its_output(
    own: RunningDatabase[Login], folder: Path
) -> None:
    own.server.stop()
    with pytest.raises(
        PostgresqlError, match=r"(?s)^pg_basebackup failed: .*Is the server running "
    ):
        own.server.snapshot(folder / "snapshot")


def test_a_server_is_recovered_to_a_time_after_its_last_commit(folder: Path) -> None:
    """PostgreSQL rejects a time that its log does not reach, and writes short transactions late."""
    source = server_with_history(folder / "source")
    source.create(
        {"wal_writer_delay": "10000"}, master=MASTER, password="correct-horse", database=DATABASE
    )
    recovered = server_with_history(folder / "recovered")
    try:
        time.sleep(0.5)
        recovered.recover(source, datetime.now(UTC), {})
        with recovered.superuser() as connection:
            assert connection.execute("SELECT pg_is_in_recovery()").fetchone() == (False,)
    finally:
        recovered.remove()
        source.remove()


def server_with_history(folder: Path) -> PostgresServer:
    folder.mkdir(mode=0o755)
    return PostgresServer(
        folder / "server",
        address=free_address(str(folder), PORT),
        port=PORT,
        authority=ServerCertificateAuthority(folder / "authority"),
        keeps_history=True,
    )
