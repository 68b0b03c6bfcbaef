"""Policies of the stack's IAM roles: who gets which statements, and through which resource."""

from collections.abc import Iterator
from dataclasses import dataclass

from ..reading.policy_documents import Statement, document_at, statements
from ..reading.resource_types import ATTACHMENTS, IDENTITY_POLICIES, ROLE, ROLE_POLICY
from ..reading.resources import Resource
from ..reading.values import UNKNOWN, get, texts
from .stack import Stack

_MANAGED = "aws:iam/policy:Policy"
_ROLES = {
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "role",
    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": "roleName",
    "aws:iam/policyAttachment:PolicyAttachment": "roles",
}
"""Property with the roles, by type of resource that attaches policies to roles."""


@dataclass(frozen=True)
class GrantedPolicy:
    """A policy of a role.

    Attributes:
        through: The resource that gives it to the role.
        path: The property that does.
        policy: The resource with the document.
        statements: What its documents allow.
        is_unknown: Whether a document is unknown, as before its resources exist.
    """

    through: Resource
    path: str
    policy: Resource
    statements: tuple[Statement, ...]
    is_unknown: bool


class RolePolicies:
    """The policies of every role that the stack names, whether it creates the role or not.

    Args:
        stack: The stack.
    """

    def __init__(self, stack: Stack) -> None:
        self._roles = {each.urn: each for each in stack.of_type(ROLE)}
        self._keys = {
            text: self._key(urn)
            for urn, role in self._roles.items()
            for text in (*texts(get(role.outputs, "arn")), *texts(get(role.outputs, "name")))
        }
        self._policies = stack.of_type(_MANAGED)
        self.by_role: dict[str, list[GrantedPolicy]] = {}
        for resource in stack.of_type(*_ROLES):
            for role in self.roles(resource, _ROLES[resource.type]):
                self.by_role.setdefault(role, []).extend(self._attached(resource))
        for resource in stack.of_type(ROLE_POLICY):
            for role in self.roles(resource, "role"):
                self.by_role.setdefault(role, []).append(_granted(resource, "policy", resource))
        for urn, resource in self._roles.items():
            own = self.by_role.setdefault(self._key(urn), [])
            own += [*self._attached(resource), _granted(resource, "inlinePolicies", resource)]

    def roles(self, resource: Resource, path: str) -> list[str]:
        """Return keys of the roles that a property names, by name or ARN or as a dependency."""
        urns = resource.property_dependencies.get(path, frozenset())
        if own := [self._key(urn) for urn in urns if urn in self._roles]:
            return own
        named = texts(resource[path])
        return [self._keys.get(each) or each.rpartition("/")[2] for each in named]

    def _key(self, urn: str) -> str:
        """Return the name of a role of the stack, or its URN if the name is generated."""
        name = self._roles[urn]["name"]
        return name if isinstance(name, str) else urn

    def _attached(self, resource: Resource) -> Iterator[GrantedPolicy]:
        path = ATTACHMENTS[resource.type]
        urns = resource.property_dependencies.get(path, frozenset())
        arns = texts(resource[path])
        for policy in self._policies:
            if policy.urn in urns or get(policy.outputs, "arn") in arns:
                yield _granted(resource, path, policy)


def _granted(through: Resource, path: str, policy: Resource) -> GrantedPolicy:
    documents = list(document_at(policy.properties, IDENTITY_POLICIES[policy.type]))
    allowing = [
        each for place, document in documents for each in statements(document, place) if each.allows
    ]
    is_unknown = any(document is UNKNOWN for _, document in documents)
    return GrantedPolicy(through, path, policy, tuple(allowing), is_unknown)
