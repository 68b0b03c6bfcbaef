"""The emulated provider reaches this machine only."""

import pytest

from emulator.isolation import scrub_environment
from emulator.provider.aws_connection import AwsConnection, loopback_endpoint
from emulator.provider.protocol.errors import RejectedError


@pytest.mark.parametrize(
    "endpoint", ["http://127.0.0.1:5000", "http://[::1]:1", "http://localhost:9"]
)
def test_a_loopback_address_is_accepted(endpoint: str) -> None:
    assert loopback_endpoint({"REHEARSAL_AWS_ENDPOINT": endpoint}) == endpoint


@pytest.mark.parametrize(
    "endpoint",
    [
        *("https://rds.us-east-2.amazonaws.com", "http://192.0.2.1:5000", "http://0.0.0.0:1"),
        *("https://127.0.0.1:5000", "http://127.0.0.1.example.com", "127.0.0.1:5000"),
    ],
)
def test_any_other_address_is_rejected(endpoint: str) -> None:
    with pytest.raises(RejectedError, match="is not on this machine"):
        loopback_endpoint({"REHEARSAL_AWS_ENDPOINT": endpoint})


def test_no_address_is_rejected_with_what_to_do() -> None:
    with pytest.raises(RejectedError, match="REHEARSAL_AWS_ENDPOINT is not set"):
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
