"""Changes of settings that keep all data: rows, instances, key and secret."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pulumi.automation import CommandError, Stack

from emulator.testing.requests import create_role
from rehearsal import Rehearsal
from rehearsal.policies import keep_data
from tests.engine.plans import Plan
from tests.engine.policy_reports import found, run_pack
from tools.settings_impact.generation import generated
from tools.settings_impact.page import PAGE

Client = Callable[[str], Any]
Configure = Callable[..., Stack]
NAME = "survivor"
CLUSTER = f"dev-{NAME}-cluster-ue2"
ROLE_NAME = "dev-survivor-s3-import"
ROLE = f"arn:aws:iam::123456789012:role/{ROLE_NAME}"
IN_PLACE: dict[str, Any] = {
    "acuHourlyPriceUsd": 0.2,
    "alarmProfile": "production",
    "auroraMaxCapacity": 64,
    "auroraMinCapacity": 1,
    "autoMinorVersionUpgrade": False,
    "backupRetentionDays": 14,
    "backupWindow": "05:30-06:30",
    "clusterParameters": {"work_mem": "8MB", "log_rotation_age": 60},
    "costCenter": "another",
    "customEndpoints": {"reports": {"staticMembers": [1, 2]}},
    "dataClassification": "restricted",
    "databases": {"trialfinder": {"schemas": ["app"]}},
    "deleteAutomatedBackups": False,
    "iamRoles": {"s3Import": ROLE},
    "instanceCount": 2,
    "keyDeletionWindowDays": 30,
    "logExports": ["postgresql"],
    "logRetentionDays": 7,
    "maintenanceWindow": "mon:04:00-mon:05:00",
    "monitoringIntervalSeconds": 30,
    "notificationEmails": ["on-call@example.com"],
    "performanceInsightsRetentionDays": 31,
    "project": "another",
    "rotationDays": 7,
    "rotationWindowHours": 2,
    "runbookBaseUrl": "https://git.example/alarms/",
    "secretRecoveryWindowDays": 7,
    "tags": {"Team": "data"},
    "users": {"another_user": {"authentication": "iam", "access": "readonly"}},
    "usersCheckSchedule": "rate(6 hours)",
}
"""Every setting that can change in place, with a value other than dev's."""
REPLACING: dict[str, Any] = {
    "databaseName": "another",
    "masterUsername": "another_master",
    "kmsKeyId": "alias/shared-database",
}
"""Settings whose change replaces the cluster."""


@pytest.fixture(scope="module")
def configure(rehearsal: Rehearsal, client: Client) -> Iterator[Configure]:
    stacks: list[Stack] = []
    create_role(client("iam"), ROLE_NAME, "rds.amazonaws.com")

    def make(**changes: Any) -> Stack:
        stack = rehearsal.stack(NAME, {"platformName": NAME, **changes}, like="dev")
        stacks.append(stack)
        return stack

    make().up()
    yield make
    make(**IN_PLACE).destroy()
    stacks[-1].workspace.remove_stack(NAME)


def describe(client: Client) -> dict[str, Any]:
    return client("rds").describe_db_clusters(DBClusterIdentifier=CLUSTER)["DBClusters"][0]


def connect(rehearsal: Rehearsal, stack: Stack) -> psycopg.Connection:
    database = rehearsal.database(stack)
    database.wait_for_first_rotation()
    content = database.secret().content
    return psycopg.connect(
        host=content["host"],
        port=content["port"],
        user=content["username"],
        password=content["password"],
        dbname=content["dbname"],
        autocommit=True,
    )


def rows(rehearsal: Rehearsal, stack: Stack) -> list[str]:
    with connect(rehearsal, stack) as connection:
        return [text for (text,) in connection.execute("SELECT text FROM kept ORDER BY text")]


def identity(client: Client) -> dict[str, Any]:
    """Return the resource IDs of cluster, instance, key and secret, which must not change."""
    (instance, *_) = client("rds").describe_db_instances(DBInstanceIdentifier=f"{CLUSTER}-1")[
        "DBInstances"
    ]
    secret = client("secretsmanager").describe_secret(SecretId=f"/dev/rds/{NAME}/master-password")
    key = client("kms").describe_key(KeyId=f"alias/dev-{NAME}-key-ue2")["KeyMetadata"]
    return {
        "cluster": describe(client)["DbClusterResourceId"],
        "instance": instance["DbiResourceId"],
        "secret": secret["ARN"],
        "key": (key["Arn"], key["KeyState"]),
    }


def test_the_page_of_settings_and_their_impact_is_what_the_engine_plans(
    configure: Configure,
) -> None:
    assert generated(configure, NAME) == PAGE.read_text(encoding="utf-8")
    configure()


