"""IAM: AWS managed policies, and deletion of policies."""

import json

from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, IAMBackend, ManagedPolicy

from emulator.aws.registry import patch_classes

MANAGED_POLICIES = (
    "AWSBackupServiceRolePolicyForBackup",
    "AWSBackupServiceRolePolicyForRestores",
    "AWSLambdaBasicExecutionRole",
    "AWSLambdaVPCAccessExecutionRole",
    "AmazonECSTaskExecutionRolePolicy",
    "AmazonRDSEnhancedMonitoringRole",
)
"""The AWS managed policies that are loaded; loading all of them takes a second and 60 MB."""


@patch_classes(
    moto_behaviour="no AWS managed policy exists unless moto loads all of them",
    aws="AWS managed policies exist in every account",
    source="AWS Managed Policy reference",
    test="iam/test_policies::test_the_managed_policies_of_a_platform_can_be_attached",
)
def load_managed_policies() -> None:
    """Load the listed policies from moto's copy."""

    def init(self: IAMBackend) -> list[ManagedPolicy]:
        documents = json.loads(aws_managed_policies_data)
        return [
            AWSManagedPolicy.from_data(name, self.account_id, self.region_name, documents[name])
            for name in MANAGED_POLICIES
        ]

    setattr(IAMBackend, "_init_aws_policies", init)  # noqa: B010 - private in moto
