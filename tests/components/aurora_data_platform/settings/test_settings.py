"""Settings: rules, advice, and the versions' calendar."""

from datetime import date
from typing import Any

import pytest

from components.aurora_data_platform.aurora import engine_versions
from components.aurora_data_platform.errors import SettingsError
from components.aurora_data_platform.naming import REGION_CODES, Names
from components.aurora_data_platform.settings.model import PlatformSettings
from components.aurora_data_platform.settings.rules import RULES
from components.aurora_data_platform.settings.warnings import advice
from program.lookup_settings import LOOKUP_RULES, LookupSettings

BASE: dict[str, object] = {
    "region": "us-east-2",
    "partition": "aws",
    "account_id": "123456789012",
    "environment": "dev",
    "cost_center": "tests",
    "aurora_min_capacity": 2,
}


def settings(**changes: object) -> PlatformSettings:
    return PlatformSettings.from_args({**BASE, **changes})


def faults(**changes: object) -> list[tuple[str, str]]:
    with pytest.raises(SettingsError) as error:
        settings(**changes)
    return [(fault.key, fault.allowed) for fault in error.value.faults]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
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
            {"engine_version": "12.9"},
            [
                (
                    "engineVersion",
                    "13.6 or later, 14.3 or later, 15.2 or later, 16.1 or later, any 17 or 18",
                )
            ],
        ),
        ({"parameters": {"max_connections": 5001}}, [("parameters.max_connections", "at most 5000")]),
        (
            {"availability_zones": ["us-east-2a", "us-east-2a"]},
            [("availabilityZones", "at least two different availability zones")],
        ),
        ({"tags": {"aws:x": "y"}}, [("tags", "at most 40 tags; keys of 1 to 128 characters "
          "without the prefix aws:, values of up to 256 characters")]),
        ({"instance_count": 17}, [("instanceCount", "1 to 16")]),
        ({"secret_recovery_window_days": 3}, [("secretRecoveryWindowDays", "0, or 7 to 30 days")]),
        ({"performance_insights_retention_days": 30},
         [("performanceInsightsRetentionDays", "7, a multiple of 31 up to 713, or 731")]),
        ({"log_exports": ["postgresql", "postgresql"]}, [("logExports", "each log once")]),
        ({"rotation_strategy": "two-users"},
         [("rotationStrategy", "single-user or alternating-users")]),
        ({"application_user": "orders_clone"},
         [("applicationUser", "1 to 57 lower-case letters, digits and underscores, a letter first; "
           "none of admin, administrator, postgres, rdsadmin, root, no pg_ prefix, no _clone at the "
           "end")]),
        ({"rotation_strategy": "alternating-users", "application_user": "orders",
          "database_user": "orders_clone"},
         [("applicationUser", "another name than databaseUser, with _clone at its end or not")]),
        ({"rotation_strategy": "alternating-users", "application_user": "aurora_master"},
         [("applicationUser", "another name than masterUsername, with _clone at its end or not")]),
    ],
)  # fmt: skip
def test_a_rule_is_told_with_key_and_allowed_values(
    changes: dict[str, object], expected: list[tuple[str, str]]
) -> None:
    assert faults(**changes) == expected


def test_rules_still_run_when_other_settings_are_wrong() -> None:
    assert [key for key, _ in faults(port=1, backup_window="04:30-05:30")] == [
        "port",
        "maintenanceWindow",
    ]


