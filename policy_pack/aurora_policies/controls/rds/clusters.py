"""Controls of Aurora clusters."""

import re

from ...pack.registry import Findings, not_applicable, property_check, resource_check, stack_check
from ...pack.stack import Stack
from ...reading.resource_types import BACKUP_SELECTION, CLUSTER, CLUSTER_INSTANCE, SUBNET_GROUP
from ...reading.resources import Resource
from ...reading.values import (
    UNKNOWN,
    Value,
    contains,
    describe,
    in_range,
    is_customer_managed_key,
    is_false,
    is_none_of,
    is_not_false,
    is_not_true,
    is_one_of,
    is_set,
    is_true,
    items,
    known_count,
    number,
)
from ...reading.windows import backup_window, maintenance_window

POSTGRESQL = "aurora-postgresql"
EXPORTABLE_LOGS = ("postgresql", "iam-db-auth-error", "instance")
"""What the RDS API lets Aurora PostgreSQL export."""
COMMON_ADMINS = ("admin", "administrator", "postgres", "rdsadmin", "root")
INHERITS_CREDENTIALS = ("replicationSourceIdentifier", "restoreToPointInTime", "snapshotIdentifier")
EXTENDED_SUPPORT_OFF = "open-source-rds-extended-support-disabled"
DEFAULT_PORT = 5432
MAXIMUM_BACKUP_DAYS = 35
MINIMUM_WINDOW_MINUTES = 30
_VERSION = re.compile(r"\d{1,3}(\.\d{1,3}){0,2}")


property_check("rds-cluster-storage-encrypted", "storageEncrypted", is_true, "true")
property_check("rds-cluster-cmk", "kmsKeyId", is_customer_managed_key, "a customer managed key")
property_check("rds-cluster-deletion-protection", "deletionProtection", is_true, "true")
property_check("rds-cluster-iam-auth", "iamDatabaseAuthenticationEnabled", is_true, "true")
property_check("rds-cluster-copy-tags", "copyTagsToSnapshot", is_true, "true")
property_check(
    "rds-cluster-no-extended-support",
    "engineLifecycleSupport",
    lambda value: is_one_of(value, {EXTENDED_SUPPORT_OFF}),
    EXTENDED_SUPPORT_OFF,
)
property_check("rds-cluster-auto-minor", "autoMinorVersionUpgrade", is_not_false, "true")
property_check(
    "rds-cluster-parameter-group",
    "dbClusterParameterGroupName",
    lambda value: is_set(value) and not (isinstance(value, str) and value.startswith("default.")),
    "a parameter group of its own",
)


@resource_check("rds-cluster-backup-retention")
def keeps_backups(cluster: Resource) -> Findings:
    """Backups reach far enough back."""
    days = cluster.parameters.number("minimumDays")
    if not in_range(cluster["backupRetentionPeriod"], days, MAXIMUM_BACKUP_DAYS):
        yield cluster.finding("backupRetentionPeriod", f"{days:g} to {MAXIMUM_BACKUP_DAYS}")


@resource_check("rds-cluster-log-exports")
def exports_logs(cluster: Resource) -> Findings:
    """The PostgreSQL log is exported, and nothing that AWS would refuse."""
    _require_postgresql(cluster)
    path = "enabledCloudwatchLogsExports"
    exports = items(cluster[path])
    if not contains(cluster[path], "postgresql"):
        yield cluster.finding(path, "a list with postgresql")
    legal = EXPORTABLE_LOGS[:1] if cluster.parameters.flag("exclusive") else EXPORTABLE_LOGS
    for index, export in enumerate(exports):
        if not is_one_of(export, legal):
            yield cluster.finding(f"{path}[{index}]", f"one of {', '.join(legal)}", "another log")


@stack_check("rds-cluster-multi-az")
def cluster_spans_zones(stack: Stack) -> Findings:
    """Instances and subnets are enough to lose a zone."""
    least_instances = stack.parameters.number("minimumInstances")
    least_subnets = stack.parameters.number("minimumSubnets")
    for cluster in stack.of_type(CLUSTER):
        instances = [each for each in stack.of_type(CLUSTER_INSTANCE) if _belongs(each, cluster)]
        if len(instances) < least_instances:
            required = f"{least_instances:g} or more"
            yield cluster.finding("number of instances", required, f"{len(instances)}")
        zones = known_count(cluster["availabilityZones"])
        if zones == 1:
            yield cluster.finding("availabilityZones", "absent, or two or more")
        for group in stack.of_type(SUBNET_GROUP):
            subnets = known_count(group["subnetIds"])
            belongs = group.urn in cluster.dependencies or _same_text(
                group["name"], cluster["dbSubnetGroupName"]
            )
            if belongs and subnets is not None and subnets < least_subnets:
                required = f"{least_subnets:g} subnets or more"
                yield group.finding("subnetIds", required)


@resource_check("rds-cluster-port-explicit")
def names_its_port(cluster: Resource) -> Findings:
    """The port is written out."""
    if cluster["port"] is None or number(cluster["port"]) == 3306:
        yield cluster.finding("port", "set, and not 3306")


