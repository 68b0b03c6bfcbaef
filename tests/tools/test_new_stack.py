"""A new environment from an existing one."""

import json
import shutil
from pathlib import Path

import pytest
import yaml

from tools.new_stack import WORKFLOWS, NewStackError, add_stack, next_steps
from tools.repository import ROOT, read_yaml


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


def test_the_copy_has_no_key_of_the_other_stack(repository: Path) -> None:
    """`pulumi stack init` creates a data key only if the file has none (pkg/secrets/cloud)."""
    prod = repository / "Pulumi.prod.yaml"
    configuration = prod.read_text(encoding="utf-8")
    encryption = "secretsprovider: awskms://alias/pulumi-state\nencryptedkey: of-prod\n"
    prod.write_text(f"{encryption}encryptionsalt: of-prod\n{configuration}", encoding="utf-8")
    add_stack("staging", "prod", repository)
    copied = read_yaml(repository / "Pulumi.staging.yaml")
    assert copied.keys() == {"config"}
    assert "of-prod" in prod.read_text(encoding="utf-8")


def test_encrypted_values_are_rejected_and_nothing_is_written(repository: Path) -> None:
    prod = repository / "Pulumi.prod.yaml"
    with prod.open("a", encoding="utf-8") as file:
        file.write("  aurora-data-platform:tags: {Owner: {secure: AAAB}}\n")
    before = {path: path.read_bytes() for path in repository.rglob("*") if path.is_file()}
    with pytest.raises(NewStackError) as rejected:
        add_stack("staging", "prod", repository)
    assert str(rejected.value) == (
        "Pulumi.prod.yaml has encrypted values, which the key of staging cannot decrypt: "
        "aurora-data-platform:tags. Copy a stack without them"
    )
    assert {path: path.read_bytes() for path in repository.rglob("*") if path.is_file()} == before


def test_the_next_steps_are_those_of_the_documentation() -> None:
    guide = (ROOT / "docs/ci.md").read_text(encoding="utf-8")
    section = guide.partition("## Add a stack\n")[2].partition("\n## ")[0]
    steps = next_steps("staging", "prod")
    key = '"awskms://alias/pulumi-state?region=$AWS_REGION"'
    for command in (
        f"pulumi stack init staging --secrets-provider={key}",
        ".ci/create-roles staging",
    ):
        assert (command in section, command in steps) == (True, True)


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
