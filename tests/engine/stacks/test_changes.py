"""Changes to a deployed platform: updates, replacements, imports and interruptions."""

import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pulumi.automation import CommandError, ConfigValue, OpType, Stack

from rehearsal import Rehearsal
from tests.engine.interruptions import start_and_signal
from tests.engine.plans import RESOURCES, Plan, Step, resources_of

Scratch = Callable[..., Stack]
NAME = "changed"


@pytest.fixture(scope="module")
def configure(rehearsal: Rehearsal) -> Iterator[Callable[..., Stack]]:
    """Return a function that configures a deployed stack, without deploying the change."""

    def configured(**changes: Any) -> Stack:
        return rehearsal.stack(NAME, {"platformName": NAME, **changes}, like="dev")

    configured().up()
    yield configured
    stack = configured()
    stack.destroy()
    stack.workspace.remove_stack(NAME)


def test_aws_rejects_the_replacement_of_an_unprotected_cluster(
    configure: Callable[..., Stack], client: Callable[[str], Any]
) -> None:
    """The replacement is created first, under a name that is in use, so no data is lost."""
    before = describe(client, NAME)
    stack = configure(kmsKeyId="alias/shared-database")
    plan = Plan()
    stack.preview(on_event=plan.record)
    assert plan.steps[f"{NAME}-cluster"] == Step(
        "replace", ("kmsKeyId", "performanceInsightsKmsKeyId"), ("kmsKeyId",)
    )
    assert plan.steps[f"{NAME}-key"].operation == "delete"
    plan = Plan()
    with pytest.raises(CommandError):
        stack.up(on_event=plan.record)
    assert any("DBClusterAlreadyExistsFault" in text for text in plan.errors())
    after = describe(client, NAME)
    assert after["DbClusterResourceId"] == before["DbClusterResourceId"]
    assert after["DBClusterMembers"] == before["DBClusterMembers"]


def test_another_port_is_rejected_before_anything_changes(
    configure: Callable[..., Stack], client: Callable[[str], Any]
) -> None:
    """AWS would change it at once, and no client could log in with the port in its secret."""
    plan = Plan()
    with pytest.raises(CommandError):
        configure(port=5433).up(on_event=plan.record)
    error, _ = plan.errors()
    assert "    allowed: 5432, the port of dev-changed-cluster-ue2\n" in error
    assert plan.steps == {}
    assert describe(client, NAME)["Port"] == 5432


def test_a_major_upgrade_that_aws_rejects_can_be_taken_back(
    configure: Callable[..., Stack], client: Callable[[str], Any]
) -> None:
    rds = client("rds")
    rds.stop_db_cluster(DBClusterIdentifier=f"dev-{NAME}-cluster-ue2")
    plan = Plan()
    with pytest.raises(CommandError):
        configure(engineVersion="18.4", allowEngineUpgrade=True).up(on_event=plan.record)
    assert any("InvalidDBClusterStateFault" in text for text in plan.errors())
    rds.start_db_cluster(DBClusterIdentifier=f"dev-{NAME}-cluster-ue2")
    plan = Plan()
    stack = configure()
    stack.up(on_event=plan.record)
    assert plan.steps[f"{NAME}-parameter-group-18"] == Step("delete")
    assert f"{NAME}-parameter-group-17" not in plan.steps
    stack.preview(expect_no_changes=True)
    assert describe(client, NAME)["DBClusterParameterGroup"] == f"dev-{NAME}-postgresql17-ue2"


def test_renaming_a_protected_platform_keeps_its_database_even_without_a_preview(
    configure: Callable[..., Stack], client: Callable[[str], Any], rehearsal: Rehearsal
) -> None:
    configure(protectResources=True, enableDeletionProtection=True).up()
    before = describe(client, NAME)
    stack = configure(platformName="renamed")
    with pytest.raises(CommandError, match="protect"):
        stack.up()
    after = describe(client, NAME)
    assert after["DBClusterMembers"] == before["DBClusterMembers"] != []
    assert after["DbClusterResourceId"] == before["DbClusterResourceId"]
    subprocess.run(
        [rehearsal.launcher, *["state", "unprotect", "--all", "--yes", "--stack", NAME]],
        check=True,
        capture_output=True,
    )
    configure().up()


