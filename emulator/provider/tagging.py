"""The tagging calls of each AWS service."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from emulator.provider.aws_connection import AwsConnection
from emulator.provider.protocol.properties import Properties, get_path

RESERVED_PREFIX = "aws:"
"""Prefix of tags that AWS itself sets."""


@dataclass(frozen=True)
class Tagging:
    """The tagging calls of one service.

    Attributes:
        service: boto3's name of the service.
        tag: Operation that sets tags.
        untag: Operation that removes them.
        identifier: The request member with the resource; it ends with `[]` if it is a list.
        handle: The property of the state that is the identifier's value, or `id`.
        on_create: The create request's member; empty if tags are set afterwards.
        key: A tag's member with its key; empty if the service uses a plain map.
        value: A tag's member with its value.
        untag_keys: The untag request's member; for EC2 it contains tags without values.
        list_tags: Operation that reads tags; empty if descriptions contain them.
        listed: Path of the tags in that response, or in the description.
        tags_member: The tag request's member with the tags; derived from `key` if empty.
    """

    service: str
    tag: str
    untag: str
    identifier: str
    handle: str = "arn"
    on_create: str = "Tags"
    key: str = "Key"
    value: str = "Value"
    untag_keys: str = "TagKeys"
    list_tags: str = ""
    listed: str = "Tags"
    tags_member: str = ""

    def written(self, tags: Mapping[str, str]) -> object:
        """Return tags in the service's format."""
        if not self.key:
            return dict(tags)
        return [{self.key: key, self.value: tags[key]} for key in sorted(tags)]

    def read(self, aws: AwsConnection, description: Properties, handle: str) -> dict[str, str]:
        """Return a resource's tags without AWS's own."""
        answer = description
        if self.list_tags:
            answer = aws.call(self.service, self.list_tags, **self._named(handle))
        found: Any = get_path(answer, self.listed) or []
        tags: Properties = (
            {tag[self.key]: tag[self.value] for tag in found} if self.key else dict(found)
        )
        return {key: value for key, value in tags.items() if not key.startswith(RESERVED_PREFIX)}

    def change(
        self, aws: AwsConnection, handle: str, old: Mapping[str, str], new: Mapping[str, str]
    ) -> None:
        """Change a resource's tags to `new`."""
        dropped = sorted(old.keys() - new.keys())
        changed = {key: value for key, value in new.items() if old.get(key) != value}
        if dropped:
            names = [{self.key: key} for key in dropped] if self.untag_keys == "Tags" else dropped
            aws.call(self.service, self.untag, **self._named(handle), **{self.untag_keys: names})
        if changed:
            member = self.tags_member or ("Tags" if self.key else "tags")
            aws.call(
                self.service, self.tag, **self._named(handle), **{member: self.written(changed)}
            )

    def _named(self, handle: str) -> Properties:
        if self.identifier.endswith("[]"):
            return {self.identifier.removesuffix("[]"): [handle]}
        return {self.identifier: handle}


def tags_of(description: Properties) -> dict[str, str]:
    """Return a description's tags including AWS's own, as the official functions do."""
    tags: list[Properties] = description.get("Tags") or []
    return {tag["Key"]: tag["Value"] for tag in tags}


RDS = Tagging(
    "rds",
    "add_tags_to_resource",
    "remove_tags_from_resource",
    "ResourceName",
    list_tags="list_tags_for_resource",
    listed="TagList",
)
RDS_DATABASES = replace(RDS, list_tags="")
"""Clusters and instances, whose descriptions contain their tags."""
EC2 = Tagging(
    "ec2",
    "create_tags",
    "delete_tags",
    "Resources[]",
    handle="id",
    on_create="TagSpecifications",
    untag_keys="Tags",
)
IAM_ROLE = Tagging("iam", "tag_role", "untag_role", "RoleName", handle="name")
IAM_POLICY = Tagging("iam", "tag_policy", "untag_policy", "PolicyArn")
KMS = Tagging(
    "kms",
    "tag_resource",
    "untag_resource",
    "KeyId",
    handle="id",
    key="TagKey",
    value="TagValue",
    list_tags="list_resource_tags",
)
SECRETS_MANAGER = Tagging("secretsmanager", "tag_resource", "untag_resource", "SecretId")
LOGS = Tagging(
    "logs",
    "tag_resource",
    "untag_resource",
    "resourceArn",
    on_create="tags",
    key="",
    untag_keys="tagKeys",
    list_tags="list_tags_for_resource",
    listed="tags",
)
LAMBDA = Tagging("lambda", "tag_resource", "untag_resource", "Resource", key="", tags_member="Tags")
SQS = Tagging(
    "sqs",
    "tag_queue",
    "untag_queue",
    "QueueUrl",
    handle="id",
    on_create="tags",
    key="",
    tags_member="Tags",
    list_tags="list_queue_tags",
)
CLOUDWATCH = Tagging(
    "cloudwatch",
    "tag_resource",
    "untag_resource",
    "ResourceARN",
    list_tags="list_tags_for_resource",
)
BACKUP_VAULT = Tagging(
    "backup",
    "tag_resource",
    "untag_resource",
    "ResourceArn",
    on_create="BackupVaultTags",
    key="",
    untag_keys="TagKeyList",
    list_tags="list_tags",
    tags_member="Tags",
)
BACKUP_PLAN = replace(BACKUP_VAULT, on_create="BackupPlanTags")
RESTORE_TESTING_PLAN = replace(BACKUP_VAULT, on_create="Tags")
ECS = Tagging(
    "ecs",
    "tag_resource",
    "untag_resource",
    "resourceArn",
    on_create="tags",
    key="key",
    value="value",
    untag_keys="tagKeys",
    listed="tags",
    tags_member="tags",
)
EVENTS = Tagging(
    "events", "tag_resource", "untag_resource", "ResourceARN", list_tags="list_tags_for_resource"
)
SNS = Tagging(
    "sns", "tag_resource", "untag_resource", "ResourceArn", list_tags="list_tags_for_resource"
)
