"""Subnet groups: validation, modification and deletion."""

from collections.abc import Iterable

from moto.ec2.models.subnets import Subnet

from emulator.aws.errors import reject
from emulator.aws.moto_adapter.call import Answer, Call, Proceed, answer
from emulator.aws.registry import patch_operations

_TEST = "rds/test_subnet_groups"


@patch_operations(
    "rds:CreateDBSubnetGroup",
    moto_behaviour="a second create request replaces the group",
    aws="DBSubnetGroupAlreadyExists; names are stored in lower case",
    source="RDS API reference, CreateDBSubnetGroup",
    test=f"{_TEST}::test_a_second_group_of_the_same_name_is_rejected",
)
def require_new_subnet_group(call: Call, proceed: Proceed) -> Answer:
    """Reject a name that is in use."""
    name = call.params["DBSubnetGroupName"]
    if name in call.rds.subnet_groups:
        message = f"The DB subnet group '{name}' already exists."
        reject("DBSubnetGroupAlreadyExists", message)
    call.rewrite("DBSubnetGroupName", name.lower())
    return proceed()


@patch_operations(
    "rds:CreateDBSubnetGroup",
    "rds:ModifyDBSubnetGroup",
    moto_behaviour="subnets of one zone or of several VPCs are accepted; an unknown subnet is "
    "EC2's error",
    aws="InvalidSubnet; DBSubnetGroupDoesNotCoverEnoughAZs for fewer than two zones",
    source="RDS API reference, CreateDBSubnetGroup, Errors",
    test=f"{_TEST}::test_invalid_subnets_are_rejected_on_create_and_modify",
)
def require_two_zones(call: Call, proceed: Proceed) -> Answer:
    """Reject unknown subnets, several VPCs, and fewer than two zones."""
    subnets = [_known(call, subnet_id) for subnet_id in call.params["SubnetIds"]]
    if len({subnet.vpc_id for subnet in subnets}) > 1:
        reject("InvalidSubnet", "The specified subnets are not all in the same VPC.")
    zones = sorted({subnet.availability_zone for subnet in subnets})
    if len(zones) < 2:
        reject(
            "DBSubnetGroupDoesNotCoverEnoughAZs",
            "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Current "
            f"AZ coverage: {', '.join(zones)}. Add subnets to cover at least 2 AZs.",
        )
    return proceed()


def _known(call: Call, subnet_id: str) -> Subnet:
    found = [subnet for subnet in _subnets(call) if subnet.id == subnet_id]
    if not found:
        message = f"Some input subnets in :[{subnet_id}] are invalid."
        reject("InvalidSubnet", message)
    return found[0]


def _subnets(call: Call) -> Iterable[Subnet]:
    return call.ec2.describe_subnets()


@patch_operations(
    "rds:ModifyDBSubnetGroup",
    moto_behaviour="a modified group no longer exists; a missing group is a KeyError",
    aws="subnets and description change, but not the VPC; DBSubnetGroupNotFoundFault",
    source="RDS API reference, ModifyDBSubnetGroup",
    test=f"{_TEST}::test_a_modified_group_is_still_there_with_its_new_subnets",
)
def modify_subnet_group(call: Call, proceed: Proceed) -> Answer:
    """Change the stored group instead of removing it."""
    del proceed
    name = call.params["DBSubnetGroupName"]
    group = call.rds.subnet_groups.get(name)
    if group is None:
        message = f"DB subnet group '{name}' does not exist."
        reject("DBSubnetGroupNotFoundFault", message)
    subnets = [_known(call, subnet_id) for subnet_id in call.params["SubnetIds"]]
    if subnets[0].vpc_id != group.vpc_id:
        message = "The new Subnets are not in the same Vpc as the existing subnet group"
        reject("InvalidSubnet", message)
    kept = {subnet.id for subnet in subnets}
    lost_zones = {
        subnet["SubnetAvailabilityZone"]["Name"]
        for subnet in group.subnets
        if subnet["SubnetIdentifier"] not in kept
    } - {subnet.availability_zone for subnet in subnets}
    for instance in call.rds.databases.values():
        in_group = getattr(instance, "db_subnet_group", None) is group
        if in_group and instance.availability_zone in lost_zones:
            message = f"Subnets in use by {instance.db_instance_identifier} cannot be removed."
            reject("SubnetAlreadyInUse", message)
    setattr(group, "subnets", subnets)  # noqa: B010 - moto's property has two types
    group.description = call.params.get("DBSubnetGroupDescription", group.description)
    return answer({"DBSubnetGroup": group})


@patch_operations(
    "rds:DeleteDBSubnetGroup",
    moto_behaviour="a subnet group in use can be deleted",
    aws="InvalidDBSubnetGroupStateFault",
    source="RDS API reference, DeleteDBSubnetGroup, Errors",
    test=f"{_TEST}::test_a_group_in_use_is_not_deleted",
)
def keep_subnet_group_in_use(call: Call, proceed: Proceed) -> Answer:
    """Reject the deletion while a cluster uses the group."""
    name = call.params["DBSubnetGroupName"].lower()
    for cluster in call.rds.clusters.values():
        if cluster.db_subnet_group_name == name:
            message = (
                f"Cannot delete the subnet group '{name}' because at least one database cluster: "
                f"{cluster.db_cluster_identifier} is still using it."
            )
            reject("InvalidDBSubnetGroupStateFault", message)
    return proceed()
