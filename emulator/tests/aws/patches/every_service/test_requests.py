"""Requests that violate their service's model, with each service's error code."""

from typing import Any

import pytest
from botocore.config import Config

from emulator.aws.server import RunningServer
from emulator.testing.requests import SESSION
from emulator.tests.aws.requests import Rejection, rejection

pytestmark = pytest.mark.emulator

_TOO_LONG = (
    "1 validation error detected: Value '{}' at '{}' failed to satisfy constraint: Member must "
    "have length less than or equal to {}"
)
LONG = "x" * 65


def _unchecked(server: RunningServer, service: str) -> Any:
    """Return a client that sends requests without checking them, as other SDKs do."""
    config = Config(parameter_validation=False, retries={"total_max_attempts": 1})
    return SESSION.client(service, endpoint_url=server.url, config=config)


@pytest.mark.parametrize(
    ("service", "operation", "members", "code", "message"),
    [
        (
            "iam",
            "create_role",
            {"RoleName": LONG, "AssumeRolePolicyDocument": "{}"},
            "ValidationError",
            _TOO_LONG.format(LONG, "roleName", 64),
        ),
        (
            "events",
            "put_rule",
            {"Name": LONG, "ScheduleExpression": "rate(1 day)"},
            "ValidationException",
            _TOO_LONG.format(LONG, "name", 64),
        ),
        (
            "lambda",
            "put_function_concurrency",
            {"FunctionName": LONG * 4, "ReservedConcurrentExecutions": 1},
            "ValidationException",
            _TOO_LONG.format(LONG * 4, "functionName", 140),
        ),
        (
            "logs",
            "create_log_group",
            {"logGroupName": "a b"},
            "InvalidParameterException",
            "1 validation error detected: Value 'a b' at 'logGroupName' failed to satisfy "
            r"constraint: Member must satisfy regular expression pattern: [\.\-_/#A-Za-z0-9]+",
        ),
        (
            "secretsmanager",
            "create_secret",
            {"Name": "empty", "SecretString": ""},
            "ValidationException",
            "1 validation error detected: Value at 'secretString' failed to satisfy constraint: "
            "Member must have length greater than or equal to 1",
        ),
        (
            "kms",
            "enable_key_rotation",
            {"KeyId": "any", "RotationPeriodInDays": 89},
            "ValidationException",
            "1 validation error detected: Value '89' at 'rotationPeriodInDays' failed to satisfy "
            "constraint: Member must have value greater than or equal to 90",
        ),
        (
            "cloudwatch",
            "put_composite_alarm",
            {"AlarmName": "any", "AlarmRule": "TRUE", "AlarmActions": ["a"] * 6},
            "ValidationError",
            _TOO_LONG.format("[a, a, a, a, a, a]", "alarmActions", 5),
        ),
        (
            "rds",
            "create_db_cluster",
            {"DBClusterIdentifier": "any", "Engine": "any", "DatabaseInsightsMode": "deluxe"},
            "ValidationError",
            "1 validation error detected: Value 'deluxe' at 'databaseInsightsMode' failed to "
            "satisfy constraint: Member must satisfy enum value set: [standard, advanced]",
        ),
        (
            "ec2",
            "create_vpc_endpoint",
            {"VpcId": "any", "ServiceName": "any", "VpcEndpointType": "Door"},
            "InvalidParameterValue",
            "1 validation error detected: Value 'Door' at 'vpcEndpointType' failed to satisfy "
            "constraint: Member must satisfy enum value set: [Interface, Gateway, "
            "GatewayLoadBalancer, Resource, ServiceNetwork, Tunnel]",
        ),
    ],
)
def test_a_request_that_violates_its_model_is_rejected(
    server: RunningServer,
    service: str,
    operation: str,
    members: dict[str, Any],
    code: str,
    message: str,
) -> None:
    call = getattr(_unchecked(server, service), operation)
    assert rejection(call, **members) == Rejection(code, message)


def test_a_missing_required_member_is_rejected(server: RunningServer) -> None:
    answered = rejection(_unchecked(server, "iam").create_policy, PolicyName="any")
    assert answered == Rejection(
        "ValidationError",
        "1 validation error detected: Value null at 'policyDocument' failed to satisfy "
        "constraint: Member must not be null",
    )
