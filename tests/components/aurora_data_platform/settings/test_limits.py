"""Defaults and limits of single settings; a limit is the last accepted value on its side."""

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import pytest
from botocore.loaders import Loader
from pydantic import BaseModel, ValidationError

from components.aurora_data_platform.settings.backup_plan import (
    BackupPlan,
    RestoreTesting,
    VaultLock,
)
from components.aurora_data_platform.settings.descriptions import descriptions
from components.aurora_data_platform.settings.fields import SettingsFields
from components.aurora_data_platform.settings.types import LOG_RETENTION_DAYS
from components.aurora_data_platform.settings.validation import spec_of
from tests.components.aurora_data_platform.settings.test_settings import BASE, settings

USER = {"authentication": "iam", "access": "readonly"}
EMPTY: dict[str, object] = {}
TOPIC = "arn:aws:sns:us-east-2:123456789012:alarms"
LENGTHS: Sequence[tuple[str, Callable[[int], object], int]] = [
    ("environment", lambda length: "e" * length, 16),
    ("platform_name", lambda length: "p" * length, 16),
    ("cost_center", lambda length: "c" * length, 256),
    ("database_name", lambda length: "d" * length, 53),
    ("master_username", lambda length: "m" * length, 16),
    ("runbook_base_url", lambda length: "https://runbooks".ljust(length - 1, "s") + "/", 200),
    ("notification_emails", lambda length: ["a@example.com".rjust(length, "a")], 254),
    ("notification_emails", lambda length: ["a@example.com"] * length, 20),
    ("notification_topic_arns", lambda length: [TOPIC] * length, 3),
    ("tags", lambda length: {f"tag-{number}": "x" for number in range(length)}, 40),
    ("tags", lambda length: {"k" * length: "x"}, 128),
    ("tags", lambda length: {"Team": "x" * length}, 256),
    (
        "custom_endpoints",
        lambda length: dict.fromkeys((f"to-{number}" for number in range(length)), EMPTY),
        5,
    ),
    ("custom_endpoints", lambda length: {"r" * length: EMPTY}, 24),
    ("databases", lambda length: {"b" * length: EMPTY}, 53),
    ("users", lambda length: {"u" * length: USER}, 57),
]
"""Settings, a value of some length, and the maximum length."""


def accepts(model: type[BaseModel], name: str, value: object) -> bool:
    """Whether a setting accepts a value, whatever the other settings are."""
    base = BASE if model is SettingsFields else {}
    try:
        model.model_validate({**base, name: value})
    except ValidationError:
        return False
    return True


NUMBERS: Mapping[tuple[type[BaseModel], str], tuple[float, float, float]] = {
    (SettingsFields, "aurora_min_capacity"): (0, 256, 0.5),
    (SettingsFields, "aurora_max_capacity"): (1, 256, 0.5),
    (SettingsFields, "seconds_until_auto_pause"): (300, 86_400, 1),
    (SettingsFields, "instance_count"): (1, 16, 1),
    (SettingsFields, "port"): (1150, 65_535, 1),
    (SettingsFields, "backup_retention_days"): (1, 35, 1),
    (SettingsFields, "key_deletion_window_days"): (7, 30, 1),
    (SettingsFields, "rotation_days"): (1, 999, 1),
    (SettingsFields, "rotation_window_hours"): (1, 24, 1),
    (SettingsFields, "rotation_reserved_concurrency"): (0, 100, 1),
    (SettingsFields, "acu_hourly_price_usd"): (0, 10, 0.01),
    (BackupPlan, "retention_days"): (1, 36_500, 1),
    (BackupPlan, "copy_retention_days"): (1, 36_500, 1),
    (VaultLock, "min_retention_days"): (0, 36_500, 1),
    (VaultLock, "max_retention_days"): (1, 36_500, 1),
    (VaultLock, "changeable_for_days"): (0, 36_500, 1),
    (RestoreTesting, "start_window_hours"): (1, 168, 1),
}
"""Minimum, maximum and step by model and name."""


def test_a_number_is_accepted_from_its_minimum_to_its_maximum() -> None:
    found = {
        (model, name): tuple(
            accepts(model, name, value)
            for value in (minimum - step, minimum, maximum, maximum + step)
        )
        for (model, name), (minimum, maximum, step) in NUMBERS.items()
    }
    assert found == dict.fromkeys(NUMBERS, (False, True, True, False))


NO_NUMBERS: Sequence[tuple[str, object]] = [
    *((name, value) for name in ("aurora_min_capacity", "acu_hourly_price_usd")
      for value in (float("nan"), float("inf"), float("-inf"))),
    *(("aurora_max_capacity", value) for value in (1.25, 1.75, True)),
    *((name, True) for name in ("instance_count", "rotation_days")),
]  # fmt: skip


def test_what_is_not_a_number_or_not_a_step_is_rejected() -> None:
    accepted = [(name, value) for name, value in NO_NUMBERS if accepts(SettingsFields, name, value)]
    assert accepted == []


DIGITS = "1", "\N{ARABIC-INDIC DIGIT ONE}"
LETTERS = "e", "\N{LATIN SMALL LETTER E WITH ACUTE}"


