"""The declared databases and users, as the deployment sends them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from components.database_functions.errors import EventError
from components.database_functions.rotation.settings import CLONE_SUFFIX

OWNER, READWRITE, READONLY = "owner", "readwrite", "readonly"
ACCESS_LEVELS = (OWNER, READWRITE, READONLY)
IAM, PASSWORD = "iam", "password"
AUTHENTICATIONS = (IAM, PASSWORD)


@dataclass(frozen=True)
class DeclaredDatabase:
    """A database.

    Attributes:
        name: Its name.
        schemas: Schemas of its owner role, which are also its search path.
        extensions: Extensions to create.
    """

    name: str
    schemas: Sequence[str]
    extensions: Sequence[str]

    def group(self, access: str) -> str:
        """Return the role without login that has an access level in this database."""
        return f"{self.name}_{access}"

    @property
    def groups(self) -> Sequence[str]:
        """The roles of all access levels."""
        return [self.group(access) for access in ACCESS_LEVELS]


@dataclass(frozen=True)
class DeclaredUser:
    """A user.

    Attributes:
        name: Its name.
        authentication: `iam` or `password`.
        access: `owner`, `readwrite` or `readonly`.
        databases: Names of the databases in which it has this access.
        settings: Values of run-time parameters by name.
    """

    name: str
    authentication: str
    access: str
    databases: Sequence[str]
    settings: Mapping[str, str]

    @property
    def logins(self) -> Sequence[str]:
        """The roles that log in as this user: itself, and the clone it alternates with."""
        if self.authentication == PASSWORD:
            return [self.name, self.name + CLONE_SUFFIX]
        return [self.name]


@dataclass(frozen=True)
class Declaration:
    """All databases and users of a cluster, sorted by name.

    Attributes:
        databases: The databases.
        users: The users.
    """

    databases: Sequence[DeclaredDatabase]
    users: Sequence[DeclaredUser]

    @classmethod
    def parse(cls, document: object) -> "Declaration":
        """Parse a declaration.

        Args:
            document: `databases` and `users` by name, with the attributes of the classes.

        Raises:
            EventError: A key is missing or has the wrong type.
        """
        try:
            members = cast("Mapping[str, Mapping[str, Mapping[str, Any]]]", document)
            databases = [
                DeclaredDatabase(name, list(each["schemas"]), list(each["extensions"]))
                for name, each in sorted(members["databases"].items())
            ]
            users = [
                DeclaredUser(
                    name,
                    str(each["authentication"]),
                    str(each["access"]),
                    list(each["databases"]),
                    dict(each["settings"]),
                )
                for name, each in sorted(members["users"].items())
            ]
        except (AttributeError, KeyError, TypeError, ValueError) as failure:
            message = f"the event has no valid declaration: {type(failure).__name__}: {failure}"
            raise EventError(message) from None
        return cls(databases, users)

    def databases_of(self, user: DeclaredUser) -> Sequence[DeclaredDatabase]:
        """Return the databases of a user."""
        return [each for each in self.databases if each.name in user.databases]
