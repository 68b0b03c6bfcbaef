"""The backup plan, as a stack file declares it."""

from typing import Any

import pytest

from components.aurora_data_platform.errors import ConfigIssue
from components.aurora_data_platform.settings.backup_plan import BackupPlan, VaultLock, copy_issues
from components.aurora_data_platform.settings.warnings import warnings_for
from tests.components.aurora_data_platform.settings.test_settings import issues, settings

DAILY = "cron(0 5 ? * * *)"
SCHEDULE = (
    "cron(minute hour day month weekday year) in UTC with one minute from 0 to 59, and a ? for "
    "either the day or the weekday, for example cron(0 5 ? * * *)"
)
ACCOUNT = "123456789012"


def vault(region: str = "us-west-2", account: str = ACCOUNT) -> str:
    return f"arn:aws:backup:{region}:{account}:backup-vault:copies"


INVALID: list[tuple[Any, list[tuple[str, str]]]] = [
    (
        "daily",
        [
            (
                "backupPlan",
                "an object with schedule, and optionally retentionDays, copyTo, "
                "copyRetentionDays, vaultLock and restoreTesting",
            )
        ],
    ),
    ({"schedul": DAILY}, [("backupPlan.schedul", "")]),
    ({"schedule": "daily"}, [("backupPlan.schedule", SCHEDULE)]),
    ({"schedule": "rate(1 day)"}, [("backupPlan.schedule", SCHEDULE)]),
    ({"schedule": "cron(0 5 * * * *)"}, [("backupPlan.schedule", SCHEDULE)]),
    ({"schedule": "cron(0 5 ? * ? *)"}, [("backupPlan.schedule", SCHEDULE)]),
    ({"schedule": "cron(60 5 ? * * *)"}, [("backupPlan.schedule", SCHEDULE)]),
    ({"schedule": "cron(0/30 * ? * * *)"}, [("backupPlan.schedule", SCHEDULE)]),
    (
        {"schedule": DAILY, "retentionDays": 0},
        [("backupPlan.retentionDays", "1 to 36500 days")],
    ),
    (
        {"schedule": DAILY, "coldStorageAfterDays": 30},
        [("backupPlan.coldStorageAfterDays", "")],
    ),
    ({"retentionDays": 35}, [("backupPlan.schedule", SCHEDULE)]),
    (
        {"schedule": DAILY, "copyTo": "copies"},
        [
            (
                "backupPlan.copyTo",
                "the ARN of a backup vault in either another region or another account",
            )
        ],
    ),
    (
        {"schedule": DAILY, "copyRetentionDays": 35},
        [("backupPlan.copyRetentionDays", "unset without copyTo")],
    ),
    (
        {"schedule": DAILY, "vaultLock": {"maxRetentionDays": 365}},
        [
            (
                "backupPlan.vaultLock.minRetentionDays",
                "at least 1 day with the other keys of the lock",
            )
        ],
    ),
    (
        {"schedule": DAILY, "vaultLock": {"minRetentionDays": 8, "maxRetentionDays": 7}},
        [("backupPlan.vaultLock.minRetentionDays", "at most maxRetentionDays (7 days)")],
    ),
    (
        {
            "schedule": DAILY,
            "retentionDays": 20,
            "vaultLock": {"minRetentionDays": 30, "changeableForDays": 2},
        },
        [
            ("backupPlan.retentionDays", "30 to 36500 days"),
            ("backupPlan.vaultLock.changeableForDays", "0 or at least 3 days"),
        ],
    ),
    (
        {"schedule": DAILY, "vaultLock": {"minRetentionDays": "x", "maxRetentionDays": 0}},
        [
            ("backupPlan.vaultLock.minRetentionDays", "1 to 36500 days, or 0 for no lock"),
            ("backupPlan.vaultLock.maxRetentionDays", "1 to 36500 days"),
        ],
    ),
    (
        {"schedule": DAILY, "vaultLock": {"mode": "compliance"}},
        [("backupPlan.vaultLock.mode", "")],
    ),
    (
        {"schedule": DAILY, "vaultLock": "compliance"},
        [
            (
                "backupPlan.vaultLock",
                "an object with minRetentionDays, maxRetentionDays, changeableForDays",
            )
        ],
    ),
    (
        {"schedule": DAILY, "restoreTesting": {"schedule": "weekly"}},
        [("backupPlan.restoreTesting.schedule", SCHEDULE)],
    ),
    (
        {"schedule": DAILY, "restoreTesting": {"startWindowHours": 8}},
        [("backupPlan.restoreTesting.startWindowHours", "unset without a schedule")],
    ),
]


