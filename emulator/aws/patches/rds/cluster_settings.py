"""Cluster settings that moto drops, and defaults that differ from AWS's."""

from collections.abc import Mapping
from typing import Any, cast

from moto.rds.models import DBCluster

from emulator.aws.errors import reject
from emulator.aws.moto_adapter.call import Answer, Call, Proceed, answer, members_of
from emulator.aws.registry import patch_operations

_TEST = "rds/test_cluster_settings"

_KEPT = {
    "DatabaseInsightsMode": "database_insights_mode",
    "EnablePerformanceInsights": "performance_insights_enabled",
    "PerformanceInsightsKMSKeyId": "performance_insights_kms_key_id",
    "PerformanceInsightsRetentionPeriod": "performance_insights_retention_period",
    "MonitoringInterval": "monitoring_interval",
    "MonitoringRoleArn": "monitoring_role_arn",
    "EngineLifecycleSupport": "engine_lifecycle_support",
    "EnableIAMDatabaseAuthentication": "iam_auth",
    "EnableHttpEndpoint": "_enable_http_endpoint",
    "StorageType": "storage_type",
    "BacktrackWindow": "backtrack_window",
}
"""The request's member, and the attribute of moto's cluster that is returned."""

_DEFAULTS: Mapping[str, object] = {
    "database_insights_mode": "standard",
    "performance_insights_enabled": False,
    "monitoring_interval": 0,
    "engine_lifecycle_support": "open-source-rds-extended-support",
    "storage_type": "aurora",
}
_PAUSE = "SecondsUntilAutoPause"
DEFAULT_PAUSE_SECONDS = 300
"""RDS API reference, ServerlessV2ScalingConfiguration."""

DEFAULT_INSIGHTS_DAYS = 7
"""RDS API reference, CreateDBCluster, PerformanceInsightsRetentionPeriod."""


@patch_operations(
    "rds:CreateDBCluster",
    moto_behaviour="monitoring, insights, lifecycle and Data API members are dropped; "
    "StorageType aurora or aurora-iopt1 fails; the defaults are gp2, no security group and "
    "`default_kms_key_id`",
    aws="every member is returned; the defaults are storage `aurora`, the VPC's default "
    "security group, and the key alias/aws/rds if storage is encrypted",
    source="RDS API reference, CreateDBCluster and DBCluster",
    test=f"{_TEST}::test_what_was_sent_on_create_is_read_back",
)
def keep_created_settings(call: Call, proceed: Proceed) -> Answer:
    """Create without the member that moto fails on, then store what moto dropped."""
    call.drop("StorageType")
    if "ServerlessV2ScalingConfiguration" in call.params:
        scaling = call.params["ServerlessV2ScalingConfiguration"]
        call.rewrite("ServerlessV2ScalingConfiguration", _with_auto_pause(scaling))
    if "VpcSecurityGroupIds" not in call.params:
        group = call.rds.subnet_groups.get(call.params.get("DBSubnetGroupName", ""))
        if group:
            default = call.ec2.get_default_security_group(group.vpc_id)
            call.rewrite("VpcSecurityGroupIds", [default.id] if default else [])
    result = proceed()
    cluster: DBCluster = members_of(result)["DBCluster"]
    for attribute, value in _DEFAULTS.items():
        setattr(cluster, attribute, value)
    _keep(cluster, call.params)
    if not cluster.storage_encrypted:
        setattr(cluster, "kms_key_id", None)  # noqa: B010 - moto declares it as text
    elif "KmsKeyId" not in call.params:
        cluster.kms_key_id = aws_managed_key(call)
    complete_insights(call, cluster)
    return result


