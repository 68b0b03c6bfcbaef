"""The base class of EC2's types."""

from typing import ClassVar

from emulator.provider import tagging
from emulator.provider.aws_connection import AwsConnection
from emulator.provider.aws_resource import AwsResource
from emulator.provider.protocol.properties import Properties

NOT_FOUND_CODES = frozenset(
    {
        "InvalidGroup.NotFound",
        "InvalidGroupId.Malformed",
        "InvalidPermission.NotFound",
        "InvalidSecurityGroupRuleId.NotFound",
    }
)


class Ec2Resource(AwsResource):
    """The common part of EC2's types.

    Attributes:
        tagged_as: EC2's name of the type in TagSpecifications.
    """

    service = "ec2"
    tagging = tagging.EC2
    not_found_codes = NOT_FOUND_CODES
    tagged_as: ClassVar[str]

    def creation(self, session: AwsConnection, inputs: Properties) -> Properties:
        """Return the create request with the tags as TagSpecifications."""
        request = super().creation(session, inputs)
        if "TagSpecifications" in request:
            tags = request["TagSpecifications"]
            request["TagSpecifications"] = [{"ResourceType": self.tagged_as, "Tags": tags}]
        return request


def arn(session: AwsConnection, owner: str, kind: str, resource_id: str) -> str:
    """Return the ARN of an EC2 resource."""
    return f"arn:{session.partition}:ec2:{session.region}:{owner}:{kind}/{resource_id}"
