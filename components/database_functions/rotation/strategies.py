"""Whose password a rotation changes, and who changes it."""

from collections.abc import Iterator
from typing import Protocol

from components.database_functions import scram
from components.database_functions.database import Session, quoted_name, quoted_text
from components.database_functions.errors import NotRotatableError, SecretMismatchError
from components.database_functions.rotation.credential import Credential
from components.database_functions.rotation.secret_versions import (
    PENDING,
    SecretsManager,
    SecretVersions,
    read,
)
from components.database_functions.rotation.settings import CLONE_SUFFIX, LONGEST_NAME

_APPLICATION_USER = [True, False]
"""May log in, has no rights over other roles."""


class Strategy(Protocol):
    """One way to rotate.

    Attributes:
        locked_out: What to tell, and to do, when no administrator can log in.
    """

    locked_out: str

    def next_user(self, current: Credential) -> str:
        """Return the user of the version that follows `current`."""
        ...

    def administrators(self, current: Credential) -> Iterator[Credential]:
        """Yield who may set the next user's password, the likeliest login first."""
        ...

    def apply(self, session: Session, pending: Credential) -> None:
        """Give the next user its password; the caller commits."""
        ...


class SingleUser:
    """The user changes its own password.

    Args:
        versions: The secret.
    """

    locked_out = (
        "no version of the secret opens the database: reset the master password of the "
        "cluster (ModifyDBCluster) and put it into the secret as a new version"
    )

    def __init__(self, versions: SecretVersions) -> None:
        self._versions = versions

    def next_user(self, current: Credential) -> str:
        """Return the same user."""
        return current.username

    def administrators(self, current: Credential) -> Iterator[Credential]:
        """Yield the user with its current password, then with the one before.

        The one before works where an earlier rotation was undone in the database only, as by a
        restore to a point in time.
        """
        yield current
        previous = self._versions.previous()
        if previous and (previous.username, previous.place) == (current.username, current.place):
            yield previous

    def apply(self, session: Session, pending: Credential) -> None:
        """Set the password."""
        _set_password(session, pending)


class AlternatingUsers:
    """Another user, with rights over both, sets the password of the one that is not in use.

    The clone is a member of the first user and acts as that user from its login on: what it may do
    and what it owns are the first user's, today and after every later grant.

    Args:
        client: Secrets Manager.
        superuser_secret: ARN of the secret of who sets the passwords.
    """

    locked_out = (
        "no version of the secret in SUPERUSER_SECRET_ARN opens the database: rotate that secret "
        "first; clients of this one are not affected"
    )

    def __init__(self, client: SecretsManager, superuser_secret: str) -> None:
        self._client = client
        self._superuser_secret = superuser_secret

    def next_user(self, current: Credential) -> str:
        """Return the clone of the user, or the user whose clone it is.

        Raises:
            NotRotatableError: the clone's name would be too long for PostgreSQL.
        """
        if current.username.endswith(CLONE_SUFFIX):
            return current.username.removesuffix(CLONE_SUFFIX)
        clone = current.username + CLONE_SUFFIX
        if len(clone.encode()) > LONGEST_NAME:
            message = f"{clone} is longer than {LONGEST_NAME} bytes, PostgreSQL's limit for a name"
            raise NotRotatableError(message)
        return clone

    def administrators(self, current: Credential) -> Iterator[Credential]:
        """Yield the user of the other secret, if it is for the same database.

        Its pending version comes second: it is the one that opens the database while a rotation of
        the other secret is between its second and its last step.

        Raises:
            NotRotatableError: the other secret has no value.
            SecretMismatchError: it is for another database.
        """
        superuser = read(self._client, self._superuser_secret)
        if superuser is None:
            message = f"{self._superuser_secret} has no current version"
            raise NotRotatableError(message)
        refuse_other_place(superuser, current, "SUPERUSER_SECRET_ARN")
        yield superuser
        pending = read(self._client, self._superuser_secret, PENDING)
        if pending and (pending.username, pending.place) == (superuser.username, superuser.place):
            yield pending

    def apply(self, session: Session, pending: Credential) -> None:
        """Make what is missing of the user and its clone, and set the password.

        On a new cluster neither exists. The user is made without a password, so that the one that
        its first version was made with never opens anything.

        Raises:
            NotRotatableError: the user is a group, or has rights over other roles.
        """
        name, first = pending.username, pending.username.removesuffix(CLONE_SUFFIX)
        found = {
            role: may
            for role, *may in session.run(
                "SELECT rolname, rolcanlogin, rolsuper OR rolcreaterole FROM pg_catalog.pg_roles "
                "WHERE rolname IN (:first, :name)",
                first=first,
                name=name,
            )
        }
        if found.get(first, _APPLICATION_USER) != _APPLICATION_USER:
            # Who may write this secret could otherwise become a member of any role.
            message = f"{first} is no user of an application: it is a group, or may create roles"
            raise NotRotatableError(message)
        for role in sorted({first, name} - found.keys()):
            session.run(f"CREATE ROLE {quoted_name(role)} LOGIN")
            if role != first:
                session.run(f"GRANT {quoted_name(first)} TO {quoted_name(role)}")
                session.run(f"ALTER ROLE {quoted_name(role)} SET role = {quoted_text(first)}")
        _set_password(session, pending)


def refuse_other_place(credential: Credential, current: Credential, what: str) -> None:
    """Keep a rotation at the database that the current version is for.

    Without this, who may write one version could send the function, and what it knows, to a
    database of their own.

    Raises:
        SecretMismatchError: the credential is for another one.
    """
    if credential.place != current.place:
        message = (
            f"{what} is for {credential.host}:{credential.port}, AWSCURRENT for "
            f"{current.host}:{current.port}"
        )
        raise SecretMismatchError(message)


def _set_password(session: Session, pending: Credential) -> None:
    role, verifier = quoted_name(pending.username), quoted_text(scram.verifier(pending.password))
    session.run(f"ALTER ROLE {role} PASSWORD {verifier}")
