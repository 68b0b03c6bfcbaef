"""Contents of golden files, from a recorded stack."""

from collections.abc import Callable, Mapping
from typing import Any

from tools.repository import ROOT
from tools.testing.recorder import Recording

FOLDER = ROOT / "tests/components/aurora_data_platform/golden"
PHYSICAL_NAME_KEYS = (
    *("clusterIdentifier", "identifier", "name", "dashboardName"),
    *("alarmName", "finalSnapshotIdentifier"),
)


def contract(recording: Recording) -> list[dict[str, Any]]:
    """Return what identifies the resources: types, logical names, parents and physical names."""
    rows: list[dict[str, Any]] = [
        {
            "type": each.type,
            "name": each.name,
            "parent": recording.parent(each.name),
            "physical": {key: each.inputs[key] for key in PHYSICAL_NAME_KEYS if key in each.inputs},
        }
        for each in recording.resources
    ]
    return sorted(rows, key=lambda row: (row["type"], row["name"]))


def resources(recording: Recording) -> list[dict[str, Any]]:
    """Return the resources with all inputs and options."""
    rows: list[dict[str, Any]] = []
    for each in recording.resources:
        options = recording.options[each.name]
        rows.append(
            {
                "name": each.name,
                "type": each.type,
                "inputs": each.inputs,
                "protect": bool(options.protect),
                "ignoreChanges": options.ignore_changes or [],
                "dependsOn": sorted(recording.depends_on(each.name)),
            }
        )
    return sorted(rows, key=lambda row: (row["type"], row["name"]))


VIEWS: Mapping[str, Callable[[Recording], list[dict[str, Any]]]] = {
    "contract": contract,
    "resources": resources,
}
"""Golden views of a stack; the file of one is `<view>.<stack>.json`."""
