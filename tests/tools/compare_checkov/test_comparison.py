"""What `make compare-checkov` recorded: complete, of today's pack, and in agreement with what is listed."""

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
    Judge,
    Result,
    Verdicts,
    compared,
    differences,
    mapped_checks,
    result,
)
from tools.reference.policy_coverage import Verdict, judge
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
def test_the_pack_still_says_what_is_recorded() -> None:
    today = {
        check: tuple(name for name, each in situations().items() if each.controls & set(ids))
        for check, ids in mapped_checks().items()
    }
    assert today == {check: row.pack for check, row in result().verdicts.items()}


def test_the_two_differ_as_listed() -> None:
    assert complaints(result(), differences()) == []


def test_a_listed_difference_names_what_exists_and_why() -> None:
    for row in differences():
        assert row.check in mapped_checks()
        assert set(row.situations) <= set(result().situations)
        assert bool(row.situations) != bool(row.resource)
        assert len(row.reason) > 20
        named = set(re.findall(r"\b[A-Z]\d\d\b", row.reason))
        assert named <= catalogue().keys()


def test_both_object_to_every_check_somewhere() -> None:
    found = compared(result(), differences())
    assert [check for check, row in found.items() if not row.both] == []


def test_a_change_for_a_check_makes_both_object_to_it() -> None:
    found = compared(result(), differences())
    assert VIOLATIONS.keys() <= found.keys()
    assert [check for check in VIOLATIONS if check not in found[check].both] == []


@pytest.mark.parametrize("profile", PROFILES)
def test_the_coverage_page_says_of_the_platform_what_checkov_says(profile: Profile) -> None:
    missed = {
        check
        for check in rule_sets()[FRAMEWORK].decidable
        if judge(FRAMEWORK, check, profile).verdict is Verdict.MISSED
    }
    assert missed == {check for check, row in result().verdicts.items() if profile in row.checkov}


ONE = Result(
    version="1",
    situations=("a", "b"),
    verdicts={"CKV_1": Verdicts(checkov={"a": ("x",), "b": ("x", "y")}, pack=("b",))},
)


def row(objects: Judge = "checkov", **changes: object) -> Difference:
    return Difference.model_validate(
        {"check": "CKV_1", "objects": objects, "reason": "because"} | changes
    )


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([row(situations=["a"])], []),
        ([row(resource="x")], []),
        ([], ["CKV_1: only checkov objects in a, which is not listed"]),
        (
            [row(situations=["a", "b"])],
            ["CKV_1: listed, but checkov does not object alone in b"],
        ),
        (
            [row(situations=["a"]), row("pack", situations=["a"])],
            ["CKV_1: listed, but pack does not object alone in a"],
        ),
        (
            [row(situations=["a"]), row(resource="y")],
            ["CKV_1: listed, but checkov does not object to y everywhere"],
        ),
        (
            [row(situations=["a"]), row(check="CKV_2")],
            ["CKV_2: listed, but no control implies it"],
        ),
    ],
)
def test_what_is_not_listed_and_what_is_stale_is_told(
    rows: list[Difference], told: list[str]
) -> None:
    assert complaints(ONE, rows) == told


def test_without_a_resource_its_check_is_still_compared_by_the_others() -> None:
    left = ONE.verdicts["CKV_1"].without("x")
    assert left.checkov == {"b": ("y",)}
    assert left.both == ["b"]
    assert [left.only(judge) for judge in get_args(Judge)] == [[], []]
