"""Rotation strategies: whose password is changed, and by whom."""

from collections.abc import Iterator
from typing import Protocol

from components.database_functions import scram
from components.database_functions.credential import Credential
from components.database_functions.database import Session, quoted_name, quoted_text
from components.database_functions.errors import (
    NotRotatableError,
    PermissionDeniedError,
    SecretMismatchError,
)
from components.database_functions.role_administration import not_administered
from components.database_functions.rotation.secret_versions import SecretVersions
from components.database_functions.rotation.settings import CLONE_SUFFIX, MAX_NAME_BYTES
from components.database_functions.secrets_manager import PENDING, SecretsManager, read

_PLAIN_LOGIN_ROLE = [True, False]
"""Can log in, and is neither a superuser nor allowed to create roles."""


class Strategy(Protocol):
    """A rotation strategy.

    Attributes:
        locked_out: Message with the remedy if no administrator can log in.
    """

    locked_out: str

    def next_user(self, current: Credential) -> str:
        """Return the user of the version that follows `current`."""
        ...

    def administrators(self, current: Credential) -> Iterator[Credential]:
        """Yield users that can set the next user's password, the likeliest login first."""
        ...

    def apply(self, session: Session, pending: Credential) -> None:
        """Set the next user's password; the caller commits."""
        ...


class SingleUser:
    """The user changes its own password.

    Args:
        versions: The secret.
    """

    locked_out = (
        "no version of the secret can log in: reset the master password of the cluster "
        "(ModifyDBCluster) and store it in the secret as a new version"
    )

    def __init__(self, versions: SecretVersions) -> None:
        self._versions = versions

    def next_user(self, current: Credential) -> str:
        """Return the same user."""
        return current.username

    def administrators(self, current: Credential) -> Iterator[Credential]:
        """Yield the user with its current password, then with its previous one.

        The previous one is valid after a restore to a point in time before the last rotation.
        """
        yield current
        previous = self._versions.previous()
        if previous and _is_same_login(previous, current):
            yield previous

    def apply(self, session: Session, pending: Credential) -> None:
        """Set the password."""
        _set_password(session, pending)


class AlternatingUsers:
    """An administrator sets the password of the user that is not in use.

    The clone is a member of the first user and acts as that user from login on: its privileges and
    the objects that it creates are the first user's, now and after every later grant.

    Args:
        client: Secrets Manager client.
        superuser_secret: ARN of the administrator's secret.
    """

    locked_out = (
        "no version of the secret in SUPERUSER_SECRET_ARN can log in: rotate that secret first; "
        "clients of this one are not affected"
    )

    def __init__(self, client: SecretsManager, superuser_secret: str) -> None:
        self._client = client
        self._superuser_secret = superuser_secret

    def next_user(self, current: Credential) -> str:
        """Return the clone of the user, or the user whose clone it is.

        Raises:
            NotRotatableError: The clone's name would be too long for PostgreSQL.
        """
        if current.username.endswith(CLONE_SUFFIX):
            return current.username.removesuffix(CLONE_SUFFIX)
        clone = current.username + CLONE_SUFFIX
        if len(clone.encode()) > MAX_NAME_BYTES:
            message = f"{clone} is longer than {MAX_NAME_BYTES} bytes, PostgreSQL's limit for names"
            raise NotRotatableError(message)
        return clone

    def administrators(self, current: Credential) -> Iterator[Credential]:
        """Yield the administrator, if its secret is for the same database.

        Its pending version comes second: it is valid while a rotation of the administrator's secret
        is between setSecret and finishSecret.

        Raises:
            NotRotatableError: The administrator's secret has no value.
            SecretMismatchError: It is for another database.
        """
        superuser = read(self._client, self._superuser_secret)
        if superuser is None:
            message = f"{self._superuser_secret} has no current version"
            raise NotRotatableError(message)
        ensure_same_endpoint(superuser, current, "SUPERUSER_SECRET_ARN")
        yield superuser
        pending = read(self._client, self._superuser_secret, PENDING)
        if pending and _is_same_login(pending, superuser):
            yield pending

    def apply(self, session: Session, pending: Credential) -> None:
        """Create the user and its clone if they do not exist, and set the password.

        The user is created without a password: the one in the first version of the secret is never
        valid.

        Raises:
            NotRotatableError: The user is not a plain login role, or another role created it.
        """
        name, first = pending.username, pending.username.removesuffix(CLONE_SUFFIX)
        found = {
            role: attributes
            for role, *attributes in session.run(
                "SELECT rolname, rolcanlogin, rolsuper OR rolcreaterole, "
                "pg_catalog.pg_has_role(oid, 'MEMBER WITH ADMIN OPTION'), current_user "
                "FROM pg_catalog.pg_roles WHERE rolname IN (:first, :name)",
                first=first,
                name=name,
            )
        }
        if first in found and found[first][:2] != _PLAIN_LOGIN_ROLE:
            # Otherwise whoever can write this secret could become a member of any role.
            message = (
                f"{first} is not a plain login role: it cannot log in, is a superuser, or may "
                "create roles"
            )
            raise NotRotatableError(message)
        try:
            for role in sorted({first, name} - found.keys()):
                session.run(f"CREATE ROLE {quoted_name(role)} LOGIN")
                if role != first:
                    session.run(f"GRANT {quoted_name(first)} TO {quoted_name(role)}")
                    session.run(f"ALTER ROLE {quoted_name(role)} SET role = {quoted_text(first)}")
            _set_password(session, pending)
        except PermissionDeniedError:
            # On RDS, a member of rds_superuser needs no ADMIN OPTION (see setup/roles.py).
            for role, (*_, administers, administrator) in found.items():
                if not administers:
                    raise NotRotatableError(not_administered(role, administrator)) from None
            raise


def ensure_same_endpoint(credential: Credential, current: Credential, source: str) -> None:
    """Ensure that credentials are for the same server as the current version.

    Otherwise whoever can write one version could make the function log in to a server of their own.

    Raises:
        SecretMismatchError: The credentials are for another server.
    """
    if credential.endpoint != current.endpoint:
        message = (
            f"{source} is for {credential.host}:{credential.port}, AWSCURRENT for "
            f"{current.host}:{current.port}"
        )
        raise SecretMismatchError(message)


def _is_same_login(credential: Credential, other: Credential) -> bool:
    return (credential.username, credential.endpoint) == (other.username, other.endpoint)


def _set_password(session: Session, pending: Credential) -> None:
    role, verifier = quoted_name(pending.username), quoted_text(scram.verifier(pending.password))
    session.run(f"ALTER ROLE {role} PASSWORD {verifier}")
