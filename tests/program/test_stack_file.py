"""Unquoted values that Pulumi changes before the program sees them."""

from pathlib import Path

import pytest

from components.aurora_data_platform.errors import ConfigError
from program.config import StackValues, read_config
from program.stack_file import unquoted_scalars

NAMESPACE = "p:"


def scalars(tmp_path: Path, text: str) -> dict[str, str]:
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_text(f"config:\n{text}", encoding="utf-8")
    return dict(unquoted_scalars(path, NAMESPACE))


@pytest.mark.parametrize(
    "value",
    [
        *(
            "17.10",
            "0042",
            "42",
            "-1",
            "+1",
            "0x1F",
            "0b101",
            "0o17",
            "1_000",
            "1e3",
            ".5",
            "1.5e-3",
        ),
        *(".inf", ".NaN", "true", "False", "null", "~", "2026-11-24", "2026-11-24T10:00:00Z"),
    ],
)
def test_a_plain_scalar_that_yaml_resolves_is_found_as_written(tmp_path: Path, value: str) -> None:
    assert scalars(tmp_path, f"  p:key: {value}\n") == {"key": value}


@pytest.mark.parametrize(
    "value",
    [
        *('"17.10"', "'0042'", "17.10.1", "v1", "yes", "on", "03:00-04:00", "sun:04:00-sun:05:00"),
        *("1.2.3.4", "dev", "2026-1", "1s", "arn:aws:sns:us-east-2:123456789012:t"),
    ],
)
def test_text_is_left_alone(tmp_path: Path, value: str) -> None:
    assert scalars(tmp_path, f"  p:key: {value}\n") == {}


def test_other_namespaces_and_structures_are_ignored(tmp_path: Path) -> None:
    assert scalars(tmp_path, "  aws:region: 1\n  p:tags:\n    a: 1\n") == {}


@pytest.mark.parametrize("text", ["", "encryptionsalt: v1\n", "config:\n"])
def test_a_stack_file_without_configuration_has_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_text(text, encoding="utf-8")
    assert dict(unquoted_scalars(path, NAMESPACE)) == {}


def test_a_missing_stack_file_has_none(tmp_path: Path) -> None:
    assert dict(unquoted_scalars(tmp_path / "Pulumi.dev.yaml", NAMESPACE)) == {}


VALID = {"environment": "dev", "costCenter": "c", "vpcId": "vpc-1"}


def test_an_unquoted_text_setting_is_rejected_with_the_value_as_written() -> None:
    """Pulumi passes 17.10 on as 17.1, and 0042 as 34."""
    values = {**VALID, "engineVersion": "17.1", "costCenter": "34"}
    unquoted = {"engineVersion": "17.10", "costCenter": "0042"}
    with pytest.raises(ConfigError) as error:
        read_config(StackValues(values, "us-east-2", "Pulumi.dev.yaml", unquoted=unquoted))
    assert [(issue.key, issue.value, issue.expected) for issue in error.value.issues] == [
        ("costCenter", "0042", 'the value in quotes: "0042"'),
        ("engineVersion", "17.10", 'the value in quotes: "17.10"'),
    ]


def test_an_unquoted_number_or_boolean_setting_is_accepted() -> None:
    values = {**VALID, "auroraMaxCapacity": "64", "enableDeletionProtection": "false"}
    unquoted = {"auroraMaxCapacity": "64", "enableDeletionProtection": "false"}
    settings, _ = read_config(StackValues(values, "us-east-2", "f", unquoted=unquoted))
    assert (settings.aurora_max_capacity, settings.enable_deletion_protection) == (64.0, False)


@pytest.mark.parametrize("text", ["true", "True", "TRUE", "yes", "Yes", "on", "ON", "1"])
def test_every_usual_spelling_of_true_is_accepted(text: str) -> None:
    values = {**VALID, "skipFinalSnapshot": text}
    assert read_config(StackValues(values, "us-east-2", "f"))[0].skip_final_snapshot is True


@pytest.mark.parametrize("text", ["false", "False", "FALSE", "no", "No", "off", "OFF", "0"])
def test_every_usual_spelling_of_false_is_accepted(text: str) -> None:
    values = {**VALID, "protectResources": text}
    assert read_config(StackValues(values, "us-east-2", "f"))[0].protect_resources is False
