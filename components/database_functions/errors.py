"""Errors of a rotation. Their texts never contain a password or a verifier."""


class RotationError(Exception):
    """A step failed; no client has lost access because of it."""


class SettingsError(RotationError):
    """The function's environment is invalid."""


class EventError(RotationError):
    """The event is not a step of a rotation."""


class NotRotatableError(RotationError):
    """The state of the secret does not allow this step of this rotation."""


class SecretFormatError(RotationError):
    """A version of the secret is not a database secret."""


class SecretMismatchError(RotationError):
    """The pending version is for another user or another database than the current one."""


class SecretsManagerError(RotationError):
    """Secrets Manager rejected a call or could not be reached."""


class DatabaseUnreachableError(RotationError):
    """The database did not answer in time, or its TLS certificate could not be verified."""


class LoginRejectedError(RotationError):
    """The database rejected the login."""


class StatementError(RotationError):
    """The database rejected a statement."""


class LockedOutError(RotationError):
    """No version of the secret can log in; only the owner of the cluster can fix that."""
