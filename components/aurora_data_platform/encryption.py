"""Encryption: the platform's one customer managed key."""

import json

import pulumi
import pulumi_aws as aws

from components.aurora_data_platform.iam_policies import iam_documents
from components.aurora_data_platform.settings.model import PlatformSettings
from components.aurora_data_platform.tags import resource_tags


class Encryption(pulumi.ComponentResource):
    """Provides the key for storage, secret, Performance Insights and logs.

    Creates, unless a key is adopted:
        - the KMS key with yearly rotation, usable only through the services that hold the data;
        - its alias, for people.

    Args:
        name: The platform's logical name, start of this part's and its children's.
        settings: The platform's settings.
        adopted_key_arn: ARN of an existing key; its policy stays its owner's. Changing the key
            replaces the database.

    Attributes:
        key_arn: ARN of the key in use.
    """

    key_arn: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        settings: PlatformSettings,
        *,
        adopted_key_arn: pulumi.Input[str] | None,
        opts: pulumi.ResourceOptions,
    ) -> None:
        super().__init__("aurora-data-platform:index:Encryption", f"{name}-encryption", None, opts)
        if adopted_key_arn is None:
            self.key_arn = self._create_key(name, settings)
        else:
            self.key_arn = pulumi.Output.from_input(adopted_key_arn)
        self.register_outputs({"keyArn": self.key_arn})

    def _create_key(self, name: str, settings: PlatformSettings) -> pulumi.Output[str]:
        names = settings.names
        # The database's groups end in the type of the log.
        log_groups = [f"{names.log_group_prefix}*", names.master_rotation.log_group]
        if settings.has_application_secret:
            log_groups.append(names.application_rotation.log_group)
        key = aws.kms.Key(
            f"{name}-key",
            description=f"Data of {names.cluster}: storage, secret, insights and logs",
            enable_key_rotation=True,
            deletion_window_in_days=settings.key_deletion_window_days,
            policy=json.dumps(
                iam_documents.key_policy(
                    settings.location,
                    log_groups=log_groups,
                    alarm_prefix=names.alarm_prefix,
                )
            ),
            tags=resource_tags(settings, names.key_alias.removeprefix("alias/")),
            opts=pulumi.ResourceOptions(parent=self, protect=settings.protect_resources),
        )
        aws.kms.Alias(
            f"{name}-key-alias",
            name=names.key_alias,
            target_key_id=key.key_id,
            opts=pulumi.ResourceOptions(parent=self),
        )
        return key.arn
