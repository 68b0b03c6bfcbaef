"""The platform: its parts and its outputs."""

from collections.abc import Mapping
from typing import Any

import pulumi
from pydantic.alias_generators import to_camel

from components.aurora_data_platform.args import AuroraDataPlatformArgs
from components.aurora_data_platform.backups import Backups
from components.aurora_data_platform.cluster import AuroraCluster
from components.aurora_data_platform.credentials.master import MasterCredentials
from components.aurora_data_platform.database_access.access import DatabaseAccess, UserOutputs
from components.aurora_data_platform.database_access.setup import SetupReport
from components.aurora_data_platform.declared_state import declared_state
from components.aurora_data_platform.encryption import Encryption
from components.aurora_data_platform.network import DatabaseNetwork
from components.aurora_data_platform.observability import Observability
from components.aurora_data_platform.readme import readme
from components.aurora_data_platform.settings.warnings import warnings_for


class AuroraDataPlatform(pulumi.ComponentResource):
    """An Aurora PostgreSQL Serverless v2 data platform for an application on Amazon ECS.

    Creates:
        - `DatabaseNetwork`: subnet group, security group and its rules;
        - `Encryption`: the KMS key, unless an existing one is used;
        - `AuroraCluster`: parameter group, log groups, cluster, instances, monitoring role;
        - `Backups`: vault and plan of AWS Backup, if there is a backup plan;
        - `MasterCredentials`: the master secret and its rotation;
        - `DatabaseAccess`: the declared databases and users, their IAM policies and secrets;
        - `Observability`: alarms, notifications and the dashboard.

    Args:
        name: Logical name, prefix of every child's; a program may contain several platforms.
        args: See `AuroraDataPlatformArgs`.
        opts: Resource options.
    """

    cluster_endpoint: pulumi.Output[str]
    """Writer endpoint."""
    reader_endpoint: pulumi.Output[str]
    """Reader endpoint."""
    custom_endpoints: pulumi.Output[Mapping[str, str]]
    """Addresses of the custom endpoints, by their names in `customEndpoints`."""
    cluster_identifier: pulumi.Output[str]
    """DB cluster identifier."""
    cluster_resource_id: pulumi.Output[str]
    """Resource ID of the cluster (`cluster-...`), part of `rds-db:connect` ARNs."""
    cluster_arn: pulumi.Output[str]
    """ARN of the cluster."""
    engine_version: pulumi.Output[str]
    """Engine version in use."""
    port: pulumi.Output[int]
    """Port of the database."""
    database_name: pulumi.Output[str]
    """Name of the database."""
    security_group_id: pulumi.Output[str]
    """Security group of the cluster."""
    master_secret_arn: pulumi.Output[str]
    """ARN of the master secret."""
    kms_key_arn: pulumi.Output[str]
    """ARN of the KMS key. The key remains after the stack is destroyed: snapshots need it."""
    users: pulumi.Output[Mapping[str, UserOutputs]]
    """By user: `authentication`, `access`, `databases`, and either `connectionString`, without a
    password, and `connectPolicyArn`, or `secretArn`; the others are None."""
    database_setup: pulumi.Output[SetupReport]
    """Result of the deployment's last setup of databases and users."""
    postgresql_log_group_name: pulumi.Output[str | None]
    """Log group of the PostgreSQL log; None if it is not exported."""
    dashboard_url: pulumi.Output[str | None]
    """URL of the dashboard; None in a partition whose console URL is unknown."""
    notifications_topic_arn: pulumi.Output[str]
    """SNS topic of alarms and events."""
    declared_state: pulumi.Output[dict[str, Any]]
    """What the settings declare, which `python -m operations` compares with what is deployed."""
    readme: pulumi.Output[str]
    """Markdown: how to connect, with the stack's own values."""

    def __init__(
        self, name: str, args: AuroraDataPlatformArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aurora-data-platform:index:AuroraDataPlatform", name, None, opts)
        settings = args.settings
        for warning in warnings_for(settings, args.known_zones, args.topics):
            pulumi.log.warn(warning, self)
        child = pulumi.ResourceOptions(parent=self)
        network = DatabaseNetwork(name, args, opts=child)
        key_arn = Encryption(name, args, opts=child).key_arn
        aurora = AuroraCluster(name, args, key_arn=key_arn, network=network, opts=child)
        if settings.backup_plan.is_given:
            Backups(
                name, args, key_arn=key_arn, cluster=aurora.cluster, network=network, opts=child
            )
        master = MasterCredentials(
            name, args, key_arn=key_arn, aurora=aurora, network=network, opts=child
        )
        access = DatabaseAccess(
            name, args, key_arn=key_arn, aurora=aurora, master=master, opts=child
        )
        cluster = aurora.cluster
        postgresql_log_group = aurora.log_group_names.get("postgresql")
        observability = Observability(
            name,
            args,
            key_arn=key_arn,
            rotations=[each.rotation for each in (master, access) if each.rotation],
            setup=access.setup,
            log_group_name=postgresql_log_group,
            instances=aurora.instances,
            opts=child,
        )
        self.cluster_endpoint = cluster.endpoint
        self.reader_endpoint = cluster.reader_endpoint
        self.custom_endpoints = aurora.custom_endpoints
        self.cluster_identifier = cluster.cluster_identifier
        self.cluster_resource_id = cluster.cluster_resource_id
        self.cluster_arn = cluster.arn
        self.engine_version = cluster.engine_version_actual
        self.port = cluster.port
        self.database_name = cluster.database_name
        self.security_group_id = network.security_group_id
        self.master_secret_arn = master.secret_arn
        self.kms_key_arn = key_arn
        self.users = access.users
        self.database_setup = access.setup.report
        self.postgresql_log_group_name = _optional(postgresql_log_group)
        self.dashboard_url = observability.dashboard_url
        self.notifications_topic_arn = observability.topic_arn
        self.declared_state = declared_state(
            args, functions_security_group_id=master.function_network.security_group_id
        )
        self.readme = readme(settings, args.partition, self.outputs("readme"))
        self.register_outputs(self.outputs())

    def outputs(self, *left_out: str) -> dict[str, pulumi.Output[object]]:
        """Return the outputs by the names under which a stack exports them.

        Args:
            left_out: Attributes to leave out.
        """
        names = [name for name in AuroraDataPlatform.__annotations__ if name not in left_out]
        return {to_camel(name): getattr(self, name) for name in names}


def _optional(output: pulumi.Output[str] | None) -> pulumi.Output[str | None]:
    return pulumi.Output.from_input(output)