def test_a_change_of_the_maximum_capacity_is_an_update_in_place(
    configure: Callable[..., Stack], client: Callable[[str], Any]
) -> None:
    before = describe(client, NAME)
    plan = Plan()
    configure(auroraMaxCapacity=64).up(on_event=plan.record)
    assert plan.steps[f"{NAME}-cluster"].operation == "update"
    assert plan.steps[f"{NAME}-cluster"].changed == ("serverlessv2ScalingConfiguration",)
    assert {step.operation for step in plan.steps.values()} == {"update"}
    after = describe(client, NAME)
    assert after["ServerlessV2ScalingConfiguration"] == {"MinCapacity": 0.5, "MaxCapacity": 64}
    assert after["DbClusterResourceId"] == before["DbClusterResourceId"]


def test_a_cluster_whose_name_is_in_use_is_rejected_with_awss_code(
    scratch: Scratch, client: Callable[[str], Any]
) -> None:
    rds = client("rds")
    stranger = rds.create_db_cluster(
        DBClusterIdentifier="dev-taken-cluster-ue2",
        Engine="aurora-postgresql",
        EngineVersion="17.4",
        MasterUsername="stranger",
        MasterUserPassword="a-strangers-password",
    )["DBCluster"]
    stack = scratch("taken")
    plan = Plan()
    with pytest.raises(CommandError):
        stack.up(on_event=plan.record)
    assert any("DBClusterAlreadyExistsFault" in text for text in plan.errors())
    assert describe(client, "taken")["DbClusterResourceId"] == stranger["DbClusterResourceId"]
    rds.delete_db_cluster(DBClusterIdentifier="dev-taken-cluster-ue2", SkipFinalSnapshot=True)
    # The failed update's resources remain; the next update creates the rest.
    continued = stack.up().summary.resource_changes or {}
    assert 0 < continued[OpType.CREATE] < RESOURCES["dev"]
    assert stack.preview(expect_no_changes=True).change_summary == {OpType.SAME: RESOURCES["dev"]}


def test_an_interrupted_update_continues(scratch: Scratch, rehearsal: Rehearsal) -> None:
    stack = scratch("stopped")
    assert start_and_signal(rehearsal, "stopped", signal.SIGINT) != 0
    urns = [row["urn"] for row in resources_of(stack)]
    assert 0 < len(urns) < RESOURCES["dev"], "the update was interrupted half-way"
    continued = stack.up().summary.resource_changes or {}
    assert 0 < continued[OpType.CREATE] < RESOURCES["dev"]
    assert stack.preview(expect_no_changes=True).change_summary == {OpType.SAME: RESOURCES["dev"]}


def test_a_killed_engine_leaves_no_process_running_and_a_state_that_loads(
    rehearsal: Rehearsal,
) -> None:
    stack = rehearsal.stack("killed", {"platformName": "killed"}, like="dev")
    assert start_and_signal(rehearsal, "killed", signal.SIGKILL) == -signal.SIGKILL
    wait_until(lambda: engine_processes(rehearsal) == [])
    # Only these are written in more than one step, whenever the engine is killed.
    assert list((rehearsal.folder / "state").rglob("*.attrs")) == []
    stack.cancel()
    assert resources_of(stack) != []
    stack.workspace.remove_stack("killed", force=True)


