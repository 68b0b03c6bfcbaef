"""A PostgreSQL server in its own folder."""

import hashlib
import shutil
import tempfile
from collections.abc import Generator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path

import psycopg

from emulator.postgresql import (
    accounts,
    configuration,
    history,
    iam_tokens,
    installation,
    template,
)
from emulator.postgresql.certificate_authority import ServerCertificateAuthority, write_private
from emulator.postgresql.errors import FolderError
from emulator.postgresql.folders import copy_folder
from emulator.postgresql.process import ServerProcess
from emulator.postgresql.programs import tool
from emulator.postgresql.server_user import ServerUser

_LONGEST_SOCKET = 107
"""Bytes of a Unix socket's path (unix(7), `sun_path`)."""


class PostgresServer:
    """One emulated cluster's database.

    Call `create` or `restore` once, then `start` and `stop` any number of times. As a context
    manager it stops at the end. It also stops when this process ends.

    Args:
        folder: Where everything of this server is kept; every user must be able to pass its
            access to its parents if this process runs as root.
        address: A loopback address that no other server has (`addresses.free_address`).
        port: The port that the cluster declares.
        authority: Issues the server's certificate.
        names: DNS names of the certificate besides the address.
        keeps_history: Whether other servers can recover its data as of any time since `create`.

    Attributes:
        log: The server's log.
    """

    log: Path

    def __init__(
        self,
        folder: Path,
        *,
        address: str,
        port: int,
        authority: ServerCertificateAuthority,
        names: tuple[str, ...] = (),
        keeps_history: bool = False,
    ) -> None:
        self._keeps_history = keeps_history
        self._base = folder / "base"
        self.log = folder / "server.log"
        self._folder, self._data = folder, folder / "data"
        self._address, self._port, self._names = address, port, names
        self._authority = authority
        self._user = ServerUser.of_this_process()
        self._installation = folder / "installation"
        program = installation.program(self._installation)
        self._process = ServerProcess(self._data, self.log, self._user, program)

    def __enter__(self) -> "PostgresServer":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def exists(self) -> bool:
        """Whether this folder contains a database."""
        return (self._data / "PG_VERSION").exists()

    @property
    def process_id(self) -> int | None:
        """Process id of the running server, or None."""
        return self._process.process_id()

    def create(
        self, parameters: Mapping[str, str], *, master: str, password: str, database: str
    ) -> None:
        """Create the database with its master user, and start the server.

        Args:
            parameters: See `start`.
            master: Name of the master user.
            password: The master user's password.
            database: The initial database, owned by the master user.

        Raises:
            PostgresqlError: the folder is in use, or the server rejects the parameters.
        """
        self._make_room()
        copied = template.create(self._data, self._user)
        if self._keeps_history:
            history.keep(self._data, copied, self._base)
        self.start(parameters)
        with self.superuser() as connection:
            accounts.create(connection, master, password, database)

    def start(self, parameters: Mapping[str, str]) -> None:
        """Start with these parameters and return when the server accepts connections.

        A running server is stopped first, including one that an earlier process left running.

        Args:
            parameters: Names and values in RDS's format.

        Raises:
            StartError: the server rejects them; the message quotes it.
        """
        self.stop()
        certificate, key = self._authority.issue(self._names, (self._address,))
        self._write({"server.crt": certificate, "server.key": key})
        self._configure(parameters)
        installation.install(self._installation)
        self._process.start()

    def reload(self, parameters: Mapping[str, str]) -> None:
        """Change the running server's parameters; static ones take effect with its next start.

        Args:
            parameters: All parameters, see `start`.

        Raises:
            PostgresqlError: the server is not running.
        """
        self._configure(parameters)
        self._user.run(tool("pg_ctl"), "reload", "--pgdata", str(self._data))

    def _configure(self, parameters: Mapping[str, str]) -> None:
        sockets = self._socket_folder()
        if self._keeps_history:
            parameters = {**parameters, **history.KEPT}
        texts = {
            "postgresql.conf": configuration.server_settings(
                parameters, address=self._address, port=self._port, socket_folder=sockets
            ),
            "pg_hba.conf": configuration.host_access(parameters),
            "pg_ident.conf": configuration.identities(self._user.name),
        }
        self._write({name: text.encode() for name, text in texts.items()})

    def _write(self, contents: Mapping[str, bytes]) -> None:
        for name, content in contents.items():
            write_private(self._data / name, content)
            self._user.own_file(self._data / name)

    def stop(self) -> None:
        """Stop immediately; uncommitted transactions are lost (PostgreSQL's fast mode)."""
        self._process.stop()

    def kill(self) -> None:
        """Kill the server, as a machine failure would."""
        self._process.kill()

    def set_password(self, role: str, password: str) -> None:
        """Change a password without the old one and without logging it, as ModifyDBCluster does."""
        with self.superuser() as connection:
            accounts.set_password(connection, role, password)

    def accept_token(self, token: str) -> None:
        """Let a token's user log in with it; see `iam_tokens`.

        Raises:
            TokenError: RDS would reject the token.
        """
        with self.superuser() as connection:
            iam_tokens.accept(connection, token, host=self._address, port=self._port)

    @contextmanager
    def accepting(self, token: str) -> Generator[None]:
        """Let a token's user log in with it until the context ends.

        Raises:
            TokenError: RDS would reject the token.
        """
        self.accept_token(token)
        try:
            yield
        finally:
            with self.superuser() as connection:
                iam_tokens.forget(connection, iam_tokens.parse(token).user)

    def superuser(self, database: str = "postgres") -> AbstractContextManager[psycopg.Connection]:
        """Log in as `rdsadmin` over the Unix socket; every statement commits by itself."""
        return accounts.superuser(self._socket_folder(), self._port, database)

    def snapshot(self, target: Path) -> None:
        """Copy the running server's data to a new folder, consistently (pg_basebackup).

        Like Aurora's snapshots it copies the storage, including roles and passwords.

        Raises:
            PostgresqlError: the copy failed.
        """
        target.mkdir(parents=True, mode=0o700)
        self._user.own(target)
        self._user.run(
            tool("pg_basebackup"),
            *("--pgdata", str(target), "--host", str(self._socket_folder())),
            *("--port", str(self._port), "--username", configuration.SUPERUSER),
            *("--checkpoint", "fast", "--wal-method", "fetch", "--no-sync"),
        )

    def restore(self, snapshot: Path) -> None:
        """Copy the data of a snapshot to this folder; call `start` afterwards.

        Raises:
            FolderError: this folder is in use, or the copy failed.
        """
        self._make_room()
        copy_folder(snapshot, self._data)
        self._user.own(self._data)

    def recover(
        self, source: "PostgresServer", until: datetime | None, parameters: Mapping[str, str]
    ) -> None:
        """Start with the data of another server, as of a time.

        Args:
            source: A running server that keeps its history.
            until: The time. Default: now.
            parameters: See `start`.

        Raises:
            PostgresqlError: the folder is in use, or the data cannot be recovered.
        """
        self._make_room()
        with source.superuser() as connection:
            # Recovery stops at the first commit after the time, so there must be one in the log. A
            # commit is only waited for if its transaction has written something.
            connection.execute("SET synchronous_commit = on")
            connection.execute("SELECT pg_logical_emit_message(true, 'emulator', '')")
        history.recover(source._base, source._data, self._data, until)
        self._user.own(self._data)
        self.start(parameters)
        history.finish(self._data)

    def remove(self) -> None:
        """Stop the server and delete its files."""
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)
        shutil.rmtree(self._socket_folder(), ignore_errors=True)

    def _make_room(self) -> None:
        if self.exists:
            message = f"{self._folder} already contains a database"
            raise FolderError(message)
        self._data.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._user.own(self._data)

    def _socket_folder(self) -> Path:
        """Return the socket's folder: next to the data, or elsewhere if that path is too long."""
        folder = self._folder / "socket"
        if len(f"{folder}/.s.PGSQL.{self._port}".encode()) > _LONGEST_SOCKET:
            digest = hashlib.sha256(str(self._data.resolve()).encode()).hexdigest()
            folder = Path(tempfile.gettempdir()) / f"postgresql-{digest[:16]}"
        if not folder.exists():
            folder.mkdir(mode=0o700, parents=True)
            self._user.own(folder)
        elif folder.owner() != self._user.name:
            message = f"{folder} belongs to {folder.owner()}, not to {self._user.name}"
            raise FolderError(message)
        return folder
