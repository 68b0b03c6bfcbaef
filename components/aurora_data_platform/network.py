"""Network of the database: subnet group and security group."""

import pulumi
import pulumi_aws as aws

from components.aurora_data_platform.args import AuroraDataPlatformArgs
from components.aurora_data_platform.security_group_rules import (
    HTTPS_PORT,
    Egress,
    Ingress,
    tcp_rule,
)
from components.aurora_data_platform.tags import resource_tags


class DatabaseNetwork(pulumi.ComponentResource):
    """Places the database in private subnets and opens its port to named security groups.

    Creates:
        - the DB subnet group;
        - the security group;
        - one ingress rule per client security group, on the database port;
        - a self-reference on the database port, in both directions;
        - HTTPS to every address, if the cluster assumes roles: Aurora calls other services from
          the instances' network interfaces.

    Nothing else may connect.

    Args:
        name: The platform's logical name, prefix of the children's.
        args: The platform's arguments. Changing the subnets updates the subnet group in place.
        opts: Resource options.
    """

    subnet_group_name: pulumi.Output[str]
    """Name of the DB subnet group."""
    security_group_id: pulumi.Output[str]
    """ID of the cluster's security group."""

    def __init__(
        self,
        name: str,
        args: AuroraDataPlatformArgs,
        opts: pulumi.ResourceOptions,
    ) -> None:
        super().__init__(
            "aurora-data-platform:index:DatabaseNetwork", f"{name}-network", None, opts
        )
        settings, names = args.settings, args.settings.names
        self.subnet_group_name = aws.rds.SubnetGroup(
            f"{name}-subnet-group",
            name=names.subnet_group,
            description=f"Private subnets of {names.cluster}",
            subnet_ids=args.subnet_ids,
            tags=resource_tags(settings, names.subnet_group),
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=False),
        ).name
        self.security_group_id = aws.ec2.SecurityGroup(
            f"{name}-security-group",
            name=names.security_group,
            description=f"Connections to {names.cluster}",
            vpc_id=args.vpc_id,
            # Otherwise the self-reference would block the group's deletion.
            revoke_rules_on_delete=True,
            tags=resource_tags(settings, names.security_group),
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=False),
        ).id
        own = (self.security_group_id, f"PostgreSQL between members of {names.security_group}")
        rules = {
            f"ingress-from-{client}": (Ingress, group_id, f"PostgreSQL from {client}")
            for client, group_id in args.client_security_group_ids.items()
        }
        rules |= {"ingress-self": (Ingress, *own), "egress-self": (Egress, *own)}
        for role, (kind, peer_id, description) in rules.items():
            tcp_rule(
                kind,
                f"{name}-{role}",
                group_id=self.security_group_id,
                peer_id=peer_id,
                port=settings.port,
                description=description,
                tags=resource_tags(settings, names.security_group),
                opts=pulumi.ResourceOptions(parent=self),
            )
        if settings.iam_roles:
            tcp_rule(
                Egress,
                f"{name}-egress-https",
                group_id=self.security_group_id,
                cidr="0.0.0.0/0",
                port=HTTPS_PORT,
                description=f"AWS services for {', '.join(settings.iam_roles)}",
                tags=resource_tags(settings, names.security_group),
                opts=pulumi.ResourceOptions(parent=self),
            )
        self.register_outputs(
            {
                "subnetGroupName": self.subnet_group_name,
                "securityGroupId": self.security_group_id,
            }
        )
