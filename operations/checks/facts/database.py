"""Facts from the database itself: logins that must work, logins that must not, and its state."""

import json
from dataclasses import dataclass, field
from typing import Any, cast

from operations.checks.facts.reading import Facts
from operations.database.login import Login, LoginRefusedError, session

CURRENT, PENDING, PREVIOUS = "AWSCURRENT", "AWSPENDING", "AWSPREVIOUS"
STAGES = (CURRENT, PENDING, PREVIOUS)


@dataclass(frozen=True)
class SecretValue:
    """One version of a database secret.

    Attributes:
        version: Version ID.
        content: The JSON object; None if the value is something else.
    """

    version: str
    content: dict[str, Any] | None = field(repr=False)


@dataclass(frozen=True)
class Attempt:
    """One attempted login.

    Attributes:
        version: Version ID of the secret.
        refusal: The server's reason; None if the login succeeded.
    """

    version: str
    refusal: str | None


@dataclass(frozen=True)
class DatabaseState:
    """What a session of the master user sees.

    Attributes:
        encrypted: Whether the session uses TLS.
        version: The server's version.
        settings: Values in force, in the parameter's own unit.
        pending: Parameters that wait for a restart.
        roles: For each role: whether it may log in, and the roles that it is a member of.
    """

    encrypted: bool
    version: str
    settings: dict[str, str]
    pending: list[str]
    roles: dict[str, tuple[bool, frozenset[str]]]


def secret_values(facts: Facts) -> dict[str, SecretValue]:
    """Return the master secret's versions by stage; a stage that nothing has is left out."""
    stages = facts.get("secret").get("VersionIdsToStages", {})
    labelled = {stage for each in stages.values() for stage in each}
    return {stage: _value(facts, stage) for stage in STAGES if stage in labelled}


def logins(facts: Facts) -> dict[str, Attempt]:
    """Return the outcome of a login with each version of the secret, by stage.

    Raises:
        UnreachableError: the database cannot be reached from here.
    """
    return {
        stage: Attempt(value.version, _refusal(facts, value.content, tls=True))
        for stage, value in facts.get("secret_values").items()
        if value.content
    }


def plain_login(facts: Facts) -> Attempt | None:
    """Return the outcome of a login without TLS, with the current password."""
    value = facts.get("secret_values").get(CURRENT)
    if value is None or value.content is None:
        return None
    return Attempt(value.version, _refusal(facts, value.content, tls=False))


def database(facts: Facts) -> DatabaseState:
    """Return the state of the database, as the master user with the current password sees it.

    Raises:
        UnreachableError: the database cannot be reached from here.
        LoginRefusedError: it rejects the current password.
    """
    values = facts.get("secret_values")
    content = values[CURRENT].content if CURRENT in values else None
    if content is None:
        message = "the secret has no current version in RDS's format"
        raise LoginRefusedError(message)
    with session(_login(facts, content)) as connection:
        settings = connection.execute(
            "SELECT name, setting, pending_restart FROM pg_settings"
        ).fetchall()
        roles = connection.execute(
            "SELECT r.rolname, r.rolcanlogin, "
            "array(SELECT g.rolname::text FROM pg_auth_members m JOIN pg_roles g "
            "ON g.oid = m.roleid WHERE m.member = r.oid) FROM pg_roles r"
        ).fetchall()
        version = connection.info.parameter_status("server_version")
        return DatabaseState(
            encrypted=connection.pgconn.ssl_in_use,
            version=version or "",
            settings={name: str(value) for name, value, _ in settings},
            pending=sorted(name for name, _, pending in settings if pending),
            roles={name: (can, frozenset(groups)) for name, can, groups in roles},
        )


def _value(facts: Facts, stage: str) -> SecretValue:
    answer = facts.aws.call(
        "secretsmanager",
        "get_secret_value",
        SecretId=facts.outputs.master_secret_arn,
        VersionStage=stage,
    )
    return SecretValue(answer["VersionId"], _content(answer.get("SecretString", "")))


def _content(value: str) -> dict[str, Any] | None:
    try:
        content: object = json.loads(value)
    except ValueError:
        return None
    return cast("dict[str, Any]", content) if isinstance(content, dict) else None


def _refusal(facts: Facts, content: dict[str, Any], *, tls: bool) -> str | None:
    try:
        with session(_login(facts, content), tls=tls):
            return None
    except LoginRefusedError as refused:
        return str(refused)


def _login(facts: Facts, content: dict[str, Any]) -> Login:
    """Return the login at the stack's own endpoint, whatever the secret says."""
    o = facts.outputs
    user, password = str(content.get("username", "")), str(content.get("password", ""))
    return Login(o.cluster_endpoint, o.port, o.database_name, user, password)
