"""The schema of the package."""

import dataclasses
import json
import re
from typing import Any

import pytest
from pydantic.alias_generators import to_camel

from components.aurora_data_platform import AuroraDataPlatformArgs
from components.aurora_data_platform.settings.access import UserDeclaration
from components.aurora_data_platform.settings.fields import GROUPS as SETTINGS_GROUPS
from package.arguments import GROUPS, LOOKED_UP, PackageSettings
from package.schema import TOKEN, default_text, schema
from tools.package_schema.changes import breaking_changes
from tools.package_schema.golden import GOLDEN, golden_text
from tools.testing.packages import NETWORK, construct

SCHEMA = schema()
RESOURCE = SCHEMA["resources"][TOKEN]
TYPES = {token.rpartition(":")[2]: each for token, each in SCHEMA["types"].items()}


def properties() -> list[tuple[str, dict[str, Any]]]:
    """Return every property of the package by its path."""
    found = [(f"input {name}", each) for name, each in RESOURCE["inputProperties"].items()]
    found += [(f"output {name}", each) for name, each in RESOURCE["properties"].items()]
    for name, each in TYPES.items():
        found += [(f"{name}.{key}", member) for key, member in each.get("properties", {}).items()]
    return found


def test_every_setting_is_an_argument_of_the_package_exactly_once() -> None:
    """A new setting needs its name in one group of package/arguments.py."""
    placed = [name for group in GROUPS for name in group.settings]
    assert sorted(placed) == sorted(set(PackageSettings.model_fields) - {"region"})
    settings = {name for model in SETTINGS_GROUPS for name in model.model_fields}
    assert set(placed) - settings == {"engine_version_fallback"}


def test_every_argument_of_the_component_is_one_of_the_package_or_looked_up() -> None:
    placed = [name for group in GROUPS for name in group.inputs]
    fields = [each.name for each in dataclasses.fields(AuroraDataPlatformArgs)]
    assert sorted([*placed, *LOOKED_UP]) == sorted(fields)


def test_the_schema_is_the_golden_one(pytestconfig: pytest.Config) -> None:
    """`--update-golden` accepts additions; `python -m tools.package_schema --accept` the rest."""
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    assert breaking_changes(golden, SCHEMA) == []
    if pytestconfig.getoption("update_golden"):
        GOLDEN.write_text(golden_text(SCHEMA), encoding="utf-8")
    assert GOLDEN.read_text(encoding="utf-8") == golden_text(SCHEMA)


def test_every_property_is_described_in_one_line_per_paragraph() -> None:
    paragraphs = re.compile(r"[A-Za-z`].*\.(\n\nAllowed: .*\.)?")
    descriptions = {path: declared["description"] for path, declared in properties()}
    assert len(descriptions) > 100
    assert {
        path: text
        for path, text in descriptions.items()
        if not paragraphs.fullmatch(text) or "  " in text
    } == {}


@pytest.mark.parametrize(
    "group", [each for each in GROUPS if each.name], ids=lambda each: each.name
)
def test_a_setting_has_its_default_and_its_limits_in_the_description(group: Any) -> None:
    members = TYPES[group.type_name]["properties"]
    for name in group.settings:
        field = PackageSettings.model_fields[name]
        description = members[to_camel(name)]["description"]
        assert ("Default: " in description) is not field.is_required()
        assert "\n\nAllowed: " in description
    assert members.keys() == set(map(to_camel, group.members))


def test_units_are_those_of_the_settings() -> None:
    assert TYPES["Capacity"]["properties"]["auroraMinCapacity"] == {
        "type": "number",
        "description": "Minimum capacity of each instance, in ACU. Default: `0.5`.\n\nAllowed: 0 to "
        "256 ACU in steps of 0.5; Aurora Serverless v2 capacity is set in steps of 0.5 ACU (1 ACU is "
        "about 2 GiB).",
        "plain": True,
    }


def test_a_program_must_give_environment_cost_center_and_network_only() -> None:
    assert RESOURCE["requiredInputs"] == ["costCenter", "environment", "network"]
    assert TYPES["Network"]["required"] == ["subnetIds", "vpcId"]
    required = {name: each["required"] for name, each in TYPES.items() if "required" in each}
    outputs = ("SetupReport", "UserOutputs")
    assert {name: keys for name, keys in required.items() if name not in outputs} == {
        "Network": ["subnetIds", "vpcId"],
        "UserDeclaration": ["access", "authentication"],
    }


def test_the_default_of_an_object_is_the_one_of_its_members() -> None:
    assert default_text(UserDeclaration(authentication="iam", access="owner")) == "none"  # pyright: ignore[reportArgumentType]
    defaults: tuple[object, ...] = ("", (), {}, 0, 0.5, False)
    assert [default_text(each) for each in defaults] == [
        *("none", "none", "none", "`0`", "`0.5`", "`false`")
    ]


def test_closed_sets_are_enums() -> None:
    values = {
        name: [each["value"] for each in declared["enum"]]
        for name, declared in TYPES.items()
        if "enum" in declared
    }
    assert values["StorageType"] == ["aurora", "aurora-iopt1"]
    assert values["Access"] == ["owner", "readwrite", "readonly"]
    assert values.keys() >= {
        *("Access", "AlarmProfile", "Authentication", "CaCertificateIdentifier"),
        *("DataClassification", "EngineLifecycleSupport", "EngineVersionFallback", "LogType"),
        *("SecretsManagerConnectivity", "StorageType"),
    }


def test_only_what_other_resources_create_may_be_an_output() -> None:
    inputs = {
        f"{name}.{key}"
        for name, declared in TYPES.items()
        if name not in ("SetupReport", "UserOutputs")
        for key, member in declared.get("properties", {}).items()
        if not (member.get("items") or member.get("additionalProperties") or member).get("plain")
        or not member.get("plain")
    }
    assert inputs == {
        *("Network.vpcId", "Network.subnetIds", "Network.clientSecurityGroupIds"),
        *("Network.secretsEndpointSecurityGroupId", "Encryption.kmsKeyArn"),
        *("Rotation.ecsTaskExecutionRoleName", "Notifications.notificationTopicArns"),
        "Notifications.pagingTopicArn",
    }


def test_the_outputs_are_those_of_the_component_with_their_types() -> None:
    recording = construct({"environment": "demo", "costCenter": "x", "network": dict(NETWORK)})
    assert recording.exports.keys() == RESOURCE["properties"].keys()
    optional = RESOURCE["properties"].keys() - set(RESOURCE["required"])
    assert optional == {"postgresqlLogGroupName", "dashboardUrl"}
    assert RESOURCE["properties"]["port"]["type"] == "integer"
    users = RESOURCE["properties"]["users"]["additionalProperties"]
    assert users == {"$ref": "#/types/aurora-data-platform:index:UserOutputs"}


def test_no_property_is_secret_because_passwords_stay_in_secrets_manager() -> None:
    assert [path for path, declared in properties() if declared.get("secret")] == []


def test_the_version_is_left_to_the_git_tag() -> None:
    assert "version" not in SCHEMA
