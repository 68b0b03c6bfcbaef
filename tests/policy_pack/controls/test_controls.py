"""Every control on its cases: compliant, violating, absent, unknown, secret, not applicable."""

# Cases are free-form data.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

from collections.abc import Iterator
from copy import copy
from typing import Any

import pytest
from pulumi_policy import proxy

from policy_pack.aurora_policies.pack.catalogue import PROFILES, Profile, catalogue
from policy_pack.aurora_policies.pack.policies import remedy
from tests.policy_pack.controls.disguises import decoded
from tools.testing.policies import Violation
from tools.testing.policy_cases import SUBJECT, Case, base, case_analyzer, cases, declare, entries
from tools.testing.recorder import SECRET_SIGNATURE

SECRET = "1b47061264138c4ac30d75fd1eb44270"
"""Value of the signature that marks a secret."""
UNKNOWNS = sorted(
    value
    for name, value in vars(proxy).items()
    if name.startswith("UNKNOWN_") and name != "UNKNOWN"
)


def without_planned_resources(*kinds: str) -> list[Case]:
    """Cases of these kinds, except those of controls for which an unknown value is planned."""
    planned = ("secret-version-not-replaced", "data-is-kept")
    return [case for case in cases(*kinds) if case.control.name not in planned]


all_cases = pytest.mark.parametrize(
    "case", cases("compliant", "violating", "absent", "not_applicable"), ids=str
)


def texts(violations: list[Violation], case: Case) -> list[str]:
    """Findings of violations, without the remedy."""
    end = f". {remedy(case.control)}"
    assert all(each.text.endswith(end) for each in violations)
    return [each.text[: -len(end)] for each in violations]


@all_cases
@pytest.mark.parametrize("profile", PROFILES)
def test_a_control_finds_exactly_what_is_wrong(case: Case, profile: Profile) -> None:
    enabled = case_analyzer(case, profile, enforcementLevel="mandatory")
    assert texts(enabled.analyze(case.resources), case) == case.findings[profile]


@pytest.mark.parametrize("case", cases("violating"), ids=str)
@pytest.mark.parametrize("profile", PROFILES)
def test_a_violation_has_the_level_of_its_profile(case: Case, profile: Profile) -> None:
    level = case.control.level(profile)
    expected = [] if level == "disabled" else [level] * len(case.findings[profile])
    found = case_analyzer(case, profile).analyze(case.resources)
    assert [each.level for each in found] == expected


def secret(value: Any) -> dict[str, Any]:
    return {SECRET_SIGNATURE: SECRET, "value": value}


@all_cases
def test_a_secret_value_is_judged_like_a_plain_one_and_never_shown(case: Case) -> None:
    wrapped = [
        each.changed(**{key: secret(value) for key, value in each.inputs.items()})
        for each in case.resources
    ]
    found = case_analyzer(case, "prod", enforcementLevel="mandatory").analyze(wrapped)
    assert texts(found, case) == case.findings["prod"]


@pytest.mark.parametrize("case", without_planned_resources("compliant"), ids=str)
def test_an_unknown_property_of_a_compliant_resource_is_no_violation(case: Case) -> None:
    subject = case_analyzer(case, "prod", enforcementLevel="mandatory")
    for name, row in case.stack.items():
        for key in row["properties"]:
            for unknown in UNKNOWNS:
                changed = row | {"properties": row["properties"] | {key: unknown}}
                assert subject.analyze(declare(case.stack | {name: changed})) == [], key


@pytest.mark.parametrize("case", without_planned_resources("compliant", "violating"), ids=str)
def test_knowing_less_adds_no_finding(case: Case) -> None:
    subject = case_analyzer(case, "prod", enforcementLevel="mandatory")
    for name, row in case.stack.items():
        for properties in with_one_unknown(decoded(row["properties"])):
            stack = case.stack | {name: row | {"properties": properties}}
            found = texts(subject.analyze(declare(stack)), case)
            assert places(found) <= places(case.findings["prod"]), properties


def places(findings: list[str]) -> set[str]:
    """Resources and properties of findings, whose values may be less precise."""
    return {text.split(" is ")[0] for text in findings}


def with_one_unknown(value: Any) -> Iterator[Any]:
    """Every variant of a mapping or list in which one of its parts is unknown."""
    parts: Any = value.items() if isinstance(value, dict) else enumerate(value)
    for key, part in parts:
        variants = [proxy.UNKNOWN_STRING_VALUE]
        variants += with_one_unknown(part) if isinstance(part, dict | list) else []
        for variant in variants:
            copied: Any = copy(value)
            copied[key] = variant
            yield copied


@pytest.mark.parametrize(
    # A control that misses resources does not find them under another type either.
    "case",
    [case for case in cases("violating") if case.control.name != "data-is-kept"],
    ids=str,
)
def test_a_resource_of_another_type_is_not_judged(case: Case) -> None:
    stack = {name: row | {"type": "acme:index:Component"} for name, row in case.stack.items()}
    assert case_analyzer(case, "prod", enforcementLevel="mandatory").analyze(declare(stack)) == []


@pytest.mark.parametrize("name", entries())
def test_a_control_has_a_violating_case_and_one_per_absent_property(name: str) -> None:
    entry = entries()[name]
    assert entry["violating"]
    if SUBJECT in (stack := base(catalogue()[name])):
        assert entry.get("absent", {}).keys() == stack[SUBJECT]["properties"].keys()


def test_every_control_has_cases() -> None:
    about_exemptions = {"exemption-used", "exemption-valid"}
    assert entries().keys() == catalogue().keys() - about_exemptions
