"""Breaking changes of the package's schema, one at a time."""

import copy
import runpy
import sys
from collections.abc import Callable
from typing import Any

import pytest

from package.schema import TOKEN, schema
from tools.package_schema.changes import breaking_changes

SCHEMA = schema()
NAME = "aurora-data-platform:index:"

Change = Callable[[dict[str, Any]], Any]


def resource(changed: dict[str, Any]) -> dict[str, Any]:
    return changed["resources"][TOKEN]


def type_of(changed: dict[str, Any], name: str) -> dict[str, Any]:
    return changed["types"][f"{NAME}{name}"]


def found(change: Change) -> list[str]:
    changed = copy.deepcopy(SCHEMA)
    change(changed)
    return breaking_changes(SCHEMA, changed)


BREAKING: dict[str, tuple[Change, str]] = {
    "the package has another name": (
        lambda s: s.update(name="aurora"),
        "name: aurora-data-platform became aurora",
    ),
    "the resource is removed": (
        lambda s: s["resources"].clear(),
        "aurora-data-platform:index:AuroraDataPlatform: removed",
    ),
    "a type is removed": (lambda s: s["types"].pop(f"{NAME}StorageType"), "StorageType: removed"),
    "an input is removed": (
        lambda s: resource(s)["inputProperties"].pop("project"),
        "AuroraDataPlatform, input project: removed",
    ),
    "a member of an input is removed": (
        lambda s: type_of(s, "Capacity")["properties"].pop("instanceCount"),
        "Capacity instanceCount: removed",
    ),
    "an output is removed": (
        lambda s: resource(s)["properties"].pop("readme"),
        "AuroraDataPlatform, output readme: removed",
    ),
    "an optional input becomes required": (
        lambda s: resource(s)["requiredInputs"].append("project"),
        "AuroraDataPlatform, input project: required now",
    ),
    "a new member is required": (
        lambda s: type_of(s, "Backups").update(required=["vault"]),
        "Backups vault: required now",
    ),
    "an output may be missing": (
        lambda s: resource(s)["required"].remove("port"),
        "AuroraDataPlatform, output port: may be missing now",
    ),
    "a number becomes text": (
        lambda s: type_of(s, "Capacity")["properties"]["auroraMinCapacity"].update(type="string"),
        "Capacity auroraMinCapacity: plain number became plain string",
    ),
    "the elements of a list become plain": (
        lambda s: type_of(s, "Network")["properties"]["subnetIds"]["items"].update(plain=True),
        "Network subnetIds: array of string became array of plain string",
    ),
    "a plain value accepts outputs": (
        lambda s: resource(s)["inputProperties"]["environment"].pop("plain"),
        "AuroraDataPlatform, input environment: plain string became string",
    ),
    "the values of a map get another type": (
        lambda s: type_of(s, "DatabaseAccess")["properties"]["users"].update(
            additionalProperties={"$ref": f"#/types/{NAME}User", "plain": True}
        ),
        "DatabaseAccess users: plain map of plain UserDeclaration became plain map of plain User",
    ),
    "an output becomes secret": (
        lambda s: resource(s)["properties"]["readme"].update(secret=True),
        "AuroraDataPlatform, output readme: string became secret string",
    ),
    "a value of an enum is removed": (
        lambda s: type_of(s, "Access")["enum"].pop(0),
        "Access: value owner removed",
    ),
    "a value of an enum is renamed": (
        lambda s: type_of(s, "Access")["enum"][0].update(name="Admin"),
        "Access: value owner was renamed to Admin",
    ),
    "an enum becomes an object": (
        lambda s: s["types"].update({f"{NAME}Access": {"type": "object"}}),
        "Access: enum became object",
    ),
}

COMPATIBLE: dict[str, Change] = {
    "an optional input is added": lambda s: resource(s)["inputProperties"].update(
        restore={"type": "string"}
    ),
    "an output is added": lambda s: resource(s)["properties"].update(vault={"type": "string"}),
    "an output always has a value": lambda s: resource(s)["required"].append("dashboardUrl"),
    "a required input becomes optional": lambda s: resource(s)["requiredInputs"].remove("network"),
    "an enum gets a value": lambda s: type_of(s, "Access")["enum"].append(
        {"name": "None", "value": "none"}
    ),
    "a description changes": lambda s: resource(s)["properties"]["port"].update(description="x"),
    "a type is added": lambda s: s["types"].update({f"{NAME}Vault": {"type": "object"}}),
}


@pytest.mark.parametrize(("change", "message"), BREAKING.values(), ids=BREAKING)
def test_a_breaking_change_is_named(change: Change, message: str) -> None:
    assert found(change) == [message]


@pytest.mark.parametrize("change", COMPATIBLE.values(), ids=COMPATIBLE)
def test_an_addition_is_compatible(change: Change) -> None:
    assert found(change) == []


def test_every_breaking_change_is_reported() -> None:
    def two(changed: dict[str, Any]) -> None:
        resource(changed)["inputProperties"].pop("project")
        type_of(changed, "Access")["enum"].pop()

    assert found(two) == [
        "AuroraDataPlatform, input project: removed",
        "Access: value readonly removed",
    ]


def test_the_command_accepts_the_present_schema(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["package_schema"])
    runpy.run_module("tools.package_schema", run_name="__main__")
    assert capsys.readouterr() == ("", "")


def test_the_command_fails_with_every_breaking_change(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def changed() -> dict[str, Any]:
        without = copy.deepcopy(SCHEMA)
        resource(without)["properties"].pop("readme")
        return without

    monkeypatch.setattr("package.schema.schema", changed)
    monkeypatch.setattr(sys, "argv", ["package_schema"])

    with pytest.raises(SystemExit) as ended:
        runpy.run_module("tools.package_schema", run_name="__main__")
    assert "python -m tools.package_schema --accept" in str(ended.value)
    assert capsys.readouterr().err == (
        "breaking change of the package: AuroraDataPlatform, output readme: removed\n"
    )