def test_an_invalid_plan_is_rejected() -> None:
    assert {str(plan): issues(backup_plan=plan) for plan, _ in INVALID} == {
        str(plan): expected for plan, expected in INVALID
    }


def test_without_a_plan_nothing_is_given() -> None:
    assert not settings().backup_plan.is_given
    assert settings(backup_plan={}).backup_plan == BackupPlan()


def test_a_schedule_alone_is_a_plan_of_90_days_without_copies() -> None:
    plan = settings(backup_plan={"schedule": DAILY}).backup_plan
    assert plan.model_dump() == {
        "schedule": DAILY,
        "retention_days": 90,
        "copy_to": "",
        "copy_retention_days": 90,
        "vault_lock": {
            "min_retention_days": 0,
            "max_retention_days": 36_500,
            "changeable_for_days": 0,
        },
        "restore_testing": {"schedule": "", "start_window_hours": 24},
    }
    assert (plan.is_given, plan.vault_lock.is_given) == (True, False)
    assert (plan.copy_region, plan.copy_account) == ("", "")


def test_a_copy_has_the_region_and_account_of_its_vault() -> None:
    plan = BackupPlan(schedule=DAILY, copy_to=vault())
    assert (plan.copy_region, plan.copy_account) == ("us-west-2", ACCOUNT)


@pytest.mark.parametrize(
    ("limits", "allowed"),
    [((7, 9), [7, 8, 9]), ((7, 7), [7]), ((1, 6), [6]), ((0, 8), [6, 7, 8, 9, 10])],
)
def test_a_lock_allows_retention_periods_within_its_limits(
    limits: tuple[int, int], allowed: list[int]
) -> None:
    minimum, maximum = limits
    lock = VaultLock(min_retention_days=minimum, max_retention_days=maximum)
    assert [days for days in range(6, 11) if lock.allows(days)] == allowed
    assert (lock.is_given, lock.is_empty) == (minimum > 0, False)


def test_a_lock_with_its_minimum_above_its_maximum_is_empty() -> None:
    assert VaultLock(min_retention_days=8, max_retention_days=7).is_empty


@pytest.mark.parametrize(
    ("copy_to", "reason"),
    [
        (vault(), None),
        (vault("us-east-2", "210987654321"), None),
        (vault("us-east-2"), "a copy next to the original is lost with it"),
        (
            vault("us-west-2", "210987654321"),
            "this platform does not support copies to another region of another account yet; AWS "
            "Backup does",
        ),
        ("", None),
    ],
)
def test_copies_go_to_another_region_or_another_account(copy_to: str, reason: str | None) -> None:
    found = list(copy_issues(BackupPlan(copy_to=copy_to), "us-east-2", ACCOUNT))
    expected = f"a vault either in another region of {ACCOUNT} or in us-east-2 of another account"
    assert found == (
        [ConfigIssue("backupPlan.copyTo", copy_to, expected, reason)] if reason else []
    )


def test_compliance_mode_is_warned_about() -> None:
    plan = {
        "schedule": DAILY,
        "vaultLock": {"minRetentionDays": 30, "changeableForDays": 14},
    }
    warning = (
        "backupPlan.vaultLock.changeableForDays 14: compliance mode. 14 days after the lock is "
        "created, nobody can remove it, shorten a retention period or delete a recovery point "
        "early, not even AWS; only closing the account ends the cost"
    )
    assert warning in warnings_for(settings(backup_plan=plan), [])
    plan["vaultLock"] = {"minRetentionDays": 30}
    assert warning not in warnings_for(settings(backup_plan=plan), [])


@pytest.mark.parametrize(
    ("changes", "warned"),
    [
        ({"retentionDays": 7}, True),
        ({"retentionDays": 8}, False),
        ({"retentionDays": 7, "copyTo": vault()}, False),
    ],
)
def test_backups_that_point_in_time_recovery_covers_are_warned_about(
    changes: dict[str, Any], *, warned: bool
) -> None:
    found = warnings_for(settings(backup_plan={"schedule": DAILY, **changes}), [])
    warning = (
        "backupPlan.retentionDays 7 without copyTo: point-in-time recovery covers the same 7 days"
    )
    assert (warning in found) == warned
