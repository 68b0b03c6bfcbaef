"""Checks of Aurora clusters, and of the properties that DB instances have in common with them."""

import re

from ...pack.registry import (
    Findings,
    not_applicable,
    property_check,
    resource_check,
    stack_check,
)
from ...pack.stack import Stack
from ...reading.resource_types import (
    BACKUP_SELECTION,
    CLUSTER,
    CLUSTER_INSTANCE,
    CLUSTER_PARAMETER_GROUP,
    PARAMETER_GROUP,
    SUBNET_GROUP,
)
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
from ...reading.windows import window

POSTGRESQL = "aurora-postgresql"
EXPORTABLE_LOGS = ("postgresql", "iam-db-auth-error", "instance")
"""Logs that the RDS API accepts for export from Aurora PostgreSQL."""
COMMON_ADMINS = ("admin", "administrator", "postgres", "rdsadmin", "root")
INHERITS_CREDENTIALS = (
    *("replicationSourceIdentifier", "restoreToPointInTime", "snapshotIdentifier"),
    "replicateSourceDb",
)
INHERITS_ENCRYPTION = ("replicateSourceDb", "sourceDbClusterIdentifier")
EXTENDED_SUPPORT_OFF = "open-source-rds-extended-support-disabled"
DEFAULT_PORT = 5432
MYSQL_PORT = 3306
MAXIMUM_BACKUP_DAYS = 35
MINIMUM_WINDOW_MINUTES = 30
PASSWORDS = {CLUSTER: "masterPassword", "aws:rds/instance:Instance": "password"}
_VERSION = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3}){0,2}")


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


def members(stack: Stack, cluster: Resource) -> list[Resource]:
    """Return the instances that belong, or may belong, to a cluster."""
    return [each for each in stack.of_type(CLUSTER_INSTANCE) if _belongs(each, cluster)]


@resource_check("rds-cluster-storage-encrypted")
def storage_is_encrypted(resource: Resource) -> Findings:
    """Storage is encrypted, unless it inherits the encryption of its source."""
    for path in INHERITS_ENCRYPTION:
        if is_set(resource[path]):
            not_applicable(f"{path} is set: the encryption is that of the source")
    if not is_true(resource["storageEncrypted"]):
        yield resource.finding("storageEncrypted", "true")


@resource_check("rds-cluster-cmk")
def storage_uses_own_key(resource: Resource) -> Findings:
    """Storage is encrypted with a customer managed key."""
    for path in INHERITS_ENCRYPTION:
        if is_set(resource[path]):
            not_applicable(f"{path} is set: the key is that of the source")
    if not is_customer_managed_key(resource["kmsKeyId"]):
        yield resource.finding("kmsKeyId", "a customer managed key")


@resource_check("rds-cluster-backup-retention")
def keeps_backups(cluster: Resource) -> Findings:
    """Backups are kept long enough."""
    days = cluster.parameters.number("minimumDays")
    if not in_range(cluster["backupRetentionPeriod"], days, MAXIMUM_BACKUP_DAYS):
        yield cluster.finding("backupRetentionPeriod", f"{days:g} to {MAXIMUM_BACKUP_DAYS}")


@resource_check("rds-cluster-log-exports")
def exports_logs(cluster: Resource) -> Findings:
    """The PostgreSQL log is exported, and nothing that AWS would reject."""
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
            belongs = group.urn in cluster.dependencies or _same_text(
                group["name"], cluster["dbSubnetGroupName"]
            )
            if belongs and subnets is not None and subnets < minimum_subnets:
                yield group.finding("subnetIds", f"at least {minimum_subnets:g} subnets")


@resource_check("rds-cluster-port-explicit")
def sets_its_port(cluster: Resource) -> Findings:
    """The port is explicit."""
    port = cluster["port"]
    if not is_set(port) or number(port) == MYSQL_PORT:
        yield cluster.finding("port", f"set, and not {MYSQL_PORT}")


@resource_check("rds-cluster-non-default-port")
def avoids_the_default_port(cluster: Resource) -> Findings:
    """The port is not the one that scanners try first."""
    port = cluster["port"]
    is_default = not is_set(port) or number(port) == DEFAULT_PORT
    if is_default and not cluster.parameters.flag("allowDefaultPort"):
        yield cluster.finding("port", f"set, and not {DEFAULT_PORT}")


