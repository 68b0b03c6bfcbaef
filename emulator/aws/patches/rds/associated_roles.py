"""IAM roles that are associated with a cluster, each for one feature."""

from typing import Any

from moto.rds.models import DBCluster

from emulator.aws.errors import reject, reject_value
from emulator.aws.moto_adapter.call import Answer, Call, Proceed, answer
from emulator.aws.patches.rds.clusters import existing_cluster
from emulator.aws.registry import patch_operations

_TEST = "rds/test_associated_roles"
FEATURES = frozenset({"Bedrock", "Comprehend", "Lambda", "SageMaker", "s3Export", "s3Import"})
"""Aurora user guide: Importing data from Amazon S3, Exporting data to Amazon S3, Invoking a Lambda
function and Using Amazon Aurora machine learning, each from Aurora PostgreSQL."""
MAX_ROLES = 5
"""Aurora user guide, Quotas and constraints: roles per DB cluster."""
_SERVICE = "rds.amazonaws.com"


@patch_operations(
    "rds:AddRoleToDBCluster",
    moto_behaviour="any text is a role and a feature; a cluster may have any number of roles; the "
    "feature may be left out, which makes moto fail",
    aws="InvalidParameterValue for a missing or unknown feature of Aurora PostgreSQL, and for a "
    "role that does not exist or does not trust rds.amazonaws.com; DBClusterRoleAlreadyExists for "
    "a role that is associated for another feature; DBClusterRoleQuotaExceeded for a sixth role",
    source="RDS API reference, AddRoleToDBCluster, Errors; "
    "terraform-aws-modules/terraform-aws-rds-aurora issue 129 quotes the message of the missing "
    "feature, hashicorp/terraform-provider-aws, internal/service/rds/cluster_role_association.go "
    "the role's, "
    "aws-cloudformation/aws-cloudformation-resource-providers-rds issue 373 reports that a role "
    "has one feature only",
    test=f"{_TEST}::test_an_association_that_aws_does_not_accept_is_rejected",
)
def add_role_to_cluster(call: Call, proceed: Proceed) -> Answer:
    """Validate role and feature."""
    roles = _associated(existing_cluster(call))
    feature, arn = call.params.get("FeatureName"), call.params["RoleArn"]
    if feature is None:
        reject_value(
            "The feature-name parameter must be provided with the current operation for the Aurora "
            "(PostgreSQL) engine."
        )
    if feature not in FEATURES:
        reject_value(f"The feature {feature} is not supported by the Aurora (PostgreSQL) engine.")
    trusts = [role.assume_role_policy_document for role in call.iam.get_roles() if role.arn == arn]
    if not any(_SERVICE in trust for trust in trusts):
        reject_value(
            "IAM role ARN value is invalid or does not include the required permissions for: "
            f"{feature}"
        )
    if any(each.role_arn == arn for each in roles):
        message = f"Role ARN {arn} already exists for DB Cluster"
        reject("DBClusterRoleAlreadyExists", message)
    if len(roles) >= MAX_ROLES:
        message = "You have exceeded the maximum number of IAM roles for the DB cluster"
        reject("DBClusterRoleQuotaExceeded", message)
    return proceed()


@patch_operations(
    "rds:RemoveRoleFromDBCluster",
    moto_behaviour="not implemented",
    aws="removes the association; DBClusterRoleNotFound if there is none",
    source="RDS API reference, RemoveRoleFromDBCluster",
    test=f"{_TEST}::test_a_role_is_removed_from_its_cluster",
)
def remove_role_from_cluster(call: Call, proceed: Proceed) -> Answer:
    """Remove the association of the role, for its feature if one is named."""
    del proceed
    roles = _associated(existing_cluster(call))
    arn, feature = call.params["RoleArn"], call.params.get("FeatureName")
    found = [
        each for each in roles if each.role_arn == arn and feature in (None, each.feature_name)
    ]
    if not found:
        reject("DBClusterRoleNotFound", f"Role ARN {arn} cannot be found for DB Cluster")
    roles.remove(found[0])
    return answer()


def _associated(cluster: DBCluster) -> list[Any]:
    return cluster.associated_roles
