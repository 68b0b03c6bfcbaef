"""References of a cluster, which must exist and fit: network, parameter group, key, role."""

from collections.abc import Iterable

from moto.kms.models import Key
from moto.rds.models import DBSubnetGroup

from emulator.aws.aurora import versions as aurora_versions
from emulator.aws.errors import reject, reject_combination, reject_value
from emulator.aws.moto_adapter.call import Answer, Call, Proceed
from emulator.aws.registry import patch_operations

_TEST = "rds/test_references"
_KEY_MEMBERS = ("KmsKeyId", "PerformanceInsightsKMSKeyId", "MasterUserSecretKmsKeyId")


@patch_operations(
    "rds:CreateDBCluster",
    "rds:RestoreDBClusterFromSnapshot",
    "rds:RestoreDBClusterToPointInTime",
    "rds:CreateDBInstance",
    moto_behaviour="an unknown subnet group is accepted",
    aws="DBSubnetGroupNotFoundFault, HTTP 404",
    source="RDS API reference, CreateDBCluster, Errors",
    test=f"{_TEST}::test_a_reference_to_what_does_not_exist_is_rejected",
)
def require_subnet_group(call: Call, proceed: Proceed) -> Answer:
    """Reject an unknown subnet group; look it up in lower case."""
    name = call.params.get("DBSubnetGroupName")
    if name is not None:
        if name.lower() not in call.rds.subnet_groups:
            message = f"DB subnet group '{name}' does not exist."
            reject("DBSubnetGroupNotFoundFault", message)
        call.rewrite("DBSubnetGroupName", name.lower())
    return proceed()


@patch_operations(
    "rds:CreateDBCluster",
    "rds:ModifyDBCluster",
    "rds:RestoreDBClusterFromSnapshot",
    "rds:RestoreDBClusterToPointInTime",
    moto_behaviour="unknown security groups, and those of another VPC, are accepted",
    aws="InvalidParameterValue for an unknown group, InvalidParameterCombination for a group of "
    "another VPC",
    source="hashicorp/terraform-provider-aws issues quote both messages; RDS user guide, VPCs",
    test=f"{_TEST}::test_a_security_group_of_another_vpc_is_rejected",
)
def require_security_groups_of_vpc(call: Call, proceed: Proceed) -> Answer:
    """Reject security groups that are unknown or outside the subnet group's VPC."""
    vpc_id = _vpc_of(call)
    for group_id in call.params.get("VpcSecurityGroupIds", []):
        group = call.ec2.get_security_group_from_id(group_id)
        if group is None:
            reject_value(f"Invalid security group , groupId= {group_id}, groupName=.")
        if vpc_id is not None and group.vpc_id != vpc_id:
            reject_combination(
                "The DB instance and EC2 security group are in different VPCs. The DB instance is "
                f"in {vpc_id} and the EC2 security group is in {group.vpc_id}"
            )
    return proceed()


def _vpc_of(call: Call) -> str | None:
    cluster = call.rds.clusters.get(call.params["DBClusterIdentifier"])
    name = cluster.db_subnet_group_name if cluster else call.params.get("DBSubnetGroupName")
    group: DBSubnetGroup | None = call.rds.subnet_groups.get(name or "")
    return group.vpc_id if group else None


@patch_operations(
    "rds:CreateDBCluster",
    "rds:ModifyDBCluster",
    moto_behaviour="an unknown parameter group, or one of another family, is accepted; the "
    "default is default.aurora8.0; a major upgrade keeps the old group",
    aws="DBClusterParameterGroupNotFound (404); InvalidParameterCombination for another family, "
    "and for a major upgrade that does not replace a custom group; the default is "
    "default.<family>",
    source="RDS API reference, CreateDBCluster, Errors; hashicorp/terraform-provider-aws issues "
    "quote the family's message, crossplane-contrib/provider-aws pull request 1692 the upgrade's",
    test=f"{_TEST}::test_a_parameter_group_of_another_family_is_rejected",
)
def require_fitting_parameter_group(call: Call, proceed: Proceed) -> Answer:
    """Reject a group that does not exist or has another family than the engine version."""
    version = call.params.get("EngineVersion")
    if version is None:
        version = call.rds.clusters[call.params["DBClusterIdentifier"]].engine_version
    family = aurora_versions.table()[version].family
    name = call.params.get("DBClusterParameterGroupName")
    default = f"default.{family}"
    if name is None:
        kept = None if call.creates else _custom_group(call, family)
        call.rewrite("DBClusterParameterGroupName", kept or default)
        return proceed()
    group = call.rds.db_cluster_parameter_groups.get(name.lower())
    if group is None and name.lower() != default:
        message = f"DBClusterParameterGroup not found: {name}"
        reject("DBClusterParameterGroupNotFound", message)
    if group is not None and group.db_parameter_group_family != family:
        reject_combination(
            f"The Parameter Group {name} with DBParameterGroupFamily "
            f"{group.db_parameter_group_family} can't be used for this instance. Please use a "
            f"Parameter Group with DBParameterGroupFamily {family}"
        )
    call.rewrite("DBClusterParameterGroupName", name.lower())
    return proceed()