@resource_check("rds-cluster-custom-admin")
def names_its_master_user(cluster: Resource) -> Findings:
    """The master user does not have a name that attackers try first."""
    for path in INHERITS_CREDENTIALS:
        if is_set(cluster[path]):
            not_applicable(f"{path} is set: the cluster inherits its master user")
    name = cluster["masterUsername"]
    if not is_set(name):
        yield cluster.finding("masterUsername", "set")
    elif not is_none_of(name, COMMON_ADMINS):
        yield cluster.finding(
            "masterUsername", f"none of {', '.join(COMMON_ADMINS)}", "one of the common names"
        )


@stack_check("rds-cluster-no-literal-password")
def has_no_literal_password(stack: Stack) -> Findings:
    """The master password is managed, write-only, generated, or a secret of the configuration."""
    required = "managed, write-only, generated, or a secret of the stack configuration"
    for type_, path in PASSWORDS.items():
        for database in stack.of_type(type_):
            password = database[path]
            if is_set(password):
                if not stack.supplies(database, path):
                    yield database.finding(path, required, "a literal")
                continue
            inherits = any(is_set(database[each]) for each in INHERITS_CREDENTIALS)
            # A write-only value is not kept in the state; its version is.
            write_only = is_set(database[f"{path}Wo"]) or is_set(database[f"{path}WoVersion"])
            if not (inherits or write_only or is_true(database["manageMasterUserPassword"])):
                yield database.finding(path, required)


@resource_check("rds-cluster-engine-version")
def has_a_recent_engine(cluster: Resource) -> Findings:
    """The engine version is at least the minimum."""
    _require_postgresql(cluster)
    version, minimum = cluster["engineVersion"], cluster.parameters.text("minimumVersion")
    if version is UNKNOWN or _version(version) >= _version(minimum):
        return
    # Absent means AWS's default version, and a major version alone its default minor version.
    if version in (None, minimum.partition(".")[0]):
        return
    found = describe(version, _VERSION)
    yield cluster.finding("engineVersion", f"{minimum} or later", found)


@resource_check("rds-cluster-final-snapshot")
def keeps_a_final_snapshot(cluster: Resource) -> Findings:
    """Deletion keeps a snapshot, and the automated backups where the profile requires them."""
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
            _belongs(instance, cluster) and is_set(cluster["preferredMaintenanceWindow"])
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


@resource_check("rds-cluster-network")
def has_a_network(cluster: Resource) -> Findings:
    """Neither the default subnet group nor the default security group is used."""
    for path in ("dbSubnetGroupName", "vpcSecurityGroupIds"):
        if not is_set(cluster[path]):
            yield cluster.finding(path, "set")


@stack_check("rds-cluster-parameter-group")
def uses_checked_parameter_groups(stack: Stack) -> Findings:
    """Parameter groups are part of the stack, where the controls of their parameters apply."""
    for cluster in stack.of_type(CLUSTER):
        path = "dbClusterParameterGroupName"
        if not is_set(cluster[path]):
            yield cluster.finding(path, "a parameter group of the stack")
        yield from _checked_group(stack, cluster, path, CLUSTER_PARAMETER_GROUP)
        yield from _checked_group(stack, cluster, "dbInstanceParameterGroupName", PARAMETER_GROUP)
    for instance in stack.of_type(CLUSTER_INSTANCE):
        yield from _checked_group(stack, instance, "dbParameterGroupName", PARAMETER_GROUP)


def _checked_group(stack: Stack, resource: Resource, path: str, type_: str) -> Findings:
    name = resource[path]
    if not isinstance(name, str) or not name:
        return
    # AWS's default group of instances leaves every parameter to the group of the cluster.
    if type_ == PARAMETER_GROUP and name.startswith("default."):
        return
    groups = stack.of_type(type_)
    referenced = resource.property_dependencies.get(path, frozenset())
    if (
        name in stack.parameters.words("allowedParameterGroups")
        or any(each.urn in referenced for each in groups)
        or any(each["name"] in (name, UNKNOWN) for each in groups)
    ):
        return
    yield resource.finding(path, "a parameter group of the stack")


def _require_postgresql(cluster: Resource) -> None:
    if not is_one_of(cluster["engine"], {POSTGRESQL}):
        not_applicable(f"the engine is not {POSTGRESQL}")


def _are_in_one_zone(instances: list[Resource]) -> bool:
    zones = [each["availabilityZone"] for each in instances]
    return all(isinstance(zone, str) and zone == zones[0] for zone in zones)


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
