"""The example of an application team: a service that uses a deployed platform."""

import json
import sys
import threading
import urllib.request
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import yaml
from pulumi.automation import CommandError, Stack

from emulator.containers import Image, start_container
from emulator.isolation import DUMMY_CREDENTIAL
from examples.clients import iam_login
from examples.ecs_service.image.orders import database
from rehearsal import Rehearsal
from tests.engine.conftest import IMAGES, REGION
from tests.engine.consumers import Consumer
from tests.engine.plans import Plan, resources_of
from tools.repository import ROOT, read_yaml

PROGRAM = ROOT / "examples/ecs_service/program"
PLATFORM = "shop"
USERS = {
    "orders_app": {"authentication": "password", "access": "readwrite"},
    "orders_iam": {"authentication": "iam", "access": "readwrite"},
    "orders_migrations": {"authentication": "password", "access": "owner"},
}
CLIENTS = 8
REQUESTS = 25

Configure = Callable[..., Stack]


@pytest.fixture(scope="module")
def platform(rehearsal: Rehearsal) -> Iterator[Stack]:
    stack = rehearsal.stack(PLATFORM, {"platformName": PLATFORM, "users": USERS}, like="dev")
    stack.up()
    for login in rehearsal.logins(stack):
        login.wait_for_first_rotation()
    yield stack
    stack.destroy()
    stack.workspace.remove_stack(stack.name)


