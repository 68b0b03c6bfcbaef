"""The platform's customer managed KMS key."""

import json

import pulumi
import pulumi_aws as aws

from components.aurora_data_platform.args import AuroraDataPlatformArgs
from components.aurora_data_platform.iam_policies.key import key_policy
from components.aurora_data_platform.tags import resource_tags


class Encryption(pulumi.ComponentResource):
    """Provides the key for storage, secrets, Performance Insights, logs and notifications.

    Creates, unless an existing key is used:
        - the KMS key, rotated yearly and usable only through the services that hold the data. It
          remains when the stack is destroyed: final, automated and manual snapshots are unreadable
          without it, and the program does not know which of them exist;
        - its alias.

    Args:
        name: The platform's logical name, prefix of the children's.
        args: The platform's arguments. The policy of an existing key is not changed.
        opts: Resource options.
    """

    key_arn: pulumi.Output[str]
    """ARN of the key in use."""

    def __init__(
        self,
        name: str,
        args: AuroraDataPlatformArgs,
        opts: pulumi.ResourceOptions,
    ) -> None:
        super().__init__("aurora-data-platform:index:Encryption", f"{name}-encryption", None, opts)
        if args.kms_key_arn is None:
            self.key_arn = self._create_key(name, args)
        else:
            self.key_arn = pulumi.Output.from_input(args.kms_key_arn)
        self.register_outputs({"keyArn": self.key_arn})

    def _create_key(self, name: str, args: AuroraDataPlatformArgs) -> pulumi.Output[str]:
        settings, names = args.settings, args.settings.names
        functions = [*settings.rotations, settings.names.setup]
        key = aws.kms.Key(
            f"{name}-key",
            description=f"Data of {names.cluster}: storage, secrets, insights and logs",
            enable_key_rotation=True,
            deletion_window_in_days=settings.key_deletion_window_days,
            policy=json.dumps(
                key_policy(
                    args.scope,
                    log_groups=[
                        f"{names.log_group_prefix}*",
                        *(each.log_group for each in functions),
                    ],
                    backup_plan=settings.backup_plan,
                )
            ),
            tags=resource_tags(settings, names.key_alias.removeprefix("alias/")),
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=settings.protect_resources,
                retain_on_delete=True,
                delete_before_replace=False,
            ),
        )
        aws.kms.Alias(
            f"{name}-key-alias",
            name=names.key_alias,
            target_key_id=key.key_id,
            opts=pulumi.ResourceOptions(parent=self),
        )
        return key.arn
