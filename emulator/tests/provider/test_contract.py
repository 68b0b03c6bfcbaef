"""The emulated provider agrees with the official one, as the provider contract records it."""

import importlib
import inspect
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from emulator.provider.archives import same_archive
from emulator.provider.contract import (
    ApiCall,
    ContractError,
    PropertyContract,
    TypeContract,
    load,
)
from emulator.provider.protocol.comparisons import (
    never_differs,
    same_given_keys,
    same_json,
    same_json_values,
    same_key,
    same_members,
    same_text_any_case,
    same_trimmed,
    same_value,
    same_version,
)
from emulator.provider.protocol.lifecycle import diff
from emulator.provider.protocol.resource_type import Property, ResourceType
from emulator.provider.random_provider import RandomProvider
from emulator.provider.resources import TYPES as AWS_TYPES
from emulator.provider.resources.awslambda import same_block
from emulator.provider.resources.backup.plans import same_rules
from emulator.provider.resources.ec2.security_group_rules import same_protocol
from emulator.provider.resources.ecs import same_containers, same_network
from emulator.provider.resources.rds.groups import same_parameters

CONTRACT = load()
TYPES: Mapping[str, ResourceType[Any]] = {**AWS_TYPES, **RandomProvider.types}

NO_ARGUMENT = frozenset({"tagsAll"})
"""Inputs that Check adds; no SDK has them as arguments."""

COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "": same_value,
    "archive": same_archive,
    "block": same_block,
    "case": same_text_any_case,
    "containers": same_containers,
    "given-keys": same_given_keys,
    "json": same_json_values,
    "key": same_key,
    "network": same_network,
    "parameters": same_parameters,
    "policy": same_json,
    "protocol": same_protocol,
    "rules": same_rules,
    "trimmed": same_trimmed,
    "unordered": same_members,
    "version": same_version,
    "write-only": never_differs,
}

OWN: Mapping[str, Property] = {
    f"{token} {name}": item
    for token, kind in TYPES.items()
    for name, item in kind.inputs.items()
    if name not in NO_ARGUMENT
}
"""Each input property of the emulated provider."""
OFFICIAL: Mapping[str, PropertyContract] = {
    f"{token} {name}": item
    for token, contract in CONTRACT.items()
    for name, item in contract.properties.items()
}
GENERATED_NAMES = {
    f"{token} {name}"
    for token, kind in TYPES.items()
    if kind.naming
    for name in (kind.naming.name, kind.naming.prefix)
}
"""Check fills them in, so neither their absence nor their prefix can be observed."""


def sdk_arguments(token: str) -> Mapping[str, inspect.Parameter]:
    """The arguments of a type in the installed SDK, under their Pulumi names."""
    package, module, name = token.split(":")
    folder = module.partition("/")[0]
    folder = {"lambda": "lambda_", "index": ""}.get(folder, folder)
    found = importlib.import_module(f"pulumi_{package}.{folder}".rstrip("."))
    arguments = inspect.signature(getattr(found, f"{name}Args").__init__).parameters
    return {camel(key): value for key, value in arguments.items() if key != "__self__"}


def camel(name: str) -> str:
    head, *tail = name.split("_")
    return head + "".join(word.capitalize() for word in tail)


def test_each_type_of_the_emulated_provider_has_a_contract() -> None:
    assert CONTRACT.keys() == TYPES.keys()


def test_names_and_required_properties_are_those_of_the_installed_sdk() -> None:
    arguments = {token: sdk_arguments(token) for token in CONTRACT}
    unknown = {
        token: names
        for token, contract in CONTRACT.items()
        if (names := contract.properties.keys() - arguments[token].keys())
    }
    assert unknown == {}
    required = {
        token: {name for name, each in contract.properties.items() if each.required}
        for token, contract in CONTRACT.items()
    }
    assert required == {
        token: {name for name, each in own.items() if each.default is inspect.Parameter.empty}
        for token, own in arguments.items()
    }


def test_the_same_properties_replace() -> None:
    own = {case: item.replaces for case, item in OWN.items()}
    assert own == {case: OFFICIAL[case].replaces for case in OWN}


def test_the_same_properties_are_required_and_have_the_same_defaults() -> None:
    own = {case: (item.required, item.default) for case, item in OWN.items()}
    assert own == {case: (OFFICIAL[case].required, OFFICIAL[case].default) for case in OWN}


def test_the_same_properties_are_chosen_by_aws() -> None:
    cases = OWN.keys() - GENERATED_NAMES
    assert {case: OWN[case].computed for case in cases} == {
        case: OFFICIAL[case].computed or OFFICIAL[case].kept_when_unset for case in cases
    }


def test_the_same_properties_are_read_back() -> None:
    cases = {
        case
        for case in OWN.keys() - GENERATED_NAMES
        if not OFFICIAL[case].read.startswith("derived from")
    }
    assert {case: OWN[case].write_only for case in cases} == {
        case: not OFFICIAL[case].read for case in cases
    }