@pytest.mark.parametrize(
    ("changes", "allowed", "lost"),
    [
        pytest.param({"auroraMaxCapacity": 64}, [], set[str](), id="in place"),
        pytest.param({"kmsKeyId": "alias/shared-database"}, [], {"cluster", "key"}, id="key"),
        pytest.param(
            {"kmsKeyId": "alias/shared-database"},
            [f"{NAME}-key", f"{NAME}-cluster"],
            set[str](),
            id="allowed in this run",
        ),
        pytest.param(
            {"platformName": "renamed"}, [], {"cluster", "instance-1", "key", "secret"}, id="name"
        ),
        pytest.param({"databaseName": "another"}, [], {"cluster"}, id="database"),
    ],
)
def test_the_plan_guard_names_what_a_plan_would_lose(
    configure: Configure,
    rehearsal: Rehearsal,
    tmp_path: Path,
    changes: dict[str, Any],
    allowed: list[str],
    lost: set[str],
) -> None:
    configure(**changes)
    file = tmp_path / "policies.json"
    guarded = keep_data(rehearsal.launcher, NAME, "dev", file, *allowed)
    _, report = run_pack(rehearsal, "preview", NAME, "dev", guarded)
    named = set(re.findall(rf"{NAME}-([\w-]+): ARN is not in the plan", report))
    assert named == lost
    assert ("data-is-kept" in found(report, "mandatory")) is bool(lost)
    configure()


def test_changing_every_setting_that_can_change_in_place_keeps_all_data(
    configure: Configure, client: Client, rehearsal: Rehearsal
) -> None:
    stack = configure()
    with connect(rehearsal, stack) as connection:
        connection.execute("CREATE TABLE kept (text text)")
        connection.execute("INSERT INTO kept VALUES ('a row')")
    before = identity(client)
    plan = Plan()
    configure(**IN_PLACE).up(on_event=plan.record)
    operations = {name: step.operation for name, step in plan.steps.items()}
    assert set(operations.values()) == {"create", "update", "delete", "replace"}
    assert {name for name, done in operations.items() if done == "replace"} == {f"{NAME}-setup"}
    assert {name for name, done in operations.items() if done == "delete"} == {
        f"{NAME}-log-iam-db-auth-error",
        f"{NAME}-trialfinder_app-connect-policy",
        f"{NAME}-trialfinder_app-connect-dev-trialfinder-ecs-task-role",
    }
    assert identity(client) == before
    assert rows(rehearsal, stack) == ["a row"]
    cluster = describe(client)
    assert len(cluster["DBClusterMembers"]) == 2
    assert cluster["AssociatedRoles"] == [
        {"RoleArn": ROLE, "Status": "ACTIVE", "FeatureName": "s3Import"}
    ]
    (endpoint,) = client("rds").describe_db_cluster_endpoints(
        DBClusterEndpointIdentifier=f"dev-{NAME}-reports-ue2"
    )["DBClusterEndpoints"]
    assert endpoint["StaticMembers"] == [f"{CLUSTER}-1", f"{CLUSTER}-2"]
    assert stack.outputs()["customEndpoints"].value == {"reports": endpoint["Endpoint"]}


def test_aws_rejects_every_replacement_before_anything_is_deleted(
    configure: Configure, client: Client, rehearsal: Rehearsal
) -> None:
    before = identity(client)
    plan = Plan()
    with pytest.raises(CommandError):
        configure(**IN_PLACE, **REPLACING).up(on_event=plan.record)
    assert any("DBClusterAlreadyExistsFault" in text for text in plan.errors())
    assert identity(client) == before
    again = configure(**IN_PLACE)
    again.up()
    assert rows(rehearsal, again) == ["a row"]


def test_a_major_upgrade_keeps_the_rows_and_changes_groups_in_the_right_order(
    configure: Configure, client: Client, rehearsal: Rehearsal
) -> None:
    """RDS does not delete a parameter group in use: the new one must be created first.

    An upgrade that waited for the maintenance window would keep the old group in use.

    The emulated server remains PostgreSQL 17: only AWS upgrades the data files.
    """
    before = identity(client)
    waiting = {**IN_PLACE, "applyImmediately": False}
    stack = configure(**waiting, engineVersion="18.4", allowEngineUpgrade=True)
    plan = Plan()
    stack.up(on_event=plan.record)
    assert plan.steps[f"{NAME}-cluster"].operation == "update"
    assert plan.steps[f"{NAME}-parameter-group-18"].operation == "create"
    assert plan.steps[f"{NAME}-parameter-group-17"].operation == "delete"
    cluster = describe(client)
    assert cluster["EngineVersion"] == "18.4"
    assert cluster["DBClusterParameterGroup"] == f"dev-{NAME}-postgresql18-ue2"
    groups = client("rds").describe_db_cluster_parameter_groups()["DBClusterParameterGroups"]
    own = {
        row["DBClusterParameterGroupName"]
        for row in groups
        if NAME in row["DBClusterParameterGroupName"]
    }
    assert own == {f"dev-{NAME}-postgresql18-ue2"}
    assert stack.outputs()["engineVersion"].value == "18.4"
    assert identity(client) == before
    assert rows(rehearsal, stack) == ["a row"]
    settled = configure(**waiting, engineVersion="18.4")
    plan = Plan()
    settled.preview(on_event=plan.record)
    assert set(plan.steps) <= {f"{NAME}-cluster"}
