"""The IAM policies in docs/ci: generated, complete, valid, and no wider than their purpose."""

import json
import re
from importlib import import_module
from typing import Any

import pytest
from pulumi import CustomResource

from tools.deployment_roles import recorder
from tools.deployment_roles.documents import ROLES, documents, load, needed_actions, text
from tools.repository import ROOT, read_yaml
from tools.testing.iam_database import arn_formats, details, overlap, supports_condition_key

DOCUMENTS = documents()
STATEMENTS: list[tuple[str, dict[str, Any]]] = [
    (role, row) for role in ROLES for row in DOCUMENTS[role]["Statement"]
]
LONGEST = {
    "ACCOUNT_ID": "123456789012",
    "REGION": "ap-southeast-2",
    "ENVIRONMENT": "e" * 20,
    "STATE_BUCKET": "b" * 63,
    "STATE_KEY_ID": "mrk-" + "0" * 32,
}


def granted(role: str) -> set[str]:
    return {action for row in DOCUMENTS[role]["Statement"] for action in row["Action"]}


def is_resource(module: str, name: str) -> bool:
    return issubclass(getattr(import_module(f"pulumi_aws.{module}"), name), CustomResource)


@pytest.mark.parametrize("role", ROLES)
def test_the_stored_policy_is_the_generated_one(role: str) -> None:
    stored = (ROOT / f"docs/ci/{role}.json").read_text(encoding="utf-8")
    assert stored == text(DOCUMENTS[role]), "run `.venv/bin/python -m tools.deployment_roles`"


def test_every_resource_type_and_lookup_of_the_program_has_its_actions() -> None:
    source = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in ("components", "program")
        for path in (ROOT / folder).rglob("*.py")
    )
    types = set(re.findall(r"\baws\.([a-z0-9_]+\.[A-Z]\w+)", source))
    types = {each for each in types if is_resource(*each.split("."))}
    lookups = set(re.findall(r"\baws\.((?:[a-z0-9_]+\.)?get_\w+?)\(", source))
    table = load("actions.yaml")
    assert len(types) > 20
    assert types == table["types"].keys()
    assert lookups == table["lookups"].keys()


def test_every_action_exists() -> None:
    actions = granted("deploy") | granted("backups")
    assert [action for action in actions if not details(action)] == []
    assert granted("preview") < granted("drift") < actions


def test_the_preview_role_reads_only_lookups_and_the_state() -> None:
    state = {"s3:GetObject", "s3:ListBucket", "kms:Decrypt"}
    assert granted("preview") == needed_actions()["preview"] | state
    assert not granted("preview") & {"secretsmanager:GetSecretValue", "lambda:GetFunction"}
    (decrypt,) = (
        row for row in DOCUMENTS["preview"]["Statement"] if "kms:Decrypt" in row["Action"]
    )
    assert decrypt["Resource"] == ["arn:aws:kms:REGION:ACCOUNT_ID:key/STATE_KEY_ID"]


@pytest.mark.parametrize("role", ["preview", "drift"])
def test_a_role_that_plans_changes_nothing(role: str) -> None:
    # AWS counts Decrypt as a write.
    writes = granted(role) - {"kms:Decrypt"}
    levels = {details(action)["accessLevel"] for action in writes}
    assert levels <= {"Read", "List"}


def test_the_drift_role_reads_the_secret_and_the_environment_of_the_function() -> None:
    rows = DOCUMENTS["drift"]["Statement"]
    (use,) = (row for row in rows if row["Sid"] == "UseKeys")
    assert use["Action"] == ["kms:Decrypt"]
    services = use["Condition"]["StringEquals"]["kms:ViaService"]
    assert {"lambda.REGION.amazonaws.com", "secretsmanager.REGION.amazonaws.com"} <= set(services)
    assert "secretsmanager:GetSecretValue" in granted("drift")


def test_the_drill_role_can_change_temporary_clusters_only() -> None:
    writes = {"rds:CreateDBInstance", "rds:DeleteDBCluster", "rds:DeleteDBInstance"}
    rows = [row for row in DOCUMENTS["drill"]["Statement"] if writes & set(row["Action"])]
    changed = {
        resource
        for row in rows
        for resource in row["Resource"]
        if re.search(r":(cluster|db):", resource)
    }
    assert changed == {
        "arn:aws:rds:REGION:ACCOUNT_ID:cluster:ENVIRONMENT-*-drill-*",
        "arn:aws:rds:REGION:ACCOUNT_ID:db:ENVIRONMENT-*-drill-*",
    }
    recorded = read_yaml(ROOT / "operations/verbs/permissions.yaml")
    needed = set(recorded["drill restore --apply"]) | set(recorded["drill sweep --apply"])
    assert needed <= granted("drill")


def test_the_deploy_role_can_verify_what_it_has_deployed() -> None:
    recorded = read_yaml(ROOT / "operations/verbs/permissions.yaml")
    of_a_backup_plan = {each for each in recorded["verify"] if each.startswith("backup:")}
    assert set(recorded["verify"]) - of_a_backup_plan <= granted("deploy")
    assert of_a_backup_plan <= granted("backups")


def test_the_deploy_role_can_remove_the_network_interfaces_of_a_deleted_function() -> None:
    assert {
        "ec2:DescribeNetworkInterfaces",
        "ec2:DetachNetworkInterface",
        "ec2:DeleteNetworkInterface",
    } <= granted("deploy")


