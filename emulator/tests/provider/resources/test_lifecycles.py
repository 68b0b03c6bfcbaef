"""A resource of each type from its creation to its deletion; `Engine` compares every call."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from emulator.functions import FUNCTIONS_VARIABLE
from emulator.provider.protocol.properties import Properties, plain
from emulator.provider.resources import TYPES
from emulator.testing.requests import subnets_of
from emulator.tests.provider.engine import Engine, Resource, differences
from emulator.tests.provider.resources.test_resources import CODE, FUNCTION

pytestmark = pytest.mark.emulator

CASES: dict[str, Properties] = yaml.safe_load(
    (Path(__file__).parent / "lifecycles.yaml").read_text(encoding="utf-8")
)
OTHER_MODULES = {
    "test_backup": "aws:backup/",
    "test_cluster_additions": "aws:rds/cluster(Endpoint|RoleAssociation):",
    "test_ecs": "aws:ecs/",
    "test_invocations": "aws:lambda/invocation:",
    "test_resources": "aws:secretsmanager/secretVersion:",
}
"""Patterns of the types that other modules test."""
STILL_READ = {
    # The topic has its default policy again.
    "aws:sns/topicPolicy:TopicPolicy",
    # What is read is the secret, which is no longer rotated.
    "aws:secretsmanager/secretRotation:SecretRotation",
}
"""Types whose resources are read after their deletion."""


def _filled(value: Any, known: dict[str, Properties]) -> Any:
    """Return a value of the cases with the properties that its templates name."""
    if isinstance(value, dict):
        return {key: _filled(each, known) for key, each in cast("Properties", value).items()}
    if isinstance(value, list):
        return [_filled(each, known) for each in cast("list[Any]", value)]
    if isinstance(value, str):
        return re.sub(r"\$\{([\w-]+)\.(\w+)\}", lambda found: known[found[1]][found[2]], value)
    return value


def test_a_resource_of_each_type_calls_what_the_official_provider_calls(
    engine: Engine, client: Callable[[str], Any], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FUNCTIONS_VARIABLE, "off")
    subnet, other_subnet, _ = subnets_of(client("ec2"), "first")
    known: dict[str, Properties] = {
        "test": {"name": name},
        "network": {
            "vpcId": subnet["VpcId"],
            "subnetId": subnet["SubnetId"],
            "otherSubnetId": other_subnet["SubnetId"],
        },
    }
    created: list[Resource] = []
    for case, described in CASES.items():
        inputs = _filled(described["inputs"], known)
        changed = {**inputs, **_filled(described.get("changes", {}), known)}
        if described["type"] == FUNCTION:
            inputs["code"] = changed["code"] = CODE
        resource = engine.create(described["type"], **inputs)
        assert differences(engine, resource, **inputs) == [], case
        if changed != inputs:
            assert list(engine.diff(resource, **changed).replaces) == [], case
            resource = engine.update(resource, **changed)
        read = engine.read(resource)
        assert read is not None, case
        assert differences(engine, read, **changed) == [], case
        known[case] = {**plain(resource.state), "id": resource.resource_id}
        created.append(resource)
    for resource in reversed(created):
        engine.delete(resource)
        assert engine.read(resource) is None or resource.token in STILL_READ, resource.token


def test_each_type_has_a_lifecycle_or_a_module() -> None:
    own = {case["type"] for case in CASES.values()}
    elsewhere = re.compile("|".join(OTHER_MODULES.values()))
    assert own | {each for each in TYPES if elsewhere.match(each)} == set(TYPES)
