"""Checks of resource-based policies and grants: access for everyone and for other accounts."""

from ...pack.registry import Findings, resource_check, stack_check
from ...pack.stack import Stack
from ...reading.accounts import foreign, own_accounts, parties
from ...reading.policy_documents import LIMITED, document_at, statements
from ...reading.resource_types import OTHER_POLICIES
from ...reading.resources import Resource


@resource_check("resource-policy-not-public")
def resource_policy_is_not_public(resource: Resource) -> Findings:
    """A resource-based policy limits its callers."""
    for path, document in document_at(resource.properties, OTHER_POLICIES[resource.type]):
        for statement in statements(document, path):
            if statement.allows and statement.allows_everyone and not statement.limits_callers:
                yield resource.finding(f"{statement.path}.Principal", LIMITED, "everyone")


@stack_check("no-foreign-access")
def gives_no_access_to_other_accounts(stack: Stack) -> Findings:
    """Only the stack's own account, and accepted accounts and organizations, get access."""
    allowed = stack.parameters.words("allowedAccounts")
    accepted = allowed | stack.parameters.words("allowedOrganizations")
    accepted |= own_accounts(stack.resources, allowed)
    for resource in stack.resources:
        for path, found in dict.fromkeys(foreign(parties(resource), accepted)):
            yield resource.finding(path, "the stack's own or an allowed one", found)
