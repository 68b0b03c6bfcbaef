"""Resources through their lifecycle, as with the official provider."""

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from emulator.aws.patches.awslambda.network_interfaces import LINGER_VARIABLE
from emulator.provider.protocol.properties import SecretValue, plain
from emulator.testing.requests import create_role, subnets_of
from emulator.tests.provider.engine import AbortedError, Engine, Resource

pytestmark = pytest.mark.emulator

Client = Callable[[str], Any]

GROUP = "aws:rds/clusterParameterGroup:ClusterParameterGroup"
FUNCTION = "aws:lambda/function:Function"
SECRET = "aws:secretsmanager/secret:Secret"
VERSION = "aws:secretsmanager/secretVersion:SecretVersion"
SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup"
ROLE = "aws:iam/role:Role"
CLUSTER = "aws:rds/cluster:Cluster"
TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})

SIGNATURE = "4dabf18193072939515e22adb298388d"
CODE = {
    SIGNATURE: "0def7320c3a5731c473e5ecbe6d01bc7",
    "hash": "1",
    "assets": {
        "module.py": {
            SIGNATURE: "c44067f5952c0a294b673a41bacd8c17",
            "hash": "2",
            "text": "def handle(event, context):\n    pass\n",
        }
    },
}


def _forced_ssl(value: str, method: str = "immediate") -> list[dict[str, str]]:
    return [{"name": "rds.force_ssl", "value": value, "applyMethod": method}]


def test_a_parameter_with_the_familys_value_differs_after_every_deployment(
    engine: Engine, name: str
) -> None:
    inputs = {"name": name, "family": "aurora-postgresql17"}
    group = engine.create(GROUP, **inputs, parameters=_forced_ssl("1"))
    assert group.state["parameters"] == _forced_ssl("1", "pending-reboot")
    assert list(engine.diff(group, **inputs, parameters=_forced_ssl("1")).diffs) == ["parameters"]
    again = engine.update(group, **inputs, parameters=_forced_ssl("1"))
    assert again.state["parameters"] == _forced_ssl("1", "pending-reboot")
    kept = _forced_ssl("1", "pending-reboot")
    assert list(engine.diff(again, **inputs, parameters=kept).diffs) == []


def test_a_parameter_with_another_value_does_not_differ(engine: Engine, name: str) -> None:
    inputs = {
        "name": name,
        "family": "aurora-postgresql17",
        "parameters": [*_forced_ssl("0"), {"name": "work_mem", "value": "8192"}],
    }
    group = engine.create(GROUP, **inputs)
    assert list(engine.diff(group, **inputs).diffs) == []
    read = engine.read(group)
    assert read is not None
    assert list(engine.diff(read, **inputs).diffs) == []


@pytest.mark.parametrize(
    ("token", "inputs", "change", "deletes_first"),
    [
        # Autonamed and named by the program: the old one goes first.
        (ROLE, {"name": "fixed", "assumeRolePolicy": TRUST}, {"path": "/other/"}, True),
        # Autonamed and named by Check: the new one has another name.
        (ROLE, {"assumeRolePolicy": TRUST}, {"path": "/other/"}, False),
        # Not autonamed: the new one is created first and collides.
        (
            CLUSTER,
            {"clusterIdentifier": "fixed", "engine": "aurora-postgresql"},
            {"databaseName": "other"},
            False,
        ),
        # Nothing is replaced.
        (ROLE, {"name": "fixed", "assumeRolePolicy": TRUST}, {"description": "new"}, False),
    ],
)
def test_a_replacement_deletes_first_what_the_program_names(
    engine: Engine,
    token: str,
    inputs: dict[str, Any],
    change: dict[str, Any],
    deletes_first: bool,
) -> None:
    checked = engine.check(token, inputs)
    resource = Resource(token, checked, "id", {})
    assert engine.diff(resource, **inputs, **change).deleteBeforeReplace is deletes_first


def test_a_changed_prefix_replaces_the_name(engine: Engine) -> None:
    inputs = {"namePrefix": "one-", "assumeRolePolicy": TRUST}
    role = engine.create(ROLE, **inputs)
    assert role.resource_id.startswith("one-")
    assert list(engine.diff(role, **inputs).diffs) == []
    changed = engine.diff(role, **{**inputs, "namePrefix": "two-"})
    assert sorted(changed.replaces) == ["name", "namePrefix"]
    assert not changed.deleteBeforeReplace
    checked = engine.check(ROLE, {**inputs, "namePrefix": "two-"}, role.inputs)
    assert checked["name"].startswith("two-")