@patch_operations(
    "rds:ModifyDBCluster",
    moto_behaviour="changes of IAM authentication, log exports, insights and the Data API are "
    "ignored; the auto-pause timeout is lost unless it is sent again",
    aws="each setting changes; what is not sent stays",
    source="RDS API reference, ModifyDBCluster",
    test=f"{_TEST}::test_what_was_sent_on_modify_is_read_back",
)
def keep_modified_settings(call: Call, proceed: Proceed) -> Answer:
    """Merge the scaling configuration, then store what moto dropped."""
    params = call.params
    cluster = call.rds.clusters[params["DBClusterIdentifier"]]
    if "ServerlessV2ScalingConfiguration" in params:
        merged = {**_scaling(cluster), **params["ServerlessV2ScalingConfiguration"]}
        call.rewrite("ServerlessV2ScalingConfiguration", _with_auto_pause(merged))
    result = proceed()
    exports = params.get("CloudwatchLogsExportConfiguration", {})
    enabled = {*exported_logs(cluster), *exports.get("EnableLogTypes", [])}
    disabled = set(exports.get("DisableLogTypes", []))
    cluster.enabled_cloudwatch_logs_exports = sorted(enabled - disabled)
    _keep(cluster, params)
    if params.get("MonitoringInterval") == 0:
        setattr(cluster, "monitoring_role_arn", None)  # noqa: B010 - not declared by moto
    complete_insights(call, cluster)
    # Moto answers with a copy from before the change was complete.
    members_of(result)["DBCluster"] = cluster
    return result


@patch_operations(
    "rds:EnableHttpEndpoint",
    "rds:DisableHttpEndpoint",
    moto_behaviour="not implemented",
    aws="switches the Data API of a provisioned cluster",
    source="RDS API reference, EnableHttpEndpoint",
    test=f"{_TEST}::test_the_data_api_is_switched_by_its_own_calls",
)
def switch_data_api(call: Call, proceed: Proceed) -> Answer:
    """Set HttpEndpointEnabled."""
    del proceed
    arn = call.params["ResourceArn"]
    cluster = call.rds.clusters.get(arn.rpartition(":")[2])
    if cluster is None:
        reject("ResourceNotFoundFault", f"The resource {arn} was not found.")
    enabled = call.operation == "EnableHttpEndpoint"
    setattr(cluster, "_enable_http_endpoint", enabled)  # noqa: B010 - moto's setter forces false
    return answer({"ResourceArn": arn, "HttpEndpointEnabled": enabled})


def _keep(cluster: DBCluster, params: Mapping[str, Any]) -> None:
    for member, attribute in _KEPT.items():
        if member in params:
            setattr(cluster, attribute, params[member])


def _scaling(cluster: DBCluster) -> dict[str, Any]:
    stored: Mapping[str, Any] = cluster.serverless_v2_scaling_configuration or {}
    names = ("MinCapacity", "MaxCapacity", _PAUSE)
    return {name: stored[name] for name in names if name in stored}


def _with_auto_pause(scaling: dict[str, Any]) -> dict[str, Any]:
    """Return the scaling with its auto-pause timeout, which exists only for a minimum of 0."""
    others = {name: value for name, value in scaling.items() if name != _PAUSE}
    if scaling.get("MinCapacity") != 0:
        return others
    return {**others, _PAUSE: scaling.get(_PAUSE, DEFAULT_PAUSE_SECONDS)}


def complete_insights(call: Call, holder: object) -> None:
    """Set the default retention and key of Performance Insights, or none while it is off."""
    enabled = getattr(holder, "performance_insights_enabled", False)
    names = ("performance_insights_retention_period", "performance_insights_kms_key_id")
    if not enabled:
        for name in names:
            setattr(holder, name, None)
        return
    retention, key = names
    setattr(holder, retention, getattr(holder, retention, None) or DEFAULT_INSIGHTS_DAYS)
    setattr(holder, key, getattr(holder, key, None) or aws_managed_key(call))


def exported_logs(cluster: DBCluster) -> list[str]:
    """Return the log types that a cluster exports."""
    return cast("list[str]", getattr(cluster, "enabled_cloudwatch_logs_exports"))  # noqa: B009


def aws_managed_key(call: Call) -> str:
    """Return the ARN of the account's key `alias/aws/rds`, which AWS creates on first use."""
    return call.kms.describe_key("alias/aws/rds").arn