@pytest.mark.parametrize(
    ("model", "rules", "base"),
    [
        (PlatformSettings, RULES, BASE),
        (LookupSettings, LOOKUP_RULES, {"vpc_id": "vpc-0a"}),
    ],
)
def test_every_rule_declares_all_that_it_reads(
    model: Any, rules: Any, base: dict[str, object]
) -> None:
    """A rule that reads more than it declares would raise on a draft without that field."""
    complete = model.model_validate(base)
    for rule in rules:
        read: set[str] = set()

        class Spy(model):
            def __getattribute__(self, name: str) -> Any:
                if name in model.model_fields:
                    read.add(name)  # noqa: B023 - used within this turn of the loop only
                return object.__getattribute__(self, name)

        list(rule.check(Spy.model_construct(**complete.__dict__)))
        assert read <= rule.reads


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"aurora_min_capacity": 1},
            "auroraMinCapacity 1 with Performance Insights on: AWS advises at least 2 ACU, because "
            "collecting takes memory",
        ),
        (
            {"aurora_max_capacity": 8, "parameters": {"max_connections": 3000}},
            "parameters.max_connections 3000: AWS would derive about 1669 from auroraMaxCapacity 8; "
            "more connections can exhaust the memory",
        ),
        (
            {"aurora_max_capacity": 2},
            "auroraMinCapacity equals auroraMaxCapacity: the cluster cannot scale",
        ),
        (
            {"aurora_min_capacity": 0, "performance_insights_enabled": False},
            "auroraMinCapacity 0: the cluster pauses when idle, and the first connection afterwards "
            "waits 15 seconds or more",
        ),
        (
            {"parameters": {"log_statement": "all"}},
            "parameters.log_statement 'all': every statement is logged with its literals, personal "
            "data and passwords in CREATE ROLE or ALTER ROLE included",
        ),
        (
            {"parameters": {"pgaudit.log": "ddl"}},
            "pgaudit.log: without effect, the library is not in shared_preload_libraries",
        ),
        (
            {
                "environment": "prod",
                "skip_final_snapshot": True,
                "enable_deletion_protection": False,
            }
            | {"instance_count": 2, "notification_emails": ["on-call@example.com"]},
            "this is prod with enableDeletionProtection off, skipFinalSnapshot on",
        ),
        (
            {"environment": "prod", "instance_count": 2, "availability_zones": ["a", "b"]},
            "this is prod with fewer than three availability zones, nobody who hears of alarms "
            "(notificationEmails, notificationTopicArns)",
        ),
        (
            {"engine_version": "16.8"},
            "engineVersion 16.8: the parameter catalogue was checked against PostgreSQL 17 only",
        ),
    ],
)
def test_a_doubtful_choice_is_advised_against_but_not_refused(
    changes: dict[str, object], sentence: str
) -> None:
    assert advice(settings(**changes)) == [sentence]


def test_a_sound_configuration_gets_no_advice() -> None:
    assert advice(settings()) == []


@pytest.mark.parametrize(
    ("version", "today", "sentence"),
    [
        (
            "17.4",
            date(2026, 11, 25),
            "Aurora PostgreSQL 17.4 has 5 days of standard support left (until 2026-11-30); "
            "afterwards AWS refuses new clusters on it. Set engineVersion to 17.7, supported until "
            "2030-02-28.",
        ),
        (
            "17.4",
            date(2026, 12, 1),
            "Aurora PostgreSQL 17.4 has been out of standard support since 2026-11-30; AWS upgrades "
            "running clusters by itself. Set engineVersion to 17.7, supported until 2030-02-28.",
        ),
        ("17.4", date(2026, 9, 1), None),  # exactly 90 days before the end
        ("17.99", date(2026, 9, 1), None),
    ],
)
def test_little_support_left_is_told_with_the_better_version(
    version: str, today: date, sentence: str | None
) -> None:
    assert engine_versions.support_advice(version, today) == sentence


@pytest.mark.parametrize(
    ("version", "limits"),
    [
        ("17.4", (0, 256)), ("16.1", (0.5, 256)), ("15.4", (0.5, 128)), ("15.6", (0.5, 256)),
        ("14.12", (0, 256)), ("13.5", None), ("18.3", (0, 256)), ("15.1", None),
    ],
)  # fmt: skip
def test_capacity_limits_follow_the_engine_version(
    version: str, limits: tuple[float, float] | None
) -> None:
    found = engine_versions.capacity_range(version)
    assert (None if found is None else (found.minimum, found.maximum)) == limits


def test_later_minors_are_asked_for_nearest_first() -> None:
    assert list(engine_versions.candidates("17.4"))[:4] == ["17.4", "17.5", "17.6", "17.7"]


def test_the_required_names_are_exact() -> None:
    names = Names(environment="dev", platform="aurora", region="us-east-2", major_version=17)
    assert (names.security_group, names.subnet_group, names.secret) == (
        "dev-rds-aurora-sg-ue2",
        "dev-aurora-subnet-group-ue2",
        "/dev/rds/aurora/master-password",
    )


def test_region_codes_tell_regions_apart() -> None:
    assert len(set(REGION_CODES.values())) == len(REGION_CODES) == 46
