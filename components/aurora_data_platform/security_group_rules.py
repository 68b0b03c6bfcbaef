"""Security group rules, each a resource of its own."""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

Ingress, Egress = aws.vpc.SecurityGroupIngressRule, aws.vpc.SecurityGroupEgressRule
Rule = aws.vpc.SecurityGroupIngressRule | aws.vpc.SecurityGroupEgressRule


def tcp_rule(
    kind: type[Rule],
    name: str,
    *,
    group_id: pulumi.Input[str],
    port: int,
    description: str,
    tags: Mapping[str, str],
    opts: pulumi.ResourceOptions,
    peer_id: pulumi.Input[str] | None = None,
    cidr: str | None = None,
) -> Rule:
    """Open one TCP port of a group, in one direction.

    Args:
        kind: The direction.
        name: Logical name.
        group_id: The group.
        port: The port.
        description: What for; AWS shows it beside the rule.
        tags: Tags of the rule.
        opts: Options of the resource.
        peer_id: The group at the other end, or
        cidr: the addresses there.
    """
    return kind(
        name,
        security_group_id=group_id,
        referenced_security_group_id=peer_id,
        cidr_ipv4=cidr,
        ip_protocol="tcp",
        from_port=port,
        to_port=port,
        description=description,
        tags=tags,
        opts=opts,
    )