def test_the_same_differences_are_suppressed() -> None:
    own = {case: item.same for case, item in OWN.items()}
    assert own == {case: COMPARISONS[OFFICIAL[case].suppress] for case in OWN}


def test_the_same_properties_are_secret() -> None:
    assert {token: kind.secrets for token, kind in TYPES.items()} == {
        token: {name for name, each in CONTRACT[token].properties.items() if each.secret}
        | set(CONTRACT[token].secret_outputs)
        for token in TYPES
    }


def test_the_same_properties_are_autonamed() -> None:
    # A required name is never generated: the table then only says which input is the id.
    generated = {
        token: kind.naming.name
        if kind.naming and not kind.inputs[kind.naming.name].required
        else ""
        for token, kind in TYPES.items()
    }
    assert generated == {token: CONTRACT[token].autonamed for token in TYPES}


def test_a_change_of_a_replacing_property_requests_a_replacement() -> None:
    names = {
        f"{token} {name}": (kind, name)
        for token, kind in TYPES.items()
        for name, item in kind.inputs.items()
        if item.replaces
    }
    changes = {
        case: [
            (change.path, change.kind, change.replaces)
            for change in diff(kind, {name: "old"}, {name: "new"})
        ]
        for case, (kind, name) in names.items()
    }
    assert changes == {case: [(name, "UPDATE", True)] for case, (_, name) in names.items()}


@pytest.mark.parametrize(
    ("token", "program_inputs", "expected"),
    [
        ("aws:rds/clusterParameterGroup:ClusterParameterGroup", {"name", "family"}, True),
        ("aws:rds/clusterParameterGroup:ClusterParameterGroup", {"namePrefix", "family"}, False),
        ("aws:rds/cluster:Cluster", {"clusterIdentifier", "engine"}, False),
        ("aws:rds/clusterInstance:ClusterInstance", {"identifier", "engine"}, False),
        ("aws:cloudwatch/compositeAlarm:CompositeAlarm", {"alarmName", "alarmRule"}, False),
        ("aws:iam/rolePolicyAttachment:RolePolicyAttachment", {"role", "policyArn"}, True),
    ],
)
def test_a_named_resource_is_deleted_before_its_replacement_if_it_would_be_autonamed(
    token: str, program_inputs: set[str], *, expected: bool
) -> None:
    assert CONTRACT[token].deletes_before_replacing(frozenset(program_inputs)) is expected


SOURCE = f"owner/repository@{'0' * 40}:path.go"


def contract_of(folder: Path, **entry: Any) -> TypeContract:
    minimal: dict[str, Any] = {
        "terraform": "t",
        "plugin": "sdkv2",
        "sources": [SOURCE],
        "properties": {},
    }
    (folder / "one.yaml").write_text(yaml.safe_dump({"token": minimal | entry}), encoding="utf-8")
    return load(folder)["token"]


def test_a_property_replaces_nothing_and_is_not_required_unless_it_is_said() -> None:
    by_default = asdict(PropertyContract())
    assert [name for name, value in by_default.items() if value] == []
    assert len(by_default) == 11


def test_a_minimal_entry_loads(tmp_path: Path) -> None:
    contract = contract_of(tmp_path, properties={"name": {"replaces": True}})
    assert (contract.service, contract.plugin) == ("one", "sdkv2")
    assert (contract.name_limit, contract.always_deleted_first) == (0, False)
    assert contract.properties == {"name": PropertyContract(replaces=True)}
    assert contract.sources[0].path == "path.go"


def test_a_call_is_of_the_service_of_its_file_unless_it_names_another(tmp_path: Path) -> None:
    calls = {"create": ["MakeOne if first or second", "ec2:DescribeSubnets"], "delete": []}
    contract = contract_of(tmp_path, properties={"first": {}, "second": {}}, calls=calls)
    assert contract.calls == {
        "create": (
            ApiCall("one", "MakeOne", ("first", "second")),
            ApiCall("ec2", "DescribeSubnets"),
        ),
        "delete": (),
    }
    assert contract.calls["create"][1].name == "ec2:DescribeSubnets"


@pytest.mark.parametrize(
    ("entry", "named"),
    [
        ({"forceNew": True}, "forceNew"),
        ({"properties": {"name": {"replace": True}}}, "replace"),
        ({"properties": {"name": {"suppress": "jsn"}}}, "jsn"),
        ({"sources": ["owner/repository:path.go"]}, "owner/repository:path.go"),
        ({"plugin": "sdkv1"}, "sdkv1"),
        ({"calls": {"replace": ["MakeOne"]}}, "replace"),
        ({"calls": {"create": ["make_one"]}}, "make_one"),
        ({"calls": {"create": ["MakeOne if missing"]}}, "missing"),
    ],
)
def test_an_unknown_key_or_value_is_rejected_by_name(
    tmp_path: Path, entry: dict[str, Any], named: str
) -> None:
    with pytest.raises(ContractError, match=named):
        contract_of(tmp_path, **entry)
