"""Facts from the database itself: logins that must work, logins that must not, and its state."""

from dataclasses import dataclass
from typing import LiteralString

from operations.checks.facts.reading import Facts
from operations.database.login import LoginRejectedError, session
from operations.database.secret import CURRENT, STAGES, SecretValue, holders, login_of, read_secret

_IAM_ROLES: LiteralString = (
    "SELECT r.rolname FROM pg_roles r JOIN pg_roles g ON g.rolname = 'rds_iam' "
    "WHERE pg_has_role(r.oid, g.oid, 'USAGE')"
)
"""Roles with the privileges of rds_iam. MEMBER would also name the creator of an IAM user, which
PostgreSQL makes a member with ADMIN OPTION only (PostgreSQL documentation, System Information
Functions, pg_has_role). No row without the role, which a cluster without IAM logins may lack."""


@dataclass(frozen=True)
class Attempt:
    """One attempted login.

    Attributes:
        version: Version ID of the secret.
        refusal: The server's reason; None if the login succeeded.
        is_current: Whether the password is that of the current version.
    """

    version: str
    refusal: str | None
    is_current: bool = True


@dataclass(frozen=True)
class DatabaseState:
    """The state of the database, as a session of the master user sees it.

    Attributes:
        encrypted: Whether the session uses TLS.
        version: The server's version.
        settings: Values in force, in the parameter's own unit.
        pending: Parameters that wait for a restart.
        roles: For each role: whether it may log in, and the roles that it is a member of.
        iam_roles: Roles that have the privileges of rds_iam, directly or through another role.
    """

    encrypted: bool
    version: str
    settings: dict[str, str]
    pending: list[str]
    roles: dict[str, tuple[bool, frozenset[str]]]
    iam_roles: frozenset[str]


def secret_values(facts: Facts) -> dict[str, SecretValue]:
    """Return the master secret's versions by stage; a stage that nothing has is left out."""
    versions = holders(facts.get("secret"))
    arn = facts.outputs.master_secret_arn
    return {stage: read_secret(facts.aws, arn, stage) for stage in STAGES if stage in versions}


def logins(facts: Facts) -> dict[str, Attempt]:
    """Return the outcome of a login with each version of the secret, by stage.

    Raises:
        UnreachableError: the database cannot be reached from here.
    """
    values: dict[str, SecretValue] = facts.get("secret_values")
    current = values[CURRENT].password if CURRENT in values else None
    return {
        stage: Attempt(value.version, _refusal(facts, value, tls=True), value.password == current)
        for stage, value in values.items()
        if value.password
    }


def plain_login(facts: Facts) -> Attempt | None:
    """Return the outcome of a login without TLS, with the current password."""
    value: SecretValue | None = facts.get("secret_values").get(CURRENT)
    if value is None or value.password is None:
        return None
    return Attempt(value.version, _refusal(facts, value, tls=False))


def database(facts: Facts) -> DatabaseState:
    """Return the state of the database, as the master user with the current password sees it.

    Raises:
        UnreachableError: the database cannot be reached from here.
        LoginRejectedError: it rejects the current password.
    """
    value: SecretValue | None = facts.get("secret_values").get(CURRENT)
    if value is None or value.password is None:
        message = "the secret has no current version in RDS's format"
        raise LoginRejectedError(message)
    with session(login_of(facts.outputs, value)) as connection:
        settings = connection.execute(
            "SELECT name, setting, pending_restart FROM pg_settings"
        ).fetchall()
        roles = connection.execute(
            "SELECT r.rolname, r.rolcanlogin, "
            "array(SELECT g.rolname::text FROM pg_auth_members m JOIN pg_roles g "
            "ON g.oid = m.roleid WHERE m.member = r.oid) FROM pg_roles r"
        ).fetchall()
        iam_roles = connection.execute(_IAM_ROLES).fetchall()
        version = connection.info.parameter_status("server_version")
        return DatabaseState(
            encrypted=connection.pgconn.ssl_in_use,
            version=version or "",
            settings={name: str(value) for name, value, _ in settings},
            pending=sorted(name for name, _, pending in settings if pending),
            roles={name: (can, frozenset(groups)) for name, can, groups in roles},
            iam_roles=frozenset(name for (name,) in iam_roles),
        )


def _refusal(facts: Facts, value: SecretValue, *, tls: bool) -> str | None:
    try:
        with session(login_of(facts.outputs, value), tls=tls):
            return None
    except LoginRejectedError as refused:
        return str(refused)
