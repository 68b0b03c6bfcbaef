"""Validation that reports every issue at once, with the reason of each."""

from collections.abc import Iterator, Mapping
from typing import Annotated

import pytest

from components.aurora_data_platform.errors import MISSING, ConfigError, ConfigIssue
from components.aurora_data_platform.settings.access import UserDeclaration
from components.aurora_data_platform.settings.backup_plan import BackupPlan
from components.aurora_data_platform.settings.fields import SettingsFields
from components.aurora_data_platform.settings.types import (
    SettingsGroup,
    SettingsObject,
    WholeNumber,
    flag,
    setting,
)
from components.aurora_data_platform.settings.validation import (
    CrossFieldRule,
    entry_model,
    object_model,
    spec_of,
    validated,
)
from tests.components.aurora_data_platform.settings.test_settings import settings

UNQUOTED = "YAML reads an unquoted number or boolean; put the value in quotes"
NESTED = "nested values are not supported; `pulumi config set --path` nests at every dot"


class Range(SettingsGroup):
    """Two numbers."""

    low: Annotated[WholeNumber, setting("a number", "it is counted")] = 0
    """The lower one."""
    high_end: Annotated[WholeNumber, setting("another number")]
    """The higher one."""
    is_open: Annotated[bool, flag("both ends")] = False
    """Whether the ends are excluded."""


def _in_order(numbers: Range) -> Iterator[ConfigIssue]:
    if numbers.low > numbers.high_end or numbers.is_open:
        yield ConfigIssue("low", numbers.low, "at most highEnd")


RULE = CrossFieldRule(frozenset({"low", "high_end", "is_open"}), _in_order)


def checked(**values: object) -> Range:
    def build(fields: Mapping[str, object]) -> Range:
        return Range.model_validate(fields)

    return validated(Range, values, build, [RULE])


def found(**values: object) -> list[ConfigIssue]:
    with pytest.raises(ConfigError) as error:
        checked(**values)
    return list(error.value.issues)


@pytest.mark.parametrize("values", [{"highEnd": 2}, {"high_end": 2, "low": None}])
def test_a_value_is_given_by_either_name_and_none_is_the_default(values: dict[str, object]) -> None:
    assert checked(**values) == Range(low=0, high_end=2)


def test_a_rule_that_reads_every_field_is_checked() -> None:
    assert found(low=3, highEnd=2) == [ConfigIssue("low", 3, "at most highEnd")]


def test_a_rule_is_skipped_while_a_field_that_it_reads_is_invalid() -> None:
    assert found(low="x", highEnd=-1) == [ConfigIssue("low", "x", "a number", "it is counted")]
    assert found(low=3) == [ConfigIssue("highEnd", MISSING, "another number")]


def test_an_unknown_key_is_an_issue_although_the_settings_are_valid() -> None:
    unknown = ConfigIssue("lowest", 1, "", "unknown key; did you mean 'low'?")
    assert found(lowest=1, highEnd=2) == [unknown]


def test_a_flag_accepts_true_or_false_in_a_stack_file() -> None:
    spec = spec_of(Range, "is_open")
    assert (spec.allowed, spec.reason, spec.config_type) == ("true or false", "both ends", "string")


@pytest.mark.parametrize(
    ("name", "entries", "whole"),
    [
        ("port", None, None),
        ("tags", None, None),
        ("notification_emails", None, None),
        ("users", UserDeclaration, None),
        ("backup_plan", None, BackupPlan),
    ],
)
def test_an_object_has_known_keys_or_entries_that_have(
    name: str, entries: type[SettingsObject] | None, whole: type[SettingsObject] | None
) -> None:
    assert entry_model(SettingsFields, name) is entries
    assert object_model(SettingsFields, name) is whole


@pytest.mark.parametrize(
    ("changes", "key", "value", "reason"),
    [
        ({"tags": {"Team": 1}}, "tags.Team", 1, UNQUOTED),
        ({"tags": {"Team": 1.5}}, "tags.Team", 1.5, UNQUOTED),
        ({"tags": {"Team": True}}, "tags.Team", True, UNQUOTED),
        ({"tags": {"Team": ["x"]}}, "tags.Team", ["x"], NESTED),
        ({"tags": {"Team": {"a": "b"}}}, "tags.Team", {"a": "b"}, NESTED),
        (
            {"tags": {"Team": ""}},
            *("tags.Team", ""),
            "AWS accepts 50 tags per resource; IAM compares keys case-insensitively",
        ),
        ({"tags": "x"}, *("tags", "x"), "AWS accepts 50 tags per resource; IAM compares keys "
         "case-insensitively"),
        ({"users": {"web": {}}}, "users.web.access", MISSING, ""),
        (
            {"databases": {"billing": {"shemas": ["app"]}}},
            *("databases.billing.shemas", ["app"]),
            "unknown key; did you mean 'schemas'?",
        ),
        (
            {"databases": {"Billing": {}}},
            *("databases.Billing", "Billing", "the names of the group roles have a suffix"),
        ),
        (
            {"databases": {"billing": ["app"]}},
            *("databases.billing", ["app"], "the names of the group roles have a suffix"),
        ),
        (
            {"databases": {"billing": {"schemas": ["Billing"]}}},
            *("databases.billing.schemas", ["Billing"], "lowercase names need no quotes"),
        ),
        (
            {"backup_plan": {"vaultLock": {"mode": "x"}}},
            *("backupPlan.vaultLock.mode", "x", "unknown key"),
        ),
        (
            {"backup_plan": {"vaultLock": {"minRetentionDays": "x"}}},
            *("backupPlan.vaultLock.minRetentionDays", "x", "AWS Backup API, MinRetentionDays"),
        ),
        ({"backup_plan": "x"}, "backupPlan", "x", "docs/runbooks/backups.md"),
    ],
)  # fmt: skip
def test_an_issue_shows_the_value_and_the_reason(
    changes: dict[str, object], key: str, value: object, reason: str
) -> None:
    with pytest.raises(ConfigError) as error:
        settings(**changes)
    issues = {issue.key: (issue.value, issue.reason) for issue in error.value.issues}
    assert issues[key] == (value, reason)
