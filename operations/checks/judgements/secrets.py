"""Judgements of the group `secrets`."""

from datetime import datetime, timedelta

from operations.aws.clients import Properties
from operations.checks.facts.database import Attempt
from operations.checks.judgement import Judgement, NotApplicableError, equal
from operations.database.secret import (
    CURRENT,
    PENDING,
    PREVIOUS,
    SecretValue,
    holders,
    is_scheduled_for_deletion,
)
from operations.outputs import StackOutputs

RDS_KEYS = ("dbClusterIdentifier", "dbname", "engine", "host", "port", "username")
"""Keys of a database secret besides the password (Secrets Manager user guide, JSON structure)."""
ALLOWED = "allowed"


def secret_present(_: StackOutputs, secret: Properties) -> Judgement:
    """The secret exists and is not scheduled for deletion."""
    found = "scheduled for deletion" if is_scheduled_for_deletion(secret) else "present"
    return equal("present", found)


def secret_rotation(outputs: StackOutputs, secret: Properties) -> Judgement:
    """Rotation is enabled with the declared period."""
    days = outputs.declared_state.rotation_days
    rules = secret.get("RotationRules", {})
    found = _period(rules) if secret.get("RotationEnabled") else "rotation disabled"
    return equal(f"every {days} days", found)


def secret_rotated(outputs: StackOutputs, secret: Properties, now: datetime) -> Judgement:
    """The last rotation is not older than the period, its window and one more day."""
    own = outputs.declared_state
    allowed = timedelta(days=own.rotation_days + 1, hours=own.rotation_window_hours)
    last: datetime | None = secret.get("LastRotatedDate")
    expected = f"within {own.rotation_days} days"
    upcoming = f"next: {_day(secret.get('NextRotationDate'))}"
    if last is None:
        return Judgement(passed=False, expected=expected, found="never", evidence=upcoming)
    return Judgement(now - last <= allowed, expected, f"last: {_day(last)}", upcoming)


def secret_labels(_: StackOutputs, secret: Properties) -> Judgement:
    """One version is current, and no rotation is unfinished."""
    stages = holders(secret)
    current, pending = stages.get(CURRENT), stages.get(PENDING)
    found = "no current version" if current is None else "one current version"
    if pending not in (None, current):
        found += f", an unfinished rotation to {pending}"
    return equal("one current version", found)


def secret_first_version(outputs: StackOutputs, secret: Properties) -> Judgement:
    """The first version exists; without it, the next deployment would restore its password."""
    stage = outputs.declared_state.pinned_version_stage
    holder = holders(secret).get(stage)
    return Judgement(holder is not None, f"a version labeled {stage}", holder or "none")


def secret_encrypted(outputs: StackOutputs, secret: Properties) -> Judgement:
    """The secret is encrypted with the platform's key."""
    return equal(outputs.kms_key_arn, secret.get("KmsKeyId", "aws/secretsmanager"))


def secret_readable(outputs: StackOutputs, decision: str) -> Judgement:
    """IAM lets the ECS task execution role read the master secret."""
    return equal(ALLOWED, decision, f"role {outputs.declared_state.execution_role_name}")


def secret_format(outputs: StackOutputs, values: dict[str, SecretValue]) -> Judgement:
    """The current version is JSON in RDS's format and names this cluster."""
    expected = {
        "dbClusterIdentifier": outputs.cluster_identifier,
        "dbname": outputs.database_name,
        "engine": "postgres",
        "host": outputs.cluster_endpoint,
        "port": outputs.port,
        "username": outputs.declared_state.master_username,
        "password": "present",
    }
    value = values.get(CURRENT)
    if value is None or value.content is None:
        return Judgement(passed=False, expected=", ".join(expected), found="not a JSON object")
    found: dict[str, object] = {key: value.content.get(key) for key in RDS_KEYS}
    found["password"] = "present" if value.content.get("password") else "missing"
    return equal(expected, found)


def login_current(_: StackOutputs, logins: dict[str, Attempt]) -> Judgement:
    """The current password logs in over verified TLS."""
    current = logins.get(CURRENT)
    if current is None:
        return Judgement(passed=False, expected="a login", found="no current version")
    if current.refusal is None:
        return Judgement(passed=True, expected="a login", found="a login")
    working = [stage for stage, attempt in logins.items() if attempt.refusal is None]
    repair = "; ".join(
        f"the version labeled {stage} logs in ({logins[stage].version}): move {CURRENT} to it "
        f"(`aws secretsmanager update-secret-version-stage --version-stage {CURRENT} "
        f"--move-to-version-id {logins[stage].version} "
        f"--remove-from-version-id {current.version}`)"
        for stage in working
    )
    return Judgement(
        passed=False, expected="a login", found=f"refused: {current.refusal}", evidence=repair
    )


def login_superseded(_: StackOutputs, logins: dict[str, Attempt]) -> Judgement:
    """The previous password no longer logs in."""
    previous, current = logins.get(PREVIOUS), logins.get(CURRENT)
    if previous is None or previous.is_current:
        message = "the secret has no previous password"
        raise NotApplicableError(message)
    if current is None or current.refusal is not None:
        message = "the current password does not log in (login-current)"
        raise NotApplicableError(message)
    found = "a login" if previous.refusal is None else "refused"
    return equal("refused", found, f"version {previous.version}: {previous.refusal or 'accepted'}")


def _period(rules: Properties) -> str:
    if "AutomaticallyAfterDays" in rules:
        return f"every {rules['AutomaticallyAfterDays']} days"
    expression = str(rules.get("ScheduleExpression", "no schedule"))
    number, _, unit = expression.removeprefix("rate(").removesuffix(")").partition(" ")
    return f"every {number} days" if unit.startswith("day") else expression


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "unknown"
