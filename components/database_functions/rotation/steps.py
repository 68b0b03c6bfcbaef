"""The four steps of a rotation. Each is idempotent and may run again at any time.

Two properties make them safe together. A password is set in a transaction that locks the role and
commits only while this rotation's version is still pending, so that of two concurrent rotations the
later one wins. And a version becomes current only after it has logged in.
"""

from contextlib import ExitStack, suppress

from components.database_functions import passwords
from components.database_functions.credential import Credential
from components.database_functions.database import Database, Session
from components.database_functions.errors import (
    LockedOutError,
    LoginRejectedError,
    NotRotatableError,
    SecretMismatchError,
)
from components.database_functions.event_log import log_event
from components.database_functions.rotation.secret_versions import SecretVersions
from components.database_functions.rotation.settings import RotationSettings
from components.database_functions.rotation.strategies import Strategy, ensure_same_endpoint
from components.database_functions.secrets_manager import PENDING


class RotationSteps:
    """Steps of one rotation of one secret.

    Args:
        versions: Versions of the secret.
        database: Database in which the password is set.
        strategy: Whose password is set, and by whom.
        settings: Form of a new password.
    """

    def __init__(
        self,
        versions: SecretVersions,
        database: Database,
        strategy: Strategy,
        settings: RotationSettings,
    ) -> None:
        self._versions = versions
        self._database = database
        self._strategy = strategy
        self._settings = settings

    def create_secret(self) -> None:
        """Store new credentials as the pending version; they are not valid in the database yet.

        Raises:
            NotRotatableError: The secret contains the password more than once.
        """
        if self._versions.pending_or_none() is not None:
            log_event("secret_exists")
            return
        current = self._versions.current()
        copies = current.password_copies()
        if copies:
            message = (
                f"the secret also contains the password in {', '.join(copies)}, which a rotation "
                "would leave outdated; remove it from the secret"
            )
            raise NotRotatableError(message)
        user = self._strategy.next_user(current)
        self._versions.put_pending(current.with_login(user, passwords.generate(self._settings)))
        log_event("secret_created", user=user)

    def set_secret(self) -> None:
        """Set the pending version's password in the database."""
        pending, current = self._versions.pending(), self._versions.current()
        self._check(pending, current, self._strategy.next_user(current))
        if self._database.can_log_in(pending):
            log_event("password_already_set", user=pending.username)
            return
        with ExitStack() as stack:
            session = self._administrator(current, stack)
            with session.transaction():
                self._strategy.apply(session, pending)
                if self._versions.is_promoted():
                    message = f"another run has already made the {PENDING} version current"
                    raise NotRotatableError(message)
        log_event("password_set", user=pending.username, host=pending.host)

    def test_secret(self) -> None:
        """Log in with the pending version.

        If rotation is turned on without rotating, Secrets Manager requests this step only, with a
        pending version that has the current value (Secrets Manager API, RotateImmediately).
        """
        pending, current = self._versions.pending(), self._versions.current()
        if pending.username != current.username:
            self._check(pending, current, self._strategy.next_user(current))
        ensure_same_endpoint(pending, current, PENDING)
        self._log_in(pending)
        log_event("login_verified", user=pending.username)

    def finish_secret(self) -> None:
        """Make the pending version current, if it can log in."""
        pending = self._versions.pending()
        replaced = self._versions.current_id()
        self._log_in(pending)
        self._versions.promote(replaced)
        log_event("version_promoted", user=pending.username)

    def _check(self, pending: Credential, current: Credential, user: str) -> None:
        ensure_same_endpoint(pending, current, PENDING)
        if pending.username != user:
            message = f"{PENDING} is for {pending.username}, this rotation is for {user}"
            raise SecretMismatchError(message)

    def _log_in(self, pending: Credential) -> None:
        if not self._database.can_log_in(pending):
            message = f"{pending.username} cannot log in with the {PENDING} version"
            raise LoginRejectedError(message)

    def _administrator(self, current: Credential, stack: ExitStack) -> Session:
        for credential in self._strategy.administrators(current):
            with suppress(LoginRejectedError):
                return stack.enter_context(self._database.session(credential))
        raise LockedOutError(self._strategy.locked_out)
