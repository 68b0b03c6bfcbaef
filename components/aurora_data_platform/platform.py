"""The platform: its parts, and what it tells the outside."""

from typing import cast

import pulumi

from components.aurora_data_platform.args import RESOURCE_ARGUMENTS, AuroraDataPlatformArgs
from components.aurora_data_platform.cluster import AuroraCluster
from components.aurora_data_platform.credentials.application_credentials import (
    ApplicationCredentials,
)
from components.aurora_data_platform.credentials.credentials import Credentials
from components.aurora_data_platform.credentials.database_secret import Place
from components.aurora_data_platform.credentials.rotation_network import Surroundings
from components.aurora_data_platform.database_access import DatabaseAccess
from components.aurora_data_platform.encryption import Encryption
from components.aurora_data_platform.errors import SettingsError
from components.aurora_data_platform.network import DatabaseNetwork
from components.aurora_data_platform.observability import Observability
from components.aurora_data_platform.readme import readme
from components.aurora_data_platform.settings.model import PlatformSettings
from components.aurora_data_platform.settings.warnings import advice


class AuroraDataPlatform(pulumi.ComponentResource):
    """An Aurora PostgreSQL Serverless v2 data platform for an application on ECS.

    Creates:
        - `DatabaseNetwork`: subnet group, security group and its rules;
        - `Encryption`: the customer managed key, unless one is adopted;
        - `Credentials`: the master password, its secret and its rotation;
        - `ApplicationCredentials`, with `alternating-users`: an application's secret likewise;
        - `AuroraCluster`: parameter group, log groups, cluster, instances, monitoring role;
        - `DatabaseAccess`: IAM login as the database user;
        - `Observability`: alarms, notifications and the dashboard.

    Every setting is checked before anything is registered; all faults are told at once.

    Args:
        name: Logical name, start of every child's; a program may hold several platforms.
        args: See `AuroraDataPlatformArgs`.
        opts: Resource options of the component.

    Attributes:
        stack_outputs: What a stack exports, by output name.

    Raises:
        pulumi.RunError: The settings have faults.
    """

    stack_outputs: dict[str, pulumi.Input[object]]

    def __init__(
        self,
        name: str,
        args: AuroraDataPlatformArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        settings = _settings(args)
        super().__init__("aurora-data-platform:index:AuroraDataPlatform", name, None, opts)
        for sentence in advice(settings):
            pulumi.log.warn(sentence, self)
        inside = pulumi.ResourceOptions(parent=self)
        network = DatabaseNetwork(
            name,
            settings,
            vpc_id=args["vpc_id"],
            subnet_ids=args["subnet_ids"],
            client_security_group_ids=args["client_security_group_ids"],
            opts=inside,
        )
        encryption = Encryption(
            name, settings, adopted_key_arn=args.get("kms_key_arn"), opts=inside
        )
        credentials = Credentials(
            name,
            settings,
            key_arn=encryption.key_arn,
            execution_role_name=args.get("execution_role_name"),
            opts=inside,
        )
        aurora = AuroraCluster(
            name,
            settings,
            key_arn=encryption.key_arn,
            subnet_group_name=network.subnet_group_name,
            security_group_id=network.security_group_id,
            master_password=credentials.password,
            opts=inside,
        )
        cluster = aurora.cluster
        place = Place(cluster.endpoint, cluster.port, cluster.cluster_identifier)
        master_rotation = credentials.publish(
            place,
            instances=list(aurora.instances),
            around=Surroundings(
                vpc_id=args["vpc_id"],
                subnet_ids=args["subnet_ids"],
                database_security_group_id=network.security_group_id,
                secrets_endpoint_security_group_id=args.get("secrets_endpoint_security_group_id"),
            ),
        )
        rotations = [master_rotation.watched]
        application_outputs: dict[str, pulumi.Input[object]] = {}
        if settings.has_application_secret:
            application = ApplicationCredentials(
                name,
                settings,
                key_arn=encryption.key_arn,
                place=place,
                master_secret_arn=credentials.secret_arn,
                master_rotation=master_rotation,
                readers={
                    "execution-attachment": args.get("execution_role_name"),
                    "task-attachment": args.get("task_role_name"),
                },
                opts=inside,
            )
            application_outputs["applicationSecretArn"] = application.secret_arn
            rotations.append(application.rotation)
        access = DatabaseAccess(
            name,
            settings,
            cluster_resource_id=cluster.cluster_resource_id,
            task_role_name=args.get("task_role_name"),
            opts=inside,
        )
        observability = Observability(
            name,
            settings,
            key_arn=encryption.key_arn,
            rotations=rotations,
            log_group_name=aurora.log_group_names.get("postgresql"),
            instances=list(aurora.instances),
            opts=inside,
        )
        self.stack_outputs = {
            "clusterEndpoint": cluster.endpoint,
            "readerEndpoint": cluster.reader_endpoint,
            "clusterIdentifier": cluster.cluster_identifier,
            "clusterResourceId": cluster.cluster_resource_id,
            "clusterArn": cluster.arn,
            "engineVersion": cluster.engine_version_actual,
            "port": cluster.port,
            "databaseName": cluster.database_name,
            "securityGroupId": network.security_group_id,
            "secretArn": credentials.secret_arn,
            **application_outputs,
            "kmsKeyArn": encryption.key_arn,
            "connectPolicyArn": access.policy_arn,
            "databaseUser": settings.database_user,
            "iamConnectionString": pulumi.Output.format(
                "postgresql://{0}@{1}:{2}/{3}?sslmode=verify-full&sslrootcert=global-bundle.pem",
                settings.database_user,
                cluster.endpoint,
                cluster.port,
                settings.database_name,
            ),
            "logGroupName": aurora.log_group_names.get("postgresql"),
            "dashboardUrl": observability.dashboard_url,
            "notificationsTopicArn": observability.topic_arn,
        }
        self.stack_outputs["readme"] = readme(settings, self.stack_outputs)
        self.register_outputs(self.stack_outputs)


def _settings(args: AuroraDataPlatformArgs) -> PlatformSettings:
    plain = {
        key: value
        for key, value in cast("dict[str, object]", args).items()
        if key not in RESOURCE_ARGUMENTS
    }
    try:
        return PlatformSettings.from_args(plain)
    except SettingsError as error:
        # A RunError is shown as its message alone, without a traceback.
        raise pulumi.RunError(str(error)) from None
