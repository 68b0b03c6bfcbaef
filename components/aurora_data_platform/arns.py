"""ARNs and service endpoints of one AWS account and region."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AwsScope:
    """Partition, region and account of a platform.

    Attributes:
        partition: For example `aws`.
        region: For example `us-east-2`.
        account_id: 12 digits.
    """

    partition: str
    region: str
    account_id: str

    def arn(self, service: str, resource: str) -> str:
        """ARN of a regional resource of the account."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account_id}:{resource}"

    @property
    def root_arn(self) -> str:
        """ARN of the account itself, which delegates to its IAM policies."""
        return f"arn:{self.partition}:iam::{self.account_id}:root"

    def service_endpoint(self, service: str) -> str:
        """DNS name of a regional service, as in `kms:ViaService`."""
        suffix = "amazonaws.com.cn" if self.partition == "aws-cn" else "amazonaws.com"
        return f"{service}.{self.region}.{suffix}"
