"""Resources that AWS rejects: the engine reports AWS's error code and creates nothing."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from pulumi.automation import CommandError

from rehearsal import Rehearsal
from tests.engine.plans import Plan, resources_of
from tools.repository import read_yaml

ROWS: dict[str, dict[str, Any]] = read_yaml(Path(__file__).parent / "rejected_resources.yaml")

CLUSTER = "aws:rds/cluster:Cluster"

PROGRAM = """
import json, pathlib, pulumi

for name, row in json.loads(pathlib.Path("resources.json").read_text()).items():
    pulumi.CustomResource(row["type"], name, row["properties"])
"""


@pytest.fixture(scope="module")
def errors(
    rehearsal: Rehearsal, client: Callable[[str], Any], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """Deploy all rows in one stack, and return the engine's error for each."""
    zone = [{"Name": "availability-zone", "Values": ["us-east-2a"]}]
    environment = [{"Name": "tag:Environment", "Values": ["dev"]}]
    subnets = client("ec2").describe_subnets(Filters=zone + environment)["Subnets"]
    one_zone = [row["SubnetId"] for row in subnets]
    assert len(one_zone) == 2
    program = tmp_path_factory.mktemp("rejected")
    resources = {name: complete(name, row, one_zone) for name, row in ROWS.items()}
    (program / "resources.json").write_text(json.dumps(resources))
    (program / "__main__.py").write_text(PROGRAM)
    options = {"toolchain": "pip", "virtualenv": ".venv"}
    project = {"name": "rejected", "runtime": {"name": "python", "options": options}}
    (program / "Pulumi.yaml").write_text(yaml.safe_dump(project))
    (program / "Pulumi.all.yaml").write_text("config: {aws:region: us-east-2}\n")
    other = Rehearsal(rehearsal.folder, program, project_folder="rejected")
    plan = Plan()
    stack = other.stack("all")
    with pytest.raises(CommandError):
        stack.up(on_event=plan.record, continue_on_error=True)
    left = resources_of(stack)
    # These are created by one request and configured by a second, which AWS rejects.
    assert {row["type"] for row in left} - {"pulumi:pulumi:Stack", "pulumi:providers:aws"} == {
        "aws:rds/clusterParameterGroup:ClusterParameterGroup",
        "aws:cloudwatch/logGroup:LogGroup",
    }
    return plan.errors_by_name


def complete(name: str, row: dict[str, Any], one_zone: list[str]) -> dict[str, Any]:
    """Add the required properties of a cluster to the invalid ones."""
    properties = dict(row["properties"])
    if row["type"] == CLUSTER:
        properties = {
            "clusterIdentifier": name,
            "engine": "aurora-postgresql",
            "engineVersion": "17.4",
            "masterUsername": "master",
            "masterPassword": "long-enough-password",
            "skipFinalSnapshot": True,
            **properties,
        }
    if properties.get("subnetIds") == "ONE_ZONE":
        properties["subnetIds"] = one_zone
    return {"type": row["type"], "properties": properties}


@pytest.mark.parametrize("name", ROWS)
def test_a_resource_is_rejected_with_awss_code(name: str, errors: dict[str, str]) -> None:
    assert re.findall(r"\b([A-Z]\w+): ", errors[name])[:1] == [ROWS[name]["code"]], errors[name]
