"""Controls of security groups and their rules, in each of the provider's shapes."""

from ...pack.registry import Findings, resource_check, stack_check
from ...pack.stack import Stack
from ...reading.resource_types import (
    EGRESS_RULE,
    INGRESS_RULE,
    ROLE,
    ROLE_POLICY,
    ROLE_POLICY_ATTACHMENT,
    SECURITY_GROUP,
    SECURITY_GROUP_RULE,
)
from ...reading.resources import Resource
from ...reading.security_group_rules import security_rules
from ...reading.values import UNKNOWN, is_absent, is_one_of, is_set, items

RULE_TYPES = (INGRESS_RULE, EGRESS_RULE, SECURITY_GROUP_RULE)
DEFAULT_DESCRIPTION = "Managed by Pulumi"
MANAGED_ELSEWHERE = (
    (SECURITY_GROUP, "ingress", RULE_TYPES, "securityGroupId"),
    (SECURITY_GROUP, "egress", RULE_TYPES, "securityGroupId"),
    (ROLE, "inlinePolicies", (ROLE_POLICY,), "role"),
    (ROLE, "managedPolicyArns", (ROLE_POLICY_ATTACHMENT,), "role"),
)
"""Owner, its inline property, the resources that manage the same, and their reference to it."""


@resource_check("sg-no-public-ingress")
def is_not_open(resource: Resource) -> Findings:
    """No ingress from everywhere."""
    for rule in security_rules(resource, "ingress"):
        for name in rule.public_addresses:
            yield resource.finding(f"{rule.path}{name}", "no address range of /0", "all addresses")


@resource_check("sg-db-ingress-scoped")
def admits_clients_only(resource: Resource) -> Findings:
    """Ingress is one tcp port, from security groups."""
    ports = resource.parameters.numbers("ports")
    allowed = resource.parameters.words("allowedSourceGroups")
    for rule in security_rules(resource, "ingress"):
        if not rule.one_tcp_port_of(ports):
            listed = ", ".join(f"{port:g}" for port in sorted(ports))
            yield resource.finding(f"{rule.path}port range", f"tcp on {listed}", "another one")
        for name, source in (*rule.addresses, *rule.prefix_lists):
            if not is_absent(source):
                yield resource.finding(f"{rule.path}{name}", "absent", "set")
        for group in rule.groups:
            own = resource["securityGroupId"] in (group, UNKNOWN)
            if allowed and not own and not is_one_of(group, allowed):
                required = "one of the allowed source groups"
                yield resource.finding(f"{rule.path}source group", required, "another group")


@resource_check("sg-egress-restricted")
def limits_egress(resource: Resource) -> Findings:
    """No egress of every protocol, nor to everywhere."""
    ports = resource.parameters.numbers("allowedPublicPorts")
    for rule in security_rules(resource, "egress"):
        if rule.all_protocols:
            yield resource.finding(f"{rule.path}protocol", "one protocol", "all protocols")
        for name in rule.public_addresses:
            if not rule.one_tcp_port_of(ports):
                required = "no address range of /0"
                yield resource.finding(f"{rule.path}{name}", required, "all addresses")


@resource_check("sg-descriptions")
def is_described(resource: Resource) -> Findings:
    """Group and rules say what they are for."""
    if resource.type == SECURITY_GROUP and (
        not is_set(resource["description"]) or resource["description"] == DEFAULT_DESCRIPTION
    ):
        yield resource.finding("description", "set")
    for direction in ("ingress", "egress"):
        for rule in security_rules(resource, direction):
            if not is_set(rule.description):
                yield resource.finding(f"{rule.path}description", "set", "not set")


@stack_check("sg-attached")
def is_attached(stack: Stack) -> Findings:
    """Something beside rules uses the group."""
    users = [each for each in stack.resources if each.type not in RULE_TYPES]
    for group in stack.of_type(SECURITY_GROUP):
        if not any(group.urn in each.dependencies for each in users):
            yield group.finding("number of users", "1 or more", "0")


@stack_check("no-mixed-management")
def is_managed_in_one_way(stack: Stack) -> Findings:
    """What is declared inline is not managed by other resources as well."""
    for owner_type, inline, types, reference in MANAGED_ELSEWHERE:
        for owner in stack.of_type(owner_type):
            declared = not all(map(is_absent, items(owner[inline])))
            elsewhere = any(
                owner.urn in each.property_dependencies.get(reference, ())
                and _manages(each, inline)
                for each in stack.of_type(*types)
            )
            if declared and elsewhere:
                yield owner.finding(inline, "absent, as other resources manage the same", "set")


def _manages(resource: Resource, inline: str) -> bool:
    if inline not in ("ingress", "egress"):
        return True
    return any(True for _ in security_rules(resource, inline))
