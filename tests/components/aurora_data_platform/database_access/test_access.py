"""Users as resources: IAM policies, secrets with rotation, and the setup."""

import json
from typing import Any

import pytest

from policy_pack.aurora_policies.pack.catalogue import PROFILES, Profile
from tests.components.aurora_data_platform.platforms import USERS, platform
from tools.testing.policies import Analyzer
from tools.testing.policies import platform as declared
from tools.testing.programs import run_program
from tools.testing.recorder import PASSWORD, Recording, revealed

MASTER = "arn:aws:secret:us-east-2:123456789012:p-secret"
SECRET = "arn:aws:secret:us-east-2:123456789012:p-reports-secret"
SECRETS = "arn:aws:secretsmanager:us-east-2:123456789012:secret:/test/rds/aurora/users/*"


def with_users(**changes: Any) -> Recording:
    return platform(users=USERS, **changes)


def added(recording: Recording, prefix: str) -> dict[str, str]:
    return {
        each.name: each.type.rpartition(":")[2]
        for each in recording.resources
        if each.name.startswith(prefix) and recording.parent(each.name) == "p-access"
    }


def test_an_iam_user_gets_a_policy_for_itself_only_attached_to_its_task_roles() -> None:
    recording = with_users()
    assert added(recording, "p-web-") == {
        "p-web-connect-policy": "Policy",
        "p-web-connect-web-task": "RolePolicyAttachment",
    }
    assert json.loads(recording.named("p-web-connect-policy").inputs["policy"])["Statement"] == [
        {
            "Sid": "ConnectAsDatabaseUser",
            "Effect": "Allow",
            "Action": ["rds-db:connect"],
            "Resource": "arn:aws:rds-db:us-east-2:123456789012:dbuser:cluster-ABC/web",
        }
    ]
    assert recording.named("p-web-connect-web-task").inputs["role"] == "web-task"


def test_a_password_user_gets_a_secret_that_its_roles_may_read() -> None:
    recording = with_users()
    assert added(recording, "p-reports-") == {
        "p-reports-password": "RandomPassword",
        "p-reports-secret": "Secret",
        "p-reports-secret-version": "SecretVersion",
        "p-reports-secret-read-policy": "Policy",
        "p-reports-secret-read-reports-task": "RolePolicyAttachment",
        "p-reports-secret-read-reports-execution": "RolePolicyAttachment",
    }
    policy = json.loads(recording.named("p-reports-secret-read-policy").inputs["policy"])
    assert [(row["Sid"], row["Resource"]) for row in policy["Statement"]] == [
        ("ReadDatabaseSecret", SECRET),
        ("DecryptDatabaseSecret", "arn:aws:key:us-east-2:123456789012:p-key"),
    ]


def test_the_secret_is_kept_like_the_master_secret() -> None:
    recording = with_users()
    master, own = (dict(recording.named(name).inputs) for name in ("p-secret", "p-reports-secret"))
    assert own.pop("name") == "/test/rds/aurora/users/reports"
    assert own.pop("description") == "Database user reports of test-aurora-cluster-ue2"
    assert own.pop("tags")["Name"] == "/test/rds/aurora/users/reports"
    for key in ("name", "description", "tags"):
        del master[key]
    assert own == master
    protected = {name for name, options in recording.options.items() if options.protect}
    assert protected >= {"p-reports-password", "p-reports-secret", "p-reports-secret-version"}
    options = recording.options["p-reports-secret-version"]
    assert options.ignore_changes == ["secretString", "versionStages"]


def test_the_first_version_names_the_user_and_its_database_and_is_secret() -> None:
    users = {"reports": {**USERS["reports"], "databases": ["billing", "trialfinder"]}}
    recording = platform(users=users, databases={"billing": {}})
    version = recording.named("p-reports-secret-version").inputs["secretString"]
    assert json.loads(revealed(version)) == {
        "engine": "postgres",
        "host": "writer.example",
        "port": 5432,
        "username": "reports",
        "password": PASSWORD,
        "dbname": "billing",
        "dbClusterIdentifier": "test-aurora-cluster-ue2",
    }


def test_one_function_rotates_the_secrets_of_all_users_with_the_master_secret() -> None:
    users = {**USERS, "audit": {"authentication": "password", "access": "readonly"}}
    recording = platform(users=users)
    assert added(recording, "p-users-") == {
        "p-users-rotation-attachment": "RolePolicyAttachment",
        "p-users-rotation-dead-letters": "Queue",
        "p-users-rotation-function": "Function",
        "p-users-rotation-log": "LogGroup",
        "p-users-rotation-policy": "Policy",
        "p-users-rotation-role": "Role",
        "p-users-reports-rotation": "SecretRotation",
        "p-users-audit-rotation": "SecretRotation",
        "p-users-rotation-permission": "Permission",
    }
    function = recording.named("p-users-rotation-function").inputs
    assert function["environment"]["variables"] == {
        "ROTATION_STRATEGY": "alternating-users",
        "SUPERUSER_SECRET_ARN": MASTER,
        "AWS_ENDPOINT_URL_SECRETS_MANAGER": "https://vpce-1.example",
    }
    policy = json.loads(recording.named("p-users-rotation-policy").inputs["policy"])
    assert {row["Sid"]: row["Resource"] for row in policy["Statement"][:2]} == {
        "RotateSecret": SECRETS,
        "ReadSuperuserSecret": MASTER,
    }
    assert recording.named("p-users-rotation-permission").inputs == {
        "action": "lambda:InvokeFunction",
        "function": "test-aurora-users-rotation-ue2",
        "principal": "secretsmanager.amazonaws.com",
        "sourceAccount": "123456789012",
        "sourceArn": SECRETS,
        "statementId": "SecretsManagerRotates",
    }


