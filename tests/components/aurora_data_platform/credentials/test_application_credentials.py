"""The application secret, which alternating users add without changing anything else."""

import json
from typing import Any

import pytest

from components.aurora_data_platform.aurora.regions import REGIONS
from components.aurora_data_platform.naming import Names
from components.aurora_data_platform.settings.types import RotationStrategy
from components.database_functions.rotation.settings import STRATEGIES
from policy_pack.aurora_policies.pack.catalogue import PROFILES, Profile
from tests.components.aurora_data_platform.test_platform import platform
from tools.testing.policies import Analyzer
from tools.testing.policies import platform as declared
from tools.testing.programs import run_program
from tools.testing.recorder import PASSWORD, Recording, revealed

ALTERNATING = "alternating-users"
MASTER = "arn:aws:secret:us-east-2:123456789012:p-secret"
APPLICATION = "arn:aws:secret:us-east-2:123456789012:p-application-secret"


def rows(recording: Recording) -> dict[str, Any]:
    """Return the resources without monitoring (see `observability/test_rotation_monitoring.py`)."""
    return {
        each.name: (each.type, each.inputs)
        for each in recording.resources
        if recording.parent(each.name) != "p-observability"
    }


def test_the_settings_accept_exactly_the_strategies_of_the_function() -> None:
    assert tuple(RotationStrategy) == STRATEGIES


def test_the_application_gets_its_own_secret_and_rotation() -> None:
    single, alternating = rows(platform()), rows(platform(rotation_strategy=ALTERNATING))
    assert {name: kind.rpartition(":")[2] for name, (kind, _) in alternating.items()
            if name not in single} == {
        "p-application-credentials": "ApplicationCredentials",
        "p-application-password": "RandomPassword",
        "p-application-secret": "Secret",
        "p-application-secret-version": "SecretVersion",
        "p-application-rotation": "SecretRotation",
        "p-application-rotation-attachment": "RolePolicyAttachment",
        "p-application-rotation-dead-letters": "Queue",
        "p-application-rotation-function": "Function",
        "p-application-rotation-log": "LogGroup",
        "p-application-rotation-permission": "Permission",
        "p-application-rotation-policy": "Policy",
        "p-application-rotation-role": "Role",
    }  # fmt: skip
    changed = {name for name, row in single.items() if alternating[name] != row}
    assert changed == {"p-key"}, "only the key policy differs, by a log group"


def test_the_first_version_names_the_application_user_and_is_secret() -> None:
    recording = platform(rotation_strategy=ALTERNATING, application_user="orders")
    assert json.loads(
        revealed(recording.named("p-application-secret-version").inputs["secretString"])
    ) == {
        "engine": "postgres",
        "host": "writer.example",
        "port": 5432,
        "username": "orders",
        "password": PASSWORD,
        "dbname": "trialfinder",
        "dbClusterIdentifier": "test-aurora-cluster-ue2",
    }
    options = recording.options["p-application-secret-version"]
    assert options.ignore_changes == ["secretString", "versionStages"]


def test_the_secret_is_named_tagged_encrypted_and_retained_like_the_master_secret() -> None:
    recording = platform(rotation_strategy=ALTERNATING)
    master, application = (
        dict(recording.named(name).inputs) for name in ("p-secret", "p-application-secret")
    )
    assert application.pop("name") == "/test/rds/aurora/application-password"
    assert application.pop("description") == "Application user of test-aurora-cluster-ue2"
    assert application.pop("tags")["Name"] == "/test/rds/aurora/application-password"
    for key in ("name", "description", "tags"):
        del master[key]
    assert application == master
    protected = {name for name, options in recording.options.items() if options.protect}
    assert protected >= {
        *("p-application-password", "p-application-secret", "p-application-secret-version"),
    }


def test_the_same_code_runs_with_the_other_strategy_and_may_read_the_master_secret() -> None:
    recording = platform(rotation_strategy=ALTERNATING)
    function = recording.named("p-application-rotation-function").inputs
    master = recording.named("p-rotation-function").inputs
    assert master["environment"]["variables"]["ROTATION_STRATEGY"] == "single-user"
    assert function["environment"]["variables"] == {
        "ROTATION_STRATEGY": ALTERNATING,
        "SUPERUSER_SECRET_ARN": MASTER,
        "AWS_ENDPOINT_URL_SECRETS_MANAGER": "https://vpce-1.example",
    }
    for same in ("code", "handler", "runtime", "vpcConfig", "timeout", "memorySize", "kmsKeyArn"):
        assert function[same] == master[same]
    policy = json.loads(recording.named("p-application-rotation-policy").inputs["policy"])
    about_secrets = {
        row["Sid"]: (row["Action"], row["Resource"])
        for row in policy["Statement"]
        if row["Action"][0].startswith("secretsmanager:")
    }
    assert about_secrets == {
        "RotateSecret": (
            [
                "secretsmanager:DescribeSecret",
                "secretsmanager:GetSecretValue",
                "secretsmanager:PutSecretValue",
                "secretsmanager:UpdateSecretVersionStage",
            ],
            APPLICATION,
        ),
        "ReadSuperuserSecret": (["secretsmanager:GetSecretValue"], MASTER),
    }
    assert recording.named("p-application-rotation-permission").inputs["sourceArn"] == APPLICATION


