"""The emulated provider reaches this machine only."""

import pytest
from moto.rds.models import RDSBackend

from emulator.aws.server import RunningServer
from emulator.isolation import scrub_environment
from emulator.provider.aws_connection import (
    AwsConnection,
    AwsError,
    EmulatorFailureError,
    loopback_endpoint,
)
from emulator.provider.protocol.errors import RejectedError


@pytest.mark.parametrize(
    "endpoint", ["http://127.0.0.1:5000", "http://[::1]:1", "http://localhost:9"]
)
def test_a_loopback_address_is_accepted(endpoint: str) -> None:
    assert loopback_endpoint({"EMULATOR_AWS_ENDPOINT": endpoint}) == endpoint


@pytest.mark.parametrize(
    "endpoint",
    [
        *("https://rds.us-east-2.amazonaws.com", "http://192.0.2.1:5000", "http://0.0.0.0:1"),
        *("https://127.0.0.1:5000", "http://127.0.0.1.example.com", "127.0.0.1:5000"),
    ],
)
def test_any_other_address_is_rejected(endpoint: str) -> None:
    with pytest.raises(RejectedError, match="is not on this machine"):
        loopback_endpoint({"EMULATOR_AWS_ENDPOINT": endpoint})


def test_a_missing_address_is_rejected_with_what_to_do() -> None:
    with pytest.raises(RejectedError, match="EMULATOR_AWS_ENDPOINT is not set"):
        loopback_endpoint({})


def test_the_users_settings_are_removed_and_their_files_ignored() -> None:
    environment = {
        "AWS_PROFILE": "mine",
        "PULUMI_ACCESS_TOKEN": "x",
        "BOTO_CONFIG": "y",
        "HOME": "/h",
    }
    scrub_environment(environment)
    assert environment == {
        "HOME": "/h",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_EC2_METADATA_DISABLED": "true",
        "no_proxy": "127.0.0.1,::1,localhost",
        "NO_PROXY": "127.0.0.1,::1,localhost",
    }


@pytest.mark.parametrize(
    ("region", "partition", "suffix"),
    [
        ("us-east-2", "aws", "amazonaws.com"),
        ("cn-north-1", "aws-cn", "amazonaws.com.cn"),
        ("us-gov-west-1", "aws-us-gov", "amazonaws.com"),
    ],
)
def test_a_region_has_its_partition(region: str, partition: str, suffix: str) -> None:
    connection = AwsConnection("http://127.0.0.1:1", region)
    assert (connection.partition, connection.dns_suffix) == (partition, suffix)


def test_an_unreachable_aws_is_reported() -> None:
    with pytest.raises(RejectedError, match="did not answer describe_db_clusters"):
        AwsConnection("http://127.0.0.1:9", "us-east-2").call("rds", "describe_db_clusters")


@pytest.mark.emulator
def test_an_operation_that_is_not_implemented_names_itself_and_the_log(
    server: RunningServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws = AwsConnection(server.url, "us-east-2")
    cause = (
        "rds describe_source_regions: the emulated AWS does not implement "
        "rds:DescribeSourceRegions (The describe_source_regions action "
        "has not been implemented)"
    )
    monkeypatch.delenv("EMULATOR_AWS_LOG", raising=False)
    with pytest.raises(EmulatorFailureError) as caught:
        aws.call("rds", "describe_source_regions")
    assert str(caught.value) == cause
    monkeypatch.setenv("EMULATOR_AWS_LOG", "/folder/aws/log")
    with pytest.raises(EmulatorFailureError) as caught:
        aws.call("rds", "describe_source_regions")
    assert str(caught.value) == f"{cause} (log of the emulated AWS: /folder/aws/log)"


@pytest.mark.emulator
def test_a_failure_inside_the_emulated_aws_names_its_cause(
    server: RunningServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("lost")

    monkeypatch.setattr(RDSBackend, "describe_db_clusters", broken)
    with pytest.raises(EmulatorFailureError) as caught:
        AwsConnection(server.url, "us-east-2").call("rds", "describe_db_clusters")
    assert str(caught.value) == (
        "rds describe_db_clusters: rds:DescribeDBClusters failed in the emulated AWS: KeyError: "
        "'lost'"
    )


@pytest.mark.emulator
def test_a_rejection_has_awss_code_and_reason(server: RunningServer) -> None:
    with pytest.raises(AwsError) as caught:
        AwsConnection(server.url, "us-east-2").call(
            "rds", "describe_db_clusters", DBClusterIdentifier="missing"
        )
    assert (caught.value.code, caught.value.reason) == (
        "DBClusterNotFoundFault",
        "DBCluster missing not found.",
    )
