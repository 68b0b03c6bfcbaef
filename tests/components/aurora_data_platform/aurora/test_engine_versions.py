"""Engine versions: support dates, capacity limits and later minor versions."""

from datetime import date

import pytest

from components.aurora_data_platform.aurora import engine_versions


def test_a_version_is_two_numbers() -> None:
    assert engine_versions.parse("17.10") == (17, 10)
    assert engine_versions.family("17.10") == "aurora-postgresql17"


@pytest.mark.parametrize("text", ["17", "17.", ".4", "17.4.1", "x.4", "17.x", "²7.4", "17.²"])
def test_other_text_is_not_a_version(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not of the form MAJOR\.MINOR"):
        engine_versions.parse(text)


@pytest.mark.parametrize(
    ("version", "today", "sentence"),
    [
        (
            "17.4",
            date(2026, 11, 25),
            "Standard support of Aurora PostgreSQL 17.4 ends in 5 days (2026-11-30); AWS does not "
            "create clusters on it afterwards. Set engineVersion to 17.7, supported until "
            "2030-02-28.",
        ),
        (
            "17.4",
            date(2026, 11, 30),
            "Standard support of Aurora PostgreSQL 17.4 ends in 0 days (2026-11-30); AWS does not "
            "create clusters on it afterwards. Set engineVersion to 17.7, supported until "
            "2030-02-28.",
        ),
        (
            "17.4",
            date(2026, 12, 1),
            "Standard support of Aurora PostgreSQL 17.4 ended on 2026-11-30; AWS upgrades running "
            "clusters automatically. Set engineVersion to 17.7, supported until 2030-02-28.",
        ),
        (
            "18.4",
            date(2027, 10, 3),
            "Standard support of Aurora PostgreSQL 18.4 ends in 89 days (2027-12-31); AWS does not "
            "create clusters on it afterwards. Set engineVersion to a later major version.",
        ),
        ("18.4", date(2027, 10, 2), None),  # exactly 90 days before the end
        ("17.99", date(2026, 9, 1), None),
    ],
)
def test_the_end_of_standard_support_causes_a_warning_with_a_later_version(
    version: str, today: date, sentence: str | None
) -> None:
    found = engine_versions.support_warning(version, today, long_term_support=True)
    assert found == sentence


def test_no_lts_version_is_recommended_while_minor_versions_are_upgraded_automatically() -> None:
    """With 17.7, `autoMinorVersionUpgrade` would have to be false."""
    found = engine_versions.support_warning("17.4", date(2026, 11, 25), long_term_support=False)
    assert found is not None
    assert found.endswith("Set engineVersion to 17.10, supported until 2027-12-31.")


LIMITS = {
    **{"17.4": (0, 256), "16.1": (0.5, 256), "15.4": (0.5, 128), "15.5": (0.5, 256)},
    **{"14.12": (0, 256), "13.5": None, "18.3": (0, 256), "15.2": (0.5, 128)},
    **{"15.1": None, "19.0": None},
}
"""Minimum and maximum capacity by version."""


def test_capacity_limits_follow_the_engine_version() -> None:
    found = {version: engine_versions.capacity_range(version) for version in LIMITS}
    assert {
        version: None if each is None else (each.minimum, each.maximum)
        for version, each in found.items()
    } == LIMITS


def test_later_minors_are_candidates_closest_first() -> None:
    found = engine_versions.minor_candidates("17.4", long_term_support=True)
    assert found == [f"17.{minor}" for minor in range(4, 35)]


def test_lts_minors_are_not_candidates_while_aws_upgrades_minors_automatically() -> None:
    found = engine_versions.minor_candidates("17.4", long_term_support=False)
    assert found == [f"17.{minor}" for minor in range(4, 35) if minor != 7]


@pytest.mark.parametrize(("version", "lts"), [("17.7", True), ("17.6", False), ("17.99", False)])
def test_an_lts_minor_is_one_that_the_calendar_names(version: str, *, lts: bool) -> None:
    assert engine_versions.is_lts(version) is lts


def test_a_minor_that_aws_skipped_is_not_a_candidate() -> None:
    skipped = dict.fromkeys(("17.1", "17.8", "18.1"), True)
    released = dict.fromkeys(("17.10", "17.11", "16.1", "19.1"), False)
    found = {each: engine_versions.never_released(each) for each in (*skipped, *released)}
    assert found == {**skipped, **released}
