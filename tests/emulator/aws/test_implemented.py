"""Calls of the official provider: the emulated AWS implements each.

The calls are those that the provider contract records from the provider's source, with file and commit,
and those of the deployment roles. An operation without an implementation answers NotImplemented. That
the answers are complete enough for the official provider is shown by a deployment with it only.
"""

import importlib
import inspect
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.session import get_session
from moto.core.responses import BaseResponse
from moto.core.utils import camelcase_to_underscores

from emulator.aws import registry
from emulator.aws.server import RunningServer
from emulator.provider import contract
from tools.deployment_roles.documents import load

pytestmark = pytest.mark.emulator

MODULES = {"lambda": "awslambda"}
"""Moto's name of a service, where it is not boto3's."""

PERMISSIONS_ONLY = {
    "backup-storage:MountCapsule",
    "ec2:GetSecurityGroupsForVpc",
    "iam:PassRole",
    "lambda:InvokeFunction",
}
"""Permissions that AWS requires of a caller, and that are no calls of the provider."""

LOGS = ("aws:cloudwatch/logGroup", "aws:cloudwatch/logMetricFilter")
EVENTS = ("aws:cloudwatch/eventRule", "aws:cloudwatch/eventTarget")
SERVICES = {"vpc": "ec2"}
"""Services of the provider's modules, where the names differ."""


def service_of(token: str) -> str:
    """Return boto3's name of the service of a resource type."""
    if token.startswith(LOGS):
        return "logs"
    if token.startswith(EVENTS):
        return "events"
    module = token.split(":")[1].partition("/")[0]
    return SERVICES.get(module, module)


def calls() -> Iterator[tuple[str, str]]:
    """Yield service and operation."""
    for token, entry in contract.load().items():
        yield from ((service_of(token), operation) for operation in entry.reads)
    for actions in load("actions.yaml")["types"].values():
        for action in actions["read"] + actions["write"]:
            if action not in PERMISSIONS_ONLY:
                service, _, operation = action.partition(":")
                yield service, operation


CALLS = sorted(set(calls()))


@pytest.fixture(scope="module")
def implemented(server: RunningServer) -> dict[str, set[str]]:
    """Return the methods of moto's services, with every patch applied."""
    assert registry.load()
    methods: dict[str, set[str]] = {}
    for service in {service for service, _ in CALLS}:
        module = importlib.import_module(f"moto.{MODULES.get(service, service)}.responses")
        classes = [
            found
            for _, found in inspect.getmembers(module, inspect.isclass)
            if issubclass(found, BaseResponse) and found is not BaseResponse
        ]
        methods[service] = {name for found in classes for name in dir(found)}
    return methods


def test_there_are_calls_of_every_kind() -> None:
    assert len(CALLS) > 120
    assert ("lambda", "GetFunctionCodeSigningConfig") in CALLS
    assert ("rds", "CreateDBCluster") in CALLS


def test_the_emulated_aws_implements_every_call(implemented: dict[str, set[str]]) -> None:
    session: Any = get_session()
    unknown = [
        (service, operation)
        for service, operation in CALLS
        if operation not in session.get_service_model(service).operation_names
    ]
    missing = [
        (service, operation)
        for service, operation in CALLS
        if camelcase_to_underscores(operation) not in implemented[service]
    ]
    assert (unknown, missing) == ([], [])
