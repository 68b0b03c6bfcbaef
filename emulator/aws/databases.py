"""PostgreSQL 17 behind the endpoints of emulated clusters.

One server per cluster, on a loopback address of its own, so that it listens on the port that the
cluster declares. Writer and reader endpoint are that one server: nothing here replicates.
"""

import os
from collections.abc import Collection, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from emulator.postgresql.addresses import free_address
from emulator.postgresql.certificate_authority import ServerCertificateAuthority
from emulator.postgresql.errors import StartError
from emulator.postgresql.folders import copy_folder
from emulator.postgresql.server import PostgresServer

CA_VARIABLE = "EMULATOR_DATABASE_CA"
"""Environment variable: the file with the databases' CA certificate."""

CA_BUNDLE_VARIABLE = "EMULATOR_FUNCTION_CA_BUNDLE"
"""Environment variable: the path, inside a Lambda function's archive, of the CA bundle with which
the function verifies databases. An emulated invocation finds the emulated databases' CA there."""


@dataclass(frozen=True)
class NewDatabase:
    """The initial content of a database.

    Attributes:
        master: Name of the master user.
        password: The master user's password.
        name: The initial database, owned by the master user.
    """

    master: str
    password: str = field(repr=False)
    name: str


@dataclass(frozen=True)
class PointInTime:
    """The data of another cluster as of a time.

    Attributes:
        source: DB cluster identifier.
        until: The time; None for the latest.
    """

    source: str
    until: datetime | None


@dataclass(frozen=True)
class NewPassword:
    """A password of the master user that replaces the restored one.

    Attributes:
        master: Name of the master user.
        password: The password.
    """

    master: str
    password: str = field(repr=False)


Origin = NewDatabase | PointInTime | str
"""A new database, another cluster's, or the name of the snapshot to restore."""


@dataclass(frozen=True)
class _Cluster:
    address: str
    port: int
    origin: Origin
    new_password: NewPassword | None = None


@dataclass(frozen=True)
class _Parameters:
    """The values that a running server uses, and those that its parameter group has now."""

    applied: Mapping[str, str]
    wanted: Mapping[str, str]


@dataclass(frozen=True)
class Sessions:
    """Sessions of clients.

    Attributes:
        all: Their number.
        active: How many of them run a statement.
    """

    all: int
    active: int


