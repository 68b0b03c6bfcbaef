"""Platforms with few arguments."""

from dataclasses import fields
from typing import Any

from components.aurora_data_platform import (
    AuroraDataPlatform,
    AuroraDataPlatformArgs,
    PlatformSettings,
)
from tools.testing.recorder import Recording, record, recorded_once

USERS = {
    "web": {"authentication": "iam", "access": "readwrite", "taskRoles": ["web-task"]},
    "reports": {
        "authentication": "password",
        "access": "readonly",
        "taskRoles": ["reports-task"],
        "executionRoles": ["reports-execution"],
    },
}
"""One user of each kind."""


def arguments(**changes: Any) -> AuroraDataPlatformArgs:
    """Return the platform's arguments with changes by name, of settings or of other arguments."""
    settings: dict[str, Any] = {
        "region": "us-east-2",
        "environment": "test",
        "cost_center": "tests",
    }
    base: dict[str, Any] = {
        "partition": "aws",
        "account_id": "123456789012",
        "vpc_id": "vpc-1",
        "subnet_ids": ["subnet-a", "subnet-b"],
        "client_security_group_ids": {"app": "sg-app"},
    }
    own = {field.name for field in fields(AuroraDataPlatformArgs)}
    for name, value in changes.items():
        (base if name in own and name != "engine_version" else settings)[name] = value
    return AuroraDataPlatformArgs(settings=PlatformSettings(**settings), **base)


@recorded_once
def platform(**changes: Any) -> Recording:
    return record(lambda: AuroraDataPlatform("p", arguments(**changes)).outputs())
