"""Instances of a cluster: what they are refused, and what they take over from it."""

from collections import Counter

from moto.moto_api._internal import mock_random
from moto.rds.models import DBCluster, DBInstanceClustered

from emulator.aws.corrections.rds_cluster_settings import complete_insights, exported_logs
from emulator.aws.corrections.rds_cluster_values import PERFORMANCE_INSIGHTS_DAYS, check_monitoring
from emulator.aws.errors import refuse, refuse_combination, refuse_unknown_cluster, refuse_value
from emulator.aws.moto_internals import Answer, Call, Proceed, members_of
from emulator.aws.registry import corrects

_TEST = "test_rds_instances"

MOST_INSTANCES = 16
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


@corrects(
    "rds:CreateDBInstance",
    fault="another engine's instance, an unknown class, a serverless one without a scaling "
    "configuration and a 17th are taken; members that belong to the cluster fail in moto",
    aws="InvalidParameterCombination or InvalidDBClusterStateFault; the code for a 17th instance "
    "is not published, InvalidDBClusterStateFault is this emulator's",
    source="RDS API reference, CreateDBInstance; aurora user guide, Serverless v2 requirements",
    test=f"{_TEST}::test_an_instance_that_aws_refuses_is_refused_and_not_created",
)
def instance_fits_its_cluster(call: Call, proceed: Proceed) -> Answer:
    """Refuse what does not fit the cluster, before moto makes anything."""
    params = call.params
    identifier = params.get("DBClusterIdentifier")
    if identifier is None:
        message = "The emulated AWS has instances of Aurora clusters only"
        refuse("NotImplemented", message)
    cluster = call.rds.clusters.get(identifier.lower())
    if cluster is None:
        refuse_unknown_cluster(identifier)
    if params["DBInstanceIdentifier"] in call.rds.databases:
        refuse("DBInstanceAlreadyExists", "DB instance already exists")
    for member in _SET_ON_CLUSTER:
        if member in params:
            refuse_combination(
                "The requested DB Instance will be a member of a DB Cluster. "
                f"Set {member} for the DB Cluster."
            )
    _check_shape(call, cluster)
    call.rewrite("DBClusterIdentifier", cluster.db_cluster_identifier)
    return proceed()


def _check_shape(call: Call, cluster: DBCluster) -> None:
    engine, instance_class = call.params["Engine"], call.params["DBInstanceClass"]
    if engine != cluster.engine:
        refuse_combination(
            f"The engine name requested for your DB instance ({engine}) doesn't match the engine "
            f"name of your DB cluster ({cluster.engine})."
        )
    version = call.params.get("EngineVersion")
    if version not in (None, cluster.engine_version, cluster.engine_version.partition(".")[0]):
        refuse_combination(
            f"The engine version that you requested for your DB instance ({version}) does not "
            f"match the engine version of your DB cluster ({cluster.engine_version})."
        )
    call.drop("EngineVersion")
    if instance_class == SERVERLESS_CLASS:
        if not cluster.serverless_v2_scaling_configuration:
            refuse(
                "InvalidDBClusterStateFault",
                "Set the Serverless v2 scaling configuration on the parent DB cluster before "
                "creating a Serverless v2 DB instance.",
            )
    elif not instance_class.startswith("db.") or instance_class.count(".") != 2:
        refuse_value(f"Invalid DB Instance class: {instance_class}")
    if len(cluster.members) >= MOST_INSTANCES:
        refuse(
            "InvalidDBClusterStateFault",
            f"The cluster {cluster.db_cluster_identifier} already has {MOST_INSTANCES} instances.",
        )


@corrects(
    "rds:CreateDBInstance",
    "rds:ModifyDBInstance",
    fault="tier, monitoring interval, insights retention and certificate are not checked",
    aws="InvalidParameterValue or InvalidParameterCombination; CertificateNotFound, HTTP 404",
    source="RDS API reference, CreateDBInstance, each member's constraints",
    test=f"{_TEST}::test_an_instance_that_aws_refuses_is_refused_and_not_created",
)
def instance_values_are_legal(call: Call, proceed: Proceed) -> Answer:
    """Check each value; a role may be stored from before when an interval is modified."""
    params = call.params
    tier = params.get("PromotionTier", 1)
    if not 0 <= tier <= 15:
        refuse_value(f"Invalid promotion tier: {tier}. Must be between 0 and 15.")
    days = params.get("PerformanceInsightsRetentionPeriod")
    if days is not None and days not in PERFORMANCE_INSIGHTS_DAYS:
        refuse_value(f"Invalid Performance Insights retention period: {days}.")
    certificate = params.get("CACertificateIdentifier")
    if certificate not in (None, *CERTIFICATES):
        refuse("CertificateNotFound", f"Certificate not found: {certificate}")
    stored = None if call.creates else call.rds.databases.get(params["DBInstanceIdentifier"])
    monitoring = {
        "MonitoringInterval": getattr(stored, "monitoring_interval", 0),
        "MonitoringRoleArn": getattr(stored, "monitoring_role_arn", None),
    }
    if params.get("MonitoringInterval") == 0:
        del monitoring["MonitoringRoleArn"]  # switching it off gives the role up
    check_monitoring({**monitoring, **params})
    return proceed()


@corrects(
    "rds:CreateDBInstance",
    fault="every instance has the same DbiResourceId and is in zone a, whatever the subnets",
    aws="the resource id is unique; without AvailabilityZone the instances spread over the subnet "
    "group's zones",
    source="RDS API reference, DBInstance and CreateDBInstance, AvailabilityZone",
    test=f"{_TEST}::test_instances_differ_in_resource_id_and_spread_over_the_zones",
)
def instances_differ(call: Call, proceed: Proceed) -> Answer:
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


@corrects(
    "rds:CreateDBInstance",
    "rds:ModifyDBInstance",
    fault="Performance Insights members are dropped",
    aws="they are read back; retention is 7 days and the key alias/aws/rds unless sent",
    source="RDS API reference, DBInstance",
    test=f"{_TEST}::test_an_instance_reads_back_insights_and_what_its_cluster_has",
)
def instance_keeps_its_insights(call: Call, proceed: Proceed) -> Answer:
    """Keep what was sent; a cluster's own setting holds where the instance has none."""
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


@corrects(
    "rds:CreateDBInstance",
    "rds:ModifyDBInstance",
    "rds:DescribeDBInstances",
    fault="an instance has no subnet group, port 5432, no IAM authentication and no log exports, "
    "whatever its cluster has",
    aws="it has its cluster's",
    source="RDS API reference, DBInstance",
    test=f"{_TEST}::test_an_instance_reads_back_insights_and_what_its_cluster_has",
)
def instance_follows_its_cluster(call: Call, proceed: Proceed) -> Answer:
    """Copy the cluster's members before an instance is read."""
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
