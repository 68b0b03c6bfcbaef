from datetime import UTC, datetime
from typing import Any

import pytest

from emulator.aws.aurora import versions
from emulator.aws.aurora.major_versions import major_versions
from emulator.aws.aurora.versions import TODAY_VARIABLE
from emulator.tests.aws.requests import rejection

pytestmark = pytest.mark.emulator


def majors(rds: Any, **members: str) -> list[str]:
    found = rds.describe_db_major_engine_versions(**members)["DBMajorEngineVersions"]
    return [each["MajorEngineVersion"] for each in found]


def test_a_major_version_has_the_dates_of_its_support(rds: Any) -> None:
    (found,) = rds.describe_db_major_engine_versions(
        Engine="aurora-postgresql", MajorEngineVersion="17"
    )["DBMajorEngineVersions"]
    assert found == {
        "Engine": "aurora-postgresql",
        "MajorEngineVersion": "17",
        "SupportedEngineLifecycles": [
            {
                "LifecycleSupportName": "open-source-rds-standard-support",
                "LifecycleSupportStartDate": datetime(2025, 5, 1, tzinfo=UTC),
                "LifecycleSupportEndDate": datetime(2030, 2, 28, 23, 59, 59, 999_000, tzinfo=UTC),
            },
            {
                "LifecycleSupportName": "open-source-rds-extended-support",
                "LifecycleSupportStartDate": datetime(2030, 3, 1, tzinfo=UTC),
                "LifecycleSupportEndDate": datetime(2033, 2, 28, 23, 59, 59, 999_000, tzinfo=UTC),
            },
        ],
    }


def test_major_versions_are_listed_by_filter_and_date(
    rds: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert majors(rds) == ["16", "17", "18"]
    assert majors(rds, MajorEngineVersion="99") == []
    monkeypatch.setenv(TODAY_VARIABLE, "2026-06-10")
    assert majors(rds) == ["16", "17"]


def test_another_engine_is_rejected(rds: Any) -> None:
    rejected = rejection(rds.describe_db_major_engine_versions, Engine="aurora-mysql")
    assert rejected.code == "NotImplemented"


def test_the_tables_of_major_and_minor_versions_agree() -> None:
    minors = versions.table().values()
    assert {each.name for each in major_versions()} == {each.major for each in minors}
    for major in major_versions():
        ends = [each.standard_support_until for each in minors if each.major == major.name]
        assert all(end is None or end <= major.standard_support_until for end in ends)
