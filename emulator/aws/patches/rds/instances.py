"""Instances of a cluster: validation, zones, and settings inherited from the cluster."""

from collections import Counter
from typing import Any

from moto.moto_api._internal import mock_random
from moto.rds import models
from moto.rds.models import DBCluster, DBInstanceClustered
from moto.rds.utils import valid_preferred_maintenance_window

from emulator.aws.aurora.windows import check_apart
from emulator.aws.errors import (
    ServiceError,
    reject,
    reject_combination,
    reject_unknown_cluster,
    reject_value,
)
from emulator.aws.moto_adapter.call import Answer, Call, Proceed, members_of
from emulator.aws.patches.rds.cluster_settings import complete_insights, exported_logs
from emulator.aws.patches.rds.cluster_values import PERFORMANCE_INSIGHTS_DAYS, check_monitoring
from emulator.aws.registry import patch_classes, patch_operations

_TEST = "rds/test_instances"

MAX_INSTANCES = 16
"""A writer and 15 readers (Aurora user guide, "Replication with Amazon Aurora")."""

SERVERLESS_CLASS = "db.serverless"

CERTIFICATES = ("rds-ca-rsa2048-g1", "rds-ca-rsa4096-g1", "rds-ca-ecc384-g1")
"""RDS user guide, "Certificate authorities"; the first is the default."""

_SET_ON_CLUSTER = (
    "AllocatedStorage",
    "BackupRetentionPeriod",
    "DBName",
    "MasterUserPassword",
    "MasterUsername",
    "PreferredBackupWindow",
    "StorageEncrypted",
    "VpcSecurityGroupIds",
)
_KEPT = {
    "EnablePerformanceInsights": "performance_insights_enabled",
    "PerformanceInsightsKMSKeyId": "performance_insights_kms_key_id",
    "PerformanceInsightsRetentionPeriod": "performance_insights_retention_period",
}
_ID_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


@patch_operations(
    "rds:CreateDBInstance",
    moto_behaviour="an instance may have another engine, an unknown class, or no scaling "
    "configuration if serverless, and a cluster may have 17 instances; members that belong to "
    "the cluster make moto fail",
    aws="InvalidParameterCombination or InvalidDBClusterStateFault; the code for a 17th "
    "instance is not published, InvalidDBClusterStateFault is this emulator's choice",
    source="RDS API reference, CreateDBInstance; aurora user guide, Serverless v2 requirements",
    test=f"{_TEST}::test_an_invalid_instance_is_rejected_and_not_created",
)
def require_fitting_instance(call: Call, proceed: Proceed) -> Answer:
    """Reject what does not fit the cluster before anything is created."""
    params = call.params
    identifier = params.get("DBClusterIdentifier")
    if identifier is None:
        message = "the emulated AWS supports only instances of Aurora clusters"
        reject("NotImplemented", message)
    cluster = call.rds.clusters.get(identifier.lower())
    if cluster is None:
        reject_unknown_cluster(identifier)
    if params["DBInstanceIdentifier"] in call.rds.databases:
        reject("DBInstanceAlreadyExists", "DB instance already exists")
    for member in _SET_ON_CLUSTER:
        if member in params:
            reject_combination(
                "The requested DB Instance will be a member of a DB Cluster. "
                f"Set {member} for the DB Cluster."
            )
    _check_shape(call, cluster)
    call.rewrite("DBClusterIdentifier", cluster.db_cluster_identifier)
    return proceed()


def _check_shape(call: Call, cluster: DBCluster) -> None:
    engine, instance_class = call.params["Engine"], call.params["DBInstanceClass"]
    if engine != cluster.engine:
        reject_combination(
            f"The engine name requested for your DB instance ({engine}) doesn't match the engine "
            f"name of your DB cluster ({cluster.engine})."
        )
    version = call.params.get("EngineVersion")
    if version not in (None, cluster.engine_version, cluster.engine_version.partition(".")[0]):
        reject_combination(
            f"The engine version that you requested for your DB instance ({version}) does not "
            f"match the engine version of your DB cluster ({cluster.engine_version})."
        )
    call.drop("EngineVersion")
    if instance_class == SERVERLESS_CLASS:
        if not cluster.serverless_v2_scaling_configuration:
            reject(
                "InvalidDBClusterStateFault",
                "Set the Serverless v2 scaling configuration on the parent DB cluster before "
                "creating a Serverless v2 DB instance.",
            )
    elif not instance_class.startswith("db.") or instance_class.count(".") != 2:
        reject_value(f"Invalid DB Instance class: {instance_class}")
    if len(cluster.members) >= MAX_INSTANCES:
        reject(
            "InvalidDBClusterStateFault",
            f"The cluster {cluster.db_cluster_identifier} already has {MAX_INSTANCES} instances.",
        )


