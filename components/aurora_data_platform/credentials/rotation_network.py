"""Where the rotation function runs, and the two ways out that it has."""

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.aurora_data_platform.iam_policies import rotation
from components.aurora_data_platform.security_group_rules import Egress, Ingress, Rule, tcp_rule
from components.aurora_data_platform.settings.model import PlatformSettings
from components.aurora_data_platform.settings.types import SecretsManagerAccess
from components.aurora_data_platform.tags import resource_tags

HTTPS_PORT = 443


@dataclass(frozen=True)
class Surroundings:
    """What is there before the rotation.

    Attributes:
        vpc_id: VPC of the database.
        subnet_ids: The database's private subnets.
        database_security_group_id: The cluster's security group.
        secrets_endpoint_security_group_id: Security group of the VPC's own endpoint of Secrets
            Manager; needed with `existing` only.
    """

    vpc_id: pulumi.Input[str]
    subnet_ids: pulumi.Input[list[pulumi.Input[str]]]
    database_security_group_id: pulumi.Input[str]
    secrets_endpoint_security_group_id: pulumi.Input[str] | None


class RotationNetwork:
    """Lets the function reach the database and Secrets Manager, and nothing else.

    Creates, as children of `parent`:
        - the function's security group, with one rule at each end of each way;
        - unless the VPC offers another way, an interface endpoint of Secrets Manager. It has no
          private DNS name, because that would take over the traffic of everybody else in the VPC.

    Args:
        name: The platform's logical name, start of the children's.
        settings: The platform's settings.
        parent: The component that the resources belong to.
        around: What is there already.

    Attributes:
        security_group_id: The function's security group.
        subnet_ids: Where the function gets its addresses.
        secrets_manager_url: Where the function finds Secrets Manager; None for AWS's own name.
        ways: Resources without which the function reaches nothing.
    """

    security_group_id: pulumi.Output[str]
    subnet_ids: pulumi.Input[list[pulumi.Input[str]]]
    secrets_manager_url: pulumi.Output[str] | None
    ways: list[pulumi.Resource]

    def __init__(
        self,
        name: str,
        settings: PlatformSettings,
        *,
        parent: pulumi.Resource,
        around: Surroundings,
    ) -> None:
        self._platform = name
        self._settings = settings
        self._inside = pulumi.ResourceOptions(parent=parent)
        self._around = around
        self.subnet_ids = around.subnet_ids
        self.ways = []
        self.security_group_id = self._create_group(
            "rotation", settings.names.rotation_security_group
        )
        self._open("database", around.database_security_group_id, settings.port)
        self.secrets_manager_url = self._open_secrets_manager()

    def _open_secrets_manager(self) -> pulumi.Output[str] | None:
        """Open the way that the settings choose."""
        access = self._settings.secrets_manager_access
        if access is SecretsManagerAccess.NAT:
            self._rule(
                Egress,
                "rotation-egress-to-internet",
                self.security_group_id,
                HTTPS_PORT,
                cidr="0.0.0.0/0",
            )
            return None
        if access is SecretsManagerAccess.EXISTING:
            existing = self._around.secrets_endpoint_security_group_id
            if existing is None:
                msg = "secretsManagerAccess existing needs the endpoint's security group"
                raise pulumi.RunError(msg)
            self._open("secrets-manager", existing, HTTPS_PORT)
            return None
        return self._create_endpoint()

    def _create_endpoint(self) -> pulumi.Output[str]:
        settings = self._settings
        name = settings.names.secrets_endpoint
        group_id = self._create_group("secrets-endpoint", settings.names.secrets_endpoint_group)
        self._open("secrets-manager", group_id, HTTPS_PORT)
        endpoint = aws.ec2.VpcEndpoint(
            f"{self._platform}-secrets-endpoint",
            vpc_id=self._around.vpc_id,
            service_name=f"com.amazonaws.{settings.region}.secretsmanager",
            vpc_endpoint_type="Interface",
            subnet_ids=self._around.subnet_ids,
            security_group_ids=[group_id],
            private_dns_enabled=False,
            policy=json.dumps(rotation.endpoint_policy(settings.location)),
            tags=resource_tags(settings, name),
            opts=self._inside,
        )
        self.ways.append(endpoint)
        return endpoint.dns_entries.apply(lambda entries: f"https://{entries[0].dns_name}")

    def _create_group(self, role: str, name: str) -> pulumi.Output[str]:
        return aws.ec2.SecurityGroup(
            f"{self._platform}-{role}-security-group",
            name=name,
            description=f"Rotation of {self._settings.names.secret}",
            vpc_id=self._around.vpc_id,
            revoke_rules_on_delete=True,
            tags=resource_tags(self._settings, name),
            opts=self._inside,
        ).id

    def _open(self, what: str, peer_id: pulumi.Input[str], port: int) -> None:
        """Open a port from the function's group to a peer's, at both ends."""
        for kind, direction, own, other in (
            (Egress, "egress-to", self.security_group_id, peer_id),
            (Ingress, "ingress-to", peer_id, self.security_group_id),
        ):
            self._rule(kind, f"rotation-{direction}-{what}", own, port, peer_id=other)

    def _rule(
        self,
        kind: type[Rule],
        name: str,
        group_id: pulumi.Input[str],
        port: int,
        *,
        peer_id: pulumi.Input[str] | None = None,
        cidr: str | None = None,
    ) -> None:
        what = "Secrets Manager" if port == HTTPS_PORT else "PostgreSQL"
        rule = tcp_rule(
            kind,
            f"{self._platform}-{name}",
            group_id=group_id,
            peer_id=peer_id,
            cidr=cidr,
            port=port,
            description=f"{what} for rotation",
            tags=resource_tags(self._settings, self._settings.names.rotation_security_group),
            opts=self._inside,
        )
        self.ways.append(rule)
