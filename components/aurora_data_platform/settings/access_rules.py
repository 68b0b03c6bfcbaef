"""Cross-field rules of databases and users."""

from collections.abc import Iterator, Sequence

from components.aurora_data_platform.aurora.extensions import (
    CRON,
    CRON_DATABASE,
    DEFAULT_CRON_DATABASE,
    LIBRARIES,
    PRELOAD,
)
from components.aurora_data_platform.credentials.age_request import MAX_CHARACTERS, age_request
from components.aurora_data_platform.errors import ConfigIssue, duplicate_issues
from components.aurora_data_platform.settings.access import Authentication
from components.aurora_data_platform.settings.fields import SettingsFields
from components.aurora_data_platform.settings.validation import CrossFieldRule
from components.database_functions.rotation.settings import CLONE_SUFFIX
from components.database_functions.setup.declaration import ACCESS_LEVELS


def _users_are_not_the_master(s: SettingsFields) -> Iterator[ConfigIssue]:
    for name in s.users:
        if s.master_username in {name, name + CLONE_SUFFIX}:
            yield ConfigIssue(
                f"users.{name}",
                name,
                f"a name other than masterUsername, with or without {CLONE_SUFFIX}",
                "applications never log in as the master user",
            )


def _names_are_distinct(s: SettingsFields) -> Iterator[ConfigIssue]:
    groups = {
        f"{database}_{access}": database for database in s.all_databases for access in ACCESS_LEVELS
    }
    for name in [*s.users, s.master_username]:
        if name in groups:
            key = f"users.{name}" if name in s.users else "masterUsername"
            yield ConfigIssue(
                key,
                name,
                "another name",
                f"it is the name of a group role of database {groups[name]}",
            )


def _databases_are_declared(s: SettingsFields) -> Iterator[ConfigIssue]:
    for name, user in s.users.items():
        unknown = [each for each in user.databases if each not in s.all_databases]
        if unknown:
            yield ConfigIssue(
                f"users.{name}.databases",
                list(user.databases),
                ", ".join(s.all_databases),
                f"{', '.join(unknown)}: not declared in `databases`",
            )


def _only_secrets_are_read(s: SettingsFields) -> Iterator[ConfigIssue]:
    for name, user in s.users.items():
        if user.execution_roles and user.authentication is Authentication.IAM:
            yield ConfigIssue(
                f"users.{name}.executionRoles",
                list(user.execution_roles),
                "unset with authentication iam",
                "the user has no secret; its task roles log in with an IAM token",
            )


def _ages_are_requested_at_once(s: SettingsFields) -> Iterator[ConfigIssue]:
    size = len(age_request([s.names.user_secret(name) for name in s.password_users]))
    if size > MAX_CHARACTERS:
        yield ConfigIssue(
            "users",
            f"{len(s.password_users)} users with authentication password",
            "fewer users with authentication password, or shorter names",
            f"one event names all of their secrets, in {size} characters; EventBridge accepts "
            f"{MAX_CHARACTERS} (API, PutTargets, Input)",
        )


def _lists_are_distinct(s: SettingsFields) -> Iterator[ConfigIssue]:
    lists = [
        *(
            (f"users.{name}.{key}", values)
            for name, user in s.users.items()
            for key, values in (
                ("databases", user.databases),
                ("taskRoles", user.task_roles),
                ("executionRoles", user.execution_roles),
            )
        ),
        *(
            (f"databases.{name}.{key}", values)
            for name, database in s.databases.items()
            for key, values in (
                ("schemas", database.schemas),
                ("extensions", database.extensions),
            )
        ),
    ]
    yield from duplicate_issues(lists)


def _libraries_are_preloaded(s: SettingsFields) -> Iterator[ConfigIssue]:
    libraries = s.preloaded_libraries
    for name, database in s.databases.items():
        missing = [
            PRELOAD[each]
            for each in database.extensions
            if each in PRELOAD and PRELOAD[each] not in libraries
        ]
        if missing:
            yield ConfigIssue(
                f"databases.{name}.extensions",
                list(database.extensions),
                f"extensions whose library is in clusterParameters.{LIBRARIES}",
                f"{', '.join(missing)}: not preloaded; a new value takes effect after a restart",
            )


def _pg_cron_is_in_its_database(s: SettingsFields) -> Iterator[ConfigIssue]:
    home = str(s.cluster_parameters.get(CRON_DATABASE, DEFAULT_CRON_DATABASE))
    for name, database in s.databases.items():
        if CRON in database.extensions and name != home:
            yield ConfigIssue(
                f"databases.{name}.extensions",
                list(database.extensions),
                f"{CRON} in database {home} only",
                f"clusterParameters.{CRON_DATABASE} names the one database that can have it; a new "
                "value takes effect after a restart",
            )


_NAMING = ("environment", "platform_name", "region", "engine_version")
"""Settings that physical names depend on."""

ACCESS_RULES: Sequence[CrossFieldRule] = tuple(
    CrossFieldRule(frozenset(reads), check)
    for check, *reads in (
        (_users_are_not_the_master, "users", "master_username"),
        (_names_are_distinct, "users", "master_username", "databases", "database_name"),
        (_databases_are_declared, "users", "databases", "database_name"),
        (_only_secrets_are_read, "users"),
        (_ages_are_requested_at_once, "users", *_NAMING),
        (_lists_are_distinct, "users", "databases"),
        (_libraries_are_preloaded, "databases", "cluster_parameters"),
        (_pg_cron_is_in_its_database, "databases", "cluster_parameters"),
    )
)
