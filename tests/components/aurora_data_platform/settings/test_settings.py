"""Settings: rules and warnings."""

from collections.abc import Mapping
from typing import Any

import pytest

from components.aurora_data_platform.aurora.regions import REGIONS
from components.aurora_data_platform.errors import ConfigError
from components.aurora_data_platform.naming import Names
from components.aurora_data_platform.settings.environments import is_production
from components.aurora_data_platform.settings.fields import SettingsFields
from components.aurora_data_platform.settings.model import PlatformSettings
from components.aurora_data_platform.settings.rules import RULES
from components.aurora_data_platform.settings.warnings import warnings_for
from program.lookup_settings import LOOKUP_RULES, LookupSettings

TAGS = (
    "at most 40 tags; keys of up to 128 and values of up to 256 letters, digits, spaces and "
    "_ . : / = + - @; no key that starts with aws: or rds:, or that differs from another, or from "
    "one of the platform's, only in case"
)
BASE: dict[str, object] = {
    "region": "us-east-2",
    "environment": "dev",
    "cost_center": "tests",
    "aurora_min_capacity": 2,
}


def settings(**changes: object) -> PlatformSettings:
    return PlatformSettings.model_validate({**BASE, **changes})


def issues(**changes: object) -> list[tuple[str, str]]:
    """Return key and allowed values of each issue; none if the settings are valid."""
    try:
        settings(**changes)
    except ConfigError as error:
        return [(issue.key, issue.expected) for issue in error.issues]
    return []


ISSUES: list[tuple[dict[str, object], list[tuple[str, str]]]] = [
    ({"aurora_min_capacity": True}, [("auroraMinCapacity", "0 to 256 ACU in steps of 0.5")]),
    ({"aurora_max_capacity": "nan"}, [("auroraMaxCapacity", "1 to 256 ACU in steps of 0.5")]),
    (
        {"engine_version": "15.4", "aurora_min_capacity": 0},
        [("auroraMinCapacity", "0.5 to 128 ACU")],
    ),
    (
        {"engine_version": "15.4", "aurora_max_capacity": 256},
        [("auroraMaxCapacity", "0.5 to 128 ACU")],
    ),
    (
        {"database_insights_mode": "advanced"},
        [("performanceInsightsRetentionDays", "465 or more")],
    ),
    (
        {"database_insights_mode": "advanced", "performance_insights_enabled": False},
        [
            ("performanceInsightsEnabled", "true"),
            ("performanceInsightsRetentionDays", "465 or more"),
        ],
    ),
    (
        {"engine_version": "12.9"},
        [("engineVersion", "13.6 or later, 14.3 or later, 15.2 or later, 16.1 or later, any 17 or 18")],
    ),
    ({"cluster_parameters": {"max_connections": 5001}}, [("clusterParameters.max_connections", "at most 5000")]),
    ({"tags": {"aws:x": "y"}}, [("tags.aws:x", TAGS)]),
    ({"tags": {"Team": "a", "team": "b"}}, [("tags", TAGS)]),
    (
        {"environment": "a-b-c-d-e-f-g-h-i"},
        [
            (
                "environment",
                "1 to 16 lowercase letters, digits and single hyphens, starting with a letter; "
                "not sg",
            )
        ],
    ),
    ({"tags": {"environment": "x"}}, [("tags", TAGS)]),
    ({"tags": {"RDS:x": "y"}}, [("tags.RDS:x", TAGS)]),
    ({"tags": {"Team": ""}}, [("tags.Team", TAGS)]),
    ({"tags": {"Team": "a|b"}}, [("tags.Team", TAGS)]),
    ({"tags": {"Team": "x" * 257}}, [("tags.Team", TAGS)]),
    ({"tags": {"team": {"name": "x"}}}, [("tags.team", TAGS)]),
    ({"instance_count": 17}, [("instanceCount", "1 to 16")]),
    ({"secret_recovery_window_days": 3}, [("secretRecoveryWindowDays", "0, or 7 to 30 days")]),
    ({"performance_insights_retention_days": 30},
     [("performanceInsightsRetentionDays", "7, a multiple of 31 up to 713, or 731")]),
    ({"log_exports": ["postgresql", "postgresql"]}, [("logExports", "each entry once")]),
    ({"aurora_min_capacity": 1, "cluster_parameters": {"max_connections": 5001}},
     [("clusterParameters.max_connections", "at most 5000")]),
    ({"aurora_min_capacity": 0.5, "cluster_parameters": {"max_connections": 2001}},
     [("clusterParameters.max_connections", "at most 2000 while auroraMinCapacity is below 1")]),
    ({"aurora_min_capacity": 1, "seconds_until_auto_pause": 600},
     [("secondsUntilAutoPause", "300 (the default) unless auroraMinCapacity is 0")]),
]  # fmt: skip


