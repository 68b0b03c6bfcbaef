"""Invalid configurations are rejected with exactly the documented messages."""

from typing import Any

import pulumi
import pytest

from tools.repository import ROOT, read_yaml
from tools.testing.programs import run_program

ROWS: list[dict[str, Any]] = read_yaml(ROOT / "tests/program/bad_configs.yaml")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["title"]))
def test_an_invalid_configuration_is_rejected_with_its_documented_message(
    row: dict[str, Any],
) -> None:
    with pytest.raises(pulumi.RunError) as error:
        run_program("dev", **row["config"])
    assert str(error.value) == row["message"].rstrip()


def test_at_least_twenty_invalid_configurations_are_documented() -> None:
    assert len({row["title"] for row in ROWS}) >= 20


@pytest.mark.parametrize("secret_keys", [(), ("masterPassword",)], ids=["plain", "encrypted"])
def test_the_value_of_an_unknown_key_is_not_printed(secret_keys: tuple[str, ...]) -> None:
    """It can be a password in the wrong place."""
    user = {"authentication": "iam", "access": "readonly", "password": "hunter2hunter2"}
    with pytest.raises(pulumi.RunError) as error:
        run_program(
            "dev", secret_keys=secret_keys, masterPassword="hunter2hunter2", users={"app": user}
        )
    assert "  masterPassword\n    reason:  unknown key" in str(error.value)
    assert "  users.app.password\n    reason:  unknown key" in str(error.value)
    assert "hunter2" not in str(error.value)


def test_a_setting_stored_as_a_secret_is_rejected_without_its_value() -> None:
    with pytest.raises(pulumi.RunError) as error:
        run_program(
            "dev",
            secret_keys=("costCenter", "tags", "clusterParameters"),
            costCenter="hunter2",
            tags={"Team": {"hunter2": 1}},
            clusterParameters={"max_connections": "hunter2"},
            port=80,
        )
    message = str(error.value)
    assert "hunter2" not in message
    assert [
        line.strip() for line in message.splitlines() if line.startswith("  ") and line[2] != " "
    ] == [
        *("clusterParameters", "costCenter", "tags", "port"),
    ]
    assert message.count("allowed: a plain value; set it without --secret") == 3
