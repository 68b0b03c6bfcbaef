import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from emulator.containers.images import IMAGES_VARIABLE
from emulator.tests.aws.requests import Network, Rejection, rejection

pytestmark = pytest.mark.emulator

RunTask = Callable[..., dict[str, Any]]


@pytest.fixture
def ecs(client: Callable[[str], Any]) -> Any:
    return client("ecs")


@pytest.fixture
def register(
    ecs: Any, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., None]:
    """Return a function that registers a task definition whose image is a folder."""
    image = {"folder": str(tmp_path), "environment": {"FROM_IMAGE": "image"}}
    monkeypatch.setenv(IMAGES_VARIABLE, json.dumps({"app": image}))

    def registered(code: str, **members: Any) -> None:
        container = {
            "name": "app",
            "image": "123456789012.dkr.ecr.us-east-2.amazonaws.com/app:1",
            "command": ["python", "-c", code],
            **members,
        }
        ecs.register_task_definition(
            family=name,
            networkMode="awsvpc",
            requiresCompatibilities=["FARGATE"],
            cpu="256",
            memory="512",
            containerDefinitions=[container],
        )

    return registered


@pytest.fixture
def start(ecs: Any, ec2: Any, name: str, network: Network) -> RunTask:
    """Return a function that runs the task and returns its first description."""
    ec2.modify_vpc_attribute(VpcId=network.vpc_id, EnableDnsHostnames={"Value": True})
    ecs.create_cluster(clusterName=name)

    def started(**members: Any) -> dict[str, Any]:
        vpc = {"subnets": [network.subnet_ids[0]], "securityGroups": []}
        (task,) = ecs.run_task(
            cluster=name,
            taskDefinition=name,
            launchType="FARGATE",
            networkConfiguration={"awsvpcConfiguration": vpc},
            **members,
        )["tasks"]
        return task

    return started


