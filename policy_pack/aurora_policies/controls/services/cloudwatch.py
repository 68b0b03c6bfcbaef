"""Controls of log groups and alarms."""

from ...controls.rds.clusters import EXPORTABLE_LOGS
from ...pack.registry import Findings, property_check, resource_check, stack_check
from ...pack.stack import Stack
from ...reading.resource_types import CLUSTER, LOG_GROUP
from ...reading.resources import Resource
from ...reading.values import UNKNOWN, in_range, is_not_false, is_set, items

property_check("log-cmk", "kmsKeyId", is_set, "set")


@resource_check("log-retention")
def keeps_logs(group: Resource) -> Findings:
    """Logs are kept long enough, and not for ever."""
    least = group.parameters.number("minimumDays")
    if not in_range(group["retentionInDays"], least):
        yield group.finding("retentionInDays", f"{least:g} or more")


@resource_check("alarm-actions")
def alarms_someone(alarm: Resource) -> Findings:
    """The alarm has an action and may take it."""
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
                told = log if log in EXPORTABLE_LOGS else "another log"
                yield cluster.finding(f"log group of {told}", "a resource of the stack", "missing")