class ClusterDatabases:
    """The servers of one emulated AWS.

    Args:
        folder: The folder of data, snapshots and the certificate authority.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._authority = ServerCertificateAuthority(folder)
        self._servers: dict[str, PostgresServer] = {}
        self._clusters: dict[str, _Cluster] = {}
        self._parameters: dict[str, _Parameters] = {}
        self._suspended: set[str] = set()
        os.environ[CA_VARIABLE] = str(self._authority.certificate)

    def register(self, cluster: str, port: int, origin: Origin) -> None:
        """Reserve a new cluster's address; nothing listens there yet.

        Args:
            cluster: DB cluster identifier.
            port: The cluster's port.
            origin: See `Origin`.
        """
        address = free_address(f"{self._folder}/{cluster}", port)
        self._clusters[cluster] = _Cluster(address, port, origin)

    def address(self, cluster: str) -> str | None:
        """Return the address of a cluster; None if it was never registered."""
        known = self._clusters.get(cluster)
        return known.address if known else None

    def is_running(self, cluster: str) -> bool:
        """Return whether the cluster's server accepts connections."""
        return self.has_data(cluster) and cluster not in self._suspended

    def has_data(self, cluster: str) -> bool:
        """Return whether the cluster's server has been started at least once."""
        return cluster in self._servers

    def log(self, cluster: str) -> Path | None:
        """Return the log of a running server; None if it does not run."""
        log = self._servers[cluster].log if self.is_running(cluster) else None
        return log if log is not None and log.exists() else None

    def sessions(self, cluster: str) -> Sessions:
        """Count the sessions of a running server's clients, without those of this process."""
        with self._servers[cluster].superuser() as connection:
            row = connection.execute(
                "SELECT count(*), count(*) FILTER (WHERE state = 'active') FROM pg_stat_activity "
                "WHERE backend_type = 'client backend' AND client_addr IS NOT NULL"
            ).fetchone()
        return Sessions(*(row or (0, 0)))

    def start(self, cluster: str, parameters: Mapping[str, str]) -> None:
        """Start the server of a cluster that was registered, unless it runs.

        Raises:
            PostgresqlError: the server rejects the parameters; it is removed again.
        """
        known = self._clusters.get(cluster)
        if known is None or self.is_running(cluster):
            return
        if cluster in self._suspended:
            self._servers[cluster].start(parameters)
            self._suspended.remove(cluster)
            self._parameters[cluster] = _Parameters(parameters, parameters)
            return
        server = PostgresServer(
            self._folder / "clusters" / cluster,
            address=known.address,
            port=known.port,
            authority=self._authority,
            keeps_history=isinstance(known.origin, NewDatabase),
        )
        try:
            match known.origin:
                case NewDatabase(master, password, name):
                    server.create(parameters, master=master, password=password, database=name)
                case PointInTime(source, until):
                    with self._awake(source) as running:
                        server.recover(running, until, parameters)
                case str(snapshot):
                    server.restore(self._snapshot(snapshot))
                    server.start(parameters)
            if known.new_password is not None:
                server.set_password(known.new_password.master, known.new_password.password)
        except Exception:
            server.remove()
            raise
        self._servers[cluster] = server
        self._parameters[cluster] = _Parameters(parameters, parameters)

    def suspend(self, cluster: str) -> None:
        """Stop a cluster's server and keep its data; `start` starts it again."""
        if self.is_running(cluster):
            self._servers[cluster].stop()
            self._suspended.add(cluster)

    @contextmanager
    def _awake(self, cluster: str) -> Generator[PostgresServer]:
        """Return a cluster's server, which runs at least until the context ends."""
        if not self.has_data(cluster):
            message = f"cluster {cluster} has no database yet"
            raise StartError(message)
        server = self._servers[cluster]
        if cluster in self._suspended:
            server.start(self._parameters[cluster].applied)
        try:
            yield server
        finally:
            if cluster in self._suspended:
                server.stop()

    def change(self, cluster: str, wanted: Mapping[str, str], at_once: Collection[str]) -> None:
        """Apply a changed parameter group to a running server.

        Args:
            cluster: DB cluster identifier.
            wanted: All values of the parameter group.
            at_once: Parameters that take effect now; the others wait for `restart`.
        """
        if not self.is_running(cluster):
            return
        applied = self._parameters[cluster].applied
        changed = {name: value for name, value in applied.items() if name not in at_once}
        changed |= {name: value for name, value in wanted.items() if name in at_once}
        self._servers[cluster].reload(changed)
        self._parameters[cluster] = _Parameters(changed, wanted)

    def is_pending_reboot(self, cluster: str) -> bool:
        """Return whether a running server still lacks values of its parameter group."""
        known = self._parameters.get(cluster)
        return known is not None and known.applied != known.wanted

    def restart(self, cluster: str, parameters: Mapping[str, str]) -> None:
        """Restart a running server with its parameter group's values.

        Raises:
            StartError: the server rejects them; it is running with the previous ones.
        """
        if not self.is_running(cluster):
            return
        try:
            self._servers[cluster].start(parameters)
        except StartError:
            self._servers[cluster].start(self._parameters[cluster].applied)
            raise
        self._parameters[cluster] = _Parameters(parameters, parameters)

    def set_password(self, cluster: str, master: str, password: str) -> None:
        """Change the master password as ModifyDBCluster does, before or after the first start."""
        known = self._clusters.get(cluster)
        if self.has_data(cluster):
            with self._awake(cluster) as server:
                server.set_password(master, password)
        elif known is not None:
            self._clusters[cluster] = replace(known, new_password=NewPassword(master, password))

    def snapshot(self, cluster: str, name: str) -> None:
        """Copy a cluster's data (pg_basebackup)."""
        with self._awake(cluster) as server:
            server.snapshot(self._snapshot(name))

    def copy_snapshot(self, name: str, copy: str) -> None:
        """Copy a snapshot's data under another name."""
        copy_folder(self._snapshot(name), self._snapshot(copy))

    def has_snapshot(self, name: str) -> bool:
        """Return whether a snapshot of this name exists."""
        return self._snapshot(name).exists()

    def remove(self, cluster: str) -> None:
        """Stop a cluster's server, if any, and delete its data."""
        self._clusters.pop(cluster, None)
        self._parameters.pop(cluster, None)
        self._suspended.discard(cluster)
        server = self._servers.pop(cluster, None)
        if server is not None:
            server.remove()

    def stop(self) -> None:
        """Stop all servers; their data stays."""
        for server in self._servers.values():
            server.stop()

    def _snapshot(self, name: str) -> Path:
        return self._folder / "snapshots" / name


_databases: ClusterDatabases | None = None


def enable(folder: Path) -> ClusterDatabases:
    """Run a PostgreSQL server for every cluster of this process from now on.

    Args:
        folder: See `ClusterDatabases`.
    """
    global _databases  # noqa: PLW0603 - like moto's own state, it belongs to the process
    _databases = ClusterDatabases(folder)
    return _databases


def disable() -> None:
    """Stop all databases; later clusters have none."""
    global _databases  # noqa: PLW0603
    if _databases is not None:
        _databases.stop()
        # Otherwise a later rotation would trust the CA of removed databases.
        os.environ.pop(CA_VARIABLE, None)
    _databases = None


def current() -> ClusterDatabases | None:
    """Return this process's databases, or None if they are not enabled."""
    return _databases
