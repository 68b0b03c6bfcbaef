"""IAM: AWS managed policies, and deletion of policies."""

import json

from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, IAMBackend, ManagedPolicy

from emulator.aws.errors import reject
from emulator.aws.moto_adapter.call import Answer, Call, Proceed
from emulator.aws.registry import patch_classes, patch_operations

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
    test="iam/test_policies::test_the_loaded_managed_policies_can_be_attached",
)
def load_managed_policies() -> None:
    """Load the listed policies from moto's copy."""
    # The text has several megabytes; a new account only needs six of its policies.
    every = json.loads(aws_managed_policies_data)
    documents = {name: every[name] for name in MANAGED_POLICIES}

    def init(self: IAMBackend) -> list[ManagedPolicy]:
        return [
            AWSManagedPolicy.from_data(name, self.account_id, self.region_name, document)
            for name, document in documents.items()
        ]

    setattr(IAMBackend, "_init_aws_policies", init)  # noqa: B010 - private in moto


@patch_operations(
    "iam:DeletePolicy",
    moto_behaviour="a policy that is attached, or has several versions, can be deleted",
    aws="DeleteConflict, HTTP 409",
    source="IAM API reference, DeletePolicy; hashicorp/terraform-provider-aws issues quote the "
    "messages",
    test="iam/test_policies::test_a_policy_in_use_is_not_deleted",
)
def keep_policy_in_use(call: Call, proceed: Proceed) -> Answer:
    """Reject the deletion while the policy is attached or has several versions."""
    policy = call.iam.managed_policies.get(call.params["PolicyArn"])
    if policy is not None and policy.attachment_count:
        reject("DeleteConflict", "Cannot delete a policy attached to entities.")
    if policy is not None and len(policy.versions) > 1:
        reject(
            "DeleteConflict",
            "This policy has more than one version. Before you delete a policy, you must delete "
            "the policy's versions. The default version is deleted with the policy.",
        )
    return proceed()