def test_a_failed_second_step_of_a_creation_is_repeated_by_the_next_update(
    engine: Engine, client: Client, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    inputs = {
        "name": name,
        "code": CODE,
        "handler": "module.handle",
        "runtime": "python3.13",
        "role": create_role(client("iam"), name, "lambda.amazonaws.com"),
        "reservedConcurrentExecutions": 2,
    }
    function, reasons = engine.create_partially(FUNCTION, **inputs)
    (reason,) = reasons
    assert reason.startswith("InvalidParameterValueException: Specified ReservedConcurrent")
    assert function.resource_id == name
    assert list(engine.diff(function, **inputs).diffs) == ["reservedConcurrentExecutions"]
    monkeypatch.setenv("EMULATOR_LAMBDA_CONCURRENCY", "1000")
    updated = engine.update(function, **inputs)
    assert updated.state["reservedConcurrentExecutions"] == 2
    found = client("lambda").get_function(FunctionName=name)
    assert found["Concurrency"]["ReservedConcurrentExecutions"] == 2
    assert list(engine.diff(updated, **inputs).diffs) == []


def _version(engine: Engine, name: str, **inputs: Any) -> Any:
    secret = engine.create(SECRET, name=name)
    return engine.create(VERSION, secretId=secret.resource_id, **inputs)


def test_deleting_a_version_removes_the_labels_of_its_state(
    engine: Engine, client: Client, name: str
) -> None:
    version = _version(engine, name, secretString="first")
    client("secretsmanager").put_secret_value(SecretId=name, SecretString="second")
    refreshed = engine.read(version)
    assert refreshed is not None
    assert refreshed.state["versionStages"] == ["AWSPREVIOUS"]
    engine.delete(refreshed)
    labels = client("secretsmanager").describe_secret(SecretId=name)["VersionIdsToStages"]
    assert list(labels.values()) == [["AWSCURRENT"]]


def test_a_version_takes_the_current_label_back_and_drops_its_own(
    engine: Engine, client: Client, name: str
) -> None:
    version = _version(engine, name, secretString="first", versionStages=["AWSCURRENT", "KEPT"])
    second = client("secretsmanager").put_secret_value(SecretId=name, SecretString="second")
    found = engine.read(version)
    assert found is not None
    assert sorted(found.state["versionStages"]) == ["AWSPREVIOUS", "KEPT"]
    wanted = {"secretString": "first", "versionStages": ["AWSCURRENT"]}
    engine.update(found, secretId=found.state["secretId"], **wanted)
    labels = client("secretsmanager").describe_secret(SecretId=name)["VersionIdsToStages"]
    assert labels == {
        version.state["versionId"]: ["AWSCURRENT"],
        second["VersionId"]: ["AWSPREVIOUS"],
    }


def test_a_label_of_another_version_is_not_taken(engine: Engine, client: Client, name: str) -> None:
    version = _version(engine, name, secretString="first")
    client("secretsmanager").put_secret_value(
        SecretId=name, SecretString="second", VersionStages=["KEPT"]
    )
    wanted = {"secretString": "first", "versionStages": ["AWSCURRENT", "KEPT"]}
    with pytest.raises(AbortedError, match="InvalidParameterException"):
        engine.update(version, secretId=version.state["secretId"], **wanted)


def test_deleting_a_version_fails_if_its_label_has_moved(
    engine: Engine, client: Client, name: str
) -> None:
    version = _version(engine, name, secretString="first")
    secrets = client("secretsmanager")
    secrets.put_secret_value(SecretId=name, SecretString="second")
    refreshed = engine.read(version)
    assert refreshed is not None
    secrets.update_secret_version_stage(
        SecretId=name,
        VersionStage="KEPT",
        MoveToVersionId=refreshed.state["versionId"],
    )
    second = secrets.get_secret_value(SecretId=name)["VersionId"]
    secrets.put_secret_value(SecretId=name, SecretString="third")
    with pytest.raises(AbortedError) as caught:
        engine.delete(refreshed)
    assert str(caught.value) == (
        "InvalidParameterException: The parameter RemoveFromVersionId can't be empty. Staging "
        f"label AWSPREVIOUS is currently attached to version {second}, so you must explicitly "
        "reference that version in RemoveFromVersionId."
    )


def test_a_secret_string_is_secret_in_inputs_and_state(engine: Engine, name: str) -> None:
    version = _version(engine, name, secretString="hunter2")
    assert version.state["secretString"] == SecretValue("hunter2")
    read = engine.read(version)
    assert read is not None
    assert read.state["secretString"] == SecretValue("hunter2")
    assert read.inputs["secretString"] == SecretValue("hunter2")


def test_a_write_only_value_is_never_read_into_state(engine: Engine, name: str) -> None:
    version = _version(engine, name, secretStringWo=SecretValue("hunter2"), secretStringWoVersion=1)
    assert version.state["hasSecretStringWo"] is True
    assert "secretString" not in version.state
    read = engine.read(version)
    assert read is not None
    assert "secretString" not in read.state
    assert "secretString" not in read.inputs
    assert plain(read.inputs["secretStringWo"]) == "hunter2"


def test_a_security_group_is_deleted_once_its_network_interfaces_are_removed(
    engine: Engine, client: Client, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(LINGER_VARIABLE, "2")
    ec2, functions = client("ec2"), client("lambda")
    subnet = subnets_of(ec2, "first")[0]
    group = engine.create(SECURITY_GROUP, name=name, vpcId=subnet["VpcId"])
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("module.py", "")
    functions.create_function(
        FunctionName=name,
        Runtime="python3.13",
        Handler="module.handle",
        Role=create_role(client("iam"), name, "lambda.amazonaws.com"),
        Code={"ZipFile": archive.getvalue()},
        VpcConfig={
            "SubnetIds": [subnet["SubnetId"]],
            "SecurityGroupIds": [group.resource_id],
        },
    )
    functions.delete_function(FunctionName=name)
    engine.delete(group)
    assert engine.read(group) is None


def test_an_unexpected_error_names_its_cause(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("lost")

    monkeypatch.setattr("emulator.provider.resources.iam.Role.create", broken)
    with pytest.raises(AbortedError) as caught:
        engine.create(ROLE, name=name, assumeRolePolicy=TRUST)
    assert str(caught.value) == "the emulated provider failed: KeyError: 'lost'"
