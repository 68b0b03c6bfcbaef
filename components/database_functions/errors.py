"""Errors of the functions. Their texts never contain a password or a verifier."""


class FunctionError(Exception):
    """A function failed; no client has lost access because of it."""


class SettingsError(FunctionError):
    """The function's environment is invalid."""


class EventError(FunctionError):
    """The function does not support the event, or the event is incomplete."""


class NotRotatableError(FunctionError):
    """The state of the secret does not allow this step of this rotation."""


class SecretFormatError(FunctionError):
    """A version of the secret is not a database secret."""


class SecretMismatchError(FunctionError):
    """The pending version is for another user or another database than the current one."""


class SecretsManagerError(FunctionError):
    """Secrets Manager rejected a call or could not be reached."""


class DatabaseUnreachableError(FunctionError):
    """The database did not answer in time, or its TLS certificate could not be verified."""


class LoginRejectedError(FunctionError):
    """The database rejected the login."""


class StatementError(FunctionError):
    """The database rejected a statement."""


class PermissionDeniedError(StatementError):
    """The database rejected a statement because the session's user lacks a privilege."""


class LockedOutError(FunctionError):
    """No version of the secret can log in; only the owner of the cluster can fix that."""


class DeclarationError(FunctionError):
    """The declared databases and users contradict what exists in the cluster."""


class SetupBusyError(FunctionError):
    """Another run is changing the databases and users of the cluster."""
