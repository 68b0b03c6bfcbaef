"""Checks of KMS keys."""

from ...pack.registry import Findings, not_applicable, property_check, resource_check, stack_check
from ...pack.stack import Stack
from ...reading.patterns import covers_every_resource, matches_any
from ...reading.policy_documents import LIMITED, Statement, public_principals, statements
from ...reading.resource_types import KEY_POLICIES, KEY_POLICY
from ...reading.resources import Resource
from ...reading.values import (
    MINIMUM_DESCRIPTION,
    in_range,
    is_description,
    is_false,
    is_known,
    is_not_false,
    is_not_true,
    is_set,
    is_true,
)

SYMMETRIC = "SYMMETRIC_DEFAULT"
SERVICE_ONLY = ("kms:grantisforawsresource", "aws:principalisawsservice")

property_check("kms-enabled", "isEnabled", is_not_false, "true")
property_check("kms-lockout-check", "bypassPolicyLockoutSafetyCheck", is_not_true, "false")
property_check(
    "kms-description",
    "description",
    is_description,
    f"at least {MINIMUM_DESCRIPTION} characters long",
)


@resource_check("kms-rotation")
def key_is_rotated(key: Resource) -> Findings:
    """A symmetric key gets new key material every year."""
    if is_set(key["customKeyStoreId"]):
        not_applicable("customKeyStoreId is set: KMS does not rotate keys in a custom key store")
    spec = key["customerMasterKeySpec"]
    is_symmetric = not is_set(spec) or spec == SYMMETRIC
    if is_symmetric and not is_true(key["enableKeyRotation"]):
        yield key.finding("enableKeyRotation", "true")


@resource_check("kms-policy-not-public")
def key_policy_is_not_public(resource: Resource) -> Findings:
    """The key policy limits its callers."""
    for principal in public_principals(resource["policy"], "policy"):
        yield resource.finding(principal, LIMITED, "everyone")


@stack_check("kms-policy-defined")
def key_has_a_policy(stack: Stack) -> Findings:
    """The key policy is explicit."""
    for key in stack.of_type(*(type_ for type_ in KEY_POLICIES if type_ != KEY_POLICY)):
        if not is_set(key["policy"]) and not stack.dependents(key, KEY_POLICY):
            yield key.finding("policy", "set")


@resource_check("kms-deletion-window")
def key_can_be_restored(key: Resource) -> Findings:
    """A deleted key, and thereby all its data, can be restored for some time."""
    minimum, window = key.parameters.number("minimumDays"), key["deletionWindowInDays"]
    if window is not None and not in_range(window, minimum):
        yield key.finding("deletionWindowInDays", f"at least {minimum:g}")


@resource_check("kms-grants-aws-only")
def grants_to_services_only(resource: Resource) -> Findings:
    """Grants are denied to everyone except AWS services."""
    policy = resource["policy"]
    if is_known(policy) and not any(map(_denies_other_grants, statements(policy, "policy"))):
        required = "with one for everyone except AWS services"
        yield resource.finding("policy", required, "without a denial of kms:CreateGrant")


def _denies_other_grants(statement: Statement) -> bool:
    condition = statement.element("Condition")
    tests = condition.get("BoolIfExists") if isinstance(condition, dict) else None
    values = {key.lower(): value for key, value in tests.items()} if isinstance(tests, dict) else {}
    actions = {action.lower() for _, action in statement.values("Action")}
    return (
        statement.element("Effect") == "Deny"
        and "*" in statement.principals("AWS")
        and matches_any("kms:creategrant", actions)
        and any(covers_every_resource(value) for _, value in statement.values("Resource"))
        and all(key in values and is_false(values[key]) for key in SERVICE_ONLY)
    )
