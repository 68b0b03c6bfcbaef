"""The table of settings that exclude each other."""

import pytest
from pydantic.alias_generators import to_snake

from components.aurora_data_platform.settings.exclusions import EXCLUSIONS, Exclusion
from components.aurora_data_platform.settings.fields import SettingsFields
from tests.components.aurora_data_platform.settings.test_settings import issues, settings

ROLE = "arn:aws:iam::123456789012:role/dev-s3"
EACH = pytest.mark.parametrize("row", EXCLUSIONS, ids=lambda row: f"{row.key} {row.condition}")


@EACH
def test_the_keys_of_a_row_are_settings(row: Exclusion) -> None:
    assert row.rule.reads <= SettingsFields.model_fields.keys()
    assert to_snake(row.key.partition(".")[0]) in row.rule.reads


@EACH
def test_defaults_are_in_no_excluded_combination(row: Exclusion) -> None:
    assert list(row.rule.check(settings())) == []


def test_a_role_serves_one_feature() -> None:
    assert issues(iam_roles={"s3Import": ROLE, "s3Export": ROLE}) == [
        ("iamRoles", "a role of its own for each feature")
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
