"""Minor versions: their support, and the advised one."""

from datetime import date

import pytest

from components.aurora_data_platform.aurora import engine_versions
from operations.reports.upgrade.minor_versions import advised_minor, calendar, supported_until

OF_17_4 = [
    *({"EngineVersion": each} for each in ("17.5", "17.6", "17.7", "17.9", "17.10", "17.11")),
    {"EngineVersion": "18.4", "IsMajorVersionUpgrade": True},
]


def test_the_calendar_is_the_one_of_the_preview() -> None:
    assert calendar() == {
        version: {"until": f"{row.end_of_standard_support}", "lts": row.long_term_support}
        for version, row in engine_versions.CALENDAR.items()
    }


@pytest.mark.parametrize(("automatic", "advised"), [(True, "17.10"), (False, "17.7")])
def test_the_advised_version_is_the_one_of_the_previews_warning(
    automatic: bool, advised: str
) -> None:
    warning = engine_versions.support_warning(
        "17.4", date(2026, 11, 28), long_term_support=not automatic
    )
    assert advised_minor("17.4", OF_17_4, automatic=automatic) == advised
    assert warning is not None
    assert warning.endswith(
        f"Set engineVersion to {advised}, supported until {supported_until(advised)}."
    )


def test_an_lts_version_is_not_left_for_one_with_a_shorter_support() -> None:
    later = [{"EngineVersion": each} for each in ("17.9", "17.10", "17.11")]
    assert advised_minor("17.7", later, automatic=False) == "17.11"


def test_the_newest_version_is_advised_if_the_calendar_lists_none() -> None:
    unlisted = [{"EngineVersion": "17.9999"}, {"EngineVersion": "17.10000"}]
    assert advised_minor("17.10", unlisted, automatic=True) == "17.10000"
    assert advised_minor("17.10", [], automatic=True) is None
    assert supported_until("17.10000") is None
    assert supported_until(None) is None
