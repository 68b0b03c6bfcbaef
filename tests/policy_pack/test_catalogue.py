"""The catalogue is complete, consistent, and what Pulumi is told of every policy."""

import re

import pytest
import yaml
from pulumi_policy import Policy, ResourceValidationPolicy, StackValidationPolicy

from policy_pack.aurora_policies.catalogue import Control, catalogue
from policy_pack.aurora_policies.checks import RESOURCE_CHECKS, STACK_CHECKS, resource_check
from policy_pack.aurora_policies.policies import policies
from policy_pack.aurora_policies.rule_sets import rule_sets
from tools.repository import ROOT


def test_every_entry_has_a_policy_and_every_policy_an_entry() -> None:
    by_scope = {
        scope: {control.id for control in catalogue().values() if control.scope == scope}
        for scope in ("resource", "stack")
    }
    assert by_scope == {"resource": RESOURCE_CHECKS.keys(), "stack": STACK_CHECKS.keys()}
    assert [policy.name for policy in policies()] == [each.name for each in catalogue().values()]


@pytest.mark.parametrize("policy", policies(), ids=lambda policy: policy.name)
def test_pulumi_is_told_everything_about_a_policy(policy: Policy) -> None:
    (control,) = [each for each in catalogue().values() if each.name == policy.name]
    kinds = {"resource": ResourceValidationPolicy, "stack": StackValidationPolicy}
    assert isinstance(policy, kinds[control.scope])
    assert policy.display_name == control.title
    assert policy.description == f"{control.title}: {control.condition}."
    assert policy.severity
    assert policy.framework
    assert policy.severity.value == control.severity
    assert policy.framework.reference == control.rule_ids[0][1]
    assert policy.tags == [":".join(rule) for rule in control.rule_ids[1:]]
    assert policy.remediation_steps == f"{control.remediation}."
    assert policy.url == control.link
    parameters = {} if policy.config_schema is None else policy.config_schema.properties
    assert {name: row["default"] for name, row in parameters.items()} == control.defaults()


def framework_and_tags(control_id: str) -> tuple[str | None, str | None, list[str]]:
    (policy,) = [each for each in policies() if each.name == catalogue()[control_id].name]
    assert policy.framework
    return policy.framework.name, policy.framework.reference, policy.tags or []


def test_the_primary_rule_is_the_framework_and_all_others_are_tags() -> None:
    assert framework_and_tags("N06") == (
        "AWSGuard",
        "security-group-no-rule-management-conflicts",
        ["awsguard:iam-role-no-policy-management-conflicts"],
    )
    assert framework_and_tags("R15") == ("requirement", "R15", [])


@pytest.mark.parametrize("control", catalogue().values(), ids=lambda control: control.id)
def test_a_control_names_rules_that_exist(control: Control) -> None:
    for framework, rules in control.rules.items():
        assert set(rules) <= rule_sets()[framework].all_rules


@pytest.mark.parametrize(
    "control_id", ["R99", "R08", "R01"], ids=["unknown", "of a stack", "checked already"]
)
def test_a_check_is_registered_for_one_unchecked_control_of_its_scope(control_id: str) -> None:
    message = f"{control_id} is not one unchecked resource control of the catalogue"
    with pytest.raises(ValueError, match=message):
        resource_check(control_id)


def test_two_controls_cannot_share_an_identifier(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("policy_pack.aurora_policies.catalogue.SERVICES", ("kms", "kms"))
    with pytest.raises(ValueError, match="kms: K01 kms-rotation is not unique"):
        catalogue.__wrapped__()


@pytest.mark.parametrize("control", catalogue().values(), ids=lambda control: control.id)
def test_a_remedy_names_files_and_settings_that_exist(control: Control) -> None:
    for path in re.findall(r"\S+\.py\b", control.remediation):
        assert (ROOT / path).is_file()
    if "Pulumi.<stack>.yaml" in control.remediation:
        schema = yaml.safe_load((ROOT / "Pulumi.yaml").read_text("utf-8"))["config"]
        assert set(re.findall(r"\b[a-z]+(?:[A-Z][a-z]+)+\b", control.remediation)) <= schema.keys()
