"""Every decidable public rule has a control, and the coverage page counts what the platform meets."""

import pytest

from policy_pack.aurora_policies.pack.catalogue import PROFILES, Profile, catalogue
from policy_pack.aurora_policies.pack.rule_sets import rule_sets
from tools.reference.policy_coverage import (
    COVERED,
    Verdict,
    count,
    findings,
    implemented,
    judgement,
)

SIZES = {
    "fsbp": (31, 4, 7),
    "security-hub": (14, 0, 0),
    "cdk-nag": (36, 0, 0),
    "checkov": (60, 0, 0),
    "trivy": (18, 0, 0),
    "control-tower": (24, 6, 0),
    "pulumi": (22, 0, 0),
    "awsguard": (3, 0, 0),
}
"""Declared, conditional and runtime rules about this platform's resource types."""
MISSED = {
    "fsbp": {"dev": 4, "prod": 2},
    "security-hub": {"dev": 1, "prod": 0},
    "cdk-nag": {"dev": 4, "prod": 3},
    "checkov": {"dev": 7, "prod": 5},
    "trivy": {"dev": 1, "prod": 0},
    "control-tower": {"dev": 4, "prod": 2},
    "pulumi": {"dev": 0, "prod": 0},
    "awsguard": {"dev": 0, "prod": 0},
}


def test_rule_sets_have_the_sizes_of_their_sources() -> None:
    classes = ("declared", "conditional", "runtime")
    sizes = {
        name: tuple(len(rule_sets()[name].rules.get(each, ())) for each in classes)
        for name in COVERED
    }
    assert sizes == SIZES


@pytest.mark.parametrize("framework", COVERED)
def test_every_decidable_rule_is_implemented(framework: str) -> None:
    assert implemented(framework) == list(rule_sets()[framework].decidable)


@pytest.mark.parametrize("framework", COVERED)
def test_the_platform_misses_exactly_this_many_rules(framework: str) -> None:
    missed = {profile: count(framework, profile)[Verdict.MISSED] for profile in PROFILES}
    assert missed == MISSED[framework]


@pytest.mark.parametrize("framework", COVERED)
@pytest.mark.parametrize("profile", PROFILES)
def test_a_missed_rule_has_its_reason(framework: str, profile: Profile) -> None:
    judged = [judgement(framework, rule, profile) for rule in rule_sets()[framework].decidable]
    assert [
        each.reason for each in judged if each.verdict is Verdict.MISSED and not each.reason
    ] == []


def test_findings_name_rules_and_controls_that_exist() -> None:
    named = {each.rule for each in findings().rules}
    known = {f"{name}:{rule}" for name, row in rule_sets().items() for rule in row.all_rules}
    assert named <= known
    controls = {*findings().known_gaps, *findings().accepted, *findings().nothing_to_judge}
    assert controls <= catalogue().keys()


def test_known_gaps_are_mandatory_and_accepted_findings_are_not() -> None:
    def mandatory(name: str, stacks: tuple[str, ...]) -> set[bool]:
        levels = catalogue()[name].levels
        return {getattr(levels, stack) == "mandatory" for stack in stacks}

    for name, row in findings().known_gaps.items():
        assert mandatory(name, row.stacks) == {True}
    for name, row in findings().accepted.items():
        assert mandatory(name, row.stacks) == {False}
