"""The four steps of a rotation. Each may run again, at any time, and then finds its work done.

What makes them safe together: a password is set in a transaction that holds the role's row and is
committed only while this rotation is still the pending one, so that of two rotations the later one
has the last word; and a version becomes current only after it has opened the database.
"""

from contextlib import ExitStack, suppress

from components.database_functions import passwords
from components.database_functions.database import Database, Session
from components.database_functions.errors import (
    LockedOutError,
    LoginRefusedError,
    NotRotatableError,
    SecretMismatchError,
)
from components.database_functions.event_log import note
from components.database_functions.rotation.credential import Credential
from components.database_functions.rotation.secret_versions import PENDING, SecretVersions
from components.database_functions.rotation.settings import Settings
from components.database_functions.rotation.strategies import Strategy, refuse_other_place


class Rotation:
    """One rotation of one secret.

    Args:
        versions: The secret.
        database: Where the password is set.
        strategy: Whose password it is.
        settings: What a new password looks like.
    """

    def __init__(
        self, versions: SecretVersions, database: Database, strategy: Strategy, settings: Settings
    ) -> None:
        self._versions = versions
        self._database = database
        self._strategy = strategy
        self._settings = settings

    def create_secret(self) -> None:
        """Give the pending version its value; the database does not know it yet."""
        if self._versions.pending() is not None:
            note("value exists")
            return
        current = self._versions.current()
        user = self._strategy.next_user(current)
        self._versions.put_pending(current.with_login(user, passwords.generate(self._settings)))
        note("value made", user=user)

    def set_secret(self) -> None:
        """Let the database know the pending version's password."""
        pending, current = self._pending(), self._versions.current()
        self._check(pending, current, self._strategy.next_user(current))
        if self._database.opens(pending):
            note("password was set before", user=pending.username)
            return
        with ExitStack() as stack:
            session = self._administrator(current, stack)
            with session.transaction():
                self._strategy.apply(session, pending)
                if self._versions.is_promoted():
                    message = f"version {PENDING} has been promoted by another run"
                    raise NotRotatableError(message)
        note("password set", user=pending.username, host=pending.host)

    def test_secret(self) -> None:
        """Log in with the pending version.

        When rotation is set up without rotating, this is the only step, to see whether the
        function reaches the database: the pending version then has the current value or none.
        """
        current = self._versions.current()
        pending = self._versions.pending() or current
        if pending.username != current.username:
            self._check(pending, current, self._strategy.next_user(current))
        refuse_other_place(pending, current, PENDING)
        self._log_in(pending)
        note("login works", user=pending.username)

    def finish_secret(self) -> None:
        """Make the pending version the current one, if it opens the database."""
        pending = self._pending()
        replaced = self._versions.current_id()
        self._log_in(pending)
        self._versions.promote(replaced)
        note("promoted", user=pending.username)

    def _pending(self) -> Credential:
        pending = self._versions.pending()
        if pending is None:
            message = f"the {PENDING} version has no value: createSecret comes first"
            raise NotRotatableError(message)
        return pending

    def _check(self, pending: Credential, current: Credential, user: str) -> None:
        refuse_other_place(pending, current, PENDING)
        if pending.username != user:
            message = f"{PENDING} is for {pending.username}, this rotation is for {user}"
            raise SecretMismatchError(message)

    def _log_in(self, pending: Credential) -> None:
        if not self._database.opens(pending):
            message = f"{pending.username} cannot log in with the {PENDING} version"
            raise LoginRefusedError(message)

    def _administrator(self, current: Credential, stack: ExitStack) -> Session:
        for credential in self._strategy.administrators(current):
            with suppress(LoginRefusedError):
                return stack.enter_context(self._database.session(credential))
        raise LockedOutError(self._strategy.locked_out)
