"""A server's process, which stops when the process that started it ends."""

import re
import signal
import subprocess
import time
from pathlib import Path

from emulator.postgresql.errors import PostgresqlError, StartError
from emulator.postgresql.programs import tool
from emulator.postgresql.server_user import ENVIRONMENT, ServerUser

_KEEPER = """
exec 3<&0 </dev/null
"$@" 3<&- & server=$!
{ read -r _ <&3; kill -INT "$server"; } & reader=$!
exec 3<&-
wait "$server"; status=$?
kill "$reader" 2>/dev/null
exit "$status"
"""
"""Runs a server and stops it (SIGINT: fast) once its standard input ends, which it does when the
process with the other end closes it or ends, even by a signal."""
_PATIENCE = 60.0
_READY = "ready"
_SAID = re.compile(r"(?:LOG|ERROR|FATAL|PANIC|DETAIL|HINT): +(.*)")


class ServerProcess:
    """Starts and stops `postgres` for one data folder.

    Args:
        data: The data folder.
        log: The server's log file.
        user: The user of the process.
        program: Path of `postgres`.
    """

    def __init__(self, data: Path, log: Path, user: ServerUser, program: Path) -> None:
        self._data, self._log, self._user = data, log, user
        self._program = str(program)
        self._keeper: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server and return when it accepts connections.

        Raises:
            StartError: it did not start; the message quotes the server.
        """
        self.stop()
        told_before = self._log.stat().st_size if self._log.exists() else 0
        with self._log.open("ab") as log:
            self._keeper = subprocess.Popen(
                ("/bin/sh", "-c", _KEEPER, "keeper", self._program, "-D", str(self._data)),
                cwd="/",
                env=ENVIRONMENT,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                # Ctrl-C must not reach the server.
                start_new_session=True,
                user=self._user.user,
                group=self._user.group,
                extra_groups=self._user.extra_groups,
            )
        deadline = time.monotonic() + _PATIENCE
        while not self._is_ready():
            status = self._keeper.poll()
            if status is not None or time.monotonic() > deadline:
                self.stop()
                log = self._log.read_bytes()[told_before:].decode(errors="replace")
                said = "; ".join(_SAID.findall(log)) or f"exit status {status}"
                message = f"PostgreSQL did not start: {said}"
                raise StartError(message)
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop the server, including one that an earlier process left running.

        Raises:
            PostgresqlError: it did not stop.
        """
        if self._keeper is not None:
            keeper, self._keeper = self._keeper, None
            if keeper.stdin is not None:
                keeper.stdin.close()
            try:
                keeper.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                message = f"the server of {self._data} did not stop"
                raise PostgresqlError(message) from None
        elif self.process_id() is not None:
            self._user.run(tool("pg_ctl"), "stop", "-D", str(self._data), "-m", "fast", "-w")

    def kill(self) -> None:
        """Stop the server as a power failure would; the next start recovers."""
        process_id = self.process_id()
        if process_id is not None:
            self._user.run(tool("pg_ctl"), "kill", signal.SIGQUIT.name[3:], str(process_id))
        self.stop()

    def process_id(self) -> int | None:
        """Return the process id of the running server, or None."""
        lines = self._pid_file()
        if not lines:
            return None
        # After a restart of the machine, the id in a stale file may belong to any process.
        command = Path(f"/proc/{lines[0]}/cmdline")
        try:
            arguments = command.read_bytes().split(b"\0")
        except OSError:
            return None
        return int(lines[0]) if str(self._data).encode() in arguments else None

    def _is_ready(self) -> bool:
        # The file of a killed server exists until the new server overwrites it.
        return self.process_id() is not None and self._pid_file()[-1].strip() == _READY

    def _pid_file(self) -> list[str]:
        try:
            return (self._data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []
