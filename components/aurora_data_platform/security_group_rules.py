"""Security group rules, each a resource of its own."""

import re
from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

Ingress, Egress = aws.vpc.SecurityGroupIngressRule, aws.vpc.SecurityGroupEgressRule
SecurityGroupRule = aws.vpc.SecurityGroupIngressRule | aws.vpc.SecurityGroupEgressRule

HTTPS_PORT = 443
MAX_DESCRIPTION_LENGTH = 255
_UNSUPPORTED = re.compile(r"[^a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]")
"""Everything but the characters of EC2's API, IpRange: Description."""


def rule_description(text: str) -> str:
    """Return a description that EC2 accepts: other characters replaced, at most 255 characters."""
    return _UNSUPPORTED.sub("_", text)[:MAX_DESCRIPTION_LENGTH]


def tcp_rule(
    kind: type[SecurityGroupRule],
    name: str,
    *,
    group_id: pulumi.Input[str],
    port: int,
    description: str,
    tags: Mapping[str, str],
    opts: pulumi.ResourceOptions,
    peer_id: pulumi.Input[str] | None = None,
    cidr: str | None = None,
) -> SecurityGroupRule:
    """Create a rule for one TCP port in one direction.

    Args:
        kind: `Ingress` or `Egress`.
        name: Logical name.
        group_id: Security group of the rule.
        port: TCP port.
        description: Description, cleaned for EC2.
        tags: Tags of the rule.
        opts: Resource options.
        peer_id: Security group at the other end; or
        cidr: addresses at the other end.
    """
    return kind(
        name,
        security_group_id=group_id,
        referenced_security_group_id=peer_id,
        cidr_ipv4=cidr,
        ip_protocol="tcp",
        from_port=port,
        to_port=port,
        description=rule_description(description),
        tags=tags,
        opts=opts,
    )
