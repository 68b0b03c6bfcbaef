"""Controls of Aurora instances."""

from ...pack.registry import Findings, property_check, resource_check
from ...reading.resource_types import CLUSTER
from ...reading.resources import Resource
from ...reading.values import in_range, is_false, is_none_of, is_one_of, is_set, is_true

CERTIFICATE_AUTHORITIES = ("rds-ca-rsa2048-g1", "rds-ca-rsa4096-g1", "rds-ca-ecc384-g1")

property_check("rds-instance-not-public", "publiclyAccessible", is_false, "false")
property_check("rds-instance-auto-minor", "autoMinorVersionUpgrade", is_true, "true")
property_check("rds-instance-copy-tags", "copyTagsToSnapshot", is_true, "true")
property_check(
    "rds-instance-ca",
    "caCertIdentifier",
    lambda value: is_one_of(value, CERTIFICATE_AUTHORITIES),
    f"one of {', '.join(CERTIFICATE_AUTHORITIES)}",
)


@resource_check("rds-instance-enhanced-monitoring")
def is_monitored(instance: Resource) -> Findings:
    """Enhanced Monitoring is on and may write."""
    seconds = instance.parameters.number("intervalSeconds")
    if not in_range(instance["monitoringInterval"], seconds, seconds):
        yield instance.finding("monitoringInterval", f"{seconds:g}")
    if not is_set(instance["monitoringRoleArn"]):
        yield instance.finding("monitoringRoleArn", "set")


@resource_check("rds-instance-performance-insights")
def collects_database_load(resource: Resource) -> Findings:
    """Performance Insights is on, without the retention or the mode that cost."""
    if resource.type == CLUSTER:
        if not is_none_of(resource["databaseInsightsMode"], {"advanced"}):
            yield resource.finding("databaseInsightsMode", "standard", "advanced")
        return
    if not is_true(resource["performanceInsightsEnabled"]):
        yield resource.finding("performanceInsightsEnabled", "true")
    days = resource.parameters.number("retentionDays")
    retention = resource["performanceInsightsRetentionPeriod"]
    if retention is not None and not in_range(retention, days, days):
        yield resource.finding("performanceInsightsRetentionPeriod", f"{days:g}")


@resource_check("rds-instance-pi-cmk")
def encrypts_database_load(instance: Resource) -> Findings:
    """Performance Insights has a key where it is on."""
    is_on = instance["performanceInsightsEnabled"] in (True, "true")
    if is_on and not is_set(instance["performanceInsightsKmsKeyId"]):
        yield instance.finding("performanceInsightsKmsKeyId", "set")
