"""Checks of security groups and their rules, whichever type of resource declares them."""

from ...pack.registry import Findings, resource_check, stack_check
from ...pack.stack import Stack
from ...reading.addresses import are_public
from ...reading.resource_types import (
    PREFIX_LIST,
    PREFIX_LIST_ENTRY,
    ROLE,
    ROLE_POLICY,
    ROLE_POLICY_ATTACHMENT,
    RULES,
    SECURITY_GROUP,
)
from ...reading.resources import Resource
from ...reading.security_group_rules import DIRECTIONS, security_group_rules
from ...reading.values import UNKNOWN, get, is_absent, is_one_of, is_set, items, texts

DEFAULT_DESCRIPTION = "Managed by Pulumi"
NOT_PUBLIC = "a smaller range"
PUBLIC = "a substantial part of the public addresses"
MANAGED_SEPARATELY = (
    (SECURITY_GROUP, "ingress", RULES, "securityGroupId"),
    (SECURITY_GROUP, "egress", RULES, "securityGroupId"),
    (ROLE, "inlinePolicies", (ROLE_POLICY,), "role"),
    (ROLE, "managedPolicyArns", (ROLE_POLICY_ATTACHMENT,), "role"),
)
"""Owner, its inline property, the resources that manage the same, and their reference to it."""


@resource_check("sg-no-public-ingress")
def is_not_open(resource: Resource) -> Findings:
    """No ingress is allowed from the internet."""
    for rule in security_group_rules(resource, "ingress"):
        for name in rule.public_addresses:
            yield resource.finding(f"{rule.path}{name}", NOT_PUBLIC, PUBLIC)
    entries = [get(each, "cidr") for each in items(resource["entries"])]
    entries = entries if resource.type == PREFIX_LIST else []
    if are_public(text for each in entries for text in texts(each)):
        yield resource.finding("entries", NOT_PUBLIC, PUBLIC)
    if resource.type == PREFIX_LIST_ENTRY and are_public(texts(resource["cidr"])):
        yield resource.finding("cidr", NOT_PUBLIC, PUBLIC)


@resource_check("sg-db-ingress-scoped")
def admits_clients_only(resource: Resource) -> Findings:
    """Ingress is TCP on one port, from security groups."""
    ports = resource.parameters.numbers("ports")
    allowed = resource.parameters.words("allowedSourceGroups")
    for rule in security_group_rules(resource, "ingress"):
        if not rule.allows_tcp_only:
            yield resource.finding(f"{rule.path}protocol", "tcp", rule.described_protocol)
        elif rule.protocol is not UNKNOWN and not rule.allows_one_port_of(ports):
            required = " or ".join(f"{port:g}" for port in sorted(ports))
            yield resource.finding(f"{rule.path}port range", required, rule.described_ports)
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
    """No egress is allowed with every protocol, or to the internet."""
    ports = resource.parameters.numbers("allowedPublicPorts")
    prefix_lists = resource.parameters.words("allowedPrefixLists")
    for rule in security_group_rules(resource, "egress"):
        allowed = rule.allows_tcp_only and rule.allows_one_port_of(ports)
        if rule.allows_all_protocols:
            yield resource.finding(f"{rule.path}protocol", "one protocol", "all protocols")
        for name in rule.public_addresses:
            if not allowed:
                yield resource.finding(f"{rule.path}{name}", NOT_PUBLIC, PUBLIC)
        for name, prefix_list in rule.prefix_lists:
            if not allowed and not is_one_of(prefix_list, prefix_lists):
                required = "one of the allowed prefix lists"
                yield resource.finding(f"{rule.path}{name}", required, "another prefix list")


@resource_check("sg-descriptions")
def is_described(resource: Resource) -> Findings:
    """Group and rules have a description."""
    if resource.type == SECURITY_GROUP and (
        not is_set(resource["description"]) or resource["description"] == DEFAULT_DESCRIPTION
    ):
        yield resource.finding("description", "set")
    for direction in DIRECTIONS:
        for rule in security_group_rules(resource, direction):
            if not is_set(rule.description):
                yield resource.finding(f"{rule.path}description", "set", "not set")


@stack_check("sg-attached")
def is_attached(stack: Stack) -> Findings:
    """A resource other than a rule uses the group."""
    users = [each for each in stack.resources if each.type not in RULES]
    for group in stack.of_type(SECURITY_GROUP):
        if not any(group.urn in each.dependencies for each in users):
            yield group.finding("number of resources that use it", "at least 1", "0")


@stack_check("no-mixed-management")
def is_managed_in_one_way(stack: Stack) -> Findings:
    """What is declared inline is not also managed by separate resources."""
    for owner_type, inline, types, reference in MANAGED_SEPARATELY:
        for owner in stack.of_type(owner_type):
            declared = not all(map(is_absent, items(owner[inline])))
            elsewhere = any(
                owner.urn in each.property_dependencies.get(reference, ())
                and _manages(each, inline)
                for each in stack.of_type(*types)
            )
            if declared and elsewhere:
                yield owner.finding(inline, "absent, as separate resources manage the same", "set")


def _manages(resource: Resource, inline: str) -> bool:
    if inline not in ("ingress", "egress"):
        return True
    return any(True for _ in security_group_rules(resource, inline))
