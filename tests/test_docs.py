"""Generated files are what the code would write now."""

import sys
from pathlib import Path

import pytest
import yaml

sys.path.insert(0, str(Path(__file__).parents[1]))

from components.aurora_data_platform.settings import PlatformSettings
from components.stack.config import config_keys
from components.stack.lookup_settings import LookupSettings
from docs.generate import FILES

NAMED_BY_THE_USER = {
    *("auroraMinCapacity", "auroraMaxCapacity", "backupRetentionDays"),
    *("kmsKeyId", "enableDeletionProtection"),
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_generated_file_is_not_stale(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == FILES[path](), "run `make docs`"


def test_schema_settings_and_reference_list_the_same_keys() -> None:
    root = Path(__file__).parents[1]
    keys = config_keys(PlatformSettings).keys() | config_keys(LookupSettings).keys()
    schema = yaml.safe_load((root / "Pulumi.yaml").read_text(encoding="utf-8"))["config"]
    reference = (root / "docs/configuration.md").read_text(encoding="utf-8")
    tables = reference.split("## Cluster parameters")[0]
    listed = {line.split("`")[1] for line in tables.splitlines() if line.startswith("| `")}
    assert keys == schema.keys() == listed
    assert keys >= NAMED_BY_THE_USER


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_a_stack_file_sets_known_keys_only(stack: str) -> None:
    root = Path(__file__).parents[1]
    schema = yaml.safe_load((root / "Pulumi.yaml").read_text(encoding="utf-8"))["config"]
    file = yaml.safe_load((root / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8"))["config"]
    own = {key.removeprefix("aurora-data-platform:") for key in file if not key.startswith("aws:")}
    assert own <= schema.keys()
