"""Generated files are what the code would write now."""

import re
from pathlib import Path

import pytest
from pydantic.alias_generators import to_camel

from components.aurora_data_platform.settings.access import DatabaseDeclaration, UserDeclaration
from components.aurora_data_platform.settings.backup_plan import (
    BackupPlan,
    RestoreTesting,
    VaultLock,
)
from components.aurora_data_platform.settings.custom_endpoints import CustomEndpoint
from components.aurora_data_platform.settings.model import PlatformSettings
from components.aurora_data_platform.settings.restoration import RestoreSource
from program.config import config_keys
from program.lookup_settings import LookupSettings
from tools.reference.pages import FILES
from tools.repository import ROOT, read_yaml

NAMED_BY_THE_USER = {
    *("auroraMinCapacity", "auroraMaxCapacity", "backupRetentionDays"),
    *("kmsKeyId", "enableDeletionProtection"),
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_generated_file_is_not_stale(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == FILES[path](), "run `make docs`"


def split_entries(reference: str) -> tuple[str, dict[str, str]]:
    """Return the text without the sections of objects, and those by the object's key."""
    sections = re.split(r"^(?=##+ )", reference, flags=re.MULTILINE)
    entries = {each for each in sections if each.startswith("### ")}
    plain = "".join(each for each in sections if each not in entries)
    return plain, {each.split("`")[1]: each for each in entries}


def listed_keys(text: str) -> list[str]:
    return [line.split("`")[1] for line in text.splitlines() if line.startswith("| `")]


def test_schema_settings_and_reference_list_the_same_keys() -> None:
    keys = config_keys(PlatformSettings).keys() | config_keys(LookupSettings).keys()
    schema = read_yaml(ROOT / "Pulumi.yaml")["config"]
    reference = (ROOT / "docs/configuration.md").read_text(encoding="utf-8")
    tables, entries = split_entries(reference.split("## Combinations")[0])
    assert keys == schema.keys() == set(listed_keys(tables))
    assert {name: listed_keys(text) for name, text in entries.items()} == {
        name: [to_camel(field) for field in model.model_fields]
        for name, model in (
            ("customEndpoints", CustomEndpoint),
            ("databases", DatabaseDeclaration),
            ("users", UserDeclaration),
            ("restoreFrom", RestoreSource),
            ("backupPlan", BackupPlan),
            ("backupPlan.vaultLock", VaultLock),
            ("backupPlan.restoreTesting", RestoreTesting),
        )
    }
    assert keys >= NAMED_BY_THE_USER


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_a_stack_file_sets_known_keys_only(stack: str) -> None:
    schema = read_yaml(ROOT / "Pulumi.yaml")["config"]
    file = read_yaml(ROOT / f"Pulumi.{stack}.yaml")["config"]
    own = {key.removeprefix("aurora-data-platform:") for key in file if not key.startswith("aws:")}
    assert own <= schema.keys()


DOCUMENTS = sorted(
    path
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    if not path.is_relative_to(ROOT / ".venv")
)


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_a_link_leads_to_a_file_that_exists() -> None:
    links = {
        (relative(document), link)
        for document in DOCUMENTS
        for link in re.findall(r"\]\(([^)#]+)[^)]*\)", document.read_text(encoding="utf-8"))
    }
    local = {each for each in links if not each[1].startswith(("http://", "https://"))}
    assert len(local) > 100
    assert {
        each for each in local if not (ROOT / each[0]).parent.joinpath(each[1]).exists()
    } == set()


def test_a_make_command_is_a_target() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = {
        (relative(document), target)
        for document in DOCUMENTS
        for target in re.findall(
            r"(?:`|^)make ([a-z-]+)", document.read_text(encoding="utf-8"), re.MULTILINE
        )
    }
    assert len(named) > 20
    assert {each for each in named if each[1] not in targets} == set()


def test_a_decision_record_is_complete_and_numbered_like_its_file() -> None:
    records = {path: path.read_text(encoding="utf-8") for path in ROOT.glob("docs/adr/*.md")}
    sections = ["Context", "Decision", "Alternatives", "Consequences"]
    assert {
        path.name: (text.partition(". ")[0], re.findall(r"^## (.+)$", text, re.MULTILINE))
        for path, text in records.items()
    } == {path.name: (f"# {int(path.name[:4])}", sections) for path in records}


def test_every_dependency_has_its_reason() -> None:
    declared = {
        re.split(r"[=<>\[]", line)[0]
        for name in ("requirements.in", "requirements-dev.in")
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines()
        if line and not line.startswith(("#", "-r"))
    }
    table = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("## Dependencies")[1]
    cells = re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE)
    explained = {name for cell in cells for name in cell.split(", ")} - {"package", "---"}
    assert explained - {"---"} == declared