def test_an_issue_names_the_key_and_the_allowed_values() -> None:
    assert {str(changes): issues(**changes) for changes, _ in ISSUES} == {
        str(changes): expected for changes, expected in ISSUES
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"engine_version": "15.4", "aurora_max_capacity": 128},
        {"aurora_min_capacity": 0.5, "cluster_parameters": {"max_connections": 2000}},
        {"aurora_min_capacity": 1, "cluster_parameters": {"max_connections": 5000}},
        {"aurora_min_capacity": 0, "seconds_until_auto_pause": 600},
    ],
)
def test_a_value_at_its_limit_is_accepted(changes: dict[str, object]) -> None:
    assert settings(**changes).model_dump(include=set(changes)) == changes


def test_rules_still_run_while_other_settings_are_invalid() -> None:
    assert [key for key, _ in issues(port=1, backup_window="04:30-05:30")] == [
        "port",
        "maintenanceWindow",
    ]


@pytest.mark.parametrize(
    ("model", "rules", "base"),
    [
        (SettingsFields, RULES, BASE),
        (LookupSettings, LOOKUP_RULES, {"vpc_id": "vpc-0a"}),
    ],
)
def test_every_rule_declares_every_field_that_it_reads(
    model: Any, rules: Any, base: dict[str, object]
) -> None:
    """Otherwise a rule would raise an exception on a draft without that field."""
    complete = model.model_validate(base)
    for rule in rules:
        read: set[str] = set()

        class Spy(model):
            def __getattribute__(self, name: str) -> Any:
                if name in model.model_fields:
                    read.add(name)  # noqa: B023 - used within this iteration only
                return object.__getattribute__(self, name)

        list(rule.check(Spy.model_construct(**complete.__dict__)))
        assert read <= rule.reads


WARNINGS: list[tuple[Mapping[str, object], str]] = [
    (
        {"aurora_min_capacity": 1},
        "auroraMinCapacity 1 with Performance Insights: AWS recommends at least 2 ACU, because "
        "collecting the data uses memory",
    ),
    (
        {"aurora_max_capacity": 8, "cluster_parameters": {"max_connections": 3000}},
        "clusterParameters.max_connections 3000: AWS would derive about 1669 from auroraMaxCapacity 8; "
        "more connections can exhaust the memory",
    ),
    (
        {"environment": "prod", "notification_emails": ["on-call@example.com"]}
        | {"protect_resources": False, "delete_automated_backups": True},
        "production stack: instanceCount below 2 (the loss of one Availability Zone stops the "
        "database), protectResources off, deleteAutomatedBackups on",
    ),
    (
        {"aurora_max_capacity": 2},
        "auroraMinCapacity equals auroraMaxCapacity: the cluster cannot scale",
    ),
    (
        {"aurora_min_capacity": 0, "performance_insights_enabled": False},
        "auroraMinCapacity 0: the cluster pauses when idle, and the next connection waits 15 "
        "seconds or more",
    ),
    (
        {"cluster_parameters": {"log_statement": "all"}},
        "clusterParameters.log_statement 'all': every statement is logged with its literals, "
        "including personal data and the passwords of CREATE ROLE and ALTER ROLE",
    ),
    (
        {"cluster_parameters": {"pgaudit.log": "ddl"}},
        "pgaudit.log: has no effect, because the library is not in shared_preload_libraries",
    ),
    (
        {
            "environment": "prod",
            "skip_final_snapshot": True,
            "enable_deletion_protection": False,
        }
        | {"instance_count": 2, "notification_emails": ["on-call@example.com"]},
        "production stack: enableDeletionProtection off, skipFinalSnapshot on",
    ),
    (
        {"environment": "prod", "instance_count": 2},
        "production stack: no alarm recipients (notificationEmails, notificationTopicArns)",
    ),
    (
        {"cluster_parameters": {"shared_preload_libraries": "pg_stat_statements"}},
        "auto_explain.log_min_duration: has no effect, because the library is not in "
        "shared_preload_libraries",
    ),
    (
        {"engine_version": "16.8"},
        "engineVersion 16.8: the parameter catalogue was checked against PostgreSQL 17 only",
    ),
]