def test_only_the_deploy_role_invokes_functions_and_only_those_of_its_environment() -> None:
    rows = {
        role: [
            row for row in DOCUMENTS[role]["Statement"] if "lambda:InvokeFunction" in row["Action"]
        ]
        for role in ROLES
    }
    assert {role: [row["Resource"] for row in found] for role, found in rows.items()} == {
        "preview": [],
        "drift": [],
        "drill": [],
        "backups": [],
        "deploy": [["arn:aws:lambda:REGION:ACCOUNT_ID:function:ENVIRONMENT-*"]],
    }


def test_the_deploy_role_reads_and_writes_the_state_of_its_stack_only() -> None:
    rows = [
        row
        for row in DOCUMENTS["deploy"]["Statement"]
        if any(action.startswith("s3:") for action in row["Action"])
    ]
    assert {action for row in rows for action in row["Action"]} == {
        "s3:DeleteObject",
        "s3:GetObject",
        "s3:ListBucket",
        "s3:PutObject",
    }
    writes = [row["Resource"] for row in rows if "s3:PutObject" in row["Action"]]
    assert [each for row in writes for each in row] == [
        "arn:aws:s3:::STATE_BUCKET/.pulumi/*/aurora-data-platform/ENVIRONMENT.*",
        "arn:aws:s3:::STATE_BUCKET/.pulumi/*/aurora-data-platform/ENVIRONMENT/*",
    ]


def test_every_resource_is_one_that_the_action_supports() -> None:
    def fits(action: str, resources: list[str]) -> bool:
        formats = arn_formats(action)
        return any(overlap(pattern, each) for pattern in resources for each in formats)

    assert [
        (role, row["Sid"], action, row["Resource"], arn_formats(action))
        for role, row in STATEMENTS
        for action in row["Action"]
        if row["Resource"] != ["*"] and not fits(action, row["Resource"])
    ] == []


def test_only_harmless_or_conditional_actions_apply_to_every_resource() -> None:
    # A hosted zone of AWS's own, for the endpoint's private name; the storage behind a vault.
    harmless = ("route53:AssociateVPCWithHostedZone", "backup-storage:MountCapsule")
    levels = {
        (role, row["Sid"], action): details(action)["accessLevel"]
        for role, row in STATEMENTS
        if row["Resource"] == ["*"] and "Condition" not in row
        for action in row["Action"]
        if action not in harmless
    }
    assert {key: level for key, level in levels.items() if level not in ("Read", "List")} == {}


def test_every_condition_key_is_one_that_the_action_supports() -> None:
    assert [
        (role, row["Sid"], action, key)
        for role, row in STATEMENTS
        for keys in row.get("Condition", {}).values()
        for action in row["Action"]
        for key in keys
        if not supports_condition_key(action, key)
    ] == []


@pytest.mark.parametrize("role", ROLES)
def test_a_policy_fits_into_the_inline_policies_of_a_role(role: str) -> None:
    # IAM User Guide, "IAM and AWS STS quotas": 10,240 characters without white space.
    policy = json.dumps(DOCUMENTS[role], separators=(",", ":"))
    for word, value in LONGEST.items():
        policy = policy.replace(word, value)
    assert len(policy) <= 10_240


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "expected"),
    [
        ("POST", "/", {}, "Action=DescribeDBClusters&Version=1", ("rds:DescribeDBClusters", "")),
        ("POST", "/", {"x-amz-target": "Logs_20140328.CreateLogGroup"}, "{}", ("logs:CreateLogGroup", "")),
        ("POST", "/service/GraniteServiceVersion20100801/operation/PutMetricAlarm", {}, "", ("cloudwatch:PutMetricAlarm", "")),
        ("GET", "/2015-03-31/functions/one/policy", {}, "", ("lambda:GetPolicy", "")),
        ("POST", "/2015-03-31/functions/one/invocations", {}, "", ("lambda:InvokeFunction", "")),
        ("GET", "/bucket?list-type=2&prefix=x", {}, "", ("s3:ListBucket", "")),
        ("HEAD", "/bucket/.pulumi/meta.yaml", {}, "", ("s3:GetObject", ".pulumi/meta.yaml")),
        ("DELETE", "/bucket/a/b", {}, "", ("s3:DeleteObject", "a/b")),
    ],
)  # fmt: skip
def test_a_request_is_identified_by_its_iam_action(
    method: str, path: str, headers: dict[str, str], body: str, expected: tuple[str, str]
) -> None:
    service = {"cloudwatch": "monitoring"}.get(
        expected[0].partition(":")[0], expected[0].partition(":")[0]
    )
    signature = f"AWS4-HMAC-SHA256 Credential=KEY/20261127/us-east-2/{service}/aws4_request, X"
    signed = headers | {"authorization": signature}
    assert recorder.identify(method, path, signed, body.encode()) == expected


def test_a_request_without_a_known_operation_is_an_error() -> None:
    signature = "Credential=KEY/20261127/us-east-2/lambda/aws4_request"
    with pytest.raises(recorder.UnknownCallError, match="GET /unknown"):
        recorder.identify("GET", "/unknown", {"authorization": signature}, b"")