@pytest.fixture
def describe(ecs: Any, name: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda task: ecs.describe_tasks(cluster=name, tasks=[task["taskArn"]])["tasks"][0]


@pytest.fixture
def run(start: RunTask, describe: Callable[[dict[str, Any]], dict[str, Any]]) -> RunTask:
    """Return a function that runs the task and returns its description when it has stopped."""

    def stopped() -> dict[str, Any]:
        task, deadline = start(), time.monotonic() + 30
        while task["lastStatus"] != "STOPPED":
            assert time.monotonic() < deadline
            time.sleep(0.05)
            task = describe(task)
        return task

    return stopped


def test_a_task_runs_its_container_with_environment_and_secrets(
    run: RunTask, register: Callable[..., None], client: Callable[[str], Any], name: str
) -> None:
    secret = client("secretsmanager").create_secret(
        Name=name, SecretString=json.dumps({"username": "app", "password": "correct-horse"})
    )["ARN"]
    client("logs").create_log_group(logGroupName=f"/ecs/{name}")
    register(
        "import json, os; print(json.dumps(dict(os.environ)))",
        environment=[{"name": "STAGE", "value": "test"}],
        secrets=[
            {"name": "PASSWORD", "valueFrom": f"{secret}:password::"},
            {"name": "ALL", "valueFrom": secret},
        ],
        logConfiguration={
            "logDriver": "awslogs",
            "options": {
                "awslogs-group": f"/ecs/{name}",
                "awslogs-region": "us-east-2",
                "awslogs-stream-prefix": "app",
            },
        },
    )
    ended = run()
    assert (ended["stopCode"], ended["containers"][0]["exitCode"]) == (
        "EssentialContainerExited",
        0,
    )
    (event,) = client("logs").get_log_events(
        logGroupName=f"/ecs/{name}",
        logStreamName=f"app/app/{ended['taskArn'].rpartition('/')[2]}",
    )["events"]
    seen = json.loads(event["message"])
    assert {key: seen[key] for key in ("STAGE", "PASSWORD", "FROM_IMAGE", "AWS_REGION")} == {
        "STAGE": "test",
        "PASSWORD": "correct-horse",
        "FROM_IMAGE": "image",
        "AWS_REGION": "us-east-2",
    }
    assert json.loads(seen["ALL"])["username"] == "app"
    assert "HOME" not in seen


def test_a_failed_container_stops_its_task_with_its_exit_code(
    run: RunTask, register: Callable[..., None]
) -> None:
    register("raise SystemExit(3)")
    ended = run()
    assert (ended["stopCode"], ended["stoppedReason"], ended["containers"][0]["exitCode"]) == (
        "EssentialContainerExited",
        "Essential container in task exited",
        3,
    )


def test_a_running_task_has_no_exit_code(
    start: RunTask,
    describe: Callable[[dict[str, Any]], dict[str, Any]],
    register: Callable[..., None],
    tmp_path: Path,
) -> None:
    register("import pathlib, time\nwhile not pathlib.Path('stop').exists(): time.sleep(0.05)")
    task = describe(start())
    assert task["lastStatus"] == "RUNNING"
    assert "exitCode" not in task["containers"][0]
    (tmp_path / "stop").touch()


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        (
            {"image": "elsewhere/other:2"},
            "CannotPullContainerError: pull image manifest: elsewhere/other:2: not found",
        ),
        (
            {"command": ["/nowhere"]},
            "CannotStartContainerError: No such file or directory: /nowhere",
        ),
        (
            {
                "secrets": [
                    {"name": "A", "valueFrom": "arn:aws:secretsmanager:us-east-2:1:secret:x"}
                ]
            },
            "ResourceInitializationError: unable to pull secrets or registry auth: ",
        ),
        (
            {
                "logConfiguration": {
                    "logDriver": "awslogs",
                    "options": {"awslogs-group": "/missing", "awslogs-stream-prefix": "app"},
                }
            },
            "ResourceInitializationError: failed to validate logger args: The specified log group "
            "does not exist.",
        ),
    ],
)
def test_a_task_that_cannot_start_stops_with_the_reason(
    run: RunTask, register: Callable[..., None], members: dict[str, Any], reason: str
) -> None:
    register("pass", **members)
    ended = run()
    assert ended["stopCode"] == "TaskFailedToStart"
    assert ended["stoppedReason"].startswith(reason)


def test_a_secret_is_read_at_the_version_in_its_arn(
    run: RunTask, register: Callable[..., None], client: Callable[[str], Any], name: str
) -> None:
    secrets = client("secretsmanager")
    first = secrets.create_secret(Name=name, SecretString="first")
    secrets.put_secret_value(SecretId=name, SecretString="second")
    arn, version = first["ARN"], first["VersionId"]
    register(
        "import os, sys; sys.exit(os.environ['A'] + os.environ['B'] != 'firstsecond')",
        secrets=[
            {"name": "A", "valueFrom": f"{arn}:::{version}"},
            {"name": "B", "valueFrom": arn},
        ],
    )
    assert run()["containers"][0]["exitCode"] == 0


def test_a_secret_without_the_json_key_stops_the_task_and_is_not_quoted(
    run: RunTask, register: Callable[..., None], client: Callable[[str], Any], name: str
) -> None:
    secret = client("secretsmanager").create_secret(Name=name, SecretString="correct-horse")["ARN"]
    register("pass", secrets=[{"name": "PASSWORD", "valueFrom": f"{secret}:password::"}])
    assert run()["stoppedReason"] == (
        "ResourceInitializationError: unable to pull secrets or registry auth: retrieved secret "
        "from Secrets Manager did not contain json key password"
    )


def test_what_the_emulated_aws_does_not_run_is_rejected(
    start: RunTask, register: Callable[..., None]
) -> None:
    register("pass")
    overrides = {"containerOverrides": [{"name": "app", "command": ["true"]}]}
    assert rejection(start, overrides=overrides) == Rejection(
        "NotImplemented", "the emulated AWS runs tasks without overrides only"
    )
