"""IAM: the AWS-managed policies that a platform's roles carry."""

import json

from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, IAMBackend, ManagedPolicy

from emulator.aws.registry import changes_classes

MANAGED_POLICIES = (
    "AWSBackupServiceRolePolicyForBackup",
    "AWSBackupServiceRolePolicyForRestores",
    "AWSLambdaBasicExecutionRole",
    "AWSLambdaVPCAccessExecutionRole",
    "AmazonECSTaskExecutionRolePolicy",
    "AmazonRDSEnhancedMonitoringRole",
)
"""Of the hundreds that AWS has, those that this platform and its landing zone may attach: reading
them all costs a second and 60 MB."""


@changes_classes(
    fault="no AWS-managed policy exists unless moto is told to load all of them",
    aws="they exist in every account",
    source="AWS Managed Policy reference",
    test="test_iam_policies::test_the_managed_policies_of_a_platform_can_be_attached",
)
def managed_policies_exist() -> None:
    """Load the named policies from moto's own copy of them."""

    def init(self: IAMBackend) -> list[ManagedPolicy]:
        documents = json.loads(aws_managed_policies_data)
        return [
            AWSManagedPolicy.from_data(name, self.account_id, self.region_name, documents[name])
            for name in MANAGED_POLICIES
        ]

    setattr(IAMBackend, "_init_aws_policies", init)  # noqa: B010 - private in moto
