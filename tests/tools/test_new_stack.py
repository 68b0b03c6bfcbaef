"""A new environment from an existing one."""

import json
import shutil
from pathlib import Path

import pytest
import yaml

from tools.new_stack import WORKFLOWS, NewStackError, add_stack
from tools.repository import ROOT


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    for path in (
        *ROOT.glob("Pulumi.*.yaml"),
        *ROOT.glob("policy_pack/config/*.json"),
        *ROOT.glob(".github/workflows/*.yml"),
    ):
        target = tmp_path / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    return tmp_path


def test_a_stack_is_copied_with_its_own_names(repository: Path) -> None:
    add_stack("staging", "prod", repository)
    text = (repository / "Pulumi.staging.yaml").read_text(encoding="utf-8")
    config = yaml.safe_load(text)["config"]
    assert config["aurora-data-platform:environment"] == "staging"
    assert config["aurora-data-platform:vpcTags"] == {"Name": "staging-vpc-ue2"}
    assert config["aurora-data-platform:clientSecurityGroups"] == ["staging-ecs-container-sg-ue2"]
    assert config["aurora-data-platform:instanceCount"] == 2
    assert "prod-" not in text


def test_the_policies_and_the_matrix_of_each_workflow_include_it(repository: Path) -> None:
    add_stack("staging", "prod", repository)
    policies = repository / "policy_pack/config"
    assert json.loads((policies / "staging.json").read_text()) == json.loads(
        (policies / "prod.json").read_text()
    )
    for workflow in WORKFLOWS:
        text = (repository / ".github/workflows" / workflow).read_text(encoding="utf-8")
        assert "stack: [dev, prod, staging]" in text


@pytest.mark.parametrize(
    ("name", "source", "reason"),
    [
        ("prod", "dev", "Pulumi.prod.yaml exists already"),
        ("staging", "qa", "Pulumi.qa.yaml does not exist"),
        ("Staging", "dev", "Staging: 1 to 16 lowercase letters"),
        ("sg", "dev", "environment"),
    ],
)
def test_an_unsuitable_name_is_rejected_and_nothing_is_written(
    repository: Path, name: str, source: str, reason: str
) -> None:
    before = {path: path.read_bytes() for path in repository.rglob("*") if path.is_file()}
    with pytest.raises(NewStackError, match=reason):
        add_stack(name, source, repository)
    assert {path: path.read_bytes() for path in repository.rglob("*") if path.is_file()} == before
