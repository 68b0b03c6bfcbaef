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
from botocore.session import get_session

from emulator.provider.aws_connection import EMULATOR_FAILURE_CODES
from emulator.provider.contract import load as load_contract
from tests.emulator.aws.minimal_requests import minimal_request
from tools.deployment_roles.documents import load
from tools.repository import ROOT

pytestmark = pytest.mark.emulator

CONTRACT = load_contract()

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
"""Operations that the emulated AWS does not implement; docs/rehearsal.md lists them."""

NO_SUCH_URL = "The requested URL was not found on the server"
"""The answer to a path that moto does not know."""


def calls() -> Iterator[tuple[str, str]]:
    """Yield service and operation."""
    for entry in CONTRACT.values():
        yield from ((entry.service, operation) for operation in entry.reads)
        for step in entry.calls.values():
            yield from ((each.service, each.operation) for each in step)
    table = load("actions.yaml")
    for action in {*table["configuration"]}.union(*table["lookups"].values()):
        service, _, operation = action.partition(":")
        yield service, operation


OPERATIONS: dict[str, set[str]] = defaultdict(set)
for service_name, operation_name in calls():
    OPERATIONS[service_name].add(operation_name)


def is_answered(client: Any, service: str, operation: str) -> bool:
    """Return whether an operation answers, with a result or with an error of AWS."""
    model: Any = get_session().get_service_model(service).operation_model(operation)
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
        if not is_answered(client(service), service, operation)
    ]
    assert unanswered == list(UNANSWERED.get(service, ()))


def test_what_is_unanswered_needs_a_property_and_is_documented() -> None:
    always = {
        each.operation
        for entry in CONTRACT.values()
        for step in entry.calls.values()
        for each in step
        if not each.properties
    }
    page = (ROOT / "docs/rehearsal.md").read_text(encoding="utf-8")
    for operations in UNANSWERED.values():
        assert always & set(operations) == set()
        assert [each for each in operations if f"`{each}`" not in page] == []
