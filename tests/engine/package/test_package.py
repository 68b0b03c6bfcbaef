"""The package on the real engine: by its documentation, by an example, and in place of the program."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml
from pulumi.automation import CommandError, Stack

from emulator.testing.requests import connect
from rehearsal import Rehearsal, landing_zone
from rehearsal.database import Login
from tests.engine.consumers import PACKAGE, Consumer, code_blocks
from tests.engine.plans import Plan, Step, resources_of
from tools.repository import ROOT, read_yaml
from tools.testing.packages import stack_arguments

MAXIMUM_COMMANDS = 5
README = (PACKAGE / "README.md").read_text(encoding="utf-8")
EXAMPLE = ROOT / "examples/yaml_consumer/Pulumi.yaml"
REGION = "us-east-2"


@pytest.fixture(scope="module")
def rehearsal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    """Return a rehearsal for these tests only; nothing that they deploy needs to be destroyed."""
    started = Rehearsal(tmp_path_factory.mktemp("rehearsal"))
    started.start_aws()
    started.prepare_consumers(REGION)
    yield started
    started.stop()


@pytest.fixture(scope="module")
def client(rehearsal: Rehearsal) -> Callable[[str], Any]:
    return lambda service: connect(service, rehearsal.aws.url, REGION)


@pytest.fixture(scope="module")
def consumer(
    rehearsal: Rehearsal, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Consumer]:
    return lambda name: Consumer(rehearsal, tmp_path_factory.mktemp(name))


@pytest.fixture(scope="module")
def network(rehearsal: Rehearsal) -> dict[str, Any]:
    vpc_id, subnet_ids = landing_zone.private_network(
        rehearsal.aws.url, REGION, landing_zone.ENVIRONMENTS[0]
    )
    return {"vpcId": vpc_id, "subnetIds": subnet_ids}


@pytest.fixture(scope="module")
def example(consumer: Callable[[str], Consumer], network: dict[str, Any]) -> Stack:
    """Return the stack of the example program, not deployed."""
    program = consumer("example")
    program.write(read_yaml(EXAMPLE))
    return program.stack("dev", {f"aurora-example-yaml:{key}": network[key] for key in network})


@pytest.fixture(scope="module")
def newcomer(consumer: Callable[[str], Consumer], network: dict[str, Any]) -> Consumer:
    """Return an empty folder with the program of the readme, for an existing network."""
    text = code_blocks(README, "yaml")[0]
    text = re.sub(r"subnetIds: \[.*\]", f"subnetIds: [{', '.join(network['subnetIds'])}]", text)
    text = re.sub(r"vpc-[0-9a-f]+", network["vpcId"], text)
    newcomer = consumer("newcomer")
    (newcomer.folder / "Pulumi.yaml").write_text(text, encoding="utf-8")
    return newcomer


def run(consumer: Consumer, command: str) -> str:
    """Run a command of the readme without a terminal, where Pulumi asks for nothing."""
    command = re.sub(r"https://github.com/OWNER/REPO/package@\S+", str(PACKAGE), command)
    command = re.sub(r"pulumi up$", "pulumi up --yes --skip-preview", command)
    done = consumer.run(command)
    assert done.returncode == 0, (command, done.stdout, done.stderr)
    return done.stdout


def test_a_newcomer_deploys_by_the_readme_with_at_most_five_commands(
    rehearsal: Rehearsal, newcomer: Consumer
) -> None:
    commands = code_blocks(README, "sh")[0].strip().splitlines()
    assert len(commands) <= MAXIMUM_COMMANDS
    for command in commands:
        run(newcomer, command)
    stack = newcomer.stack("dev", {})
    assert sorted(stack.outputs()) == ["clusterEndpoint", "masterSecretArn"]
    database = rehearsal.database(stack)
    database.wait_for_first_rotation()
    assert database.log_in() == Login("aurora_master", "17.10", encrypted=True)


def test_the_example_deploys_a_service_with_its_database(
    example: Stack, client: Callable[[str], Any]
) -> None:
    example.preview()
    example.up()
    (group,) = client("ec2").describe_security_groups(
        Filters=[{"Name": "description", "Values": ["ECS tasks of the orders service"]}]
    )["SecurityGroups"]
    rules = client("ec2").describe_security_group_rules()["SecurityGroupRules"]
    (client_rule,) = [
        rule
        for rule in rules
        if not rule["IsEgress"]
        and rule.get("ReferencedGroupInfo", {}).get("GroupId") == group["GroupId"]
    ]
    assert (client_rule["FromPort"], client_rule["ToPort"]) == (5432, 5432)
    (alarm,) = client("cloudwatch").describe_alarms(
        AlarmNames=["demo-aurora-cluster-ue2-memory-exhausted"]
    )["MetricAlarms"]
    assert len(alarm["AlarmActions"]) == 2
    assert ":pages-" in alarm["AlarmActions"][1]
    outputs = {name: output.value for name, output in example.outputs().items()}
    assert outputs["ordersConnection"] == (
        f"postgresql://orders_app@{outputs['clusterEndpoint']}:5432/orders"
        "?sslmode=verify-full&sslrootcert=global-bundle.pem"
    )


def test_a_second_deployment_of_the_example_changes_nothing(example: Stack) -> None:
    plan = Plan()
    example.up(on_event=plan.record)
    assert plan.steps == {}


def test_a_stack_moves_from_the_program_to_the_package_without_a_change(
    rehearsal: Rehearsal,
    consumer: Callable[[str], Consumer],
    network: dict[str, Any],
    client: Callable[[str], Any],
) -> None:
    source = rehearsal.stack("moved", {"platformName": "moved"}, like="dev")
    source.up()
    before = resources_of(source)
    outputs = {name: output.value for name, output in source.outputs().items()}
    (group,) = client("ec2").describe_security_groups(
        Filters=[{"Name": "group-name", "Values": ["dev-ecs-container-sg-ue2"]}]
    )["SecurityGroups"]
    arguments = stack_arguments("dev", network, client_security_group_id=group["GroupId"])
    program = consumer("moved")
    program.write(
        {
            "name": "aurora-data-platform",
            "runtime": "yaml",
            "resources": {
                "moved": {
                    "type": "aurora-data-platform:AuroraDataPlatform",
                    "properties": {**arguments, "platformName": "moved"},
                }
            },
            "outputs": {name: f"${{moved.{name}}}" for name in outputs},
        }
    )
    file = rehearsal.project.folder / "Pulumi.moved.yaml"
    content: dict[str, Any] = read_yaml(file)
    encryption = {key: content[key] for key in ("secretsprovider", "encryptedkey")}
    (program.folder / file.name).write_text(yaml.safe_dump(encryption), encoding="utf-8")
    moved = program.stack("moved", {})
    plan = Plan()
    moved.up(on_event=plan.record)
    assert plan.steps == {"default": Step("create")}, "the provider of the package"
    # In YAML, a member without a value does not exist.
    del outputs["users"]["trialfinder_app"]["secretArn"], outputs["declaredState"]["backupPlan"]
    assert {name: output.value for name, output in moved.outputs().items()} == outputs
    added = {each["urn"] for each in resources_of(moved)} - {each["urn"] for each in before}
    assert {urn.partition("aurora-data-platform::")[2] for urn in added} == {
        "pulumi:providers:aurora-data-platform::default"
    }


def test_platforms_of_one_program_use_their_own_aws_provider(
    consumer: Callable[[str], Consumer], network: dict[str, Any]
) -> None:
    def platform(name: str) -> dict[str, Any]:
        own = {"environment": "two", "costCenter": "x", "platformName": name, "network": network}
        return {
            "type": "aurora-data-platform:AuroraDataPlatform",
            "properties": own,
            "options": {"provider": "${ohio}"},
        }

    ohio = {"type": "pulumi:providers:aws", "properties": {"region": REGION}}
    resources = {"ohio": ohio, "orders": platform("orders"), "reports": platform("reports")}
    program = consumer("two")
    program.write({"name": "two", "runtime": "yaml", "resources": resources})
    # The engine constructs both at the same time, and there is no other region.
    stack = program.stack("dev", {"aws:region": None})
    plan = Plan()
    stack.preview(on_event=plan.record)
    assert {plan.steps[f"{name}-cluster"] for name in ("orders", "reports")} == {Step("create")}
    assert "default_7_51_1" not in plan.steps


def test_every_invalid_property_is_reported_with_path_and_value_and_without_a_traceback(
    example: Stack, consumer: Callable[[str], Consumer], network: dict[str, Any]
) -> None:
    program = read_yaml(EXAMPLE)
    properties = program["resources"]["database"]["properties"]
    properties["capacity"] = {"auroraMinCapacity": 0.7}
    properties["project"] = "${pages.arn}"
    properties["access"]["users"]["orders_app"]["access"] = "everything"
    properties["engine"] = {"clusterParameters": {"auto_explain.log_min_duration": "5parsecs"}}
    invalid = consumer("invalid")
    invalid.write({**program, "name": "invalid"})
    stack = invalid.stack("dev", {f"invalid:{key}": network[key] for key in network})
    plan = Plan()
    with pytest.raises(CommandError):
        stack.preview(on_event=plan.record)
    (error,) = plan.errors()
    assert error.splitlines() == [
        "error: aurora-data-platform:index:AuroraDataPlatform resource 'database' has a problem: 4 "
        "invalid properties; nothing was deployed",
        "\t\t- property project  has a problem: allowed: a plain value; it decides what is created, "
        "so it must be known before the deployment and not secret",
        "\t\t- property capacity.auroraMinCapacity with value 0.7 has a problem: allowed: 0 to 256 "
        "ACU in steps of 0.5; Aurora Serverless v2 capacity is set in steps of 0.5 ACU (1 ACU is "
        "about 2 GiB)",
        '\t\t- property access.users["orders_app"].access with value "everything" has a problem: '
        "allowed: owner, readwrite or readonly",
        '\t\t- property engine.clusterParameters["auto_explain.log_min_duration"] with value '
        '"5parsecs" has a problem: allowed: a whole number from -1 to 2147483647 ms, with or '
        "without a unit (ms, s, min, h, d); 'parsecs' is not a unit of this parameter (units are "
        "case-sensitive)",
    ]