def test_passwords_rotate_after_the_setup_and_the_setup_after_the_master_password() -> None:
    recording = with_users()
    assert set(recording.depends_on("p-setup")) >= {"p-instance-1", "p-rotation"}
    assert set(recording.depends_on("p-users-reports-rotation")) >= {
        *("p-setup", "p-rotation", "p-reports-secret-version"),
        "p-users-rotation-permission",
    }


def test_the_setup_receives_the_declaration_and_nothing_about_iam() -> None:
    recording = with_users(databases={"billing": {"schemas": ["a"], "extensions": ["vector"]}})
    inputs = dict(recording.named("p-setup").inputs)
    timeouts = {
        "statement_timeout": "60s",
        "lock_timeout": "10s",
        "idle_in_transaction_session_timeout": "60s",
    }
    assert json.loads(inputs.pop("input")) == {
        "Mode": "apply",
        "Declaration": {
            "databases": {
                "trialfinder": {"schemas": ["public"], "extensions": []},
                "billing": {"schemas": ["a"], "extensions": ["vector"]},
            },
            "users": {
                "web": {
                    "authentication": "iam",
                    "access": "readwrite",
                    "databases": ["trialfinder"],
                    "settings": timeouts,
                },
                "reports": {
                    "authentication": "password",
                    "access": "readonly",
                    "databases": ["trialfinder"],
                    "settings": timeouts,
                },
            },
        },
    }
    assert inputs == {
        "functionName": "test-aurora-setup-ue2",
        "triggers": {"function": "digest-of-the-code", "cluster": "cluster-ABC"},
    }


def test_the_setup_function_may_read_the_master_secret_and_change_no_secret() -> None:
    policy = json.loads(platform().named("p-setup-policy").inputs["policy"])
    assert {row["Sid"]: (row["Action"], row["Resource"]) for row in policy["Statement"][:1]} == {
        "ReadMasterSecret": (["secretsmanager:GetSecretValue"], MASTER),
    }
    own = [row["Sid"] for row in policy["Statement"][1:]]
    assert own == ["UseKey", "WriteLog", "SendDeadLetters", "AttachToNetwork", "Trace"]


def test_the_check_runs_once_a_day_unless_it_has_another_schedule_or_none() -> None:
    recording = platform()
    assert recording.named("p-setup-check").inputs["scheduleExpression"] == "rate(1 day)"
    assert recording.named("p-setup-check-target").inputs["input"] == '{"Mode": "check"}'
    assert "p-setup" in recording.depends_on("p-setup-check-target")
    often = platform(users_check_schedule="rate(6 hours)").named("p-setup-check")
    assert often.inputs["scheduleExpression"] == "rate(6 hours)"
    disabled = platform(users_check_schedule="")
    assert [each.name for each in disabled.resources if "setup-check" in each.name] == []


def test_the_key_encrypts_the_logs_of_all_functions() -> None:
    policy = json.loads(with_users().named("p-key").inputs["policy"])
    (statement,) = [row for row in policy["Statement"] if row["Sid"] == "EncryptLogGroups"]
    groups = statement["Condition"]["ArnLike"]["kms:EncryptionContext:aws:logs:arn"]
    assert [arn.partition(":log-group:")[2] for arn in groups] == [
        "/aws/rds/cluster/test-aurora-cluster-ue2/*",
        "/aws/lambda/test-aurora-rotation-ue2",
        "/aws/lambda/test-aurora-users-rotation-ue2",
        "/aws/lambda/test-aurora-setup-ue2",
    ]


def test_the_output_has_what_each_user_needs_to_log_in_and_no_password() -> None:
    exports = with_users().exports
    assert exports["users"] == {
        "web": {
            "authentication": "iam",
            "access": "readwrite",
            "databases": ["trialfinder"],
            "connectionString": "postgresql://web@writer.example:5432/trialfinder"
            "?sslmode=verify-full&sslrootcert=global-bundle.pem",
            "connectPolicyArn": "arn:aws:policy:us-east-2:123456789012:p-web-connect-policy",
            "secretArn": None,
        },
        "reports": {
            "authentication": "password",
            "access": "readonly",
            "databases": ["trialfinder"],
            "connectionString": None,
            "connectPolicyArn": None,
            "secretArn": SECRET,
        },
    }
    assert "--username web)" in exports["readme"]
    assert f"--secret-id {SECRET}" in exports["readme"]
    assert "{" not in exports["readme"]
    assert PASSWORD not in json.dumps(exports)


def test_without_users_the_readme_says_so() -> None:
    assert "None are declared; see `users` in the configuration." in platform().exports["readme"]


def test_one_role_for_task_and_execution_gets_one_attachment() -> None:
    """IAM has one attachment per policy and role, so deleting either resource would detach it."""
    user = {**USERS["reports"], "taskRoles": ["both"], "executionRoles": ["both"]}
    recording = platform(users={"reports": user})
    attached = [name for name in added(recording, "p-reports-secret-read-") if "policy" not in name]
    assert attached == ["p-reports-secret-read-both"]


@pytest.mark.parametrize("profile", PROFILES)
def test_users_cause_no_additional_policy_violations(profile: Profile) -> None:
    def found(**changes: object) -> set[tuple[str, str]]:
        violations = Analyzer(profile).analyze(declared(profile, **changes))
        return {(each.control, each.level) for each in violations}

    assert found(users=json.dumps(USERS)) == found()


def test_a_program_deploys_the_users_of_its_stack_file() -> None:
    users = run_program("dev").exports["users"]
    assert list(users) == ["trialfinder_app"]
    assert users["trialfinder_app"]["connectionString"] == (
        "postgresql://trialfinder_app@writer.example:5432/trialfinder"
        "?sslmode=verify-full&sslrootcert=global-bundle.pem"
    )
