"""Network path of the Lambda functions: to the database and to Secrets Manager."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from components.aurora_data_platform.args import AuroraDataPlatformArgs
from components.aurora_data_platform.arns import AwsScope
from components.aurora_data_platform.iam_policies.functions import endpoint_policy
from components.aurora_data_platform.security_group_rules import (
    HTTPS_PORT,
    Egress,
    Ingress,
    SecurityGroupRule,
    tcp_rule,
)
from components.aurora_data_platform.settings.model import PlatformSettings
from components.aurora_data_platform.settings.types import SecretsManagerConnectivity
from components.aurora_data_platform.tags import resource_tags

INTERFACE_CLEANUP = "60m"
"""Lambda deletes the network interfaces of a deleted function within 45 minutes; until then EC2
rejects the deletion of their security group (AWS Lambda developer guide, VPC networking)."""


@dataclass(frozen=True)
class FunctionNetwork:
    """The network of the functions.

    Attributes:
        account_id: AWS account.
        security_group_id: Security group of the functions.
        subnet_ids: Subnets of the functions.
        secrets_manager_url: URL of Secrets Manager; None for AWS's own.
        dependencies: Resources that must exist before a function can connect.
    """

    account_id: str
    security_group_id: pulumi.Output[str]
    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    secrets_manager_url: pulumi.Output[str] | None
    dependencies: Sequence[pulumi.Resource]


def create_function_network(
    name: str,
    args: AuroraDataPlatformArgs,
    *,
    database_security_group_id: pulumi.Input[str],
    parent: pulumi.Resource,
    after: Sequence[pulumi.Resource],
) -> FunctionNetwork:
    """Open the paths to the database and to Secrets Manager, and no other.

    Creates the functions' security group, one rule at each end of each path, and, with
    `create-endpoint`, an interface endpoint of Secrets Manager. The endpoint has no private DNS
    name, which would redirect the traffic of everything else in the VPC.

    Args:
        name: The platform's logical name, prefix of the children's.
        args: The platform's arguments.
        database_security_group_id: Security group of the cluster.
        parent: Parent of the resources.
        after: Permissions with which Lambda deletes network interfaces. They must outlive the
            security group, whose deletion waits for that.
    """
    settings, scope = args.settings, args.scope
    builder = _PathBuilder(name, settings, parent, args.vpc_id, after)
    group_id = builder.security_group("rotation", settings.names.functions_security_group)
    builder.open("database", group_id, database_security_group_id, settings.port)
    url = None
    match settings.secrets_manager_connectivity:
        case SecretsManagerConnectivity.NAT:
            builder.open_internet(group_id)
        case SecretsManagerConnectivity.EXISTING_ENDPOINT:
            existing = args.secrets_endpoint_security_group_id
            if existing is None:
                msg = "existing-endpoint requires secrets_endpoint_security_group_id"
                raise pulumi.RunError(msg)
            builder.open("secrets-manager", group_id, existing, HTTPS_PORT)
        case SecretsManagerConnectivity.CREATE_ENDPOINT:
            endpoint_group_id = builder.security_group(
                "secrets-endpoint", settings.names.secrets_endpoint_security_group
            )
            builder.open("secrets-manager", group_id, endpoint_group_id, HTTPS_PORT)
            url = builder.secrets_endpoint(
                endpoint_group_id, args.endpoint_subnet_ids or args.subnet_ids, scope
            )
    return FunctionNetwork(
        scope.account_id, group_id, args.subnet_ids, url, tuple(builder.dependencies)
    )


@dataclass
class _PathBuilder:
    name: str
    settings: PlatformSettings
    parent: pulumi.Resource
    vpc_id: pulumi.Input[str]
    after: Sequence[pulumi.Resource]
    dependencies: list[pulumi.Resource] = field(default_factory=list[pulumi.Resource])

    def security_group(self, role: str, group_name: str) -> pulumi.Output[str]:
        return aws.ec2.SecurityGroup(
            f"{self.name}-{role}-security-group",
            name=group_name,
            description=f"Rotation of {self.settings.names.master_secret}",
            vpc_id=self.vpc_id,
            revoke_rules_on_delete=True,
            tags=resource_tags(self.settings, group_name),
            opts=pulumi.ResourceOptions(
                parent=self.parent,
                depends_on=list(self.after),
                delete_before_replace=False,
                custom_timeouts=pulumi.CustomTimeouts(delete=INTERFACE_CLEANUP),
            ),
        ).id

    def open(
        self, target: str, group_id: pulumi.Input[str], peer_id: pulumi.Input[str], port: int
    ) -> None:
        """Open a port from the functions to a peer, at both ends."""
        for kind, direction, own, peer in (
            (Egress, "egress-to", group_id, peer_id),
            (Ingress, "ingress-to", peer_id, group_id),
        ):
            self._rule(kind, f"rotation-{direction}-{target}", own, port, peer_id=peer)

    def open_internet(self, group_id: pulumi.Input[str]) -> None:
        """Open HTTPS to everywhere, for the route through the NAT gateway."""
        self._rule(Egress, "rotation-egress-to-internet", group_id, HTTPS_PORT, cidr="0.0.0.0/0")

    def secrets_endpoint(
        self,
        group_id: pulumi.Input[str],
        subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]],
        scope: AwsScope,
    ) -> pulumi.Output[str]:
        """Create the interface endpoint and return its URL."""
        endpoint_name = self.settings.names.secrets_endpoint
        endpoint = aws.ec2.VpcEndpoint(
            f"{self.name}-secrets-endpoint",
            vpc_id=self.vpc_id,
            service_name=f"com.amazonaws.{scope.region}.secretsmanager",
            vpc_endpoint_type="Interface",
            subnet_ids=subnet_ids,
            security_group_ids=[group_id],
            private_dns_enabled=False,
            policy=json.dumps(endpoint_policy(scope)),
            tags=resource_tags(self.settings, endpoint_name),
            opts=pulumi.ResourceOptions(parent=self.parent),
        )
        self.dependencies.append(endpoint)
        return endpoint.dns_entries.apply(lambda entries: f"https://{entries[0].dns_name}")

    def _rule(
        self,
        kind: type[SecurityGroupRule],
        role: str,
        group_id: pulumi.Input[str],
        port: int,
        *,
        peer_id: pulumi.Input[str] | None = None,
        cidr: str | None = None,
    ) -> None:
        target = "Secrets Manager" if port == HTTPS_PORT else "PostgreSQL"
        rule = tcp_rule(
            kind,
            f"{self.name}-{role}",
            group_id=group_id,
            peer_id=peer_id,
            cidr=cidr,
            port=port,
            description=f"{target} for rotation",
            tags=resource_tags(self.settings, self.settings.names.functions_security_group),
            opts=pulumi.ResourceOptions(parent=self.parent),
        )
        self.dependencies.append(rule)
