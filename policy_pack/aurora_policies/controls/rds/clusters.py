"""Checks of Aurora clusters, and of the properties that they share with DB instances."""

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
    CLUSTER,
    CLUSTER_INSTANCE,
    CLUSTER_PARAMETER_GROUP,
    PARAMETER_GROUP,
)
from ...reading.resources import Resource
from ...reading.values import (
    UNKNOWN,
    Value,
    contains,
    describe,
    is_absent,
    is_customer_managed_key,
    is_none_of,
    is_not_false,
    is_one_of,
    is_set,
    is_true,
    items,
    number,
)

POSTGRESQL = "aurora-postgresql"
EXPORTABLE_LOGS = ("postgresql", "iam-db-auth-error", "instance")
"""Logs that the RDS API accepts for export from Aurora PostgreSQL."""
COMMON_ADMINS = ("admin", "administrator", "postgres", "rdsadmin", "root")
INHERITS_CREDENTIALS = (
    *("replicationSourceIdentifier", "restoreToPointInTime", "snapshotIdentifier"),
    "replicateSourceDb",
)
GLOBAL_DATABASE = "globalClusterIdentifier"
INHERITS_ENCRYPTION = ("replicateSourceDb", "sourceDbClusterIdentifier")
EXTENDED_SUPPORT_OFF = "open-source-rds-extended-support-disabled"
DEFAULT_PORT = 5432
MYSQL_PORT = 3306
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
    return [each for each in stack.of_type(CLUSTER_INSTANCE) if belongs(each, cluster)]


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
    if path := _source_of_credentials(cluster):
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
            inherits = _source_of_credentials(database) is not None
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


def _source_of_credentials(database: Resource) -> str | None:
    """Return the property that names the database whose master user this one inherits."""
    # Of the clusters of a global database, only the primary one has a master user of its own.
    joins = is_absent(database["masterUsername"])
    paths = (*INHERITS_CREDENTIALS, *((GLOBAL_DATABASE,) if joins else ()))
    return next((path for path in paths if is_set(database[path])), None)


def _require_postgresql(cluster: Resource) -> None:
    if not is_one_of(cluster["engine"], {POSTGRESQL}):
        not_applicable(f"the engine is not {POSTGRESQL}")


def belongs(instance: Resource, cluster: Resource) -> bool:
    """Return whether an instance belongs, or may belong, to a cluster."""
    named, own = instance["clusterIdentifier"], cluster["clusterIdentifier"]
    return (
        cluster.urn in instance.dependencies
        or UNKNOWN in (named, own)
        or (isinstance(named, str) and named == own)
    )


def _version(value: Value) -> tuple[int, ...]:
    if isinstance(value, str) and _VERSION.fullmatch(value):
        return tuple(int(part) for part in value.split("."))
    return ()
