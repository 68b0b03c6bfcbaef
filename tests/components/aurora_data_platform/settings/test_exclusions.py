"""The table of settings that exclude each other."""

import pytest
from pydantic.alias_generators import to_snake

from components.aurora_data_platform.errors import MISSING, ConfigError
from components.aurora_data_platform.settings.exclusions import EXCLUSIONS
from components.aurora_data_platform.settings.fields import SettingsFields
from tests.components.aurora_data_platform.settings.test_settings import issues, settings

DAILY = "cron(0 5 ? * * *)"


def lock(**keys: int) -> dict[str, object]:
    """Return a backup plan with a lock."""
    return {"schedule": DAILY, "vaultLock": {"minRetentionDays": 30, **keys}}


ROLE = "arn:aws:iam::123456789012:role/dev-s3"


def test_the_keys_of_a_row_are_settings() -> None:
    assert {
        f"{row.key} {row.condition}": (
            row.rule.reads - SettingsFields.model_fields.keys(),
            to_snake(row.key.partition(".")[0]) in row.rule.reads,
        )
        for row in EXCLUSIONS
    } == {f"{row.key} {row.condition}": (set[str](), True) for row in EXCLUSIONS}


def test_defaults_are_in_no_excluded_combination() -> None:
    assert [issue for row in EXCLUSIONS for issue in row.rule.check(settings())] == []


@pytest.mark.parametrize(
    ("accepted", "rejected", "key"),
    [
        (
            {"database_insights_mode": "advanced", "performance_insights_retention_days": 465},
            {"database_insights_mode": "advanced", "performance_insights_retention_days": 434},
            "performanceInsightsRetentionDays",
        ),
        (
            {"cluster_parameters": {"max_connections": 2000}, "aurora_min_capacity": 0.5},
            {"cluster_parameters": {"max_connections": 5001}, "aurora_min_capacity": 0.5},
            "clusterParameters.max_connections",
        ),
        (
            {"cluster_parameters": {"max_connections": 5000}, "aurora_min_capacity": 1},
            {"cluster_parameters": {"max_connections": 5001}, "aurora_min_capacity": 1},
            "clusterParameters.max_connections",
        ),
        *(
            (
                {"backup_plan": lock(changeableForDays=accepted)},
                {"backup_plan": lock(changeableForDays=rejected)},
                "backupPlan.vaultLock.changeableForDays",
            )
            for accepted, rejected in ((0, 1), (3, 2))
        ),
    ],
)
def test_a_limit_itself_is_accepted_and_its_excess_reported_once(
    accepted: dict[str, object], rejected: dict[str, object], key: str
) -> None:
    settings(**accepted)
    assert [found for found, _ in issues(**rejected)] == [key]


@pytest.mark.parametrize(
    ("changes", "value"),
    [
        ({"backup_plan": {"retentionDays": 35}}, MISSING),
        ({"backup_plan": lock(changeableForDays=1)}, 1),
        ({"restore_from": {"method": "copy-on-write"}}, "copy-on-write"),
        ({"auto_minor_version_upgrade": True, "engine_version": "17.7"}, True),
    ],
)
def test_the_message_shows_the_value_of_the_key(changes: dict[str, object], value: object) -> None:
    with pytest.raises(ConfigError) as error:
        settings(**changes)
    (issue,) = error.value.issues
    assert issue.value == value


def test_a_role_serves_one_feature() -> None:
    assert issues(iam_roles={"s3Import": ROLE, "s3Export": ROLE}) == [
        ("iamRoles", "a different role for each feature")
    ]
    settings(iam_roles={"s3Import": ROLE, "s3Export": f"{ROLE}-export"})


@pytest.mark.parametrize(
    ("roles", "key"),
    [
        ({"s3import": ROLE}, "iamRoles.s3import"),
        ({"s3Import": "dev-s3"}, "iamRoles.s3Import"),
        ({"s3Import": ROLE.replace(":role/", ":user/")}, "iamRoles.s3Import"),
    ],
)
def test_only_roles_of_known_features_are_accepted(roles: dict[str, str], key: str) -> None:
    (issue,) = issues(iam_roles=roles)
    assert issue == (
        key,
        "a map of feature (s3Import, s3Export, Lambda, Bedrock, SageMaker, Comprehend) to the ARN "
        "of an IAM role",
    )
