"""Network: where the database lives, and who reaches it."""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from components.aurora_data_platform.security_group_rules import Egress, Ingress, tcp_rule
from components.aurora_data_platform.settings.model import PlatformSettings
from components.aurora_data_platform.tags import resource_tags


class DatabaseNetwork(pulumi.ComponentResource):
    """Puts the database into private subnets and opens its port to named security groups.

    Creates:
        - the DB subnet group;
        - the security group;
        - one ingress rule per client security group, on the database port;
        - the self-reference, both directions, on the database port: members reach each other.

    There is no other way in or out.

    Args:
        name: The platform's logical name, start of this part's and its children's.
        settings: The platform's settings.
        vpc_id: VPC of the subnets.
        subnet_ids: Private subnets in at least two availability zones. Their group's name is fixed
            and changing it replaces the database; changing the subnets does not.
        client_security_group_ids: Security groups that may connect, by a stable name each.

    Attributes:
        subnet_group_name: Name of the DB subnet group.
        security_group_id: Id of the cluster's security group.
    """

    subnet_group_name: pulumi.Output[str]
    security_group_id: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        settings: PlatformSettings,
        *,
        vpc_id: pulumi.Input[str],
        subnet_ids: pulumi.Input[list[pulumi.Input[str]]],
        client_security_group_ids: Mapping[str, pulumi.Input[str]],
        opts: pulumi.ResourceOptions,
    ) -> None:
        super().__init__(
            "aurora-data-platform:index:DatabaseNetwork", f"{name}-network", None, opts
        )
        names = settings.names
        self.subnet_group_name = aws.rds.SubnetGroup(
            f"{name}-subnet-group",
            name=names.subnet_group,
            description=f"Private subnets of {names.cluster}",
            subnet_ids=subnet_ids,
            tags=resource_tags(settings, names.subnet_group),
            opts=pulumi.ResourceOptions(parent=self),
        ).name
        self.security_group_id = aws.ec2.SecurityGroup(
            f"{name}-security-group",
            name=names.security_group,
            description=f"Connections to {names.cluster}",
            vpc_id=vpc_id,
            # Without it the self-reference would hinder the group's own deletion.
            revoke_rules_on_delete=True,
            tags=resource_tags(settings, names.security_group),
            opts=pulumi.ResourceOptions(parent=self),
        ).id
        own = (self.security_group_id, f"PostgreSQL between members of {names.security_group}")
        ways = {
            f"ingress-from-{client}": (Ingress, group_id, f"PostgreSQL from {client}")
            for client, group_id in client_security_group_ids.items()
        }
        ways |= {"ingress-self": (Ingress, *own), "egress-self": (Egress, *own)}
        for way, (kind, peer_id, description) in ways.items():
            tcp_rule(
                kind,
                f"{name}-{way}",
                group_id=self.security_group_id,
                peer_id=peer_id,
                port=settings.port,
                description=description,
                tags=resource_tags(settings, names.security_group),
                opts=pulumi.ResourceOptions(parent=self),
            )
        self.register_outputs(
            {
                "subnetGroupName": self.subnet_group_name,
                "securityGroupId": self.security_group_id,
            }
        )
