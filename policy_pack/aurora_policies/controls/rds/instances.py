"""Checks of Aurora instances, and of monitoring that their cluster can set for them."""

from ...pack.registry import Findings, property_check, stack_check
from ...pack.stack import Stack
from ...reading.resource_types import CLUSTER, CLUSTER_INSTANCE
from ...reading.resources import Resource
from ...reading.values import (
    Value,
    in_range,
    is_customer_managed_key,
    is_false,
    is_one_of,
    is_set,
    is_true,
)
from .clusters import members

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


@stack_check("rds-instance-enhanced-monitoring")
def is_monitored(stack: Stack) -> Findings:
    """Enhanced Monitoring is enabled and has a role."""
    maximum = stack.parameters.number("maximumIntervalSeconds")
    for instance in stack.of_type(CLUSTER_INSTANCE):
        if not in_range(_setting(stack, instance, "monitoringInterval"), 1, maximum):
            yield instance.finding("monitoringInterval", f"1 to {maximum:g}")
        if not is_set(_setting(stack, instance, "monitoringRoleArn")):
            yield instance.finding("monitoringRoleArn", "set")


@stack_check("rds-instance-performance-insights")
def collects_database_load(stack: Stack) -> Findings:
    """Performance Insights is enabled and keeps its data long enough."""
    days = stack.parameters.number("minimumDays")
    for instance in stack.of_type(CLUSTER_INSTANCE):
        if not is_true(_setting(stack, instance, "performanceInsightsEnabled")):
            yield instance.finding("performanceInsightsEnabled", "true")
        path = "performanceInsightsRetentionPeriod"
        retention = _setting(stack, instance, path)
        if is_set(retention) and not in_range(retention, days):
            yield instance.finding(path, f"at least {days:g}")


@stack_check("rds-instance-pi-cmk")
def encrypts_database_load(stack: Stack) -> Findings:
    """Performance Insights has a customer managed key where it is enabled."""
    for instance in stack.of_type(CLUSTER_INSTANCE):
        enabled = _setting(stack, instance, "performanceInsightsEnabled")
        if not is_set(enabled) or is_false(enabled):
            continue
        path = "performanceInsightsKmsKeyId"
        if not is_customer_managed_key(_setting(stack, instance, path)):
            yield instance.finding(path, "a customer managed key")


def _setting(stack: Stack, instance: Resource, path: str) -> Value:
    """Return a property of an instance, or else of its cluster, which sets it for its instances."""
    if is_set(instance[path]):
        return instance[path]
    clusters = (each for each in stack.of_type(CLUSTER) if instance in members(stack, each))
    return next((each[path] for each in clusters if is_set(each[path])), instance[path])
