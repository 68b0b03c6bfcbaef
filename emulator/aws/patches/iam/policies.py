"""IAM: AWS managed policies, and the deletion, sizes and attachments of policies."""

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

POLICY_CHARACTERS = 6144
"""Quota of a managed policy, without white space (IAM user guide, IAM and AWS STS quotas)."""

POLICIES_PER_ROLE = 10
"""Default quota of managed policies that are attached to a role (IAM and AWS STS quotas)."""


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


@patch_operations(
    "iam:CreatePolicy",
    "iam:CreatePolicyVersion",
    moto_behaviour="a managed policy has any size",
    aws="LimitExceeded, HTTP 409, for more than 6,144 characters without white space",
    source="IAM user guide, IAM and AWS STS quotas, Managed policy size; "
    "ministryofjustice/cloud-platform-environments pull request 14473 quotes the message, "
    "LBHackney-IT/Data-Platform pull request 2116 the status",
    test="iam/test_policies::test_a_policy_beyond_the_quota_is_rejected",
)
def limit_policy_size(call: Call, proceed: Proceed) -> Answer:
    """Count the characters that are not white space."""
    if len("".join(call.params["PolicyDocument"].split())) > POLICY_CHARACTERS:
        reject("LimitExceeded", f"Cannot exceed quota for PolicySize: {POLICY_CHARACTERS}")
    return proceed()


@patch_operations(
    "iam:AttachRolePolicy",
    moto_behaviour="a role has any number of policies",
    aws="LimitExceeded, HTTP 409, for the eleventh; the quota can be raised",
    source="IAM user guide, IAM and AWS STS quotas, Managed policies per role; aws/eks-hybrid pull "
    "request 741 quotes the message",
    test="iam/test_policies::test_a_role_has_at_most_ten_policies",
)
def limit_attachments(call: Call, proceed: Proceed) -> Answer:
    """Count the policies that the role has besides this one."""
    role = call.iam.get_role(call.params["RoleName"])
    others = role.managed_policies.keys() - {call.params["PolicyArn"]}
    if len(others) >= POLICIES_PER_ROLE:
        reject("LimitExceeded", f"Cannot exceed quota for PoliciesPerRole: {POLICIES_PER_ROLE}")
    return proceed()