@pytest.fixture(scope="module")
def configure(
    platform: Stack,
    rehearsal: Rehearsal,
    client: Callable[[str], Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Configure]:
    """Return the service's stack with a configuration; the tests of this module change it in order."""
    folder = tmp_path_factory.mktemp("orders")
    project = read_yaml(PROGRAM / "Pulumi.yaml")
    project["runtime"]["options"]["virtualenv"] = sys.prefix
    (folder / "Pulumi.yaml").write_text(yaml.safe_dump(project), encoding="utf-8")
    (folder / "__main__.py").symlink_to(PROGRAM / "__main__.py")
    (group,) = client("ec2").describe_security_groups(
        Filters=[{"Name": "group-name", "Values": ["dev-ecs-container-sg-ue2"]}]
    )["SecurityGroups"]
    (subnet_group,) = client("rds").describe_db_subnet_groups(
        DBSubnetGroupName=f"dev-{PLATFORM}-subnet-group-ue2"
    )["DBSubnetGroups"]
    config = {
        "platformStack": f"organization/aurora-data-platform/{PLATFORM}",
        "image": "registry/orders:1",
        "subnetIds": [each["SubnetIdentifier"] for each in subnet_group["Subnets"]],
        "securityGroupId": group["GroupId"],
    }

    def configured(**changes: object) -> Stack:
        values = {**config, **changes}
        return Consumer(rehearsal, folder).stack(
            "dev", {f"orders-service:{key}": value for key, value in values.items()}
        )

    yield configured
    stack = configured()
    stack.destroy()
    stack.workspace.remove_stack(stack.name)


def container_definition(client: Callable[[str], Any], family: str) -> dict[str, Any]:
    described = client("ecs").describe_task_definition(taskDefinition=family)["taskDefinition"]
    (definition,) = described["containerDefinitions"]
    return definition


def variables(definition: dict[str, Any], member: str, value: str) -> dict[str, str]:
    return {each["name"]: each[value] for each in definition[member]}


def migrations_run(client: Callable[[str], Any]) -> int:
    streams = client("logs").describe_log_streams(logGroupName="/ecs/orders")["logStreams"]
    return len([each for each in streams if "migrations" in each["logStreamName"]])


def test_a_failed_migration_fails_the_deployment_before_there_is_a_service(
    platform: Stack, configure: Configure, rehearsal: Rehearsal, client: Callable[[str], Any]
) -> None:
    with rehearsal.database(platform).connect() as master:
        master.execute("SET ROLE trialfinder_owner; CREATE TABLE orders ()")
    plan = Plan()
    with pytest.raises(CommandError):
        configure().up(on_event=plan.record)
    failure = plan.errors_by_name["orders-service"]
    assert "the migrations failed: Essential container in task exited" in failure
    assert 'relation "orders" already exists' in failure
    assert client("ecs").list_services(cluster="orders")["serviceArns"] == []
    with rehearsal.database(platform).connect() as master:
        master.execute("SET ROLE trialfinder_owner; DROP TABLE orders")


def test_the_service_is_deployed_after_its_migrations(
    platform: Stack, configure: Configure, rehearsal: Rehearsal, client: Callable[[str], Any]
) -> None:
    outputs = {name: output.value for name, output in platform.outputs().items()}
    stack = configure()
    stack.up()
    with rehearsal.database(platform).connect() as master:
        owner = master.execute(
            "SELECT tableowner FROM pg_tables WHERE tablename = 'orders'"
        ).fetchone()
    assert owner == ("trialfinder_owner",)
    assert migrations_run(client) == 2
    users = outputs["users"]
    migrations = container_definition(client, "orders-migrations")
    secret = users["orders_migrations"]["secretArn"]
    assert variables(migrations, "secrets", "valueFrom") == {
        "PGUSER": f"{secret}:username::",
        "PGPASSWORD": f"{secret}:password::",
    }
    assert variables(container_definition(client, "orders"), "environment", "value") == {
        "DATABASE_SECRET_ARN": users["orders_app"]["secretArn"],
        "PGDATABASE": "trialfinder",
        "PGHOST": outputs["clusterEndpoint"],
        "PGPORT": "5432",
        "PGSSLMODE": "verify-full",
    }
    (service,) = client("ecs").describe_services(cluster="orders", services=["orders"])["services"]
    assert service["taskDefinition"] == stack.outputs()["taskDefinitionArn"].value
    (state,) = [each for each in resources_of(stack) if each["type"] == "aws:ecs/service:Service"]
    awaited = {urn.rpartition("::")[2] for urn in state["dependencies"]}
    # The emulated AWS denies nothing: a task that starts before its policies would not fail here.
    assert {name for name in awaited if "-role-" in name} == {
        "orders-execution-role-ecs",
        "orders-execution-role-secret",
        "orders-task-role-secret",
    }


def test_a_second_deployment_changes_nothing_and_migrates_nothing(
    configure: Configure, client: Callable[[str], Any]
) -> None:
    plan = Plan()
    stack = configure()
    stack.refresh()
    stack.up(on_event=plan.record)
    assert plan.steps == {}
    assert migrations_run(client) == 2


def test_the_tasks_group_is_a_client_of_the_database_and_another_group_is_not(
    platform: Stack, client: Callable[[str], Any]
) -> None:
    """The rules are evaluated; the emulated AWS does not enforce them."""
    (service,) = client("ecs").describe_services(cluster="orders", services=["orders"])["services"]
    (group,) = service["networkConfiguration"]["awsvpcConfiguration"]["securityGroups"]
    rules = client("ec2").describe_security_group_rules(
        Filters=[{"Name": "group-id", "Values": [platform.outputs()["securityGroupId"].value]}]
    )["SecurityGroupRules"]
    ingress = [rule for rule in rules if not rule["IsEgress"]]
    sources = {rule["ReferencedGroupInfo"]["GroupId"] for rule in ingress}
    vpc_id = client("ec2").describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["VpcId"]
    other = client("ec2").create_security_group(
        GroupName="not-a-client", Description="tasks", VpcId=vpc_id
    )["GroupId"]
    assert {(rule["FromPort"], rule["ToPort"]) for rule in ingress} == {(5432, 5432)}
    assert [rule for rule in ingress if rule.get("CidrIpv4") or rule.get("CidrIpv6")] == []
    assert (group in sources, other in sources) == (True, False)


def no_secrets(arn: str, stage: str, version: str) -> str:
    """The service's container has no injected secret."""
    raise AssertionError(arn)


def answer(url: str, method: str) -> Any:
    request = urllib.request.Request(url, method=method)  # noqa: S310 - a loopback address
    with urllib.request.urlopen(request, timeout=60) as answered:  # noqa: S310
        return json.load(answered)


@contextmanager
def serving(client: Callable[[str], Any], rehearsal: Rehearsal) -> Generator[str]:
    """Run the service's container as its task would, and return its URL."""
    image = IMAGES["orders"]
    certificates = str(rehearsal.databases / "ca.pem")
    environment = {**image.environment, "PGSSLROOTCERT": certificates, "PORT": "0"}
    process = start_container(
        container_definition(client, "orders"),
        Image(image.folder, environment),
        region=REGION,
        url=rehearsal.aws.url,
        read=no_secrets,
    )
    assert process.stdout is not None
    with process:
        try:
            started = process.stdout.readline()
            assert started.startswith("serving on port "), started
            yield f"http://127.0.0.1:{started.split()[-1]}"
        finally:
            process.terminate()


def test_a_service_with_a_secret_survives_rotations_without_a_failed_request(
    platform: Stack, configure: Configure, rehearsal: Rehearsal, client: Callable[[str], Any]
) -> None:
    (secret,) = [each for each in rehearsal.logins(platform) if "orders_app" in each.secret_arn]
    failures: list[str] = []

    def send(url: str, requests: int) -> None:
        for _ in range(requests):
            try:
                answer(f"{url}/orders", "POST")
            except OSError as error:
                failures.append(str(error))

    with serving(client, rehearsal) as url:
        send(url, 1)
        # The previous password is valid until the second rotation.
        for _ in range(2):
            clients = [threading.Thread(target=send, args=(url, REQUESTS)) for _ in range(CLIENTS)]
            for each in clients:
                each.start()
            secret.rotate()
            for each in clients:
                each.join()
        count = answer(f"{url}/orders", "GET")["orders"]
    assert (failures, count) == ([], 1 + 2 * CLIENTS * REQUESTS)


def test_the_service_changes_to_an_iam_user_in_place(
    platform: Stack,
    configure: Configure,
    rehearsal: Rehearsal,
    client: Callable[[str], Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The token is accepted beforehand: PostgreSQL does not ask IAM."""
    plan = Plan()
    stack = configure(databaseUser="orders_iam", login="iam")
    stack.up(on_event=plan.record)
    assert plan.steps["orders-service"].operation == "update"
    assert migrations_run(client) == 3
    attached = client("iam").list_attached_role_policies(RoleName="orders-task-role")
    users = platform.outputs()["users"].value
    assert [each["PolicyArn"] for each in attached["AttachedPolicies"]] == [
        users["orders_iam"]["connectPolicyArn"]
    ]
    server = rehearsal.users(platform).server
    sign = iam_login.new_token

    def accepted(*args: Any) -> str:
        token = sign(*args)
        server.accept_token(token)
        return token

    monkeypatch.setattr(iam_login, "new_token", accepted)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", DUMMY_CREDENTIAL)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", DUMMY_CREDENTIAL)
    environment = variables(container_definition(client, "orders"), "environment", "value")
    own = {"PGSSLROOTCERT": str(rehearsal.databases / "ca.pem"), "AWS_REGION": REGION}
    pool = database.open_pool({**environment, **own})
    with pool.connect() as connection:
        assert connection.exec_driver_sql("SELECT session_user").scalar_one() == "orders_iam"
    pool.dispose()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"databaseUser": "order_app"},
            "the platform declares no user 'order_app' with authentication password; with it: "
            "orders_app, orders_migrations",
        ),
        (
            {"databaseUser": "orders_app", "login": "iam"},
            "the platform declares no user 'orders_app' with authentication iam; with it: "
            "orders_iam",
        ),
        (
            {"platformStack": "organization/aurora-data-platform/shopp"},
            'unknown stack "organization/aurora-data-platform/shopp"',
        ),
    ],
)
def test_a_misspelled_name_fails_the_preview(
    configure: Configure, changes: dict[str, str], message: str
) -> None:
    with pytest.raises(CommandError, match=message):
        configure(**changes).preview()


def test_a_platform_that_a_service_uses_keeps_its_database_when_it_is_destroyed(
    platform: Stack, configure: Configure
) -> None:
    plan = Plan()
    with pytest.raises(CommandError):
        platform.destroy(on_event=plan.record)
    assert plan.errors()[0] == "error: DeleteConflict: Cannot delete a policy attached to entities."
    kept = ("cluster", "instance-1", "key", "secret", "secret-version", "setup")
    assert [name for name in kept if f"{PLATFORM}-{name}" in plan.steps] == []
