"""The actions of the deployment roles cover the calls of the official provider.

The calls are those of the provider contract: they are read from the provider's source. Those that
depend on a property count if the program sets it.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

import pytest

from emulator.provider.contract import TypeContract
from emulator.provider.contract import load as load_contract
from tools.deployment_roles.documents import load
from tools.deployment_roles.recorder import IAM_NAMES
from tools.repository import ROOT

MODULES = {"lambda": "lambda_"}
"""The SDK's name of a module, where it is not the type token's."""

ACTIONS = load("actions.yaml")
TYPES: dict[str, dict[str, list[str]]] = ACTIONS["types"]
NOT_CAUSED: dict[str, str] = ACTIONS["not_caused"]


def sdk_name(token: str) -> str:
    """Return a type's name in the SDK, such as `rds.Cluster`."""
    _, module, name = token.split(":")
    module = module.partition("/")[0]
    return f"{MODULES.get(module, module)}.{name}"


@cache
def arguments_of_the_program() -> dict[str, set[str]]:
    """Return the arguments that the program gives each resource type, except constant falsehoods."""
    found: dict[str, set[str]] = defaultdict(set)
    for folder in ("components", "program"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    found[ast.unparse(node.func)] |= {
                        each.arg for each in node.keywords if each.arg and _may_be_true(each.value)
                    }
    return found


def _may_be_true(value: ast.expr) -> bool:
    return not isinstance(value, ast.Constant) or bool(value.value)


@cache
def contract() -> dict[str, TypeContract]:
    return {sdk_name(token): entry for token, entry in load_contract().items()}


def argument(name: str) -> str:
    """Return the SDK's argument of a property: `forceDestroy` is `force_destroy`."""
    return re.sub(r"(?<=[a-z0-9])[A-Z]", lambda found: f"_{found[0].lower()}", name)


def needed_actions(name: str, entry: TypeContract) -> Iterator[str]:
    """Yield the actions that the calls for a type need."""
    yield from (f"{entry.service}:{operation}" for operation in entry.reads)
    given = arguments_of_the_program()[f"aws.{name}"]
    for step in entry.calls.values():
        for call in step:
            if not call.properties or given.intersection(map(argument, call.properties)):
                yield IAM_NAMES.get(call.name, call.name)


def test_the_arguments_are_found_of_each_type_with_a_call_that_depends_on_one() -> None:
    depends = {
        name
        for name in TYPES
        if any(call.properties for step in contract()[name].calls.values() for call in step)
    }
    assert [name for name in sorted(depends) if not arguments_of_the_program()[f"aws.{name}"]] == []


def test_every_call_of_the_official_provider_has_its_action() -> None:
    missing = {
        name: set(needed_actions(name, contract()[name]))
        - {*listed["read"], *listed["write"], *NOT_CAUSED}
        for name, listed in TYPES.items()
    }
    assert {name: actions for name, actions in missing.items() if actions} == {}


def test_a_call_that_the_program_does_not_cause_has_no_action() -> None:
    needed = {action for name in TYPES for action in needed_actions(name, contract()[name])}
    listed = {action for row in TYPES.values() for access in row.values() for action in access}
    assert NOT_CAUSED.keys() <= needed - listed


@pytest.mark.parametrize(
    ("name", "action"),
    [
        ("iam.Role", "iam:UpdateRoleDescription"),
        ("lambda_.Invocation", "lambda:InvokeFunction"),
        ("ec2.SecurityGroup", "ec2:RevokeSecurityGroupIngress"),
        ("rds.Cluster", "rds:RestoreDBClusterToPointInTime"),
    ],
)
def test_a_call_that_a_property_of_the_program_causes_is_needed(name: str, action: str) -> None:
    assert action in set(needed_actions(name, contract()[name]))


def test_a_call_that_no_property_of_the_program_causes_is_not_needed() -> None:
    needed = set(needed_actions("backup.Vault", contract()["backup.Vault"]))
    assert "backup:DeleteRecoveryPoint" not in needed