def test_a_questionable_choice_is_accepted_with_a_warning() -> None:
    found = {str(changes): warnings_for(settings(**changes), ()) for changes, _ in WARNINGS}
    assert found == {str(changes): [sentence] for changes, sentence in WARNINGS}


def test_libraries_without_statement_statistics_cause_a_warning_with_every_unused_parameter() -> (
    None
):
    changed = settings(cluster_parameters={"shared_preload_libraries": "pglogical"})
    assert warnings_for(changed, ()) == [
        "auto_explain.log_min_duration, pg_stat_statements.track_utility: has no effect, "
        "because the library is not in shared_preload_libraries",
        "clusterParameters.shared_preload_libraries without pg_stat_statements: Performance "
        "Insights cannot show statistics per statement",
    ]


def test_production_in_two_zones_causes_a_warning() -> None:
    prod = settings(environment="prod", instance_count=2, notification_emails=["a@example.com"])
    for zones in (["us-east-2a"], ["us-east-2a", "us-east-2b"]):
        assert warnings_for(prod, zones) == ["production stack: fewer than 3 Availability Zones"]
    assert warnings_for(prod, ["us-east-2a", "us-east-2b", "us-east-2c"]) == []


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"aurora_max_capacity": 8, "cluster_parameters": {"max_connections": 1669}},
        {"aurora_min_capacity": 1, "performance_insights_enabled": False},
        {"cluster_parameters": {"shared_preload_libraries": "auto_explain, pg_stat_statements"}},
    ],
)
def test_a_sound_configuration_has_no_warnings(changes: dict[str, object]) -> None:
    assert warnings_for(settings(**changes), ["us-east-2a", "us-east-2b"]) == []


def test_a_topic_of_the_program_is_an_alarm_recipient() -> None:
    prod = settings(environment="prod", instance_count=2)
    assert warnings_for(prod, (), topics=["topic"]) == []


def test_parameters_equal_to_a_default_of_aws_are_not_entries_of_the_group() -> None:
    changed = settings(cluster_parameters={"log_rotation_age": 60, "work_mem": "8MB"})
    entries = {each.name: each.value for each in changed.parameter_group_entries}
    assert entries == {
        "auto_explain.log_min_duration": "1000",
        "log_min_duration_statement": "1000",
        "log_statement": "ddl",
        "maintenance_work_mem": "262144",
        "pg_stat_statements.track_utility": "0",
        "shared_preload_libraries": "pg_stat_statements,auto_explain",
        "work_mem": "8192",
    }
    assert {each.name for each in changed.rds_parameters} - entries.keys() == {
        *("rds.force_ssl", "log_rotation_age"),
    }
    assert changed.effective_connections == 3360


PRODUCTION = ("prod", "prd", "prod1", "live", "prodeu", "eu-prod", "main")
OTHERS = (
    *("dev", "dev2", "eu-dev", "test", "staging", "qa", "uat", "prod-test", "demo", "pr-12"),
    *("non-prod", "nonprod", "pre-prod", "preprod", "sandbox"),
)


def test_an_environment_is_production_unless_its_name_says_otherwise() -> None:
    found = {name: is_production(name) for name in (*PRODUCTION, *OTHERS)}
    assert found == {**dict.fromkeys(PRODUCTION, True), **dict.fromkeys(OTHERS, False)}


def test_the_required_names_are_exact() -> None:
    names = Names(environment="dev", platform="aurora", region="us-east-2", major_version=17)
    assert (names.security_group, names.subnet_group, names.master_secret) == (
        "dev-rds-aurora-sg-ue2",
        "dev-aurora-subnet-group-ue2",
        "/dev/rds/aurora/master-password",
    )


def test_every_region_has_its_own_code() -> None:
    assert len({region.code for region in REGIONS.values()}) == len(REGIONS) == 46
