"""Moto's state, by service, account and region."""

from moto.awslambda.models import LambdaBackend, LambdaFunction, lambda_backends
from moto.backup.models import BackupBackend, backup_backends
from moto.cloudwatch.models import CloudWatchBackend, cloudwatch_backends
from moto.ec2.models import EC2Backend, ec2_backends
from moto.ecs.models import EC2ContainerServiceBackend, ecs_backends
from moto.iam.models import IAMBackend, iam_backends
from moto.kms.models import KmsBackend, kms_backends
from moto.logs.models import LogsBackend, logs_backends
from moto.rds.models import RDSBackend, rds_backends
from moto.secretsmanager.models import SecretsManagerBackend, secretsmanager_backends
from moto.sns.models import SNSBackend, sns_backends
from moto.utilities.utils import get_partition


class Backends:
    """The state of one account in one region.

    Args:
        account_id: The account.
        region: The region.
    """

    def __init__(self, account_id: str, region: str) -> None:
        self.account_id = account_id
        self.region = region

    @property
    def partition(self) -> str:
        """The partition of the region, such as `aws`."""
        return get_partition(self.region)

    @property
    def backup(self) -> BackupBackend:
        """The AWS Backup state."""
        return backup_backends[self.account_id][self.region]

    @property
    def cloudwatch(self) -> CloudWatchBackend:
        """The CloudWatch state."""
        return cloudwatch_backends[self.account_id][self.region]

    @property
    def ec2(self) -> EC2Backend:
        """The EC2 state."""
        return ec2_backends[self.account_id][self.region]

    @property
    def ecs(self) -> EC2ContainerServiceBackend:
        """The ECS state."""
        return ecs_backends[self.account_id][self.region]

    @property
    def functions(self) -> LambdaBackend:
        """The Lambda state."""
        return lambda_backends[self.account_id][self.region]

    @property
    def iam(self) -> IAMBackend:
        """The IAM state, which all regions share."""
        return iam_backends[self.account_id]["aws"]

    @property
    def kms(self) -> KmsBackend:
        """The KMS state."""
        return kms_backends[self.account_id][self.region]

    @property
    def logs(self) -> LogsBackend:
        """The CloudWatch Logs state."""
        return logs_backends[self.account_id][self.region]

    @property
    def rds(self) -> RDSBackend:
        """The RDS state."""
        return rds_backends[self.account_id][self.region]

    @property
    def secrets(self) -> SecretsManagerBackend:
        """The Secrets Manager state."""
        return secretsmanager_backends[self.account_id][self.region]

    @property
    def sns(self) -> SNSBackend:
        """The SNS state."""
        return sns_backends[self.account_id][self.region]

    def function(self, arn: str) -> LambdaFunction | None:
        """Return a Lambda function by its ARN, or None if it does not exist."""
        found = [item for item in self.functions.list_functions() if item.function_arn == arn]
        return found[0] if found else None
