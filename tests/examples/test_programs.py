"""The example programs, run under mocks."""

from pathlib import Path
from typing import Any

import pytest

from tools.repository import read_yaml
from tools.testing.programs import EXAMPLES, run_example
from tools.testing.recorder import ACCOUNT, Recording


def clusters(recording: Recording) -> dict[str, Any]:
    return {
        each.inputs["clusterIdentifier"]: (
            each.inputs["serverlessv2ScalingConfiguration"]["maxCapacity"],
            each.inputs["kmsKeyId"],
        )
        for each in recording.of_type(":Cluster")
    }


def test_the_minimal_program_creates_one_cluster_with_the_defaults() -> None:
    recording = run_example("minimal")
    assert clusters(recording) == {
        "demo-aurora-cluster-ue2": (16.0, f"arn:aws:key:us-east-2:{ACCOUNT}:aurora-key")
    }
    assert recording.only(":SubnetGroup").inputs["subnetIds"] == ["subnet-a", "subnet-b"]
    assert [each.inputs["identifier"] for each in recording.of_type(":ClusterInstance")] == [
        "demo-aurora-cluster-ue2-1"
    ]
    assert not any(options.protect for options in recording.options.values())


def test_the_program_with_an_existing_key_creates_no_key_and_allows_its_own_client() -> None:
    recording = run_example("existing_key")
    adopted = f"arn:aws:kms:us-east-2:{ACCOUNT}:key/adopted"
    assert ("aws:kms/getKey:getKey", {"keyId": "alias/data"}) in recording.invokes
    assert clusters(recording) == {"demo-aurora-cluster-ue2": (16.0, adopted)}
    assert recording.of_type(":Key") == []
    rule = recording.named("aurora-ingress-from-client").inputs
    assert (rule["referencedSecurityGroupId"], rule["fromPort"]) == ("client-id", 5432)


def test_two_platforms_have_no_name_in_common() -> None:
    recording = run_example("two_platforms")
    assert clusters(recording) == {
        "demo-orders-cluster-ue2": (32.0, f"arn:aws:key:us-east-2:{ACCOUNT}:orders-key"),
        "demo-reports-cluster-ue2": (8.0, f"arn:aws:key:us-east-2:{ACCOUNT}:reports-key"),
    }
    assert sorted(each.inputs["identifier"] for each in recording.of_type(":ClusterInstance")) == [
        *("demo-orders-cluster-ue2-1", "demo-orders-cluster-ue2-2", "demo-reports-cluster-ue2-1")
    ]
    named = [(each.type, each.inputs.get("name")) for each in recording.resources]
    # The name of a metric filter is unique within its log group only.
    fixed = [pair for pair in named if pair[1] and not pair[0].endswith(":LogMetricFilter")]
    assert len(set(fixed)) == len(fixed)


@pytest.mark.parametrize("program", EXAMPLES.values(), ids=EXAMPLES)
def test_a_program_is_short_and_declares_the_keys_that_it_reads(program: Path) -> None:
    text = (program / "__main__.py").read_text(encoding="utf-8")
    project = read_yaml(program / "Pulumi.yaml")
    assert len(text.splitlines()) <= 40
    assert {key for key in ("vpcId", "subnetIds", "kmsKeyId") if f'"{key}"' in text} == (
        project["config"].keys()
    )


def test_every_example_program_is_tested() -> None:
    assert list(EXAMPLES) == ["existing_key", "minimal", "two_platforms"]