def _custom_group(call: Call, family: str) -> str | None:
    """Return a cluster's custom group; a major upgrade must name its replacement."""
    name = call.rds.clusters[call.params["DBClusterIdentifier"]].parameter_group
    if name.startswith("default."):
        return None
    if call.rds.db_cluster_parameter_groups[name].db_parameter_group_family != family:
        reject_combination(
            f"The current DB cluster parameter group {name} is custom. You must explicitly specify "
            "a new DB cluster parameter group, either default or custom, for the engine version "
            "upgrade."
        )
    return name


@patch_operations(
    "rds:CreateDBCluster",
    "rds:RestoreDBClusterFromSnapshot",
    "rds:RestoreDBClusterToPointInTime",
    "rds:ModifyDBCluster",
    "rds:CreateDBInstance",
    "rds:ModifyDBInstance",
    moto_behaviour="KMS keys are not looked up, and an alias is returned as it was sent",
    aws="KMSKeyNotAccessibleFault for a key that is unknown, disabled or pending deletion; the "
    "key's ARN is returned",
    source="RDS API reference, CreateDBCluster, KmsKeyId and Errors",
    test=f"{_TEST}::test_a_key_pending_deletion_is_rejected",
)
def require_usable_keys(call: Call, proceed: Proceed) -> Answer:
    """Replace a key's id or alias by its ARN."""
    for member in _KEY_MEMBERS:
        name = call.params.get(member)
        if name is not None:
            call.rewrite(member, _usable_key(call, name).arn)
    return proceed()


@patch_operations(
    "rds:RestoreDBClusterFromSnapshot",
    "rds:RestoreDBClusterToPointInTime",
    moto_behaviour="a backup can be restored without its KMS key",
    aws="KMSKeyNotAccessibleFault unless the key that encrypts the backup is enabled",
    source="RDS API reference, RestoreDBClusterFromSnapshot, Errors; RDS user guide, Encrypting "
    "Amazon RDS resources, Limitations",
    test=f"{_TEST}::test_a_backup_is_not_restored_while_its_key_is_not_enabled",
)
def require_key_of_backup(call: Call, proceed: Proceed) -> Answer:
    """Reject a backup whose key cannot decrypt it."""
    snapshot = call.params.get("SnapshotIdentifier")
    if snapshot is not None:
        found = call.rds.cluster_snapshots.get(snapshot.rpartition(":")[2].lower())
        cluster = found.cluster if found else None
    else:
        cluster = call.rds.clusters.get(call.params["SourceDBClusterIdentifier"].lower())
    if cluster is not None and cluster.storage_encrypted and cluster.kms_key_id:
        _usable_key(call, cluster.kms_key_id)
    return proceed()


def _usable_key(call: Call, name: str) -> Key:
    alias = name.rpartition(":")[2] if ":alias/" in name else name
    key_id = name.rpartition("/")[2]
    if alias == "alias/aws/rds":
        return call.kms.describe_key(alias)
    by_alias = alias.startswith("alias/")
    usable = [
        key
        for key in call.kms.keys.values()
        if (alias in key.aliases if by_alias else key.id == key_id) and key.key_state == "Enabled"
    ]
    if not usable:
        reject(
            "KMSKeyNotAccessibleFault",
            f"The specified KMS key [{name}] does not exist, is not enabled or you do not have "
            "permissions to access it.",
        )
    return usable[0]


@patch_operations(
    "rds:CreateDBCluster",
    "rds:ModifyDBCluster",
    "rds:CreateDBInstance",
    "rds:ModifyDBInstance",
    moto_behaviour="any role is accepted for Enhanced Monitoring",
    aws="InvalidParameterValue unless the role exists and trusts monitoring.rds.amazonaws.com",
    source="RDS user guide, Enhanced Monitoring; hashicorp/terraform-provider-aws issues quote the "
    "message",
    test=f"{_TEST}::test_a_monitoring_role_that_does_not_trust_the_service_is_rejected",
)
def require_trusted_monitoring_role(call: Call, proceed: Proceed) -> Answer:
    """Reject a role that is unknown or that Enhanced Monitoring may not assume."""
    arn = call.params.get("MonitoringRoleArn")
    if arn:
        trusts: Iterable[str] = (
            role.assume_role_policy_document for role in call.iam.get_roles() if role.arn == arn
        )
        if not any("monitoring.rds.amazonaws.com" in trust for trust in trusts):
            reject_value(
                "IAM role ARN value is invalid or does not include the required permissions for: "
                "ENHANCED_MONITORING"
            )
    return proceed()
