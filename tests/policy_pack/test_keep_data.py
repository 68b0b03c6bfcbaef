"""The configuration that names what a plan must keep."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tools.repository import ROOT

SCRIPT = ROOT / "policy_pack/keep_data.py"
PREFIX = "urn:pulumi:prod::shop::"


def row(type_: str, name: str, **outputs: str) -> dict[str, Any]:
    return {"urn": f"{PREFIX}{type_}::{name}", "type": type_, "outputs": outputs}


STATE: dict[str, Any] = {
    "version": 3,
    "deployment": {
        "resources": [
            {"urn": f"{PREFIX}pulumi:pulumi:Stack::shop-prod", "type": "pulumi:pulumi:Stack"},
            row("aws:rds/cluster:Cluster", "db", arn="arn:db", masterPassword="[secret]"),
            row(
                "aws:rds/clusterInstance:ClusterInstance",
                "db-1",
                arn="arn:db-1",
                clusterIdentifier="shop",
            ),
            {**row("aws:kms/key:Key", "old-key", arn="arn:old"), "delete": True},
            row("aws:kms/key:Key", "key", arn="arn:key"),
            row("aws:sns/topic:Topic", "topic", arn="arn:topic"),
            # Read by `.get`: removing it from the program deletes nothing in AWS.
            {**row("aws:kms/key:Key", "shared-key", arn="arn:shared"), "external": True},
        ]
    },
}


def keep(state: Any, configuration: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(SCRIPT), str(configuration), *words],
        input=json.dumps(state),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def configuration(tmp_path: Path) -> Path:
    file = tmp_path / "prod.json"
    file.write_text(json.dumps({"data-is-kept": {"enforcementLevel": "mandatory", "kept": []}}))
    return file


def test_what_holds_data_is_listed_without_its_secrets(configuration: Path) -> None:
    done = keep(STATE, configuration)
    assert json.loads(done.stdout) == {
        "data-is-kept": {
            "enforcementLevel": "mandatory",
            "kept": [
                {
                    "name": "db",
                    "type": "aws:rds/cluster:Cluster",
                    "urn": f"{PREFIX}aws:rds/cluster:Cluster::db",
                    "arn": "arn:db",
                },
                {
                    "name": "db-1",
                    "type": "aws:rds/clusterInstance:ClusterInstance",
                    "urn": f"{PREFIX}aws:rds/clusterInstance:ClusterInstance::db-1",
                    "arn": "arn:db-1",
                    "group": "an instance of shop",
                },
                {
                    "name": "key",
                    "type": "aws:kms/key:Key",
                    "urn": f"{PREFIX}aws:kms/key:Key::key",
                    "arn": "arn:key",
                },
            ],
        }
    }
    assert "secret" not in done.stdout


def test_what_this_run_may_lose_is_left_out(configuration: Path) -> None:
    done = keep(STATE, configuration, "--allow", "key", "--allow", "db")
    kept = json.loads(done.stdout)["data-is-kept"]["kept"]
    assert [each["name"] for each in kept] == ["db-1"]


@pytest.mark.parametrize("state", [{"version": 3, "deployment": None}, {"version": 3}])
def test_a_new_stack_has_nothing_to_keep(state: Any, configuration: Path) -> None:
    assert json.loads(keep(state, configuration).stdout)["data-is-kept"]["kept"] == []


def test_an_unknown_name_is_rejected_with_the_known_ones(configuration: Path) -> None:
    done = keep(STATE, configuration, "--allow", "databse")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "keep_data: --allow databse: not among the kept resources: db, db-1, key\n"
    )


def test_a_missing_configuration_is_one_sentence(tmp_path: Path) -> None:
    done = keep(STATE, tmp_path / "absent.json")
    assert done.returncode == 2
    assert done.stderr.startswith("keep_data: [Errno 2] No such file or directory")
