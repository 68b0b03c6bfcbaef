"""Faults of AWS, of the credentials and of the outputs: one sentence, the right exit code."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.engine.operations.conftest import Command
from tests.operations.defects.deployed import Deployed
from tests.operations.fault_proxy import DENIED, Fault, FaultProxy


def results(document: dict[str, Any]) -> dict[str, str]:
    return {each["id"]: each["result"] for each in document["checks"]}


def unknown(document: dict[str, Any]) -> set[str]:
    return {name for name, result in results(document).items() if result == "unknown"}


@pytest.mark.parametrize(
    ("action", "unjudged"),
    [
        ("kms:DescribeKey", {"key-enabled", "key-rotation"}),
        ("ec2:DescribeSecurityGroupRules", {"security-group-rules"}),
        ("iam:GetRole", {"connect-sufficient", "secret-readable"}),
        ("iam:SimulatePrincipalPolicy", {"connect-sufficient", "secret-readable"}),
        ("logs:DescribeLogStreams", {"logs-received"}),
        ("cloudtrail:GetTrailStatus", {"rotation-trail"}),
        ("rds:DescribeDBClusterAutomatedBackups", {"automated-backups"}),
        (
            "secretsmanager:GetSecretValue",
            {
                *("secret-format", "login-current", "login-superseded", "tls-refused-without"),
                *("parameters-in-force", "parameters-pending", "master-without-iam"),
                "users-declared",
            },
        ),
    ],
)
def test_a_missing_permission_is_named_and_the_other_checks_run(
    command: Command, environment: FaultProxy, action: str, unjudged: set[str]
) -> None:
    environment.faults[action] = DENIED
    ended = command("verify", "--json")
    assert (ended.code, ended.json["result"]) == (2, "incomplete")
    assert unknown(ended.json) == unjudged
    evidence = {each["evidence"] for each in ended.json["checks"] if each["id"] in unjudged}
    assert evidence == {f"the credentials do not allow {action} ({DENIED.message})"}
    assert ended.json["summary"]["failed"] == 0


def test_a_denied_key_is_named_instead_of_the_secret(
    command: Command, environment: FaultProxy
) -> None:
    environment.faults["secretsmanager:GetSecretValue"] = Fault(
        "AccessDeniedException", "Access to KMS is not allowed"
    )
    ended = command("inspect", "locks")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        "operations: AWS denies secretsmanager:GetSecretValue (Access to KMS is not allowed): allow "
        "kms:Decrypt on the key, both in the IAM policy of the credentials and in the key policy\n"
    )


def test_a_short_throttling_is_survived(command: Command, environment: FaultProxy) -> None:
    environment.faults["rds:DescribeDBClusters"] = Fault("Throttling", times=2)
    ended = command("verify", "--json", "--only", "infrastructure")
    assert (ended.code, ended.json["result"]) == (0, "passed")


def test_a_long_throttling_is_reported(command: Command, environment: FaultProxy) -> None:
    environment.faults["kms:DescribeKey"] = Fault("ThrottlingException")
    ended = command("verify", "--json", "--only", "key-enabled")
    assert ended.code == 2
    assert ended.json["checks"][0]["evidence"] == (
        "AWS throttles kms:DescribeKey (ThrottlingException); run the command again in a minute"
    )


@pytest.mark.parametrize("verb", ["status", "verify", "inspect locks", "rotate status"])
def test_expired_credentials_end_the_command_with_one_sentence(
    command: Command, environment: FaultProxy, verb: str
) -> None:
    environment.faults["sts:GetCallerIdentity"] = Fault(
        "ExpiredToken", "The token has expired", 403
    )
    ended = command(*verb.split())
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        "operations: AWS does not accept the credentials (ExpiredToken: The token has expired): "
        "renew them, for example with `aws sso login`, and check AWS_PROFILE\n"
    )


def test_credentials_that_expire_during_the_command_end_it(
    command: Command, environment: FaultProxy
) -> None:
    environment.faults["rds:DescribeDBClusters"] = Fault("ExpiredToken", "The token has expired")
    ended = command("verify")
    assert ended.code == 2
    assert "renew them" in ended.err
    assert "Traceback" not in ended.err


def test_without_network_the_command_says_so(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    ended = command("status")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("operations: AWS does not answer sts:GetCallerIdentity: Could not")


def test_the_credentials_of_another_account_are_refused(
    command: Command, deployed: Deployed
) -> None:
    outputs = copy.deepcopy(deployed.outputs)
    outputs["clusterArn"] = outputs["clusterArn"].replace("123456789012", "999999999999")
    ended = command("verify", outputs=outputs)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        "operations: the credentials belong to account 123456789012 "
        "(arn:aws:sts::123456789012:user/moto), but stack dev is in account 999999999999: choose "
        "another AWS_PROFILE or another --stack\n"
    )


def test_another_configured_region_is_noted_by_a_read_and_refused_by_a_change(
    command: Command, environment: FaultProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    read = command("verify", "--only", "cluster-available")
    assert read.code == 0
    assert read.err.startswith("the configured region is eu-west-1, but stack dev is in us-east-2")
    environment.calls.clear()
    change = command("rotate", "--apply")
    assert change.code == 2
    assert "set AWS_REGION to the stack's region before changing it" in change.err
    assert environment.actions == ["sts:GetCallerIdentity"]


def _without_state(outputs: dict[str, Any]) -> None:
    del outputs["declaredState"]


def _text_as_port(outputs: dict[str, Any]) -> None:
    outputs["port"] = "many"


def _older_state(outputs: dict[str, Any]) -> None:
    del outputs["declaredState"]["minCapacity"]


def _newer_state(outputs: dict[str, Any]) -> None:
    outputs["declaredState"]["version"] = 2


@pytest.mark.parametrize(
    ("defect", "part"),
    [
        (_without_state, "declaredState: Field required"),
        (_text_as_port, "port: Input should be a valid integer"),
        (_older_state, "declaredState.minCapacity: Field"),
        (_newer_state, "declaredState.version 2; these commands"),
    ],
)
def test_outputs_of_another_version_are_refused(
    command: Command,
    deployed: Deployed,
    defect: Callable[[dict[str, Any]], None],
    part: str,
) -> None:
    outputs = copy.deepcopy(deployed.outputs)
    defect(outputs)
    ended = command("verify", outputs=outputs)
    assert (ended.code, ended.out) == (2, "")
    assert part in ended.err
    assert "Traceback" not in ended.err


def test_a_deleted_cluster_fails_what_depends_on_it_and_leaves_the_rest(
    command: Command, deployed: Deployed
) -> None:
    outputs = copy.deepcopy(deployed.outputs)
    outputs["clusterIdentifier"] = "gone"
    ended = command("verify", "--json", outputs=outputs)
    assert ended.code == 1
    found = results(ended.json)
    assert found["cluster-available"] == "failed"
    assert found["key-enabled"] == found["secret-rotation"] == "passed"
    (row,) = [each for each in ended.json["checks"] if each["id"] == "cluster-available"]
    assert row["found"] == "does not exist"


def test_every_page_of_a_list_is_read(command: Command, environment: FaultProxy) -> None:
    environment.page_sizes["rds:DescribeDBClusterParameters"] = 100
    ended = command("verify", "--json", "--only", "parameters-in-rds")
    assert (ended.code, ended.json["result"]) == (0, "passed")
    pages = [m for a, m in environment.calls if a == "rds:DescribeDBClusterParameters"]
    assert len(pages) >= 3, "work_mem is on the last page"


def test_an_unreachable_database_leaves_its_checks_unjudged(
    command: Command, deployed: Deployed
) -> None:
    outputs = copy.deepcopy(deployed.outputs)
    outputs["clusterEndpoint"] = "127.0.0.2"
    ended = command("verify", "--json", "--only", "parameters-in-force", outputs=outputs)
    assert ended.code == 2
    assert ended.json["checks"][0]["evidence"].startswith("127.0.0.2:5432 cannot be reached from")
    without = command("verify", "--json", "--without-database", outputs=outputs)
    connecting = {"login-current", "parameters-in-force", "tls-refused-without", "users-declared"}
    assert connecting.isdisjoint(results(without.json))
