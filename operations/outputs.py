"""The stack's outputs, typed: all that day-2 commands use of the component."""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from operations.errors import CannotRunError

MASTER = "master"
"""Name of the master user on the command line."""

PULUMI_VARIABLE = "OPERATIONS_PULUMI"
"""Environment variable: the pulumi command, if it is not `pulumi` on the PATH."""

PROJECT = Path(__file__).resolve().parents[1]
"""Folder of the Pulumi project."""

_PULUMI_SECONDS = 60
_SUPPORTED_VERSION = 1


class _Document(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, frozen=True, extra="ignore", strict=False)


class BackupPlan(_Document):
    """Schedule and vault of the backup plan; a backup ends within the window."""

    schedule: str
    vault_name: str
    window_hours: float


class DeclaredState(_Document):
    """What the stack's settings declare, in AWS's units (output `declaredState`)."""

    version: int
    environment: str
    protected: bool
    engine_version: str
    auto_minor_version_upgrade: bool
    min_capacity: float
    max_capacity: float
    storage_type: str
    acu_hourly_price_usd: float | None = None
    instance_identifiers: list[str]
    iam_roles: dict[str, str] = {}
    availability_zones: list[str]
    subnet_group_name: str
    subnet_ids: list[str]
    parameter_group_name: str
    parameters: dict[str, str]
    backup_retention_days: int
    backup_window: str
    backup_plan: BackupPlan | None = None
    maintenance_window: str
    deletion_protection: bool
    log_group_names: dict[str, str]
    log_retention_days: int
    performance_insights: bool
    performance_insights_retention_days: int
    monitoring_interval_seconds: int
    alarm_names: list[str]
    notification_emails: list[str]
    client_security_group_ids: list[str]
    task_role_names: dict[str, list[str]]
    execution_role_name: str | None = None
    creates_key: bool
    master_username: str
    rotation_days: int
    rotation_window_hours: int
    pinned_version_stage: str
    setup_function_name: str


class User(_Document):
    """A database user, which logs in with an IAM token or with the password in its secret.

    Attributes:
        authentication: `iam` or `password`.
        databases: Databases to which it has access, the one that it connects to first.
        connect_policy_arn: Policy that allows the login; `iam` only.
        secret_arn: Secret; `password` only.
    """

    authentication: str
    databases: list[str] = []
    connect_policy_arn: str | None = None
    secret_arn: str | None = None


class StackOutputs(_Document):
    """Outputs of a stack that the commands need.

    Attributes:
        users: Database users of applications, by name.
        raw: Every output, by its own name.
    """

    cluster_arn: str
    cluster_identifier: str
    cluster_resource_id: str
    cluster_endpoint: str
    reader_endpoint: str
    port: int
    database_name: str
    security_group_id: str
    master_secret_arn: str
    kms_key_arn: str
    notifications_topic_arn: str
    declared_state: DeclaredState
    users: dict[str, User]
    raw: dict[str, Any]

    @property
    def iam_users(self) -> list[str]:
        """Users that log in with an IAM token."""
        return [name for name, user in self.users.items() if user.connect_policy_arn]

    @property
    def secret_arns(self) -> dict[str, str]:
        """Secrets by the user that they are for; the master user's is `master`."""
        users = {name: user.secret_arn for name, user in self.users.items() if user.secret_arn}
        return {MASTER: self.master_secret_arn, **users}

    @property
    def region(self) -> str:
        """The stack's region."""
        return self.cluster_arn.split(":")[3]

    @property
    def account(self) -> str:
        """The stack's account ID."""
        return self.cluster_arn.split(":")[4]

    @property
    def partition(self) -> str:
        """The stack's partition, such as `aws`."""
        return self.cluster_arn.split(":")[1]


def read_outputs(stack: str, file: Path | None = None) -> StackOutputs:
    """Read a stack's outputs.

    Args:
        stack: Name of the stack.
        file: JSON file written by `pulumi stack output --json`. Default: run that command.

    Raises:
        CannotRunError: Pulumi or the file cannot be read, or the stack was deployed by a version
            without the outputs that the commands need.
    """
    source = str(file) if file else f"stack {stack}"
    return parse_outputs(_load(file) if file else _ask_pulumi(stack), source)


def parse_outputs(raw: Mapping[str, Any], source: str) -> StackOutputs:
    """Validate outputs.

    Args:
        raw: The outputs by name.
        source: Where they come from, for messages.

    Raises:
        CannotRunError: an output is missing or has another type or version; every one is named.
    """
    try:
        outputs = StackOutputs.model_validate({**raw, "raw": dict(raw)})
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()
        )
        message = (
            f"the outputs of {source} are not those of this version ({wrong}). The stack was "
            "deployed by another version of this project: run `pulumi up`, or use the commands of "
            "the version that deployed it"
        )
        raise CannotRunError(message) from None
    version = outputs.declared_state.version
    if version != _SUPPORTED_VERSION:
        message = (
            f"the outputs of {source} have declaredState.version {version}; these commands read "
            f"version {_SUPPORTED_VERSION}: use the commands of the version that deployed the stack"
        )
        raise CannotRunError(message)
    return outputs


def _load(file: Path) -> dict[str, Any]:
    try:
        loaded: Any = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        message = f"--outputs {file}: {error.strerror}"
        raise CannotRunError(message) from None
    except ValueError as error:
        message = f"--outputs {file}: not the JSON of `pulumi stack output --json`: {error}"
        raise CannotRunError(message) from None
    if not isinstance(loaded, dict):
        message = f"--outputs {file}: not a JSON object like that of `pulumi stack output --json`"
        raise CannotRunError(message)
    return cast("dict[str, Any]", loaded)


def _ask_pulumi(stack: str) -> dict[str, Any]:
    pulumi = os.environ.get(PULUMI_VARIABLE, "pulumi")
    command = [pulumi, *["stack", "output", "--json", "--show-secrets=false", "--stack"], stack]
    try:
        done = subprocess.run(
            command,
            cwd=PROJECT,
            capture_output=True,
            text=True,
            timeout=_PULUMI_SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except OSError as error:
        message = (
            f"{pulumi} cannot be run ({error.strerror}): install the Pulumi CLI, set "
            f"{PULUMI_VARIABLE}, or use --outputs FILE"
        )
        raise CannotRunError(message) from None
    except subprocess.TimeoutExpired:
        message = f"`{' '.join(command)}` did not answer within {_PULUMI_SECONDS} s"
        raise CannotRunError(message) from None
    if done.returncode != 0:
        message = f"`{' '.join(command)}` failed: {done.stderr.strip()}"
        raise CannotRunError(message)
    outputs: dict[str, Any] = json.loads(done.stdout or "{}")
    if not outputs:
        message = f"stack {stack} has no outputs: deploy it first (`pulumi up --stack {stack}`)"
        raise CannotRunError(message)
    return outputs
