"""Controls of encryption keys."""

from ...pack.registry import Findings, property_check, resource_check, stack_check
from ...pack.stack import Stack
from ...reading.policy_documents import NARROWED, Statement, matches_any, statements
from ...reading.resource_types import KEY, KEY_POLICY
from ...reading.resources import Resource
from ...reading.values import (
    MINIMUM_DESCRIPTION,
    get,
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
SERVICE_ONLY = ("kms:GrantIsForAWSResource", "aws:PrincipalIsAWSService")

property_check("kms-enabled", "isEnabled", is_not_false, "true")
property_check("kms-lockout-check", "bypassPolicyLockoutSafetyCheck", is_not_true, "false")
property_check(
    "kms-description", "description", is_description, f"{MINIMUM_DESCRIPTION} characters or longer"
)


@resource_check("kms-rotation")
def key_rotates(key: Resource) -> Findings:
    """A symmetric key gets new key material every year."""
    is_symmetric = key["customerMasterKeySpec"] in (None, SYMMETRIC)
    if is_symmetric and not is_true(key["enableKeyRotation"]):
        yield key.finding("enableKeyRotation", "true")


@resource_check("kms-policy-not-public")
def key_policy_is_not_public(resource: Resource) -> Findings:
    """The key policy names its callers, all of them of this account."""
    trusted = resource.parameters.words("trustedAccounts")
    # The key's own account is not known here, but its policy cannot do without naming it.
    own: set[str] = set()
    for statement in statements(resource["policy"], "policy"):
        if not statement.allows:
            continue
        path = f"{statement.path}.Principal"
        if statement.names_everyone and not statement.narrows_callers:
            yield resource.finding(path, NARROWED, "everyone")
        accounts = statement.accounts - trusted
        own = own or set(sorted(accounts)[:1])
        if accounts - own:
            yield resource.finding(path, "of one account, or of a trusted one", "another account")


@stack_check("kms-policy-defined")
def has_a_policy(stack: Stack) -> Findings:
    """The key policy is written out."""
    for key in stack.of_type(KEY):
        if not is_set(key["policy"]) and not stack.dependents(key, KEY_POLICY):
            yield key.finding("policy", "set")


@resource_check("kms-deletion-window")
def key_can_be_restored(key: Resource) -> Findings:
    """A deleted key waits before it is gone, and all its data with it."""
    least, window = key.parameters.number("minimumDays"), key["deletionWindowInDays"]
    if window is not None and not in_range(window, least):
        yield key.finding("deletionWindowInDays", f"{least:g} or more")


@resource_check("kms-grants-aws-only")
def grants_to_services_only(resource: Resource) -> Findings:
    """Grants are denied to everyone but AWS services."""
    policy = resource["policy"]
    if is_known(policy) and not any(map(_denies_foreign_grants, statements(policy, "policy"))):
        required = "with one for all but AWS services"
        yield resource.finding("policy", required, "without a denial of kms:CreateGrant")


def _denies_foreign_grants(statement: Statement) -> bool:
    tests = get(statement.body, "Condition.BoolIfExists")
    actions = {action.lower() for _, action in statement.values("Action")}
    return (
        get(statement.body, "Effect") == "Deny"
        and "*" in statement.principals("AWS")
        and matches_any("kms:creategrant", actions)
        and statement.covers_every_resource
        and isinstance(tests, dict)
        and all(key in tests and is_false(tests[key]) for key in SERVICE_ONLY)
    )
