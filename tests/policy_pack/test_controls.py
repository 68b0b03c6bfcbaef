"""Every control on its cases: compliant, violating, absent, unknown, secret, and not concerned."""

from typing import Any

import pytest
from pulumi_policy import proxy

from policy_pack.aurora_policies.catalogue import PROFILES, Profile, catalogue
from tests.support.policies import Violation
from tests.support.policy_cases import SUBJECT, Case, base, case_analyzer, cases, declared, entries
from tests.support.recorder import SECRET_SIGNATURE

SECRET = "1b47061264138c4ac30d75fd1eb44270"
"""Value of the signature that marks a secret."""
UNKNOWNS = sorted(
    value
    for name, value in vars(proxy).items()
    if name.startswith("UNKNOWN_") and name != "UNKNOWN"
)

all_cases = pytest.mark.parametrize(
    "case", cases("compliant", "violating", "absent", "not_applicable"), ids=str
)


def texts(violations: list[Violation], case: Case) -> list[str]:
    """Findings of violations, without the identifier before and the remedy behind."""
    start, end = f"[{case.control.id}] ", f". {case.control.remediation}."
    assert all(each.text.startswith(start) and each.text.endswith(end) for each in violations)
    return [each.text[len(start) : -len(end)] for each in violations]


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


@pytest.mark.parametrize("control_id", entries())
def test_an_unknown_value_is_neither_a_violation_nor_a_failure(control_id: str) -> None:
    case = next(each for each in cases("compliant") if each.control.id == control_id)
    subject = case_analyzer(case, "prod", enforcementLevel="mandatory")
    for name, row in case.stack.items():
        for key in row["properties"]:
            for unknown in UNKNOWNS:
                row_ = row | {"properties": row["properties"] | {key: unknown}}
                stack = case.stack | {name: row_}
                resources = [declared(each, stack[each]) for each in stack]
                assert subject.analyze(resources) == [], f"{name}.{key}"


@pytest.mark.parametrize("case", cases("violating"), ids=str)
def test_a_resource_of_another_type_is_not_judged(case: Case) -> None:
    stack = {name: row | {"type": "aws:s3/bucket:Bucket"} for name, row in case.stack.items()}
    resources = [declared(name, row) for name, row in stack.items()]
    assert case_analyzer(case, "prod", enforcementLevel="mandatory").analyze(resources) == []


@pytest.mark.parametrize("control_id", entries())
def test_a_control_has_a_violating_case_and_one_per_absent_property(control_id: str) -> None:
    entry = entries()[control_id]
    assert entry["violating"]
    if SUBJECT in (stack := base(catalogue()[control_id])):
        assert entry.get("absent", {}).keys() == stack[SUBJECT]["properties"].keys()


def test_every_control_has_cases() -> None:
    about_exemptions = {"Z01", "Z02"}
    assert entries().keys() == catalogue().keys() - about_exemptions
