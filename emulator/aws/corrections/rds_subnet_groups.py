"""Subnet groups: at least two zones, changed in place, kept while in use."""

from collections.abc import Iterable

from moto.ec2.models.subnets import Subnet

from emulator.aws.errors import refuse
from emulator.aws.moto_internals import Answer, Call, Proceed, answer
from emulator.aws.registry import corrects

_TEST = "test_rds_subnet_groups"


@corrects(
    "rds:CreateDBSubnetGroup",
    fault="a second create replaces the group",
    aws="DBSubnetGroupAlreadyExists; names are stored in lower case",
    source="RDS API reference, CreateDBSubnetGroup",
    test=f"{_TEST}::test_a_second_group_of_the_same_name_is_refused",
)
def subnet_group_exists_once(call: Call, proceed: Proceed) -> Answer:
    """Refuse a name that is taken."""
    name = call.params["DBSubnetGroupName"]
    if name in call.rds.subnet_groups:
        message = f"The DB subnet group '{name}' already exists."
        refuse("DBSubnetGroupAlreadyExists", message)
    call.rewrite("DBSubnetGroupName", name.lower())
    return proceed()


@corrects(
    "rds:CreateDBSubnetGroup",
    "rds:ModifyDBSubnetGroup",
    fault="subnets of one zone or of several VPCs are taken; an unknown subnet is EC2's error",
    aws="InvalidSubnet; DBSubnetGroupDoesNotCoverEnoughAZs below two zones",
    source="RDS API reference, CreateDBSubnetGroup, Errors",
    test=f"{_TEST}::test_subnets_that_aws_refuses_are_refused_on_create_and_modify",
)
def subnets_cover_two_zones(call: Call, proceed: Proceed) -> Answer:
    """Refuse unknown subnets, several VPCs, and fewer than two zones."""
    subnets = [_known(call, subnet_id) for subnet_id in call.params["SubnetIds"]]
    if len({subnet.vpc_id for subnet in subnets}) > 1:
        refuse("InvalidSubnet", "The specified subnets are not all in the same VPC.")
    zones = sorted({subnet.availability_zone for subnet in subnets})
    if len(zones) < 2:
        refuse(
            "DBSubnetGroupDoesNotCoverEnoughAZs",
            "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Current "
            f"AZ coverage: {', '.join(zones)}. Add subnets to cover at least 2 AZs.",
        )
    return proceed()


def _known(call: Call, subnet_id: str) -> Subnet:
    found = [subnet for subnet in _subnets(call) if subnet.id == subnet_id]
    if not found:
        message = f"Some input subnets in :[{subnet_id}] are invalid."
        refuse("InvalidSubnet", message)
    return found[0]


def _subnets(call: Call) -> Iterable[Subnet]:
    return call.ec2.describe_subnets()


@corrects(
    "rds:ModifyDBSubnetGroup",
    fault="the modified group is gone afterwards; a missing one is a KeyError",
    aws="subnets and description change; a group's VPC does not; DBSubnetGroupNotFoundFault",
    source="RDS API reference, ModifyDBSubnetGroup",
    test=f"{_TEST}::test_a_modified_group_is_still_there_with_its_new_subnets",
)
def subnet_group_survives_its_change(call: Call, proceed: Proceed) -> Answer:
    """Change the stored group instead of taking it out."""
    del proceed
    name = call.params["DBSubnetGroupName"]
    group = call.rds.subnet_groups.get(name)
    if group is None:
        message = f"DB subnet group '{name}' does not exist."
        refuse("DBSubnetGroupNotFoundFault", message)
    subnets = [_known(call, subnet_id) for subnet_id in call.params["SubnetIds"]]
    if subnets[0].vpc_id != group.vpc_id:
        message = "The new Subnets are not in the same Vpc as the existing subnet group"
        refuse("InvalidSubnet", message)
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
            refuse("SubnetAlreadyInUse", message)
    setattr(group, "subnets", subnets)  # noqa: B010 - moto's property reads and takes two types
    group.description = call.params.get("DBSubnetGroupDescription", group.description)
    return answer({"DBSubnetGroup": group})


@corrects(
    "rds:DeleteDBSubnetGroup",
    fault="a group in use is deleted",
    aws="InvalidDBSubnetGroupStateFault",
    source="RDS API reference, DeleteDBSubnetGroup, Errors",
    test=f"{_TEST}::test_a_group_in_use_is_not_deleted",
)
def subnet_group_in_use_stays(call: Call, proceed: Proceed) -> Answer:
    """Refuse while a cluster is in it."""
    name = call.params["DBSubnetGroupName"].lower()
    for cluster in call.rds.clusters.values():
        if cluster.db_subnet_group_name == name:
            message = (
                f"Cannot delete the subnet group '{name}' because at least one database cluster: "
                f"{cluster.db_cluster_identifier} is still using it."
            )
            refuse("InvalidDBSubnetGroupStateFault", message)
    return proceed()
