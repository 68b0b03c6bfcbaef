"""Lookups of the account, the partition and the region."""

from emulator.provider.aws_connection import AwsConnection
from emulator.provider.protocol.properties import Properties


def get_caller_identity(aws: AwsConnection, _arguments: Properties) -> Properties:
    """Return the caller's account and identity."""
    caller = aws.call("sts", "get_caller_identity")
    return {
        "accountId": caller["Account"],
        "arn": caller["Arn"],
        "id": caller["Account"],
        "userId": caller["UserId"],
    }


def get_partition(aws: AwsConnection, _arguments: Properties) -> Properties:
    """Return the region's partition."""
    suffix = aws.dns_suffix
    return {
        "dnsSuffix": suffix,
        "id": aws.partition,
        "partition": aws.partition,
        "reverseDnsPrefix": ".".join(reversed(suffix.split("."))),
    }


def get_region(aws: AwsConnection, arguments: Properties) -> Properties:
    """Return a region: the one of the provider, unless another is named."""
    region = arguments.get("region") or aws.region
    return {"endpoint": f"ec2.{region}.{aws.dns_suffix}", "id": region, "region": region}
