"""Sessions of the master user, while a rotation may be changing its password."""

import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace

from components.database_functions.database import Database, Session
from components.database_functions.errors import LoginRejectedError
from components.database_functions.secrets_manager import CURRENT, PENDING, SecretsManager, read

RETRY_SECONDS = 1.0


class MasterUser:
    """Logs in with the master secret.

    Args:
        client: Secrets Manager client.
        secret: ARN of the master secret.
        database: Logs in.
        login_limit: Seconds for which a rejected login is repeated with the secret's current and
            pending values. A rotation sets the pending one before it becomes current.
    """

    def __init__(
        self, client: SecretsManager, secret: str, database: Database, login_limit: float
    ) -> None:
        self._client, self._secret = client, secret
        self._database, self._login_limit = database, login_limit

    @contextmanager
    def session(self, database: str = "") -> Generator[Session]:
        """Open a session.

        Args:
            database: Name of the database. Default: the one in the secret.

        Raises:
            LoginRejectedError: No version of the secret could log in within the limit.
            DatabaseUnreachableError: No answer in time, or not the expected server.
            SecretsManagerError: The secret could not be read.
        """
        with ExitStack() as stack:
            yield self._log_in(database, stack)

    def _log_in(self, database: str, stack: ExitStack) -> Session:
        deadline = time.monotonic() + self._login_limit
        while True:
            for label in (CURRENT, PENDING):
                credential = read(self._client, self._secret, label)
                if credential is None:
                    continue
                place = replace(credential, database=database or credential.database)
                with suppress(LoginRejectedError):
                    return stack.enter_context(self._database.session(place))
            if time.monotonic() + RETRY_SECONDS >= deadline:
                message = f"no version of {self._secret} can log in to the database"
                raise LoginRejectedError(message)
            time.sleep(RETRY_SECONDS)