def test_the_key_encrypts_the_logs_of_both_functions() -> None:
    policy = json.loads(platform(rotation_strategy=ALTERNATING).named("p-key").inputs["policy"])
    (statement,) = [row for row in policy["Statement"] if row["Sid"] == "EncryptLogGroups"]
    groups = statement["Condition"]["ArnLike"]["kms:EncryptionContext:aws:logs:arn"]
    assert [arn.partition(":log-group:")[2] for arn in groups] == [
        "/aws/rds/cluster/test-aurora-cluster-ue2/*",
        "/aws/lambda/test-aurora-rotation-ue2",
        "/aws/lambda/test-aurora-app-rotation-ue2",
    ]


def test_the_first_rotation_of_the_application_waits_for_that_of_the_master_secret() -> None:
    recording = platform(rotation_strategy=ALTERNATING)
    assert set(recording.depends_on("p-application-rotation")) >= {
        *("p-rotation", "p-instance-1", "p-application-secret-version"),
        *("p-application-rotation-permission", "p-secrets-endpoint"),
    }


def test_task_and_execution_role_can_read_the_secret() -> None:
    recording = run_program("dev", rotationStrategy=ALTERNATING)
    policy = recording.named("aurora-application-secret-read-policy").inputs
    assert policy["name"] == "dev-aurora-app-secret-read-policy-ue2"
    assert [row["Sid"] for row in json.loads(policy["policy"])["Statement"]] == [
        *("ReadApplicationSecret", "DecryptApplicationSecret"),
    ]
    attached = {
        name: recording.named(f"aurora-application-secret-read-{name}").inputs["role"]
        for name in ("task-attachment", "execution-attachment")
    }
    assert attached == {
        "task-attachment": "dev-trialfinder-ecs-task-role",
        "execution-attachment": "dev-trialfinder-ecs-execution-role",
    }


def test_output_and_readme_name_the_secret_if_it_exists() -> None:
    exports = run_program("prod", rotationStrategy=ALTERNATING).exports
    arn = "arn:aws:secret:us-east-2:123456789012:aurora-application-secret"
    assert exports["applicationSecretArn"] == arn
    assert f"| application secret | `{arn}` |\n| security group |" in exports["readme"]
    assert "grant to `trialfinder_service` only" in exports["readme"]
    assert "{" not in exports["readme"]
    assert PASSWORD not in json.dumps(exports)


@pytest.mark.parametrize("profile", PROFILES)
def test_the_application_secret_causes_no_additional_policy_violations(
    profile: Profile,
) -> None:
    def found(**changes: str) -> set[tuple[str, str]]:
        violations = Analyzer(profile).analyze(declared(profile, **changes))
        return {(each.control, each.level) for each in violations}

    assert found(rotationStrategy=ALTERNATING) == found()


def test_the_names_of_both_rotations_differ() -> None:
    names = Names(environment="dev", platform="aurora", region="us-east-2", major_version=17)
    master, application = vars(names.master_rotation), vars(names.application_rotation)
    assert [key for key in master if master[key] == application[key]] == []
    assert application["function"] == "dev-aurora-app-rotation-ue2"


def test_the_longest_names_are_within_the_limits_of_iam_and_lambda() -> None:
    """64 characters each (IAM API, RoleName; Lambda API, FunctionName); the pattern allows no more."""
    longest = max(REGIONS, key=lambda region: len(REGIONS[region].code))
    names = Names(environment="e" * 16, platform="p" * 16, region=longest, major_version=17)
    rotation = names.application_rotation
    assert (len(rotation.role), len(rotation.function)) == (55, 50)


def test_one_role_for_task_and_execution_gets_one_attachment() -> None:
    """IAM has one attachment per policy and role, so deleting either resource would detach it."""
    recording = platform(
        rotation_strategy=ALTERNATING,
        ecs_task_role_name="both",
        ecs_task_execution_role_name="both",
    )
    attached = [
        each.name
        for each in recording.of_type(":RolePolicyAttachment")
        if each.name.startswith("p-application-secret-read-")
    ]
    assert attached == ["p-application-secret-read-execution-attachment"]
