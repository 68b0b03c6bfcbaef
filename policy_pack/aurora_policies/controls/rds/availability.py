"""Checks of availability: instances in several zones, backups, and maintenance windows."""

from ...pack.registry import Findings, not_applicable, resource_check, stack_check
from ...pack.stack import Stack
from ...reading.resource_types import BACKUP_SELECTION, CLUSTER, CLUSTER_INSTANCE, SUBNET_GROUP
from ...reading.resources import Resource
from ...reading.values import (
    UNKNOWN,
    in_range,
    is_false,
    is_not_true,
    is_set,
    known_count,
)
from ...reading.windows import window
from .clusters import INHERITS_CREDENTIALS, belongs, members

MAXIMUM_BACKUP_DAYS = 35
MINIMUM_WINDOW_MINUTES = 30


@stack_check("rds-cluster-multi-az")
def cluster_spans_zones(stack: Stack) -> Findings:
    """Instances and subnets are in more than one Availability Zone."""
    minimum_instances = stack.parameters.number("minimumInstances")
    minimum_subnets = stack.parameters.number("minimumSubnets")
    for cluster in stack.of_type(CLUSTER):
        instances = members(stack, cluster)
        if len(instances) < minimum_instances:
            required = f"at least {minimum_instances:g}"
            yield cluster.finding("number of instances", required, f"{len(instances)}")
        elif minimum_instances > 1 and _are_in_one_zone(instances):
            required = "at least 2"
            yield cluster.finding("number of zones of the instances", required, "1")
        zones = known_count(cluster["availabilityZones"])
        if zones == 1:
            yield cluster.finding("availabilityZones", "absent, or at least 2")
        for group in stack.of_type(SUBNET_GROUP):
            subnets = known_count(group["subnetIds"])
            is_used = group.urn in cluster.dependencies or (
                isinstance(group["name"], str) and group["name"] == cluster["dbSubnetGroupName"]
            )
            if is_used and subnets is not None and subnets < minimum_subnets:
                yield group.finding("subnetIds", f"at least {minimum_subnets:g} subnets")


@resource_check("rds-cluster-backup-retention")
def keeps_backups(cluster: Resource) -> Findings:
    """Backups are kept long enough."""
    _require_no_replica(cluster)
    days = cluster.parameters.number("minimumDays")
    if not in_range(cluster["backupRetentionPeriod"], days, MAXIMUM_BACKUP_DAYS):
        yield cluster.finding("backupRetentionPeriod", f"{days:g} to {MAXIMUM_BACKUP_DAYS}")


@resource_check("rds-cluster-final-snapshot")
def keeps_a_final_snapshot(cluster: Resource) -> Findings:
    """Deletion keeps a snapshot, and the automated backups where the profile requires them."""
    _require_no_replica(cluster)
    if not is_not_true(cluster["skipFinalSnapshot"]):
        yield cluster.finding("skipFinalSnapshot", "false")
    elif not is_set(cluster["finalSnapshotIdentifier"]):
        yield cluster.finding("finalSnapshotIdentifier", "set")
    keeps = cluster.parameters.flag("keepAutomatedBackups")
    if keeps and not is_false(cluster["deleteAutomatedBackups"]):
        yield cluster.finding("deleteAutomatedBackups", "false")


@stack_check("rds-cluster-windows")
def sets_its_windows(stack: Stack) -> Findings:
    """Windows are set or inherited, long enough and do not overlap."""
    clusters = stack.of_type(CLUSTER)
    for cluster in clusters:
        inherits = any(is_set(cluster[path]) for path in INHERITS_CREDENTIALS)
        yield from _windows(cluster, backup=True, may_be_absent=inherits)
    for instance in stack.of_type(CLUSTER_INSTANCE):
        inherits = any(
            belongs(instance, cluster) and is_set(cluster["preferredMaintenanceWindow"])
            for cluster in clusters
        )
        yield from _windows(instance, backup=False, may_be_absent=inherits)


def _windows(resource: Resource, *, backup: bool, may_be_absent: bool) -> Findings:
    paths = ("preferredMaintenanceWindow", *(("preferredBackupWindow",) if backup else ()))
    windows = {path: window(resource[path], weekly="Maintenance" in path) for path in paths}
    for path, found in windows.items():
        if found is not None and found.minutes < MINIMUM_WINDOW_MINUTES:
            required = f"at least {MINIMUM_WINDOW_MINUTES} minutes long"
            yield resource.finding(path, required, f"{found.minutes} minutes long")
        elif found is None and is_set(resource[path]) and resource[path] is not UNKNOWN:
            yield resource.finding(path, "a window in UTC", "malformed")
        elif not is_set(resource[path]) and not may_be_absent:
            yield resource.finding(path, "a window in UTC", "not set")
    maintenance = windows["preferredMaintenanceWindow"]
    backups = windows.get("preferredBackupWindow")
    if backups is not None and maintenance is not None and backups.overlaps(maintenance):
        required = "apart from preferredMaintenanceWindow"
        yield resource.finding("preferredBackupWindow", required, "overlapping it")


@stack_check("rds-cluster-backup-plan")
def is_in_a_backup_plan(stack: Stack) -> Findings:
    """A backup plan selects the cluster, by reference or by tag."""
    key, _, value = stack.parameters.text("selectionTag").partition("=")
    for cluster in stack.of_type(CLUSTER):
        tags = cluster["tags"]
        selected = tags is UNKNOWN or (isinstance(tags, dict) and tags.get(key) in (UNKNOWN, value))
        if not (key and selected) and not stack.dependents(cluster, BACKUP_SELECTION):
            yield cluster.finding("number of backup selections", "at least 1", "0")


def _require_no_replica(database: Resource) -> None:
    # AWS rejects a final snapshot of a replica; its data and backups are those of the source.
    if is_set(database["replicateSourceDb"]):
        not_applicable("replicateSourceDb is set: the data is that of the source")


def _are_in_one_zone(instances: list[Resource]) -> bool:
    zones = [each["availabilityZone"] for each in instances]
    return all(isinstance(zone, str) for zone in zones) and known_count(zones) == 1
