"""Controls of Aurora instances."""

from .checks import Findings, property_check, resource_check
from .resource_types import CLUSTER
from .resources import Resource
from .values import in_range, is_false, is_none_of, is_one_of, is_set, is_true

CERTIFICATE_AUTHORITIES = ("rds-ca-rsa2048-g1", "rds-ca-rsa4096-g1", "rds-ca-ecc384-g1")

property_check("I01", "publiclyAccessible", is_false, "false")
property_check("I03", "autoMinorVersionUpgrade", is_true, "true")
property_check("I06", "copyTagsToSnapshot", is_true, "true")
property_check(
    "I07",
    "caCertIdentifier",
    lambda value: is_one_of(value, CERTIFICATE_AUTHORITIES),
    f"one of {', '.join(CERTIFICATE_AUTHORITIES)}",
)


@resource_check("I02")
def is_monitored(instance: Resource) -> Findings:
    """Enhanced Monitoring is on and may write."""
    seconds = instance.parameters.number("intervalSeconds")
    if not in_range(instance["monitoringInterval"], seconds, seconds):
        yield instance.finding("monitoringInterval", f"{seconds:g}")
    if not is_set(instance["monitoringRoleArn"]):
        yield instance.finding("monitoringRoleArn", "set")


@resource_check("I04")
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


@resource_check("I05")
def encrypts_database_load(instance: Resource) -> Findings:
    """Performance Insights has a key where it is on."""
    is_on = instance["performanceInsightsEnabled"] in (True, "true")
    if is_on and not is_set(instance["performanceInsightsKmsKeyId"]):
        yield instance.finding("performanceInsightsKmsKeyId", "set")