@pytest.mark.parametrize(
    ("model", "name", "value", "characters"),
    [
        (
            SettingsFields,
            "notification_topic_arns",
            ["arn:aws:sns:us-east-2:????????????:alarms"],
            DIGITS,
        ),
        (SettingsFields, "users", {"web": {**USER, "taskRoles": ["?"]}}, LETTERS),
        (SettingsFields, "iam_roles", {"s3Import": "arn:aws:iam::123456789012:role/?"}, LETTERS),
        (
            SettingsFields,
            "restore_from",
            {"snapshot": "arn:aws:rds:us-east-2:????????????:cluster-snapshot:daily"},
            DIGITS,
        ),
        (
            BackupPlan,
            "copy_to",
            "arn:aws:backup:us-east-2:????????????:backup-vault:copies",
            DIGITS,
        ),
        (SettingsFields, "backup_window", "0?:00-04:00", DIGITS),
    ],
)
def test_letters_and_digits_in_names_are_those_of_ascii(
    model: type[BaseModel], name: str, value: object, characters: tuple[str, str]
) -> None:
    """IAM API Reference, CreateRole: "upper and lowercase alphanumeric characters"."""
    text = json.dumps(value)
    given = [json.loads(text.replace("?", character)) for character in characters]
    assert [accepts(model, name, each) for each in given] == [True, False]


@pytest.mark.parametrize(("name", "accepted"), [("sg", False), ("sg-1", False), ("sg1", True)])
def test_ec2_accepts_the_names_of_security_groups(name: str, *, accepted: bool) -> None:
    assert accepts(SettingsFields, "environment", name) is accepted


@pytest.mark.parametrize(
    ("name", "accepted", "rejected"),
    [
        ("performance_insights_retention_days", (7, *range(31, 714, 31), 731),
         (0, 6, 8, 30, 32, 712, 730, 732, 744)),
        ("monitoring_interval_seconds", (0, 1, 5, 10, 15, 30, 60), (-1, 2, 45, 61)),
        ("secret_recovery_window_days", (0, *range(7, 31)), (-1, 1, 6, 31)),
    ],
)  # fmt: skip
def test_a_number_from_a_list_is_accepted(
    name: str, accepted: Collection[int], rejected: Collection[int]
) -> None:
    values = [*accepted, *rejected]
    found = [value for value in values if accepts(SettingsFields, name, value)]
    assert found == list(accepted)


def test_logs_are_retained_for_a_number_of_days_that_cloudwatch_lists() -> None:
    model: Any = Loader().load_service_model("logs", "service-2")
    documentation: str = model["shapes"]["Days"]["documentation"]
    listed = documentation.partition("Possible values are:")[2]
    days = [int(number) for number in re.findall(r"\d+", listed.partition(".")[0])]
    assert list(LOG_RETENTION_DAYS) == days
    assert not accepts(SettingsFields, "log_retention_days", 2)


def test_text_and_lists_are_accepted_up_to_their_maximum_length() -> None:
    found = [
        (name, length, accepts(SettingsFields, name, of_length(length)))
        for name, of_length, maximum in LENGTHS
        for length in (maximum, maximum + 1)
    ]
    assert found == [
        (name, length, length == maximum)
        for name, _, maximum in LENGTHS
        for length in (maximum, maximum + 1)
    ]


MAXIMUM_LENGTHS: Mapping[str, int] = {
    **{"environment": 16, "platform_name": 16, "cost_center": 256, "custom_endpoints": 24},
    **{"database_name": 53, "databases": 53, "master_username": 16, "users": 57},
}


def test_a_message_names_the_maximum_length() -> None:
    allowed = {name: spec_of(SettingsFields, name).allowed for name in MAXIMUM_LENGTHS}
    assert {
        name: text for name, text in allowed.items() if f"1 to {MAXIMUM_LENGTHS[name]} " not in text
    } == {}


def test_defaults_of_numbers_and_flags_are_the_documented_ones() -> None:
    defaults = {
        name: field.default
        for name, field in SettingsFields.model_fields.items()
        if isinstance(field.default, bool | int | float)
    }
    assert defaults == {
        "allow_engine_upgrade": False,
        "auto_minor_version_upgrade": True,
        "aurora_min_capacity": 0.5,
        "aurora_max_capacity": 16,
        "seconds_until_auto_pause": 300,
        "instance_count": 1,
        "port": 5432,
        "backup_retention_days": 7,
        "enable_deletion_protection": True,
        "protect_resources": True,
        "skip_final_snapshot": False,
        "delete_automated_backups": False,
        "apply_immediately": False,
        "secret_recovery_window_days": 30,
        "key_deletion_window_days": 30,
        "rotation_days": 30,
        "rotation_window_hours": 3,
        "rotation_reserved_concurrency": 0,
        "log_retention_days": 365,
        "performance_insights_enabled": True,
        "performance_insights_retention_days": 7,
        "monitoring_interval_seconds": 60,
        "acu_hourly_price_usd": 0,
    }


def test_every_setting_has_a_description() -> None:
    assert set(SettingsFields.model_fields) == set(descriptions(SettingsFields))


def test_settings_are_never_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        settings().port = 5433
