"""Automatic minor version upgrades: one setting of a cluster and of all of its instances."""

from moto.rds.models import DBCluster, DBInstanceClustered

from emulator.aws.moto_adapter.call import Answer, Call, Proceed, members_of
from emulator.aws.registry import patch_operations

_TEST = "rds/test_minor_upgrades"
_SOURCE = (
    "Aurora user guide, Automatic minor version upgrades for Aurora DB clusters, table of the "
    "setting at the cluster and instance levels"
)
_MEMBER = "AutoMinorVersionUpgrade"


@patch_operations(
    "rds:ModifyDBCluster",
    moto_behaviour="the setting of a cluster leaves those of its instances as they are",
    aws="it applies to all of its instances",
    source=_SOURCE,
    test=f"{_TEST}::test_the_setting_of_a_cluster_applies_to_its_existing_and_new_instances",
)
def apply_minor_upgrades_to_instances(call: Call, proceed: Proceed) -> Answer:
    """Give every instance the cluster's new setting."""
    result = proceed()
    if _MEMBER in call.params:
        cluster: DBCluster = members_of(result)["DBCluster"]
        for instance in cluster.members:
            instance.auto_minor_version_upgrade = call.params[_MEMBER]
    return result


@patch_operations(
    "rds:CreateDBInstance",
    "rds:ModifyDBInstance",
    moto_behaviour="an instance has the setting true unless false is sent, and its cluster's stays",
    aws="a new instance has its cluster's setting; the cluster's becomes false with that of one "
    "instance, and true once all instances have it. What is sent for a new instance counts as a "
    "change here, which AWS does not document",
    source=_SOURCE,
    test=f"{_TEST}::test_one_instance_turns_the_setting_of_its_cluster_off_and_all_turn_it_on",
)
def derive_minor_upgrades_of_cluster(call: Call, proceed: Proceed) -> Answer:
    """Complete a new instance's setting, or derive the cluster's from all instances."""
    result = proceed()
    instance: DBInstanceClustered = members_of(result)["DBInstance"]
    cluster = instance.cluster
    if _MEMBER in call.params:
        cluster.auto_minor_version_upgrade = all(
            each.auto_minor_version_upgrade for each in cluster.members
        )
    elif call.creates:
        instance.auto_minor_version_upgrade = cluster.auto_minor_version_upgrade
    return result