def test_an_existing_resource_is_imported(scratch: Scratch, client: Callable[[str], Any]) -> None:
    subnets = client("ec2").describe_subnets(
        Filters=[
            {"Name": "tag:Tier", "Values": ["private"]},
            {"Name": "tag:Environment", "Values": ["dev"]},
        ]
    )["Subnets"]
    client("rds").create_db_subnet_group(
        DBSubnetGroupName="by-hand",
        DBSubnetGroupDescription="made by hand",
        SubnetIds=[row["SubnetId"] for row in subnets],
    )
    stack = scratch("importing")
    stack.import_resources(
        resources=[{"type": "aws:rds/subnetGroup:SubnetGroup", "name": "by-hand", "id": "by-hand"}],
        protect=False,
        generate_code=False,
    )
    (imported,) = [
        row for row in resources_of(stack) if row["type"] == "aws:rds/subnetGroup:SubnetGroup"
    ]
    assert imported["inputs"]["description"] == "made by hand"
    assert sorted(imported["inputs"]["subnetIds"]) == sorted(row["SubnetId"] for row in subnets)


def test_an_invalid_configuration_is_reported_without_a_traceback(scratch: Scratch) -> None:
    stack = scratch("bad", auroraMinCapacity=0.3, backupRetentionDays=99)
    plan = Plan()
    with pytest.raises(CommandError) as error:
        stack.preview(on_event=plan.record)
    (message,) = [text for text in plan.errors() if "auroraMinCapacity" in text]
    assert "backupRetentionDays" in message
    assert "Traceback" not in str(error.value)
    assert plan.steps.keys() <= {"aurora-data-platform-bad"}


def test_values_that_yaml_would_change_and_bad_booleans_are_reported_together(
    scratch: Scratch, rehearsal: Rehearsal
) -> None:
    """Pulumi itself passes 17.10 on as 17.1 and 0042 as 34, and would check booleans first."""
    stack = scratch("quotes")
    file = rehearsal.project.folder / "Pulumi.quotes.yaml"
    text = file.read_text(encoding="utf-8")
    for key, value in (
        ("engineVersion", "17.10"),
        ("costCenter", "0042"),
        ("enableDeletionProtection", "maybe"),
        ("applyImmediately", "Yes"),
    ):
        text = re.sub(rf"(aurora-data-platform:{key}:) .*", rf"\1 {value}", text)
    file.write_text(text, encoding="utf-8")
    plan = Plan()
    with pytest.raises(CommandError):
        stack.preview(on_event=plan.record)
    (message,) = [text for text in plan.errors() if "errors in" in text]
    assert "3 errors in Pulumi.quotes.yaml; nothing was deployed" in message
    assert 'allowed: the value in quotes: "17.10"' in message
    assert 'allowed: the value in quotes: "0042"' in message
    assert "enableDeletionProtection\n    got:     'maybe'\n    allowed: true or false" in message


def test_a_setting_stored_as_a_secret_is_rejected_without_its_value(scratch: Scratch) -> None:
    stack = scratch("sealed")
    stack.set_config("aurora-data-platform:project", ConfigValue("hunter2hunter2", secret=True))
    plan = Plan()
    with pytest.raises(CommandError) as error:
        stack.preview(on_event=plan.record)
    assert "allowed: a plain value; set it without --secret" in "".join(plan.errors())
    assert "hunter2" not in str(error.value)


def engine_processes(rehearsal: Rehearsal) -> list[str]:
    """Return the engine's processes, without the emulated AWS and its children."""
    rows = [line.split(maxsplit=2) for line in processes().splitlines()]
    emulated = {process for process, _, command in rows if "emulator.aws" in command}
    return [
        command
        for process, parent, command in rows
        if str(rehearsal.folder) in command
        and not {process, parent} & emulated
        and "postgres" not in command
    ]


def processes() -> str:
    """Return process ID, parent and command of each process."""
    options = ["-e", "-o", "pid=,ppid=,args="]
    return subprocess.run(["ps", *options], capture_output=True, text=True, check=True).stdout


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, processes()
        time.sleep(0.1)


def describe(client: Callable[[str], Any], platform: str) -> dict[str, Any]:
    identifier = f"dev-{platform}-cluster-ue2"
    return client("rds").describe_db_clusters(DBClusterIdentifier=identifier)["DBClusters"][0]