@patch_operations(
    "rds:CreateDBInstance",
    "rds:ModifyDBInstance",
    moto_behaviour="tier, monitoring interval, insights retention and certificate are not "
    "validated",
    aws="InvalidParameterValue or InvalidParameterCombination; CertificateNotFound, HTTP 404",
    source="RDS API reference, CreateDBInstance, each member's constraints",
    test=f"{_TEST}::test_an_invalid_instance_is_rejected_and_not_created",
)
def validate_instance(call: Call, proceed: Proceed) -> Answer:
    """Validate each value; an existing instance already has a monitoring role."""
    params = call.params
    tier = params.get("PromotionTier", 1)
    if not 0 <= tier <= 15:
        reject_value(f"Invalid promotion tier: {tier}. Must be between 0 and 15.")
    days = params.get("PerformanceInsightsRetentionPeriod")
    if days is not None and days not in PERFORMANCE_INSIGHTS_DAYS:
        reject_value(f"Invalid Performance Insights retention period: {days}.")
    certificate = params.get("CACertificateIdentifier")
    if certificate not in (None, *CERTIFICATES):
        reject("CertificateNotFound", f"Certificate not found: {certificate}")
    stored = None if call.creates else call.rds.databases.get(params["DBInstanceIdentifier"])
    monitoring = {
        "MonitoringInterval": getattr(stored, "monitoring_interval", 0),
        "MonitoringRoleArn": getattr(stored, "monitoring_role_arn", None),
    }
    if params.get("MonitoringInterval") == 0:
        del monitoring["MonitoringRoleArn"]  # turning it off removes the role
    check_monitoring({**monitoring, **params})
    return proceed()


@patch_operations(
    "rds:CreateDBInstance",
    moto_behaviour="every instance has the same DbiResourceId and is in the first zone, "
    "whatever the subnets are",
    aws="the resource id is unique; without AvailabilityZone, instances are distributed over "
    "the subnet group's zones",
    source="RDS API reference, DBInstance and CreateDBInstance, AvailabilityZone",
    test=f"{_TEST}::test_instances_differ_in_resource_id_and_spread_over_the_zones",
)
def distribute_instances(call: Call, proceed: Proceed) -> Answer:
    """Choose the zone with the fewest instances, and a resource id."""
    cluster = call.rds.clusters[call.params["DBClusterIdentifier"]]
    group = call.rds.subnet_groups.get(cluster.db_subnet_group_name)
    if "AvailabilityZone" not in call.params and group:
        zones = sorted({subnet["SubnetAvailabilityZone"]["Name"] for subnet in group.subnets})
        used = Counter(instance.availability_zone for instance in cluster.members)
        call.rewrite("AvailabilityZone", min(zones, key=lambda zone: used[zone]))
    result = proceed()
    instance: DBInstanceClustered = members_of(result)["DBInstance"]
    characters = (mock_random.choice(_ID_CHARACTERS) for _ in range(26))
    instance.dbi_resource_id = f"db-{''.join(characters)}"
    if "CACertificateIdentifier" not in call.params:
        instance.ca_certificate_identifier = CERTIFICATES[0]
    return result


@patch_operations(
    "rds:CreateDBInstance",
    "rds:ModifyDBInstance",
    moto_behaviour="Performance Insights members are dropped",
    aws="they are returned; by default retention is 7 days and the key alias/aws/rds",
    source="RDS API reference, DBInstance",
    test=f"{_TEST}::test_an_instance_reads_back_insights_and_what_its_cluster_has",
)
def keep_instance_insights(call: Call, proceed: Proceed) -> Answer:
    """Store what was sent; the cluster's setting applies otherwise."""
    result = proceed()
    instance: DBInstanceClustered = members_of(result)["DBInstance"]
    if call.creates:
        for attribute in _KEPT.values():
            setattr(instance, attribute, getattr(instance.cluster, attribute, None))
    for member, attribute in _KEPT.items():
        if member in call.params:
            setattr(instance, attribute, call.params[member])
    complete_insights(call, instance)
    if call.params.get("MonitoringInterval") == 0:
        instance.monitoring_role_arn = None
    return result


@patch_operations(
    "rds:CreateDBInstance",
    "rds:ModifyDBInstance",
    "rds:DescribeDBInstances",
    moto_behaviour="an instance has no subnet group, port 5432, no IAM authentication and no "
    "log exports",
    aws="an instance has its cluster's settings",
    source="RDS API reference, DBInstance",
    test=f"{_TEST}::test_an_instance_reads_back_insights_and_what_its_cluster_has",
)
def inherit_cluster_settings(call: Call, proceed: Proceed) -> Answer:
    """Copy the cluster's members before an instance is returned."""
    _follow(call)
    result = proceed()
    _follow(call)
    return result


def _follow(call: Call) -> None:
    for instance in call.rds.databases.values():
        if not isinstance(instance, DBInstanceClustered):
            continue
        cluster = instance.cluster
        instance.port = cluster.port
        instance.enable_iam_database_authentication = cluster.iam_auth
        instance.enabled_cloudwatch_logs_exports = exported_logs(cluster)
        if cluster.db_subnet_group_name in call.rds.subnet_groups:
            instance.db_subnet_group_name = cluster.db_subnet_group_name


@patch_classes(
    moto_behaviour="a maintenance window that starts when the backup window ends counts as "
    "overlapping, so an instance with adjacent windows cannot be modified",
    aws="only windows that share time overlap",
    source="RDS API reference, CreateDBCluster, PreferredBackupWindow: must not conflict with the "
    "preferred maintenance window",
    test=f"{_TEST}::test_adjacent_windows_do_not_overlap_and_the_instance_can_be_modified",
)
def compare_windows_by_minutes() -> None:
    """Replace moto's comparison of the two windows."""

    def validate(maintenance_window: Any, backup_window: Any) -> str | None:
        message = valid_preferred_maintenance_window(maintenance_window, None)
        if message is None and backup_window:
            try:
                check_apart(backup_window, maintenance_window)
            except ServiceError as error:
                return error.message
        return message

    models.__dict__["valid_preferred_maintenance_window"] = validate
