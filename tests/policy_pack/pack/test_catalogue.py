"""The catalogue is complete and consistent, and describes every policy to Pulumi."""

import re

import pytest
from pulumi_policy import Policy, ResourceValidationPolicy, StackValidationPolicy

from policy_pack.aurora_policies.pack.catalogue import (
    CONTROLS,
    SUBJECTS,
    catalogue,
    subjects,
)
from policy_pack.aurora_policies.pack.policies import remedy
from policy_pack.aurora_policies.pack.registry import RESOURCE_CHECKS, STACK_CHECKS, resource_check
from policy_pack.aurora_policies.pack.rule_sets import rule_sets
from tools.repository import ROOT, read_yaml
from tools.testing.policies import shared_pack

POLICIES = list(shared_pack()[1].values())


def test_every_entry_has_a_policy_and_every_policy_an_entry() -> None:
    by_scope = {
        scope: {control.name for control in catalogue().values() if control.scope == scope}
        for scope in ("resource", "stack")
    }
    assert by_scope == {"resource": RESOURCE_CHECKS.keys(), "stack": STACK_CHECKS.keys()}
    assert [policy.name for policy in POLICIES] == list(catalogue())


def test_a_policy_describes_its_control_to_pulumi() -> None:
    assert {policy.name: described(policy) for policy in POLICIES} == {
        control.name: (
            {"resource": ResourceValidationPolicy, "stack": StackValidationPolicy}[control.scope],
            control.title,
            f"{control.title}: {control.condition}.",
            control.severity,
            control.rule_ids[0][1],
            [":".join(rule) for rule in control.rule_ids[1:]],
            remedy(control),
            control.link,
            control.defaults(),
        )
        for control in catalogue().values()
    }


def described(policy: Policy) -> tuple[object, ...]:
    parameters = {} if policy.config_schema is None else policy.config_schema.properties
    return (
        type(policy),
        policy.display_name,
        policy.description,
        policy.severity and policy.severity.value,
        policy.framework and policy.framework.reference,
        policy.tags,
        policy.remediation_steps,
        policy.url,
        {name: row["default"] for name, row in parameters.items()},
    )


def framework_and_tags(name: str) -> tuple[str | None, str | None, list[str]]:
    (policy,) = [each for each in POLICIES if each.name == name]
    assert policy.framework
    return policy.framework.name, policy.framework.reference, policy.tags or []


def test_the_primary_rule_is_the_framework_and_all_others_are_tags() -> None:
    assert framework_and_tags("no-mixed-management") == (
        "AWSGuard",
        "security-group-no-rule-management-conflicts",
        ["awsguard:iam-role-no-policy-management-conflicts"],
    )
    assert framework_and_tags("rds-cluster-final-snapshot") == (
        "requirement",
        "rds-cluster-final-snapshot",
        [],
    )


def test_a_control_names_rules_that_exist() -> None:
    unknown = {
        (control.name, framework): set(rules) - rule_sets()[framework].all_rules
        for control in catalogue().values()
        for framework, rules in control.rules.items()
    }
    assert {name: rules for name, rules in unknown.items() if rules} == {}


@pytest.mark.parametrize(
    "name",
    ["rds-cluster-none", "rds-cluster-multi-az", "rds-cluster-storage-encrypted"],
    ids=["unknown", "of a stack", "checked already"],
)
def test_a_check_is_registered_for_one_unchecked_control_of_its_scope(name: str) -> None:
    message = f"{name} is not an unchecked resource control of the catalogue"
    with pytest.raises(ValueError, match=message):
        resource_check(name)


def test_two_controls_cannot_share_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    twice = (subjects()[0], subjects()[0])
    monkeypatch.setattr("policy_pack.aurora_policies.pack.catalogue.subjects", lambda: twice)
    with pytest.raises(ValueError, match="rds-cluster-storage-encrypted is defined twice"):
        catalogue.__wrapped__()


def test_every_file_of_controls_is_a_subject_with_checks() -> None:
    files = {str(path.relative_to(CONTROLS).with_suffix("")) for path in CONTROLS.glob("*/*.yaml")}
    assert files - {"stack/access_types"} == set(SUBJECTS)
    assert all((CONTROLS / f"{subject}.py").is_file() for subject in SUBJECTS)


def test_check_functions_have_unique_names_across_modules() -> None:
    names = [
        name
        for path in CONTROLS.rglob("*.py")
        for name in re.findall(r"^def ([a-z]\w*)\(", path.read_text(encoding="utf-8"), re.M)
    ]
    assert len(names) == len(set(names))


def test_a_remedy_is_about_aws_and_a_setting_is_one_of_this_repository() -> None:
    remedies = {control.name: control.remediation for control in catalogue().values()}
    ours = re.compile(r"\w+\.py\b|Pulumi\.|\w+=")
    assert {name: text for name, text in remedies.items() if ours.search(text)} == {}
    schema = read_yaml(ROOT / "Pulumi.yaml")["config"]
    unknown = {
        control.name: set(filter(None, control.setting.split(", "))) - schema.keys()
        for control in catalogue().values()
    }
    assert {name: settings for name, settings in unknown.items() if settings} == {}