@resource_check("rds-cluster-non-default-port")
def avoids_the_default_port(cluster: Resource) -> Findings:
    """The port is not the one that scanners try."""
    port = cluster["port"]
    is_default = port is None or number(port) == DEFAULT_PORT
    if is_default and not cluster.parameters.flag("allowDefaultPort"):
        yield cluster.finding("port", f"set, and not {DEFAULT_PORT}")


@resource_check("rds-cluster-custom-admin")
def names_its_master_user(cluster: Resource) -> Findings:
    """The master user is none that attackers try first."""
    _require_own_credentials(cluster)
    name = cluster["masterUsername"]
    if not is_set(name):
        yield cluster.finding("masterUsername", "set")
    elif not is_none_of(name, COMMON_ADMINS):
        yield cluster.finding(
            "masterUsername", f"none of {', '.join(COMMON_ADMINS)}", "one of the common names"
        )


@stack_check("rds-cluster-no-literal-password")
def has_no_literal_password(stack: Stack) -> Findings:
    """The master password is managed, write-only, or made by another resource."""
    for cluster in stack.of_type(CLUSTER):
        if any(is_set(cluster[path]) for path in INHERITS_CREDENTIALS):
            continue
        supplied = (
            is_set(cluster["masterPasswordWo"])
            # A write-only value is not kept; its version is.
            or is_set(cluster["masterPasswordWoVersion"])
            or cluster["masterPassword"] is UNKNOWN
            or bool(cluster.property_dependencies.get("masterPassword"))
        )
        if not supplied and not is_true(cluster["manageMasterUserPassword"]):
            found = "a literal" if is_set(cluster["masterPassword"]) else "not set"
            yield cluster.finding("masterPassword", "managed, write-only or generated", found)


@resource_check("rds-cluster-engine-version")
def has_a_recent_engine(cluster: Resource) -> Findings:
    """Engine and version are at least the minimum."""
    if not is_one_of(cluster["engine"], {POSTGRESQL}):
        yield cluster.finding("engine", POSTGRESQL)
    version, minimum = cluster["engineVersion"], cluster.parameters.text("minimumVersion")
    if version is UNKNOWN or _version(version) >= _version(minimum):
        return
    # Absent is AWS's default version, and a lone major its default minor: neither is old.
    if version in (None, minimum.partition(".")[0]):
        return
    found = describe(version, _VERSION)
    yield cluster.finding("engineVersion", f"{minimum} or later", found)


@resource_check("rds-cluster-final-snapshot")
def leaves_a_snapshot(cluster: Resource) -> Findings:
    """Deletion leaves a snapshot, and the automated backups where the profile says so."""
    if not is_not_true(cluster["skipFinalSnapshot"]):
        yield cluster.finding("skipFinalSnapshot", "false")
    elif not is_set(cluster["finalSnapshotIdentifier"]):
        yield cluster.finding("finalSnapshotIdentifier", "set")
    keeps = cluster.parameters.flag("keepAutomatedBackups")
    if keeps and not is_false(cluster["deleteAutomatedBackups"]):
        yield cluster.finding("deleteAutomatedBackups", "false")


@resource_check("rds-cluster-windows")
def chooses_its_windows(resource: Resource) -> Findings:
    """Windows are set, long enough and apart."""
    readers = {"preferredMaintenanceWindow": maintenance_window}
    if resource.type == CLUSTER:
        readers["preferredBackupWindow"] = backup_window
    windows = {path: read(resource[path]) for path, read in readers.items()}
    for path, window in windows.items():
        if resource[path] is not UNKNOWN and window is None:
            found = "malformed" if is_set(resource[path]) else "not set"
            yield resource.finding(path, "a window in UTC", found)
        elif window is not None and window.minutes < MINIMUM_WINDOW_MINUTES:
            found = f"{window.minutes} minutes long"
            yield resource.finding(path, f"{MINIMUM_WINDOW_MINUTES} minutes or longer", found)
    maintenance = windows["preferredMaintenanceWindow"]
    backup = windows.get("preferredBackupWindow")
    if backup is not None and maintenance is not None and backup.overlaps(maintenance):
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
            yield cluster.finding("number of backup selections", "1 or more", "0")


@resource_check("rds-cluster-network")
def has_a_network(cluster: Resource) -> Findings:
    """Neither AWS's default subnet group nor its default security group."""
    for path in ("dbSubnetGroupName", "vpcSecurityGroupIds"):
        if not is_set(cluster[path]):
            yield cluster.finding(path, "set")


def _require_postgresql(cluster: Resource) -> None:
    if not is_one_of(cluster["engine"], {POSTGRESQL}):
        not_applicable(f"the engine is not {POSTGRESQL}")


def _require_own_credentials(cluster: Resource) -> None:
    for path in INHERITS_CREDENTIALS:
        if is_set(cluster[path]):
            not_applicable(f"{path} is set: the cluster inherits its master user")


def _belongs(instance: Resource, cluster: Resource) -> bool:
    identifiers = instance["clusterIdentifier"], cluster["clusterIdentifier"]
    return (
        cluster.urn in instance.dependencies or UNKNOWN in identifiers or _same_text(*identifiers)
    )


def _same_text(one: Value, other: Value) -> bool:
    return isinstance(one, str) and one == other


def _version(value: Value) -> tuple[int, ...]:
    if isinstance(value, str) and _VERSION.fullmatch(value):
        return tuple(int(part) for part in value.split("."))
    return ()
