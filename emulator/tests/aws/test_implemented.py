"""Calls of the official provider: the emulated AWS answers each.

The calls are those that the provider contract records from the provider's source, with file and
commit, and those of the lookups. Each is made with the smallest request that its model accepts, so
most name something that does not exist. The tests show that the operation is implemented. That
the answers are complete enough for the official provider is shown by a deployment with it only.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError

from emulator.provider.aws_connection import EMULATOR_FAILURE_CODES
from emulator.provider.contract import load as load_contract
from emulator.tests.aws.minimal_requests import minimal_request

pytestmark = pytest.mark.emulator

CONTRACT = load_contract()

LOOKUPS = {
    "ec2": (
        *("DescribeRouteTables", "DescribeSecurityGroups", "DescribeSubnets"),
        *("DescribeVpcAttribute", "DescribeVpcs"),
    ),
    "iam": ("GetRole",),
    "kms": ("DescribeKey",),
    "rds": ("DescribeDBClusterSnapshots", "DescribeDBClusters", "DescribeDBEngineVersions"),
    "sts": ("GetCallerIdentity",),
}
"""Operations of the official provider's data sources, from the source of each."""

UNANSWERED: Mapping[str, tuple[str, ...]] = {
    "ec2": ("AcceptVpcEndpointConnections",),
    "ecs": ("DescribeServiceDeployments", "ListServiceDeployments"),
    "lambda": (
        "DeleteFunctionCodeSigningConfig",
        "GetDurableExecution",
        "ListDurableExecutionsByFunction",
        "PutFunctionCodeSigningConfig",
        "StopDurableExecution",
    ),
    "rds": ("RestoreDBClusterFromS3",),
}
"""Operations that the emulated AWS does not implement."""

NO_SUCH_URL = "The requested URL was not found on the server"
"""The answer to a path that moto does not know."""


def calls() -> Iterator[tuple[str, str]]:
    """Yield service and operation."""
    for entry in CONTRACT.values():
        yield from ((entry.service, operation) for operation in entry.reads)
        for step in entry.calls.values():
            yield from ((each.service, each.operation) for each in step)
    for service, operations in LOOKUPS.items():
        yield from ((service, operation) for operation in operations)


OPERATIONS: dict[str, set[str]] = defaultdict(set)
for service_name, operation_name in calls():
    OPERATIONS[service_name].add(operation_name)


def is_answered(client: Any, operation: str) -> bool:
    """Return whether an operation answers, with a result or with an error of AWS."""
    model: Any = client.meta.service_model.operation_model(operation)
    try:
        getattr(client, xform_name(operation))(**minimal_request(model))
    except ClientError as error:
        answer: Any = error.response
        details = answer["Error"]
        # Requests are validated before the operation is looked up.
        assert "failed to satisfy constraint" not in details["Message"]
        return details["Code"] not in EMULATOR_FAILURE_CODES and NO_SUCH_URL not in str(error)
    return True


def test_there_are_calls_of_every_kind() -> None:
    assert sum(map(len, OPERATIONS.values())) > 220
    assert "GetFunctionCodeSigningConfig" in OPERATIONS["lambda"]
    assert "CreateDBCluster" in OPERATIONS["rds"]
    assert "DescribeRouteTables" in OPERATIONS["ec2"]


@pytest.mark.parametrize("service", sorted(OPERATIONS))
def test_the_emulated_aws_answers_every_call(service: str, client: Callable[[str], Any]) -> None:
    unanswered = [
        operation
        for operation in sorted(OPERATIONS[service])
        if not is_answered(client(service), operation)
    ]
    assert unanswered == list(UNANSWERED.get(service, ()))


def test_what_is_unanswered_needs_a_property() -> None:
    always = {
        each.operation
        for entry in CONTRACT.values()
        for step in entry.calls.values()
        for each in step
        if not each.properties
    }
    for operations in UNANSWERED.values():
        assert always & set(operations) == set()
