"""The application team's program, run under mocks; `tests/engine` deploys it."""

import json
import runpy
from collections.abc import Callable
from typing import Any

import boto3
import pulumi
import pytest

from tools.repository import ROOT
from tools.testing.recorder import Recording, record

PROGRAM = ROOT / "examples/ecs_service/program/__main__.py"
CONFIG = {
    "aws:region": "us-east-2",
    "project:platformStack": "organization/aurora-data-platform/dev",
    "project:image": "registry/orders:1",
    "project:databaseUser": "orders_app",
    "project:migrationsUser": "orders_migrations",
    "project:securityGroupId": "sg-1",
    "project:subnetIds": json.dumps(["subnet-a", "subnet-b"]),
}
PLATFORM = {
    "clusterEndpoint": "writer.example",
    "port": 5432,
    "kmsKeyArn": "key",
    "users": {
        name: {
            "authentication": kind,
            "secretArn": name,
            "connectPolicyArn": name,
            "databases": [""],
        }
        for name, kind in {
            "orders_app": "password",
            "orders_iam": "iam",
            "orders_migrations": "password",
        }.items()
    },
}
TASK = "arn:aws:ecs:us-east-2:123456789012:task/orders/abc"
SERVICE = {
    "cluster": "orders",
    "networkConfiguration": {"subnets": ["subnet-a"], "securityGroups": ["sg-1"]},
}
PLACED = {"tasks": [{"taskArn": TASK}], "failures": []}
NOT_STARTED = "ResourceInitializationError: unable to pull secrets or registry auth"
EXITED = "Essential container in task exited"


def run(**changes: str) -> tuple[Recording, dict[str, Any]]:
    """Run the program and return its recording and its names."""
    names: dict[str, Any] = {}

    def build() -> None:
        config = {**CONFIG, **{f"project:{key}": value for key, value in changes.items()}}
        pulumi.runtime.set_all_config(
            {key.replace("project:", "aurora-data-platform:"): config[key] for key in config}
        )
        names.update(runpy.run_path(str(PROGRAM), run_name="__main__"))

    answers = {"pulumi:pulumi:StackReference": {"outputs": PLATFORM}}
    return record(build, answers=answers), names


@pytest.mark.parametrize(
    ("changes", "policy"),
    [({}, "secret"), ({"login": "iam", "databaseUser": "orders_iam"}, "connect")],
)
def test_the_service_and_its_migrations_wait_for_every_policy(
    changes: dict[str, str], policy: str
) -> None:
    """Pulumi registry, aws.ecs.Service: `dependsOn` the policies of the role."""
    recording, _ = run(**changes)
    attached = [each.name for each in recording.of_type(":RolePolicyAttachment")]
    assert sorted(attached) == [
        "orders-execution-role-ecs",
        "orders-execution-role-secret",
        f"orders-task-role-{policy}",
    ]
    assert sorted(recording.depends_on("orders-service")) == [
        *sorted(attached)[:2],
        "orders-migrations-task-definition",
        sorted(attached)[2],
    ]


class Ecs:
    """The calls of a migration, with prepared answers."""

    def __init__(self, *runs: dict[str, Any]) -> None:
        self._runs = iter(runs)
        self.ended: dict[str, Any] = {}
        self.calls = 0

    def run_task(self, **request: Any) -> dict[str, Any]:
        """Place the next task, or fail to."""
        assert request["taskDefinition"] == "orders-migrations"
        self.calls += 1
        self.ended = next(self._runs)
        return self.ended if "failures" in self.ended else PLACED

    def get_waiter(self, name: str) -> "Ecs":
        """Return this client as its own waiter."""
        assert name == "tasks_stopped"
        return self

    def wait(self, **_: Any) -> None:
        """Every task has stopped."""

    def describe_tasks(self, **_: Any) -> dict[str, Any]:
        """Return the task as it ended."""
        return {"tasks": [{"taskArn": TASK, **self.ended}]}


@pytest.fixture
def migrate(monkeypatch: pytest.MonkeyPatch) -> Callable[[Ecs], None]:
    """Return the hook before the service, with a client of ECS."""
    _, names = run()

    def client_of(ecs: Ecs) -> Callable[..., Ecs]:
        def client(service: str, **_: str) -> Ecs:
            assert service == "ecs"
            return ecs

        return client

    def log_end(stream: str) -> str:
        return f"end of {stream}"

    def silent(message: str) -> None:
        assert message == f"migrations: {TASK}"

    def hook(ecs: Ecs) -> None:
        monkeypatch.setattr(boto3, "client", client_of(ecs))
        monkeypatch.setitem(names["migrate"].__globals__, "log_end", log_end)
        monkeypatch.setattr(pulumi.log, "info", silent)
        names["migrate"](
            pulumi.ResourceHookArgs(urn="", id="", name="", type="", new_inputs=SERVICE)
        )

    return hook


def stopped(reason: str, exit_code: int | None = None) -> dict[str, Any]:
    container = {} if exit_code is None else {"exitCode": exit_code}
    return {"stoppedReason": reason, "containers": [container]}


def test_a_task_that_is_not_placed_fails_with_the_reasons(migrate: Callable[[Ecs], None]) -> None:
    """ECS developer guide, Amazon ECS API failure reasons."""
    failures = [
        {"arn": TASK, "reason": "RESOURCE:ENI"},
        {"reason": "Capacity is unavailable at this time."},
    ]
    with pytest.raises(RuntimeError) as failed:
        migrate(Ecs({"tasks": [], "failures": failures}))
    assert str(failed.value) == (
        "the migrations were not started: RESOURCE:ENI, Capacity is unavailable at this time."
    )


@pytest.mark.parametrize(
    ("runs", "calls"),
    [
        ([stopped(EXITED, 0)], 1),
        ([stopped(NOT_STARTED), stopped(EXITED, 0)], 2),
    ],
)
def test_a_task_that_could_not_read_its_secrets_is_started_once_more(
    migrate: Callable[[Ecs], None], runs: list[dict[str, Any]], calls: int
) -> None:
    """IAM is eventually consistent: a new policy is not effective at once."""
    ecs = Ecs(*runs)
    migrate(ecs)
    assert ecs.calls == calls


@pytest.mark.parametrize(
    ("runs", "reason"),
    [
        ([stopped(EXITED, 1)], EXITED),
        ([stopped(NOT_STARTED), stopped(NOT_STARTED)], NOT_STARTED),
        ([stopped(NOT_STARTED), stopped(EXITED, 1)], EXITED),
    ],
)
def test_a_failed_migration_is_reported_with_the_end_of_its_log(
    migrate: Callable[[Ecs], None], runs: list[dict[str, Any]], reason: str
) -> None:
    ecs = Ecs(*runs)
    with pytest.raises(RuntimeError) as failed:
        migrate(ecs)
    assert str(failed.value) == (
        f"the migrations failed: {reason}\nend of ecs/orders-migrations/abc"
    )
    assert ecs.calls == len(runs)
