"""Checks of resource-based policies and grants: access for everyone and for other accounts."""

from ...pack.registry import Findings, resource_check, stack_check
from ...pack.stack import Stack
from ...reading.accounts import foreign, grantees_of, own_accounts
from ...reading.patterns import has_wildcard
from ...reading.policy_documents import LIMITED, document_at, public_principals
from ...reading.resource_types import OPEN_GRANTEES, OTHER_POLICIES
from ...reading.resources import Resource
from ...reading.values import is_set, texts


@resource_check("resource-policy-not-public")
def resource_policy_is_not_public(resource: Resource) -> Findings:
    """A resource-based policy limits its callers."""
    documents = OTHER_POLICIES.get(resource.type, "")
    for path, document in document_at(resource.properties, documents):
        for principal in public_principals(document, path):
            yield resource.finding(principal, LIMITED, "everyone")
    # A permission on an event bus can be limited to an organization.
    if not is_set(resource["condition"]):
        for path in OPEN_GRANTEES.get(resource.type, ()):
            if any(map(has_wildcard, texts(resource[path]))):
                yield resource.finding(path, "specific principals", "everyone")


@stack_check("no-foreign-access")
def gives_no_access_to_other_accounts(stack: Stack) -> Findings:
    """Only the stack's own account, and accepted accounts and organizations, get access."""
    allowed = stack.parameters.words("allowedAccounts")
    accepted = allowed | stack.parameters.words("allowedOrganizations")
    accepted |= own_accounts(stack.resources, allowed)
    for resource in stack.resources:
        for path, found in dict.fromkeys(foreign(grantees_of(resource), accepted)):
            yield resource.finding(path, "the stack's own or an allowed one", found)
