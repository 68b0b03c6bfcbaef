"""Arguments of the component."""

from collections.abc import Awaitable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from components.aurora_data_platform.arns import AwsScope
from components.aurora_data_platform.errors import ConfigError, ConfigIssue
from components.aurora_data_platform.settings.account import account_issues
from components.aurora_data_platform.settings.model import PlatformSettings
from components.aurora_data_platform.settings.types import MAX_NOTIFICATION_TOPICS
from components.aurora_data_platform.settings.validation import spec_of

MIN_AVAILABILITY_ZONES = 2
"""RDS API, DBSubnetGroupDoesNotCoverEnoughAZs."""


@dataclass(frozen=True, kw_only=True)
class AuroraDataPlatformArgs:
    """Arguments of `AuroraDataPlatform`: the settings, and what exists only at deployment time."""

    settings: PlatformSettings
    """Everything that is decided before deployment."""
    partition: str
    """AWS partition, for example `aws`."""
    account_id: str
    """AWS account ID, 12 digits."""
    vpc_id: pulumi.Input[str]
    """VPC of the subnets."""
    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Private subnets in at least two Availability Zones."""
    endpoint_subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None
    """One of the subnets per Availability Zone, for the interface endpoint, which accepts no more.
    Default: `subnet_ids`."""
    availability_zones: pulumi.Input[Sequence[str]] = ()
    """Availability Zones of the subnets, over which the instances are spread. Default: AWS chooses
    a zone for each instance."""
    client_security_group_ids: Mapping[str, pulumi.Input[str]] = field(
        default_factory=dict[str, pulumi.Input[str]]
    )
    """Security groups that may connect, each under a stable name that becomes part of its rule's
    logical name. Default: none."""
    engine_version: str | None = None
    """Engine version of a new cluster. Default: the setting of the same name."""
    kms_key_arn: pulumi.Input[str] | None = None
    """ARN of an existing KMS key. Default: the platform creates a key. Changing it replaces the
    database."""
    ecs_task_execution_role_name: pulumi.Input[str] | None = None
    """ECS task execution role that reads the master secret. Default: none."""
    secrets_endpoint_security_group_id: pulumi.Input[str] | None = None
    """Security group of the VPC's Secrets Manager endpoint. Required with `existing-endpoint`,
    otherwise unused."""
    notification_topic_arns: Sequence[pulumi.Input[str]] | None = None
    """SNS topics notified of every alarm. Default: the setting of the same name."""
    paging_topic_arn: pulumi.Input[str] | None = None
    """SNS topic notified of critical states and failed rotations only. Default: the setting of the
    same name."""

    @property
    def scope(self) -> AwsScope:
        """Partition, region and account of the platform."""
        return AwsScope(self.partition, self.settings.region, self.account_id)

    @property
    def known_zones(self) -> Sequence[str]:
        """Availability Zones that are known before deployment."""
        return (
            ()
            if isinstance(self.availability_zones, Awaitable | pulumi.Output)
            else self.availability_zones
        )

    @property
    def topics(self) -> Sequence[pulumi.Input[str]]:
        """SNS topics notified of every alarm, in addition to the platform's own."""
        given = self.notification_topic_arns
        return self.settings.notification_topic_arns if given is None else given

    @property
    def paging_topics(self) -> Sequence[pulumi.Input[str]]:
        """SNS topics notified of critical states and failed rotations: one, or none."""
        topic = self.paging_topic_arn or self.settings.paging_topic_arn
        return [topic] if topic else []

    def __post_init__(self) -> None:
        """Check the values that are known before deployment.

        Raises:
            ConfigError: The Availability Zones are too few, the topics too many, or a setting
                does not fit the account.
        """
        issues = [
            *self._too_few_zones(),
            *self._too_many_topics(),
            *account_issues(self.settings, self.account_id),
        ]
        if issues:
            raise ConfigError(issues)

    def _too_few_zones(self) -> Iterator[ConfigIssue]:
        zones = sorted(set(self.known_zones))
        if zones and len(zones) < MIN_AVAILABILITY_ZONES:
            yield ConfigIssue(
                "availabilityZones",
                zones,
                f"at least {MIN_AVAILABILITY_ZONES}",
                "Aurora requires subnets in at least two Availability Zones",
            )

    def _too_many_topics(self) -> Iterator[ConfigIssue]:
        if len(self.topics) > MAX_NOTIFICATION_TOPICS:
            spec = spec_of(PlatformSettings, "notification_topic_arns")
            yield ConfigIssue("notificationTopicArns", list(self.topics), spec.allowed, spec.reason)
