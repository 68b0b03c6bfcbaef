"""Why a rotation stops. No text of these errors holds a password or a verifier."""


class RotationError(Exception):
    """A step cannot be done; nobody has lost access by it."""


class SettingsError(RotationError):
    """The function's environment is wrong."""


class EventError(RotationError):
    """What invoked the function is not a step of a rotation."""


class NotRotatableError(RotationError):
    """The secret is in no state in which this step of this rotation may run."""


class SecretFormatError(RotationError):
    """A version of the secret is not what a database secret looks like."""


class SecretMismatchError(RotationError):
    """The pending version is for another user or another database than the current one."""


class SecretsManagerError(RotationError):
    """Secrets Manager refused a call or was not reached."""


class DatabaseUnreachableError(RotationError):
    """The database did not answer within the limit, or could not prove who it is."""


class LoginRefusedError(RotationError):
    """The database does not take the login."""


class StatementError(RotationError):
    """The database refused a statement."""


class LockedOutError(RotationError):
    """No version of the secret opens the database: only the cluster's owner can help."""
