"""The record of `make compare-checkov` is complete, current, and agrees with the listed differences."""

import re
from typing import get_args

import pytest

from policy_pack.aurora_policies.pack.catalogue import PROFILES, Profile, catalogue
from policy_pack.aurora_policies.pack.rule_sets import rule_sets
from tools.compare_checkov.comparison import complaints
from tools.compare_checkov.situations import VIOLATIONS, situations
from tools.reference.checkov_page import (
    FRAMEWORK,
    Difference,
    Result,
    Tool,
    Verdicts,
    compared,
    differences,
    mapped_checks,
    result,
)
from tools.reference.policy_coverage import Verdict, judgement
from tools.repository import ROOT
from tools.testing.mutations import MUTATIONS


def test_the_record_is_of_the_version_that_the_catalogue_refers_to() -> None:
    pinned = re.findall(
        r"^checkov==(\S+)$", (ROOT / "requirements-checkov.in").read_text("utf-8"), re.M
    )
    assert pinned == [rule_sets()[FRAMEWORK].version] == [result().version]


@pytest.mark.checkov
def test_the_record_has_every_check_of_the_catalogue_and_every_situation() -> None:
    assert list(result().verdicts) == list(mapped_checks())
    assert result().situations == tuple(situations())
    changes = {**MUTATIONS["mutations"], **VIOLATIONS, **MUTATIONS["other_shapes"]}
    assert set(result().situations) == {*PROFILES, "compliant", *changes}
    assert len(result().situations) == len(PROFILES) + 1 + len(changes)


@pytest.mark.checkov
def test_the_pack_still_has_the_recorded_verdicts() -> None:
    today = {
        check: tuple(name for name, each in situations().items() if each.controls & set(ids))
        for check, ids in mapped_checks().items()
    }
    assert today == {check: row.pack for check, row in result().verdicts.items()}


def test_the_pack_and_checkov_differ_as_listed() -> None:
    assert complaints(result(), differences()) == []


def test_a_listed_difference_names_what_exists_and_why() -> None:
    for row in differences():
        assert row.check in mapped_checks()
        assert set(row.situations) <= set(result().situations)
        assert bool(row.situations) != bool(row.resource)
        assert len(row.reason) > 20
        if row.only == "pack":
            assert row.reason.partition(" ")[0] in catalogue()


def test_both_find_a_violation_of_every_check_somewhere() -> None:
    found = compared(result(), differences())
    assert [check for check, row in found.items() if not row.both] == []


def test_both_find_the_change_for_a_check() -> None:
    found = compared(result(), differences())
    assert VIOLATIONS.keys() <= found.keys()
    assert [check for check in VIOLATIONS if check not in found[check].both] == []


@pytest.mark.parametrize("profile", PROFILES)
def test_the_coverage_page_agrees_with_checkov_about_the_platform(profile: Profile) -> None:
    missed = {
        check
        for check in rule_sets()[FRAMEWORK].decidable
        if judgement(FRAMEWORK, check, profile).verdict is Verdict.MISSED
    }
    assert missed == {check for check, row in result().verdicts.items() if profile in row.checkov}


ONE = Result(
    version="1",
    situations=("a", "b"),
    verdicts={"CKV_1": Verdicts(checkov={"a": ("x",), "b": ("x", "y")}, pack=("b",))},
)


def row(only: Tool = "checkov", **changes: object) -> Difference:
    return Difference.model_validate(
        {"check": "CKV_1", "only": only, "reason": "because"} | changes
    )


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([row(situations=["a"])], []),
        ([row(resource="x")], []),
        ([], ["CKV_1: only checkov finds a violation in a, which is not listed"]),
        (
            [row(situations=["a", "b"])],
            ["CKV_1: listed, but not found by checkov alone in b"],
        ),
        (
            [row(situations=["a"]), row("pack", situations=["a"])],
            ["CKV_1: listed, but not found by pack alone in a"],
        ),
        (
            [row(situations=["a"]), row(resource="y")],
            ["CKV_1: listed, but not found by checkov in y everywhere"],
        ),
        (
            [row(situations=["a"]), row(check="CKV_2")],
            ["CKV_2: listed, but no control implements it"],
        ),
    ],
)
def test_unlisted_and_outdated_differences_are_reported(
    rows: list[Difference], expected: list[str]
) -> None:
    assert complaints(ONE, rows) == expected


def test_without_a_resource_its_check_is_still_compared_by_the_others() -> None:
    left = ONE.verdicts["CKV_1"].without("x")
    assert left.checkov == {"b": ("y",)}
    assert left.both == ["b"]
    assert [left.found_only_by(tool) for tool in get_args(Tool)] == [[], []]
