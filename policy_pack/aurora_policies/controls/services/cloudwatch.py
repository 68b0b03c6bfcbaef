"""Checks of log groups and alarms."""

from ...pack.registry import Findings, not_applicable, property_check, resource_check, stack_check
from ...pack.stack import Stack
from ...reading.resource_types import CLUSTER, LOG_GROUP
from ...reading.resources import Resource
from ...reading.values import (
    UNKNOWN,
    in_range,
    is_customer_managed_key,
    is_not_false,
    is_one_of,
    is_set,
    items,
)
from ..rds.clusters import EXPORTABLE_LOGS

property_check("log-cmk", "kmsKeyId", is_customer_managed_key, "a customer managed key")


@resource_check("log-retention")
def keeps_logs(group: Resource) -> Findings:
    """Logs are kept long enough, but not forever."""
    if is_one_of(group["logGroupClass"], {"DELIVERY"}):
        not_applicable("logGroupClass is DELIVERY: the retention is fixed")
    minimum = group.parameters.number("minimumDays")
    if not in_range(group["retentionInDays"], minimum):
        yield group.finding("retentionInDays", f"at least {minimum:g}")


@resource_check("alarm-actions")
def alarm_has_actions(alarm: Resource) -> Findings:
    """The alarm has an action, which is enabled."""
    if not is_not_false(alarm["actionsEnabled"]):
        yield alarm.finding("actionsEnabled", "true")
    if not is_set(alarm["alarmActions"]):
        yield alarm.finding("alarmActions", "set")


@stack_check("rds-log-group-managed")
def manages_exported_logs(stack: Stack) -> Findings:
    """Every exported log has its log group in the stack."""
    names = [group["name"] for group in stack.of_type(LOG_GROUP)]
    if UNKNOWN in names:
        return
    for cluster in stack.of_type(CLUSTER):
        identifier = cluster["clusterIdentifier"]
        for log in items(cluster["enabledCloudwatchLogsExports"]):
            managed = f"/aws/rds/cluster/{identifier}/{log}" in names
            if isinstance(identifier, str) and isinstance(log, str) and not managed:
                name = log if log in EXPORTABLE_LOGS else "another log"
                yield cluster.finding(f"log group of {name}", "a resource of the stack", "missing")
