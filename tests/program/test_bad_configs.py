"""The program refuses bad configurations with exactly the documented messages."""

from typing import Any

import pulumi
import pytest
import yaml

from tools.repository import ROOT
from tools.testing.programs import run_program

ROWS: list[dict[str, Any]] = yaml.safe_load(
    (ROOT / "tests/program/bad_configs.yaml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["title"]))
def test_a_bad_configuration_is_refused_with_its_documented_message(row: dict[str, Any]) -> None:
    with pytest.raises(pulumi.RunError) as refusal:
        run_program("dev", **row["config"])
    assert str(refusal.value) == row["message"].rstrip()


def test_there_are_at_least_twenty_documented_bad_configurations() -> None:
    assert len({row["title"] for row in ROWS}) >= 20


def test_an_encrypted_value_never_enters_a_message() -> None:
    with pytest.raises(pulumi.RunError) as refusal:
        run_program("dev", secret_keys=("masterPassword",), masterPassword="hunter2hunter2")
    assert "hunter2" not in str(refusal.value)
    assert "got:     '[secret]'" in str(refusal.value)
