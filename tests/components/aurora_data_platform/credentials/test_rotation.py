"""Rotation of the master secret: network access, permissions and order of creation."""

import json
from typing import Any

import pulumi
import pytest

from components.aurora_data_platform.functions import package as lambda_package
from tests.components.aurora_data_platform.platforms import platform
from tools.testing.programs import run_program
from tools.testing.recorder import Recording


def rules(recording: Recording) -> dict[str, tuple[Any, ...]]:
    """Return group, peer or address range, and port of the rules by name."""
    return {
        each.name: tuple(
            each.inputs.get(key)
            for key in ("securityGroupId", "referencedSecurityGroupId", "cidrIpv4", "toPort")
        )
        for each in recording.of_type("IngressRule") + recording.of_type("EgressRule")
        if "-rotation-" in each.name
    }


OWN, DATABASE = "p-rotation-security-group-id", "p-security-group-id"
DATABASE_WAY = {
    "p-rotation-egress-to-database": (OWN, DATABASE, None, 5432),
    "p-rotation-ingress-to-database": (DATABASE, OWN, None, 5432),
}


def test_the_function_reaches_only_the_database_and_its_own_endpoint() -> None:
    recording = platform()
    endpoint = "p-secrets-endpoint-security-group-id"
    assert rules(recording) == {
        **DATABASE_WAY,
        "p-rotation-egress-to-secrets-manager": (OWN, endpoint, None, 443),
        "p-rotation-ingress-to-secrets-manager": (endpoint, OWN, None, 443),
    }
    created = recording.only(":VpcEndpoint").inputs
    assert created["serviceName"] == "com.amazonaws.us-east-2.secretsmanager"
    assert created["privateDnsEnabled"] is False, "DNS in the rest of the VPC is unchanged"
    variables = recording.named("p-rotation-function").inputs["environment"]["variables"]
    assert variables == {
        "ROTATION_STRATEGY": "single-user",
        "AWS_ENDPOINT_URL_SECRETS_MANAGER": "https://vpce-1.example",
    }


def test_an_existing_endpoint_is_reached_through_its_security_group() -> None:
    recording = platform(
        secrets_manager_connectivity="existing-endpoint",
        secrets_endpoint_security_group_id="sg-endpoint",
    )
    assert rules(recording) == {
        **DATABASE_WAY,
        "p-rotation-egress-to-secrets-manager": (OWN, "sg-endpoint", None, 443),
        "p-rotation-ingress-to-secrets-manager": ("sg-endpoint", OWN, None, 443),
    }
    assert recording.of_type(":VpcEndpoint") == []
    variables = recording.named("p-rotation-function").inputs["environment"]["variables"]
    assert variables == {"ROTATION_STRATEGY": "single-user"}


def test_an_existing_endpoint_requires_its_security_group() -> None:
    with pytest.raises(
        pulumi.RunError, match="existing-endpoint requires secrets_endpoint_security_group_id"
    ):
        platform(secrets_manager_connectivity="existing-endpoint")


def test_with_a_nat_gateway_the_function_leaves_the_vpc_by_https_only() -> None:
    recording = platform(secrets_manager_connectivity="nat")
    assert rules(recording) == {
        **DATABASE_WAY,
        "p-rotation-egress-to-internet": (OWN, None, "0.0.0.0/0", 443),
    }
    assert recording.of_type(":VpcEndpoint") == []


def test_the_first_rotation_waits_for_everything_that_it_needs() -> None:
    recording = run_program("prod")
    assert set(recording.depends_on("aurora-rotation")) == {
        "aurora-secret-version",
        *("aurora-instance-1", "aurora-instance-2"),
        "aurora-rotation-permission",
        *("aurora-rotation-egress-to-database", "aurora-rotation-ingress-to-database"),
        "aurora-rotation-egress-to-secrets-manager",
        "aurora-rotation-ingress-to-secrets-manager",
        "aurora-secrets-endpoint",
    }
    assert recording.named("aurora-rotation").inputs == {
        "secretId": "arn:aws:secret:us-east-2:123456789012:aurora-secret",
        "rotationLambdaArn": "arn:aws:function:us-east-2:123456789012:aurora-rotation-function",
        "rotationRules": {"scheduleExpression": "rate(30 days)", "duration": "3h"},
        "rotateImmediately": True,
    }


OFTEN = {"rotation_days": 1, "rotation_reserved_concurrency": 2}


@pytest.mark.parametrize(
    ("changes", "expression"), [(OFTEN, "rate(1 day)"), ({"rotation_days": 7}, "rate(7 days)")]
)
def test_the_schedule_has_the_format_of_aws(changes: dict[str, int], expression: str) -> None:
    rotation = platform(**changes).named("p-rotation").inputs
    assert rotation["rotationRules"]["scheduleExpression"] == expression


def test_only_secrets_manager_may_invoke_the_function_for_this_secret_of_this_account() -> None:
    inputs = platform().named("p-rotation-permission").inputs
    assert inputs == {
        "action": "lambda:InvokeFunction",
        "function": "test-aurora-rotation-ue2",
        "principal": "secretsmanager.amazonaws.com",
        "sourceAccount": "123456789012",
        "sourceArn": "arn:aws:secret:us-east-2:123456789012:p-secret",
        "statementId": "SecretsManagerRotates",
    }


def test_the_functions_policy_names_exact_resources() -> None:
    policy = json.loads(platform().named("p-rotation-policy").inputs["policy"])
    resources = {row["Sid"]: row["Resource"] for row in policy["Statement"]}
    assert resources == {
        "RotateSecret": "arn:aws:secret:us-east-2:123456789012:p-secret",
        "UseKey": "arn:aws:key:us-east-2:123456789012:p-key",
        "WriteLog": "arn:aws:logs:us-east-2:123456789012:log-group:"
        "/aws/lambda/test-aurora-rotation-ue2:*",
        "SendDeadLetters": "arn:aws:queue:us-east-2:123456789012:p-rotation-dead-letters",
        "AttachToNetwork": "*",
        "Trace": "*",
    }


def test_the_archive_is_the_function_and_its_driver() -> None:
    inputs = platform().named("p-rotation-function").inputs
    assert set(inputs["code"]["archive"]) == {
        path.partition("/")[0] for path in lambda_package.files()
    }
    assert {"components", "pg8000", "scramp", "asn1crypto"} <= set(inputs["code"]["archive"])
    assert (inputs["runtime"], inputs["architectures"]) == ("python3.14", ["arm64"])
    assert inputs["handler"] == lambda_package.ROTATION_HANDLER


def test_no_concurrency_is_reserved_unless_configured() -> None:
    """New accounts cannot reserve any: Lambda keeps their whole quota of 10 unreserved."""
    assert "reservedConcurrentExecutions" not in platform().named("p-rotation-function").inputs
    reserved = platform(**OFTEN).named("p-rotation-function").inputs
    assert reserved["reservedConcurrentExecutions"] == 2


def test_the_security_group_is_deleted_before_the_permissions_that_delete_its_interfaces() -> None:
    recording = platform()
    for name in ("p-rotation-security-group", "p-secrets-endpoint-security-group"):
        assert recording.depends_on(name) == ["p-rotation-attachment"]
        timeouts = recording.options[name].custom_timeouts
        assert timeouts is not None
        assert timeouts.delete == "60m"
    assert recording.depends_on("p-rotation-function") == ["p-rotation-attachment"]


def test_the_first_version_is_deleted_only_with_its_secret() -> None:
    """Rotations move its labels, so deleting the version itself would fail."""
    assert platform().options["p-secret-version"].retain_on_delete is True
