"""The smallest requests that service models accept."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

from emulator.aws.validation.patterns import compiled

TEXTS = (
    "none",
    "v1",
    "us-east-1",
    "lambda:InvokeFunction",
    "arn:aws:iam::123456789012:role/none",
    "arn:aws:lambda:us-east-2:123456789012:function:none",
    "arn:aws:lambda:us-east-2:123456789012:code-signing-config:csc-0123456789abcdef0",
    "arn:aws:lambda:us-east-2:123456789012:function:none:1/durable-execution/none/none",
)
"""Values of required texts; the first one that a member's pattern accepts is sent."""

MEMBERS: Mapping[str, Any] = {
    "AlarmRule": 'ALARM("none")',
    "Engine": "aurora-postgresql",
    "TopicArn": "arn:aws:sns:us-east-2:123456789012:none",
    "retentionInDays": 1,
}
"""Values of required members that models do not describe completely."""

NEEDED: Mapping[str, Mapping[str, Any]] = {
    "CreateDBInstance": {"DBClusterIdentifier": "none"},
    "CreateVpcEndpoint": {"ServiceName": "com.amazonaws.us-east-2.secretsmanager"},
    "ModifySecurityGroupRules": {
        "SecurityGroupRules": [
            {"SecurityGroupRuleId": "none", "SecurityGroupRule": {"IpProtocol": "tcp"}}
        ]
    },
    "ReplicateSecretToRegions": {"AddReplicaRegions": [{"Region": "us-east-1"}]},
    "RestoreDBClusterToPointInTime": {"SourceDBClusterIdentifier": "none"},
}
"""Members that AWS requires of an operation, although its model does not."""

VALUES: Mapping[str, Callable[[], Any]] = {
    "blob": lambda: b"none",
    "boolean": lambda: False,
    "timestamp": lambda: datetime(2026, 1, 1, tzinfo=UTC),
}


def minimal_request(operation: OperationModel) -> dict[str, Any]:
    """Return a request with the required members of an operation only."""
    shape: StructureShape | None = operation.input_shape
    required = _members(shape, shape.required_members) if shape else {}
    return {**required, **NEEDED.get(operation.name, {})}


def _members(shape: StructureShape, names: Iterable[str]) -> dict[str, Any]:
    return {
        name: MEMBERS[name] if name in MEMBERS else _value(shape.members[name]) for name in names
    }


def _structure(shape: StructureShape) -> dict[str, Any]:
    # The models mark no member of a tag or parameter as required, but AWS rejects empty ones.
    texts = [name for name, member in shape.members.items() if member.type_name == "string"]
    return _members(shape, shape.required_members or texts)


def _value(shape: Shape) -> Any:
    low = int(shape.metadata.get("min", 0))
    if isinstance(shape, StructureShape):
        return _structure(shape)
    if isinstance(shape, ListShape):
        # The query protocol cannot send an empty list.
        return [_value(shape.member) for _ in range(max(low, 1))]
    if isinstance(shape, MapShape):
        return {_value(shape.key): _value(shape.value) for _ in range(low)}
    if shape.type_name == "string":
        return _text(shape, low)
    return VALUES.get(shape.type_name, lambda: low)()


def _text(shape: Shape, low: int) -> str:
    pattern = compiled(shape.metadata.get("pattern", "(?s).*"))
    texts = shape.metadata.get("enum") or [text.ljust(low, "a") for text in TEXTS]
    return next(text for text in texts if pattern.fullmatch(text))
