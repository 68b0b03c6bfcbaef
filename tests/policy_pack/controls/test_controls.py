"""Every control on its cases: compliant, violating, absent, unknown, secret, not applicable."""

# Cases are free-form data.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

from collections import Counter
from collections.abc import Iterator, Mapping
from copy import copy
from typing import Any

import pytest
from pulumi_policy import proxy

from policy_pack.aurora_policies.pack.catalogue import PROFILES, Profile, catalogue
from policy_pack.aurora_policies.pack.policies import remedy
from tests.policy_pack.controls.disguises import decoded
from tools.testing.policies import Declared, Violation
from tools.testing.policy_cases import (
    SUBJECT,
    Case,
    base,
    by_control,
    case_analyzer,
    cases,
    declare,
    entries,
)
from tools.testing.recorder import SECRET_SIGNATURE

SECRET = "1b47061264138c4ac30d75fd1eb44270"
"""Value of the signature that marks a secret."""
UNKNOWNS = sorted(
    value
    for name, value in vars(proxy).items()
    if name.startswith("UNKNOWN_") and name != "UNKNOWN"
)
ALL = by_control("compliant", "violating", "absent", "not_applicable")
each_control = pytest.mark.parametrize("name", ALL)
each_control_without_planned_resources = pytest.mark.parametrize(
    # For these, an unknown value is planned.
    "name",
    [name for name in ALL if name not in ("secret-version-not-replaced", "data-is-kept")],
)


def of_kinds(name: str, *kinds: str) -> list[Case]:
    """Cases of a control."""
    return [case for case in ALL[name] if case.kind in kinds]


def texts(violations: list[Violation], case: Case) -> list[str]:
    """Findings of violations, without the remedy."""
    end = f". {remedy(case.control)}"
    assert all(each.text.endswith(end) for each in violations)
    return [each.text[: -len(end)] for each in violations]


def findings(case: Case, profile: Profile, resources: list[Declared]) -> list[str]:
    """Findings of the control of a case, whatever its level in the profile."""
    enabled = case_analyzer(case, profile, enforcementLevel="mandatory")
    return texts(enabled.analyze(resources), case)


@each_control
def test_a_control_finds_exactly_what_is_wrong(name: str) -> None:
    assert {
        str(case): {profile: findings(case, profile, case.resources) for profile in PROFILES}
        for case in ALL[name]
    } == {str(case): case.findings for case in ALL[name]}


@pytest.mark.parametrize("profile", PROFILES)
def test_a_violation_has_the_level_of_its_profile(profile: Profile) -> None:
    def expected(case: Case) -> list[str]:
        level = case.control.level(profile)
        return [] if level == "disabled" else [level] * len(case.findings[profile])

    violating = cases("violating")
    assert {
        str(case): [each.level for each in case_analyzer(case, profile).analyze(case.resources)]
        for case in violating
    } == {str(case): expected(case) for case in violating}


def secret(value: Any) -> dict[str, Any]:
    return {SECRET_SIGNATURE: SECRET, "value": value}


def with_secrets(resource: Declared) -> Declared:
    return resource.changed(**{key: secret(value) for key, value in resource.inputs.items()})


@each_control
def test_a_secret_value_is_judged_like_a_plain_one_and_never_shown(name: str) -> None:
    assert {
        str(case): findings(case, "prod", list(map(with_secrets, case.resources)))
        for case in ALL[name]
    } == {str(case): case.findings["prod"] for case in ALL[name]}


@each_control_without_planned_resources
def test_an_unknown_property_of_a_compliant_resource_is_not_a_violation(name: str) -> None:
    found = [
        (str(case), change, violation)
        for case in of_kinds(name, "compliant")
        for subject in [case_analyzer(case, "prod", enforcementLevel="mandatory")]
        for change, resources in case.variants(with_one_unknown_property)
        for violation in subject.analyze(resources)
    ]
    assert found == []


def with_one_unknown_property(properties: Mapping[str, Any]) -> Iterator[tuple[Any, Any]]:
    for key in properties:
        for unknown in UNKNOWNS:
            yield (key, unknown), {**properties, key: unknown}


@each_control_without_planned_resources
def test_knowing_less_adds_no_finding(name: str) -> None:
    added = [
        (str(case), properties, place)
        for case in of_kinds(name, "compliant", "violating")
        for subject in [case_analyzer(case, "prod", enforcementLevel="mandatory")]
        for properties, resources in case.variants(with_one_unknown_part)
        for place in places(texts(subject.analyze(resources), case)) - places(case.findings["prod"])
    ]
    assert added == []


def with_one_unknown_part(properties: Mapping[str, Any]) -> Iterator[tuple[Any, Any]]:
    return ((variant, variant) for variant in with_one_unknown(decoded(properties)))


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


def test_a_resource_of_another_type_is_not_judged() -> None:
    def of_another_type(case: Case) -> list[Declared]:
        rows = {name: row | {"type": "acme:index:Component"} for name, row in case.stack.items()}
        return declare(rows)

    found = {
        str(case): findings(case, "prod", of_another_type(case))
        for case in cases("violating")
        # A control that misses resources does not find them under another type either.
        if case.control.name != "data-is-kept"
    }
    assert {case: texts for case, texts in found.items() if texts} == {}


def test_a_control_has_a_violating_case_and_one_per_absent_property() -> None:
    assert [name for name, entry in entries().items() if not entry["violating"]] == []
    stacks = {name: base(catalogue()[name]) for name in entries()}
    subjects = {name: stack[SUBJECT] for name, stack in stacks.items() if SUBJECT in stack}
    absent = {name: set(entries()[name].get("absent", {})) for name in subjects}
    assert absent == {name: set(subject["properties"]) for name, subject in subjects.items()}


def test_every_case_has_a_name_of_its_own() -> None:
    names = Counter(str(case) for cases_of_one in ALL.values() for case in cases_of_one)
    assert [name for name, count in names.items() if count > 1] == []


def test_every_control_has_cases() -> None:
    about_exemptions = {"exemption-used", "exemption-valid"}
    assert entries().keys() == catalogue().keys() - about_exemptions
